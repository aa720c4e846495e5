"""Whoever tampers with the record is named by the first row that is not as it was.

The attacker of these tests holds everything that lies on the computer: the data key, the device's
key, a database editor. What he does not hold is the province's memory.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework import filling, link, record
from casework.cli_record import VERIFIER
from casework.office import Office, local_now
from province import accounts
from province.app import open_province, system_now_ms
from province.demo import OFFICES
from province.packages import Services
from store import audit, backup, cases, checkpoints, clock, settings
from store.open import OpenStore
from sync.provider import Witness
from sync.record import PURPOSE
from tests.casework.hall import PASSWORD, Hall, filled
from tests.province.process import ProvinceProcess


def enrol(office: Office, province: ProvinceProcess) -> None:
    beside = open_province(province.folder, services=Services({}))
    code = beside.database.write(accounts.new_enrol_code, OFFICES[0][0], now_ms=system_now_ms())
    beside.database.close()
    link.enrol_office(office, province.url, code, device_name="window")


def note(office: Office, count: int) -> None:
    for i in range(count):
        office.store.writer.submit(
            audit.record, "li", "tried", str(i), {"n": i}, now=office.now()
        ).result()


def be_witnessed(office: Office) -> int:
    provider = link.provider(office.store)
    try:
        return record.be_witnessed(office, provider)
    finally:
        provider.close()


def prove(office: Office) -> record.Proof:
    provider = link.provider(office.store)
    assert isinstance(provider, Witness)
    try:
        return record.prove(office, provider)
    finally:
        provider.close()


def unbolted(session: Session) -> None:
    session.execute(text("DROP TRIGGER IF EXISTS audit_no_update"))
    session.execute(text("DROP TRIGGER IF EXISTS audit_no_delete"))


def write_anew(session: Session) -> None:
    """Recompute every hash and the head: the whole chain is consistent again."""
    unbolted(session)
    prev = audit.FIRST
    for row in list(audit.rows(session)):
        at_ms = round(row.at.timestamp() * 1000)
        facts = (row.operator, row.action, row.subject, row.detail)
        link_ = audit.chain_hash(prev, row.seq, at_ms, *facts)
        session.execute(
            text("UPDATE audit SET prev = :p, hash = :h WHERE seq = :s"),
            {"p": prev, "h": link_, "s": row.seq},
        )
        prev, last = link_, row.seq
    settings.put(session, "audit_head", last.to_bytes(8, "big") + prev)


def altered(session: Session) -> None:
    session.execute(text("UPDATE audit SET operator = 'wang' WHERE seq = 7"))


def removed(session: Session) -> None:
    session.execute(text("DELETE FROM audit WHERE seq = 7"))


def reordered(session: Session) -> None:
    for old, new in ((7, -1), (8, 7), (-1, 8)):
        session.execute(
            text("UPDATE audit SET seq = :new WHERE seq = :old"), {"old": old, "new": new}
        )


def closed_up(session: Session) -> None:
    removed(session)
    session.execute(text("UPDATE audit SET seq = -seq WHERE seq > 7"))
    session.execute(text("UPDATE audit SET seq = -seq - 1 WHERE seq < 0"))


def cut(session: Session) -> None:
    session.execute(text("DELETE FROM audit WHERE seq >= 7"))


def without_receipts(session: Session) -> None:
    session.execute(text("DELETE FROM checkpoint"))


def tamper(store: OpenStore, *steps: Callable[[Session], None]) -> None:
    def do(session: Session) -> None:
        for step in (unbolted, *steps):
            step(session)

    store.writer.submit(do).result()


@pytest.mark.parametrize(
    ("change", "what"),
    [(altered, "altered"), (removed, "removed"), (reordered, "moved"), (cut, "cut")],
)
def test_a_changed_row_is_named(hall: Hall, change: Callable[[Session], None], what: str) -> None:
    office = hall.enter("zhao")
    note(office, 12)
    assert record.prove(office).first_bad is None
    tamper(office.store, change)
    assert record.prove(office).first_bad == audit.Break(7, what)


@pytest.mark.parametrize("change", [altered, closed_up, cut])
def test_a_record_written_anew_with_all_keys_is_named_by_what_the_province_witnessed(
    hall: Hall, province: ProvinceProcess, change: Callable[[Session], None]
) -> None:
    enrol(hall.enter("admin"), province)
    office = hall.enter("zhao")
    note(office, 12)
    assert be_witnessed(office) > 12
    assert prove(office).first_bad is None
    tamper(office.store, change, write_anew)
    assert office.store.read(audit.find_break) is None, "the chain alone cannot tell"
    for found in (record.prove(office).first_bad, prove(office).first_bad):
        assert found is not None
        assert found.row == 7
    tamper(office.store, without_receipts)
    assert record.prove(office).first_bad is None
    found = prove(office).first_bad
    assert found is not None, "the province still knows when its receipts here are gone"
    assert found.row == 7


def test_a_record_put_back_from_an_old_backup_is_named_before_and_after_the_next_round(
    hall: Hall, province: ProvinceProcess
) -> None:
    enrol(hall.enter("admin"), province)
    office = hall.enter("zhao")
    old = backup.make(office.store, local_now())
    before = office.store.read(audit.length)  # the backup lacks the row that says it was made
    note(office, 5)
    be_witnessed(office)
    hall.leave()
    backup.restore(
        hall.folder, old, "zhao", PASSWORD, secret=hall.box, now=local_now(), exactly=True
    )
    office = hall.enter("zhao")
    found = prove(office).first_bad
    assert found is not None
    assert found.row == before
    be_witnessed(office)
    proof = prove(office)
    assert proof.first_bad is None, "the record of now is whole again"
    assert [row for row, _ in proof.breaks] == [before], "that it was replaced shows for ever"
    actions = [(r.action, r.subject) for r in record.list_rows(office)]
    assert ("record_differs", str(before)) in actions


def test_a_whole_profile_rolled_back_is_found_out_at_the_province(
    hall: Hall, province: ProvinceProcess, tmp_path: Path
) -> None:
    enrol(hall.enter("admin"), province)
    hall.leave()
    shutil.copytree(hall.folder, tmp_path / "kept")
    office = hall.enter("zhao")
    first = office.store.read(audit.length)
    note(office, 4)
    be_witnessed(office)
    hall.leave()
    shutil.rmtree(hall.folder)
    shutil.copytree(tmp_path / "kept", hall.folder)
    found = prove(hall.enter("zhao")).first_bad
    assert found is not None
    assert found.row == first


def test_a_lost_answer_is_asked_for_again_without_a_false_alarm(
    hall: Hall, province: ProvinceProcess
) -> None:
    enrol(hall.enter("admin"), province)
    office = hall.enter("zhao")
    note(office, 3)
    provider = link.provider(office.store)
    assert isinstance(provider, Witness)
    known = link.identity(office.store)
    key = Ed25519PrivateKey.from_private_bytes(known.private_key)
    made = office.store.read(
        checkpoints.make, known.device, lambda body: key.sign(PURPOSE + body), office.now()
    )
    assert made is not None
    provider.witness(made.body, made.signature)  # and the answer is lost
    note(office, 3)
    provider.close()
    be_witnessed(office)
    proof = prove(office)
    assert (proof.first_bad, proof.breaks) == (None, ())


def verified(path: Path, *keys: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path), *keys],
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


def test_the_exported_record_is_verified_by_a_program_of_its_own(
    hall: Hall, province: ProvinceProcess, tmp_path: Path
) -> None:
    assert len(VERIFIER.read_text(encoding="utf-8").splitlines()) < 100
    enrol(hall.enter("admin"), province)
    office = hall.enter("zhao")
    note(office, 9)
    be_witnessed(office)
    lines = list(record.export(office))
    path = tmp_path / "record.jsonl"

    def told(changed: list[str], *keys: str) -> tuple[int, str]:
        path.write_text("\n".join(changed), encoding="utf-8")
        return verified(path, *keys)

    code, said = told(lines)
    assert code == 0, said
    assert "whole" in said
    row = json.loads(lines[7])
    row["row"][3] = "wang"
    assert "first bad row: 7, altered" in told([*lines[:7], json.dumps(row), *lines[8:]])[1]
    assert "first bad row: 7, missing or moved" in told([*lines[:7], *lines[8:]])[1]
    swapped = [*lines[:7], lines[8], lines[7], *lines[9:]]
    assert "first bad row: 7, missing or moved" in told(swapped)[1]
    assert (
        "first bad row"
        in told([line for line in lines if '"row":[' not in line or line in lines[:7]])[1]
    )
    code, said = told(lines, "11" * 32)
    assert code == 1
    assert "did not witness" in said


def test_the_record_holds_nothing_of_a_citizen(hall: Hall) -> None:
    office = hall.enter("li")
    made = filled(office)
    name, id_no = made.answer("name"), made.answer("id_no")
    filling.accept(office, made).result()
    lines = "".join(record.export(hall.enter("zhao")))
    assert name
    assert id_no
    assert name not in lines
    assert id_no not in lines


def test_a_clock_moved_back_marks_record_and_case_until_the_province_agrees(hall: Hall) -> None:
    office = hall.enter("li")
    back = replace(office, now=lambda: local_now() - timedelta(days=40))
    case = filling.accept(back, filled(office)).result()
    newest = office.store.read(audit.newest, limit=1)[0]
    assert json.loads(newest.detail) == {audit.DOUBTFUL: 1}
    [event] = office.store.read(cases.events_of, case)
    assert event.data == {audit.DOUBTFUL: 1}
    now = local_now()
    assert office.store.read(clock.is_doubtful)
    office.store.writer.submit(clock.learn, now + timedelta(hours=2), now).result()
    assert office.store.read(clock.is_doubtful), "two hours apart is no agreement"
    office.store.writer.submit(clock.learn, now + timedelta(seconds=20), now).result()
    again = filling.accept(office, filled(office)).result()
    [event] = office.store.read(cases.events_of, again)
    assert event.data == {}
    earlier = replace(office, now=lambda: local_now() - timedelta(minutes=30))
    third = filling.accept(earlier, filled(office)).result()
    [event] = office.store.read(cases.events_of, third)
    assert event.data == {audit.DOUBTFUL: 1}, "before the last moment that the province told"
