"""The office's seal on paper, and the signature that a sealed file carries.

A seal is a picture that templates give a place. It stands only on copies that a role with the right
makes, never on drafts, previews and void papers. A sealed file is signed with the seal's own key,
so that a seal taken from one file into another shows. The key is this office's own: it proves
origin and wholeness, and is no reliable signature under the law of electronic signatures.
"""

from __future__ import annotations

import json
import threading
from functools import lru_cache
from io import BytesIO

from casework import rights
from casework.office import Office
from casework.rights import needs
from printing import images, raster
from printing.fonts import Fonts
from printing.render import render
from printing.sign import Signer, SigningKey, make_key
from printing.template import load_template
from store import audit, settings

AREA = "office"  # `seal:office` in a template
MOST_BYTES = 4 * 1024 * 1024
_SEAL, _KEY = "seal_picture", "seal_key"
_SVG_DPI = 600
_signing = threading.Lock()


@needs("seal_keep")
def keep(office: Office, data: bytes) -> None:
    """Keep a seal in place of any other: PNG with transparency, JPEG, or an SVG in millimetres.

    Raises:
        printing.errors.PrintingError: BadPicture or BadTemplate: it cannot be drawn.
    """
    drawn = _from_svg(data, office.resources.fonts) if b"<svg" in data[:2000] else data
    images.size(drawn)
    put = office.store.writer.submit
    put(settings.put, _SEAL, drawn).result()
    if office.store.read(settings.get, _KEY) is None:
        made = make_key(office.name or "Lastmile", office.now())
        kept = {"key": made.key.hex(), "certificates": [c.hex() for c in made.certificates]}
        put(settings.put, _KEY, json.dumps(kept).encode()).result()
    put(audit.record, office.store.operator.login, "seal_kept", AREA, now=office.now()).result()


@needs("seal_keep")
def drop(office: Office) -> None:
    """Print without a seal from now on."""
    office.store.writer.submit(settings.put, _SEAL, b"").result()
    office.store.writer.submit(
        audit.record, office.store.operator.login, "seal_dropped", AREA, now=office.now()
    ).result()


@needs("anybody")
def pictures(office: Office) -> dict[str, bytes]:
    """The seal by its area, for who may place it; {} for all others and where there is none."""
    if not rights.may(office.store.operator, "seal"):
        return {}
    seal = office.store.read(settings.get, _SEAL)
    return {AREA: seal} if seal else {}


@needs("seal")
def sign(office: Office, pdf: bytes) -> bytes:
    """A sealed file with the seal's signature; as it was where there is no seal."""
    kept = office.store.read(settings.get, _KEY)
    if kept is None:
        return pdf
    with _signing:
        return _signer(kept).sign(pdf, office.now())


@needs("anybody")
def root(office: Office) -> bytes:
    """The certificate (DER) that the signatures of sealed files are checked by; b"" for none."""
    kept = office.store.read(settings.get, _KEY)
    return _key(kept).certificates[-1] if kept else b""


def _key(kept: bytes) -> SigningKey:
    said = json.loads(kept)
    return SigningKey(
        bytes.fromhex(said["key"]), tuple(bytes.fromhex(c) for c in said["certificates"])
    )


@lru_cache(maxsize=1)
def _signer(kept: bytes) -> Signer:
    return Signer(_key(kept))


def _from_svg(data: bytes, fonts: Fonts) -> bytes:
    from PIL import Image, ImageChops  # noqa: PLC0415 - a picture library loads when first needed

    side = json.dumps({"id": "seal", "version": "1", "titles": {"zh": "印章"}, "fields": {}})
    pdf = render(load_template(data, side.encode()), {}, copy=None, fonts=fonts)
    page = next(iter(raster.pages(pdf, _SVG_DPI)))
    drawn = Image.frombytes("RGB", (page.width, page.height), page.bgra, "raw", "BGRX")
    bands = drawn.split()
    darkest = ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2])
    drawn.putalpha(ImageChops.invert(darkest))
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()
