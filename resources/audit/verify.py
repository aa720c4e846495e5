"""Verifies an exported record: python verify.py record.jsonl [province's public key, hex].

Needs Python 3.8 and nothing else. Exit code 0: whole. Any other: not proven.
Each row's hash is SHA-256 over the JSON array [hash before, number, milliseconds since 1970 UTC,
operator, action, subject, detail]. Checkpoints carry 8 bytes of the hash of each row, are signed
by the device and receipted by the province (Ed25519, RFC 8032). Without a key on the command line
the province's keys are those that the file names: compare them with the province's own notice.
"""

import base64
import hashlib
import json
import sys

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return (x * y % P, z * t % P, y * z % P, x * t % P)


def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        total, point, n = (add(total, point) if n & 1 else total), add(point, point), n >> 1
    return total


def point(data):
    y, sign = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (not x and sign):
        raise ValueError("no such point")
    x = P - x if x % 2 != sign else x
    return (x, y, 1, x * y % P)


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key, signature, data):
    """Whether a signature of 64 bytes is by the key and over the data."""
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + data).digest(), "little") % Q
    left, right = times(s, BASE), add(point(signature[:32]), times(k, point(key)))
    same = (left[i] * right[2] % P == right[i] * left[2] % P for i in (0, 1))
    return len(signature) == 64 and s < Q and all(same)


def check(head, rows, checkpoints, keys):
    """Yields (row, what is wrong with it)."""
    prev = "00" * 32
    for at, line in enumerate(rows, 1):
        text = json.dumps(line["row"], ensure_ascii=False, separators=(",", ":")).encode()
        if line["row"][1] != at:
            yield at, "missing or moved"
        elif line["row"][0] != prev or hashlib.sha256(text).hexdigest() != line["hash"]:
            yield at, "altered"
        prev = line["hash"]
    if len(rows) != head["rows"]:
        yield len(rows) + 1, "missing"
    for each in checkpoints:
        body, signature = (base64.b64decode(each[name]) for name in ("checkpoint", "signature"))
        data, proof = (base64.b64decode(each["receipt"][n]) for n in ("receipt", "signature"))
        said, device = json.loads(body), bytes.fromhex(head["device_key"])
        province = bytes.fromhex(keys.get(each["receipt"]["kid"], "00" * 32))
        if not signed(device, signature, b"lastmile/1 checkpoint\n" + body):
            yield said["first"], "in a checkpoint that the device did not sign"
        witnessed = json.loads(data)["sha256"] == hashlib.sha256(body).hexdigest()
        if not witnessed or not signed(province, proof, b"lastmile/1 checkpoint-receipt\n" + data):
            yield said["first"], "in a checkpoint that the province did not witness"
        links = base64.b64decode(said["links"]).hex()
        for at in range(said["first"], said["last"] + 1):
            link = links[(at - said["first"]) * 16 :][:16]
            if at > len(rows) or rows[at - 1]["hash"][:16] != link:
                yield at, "not as the province witnessed it"


def main(path, *given):
    """Say whether the record in the file is whole; returns the exit code."""
    with open(path, encoding="utf-8") as file:
        head, *lines = [json.loads(line) for line in file]
    named = {hashlib.sha256(bytes.fromhex(k)).hexdigest()[:16]: k for k in given}
    rows, checkpoints = ([x for x in lines if kind in x] for kind in ("row", "checkpoint"))
    bad = min(check(head, rows, checkpoints, named or head["province_keys"]), default=None)
    print(f"{len(rows)} rows, {len(checkpoints)} checkpoints:", end=" ")
    print(f"first bad row: {bad[0]}, {bad[1]}" if bad else "whole")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
