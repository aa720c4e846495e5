"""What the windows show of forms and cases of other servers."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication

from casework import foreign, rights
from casework.office import Office
from desktop import place
from desktop.desk import OriginFacts
from desktop.sentences import joined
from forms.service import ServicePackage
from store.views import CaseFile, OutboxRow


def origin(package: ServicePackage) -> OriginFacts | None:
    """Project and version of a form of another server; None for a service of the province."""
    if package.origin is None:
        return None
    given = package.origin
    return OriginFacts(given.name, given.host, package.version, given.fetched_at)


def actions(office: Office, file: CaseFile, package: ServicePackage) -> tuple[str, ...]:
    """What may be done with a case of another server."""
    may = package.origin is not None and rights.may(office.store.operator, "fill")
    return ("edit",) if may and foreign.standing(office, file, package).editable else ()


def note(office: Office, file: CaseFile, package: ServicePackage) -> str:
    """Its number and office, or where a case goes that is not the province's; "" otherwise."""
    if package.origin is None:
        return place.note(file)
    where = QCoreApplication.translate("facts", "For the project {project} alone, {host}.")
    said = where.format(project=package.origin.name, host=package.origin.host)
    if not foreign.standing(office, file, package).sealed:
        return said
    sealed = QCoreApplication.translate(
        "facts",
        "The answers are sealed for whoever holds the project's key; nobody can open them here.",
    )
    return joined(said, sealed)


def receipt(row: OutboxRow) -> str:
    """A receipt in short; of another server, what it said. "" before there is one."""
    if not row.acknowledged_at:
        return ""
    if not row.receipt.startswith(b'{"openrosa"'):
        return str(row.submission_id)[-8:].upper()
    last = json.loads(row.receipt)["parts"][-1]
    return f"{last['status']} {last['said']}".strip()


def version_note(office: Office, package: ServicePackage) -> str:
    """What to know of the version that a draft is on; "" where it is the newest."""
    if package.origin is None or office.catalogue.offers(package.id):
        return ""
    newer = office.catalogue.newer(package.id)
    if newer is None:
        return QCoreApplication.translate(
            "facts",
            "The project no longer offers this form. The draft can still be finished and sent.",
        )
    return QCoreApplication.translate(
        "facts",
        "A newer version ({newer}) is on the server. This draft stays on version {version}.",
    ).format(newer=newer.version, version=package.version)
