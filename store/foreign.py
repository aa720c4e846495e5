"""A draft of another server's form becomes a case: sealed where its author wants it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from store import attachments, cases, numbering, remote_forms
from store.views import FileView


@dataclass(frozen=True)
class Sealed:
    """What takes the place of the answers and their files."""

    xml: bytes
    files: tuple[FileView, ...]


@dataclass(frozen=True)
class Aftermath:
    """What becomes of a finalised form besides its case, in the same transaction.

    Attributes:
        seal: Makes what is kept in place of the answers; None where they stay as they are.
        lists: Owner and name of each entity list that changes, and how.
        last: Owner under which the answers are kept for the form's next draft; "" for nowhere.
    """

    seal: Callable[[], Sealed] | None = None
    lists: Mapping[tuple[str, str], Callable[[bytes | None], bytes]] = field(default_factory=dict)
    last: str = ""


def accept(session: Session, a: cases.Acceptance, after: Aftermath, now: datetime) -> UUID:
    """Finalise with a number of this computer's own: leased ones belong to the province.

    Raises:
        DraftGone, DraftOfAnother: As `cases.finalise`.
    """
    if after.seal is not None:
        sealed = after.seal()
        for file in sealed.files:
            attachments.add(session, a.submission_id, file, now)
        session.flush()
        names = frozenset(file.name for file in sealed.files)
        a = replace(a, xml=sealed.xml, files=names)
    elif after.last:
        remote_forms.put_files(session, after.last, {remote_forms.FORM: a.xml})
    number = numbering.own_number(session, a.case_id, now.date())
    case = cases.finalise(session, replace(a, number=number, words=f"{a.words} {number}"), now)
    for (owner, name), change in after.lists.items():
        remote_forms.change_file(session, owner, name, change)
    return case
