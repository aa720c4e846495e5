"""Licences already held stand in the place of papers, with the citizen's recorded consent.

A licence that is used leaves a marked copy among the attachments of the application: it names its
purpose and the consent, so that the reviewer sees at the paper's own place what replaced it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework import id_numbers, persons
from casework.errors import ConsentNeeded, LicenceUnfit
from casework.filling import Filling
from casework.office import Office
from casework.rights import needs
from forms.errors import UnknownNode
from forms.service import Material, ServicePackage
from printing import raster
from printing.render import render
from store import licence_uses, slices
from store import persons as people
from store.errors import ConsentGone
from store.licence_uses import LicenceUse, copy_name
from store.persons import ConsentView
from store.slices import Licence
from store.views import FileView

TEMPLATE = "licence-copy"
DPI = 150
CHILD = 14  # years; below, a guardian agrees


@dataclass(frozen=True, repr=False)
class Offer:
    """A licence of the applicant that can stand in a material's place. Names somebody."""

    material: Material
    licence: Licence
    used: bool


@dataclass(frozen=True, repr=False)
class Subject:
    """A draft and its applicant as answered, apart from the session of the GUI thread."""

    draft_id: UUID
    package: ServicePackage
    id_no: str
    name: str


def subject_of(filling: Filling) -> Subject:
    """GUI thread."""
    return Subject(filling.id, filling.package, filling.answer("id_no"), filling.answer("name"))


@needs("fill")
def offers(office: Office, filling: Filling) -> tuple[Offer, ...]:
    """What the applicant holds for the materials of this service; () before the ID is known."""
    id_no = filling.answer("id_no")
    held = office.store.read(slices.licences_of, id_no, office.today.isoformat()) if id_no else ()
    by_kind = {each.kind: each for each in reversed(held)}
    return tuple(
        Offer(material, by_kind[material.licence], _answers(filling, material, by_kind))
        for material in filling.package.materials
        if material.question and material.licence in by_kind
    )


@needs("consent")
def agree(office: Office, subject: Subject, licence_id: UUID, guardian: str = "") -> UUID:
    """Record that the citizen, or the guardian of a child, agrees; the consent's id.

    Raises:
        ConsentNeeded: The citizen is under 14, and no guardian is named.
        store.errors.LicenceGone: The licence is not held any more.
    """
    licence = office.store.read(slices.get_licence, licence_id)
    if _is_child(licence.holder_id_no, office.today) and not guardian.strip():
        raise ConsentNeeded
    return persons.take_consent(
        office, licence.holder_id_no, _purpose(subject, licence), guardian=guardian
    )


@needs("fill")
def use(
    office: Office, subject: Subject, material_id: str, licence_id: UUID, consent_id: UUID
) -> str:
    """Put a licence in a paper's place; the name to answer the question with. Slow.

    Raises:
        ConsentNeeded: No consent for exactly this stands.
        LicenceUnfit: Another person's, another kind, or no longer in force.
        store.errors.LicenceGone: The licence is not held any more.
        printing.errors.PrintingError: Such as a character that no font has.
    """
    licence = office.store.read(slices.get_licence, licence_id)
    material = next((m for m in subject.package.materials if m.id == material_id), None)
    today = office.today.isoformat()
    if (
        material is None
        or not material.question
        or licence.kind != material.licence
        or licence.holder_id_no != subject.id_no
        or (licence.valid_until and licence.valid_until < today)
    ):
        raise LicenceUnfit
    consent = _standing(office, consent_id)
    if (consent.subject, consent.purpose) != (licence.holder_id_no, _purpose(subject, licence)):
        raise ConsentNeeded
    content = _marked_copy(office, subject, licence, consent)
    digest = hashlib.sha256(content).digest()
    name = f"{copy_name(licence.id)}-{digest.hex()[:12]}.png"
    blob = office.store.blobs.put(content)
    file = FileView(
        office.new_id(), material.question, name, "image/png", len(content), digest, blob
    )
    made = LicenceUse(
        material.id, licence.id, licence.name, licence.number, consent.id, office.now()
    )
    me = office.store.operator.login
    office.store.writer.submit(licence_uses.put, subject.draft_id, made, file, login=me).result()
    return name


@needs("read_cases")
def used(office: Office, submission_id: UUID) -> dict[str, str]:
    """Names of the licences used in a draft or submission, by material."""
    return {e.material: e.name for e in office.store.read(licence_uses.of, submission_id)}


def _is_child(id_no: str, today: date) -> bool:
    born = id_numbers.birth(id_no)
    if not born:
        return False
    year, month, day = map(int, born.split("-"))
    return today.year - year - ((today.month, today.day) < (month, day)) < CHILD


def _answers(filling: Filling, material: Material, held: Mapping[str, Licence]) -> bool:
    try:
        answer = filling.session.view(filling.place_of(material.question)).answer
    except UnknownNode:
        return False
    return answer.startswith(copy_name(held[material.licence].id))


def _standing(office: Office, consent_id: UUID) -> ConsentView:
    try:
        consent = office.store.read(people.get_consent, consent_id)
    except ConsentGone:
        raise ConsentNeeded from None
    if consent.withdrawn_at is not None:
        raise ConsentNeeded
    return consent


def _purpose(subject: Subject, licence: Licence) -> str:
    return f"使用电子证照：{licence.name}，办理{subject.package.name.zh}"


def _marked_copy(office: Office, subject: Subject, licence: Licence, consent: ConsentView) -> bytes:
    from PIL import Image  # noqa: PLC0415 - an imaging library, at the first licence

    who = f"监护人{consent.guardian}" if consent.guardian else "本人"
    on = consent.given_at.astimezone(office.now().tzinfo).date().isoformat()
    facts = {
        "licence_name": licence.name,
        "holder_name": subject.name or "—",
        "holder_id": licence.holder_id_no,
        "number": licence.number,
        "issuer": licence.issuer or "—",
        "valid": f"{licence.issued_on or '—'} 至 {licence.valid_until or '长期'}",
        "purpose": f"仅限办理{subject.package.name.zh}使用，他用无效",
        "consent": f"{who}已于 {on} 同意使用，{office.name} {consent.taken_by} 登记",
    }
    template = office.resources.template(TEMPLATE)
    pdf = render(template, facts, copy=None, fonts=office.resources.fonts)
    [page] = raster.pages(pdf, DPI)
    size = (page.width, page.height)
    image = Image.frombytes("RGB", size, page.bgra, "raw", "BGRX").convert("L")
    made = io.BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=32).save(made, "PNG", optimize=True)
    return made.getvalue()
