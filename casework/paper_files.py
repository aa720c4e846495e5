"""Documents as files that leave the office: a signed PDF, or OFD."""

from __future__ import annotations

import base64
import json

from casework import documents
from casework.office import Office
from casework.rights import needs
from printing import ofd
from printing.render import pages_of
from printing.sign import Signer, SigningKey, make_key
from store import audit, settings

_KEY = "paper.signing_key"


@needs("print")
def signed_pdf(office: Office, document_id: str) -> bytes:
    """A document as PDF/A with the office's signature; errors as for `documents.pdf`.

    That it left is recorded. The key is made when first needed and stays in the encrypted store.
    """
    signed = Signer(_key(office)).sign(documents.pdf(office, document_id), office.now())
    _note(office, document_id, "pdf")
    return signed


@needs("print")
def as_ofd(office: Office, document_id: str) -> bytes:
    """A document as OFD (experimental); errors as for `documents.pdf`."""
    template, fields = documents.filled(office, document_id)
    fonts = office.resources.fonts
    pages = pages_of(template, fields, copy=None, fonts=fonts)
    written = ofd.write_ofd(template, pages, fonts)
    _note(office, document_id, "ofd")
    return written


@needs("anybody")
def signing_certificate(office: Office) -> bytes:
    """The certificate (DER) by which others check this office's signed PDFs."""
    return _key(office).certificates[0]


def _note(office: Office, document_id: str, kind: str) -> None:
    me = office.store.operator.login
    office.store.writer.submit(
        audit.record, me, "document_exported", document_id, {"as": kind}, now=office.now()
    ).result()


def _key(office: Office) -> SigningKey:
    kept = office.store.read(settings.get, _KEY)
    if kept is None:
        made = make_key(office.name or "Lastmile", office.now())
        parts = [made.key, *made.certificates]
        said = json.dumps([base64.b64encode(part).decode() for part in parts])
        office.store.writer.submit(settings.put, _KEY, said.encode()).result()
        return made
    key, *certificates = (base64.b64decode(part) for part in json.loads(kept))
    return SigningKey(key, tuple(certificates))
