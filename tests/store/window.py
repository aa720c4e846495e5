"""A window of the office at work on a real encrypted store, for tests that break it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine

from store import cases, drafts, numbering, outbox
from store.keys import Cost
from store.open import OpenStore, create_store, unlock
from store.secrets import FileBox

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
CHEAP = Cost(64, 1)
PASSWORD = "correct horse 9"
LOGIN = "li"
DIVISION = "530102101"
_VOLATILE = ("setting",)  # positions: nothing to compare


def make(folder: Path) -> Path:
    """A profile in `folder` with one operator; returns it."""
    return make_with_code(folder)[0]


def make_with_code(folder: Path) -> tuple[Path, str]:
    """The same with the office code."""
    profile = folder / "office"
    code = create_store(
        profile,
        login=LOGIN,
        name="李窗口",
        password=PASSWORD,
        role="administrator",
        secret=box_of(profile),
        operator_id=uuid4(),
        now=NOW,
        cost=CHEAP,
    )
    return profile, code


def box_of(profile: Path) -> FileBox:
    return FileBox(profile.parent / "device")


def enter(profile: Path, now: datetime = NOW) -> OpenStore:
    return unlock(profile, LOGIN, PASSWORD, secret=box_of(profile), now=now)


def save_draft(store: OpenStore, draft: UUID, xml: bytes) -> None:
    store.writer.submit(
        drafts.save,
        draft,
        owner=store.operator.id,
        xml=xml,
        applicant="",
        language="zh",
        now=NOW,
    ).result()


def begin(store: OpenStore, draft: UUID | None = None) -> UUID:
    new = drafts.NewDraft(
        draft or uuid4(), "gaoling-jintie", "1", "zh", store.operator.id, b"<data/>"
    )
    store.writer.submit(drafts.begin, new, NOW).result()
    return new.id


def acceptance(store: OpenStore, draft: UUID, name: str, case: UUID | None = None) -> Any:
    return cases.Acceptance(
        submission_id=draft,
        case_id=case or uuid4(),
        event_id=uuid4(),
        owner=store.operator.id,
        login=LOGIN,
        clerk="李窗口",
        number="",
        xml=f"<data><name>{name}</name><plan>{'甲乙丙丁' * 40}</plan></data>".encode(),
        applicant=name,
        applicant_id_no="51999919500307001X",
        applicant_phone="",
        language="zh",
        words=f"{name} 高龄津贴 gljt",
        due_on=date(2026, 12, 8),
    )


def accept(store: OpenStore, name: str = "示例") -> str:
    """A case from the first keystroke to acceptance; returns its number."""
    a = acceptance(store, begin(store), name)
    case = store.writer.submit(numbering.accept, a, DIVISION, NOW).result()
    return store.read(cases.get_case, case).row.number


def acknowledge_all(store: OpenStore) -> None:
    """As a round with the province does."""
    found = [outbox.Settlement(item, b"receipt") for item, _ in store.read(outbox.due, NOW, 1000)]
    store.writer.submit(outbox.settle, found, NOW).result()


def numbers(store: OpenStore) -> list[str]:
    """Numbers of all cases, in order."""
    return sorted(row.number for row in store.read(cases.list_cases, cases.Wanted(limit=10**6)))


def contents(store: OpenStore, *, audit_rows: int | None = None) -> dict[str, list[Any]]:
    """Every row of every table that means something; of the record the first `audit_rows`."""
    found = contents_of(store.engine)
    found["audit"] = found["audit"][:audit_rows]
    return found


def contents_of(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table that means something, and what the index of cases holds."""
    connection = engine.raw_connection()
    try:
        raw = connection.driver_connection
        assert raw is not None
        tables = raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_search%'"
            " ESCAPE '\\'"
        ).fetchall()
        found = {
            name: raw.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall()
            for (name,) in sorted(tables)
            if name not in _VOLATILE
        }
        hits = "SELECT rowid FROM case_search WHERE case_search MATCH '\"高龄\"' ORDER BY 1"
        found["hits"] = raw.execute(hits).fetchall()
        return found
    finally:
        connection.close()


def photograph(profile: Path, to: Path) -> Path:
    """The profile as the plug's being pulled at this moment would leave it; returns the copy."""
    copy = to / profile.name
    shutil.copytree(profile, copy, ignore=shutil.ignore_patterns("ballast", "lock"))
    shutil.copytree(profile.parent / "device", to / "device", dirs_exist_ok=True)
    return copy
