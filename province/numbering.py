"""Final numbers for cases that came with a provisional one (docs/protocol.md section 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from province.database import next_number
from province.feed import add_event, current_epoch
from province.models import Case, Feed, Office, ProvisionalNumber

PROVISIONAL = "L"  # how such a number begins; no leased one does


def mark(session: Session) -> str:
    """What stands before numbers leased or given from now on.

    After a restore counters stand lower than they once did; the epoch keeps numbers apart.
    """
    epoch, first = current_epoch(session)
    return "" if first else f"{epoch[:4].upper()}-"


def scope(division: str, kind: str) -> str:
    """The counter from which blocks and single numbers of a division are taken."""
    return f"block:{division}:{kind}"


def taken(session: Session, offices: Iterable[str], numbers: Iterable[str]) -> set[tuple[str, str]]:
    """Which (office, number) other cases have already: one case has one number."""
    query = select(Case.office_id, Case.number).where(
        Case.office_id.in_(sorted(set(offices))), Case.number.in_(sorted(set(numbers)))
    )
    return {(row[0], row[1]) for row in session.execute(query)}


def give_final(
    session: Session, feeds: Mapping[str, Feed], cases: Sequence[Case], now_ms: int
) -> None:
    """Give complete cases numbers of their divisions' own counters, and tell their offices."""
    if not cases:
        return
    query = select(Office.id, Office.division).where(Office.id.in_({c.office_id for c in cases}))
    divisions = {row.id: row.division for row in session.execute(query)}
    day = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone().date()
    today = f"{mark(session)}{day:%Y%m%d}"
    for division in sorted(set(divisions.values())):  # counters are locked in one order
        some = [case for case in cases if divisions[case.office_id] == division]
        first = next_number(session, scope(division, "case"), len(some))
        for serial, case in enumerate(some, first):
            number = f"{division}-{today}-{serial:06d}"
            _number(session, feeds[case.office_id], case, number, now_ms)


def _number(session: Session, feed: Feed, case: Case, number: str, now_ms: int) -> None:
    provisional, case.number = case.number, number
    session.add(ProvisionalNumber(office_id=case.office_id, number=provisional, case_id=case.id))
    data: dict[str, object] = {"number": number, "provisional": provisional}
    add_event(session, feed, case, "numbered", data, by="", now_ms=now_ms)
