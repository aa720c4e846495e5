"""The day by which a case is promised, counted anew when the calendar has changed."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from casework.errors import NotYetPublished, UnknownService
from casework.office import Office
from casework.rights import needs
from casework.workdays import LIST
from forms.service import ServicePackage
from store import deadlines, settings

_COUNTED_WITH = "deadlines_counted_with"


@needs("anybody")
@needs("anybody")
def due_on(office: Office, package: ServicePackage, accepted: date) -> date | None:
    """Last day of the promised limit, else of the statutory one.

    None where the service has no limit, or the way leads into a year of which nothing is known.
    """
    days = package.limits.promised or package.limits.statutory
    if not days:
        return None
    try:
        return office.resources.calendar.add(accepted, days)
    except NotYetPublished:
        return None


@needs("anybody")
def recount(office: Office) -> None:
    """Count the deadlines of open cases anew if the calendar is not the one they were counted with.

    A second for some thousand cases, and nothing at all while the calendar is the same.
    """
    with_this = sha256(office.catalogue.lists[LIST]).digest()
    if office.store.read(settings.get, _COUNTED_WITH) == with_this:
        return
    changed = {}
    for case in office.store.read(deadlines.open_cases):
        try:
            package = office.catalogue.get(case.service_id, case.service_version)
        except UnknownService:
            continue
        day = due_on(office, package, office.day_of(case.accepted_at))
        if day != case.due_on:
            changed[case.id] = day
    office.store.writer.submit(deadlines.put, changed, _COUNTED_WITH, with_this).result()
