"""Invented submissions and signed-in devices for the province's tests."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID, uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from province import accounts
from province.app import Province
from province.encoding import to_b64
from province.intake import SubmissionIn


def submission(
    seed: int, *contents: bytes, why: str = "试", version: str = "1"
) -> tuple[UUID, UUID, SubmissionIn]:
    """Case, submission and body; the same seed makes the same ones."""
    draw = random.Random(seed)
    case, ident = (UUID(int=draw.getrandbits(128), version=4) for _ in range(2))
    return case, ident, SubmissionIn.model_validate(body(seed, contents, why, version))


def body(
    seed: int, contents: Sequence[bytes] = (), why: str = "试", version: str = "1"
) -> dict[str, object]:
    """The body of a submission as JSON members."""
    xml = f"<data id='x'><name>张三{seed}</name><why>{why}</why></data>".encode()
    return {
        "number": f"530102101-{seed:06d}",
        "service": "old-age",
        "service_version": version,
        "accepted_at": "2026-11-24T02:00:00Z",
        "accepted_by": "李窗口",
        "applicant": {"name": f"张三{seed}", "id_no": "53010219500307001X"},
        "sha256": sha256(xml).hexdigest(),
        "xml": to_b64(xml),
        "attachments": [
            {"name": f"scan-{i}.jpg", "size": len(c), "sha256": sha256(c).hexdigest()}
            for i, c in enumerate(contents)
        ],
    }


class TestDevice:
    """A device with a key of its own, enrolled and signed in over `http`."""

    __test__ = False

    def __init__(self, province: Province, http: httpx.Client, office: str = "qingshan") -> None:
        self.id, self.key, self.http = str(uuid4()), Ed25519PrivateKey.generate(), http
        code = province.database.write(accounts.new_enrol_code, office, now_ms=province.now_ms())
        self.code = code.replace("-", "")
        answer = http.post("/api/v1/devices", json=self.enrolment(self.code))
        assert answer.status_code == 201
        self.sign_in()

    def enrolment(self, code: str) -> dict[str, str]:
        proof = self.key.sign(f"lastmile/1 enrol\n{code}\n{self.id}".encode())
        public = self.key.public_key().public_bytes_raw()
        members = {"code": code, "device": self.id, "name": "window 1"}
        return members | {"public_key": to_b64(public), "proof": to_b64(proof)}

    def sign_in(self) -> httpx.Response:
        asked = self.http.post("/api/v1/challenges", json={"device": self.id}).json()
        signature = self.key.sign(f"lastmile/1 token\n{asked['challenge']}".encode())
        members = {"challenge": asked["challenge"], "signature": to_b64(signature)}
        answer = self.http.post("/api/v1/tokens", json={"device": self.id} | members)
        self.headers = {"Authorization": f"Bearer {answer.json().get('token', '')}"}
        return answer

    def call(self, method: str, path: str, **options: object) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}  # type: ignore[dict-item]
        return self.http.request(
            method,
            f"/api/v1{path}",
            headers=headers,
            **options,  # type: ignore[arg-type]
        )
