"""Documents as files that leave the office: a signed PDF, or OFD."""

from __future__ import annotations

import base64
import json

from casework import documents
from casework.office import Office
from casework.rights import needs
from printing import ofd
from printing.sign import Signer, SigningKey, is_signed, make_key
from store import certificates, settings

_KEY = "paper.signing_key"


@needs("print")
def signed_pdf(office: Office, document_id: str, reason: str = "") -> bytes:
    """The next copy of a document as PDF/A, signed; errors as for `documents.count_and_render`.

    Who may place the seal signs with the seal's key. Otherwise the office's own key signs, which
    says where the file comes from and no more; it is made when first needed.
    """
    made = documents.count_and_render(office, document_id, reason, way="file")
    signed = made if is_signed(made) else Signer(_key(office)).sign(made, office.now())
    documents.note_outcome(office, document_id, printed=True)
    return signed


@needs("print")
def as_ofd(office: Office, document_id: str, reason: str = "") -> bytes:
    """The next copy of a document as OFD (experimental); errors as for `signed_pdf`."""
    documents.count_and_render(office, document_id, reason, way="file")
    copy = office.store.read(certificates.newest_copy, document_id)
    template, pages = documents.laid_out(office, document_id, copy=copy)
    written = ofd.write_ofd(template, pages, office.resources.fonts)
    documents.note_outcome(office, document_id, printed=True)
    return written


@needs("anybody")
def signing_certificate(office: Office) -> bytes:
    """The certificate (DER) by which others check this office's signed PDFs."""
    return _key(office).certificates[0]


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
