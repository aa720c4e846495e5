"""Credentials and trust lists as a province makes them, with keys that everybody knows."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from printing import base45
from printing.fonts import Fonts, load_fonts
from printing.render import render
from printing.seal import PREFIX, fields_digest
from printing.template import load_template
from printing.trust import PURPOSE, Trust, write_list

RESOURCES = Path(__file__).parents[2] / "resources"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
KID = hashlib.sha256(PUBLIC).digest()[:8]
NUMBER = "LM2026-530102101-000001"


def credential(
    *,
    number: str = NUMBER,
    name: str = "李𠂇明",
    issued: str = "2026-11-24",
    until: str | None = None,
    fields: Mapping[str, str] | None = None,
    kid: bytes = KID,
    algorithm: int = -8,
    sign: Callable[[bytes], bytes] = KEY.sign,
) -> str:
    """The text of a QR."""
    protected = cbor2.dumps({1: algorithm, 4: kid})
    said = ["玉龙镇人民政府", number, "residence-proof", name, "0028", issued, until]
    payload = cbor2.dumps({1: 1, **dict(enumerate(said, start=2)), 9: fields_digest(fields or {})})
    signature = sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    return PREFIX + base45.encode(cbor2.dumps([protected, {}, payload, signature]))


def signed(trust: Trust, *keys: Ed25519PrivateKey) -> bytes:
    """A trust list as the province sends it."""
    body = write_list(trust)
    signatures = [
        {
            "kid": hashlib.sha256(key.public_key().public_bytes_raw()).digest()[:8].hex(),
            "signature": base64.b64encode(key.sign(PURPOSE + body)).decode(),
        }
        for key in keys
    ]
    return json.dumps({"list": base64.b64encode(body).decode(), "signatures": signatures}).encode()


@cache
def fonts() -> Fonts:
    """The fonts that ship."""
    return load_fonts(RESOURCES / "fonts")


def page_with(code: str) -> bytes:
    """A proof of residence that carries the code."""
    folder = RESOURCES / "templates" / "residence-proof"
    page = load_template(
        (folder / "template.svg").read_bytes(), (folder / "template.json").read_bytes()
    )
    return render(page, {**page.samples(), "credential": code}, copy=None, fonts=fonts())
