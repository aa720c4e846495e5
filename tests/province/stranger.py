"""A device written from docs/protocol.md alone, with nothing of ours: what a stranger would write.

It keeps each exchange as it was, for the golden files in docs/golden.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import cbor2
import requests
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
Json = dict[str, Any]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Stranger:
    """One device. `exchanges` are all requests and answers so far, the last one last."""

    def __init__(self, url: str, device: str, private_key: bytes) -> None:
        self.base, self.device = url + "/api/v1", device
        self.key = Ed25519PrivateKey.from_private_bytes(private_key)
        self.exchanges: list[Json] = []
        self.pinned: dict[str, Ed25519PublicKey] = {}
        self.relay_key = b""
        self.token = ""

    def ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """One request (section 1)."""
        signed_in = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = {**(headers or {}), **signed_in}
        said = requests.request(
            method, self.base + path, json=body, data=data, headers=sent, timeout=20
        )
        assert said.headers["Lastmile-Protocol"].startswith("1.")
        if "Content-Digest" in said.headers and "Content-Encoding" not in said.headers:
            digest = b64(sha256(said.content).digest())
            assert said.headers["Content-Digest"] == f"sha-256=:{digest}:"
        self.exchanges.append(
            {
                "request": {"method": method, "path": path, "headers": dict(headers or {})}
                | ({"body": body} if body is not None else {})
                | ({"content": b64(data)} if data is not None else {}),
                "answer": {"status": said.status_code, "headers": _told(said)}
                | ({"body": said.json()} if "json" in said.headers.get("Content-Type", "") else {}),
            }
        )
        return said

    def enrol(self, code: str) -> Json:
        """Section 3: bind the key, pin the province's."""
        plain = code.replace(" ", "").replace("-", "").upper()
        proof = self.key.sign(f"lastmile/1 enrol\n{plain}\n{self.device}".encode())
        public = self.key.public_key().public_bytes_raw()
        body = {"code": plain, "device": self.device, "public_key": b64(public)}
        said = self.ask("POST", "/devices", {**body, "name": "window 1", "proof": b64(proof)})
        assert said.status_code in (200, 201)
        got: Json = said.json()
        for each in got["province"]["keys"]:
            raw = base64.b64decode(each["public_key"])
            assert sha256(raw).digest()[:8].hex() == each["kid"]
            self.pinned[each["kid"]] = Ed25519PublicKey.from_public_bytes(raw)
        relay = got["province"]["relay"]
        self.relay_key = base64.b64decode(relay["public_key"])
        self.pinned[relay["signed_by"]].verify(
            base64.b64decode(relay["signature"]), b"lastmile/1 relay-key\n" + self.relay_key
        )
        return got

    def sign_in(self) -> None:
        """Section 4."""
        self.token = ""
        challenge = self.ask("POST", "/challenges", {"device": self.device}).json()["challenge"]
        signature = self.key.sign(b"lastmile/1 token\n" + challenge.encode())
        body = {"device": self.device, "challenge": challenge, "signature": b64(signature)}
        said = self.ask("POST", "/tokens", body)
        assert said.status_code == 201
        self.token = said.json()["token"]

    def submit(self, case: str, submission: str, body: Json, files: Sequence[bytes] = ()) -> Json:
        """Sections 5 and 6: send, bring up what is missing, send again; the receipt's content."""
        path = f"/cases/{case}/submissions/{submission}"
        said = self.ask("PUT", path, body)
        if said.status_code == 202:
            by_digest = {sha256(each).hexdigest(): each for each in files}
            for digest in said.json()["missing"]:
                self.upload(by_digest[digest])
            said = self.ask("PUT", path, body)
        assert said.status_code in (200, 201), said.text
        receipt = self.believe(said.json())
        assert (receipt["case"], receipt["submission"]) == (case, submission)
        assert receipt["sha256"] == body["sha256"]
        return receipt

    def upload(self, content: bytes, chunk: int = 64 * 1024) -> None:
        """Section 6."""
        path = f"/uploads/{sha256(content).hexdigest()}"
        tus = {"Tus-Resumable": "1.0.0"}
        said = self.ask("PUT", path, headers={**tus, "Upload-Length": str(len(content))})
        while (offset := int(said.headers["Upload-Offset"])) < len(content):
            part = content[offset : offset + chunk]
            headers = {
                **tus,
                "Upload-Offset": str(offset),
                "Upload-Checksum": "sha256 " + b64(sha256(part).digest()),
                "Content-Type": "application/offset+octet-stream",
            }
            said = self.ask("PATCH", path, data=part, headers=headers)
            assert said.status_code == 204

    def believe(self, signed: Json, purpose: bytes = b"lastmile/1 receipt\n") -> Json:
        """What a signed receipt says."""
        data = base64.b64decode(signed["receipt"])
        self.pinned[signed["kid"]].verify(base64.b64decode(signed["signature"]), purpose + data)
        content: Json = json.loads(data)
        assert canonical(content) == data
        return content

    def believe_offer(self, signed: Json) -> Json:
        """Section 16: what the province says of a catalogue."""
        data = base64.b64decode(signed["offer"])
        signature = base64.b64decode(signed["signature"])
        self.pinned[signed["signed_by"]].verify(signature, b"lastmile/1 offer\n" + data)
        content: Json = json.loads(data)
        assert canonical(content) == data
        return content

    def write_bundle(self, bundle: str, content: Json, made_at: str) -> bytes:
        """Section 12: a request in one part."""
        header = {
            "v": 1,
            "bundle": bundle,
            "device": self.device,
            "kid": sha256(self.relay_key).digest()[:8].hex(),
            "part": 1,
            "parts": 1,
            "made_at": made_at,
        }
        head = canonical(header)
        plain = zlib.compress(cbor2.dumps(content))
        to = X25519PublicKey.from_public_bytes(self.relay_key)
        sealed = SUITE.encrypt(plain, to, b"lastmile/1 relay\n" + head)
        data = b"LMRELAY1" + len(head).to_bytes(4, "big") + head + sealed
        return data + self.key.sign(b"lastmile/1 relay\n" + sha256(data).digest())

    def open_answer(self, data: bytes, reply_key: bytes) -> Json:
        """Section 12: what the province answered."""
        assert data[:8] == b"LMREPLY1"
        end = 12 + int.from_bytes(data[8:12], "big")
        head, sealed, signature = data[12:end], data[end:-64], data[-64:]
        signer = self.pinned[json.loads(head)["kid"]]
        signer.verify(signature, b"lastmile/1 relay\n" + sha256(data[:-64]).digest())
        private = X25519PrivateKey.from_private_bytes(reply_key)
        content: Json = cbor2.loads(
            zlib.decompress(SUITE.decrypt(sealed, private, b"lastmile/1 relay\n" + head))
        )
        return content


def _told(said: requests.Response) -> Json:
    wanted = ("Content-Type", "Upload-Offset", "Upload-Length", "Tus-Resumable", "Retry-After")
    return {name: said.headers[name] for name in wanted if name in said.headers}
