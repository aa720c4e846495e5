"""Writes a small store file of this version of the program, to be opened by every later one.

Run once when a step was added, and keep the file: `python -m tests.store.make_store_file`.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from store import audit, cases, certificates, drafts, numbering, operators
from store.engine import migrate, open_engine, schema_version
from store.views import RemoteEvent

FOLDER = Path(__file__).parents[1] / "data" / "stores"
KEY = bytes(range(32))
AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
CLERK = UUID(int=1)
NAMES = ("示例甲", "示例乙", "示例丙")


def accept(session: Session, n: int) -> UUID:
    """One case, from draft to acceptance."""
    draft = drafts.NewDraft(UUID(int=100 + n), "gaoling-jintie", "1", "zh", CLERK, b"<d/>")
    drafts.begin(session, draft, AT)
    session.flush()
    accepted = cases.Acceptance(
        submission_id=draft.id,
        case_id=UUID(int=200 + n),
        event_id=UUID(int=300 + n),
        owner=CLERK,
        login="li",
        clerk="李示例",
        number="",
        xml=f"<data><name>{NAMES[n]}</name></data>".encode(),
        applicant=NAMES[n],
        applicant_id_no=f"51999919500307{n:03d}X",
        applicant_phone="",
        language="zh",
        words=f"{NAMES[n]} 高龄津贴 gljt",
        due_on=date(2026, 12, 9),
    )
    return numbering.accept(session, accepted, "530102101", AT)


def fill(session: Session) -> None:
    """Three cases, one of them granted and printed, and a draft."""
    operators.add(session, CLERK, "li", "李示例", "clerk", AT)
    session.flush()
    first, *_ = [accept(session, n) for n in range(len(NAMES))]
    granted = {"number": "LM2026-1", "template": "t", "fields": {"a": "b"}, "issued_on": "x"}
    event = RemoteEvent(
        UUID(int=400), first, "decided_granted", AT, "民政", {"certificate": granted}
    )
    cases.apply_events(session, [event], "1:1", AT)
    certificates.count_copy(
        session, "certificate:LM2026-1", operator=CLERK, login="li", reason="", now=AT
    )
    draft = drafts.NewDraft(UUID(int=500), "dibao", "1", "zh", CLERK, "<d>半</d>".encode())
    drafts.begin(session, draft, AT)
    audit.record(session, "li", "signed_in", "", now=AT)


def main(folder: Path = FOLDER) -> Path:
    """Write the file; returns where."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "part.db"
    engine = open_engine(part, KEY)
    migrate(engine)
    with Session(engine) as session, session.begin():
        fill(session)
    raw = engine.raw_connection()
    version = schema_version(engine)
    path = folder / f"{version:04d}.db"
    path.unlink(missing_ok=True)
    raw.cursor().execute("VACUUM INTO ?", (str(path),))
    raw.close()
    engine.dispose()
    part.unlink()
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{main()}\n")
