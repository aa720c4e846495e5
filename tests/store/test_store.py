"""The store as an office uses it: real encrypted files in a temporary folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from store import (
    attachments,
    audit,
    backup,
    cases,
    certificates,
    drafts,
    figures,
    keys,
    numbers,
    operators,
    outbox,
)
from store.engine import migrate, open_engine
from store.errors import (
    AttachmentDamaged,
    DeviceSecretMissing,
    DraftGone,
    KeysRolledBack,
    LockedOut,
    NumbersUsedUp,
    StoreBusy,
    StoreExists,
    StoreNewer,
    TryLater,
    WeakPassword,
    WrongPassword,
)
from store.keys import Cost
from store.models import Base
from store.open import OpenStore, create_store, list_logins, unlock
from store.secrets import FileBox
from store.views import BlockView, FileView, RemoteEvent

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
CHEAP = Cost(64, 1)
PASSWORD = "correct horse 9"
CANARY = "欧阳金丝雀"


@pytest.fixture
def box(tmp_path: Path) -> FileBox:
    return FileBox(tmp_path / "device")


@pytest.fixture
def profile(tmp_path: Path, box: FileBox) -> Path:
    folder = tmp_path / "profile"
    make(folder, box)
    return folder


@pytest.fixture
def store(profile: Path, box: FileBox) -> Iterator[OpenStore]:
    opened = unlock(profile, "li", PASSWORD, secret=box, now=NOW)
    yield opened
    opened.close()


def make(folder: Path, box: FileBox) -> str:
    return create_store(
        folder,
        login="li",
        name="李窗口",
        password=PASSWORD,
        role="administrator",
        secret=box,
        operator_id=uuid4(),
        now=NOW,
        cost=CHEAP,
    )


def begin(store: OpenStore, xml: bytes = b"<data/>") -> UUID:
    new = drafts.NewDraft(uuid4(), "gaoling-jintie", "1", "zh", store.operator.id, xml)
    store.writer.submit(drafts.begin, new, NOW).result()
    return new.id


def acceptance(store: OpenStore, draft: UUID, number: str, name: str) -> cases.Acceptance:
    return cases.Acceptance(
        submission_id=draft,
        case_id=uuid4(),
        event_id=uuid4(),
        owner=store.operator.id,
        login="li",
        clerk="李窗口",
        number=number,
        xml=f"<data><name>{name}</name></data>".encode(),
        applicant=name,
        applicant_id_no="51999919500307001X",
        applicant_phone="",
        language="zh",
        words=f"{name} {number} 高龄津贴 gaolingjintie gljt 51999919500307001X",
        due_on=date(2026, 12, 8),
    )


def accept(store: OpenStore, number: str = "N-1", name: str = CANARY) -> UUID:
    a = acceptance(store, begin(store), number, name)
    return store.writer.submit(cases.finalise, a, NOW).result()


def grant(case: UUID, number: str = "LM2026-1") -> RemoteEvent:
    certificate = {"number": number, "template": "t", "fields": {"a": "b"}, "issued_on": "x"}
    return RemoteEvent(uuid4(), case, "decided_granted", NOW, "民政", {"certificate": certificate})


def test_finalising_makes_case_event_outbox_and_audit_and_ends_the_draft(store: OpenStore) -> None:
    case = accept(store)
    file = store.read(cases.get_case, case)
    assert (file.row.status, file.row.number, file.row.unsent) == ("accepted", "N-1", True)
    assert [e.kind for e in store.read(cases.events_of, case)] == ["accepted"]
    assert store.read(outbox.waiting) == 1
    assert store.read(drafts.list_of, None) == ()
    assert store.read(lambda s: [r.action for r in audit.rows(s)][-1]) == "accepted"


def test_a_failed_finalise_leaves_the_draft(store: OpenStore) -> None:
    accept(store, "N-1")
    draft = begin(store)
    twice = acceptance(store, draft, "N-1", "王二")  # the number is taken
    with pytest.raises(Exception, match="UNIQUE"):
        store.writer.submit(cases.finalise, twice, NOW).result()
    assert [d.id for d in store.read(drafts.list_of, None)] == [draft]
    assert store.read(outbox.waiting) == 1


def test_a_finalised_draft_cannot_be_saved_again(store: OpenStore) -> None:
    draft = begin(store)
    store.writer.submit(cases.finalise, acceptance(store, draft, "N-2", "王二"), NOW).result()
    late = store.writer.submit(
        drafts.save,
        draft,
        owner=store.operator.id,
        xml=b"<late/>",
        applicant="",
        language="zh",
        now=NOW,
    )
    with pytest.raises(DraftGone):
        late.result()


def test_nothing_of_a_citizen_lies_in_clear_in_the_profile(store: OpenStore) -> None:
    accept(store, name=CANARY)
    store.blobs.put(CANARY.encode())
    store.writer.submit(lambda s: None).result()
    for path in store.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert CANARY.encode() not in content
            assert CANARY.encode("utf-16-le") not in content


def test_events_are_applied_once_and_bring_the_certificate(store: OpenStore) -> None:
    case = accept(store)
    event = grant(case)
    first = store.writer.submit(cases.apply_events, [event], "1:1", NOW).result()
    again = store.writer.submit(cases.apply_events, [event], "1:1", NOW).result()
    assert (first, again) == (1, 0)
    assert store.read(cases.get_case, case).row.status == "decided_granted"
    assert [c.number for c in store.read(certificates.of_case, case)] == ["LM2026-1"]
    assert store.read(cases.cursor) == "1:1"


def test_a_certificate_is_to_print_until_a_printer_delivered_it(store: OpenStore) -> None:
    case = accept(store)
    store.writer.submit(cases.apply_events, [grant(case)], "1:1", NOW).result()
    document, me = "certificate:LM2026-1", store.operator.id

    def count() -> int:
        return store.writer.submit(
            certificates.count_copy, document, operator=me, login="li", reason="", now=NOW
        ).result()

    def outcome(n: int, what: certificates.Outcome) -> None:
        store.writer.submit(
            certificates.note_outcome, document, n, what, login="li", now=NOW
        ).result()

    assert count() == 1
    outcome(1, "failed")
    assert [r.id for r in store.read(cases.list_cases, cases.Wanted(to_print=True))] == [case]
    assert count() == 1, "after a paper jam the original is still the original"
    outcome(1, "printed")
    assert store.read(cases.list_cases, cases.Wanted(to_print=True)) == ()
    assert count() == 2


def test_a_case_is_found_by_any_part_of_what_it_is_known_by(store: OpenStore) -> None:
    accept(store, "N-1", "欧阳四")
    accept(store, "N-2", "张三")
    for words, names in {
        "张三": ["张三"],
        "阳四": ["欧阳四"],
        "张": ["张三"],
        "四": ["欧阳四"],
        "gljt 张": ["张三"],
        "001x": ["张三", "欧阳四"],
        "高龄": ["张三", "欧阳四"],
        "王": [],
    }.items():
        found = store.read(cases.list_cases, cases.Wanted(text=words))
        assert sorted(row.applicant for row in found) == sorted(names), words


def test_the_figures_count_what_their_lists_show(store: OpenStore) -> None:
    for i in range(3):
        accept(store, f"N-{i}", "张三")
    begin(store)
    counts = store.read(
        figures.counts,
        owner=store.operator.id,
        midnight=NOW - timedelta(hours=1),
        today=date(2026, 12, 8),
        soon=date(2026, 12, 11),
    )
    assert (counts.accepted_today, counts.drafts, counts.due_soon, counts.unsent) == (3, 1, 3, 3)
    assert (counts.overdue, counts.to_print, counts.supplements, counts.failed) == (0, 0, 0, 0)


def test_an_item_leaves_the_outbox_only_with_a_receipt(store: OpenStore) -> None:
    accept(store)
    [(item, _)] = store.read(outbox.due, NOW, 10)
    refused = outbox.Settlement(item, code="S103", fields={"reason": "x"}, counts=True)
    store.writer.submit(outbox.settle, [refused], NOW).result()
    assert store.read(outbox.due, NOW + timedelta(days=9), 10) == ()
    assert store.read(outbox.waiting) == 1
    store.writer.submit(outbox.retry, item, "li", NOW).result()
    received = outbox.Settlement(item, b"receipt")
    for late in (received, refused):
        store.writer.submit(outbox.settle, [late], NOW).result()
    assert store.read(outbox.waiting) == 0
    [row] = store.read(outbox.list_items)
    assert (row.receipt, row.error_code) == (b"receipt", "")


def test_a_time_written_under_a_wrong_clock_holds_nothing_up(store: OpenStore) -> None:
    accept(store)
    [(item, _)] = store.read(outbox.due, NOW, 10)
    later = NOW + timedelta(hours=24)
    wrong = NOW + timedelta(days=400)
    for retry_at, due in ((later, ()), (wrong, ((item, 0),))):
        put_off = outbox.Settlement(item, code="S110", retry_at=retry_at)
        store.writer.submit(outbox.settle, [put_off], NOW).result()
        assert store.read(outbox.due, NOW, 10) == due


def test_receipts_that_come_together_are_each_on_record(store: OpenStore) -> None:
    accepted = [f"N-{i:02}" for i in range(30)]
    for number in accepted:
        accept(store, number)
    due = [item for item, _ in store.read(outbox.due, NOW, 100)]
    before, gone = store.read(audit.length), uuid4()
    found = [outbox.Settlement(item, b"receipt of " + item.bytes) for item in due]
    found[7] = outbox.Settlement(due[7], code="S110", retry_at=NOW, counts=True)
    for _ in range(2):  # known already: nothing more is recorded
        store.writer.submit(outbox.settle, [*found, outbox.Settlement(gone, b"r")], NOW).result()
    assert store.read(outbox.due, NOW, 100) == ((due[7], 2),)
    rows = store.read(lambda session: list(audit.rows(session, before)))
    assert {row.action for row in rows} == {"acknowledged"}
    assert [row.subject for row in rows] == [*accepted[:7], *accepted[8:]]
    assert store.read(audit.find_break) is None
    held = {row.submission_id: row.receipt for row in store.read(outbox.list_items)}
    assert held == {s.submission_id: s.receipt for s in found}


def test_numbers_are_given_once_and_then_refused(store: OpenStore) -> None:
    block = BlockView(uuid4(), "case", "530102001-", 7, 8, 7, 1)
    store.writer.submit(numbers.add_block, block).result()
    taken = [store.writer.submit(numbers.take, "case").result() for _ in range(2)]
    assert taken == [("530102001-", 7), ("530102001-", 8)]
    with pytest.raises(NumbersUsedUp):
        store.writer.submit(numbers.take, "case").result()
    store.writer.submit(numbers.add_block, block).result()  # the same lease, heard of twice
    assert store.read(numbers.left, "case") == 0


@pytest.mark.parametrize("change", ["altered", "removed", "cut"])
def test_a_tampered_audit_names_the_first_bad_row(store: OpenStore, change: str) -> None:
    for i in range(4):
        accept(store, f"N-{i}")
    last = store.read(audit.length)

    def tamper(session: Session) -> None:
        session.execute(text("DROP TRIGGER audit_no_update"))
        session.execute(text("DROP TRIGGER audit_no_delete"))
        session.execute(
            text(
                {
                    "altered": "UPDATE audit SET subject = 'N-9' WHERE seq = 3",
                    "removed": "DELETE FROM audit WHERE seq = 3",
                    "cut": f"DELETE FROM audit WHERE seq = {last}",
                }[change]
            )
        )

    assert store.read(audit.find_break) is None
    store.writer.submit(tamper).result()
    row, what = (last, "cut") if change == "cut" else (3, change)
    assert store.read(audit.find_break) == audit.Break(row, what)


@pytest.mark.parametrize("table", ["event", "submission", "audit"])
def test_history_cannot_be_rewritten(store: OpenStore, table: str) -> None:
    accept(store)
    command = store.writer.submit(lambda s: s.execute(text(f"DELETE FROM {table}")))
    with pytest.raises(Exception, match="written once"):
        command.result()


def test_the_wrong_password_opens_nothing_and_costs_time(profile: Path, box: FileBox) -> None:
    for i in range(4):
        with pytest.raises(WrongPassword):
            unlock(profile, "li", "wrong", secret=box, now=NOW + timedelta(minutes=i))
    with pytest.raises(TryLater):
        unlock(profile, "li", PASSWORD, secret=box, now=NOW + timedelta(minutes=3))
    unlock(profile, "li", PASSWORD, secret=box, now=NOW + timedelta(hours=1)).close()


def test_restoring_is_no_way_around_the_count_of_wrong_passwords(
    profile: Path, box: FileBox
) -> None:
    for i in range(10):
        with pytest.raises(WrongPassword):
            backup.restore(
                profile,
                profile / "none.db",
                "li",
                "wrong",
                secret=box,
                now=NOW + timedelta(hours=i),
            )
    with pytest.raises(LockedOut):
        unlock(profile, "li", PASSWORD, secret=box, now=NOW + timedelta(days=9))


def test_ten_wrong_passwords_lock_the_login(profile: Path, box: FileBox) -> None:
    for i in range(10):
        with pytest.raises(WrongPassword):
            unlock(profile, "li", "wrong", secret=box, now=NOW + timedelta(hours=i))
    with pytest.raises(LockedOut):
        unlock(profile, "li", PASSWORD, secret=box, now=NOW + timedelta(days=9))


def test_a_copied_profile_and_the_right_password_are_not_enough(
    profile: Path, tmp_path: Path
) -> None:
    with pytest.raises(DeviceSecretMissing):
        unlock(profile, "li", PASSWORD, secret=FileBox(tmp_path / "other"), now=NOW)


def test_an_old_key_file_put_back_is_refused(profile: Path, box: FileBox) -> None:
    old = (profile / keys.NAME).read_bytes()
    device = box.get(keys.load(profile).store_id) or b""
    dek = keys.open_slot(keys.load(profile), "li", PASSWORD, device)
    keys.save(profile, keys.load(profile), dek)
    unlock(profile, "li", PASSWORD, secret=box, now=NOW).close()
    (profile / keys.NAME).write_bytes(old)
    with pytest.raises(KeysRolledBack):
        unlock(profile, "li", PASSWORD, secret=box, now=NOW)


def test_a_removed_operator_stays_out(profile: Path, box: FileBox) -> None:
    opened = unlock(profile, "li", PASSWORD, secret=box, now=NOW)
    opened.writer.submit(operators.add, uuid4(), "zhao", "赵主任", "administrator", NOW).result()
    opened.writer.submit(operators.remove, "li", NOW).result()
    opened.close()
    with pytest.raises(WrongPassword):
        unlock(profile, "li", PASSWORD, secret=box, now=NOW)


def test_two_processes_do_not_share_a_profile(store: OpenStore, box: FileBox) -> None:
    with pytest.raises(StoreBusy):
        unlock(store.folder, "li", PASSWORD, secret=box, now=NOW)


def test_a_store_is_never_made_over_another(profile: Path, box: FileBox) -> None:
    with pytest.raises(StoreExists):
        make(profile, box)
    assert [view.login for view in list_logins(profile)] == ["li"]


def test_weak_passwords_are_refused(tmp_path: Path, box: FileBox) -> None:
    for weak in ("short", "12345678", "aaaaaaaaaa"):
        with pytest.raises(WeakPassword):
            keys.check_password(weak, "li")


def test_a_newer_store_is_refused(profile: Path, box: FileBox) -> None:
    opened = unlock(profile, "li", PASSWORD, secret=box, now=NOW)
    with opened.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    opened.close()
    with pytest.raises(StoreNewer):
        unlock(profile, "li", PASSWORD, secret=box, now=NOW)


def indexes(engine: Engine) -> dict[str, str]:
    """How each index is made; expressions too, which SQLAlchemy does not read back."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
        )
        return {name: " ".join(sql.split()).replace('"', "") for name, sql in rows}


def test_the_steps_make_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    stepped = open_engine(tmp_path / "a.db", bytes(32))
    fresh = open_engine(tmp_path / "b.db", bytes(32))
    migrate(stepped)
    Base.metadata.create_all(fresh)
    a, b = inspect(stepped), inspect(fresh)
    assert indexes(stepped) == indexes(fresh)
    for table in Base.metadata.tables:
        assert [(c["name"], str(c["type"]), c["nullable"]) for c in a.get_columns(table)] == [
            (c["name"], str(c["type"]), c["nullable"]) for c in b.get_columns(table)
        ]
        assert a.get_foreign_keys(table) == b.get_foreign_keys(table)
        assert a.get_check_constraints(table) == b.get_check_constraints(table)
    stepped.dispose()
    fresh.dispose()


def test_attachments_come_back_whole_or_not_at_all(store: OpenStore) -> None:
    data = bytes(range(256)) * 5000  # more than one chunk
    name = store.blobs.put(data)
    assert store.blobs.get(name) == data
    assert store.blobs.get(store.blobs.put(b"")) == b""
    path = store.folder / "blobs" / name[:2] / name
    sealed = path.read_bytes()
    for damaged in (sealed[:-1], sealed[: 4 + (1 << 20) + 16], sealed + b"x", b"LMB1"):
        path.write_bytes(damaged)
        with pytest.raises(AttachmentDamaged):
            store.blobs.get(name)


def test_files_that_the_answers_no_longer_name_are_let_go(store: OpenStore) -> None:
    draft = begin(store)
    for name in ("a.jpg", "b.jpg"):
        file = FileView(uuid4(), "/d/p", name, "image/jpeg", 1, hashlib.sha256(b"x").digest(), name)
        store.writer.submit(attachments.add, draft, file, NOW).result()
    gone = store.writer.submit(attachments.keep_only, draft, frozenset({"a.jpg"})).result()
    assert gone == ("b.jpg",)
    assert [f.name for f in store.read(attachments.of_owner, draft)] == ["a.jpg"]
