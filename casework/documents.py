"""What the office prints of a case: receipt, notices to the applicant, certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from casework import licences, onething, outcomes, receipts, relay, seals, trust
from casework.errors import UnknownDocument, UnprovenCertificate
from casework.office import Office
from casework.onething import Standing
from casework.receipts import Fields, about, day_in_words, given, material_line
from casework.rights import needs
from forms.service import ServicePackage
from printing import seal
from printing.errors import Miss, PrintingError
from printing.fonts import Fonts
from printing.layout import Mark
from printing.render import PREVIEW_WORDS, VOID_WORDS, CopyMark, pages_of, render
from printing.template import Template
from store import cases, certificates, late
from store.views import CaseFile, CaseRow, CertificateView, CopyView

NOTICES = {"supplement_requested": "supplement-notice", "decided_refused": "refusal"}
SLIP = "onething-result"
RESULTS = ("certificate", "refusal")  # kinds of papers that a decision brings


@dataclass(frozen=True)
class Paper:
    """A document of a case.

    Attributes:
        id: `receipt:<case>`, `certificate:<number>`, or `<template>:<case>/<event>` for a notice.
        template: That draws it.
        copies: Counted and not known to have failed.
        last: The copy counted last, or None.
        voided_at: When it became void, or None, and `void_reason` why.
        replaced_by: Number of the certificate in its place, and `replaces` the other way round.
        ours: Whether this office issued it.
    """

    id: str
    kind: str
    title: str
    number: str
    template: str
    copies: int
    last: CopyView | None = None
    voided_at: datetime | None = None
    void_reason: str = ""
    replaced_by: str = ""
    replaces: str = ""
    ours: bool = False


@needs("read_cases")
def of_case(office: Office, case_id: UUID) -> tuple[Paper, ...]:
    """The documents of a case: notices, valid certificates, receipt, then void certificates."""
    file = office.store.read(cases.get_case, case_id)
    together = onething.together(office, case_id)
    first = together.view.cases[0] if together else file.row  # one receipt for all of them
    title = "“一件事”受理通知书" if together else "受理通知书"
    template = "onething-receipt" if together else "receipt"
    receipt = _paper(office, f"receipt:{first.id}", "receipt", title, first.number, template)
    slip = _slip(office, together) if together else ()
    papers = (*_of_part(office, file.row), *slip, receipt)
    return tuple(sorted(papers, key=lambda paper: paper.voided_at is not None))


def _of_part(office: Office, row: CaseRow) -> Iterator[Paper]:
    """Notices and certificates of one case."""
    package = office.catalogue.get(row.service_id, row.service_version)
    yield from _notices(office, row, package)
    found = office.store.read(certificates.of_case, row.id)
    replaced = {each.replaces: each.number for each in found if each.replaces}
    for each in found:
        yield Paper(
            f"certificate:{each.number}",
            "certificate",
            package.certificate.title.zh if package.certificate else each.template,
            each.number,
            each.template,
            each.printed,
            office.store.read(certificates.last_copy, f"certificate:{each.number}"),
            each.voided_at,
            each.void_reason,
            replaced.get(each.number, ""),
            each.replaces,
            seal.is_delegated(each.credential),
        )


def _slip(office: Office, together: Standing) -> tuple[Paper, ...]:
    if not outcomes.all_ended(office, together):
        return ()
    first, title = together.view.cases[0], office.resources.template(SLIP).titles["zh"]
    return (_paper(office, f"{SLIP}:{first.id}", SLIP, title, first.number, SLIP),)


def _paper(
    office: Office, document: str, kind: str, title: str, number: str, template: str
) -> Paper:
    copies = office.store.read(certificates.copies, document)
    last = office.store.read(certificates.last_copy, document)
    return Paper(document, kind, title, number, template, copies, last)


@needs("print")
def to_print(office: Office) -> tuple[Paper, ...]:
    """Valid certificates that no printer has delivered yet, oldest first."""
    return tuple(
        Paper(
            f"certificate:{each.number}",
            "certificate",
            office.resources.template(each.template).titles.get("zh", each.template),
            each.number,
            each.template,
            each.copies,
            each.last,
        )
        for each in office.store.read(certificates.to_print)
    )


@needs("read_cases")
def results(office: Office, case_id: UUID) -> tuple[tuple[CaseRow, Paper], ...]:
    """What is handed over of one thing, each with its case: all that its parts offer singly.

    Valid certificates and notices of refusal in the order of the parts, then the closing slip.
    Of a part whose decision came too late there is nothing before that is closed.
    """
    together = onething.together(office, case_id)
    if together is None:
        return ()
    found, settled = [], outcomes.settled(office, together)
    for row in together.view.cases:
        if row.id in settled:
            found += [
                (row, paper)
                for paper in _of_part(office, row)
                if paper.kind in RESULTS and paper.voided_at is None
            ]
    slip = _slip(office, together)
    return (*found, *((together.view.cases[0], paper) for paper in slip))


@needs("read_cases")
def pdf(office: Office, document_id: str, *, copy: int = 0) -> bytes:
    """Render a document; slow, call it on a worker.

    Args:
        office: The office.
        document_id: As in `Paper.id`.
        copy: Position of the copy that goes to paper; 0 for looking only: then a certificate
            says that it is a preview, and has neither seal nor code.

    Raises:
        UnknownDocument: No such document here.
        UnprovenCertificate: Its credential does not hold.
        printing.errors.PrintingError: Such as a character that no font has.
    """
    template, known = filled(office, document_id)
    return render(template, known, **_manner(office, document_id, copy))


@needs("read_cases")
def laid_out(
    office: Office, document_id: str, *, copy: int = 0
) -> tuple[Template, tuple[tuple[Mark, ...], ...]]:
    """The template and the marks of each page, for other kinds of file; as for `pdf`."""
    template, known = filled(office, document_id)
    return template, pages_of(template, known, **_manner(office, document_id, copy))


class _Manner(TypedDict):
    copy: CopyMark | None
    fonts: Fonts
    pictures: Mapping[str, bytes] | None
    across: str
    on_paper: bool


def _manner(office: Office, document_id: str, copy: int) -> _Manner:
    void = _voided(office, document_id)
    looking = document_id.startswith("certificate:") and not copy
    return {
        "copy": CopyMark(copy - 1) if copy > 1 else None,
        "fonts": office.resources.fonts,
        "pictures": seals.pictures(office) if copy and not void else None,
        "across": VOID_WORDS if void else PREVIEW_WORDS if looking else "",
        "on_paper": copy > 0,
    }


def _voided(office: Office, document_id: str) -> bool:
    kind, _, number = document_id.partition(":")
    if kind != "certificate":
        return False
    if office.store.read(late.is_late, number):
        return True  # it will be void, and never was valid
    return office.store.read(certificates.get, number).voided_at is not None


@needs("read_cases")
def filled(office: Office, document_id: str) -> tuple[Template, Fields]:
    """The template of a document and what is filled into it; errors as for `pdf`."""
    kind, _, key = document_id.partition(":")
    if kind == "receipt":
        template, fields = receipts.receipt(office, UUID(key))
    elif kind == "certificate":
        certificate = office.store.read(certificates.get, key)
        _prove(office, certificate)
        template, fields = certificate.template, _certificate(office, certificate)
    elif kind in NOTICES.values():
        template, fields = kind, _notice(office, key)
    elif kind == SLIP:
        template, fields = kind, outcomes.slip(office, UUID(key))
    elif kind == "relay-slip":
        template, fields = kind, relay.slip(office, UUID(key))
    else:
        raise UnknownDocument
    loaded = office.resources.template(template)
    return loaded, {n: value for n, value in fields.items() if n in loaded.fields and value}


@needs("anybody")
def unprintable(office: Office, text: str) -> tuple[Miss, ...]:
    """Characters of `text` that no font of the paper has, each once; asked while it is typed."""
    return tuple(Miss("", each) for each in office.resources.fonts.missing(text, "song"))


@needs("print")
def count_and_render(
    office: Office, document_id: str, reason: str, *, way: certificates.Way = "paper"
) -> bytes:
    """Render the next copy and count it, so that nothing prints that was not counted.

    Rendering comes first: a page that cannot be made is not counted. A certificate saved as a file
    is a copy like any other.

    Raises:
        NotAllowed: The role does not print.
        store.errors.CopyUnderway: Nobody knows yet what became of the last copy.
    """
    me = office.store.operator
    expected = office.store.read(certificates.copies, document_id) + 1
    made = pdf(office, document_id, copy=expected)
    counted = office.store.writer.submit(
        certificates.count_copy,
        document_id,
        operator=me.id,
        login=me.login,
        reason=reason,
        way=way,
        now=office.now(),
    ).result()
    made = made if counted == expected else pdf(office, document_id, copy=counted)
    sealed = way == "file" and bool(seals.pictures(office))
    return seals.sign(office, made) if sealed and not _voided(office, document_id) else made


@needs("print")
def note_job(office: Office, document_id: str, job: str) -> None:
    """How the print system calls the copy counted last; it can be asked after a restart."""
    n = office.store.read(certificates.newest_copy, document_id)
    office.store.writer.submit(certificates.note_job, document_id, n, job).result()


@needs("read_cases")
def open_copies(office: Office) -> tuple[CopyView, ...]:
    """Copies of which nobody knows yet what became of them."""
    return office.store.read(certificates.open_copies)


@needs("print")
def note_outcome(office: Office, document_id: str, *, printed: bool, trouble: str = "") -> None:
    """What became of the copy counted last; `trouble` is the code of what kept it from paper."""
    n = office.store.read(certificates.newest_copy, document_id)
    if n:
        office.store.writer.submit(
            certificates.note_outcome,
            document_id,
            n,
            "printed" if printed else "failed",
            login=office.store.operator.login,
            now=office.now(),
            trouble=trouble,
        ).result()


@needs("anybody")
def verify(office: Office, text: str) -> tuple[tuple[str, str], ...]:
    """What a scanned credential certifies, as (key, value); checked without a network.

    Raises:
        printing.errors.PrintingError: Forged, altered, expired, or of an unknown issuer.
    """
    found = trust.check(office, text)
    return (
        ("number", found.number),
        ("holder", found.holder_name),
        ("id_ends", found.id_last4),
        ("issuer", found.issuer),
        ("issued_on", str(found.issued_on)),
        ("valid_until", str(found.valid_until or "")),
        ("division", found.delegation.division if found.delegation else ""),
    )


@needs("anybody")
def verify_file(office: Office, data: bytes) -> tuple[tuple[str, str], ...]:
    """As `verify`, for a picture or a PDF that shows the code; slow, call it on a worker.

    Raises:
        printing.errors.PrintingError: Also when no code is found, or the file cannot be read.
    """
    from printing.scan import find_code  # noqa: PLC0415 - decoders load when first needed

    return verify(office, find_code(data))


def _prove(office: Office, certificate: CertificateView) -> None:
    try:
        keys = trust.held(office.store).keys
        credential = seal.verify(
            certificate.credential, {kid: key.public for kid, key in keys.items()}
        )
        seal.check_fields(credential, dict(certificate.fields))
    except PrintingError:
        raise UnprovenCertificate(number=certificate.number) from None
    if credential.number != certificate.number:
        raise UnprovenCertificate(number=certificate.number)


def _notices(office: Office, row: CaseRow, package: ServicePackage) -> Iterator[Paper]:
    """What the applicant is told in writing, the newest first.

    The office gives notice of a refusal only where it decides itself.
    """
    ours = package.decision.lies_with(office.division)
    for event in reversed(office.store.read(cases.events_of, row.id)):
        template = NOTICES.get(event.kind)
        if template is None or (event.kind == "decided_refused" and not ours):
            continue
        document = f"{template}:{row.id}/{event.id}"
        title = office.resources.template(template).titles["zh"]
        yield _paper(office, document, template, title, row.number, template)


def _notice(office: Office, key: str) -> Fields:
    case, _, event_id = key.partition("/")
    file = office.store.read(cases.get_case, UUID(case))
    package = office.catalogue.get(file.row.service_id, file.row.service_version)
    told = office.store.read(cases.events_of, file.row.id)
    event = next((each for each in told if str(each.id) == event_id), None)
    if event is None:
        raise UnknownDocument
    day = day_in_words(event.at.astimezone(office.now().tzinfo))
    return {
        **about(office, file, package),
        "reason": _sentence(str(event.data.get("reason", ""))),
        "legal_basis": "、".join(each.name.zh for each in package.basis),
        "materials": _states(office, file, package),
        "accepted_on": day,
        "issued_on": day,
    }


def _states(office: Office, file: CaseFile, package: ServicePackage) -> Sequence[Mapping[str, str]]:
    there = given(office, file)
    licensed = licences.used(office, file.submission_id)
    rows = []
    for each in package.materials:
        here = not each.question or each.question in there
        if here or not each.when:
            state = "免交（电子证照）" if each.id in licensed else "已收" if here else "未收"
            rows.append({**material_line(each), "state": state})
    return rows


def _sentence(text: str) -> str:
    return text if not text or text[-1] in "。！？；" else f"{text}。"


def _certificate(office: Office, certificate: CertificateView) -> Fields:
    texts = {name: str(value) for name, value in certificate.fields.items()}
    row = office.store.read(cases.get_case, certificate.case_id).row
    said = office.catalogue.get(row.service_id, row.service_version).certificate
    return {
        **texts,
        "certificate_title": said.title.zh if said else "",
        "certificate_number": certificate.number,
        "credential": certificate.credential,
        "issued_on": _written(certificate.issued_on),
        "valid_until": _written(certificate.valid_until),
        "holder_birth": _written(texts.get("holder_birth", "")),
        "office_name": texts.get("issuer", "") or office.name,
    }


def _written(day: str) -> str:
    return day_in_words(date.fromisoformat(day)) if day else ""
