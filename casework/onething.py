"""One thing (一件事): several services applied for on one form, with one set of papers.

Until it is accepted there is one draft. Then each service has a case of its own, which goes to its
department, is supplemented, decided and printed by itself; the bundle says which belong together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from uuid import UUID

from casework import filling
from casework.errors import Incomplete, UnseemlyName, WrongState
from casework.filling import Filling
from casework.office import Office
from casework.rights import needs
from casework.unseen import has_unseen
from forms.bundle import Bundle
from forms.bundle_package import material_of
from forms.bundle_session import BundleSession, BundleSubmission
from forms.service import ServicePackage
from forms.views import Submission
from store import attachments, bundles, drafts, licence_uses
from store.bundles import BundleView, NewPart
from store.licence_uses import LicenceUse
from store.standing import ENDED
from store.views import FileView, Together


@dataclass(frozen=True)
class Standing:
    """A bundle as it stands.

    Attributes:
        package: Of the bundle.
        view: Its cases.
        open: How many of them are not decided yet, those that are not here included.
    """

    package: ServicePackage
    view: BundleView
    open: int


@needs("accept")
def accept(office: Office, made: Filling) -> Future[UUID]:
    """Turn the draft of a bundle into its cases; the Future holds the first one's id.

    Raises:
        NotAllowed, Incomplete, UnseemlyName, ConsentNeeded: As `filling.accept`.
        WrongState: It is no bundle.
    """
    bundle, session = made.package.bundle, made.session
    if bundle is None or not isinstance(session, BundleSession):
        raise WrongState
    done = session.finalise(office.now())
    if not isinstance(done, BundleSubmission):
        raise Incomplete(len(done))
    if any(has_unseen(each.xml.decode("utf-8", "replace")) for each in done.parts.values()):
        raise UnseemlyName
    filling.demand_consents(office, made.id, done.attachments)
    files = office.store.read(attachments.of_owner, made.id)
    uses = office.store.read(licence_uses.of, made.id)
    packages = {each.id: each for each in office.catalogue.parts(made.package)}
    parts = []
    for service, submission in done.parts.items():
        package = packages[service]
        mine = Filling(office.new_id(), package, session.part(service), made.language)
        parts.append(
            NewPart(
                draft=_draft(office, mine, submission),
                files=_files(office, bundle, service, submission, files),
                uses=_uses(bundle, packages, service, submission, uses),
                acceptance=filling.acceptance(office, mine, submission),
            )
        )
    ids = tuple(part.acceptance.case_id for part in parts)
    new = Together(office.new_id(), made.package.id, made.package.version, ids)
    return office.store.writer.submit(
        bundles.accept, made.id, new, parts, office.division, office.now()
    )


@needs("read_cases")
def together(office: Office, case_id: UUID) -> Standing | None:
    """What a case was applied for together with; None where it stands by itself."""
    view = office.store.read(bundles.of_case, case_id)
    if view is None:
        return None
    package = office.catalogue.get(view.service_id, view.service_version)
    ended = sum(row.status in ENDED for row in view.cases)
    return Standing(package, view, view.expected - ended)


@needs("read_cases")
def parts_among(office: Office, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these cases that were applied for together with others."""
    return office.store.read(bundles.parts_among, case_ids)


def _draft(office: Office, mine: Filling, submission: Submission) -> drafts.NewDraft:
    return drafts.NewDraft(
        id=mine.id,
        service_id=mine.package.id,
        service_version=mine.package.version,
        language=mine.language,
        owner=office.store.operator.id,
        xml=submission.xml,
    )


def _files(
    office: Office,
    bundle: Bundle,
    service: str,
    submission: Submission,
    files: Iterable[FileView],
) -> list[FileView]:
    """The files that a part's answers name, below the questions of its own form."""
    made = []
    for file in files:
        if file.name in submission.attachments:
            members = dict(bundle.askers(file.ref))
            own = members.get(service, bundle.split(file.ref)[1])
            made.append(replace(file, id=office.new_id(), ref=own))
    return [*made, *(filling.file_of(office, *each) for each in submission.made.items())]


def _uses(
    bundle: Bundle,
    packages: dict[str, ServicePackage],
    service: str,
    submission: Submission,
    uses: Iterable[LicenceUse],
) -> list[LicenceUse]:
    found = []
    for use in uses:
        material = material_of(bundle, packages, use.material, service)
        if material and any(name.startswith(use.copy) for name in submission.attachments):
            found.append(replace(use, material=material))
    return found
