"""Every store that an earlier version wrote opens, loses nothing and ends up like a new one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from desktop.messages import say
from store import (
    audit,
    cases,
    certificates,
    drafts,
    engine,
    numbering,
    recovery,
    remote_projects,
    settings,
    snapshots,
)
from store import open as opening
from store.engine import full_check, migrate, open_engine, schema_version
from store.errors import StoreNewer
from store.keys import derive
from store.steps import STEPS
from tests.store.kill_child import STEP
from tests.store.make_store_file import CLERK, FOLDER, KEY, NAMES
from tests.store.window import accept as accept_at
from tests.store.window import contents_of, enter, make, numbers

FILES = sorted(FOLDER.glob("*.db"))
GROWN = (*STEPS, STEP)


def schema(made: Engine) -> dict[str, str]:
    """Every table, index and trigger, without blanks that mean nothing."""
    with made.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL")
        return {name: re.sub(r"\s+", " ", sql) for name, sql in rows}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "store.db"
    shutil.copyfile(request.param, path)
    opened = open_engine(path, KEY)
    yield opened
    opened.dispose()


def know_one_more_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be the next version of the program."""
    for module in (engine, recovery, opening):
        monkeypatch.setattr(module, "STEPS", GROWN)


def test_there_is_a_store_file_of_this_version() -> None:
    assert FOLDER / f"{len(STEPS):04d}.db" in FILES, "run python -m tests.store.make_store_file"


def test_a_store_of_an_earlier_version_ends_up_like_a_new_one(old: Engine, tmp_path: Path) -> None:
    fresh = open_engine(tmp_path / "fresh.db", KEY)
    migrate(fresh)
    migrate(old)
    assert schema_version(old) == len(STEPS)
    assert schema(old) == schema(fresh)
    full_check(old)
    fresh.dispose()


def test_everything_in_a_store_of_an_earlier_version_is_still_there(old: Engine) -> None:
    migrate(old)
    with Session(old) as session, session.begin():
        rows = cases.list_cases(session, cases.Wanted())
        assert {row.applicant for row in rows} == set(NAMES)
        assert len({row.number for row in rows}) == len(NAMES)
        [found] = cases.list_cases(session, cases.Wanted(text=NAMES[1]))
        assert found.applicant == NAMES[1]
        granted = next(row for row in rows if row.status == "decided_granted")
        [certificate] = certificates.of_case(session, granted.id)
        assert (certificate.number, certificate.printed) == ("LM2026-1", 1)
        [draft] = drafts.list_of(session, CLERK)
        assert draft.xml.decode() == "<d>半</d>"
        assert audit.find_break(session) is None
        assert audit.length(session) > 4
        again = numbering.case_number(session, granted.id, "", found.accepted_at.date())
        assert again == granted.number


def test_the_one_server_of_an_earlier_version_becomes_the_first_project(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    shutil.copyfile(FOLDER / "0009.db", path)
    old = open_engine(path, KEY)
    account = b'{"url": "https://central.example", "name": "Walk", "login": "", "password": "x"}'
    with Session(old) as session, session.begin():
        settings.put(session, "openrosa_account", account)
    migrate(old)
    with Session(old) as session:
        (made,) = remote_projects.listed(session)
        assert (made.name, made.settings) == ("Walk", account)
        assert settings.get(session, "openrosa_account") is None
    old.dispose()


def test_a_migrated_store_has_a_backup_of_the_old_one_and_the_journal_reaches_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = make(tmp_path)
    store = enter(profile)
    before = accept_at(store)
    store.close()
    know_one_more_step(monkeypatch)
    store = enter(profile)
    after = accept_at(store)
    was, key = contents_of(store.engine), store.data_key
    store.close()
    [backup] = snapshots.listed(profile)
    (profile / "store.db").unlink()
    store = enter(profile)
    assert store.recovery is not None
    assert store.recovery.complete
    assert numbers(store) == sorted((before, after))
    assert contents_of(store.engine)["grown"] == was["grown"]
    store.close()
    copy = open_engine(backup, derive(key, "db"), make=False)
    assert schema_version(copy) == len(STEPS)
    copy.dispose()


def test_a_step_that_breaks_off_leaves_the_old_store(
    old: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(old)
    was, had = schema(old), contents_of(old)
    monkeypatch.setattr(engine, "STEPS", (*STEPS, (*STEP, "INSERT INTO nowhere VALUES (1)")))
    with pytest.raises(Exception, match="nowhere"):
        migrate(old)
    assert schema_version(old) == len(STEPS)
    assert (schema(old), contents_of(old)) == (was, had)


def test_a_store_of_a_newer_version_is_refused_in_words_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = make(tmp_path)
    with monkeypatch.context() as newer:
        know_one_more_step(newer)
        enter(profile).close()
    content = (profile / "store.db").read_bytes()
    with pytest.raises(StoreNewer) as refused:
        enter(profile)
    assert "newer version of Lastmile" in say(refused.value)
    assert (profile / "store.db").read_bytes() == content
    assert not list(profile.glob("quarantine-*"))
