"""Any interleaving of edits and rounds on three computers comes to one state and loses no value.

Three stores and a province, joined by function calls: a request may be lost on either way, a
reading may break off, a stick may bring its answer late, twice or never, the register changes
people too, and the province may be put back from a backup. `LASTMILE_RESIDENT_STEPS` sets how
many steps are taken at least.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from casework import slices
from casework.slices import SliceBooks
from province import demo, feed, many, records, relay
from province import residents as taking
from province.accounts import Caller
from province.app import Province, open_province
from province.errors import CursorExpired as Expired
from province.models import Record, RecordChange, Slice
from province.packages import Services
from store import resident_changes
from store import residents as base
from store import settings as kept_settings
from store import slices as held_slices
from store.engine import migrate, open_engine
from store.resident_changes import Change
from sync.blame import Blame
from sync.errors import CursorExpired, Offline, PersonGone
from sync.ledger import Settled
from sync.relay import Result
from sync.slices import Kind, RecordPage, check_change_receipt, exchange, read_records, write_change

T = TypeVar("T")
KEY = bytes(32)
DIVISION = "530102101"
FIELDS = ("phone", "address", "village")
STEPS = int(os.environ.get("LASTMILE_RESIDENT_STEPS", "200"))
EACH = 50  # steps of one history
devices = st.integers(0, 2)
people = st.integers(0, 1)
fields = st.sampled_from(FIELDS)
values = st.text("abc", min_size=1, max_size=2)


class Books(SliceBooks):
    """The ledger over a store's engine; reads the residents in every round."""

    def slice_wanted(self, kind: Kind, now: datetime) -> bool:
        del now
        return kind == "residents"


class Store:
    """As much of an open store as the ledger needs."""

    operator = SimpleNamespace(role="clerk")

    def __init__(self, path: Path) -> None:
        self.engine = open_engine(path, KEY)
        self.writer = self

    def read(self, query: Callable[..., T], *args: Any) -> T:
        with Session(self.engine) as session:
            return query(session, *args)

    def submit(self, command: Callable[..., T], *args: Any, **named: Any) -> Future[T]:
        done: Future[T] = Future()
        with Session(self.engine) as session, session.begin():
            done.set_result(command(session, *args, **named))
        return done


@dataclass(frozen=True)
class Carried:
    """What a stick brings back: how far the slice was read before, and what the province said."""

    asked: str
    changed: list[Result]
    page: RecordPage


class Line:
    """The province as a device reaches it. `broken` counts down to a loss; -1 never."""

    def __init__(self, province: Province, device: str) -> None:
        self._province, self._device = province, device
        self.broken, self.heard = -1, True
        key = province.ring.current
        self.keys = {key.kid.hex(): key.public}

    def _ask(self, act: Callable[[], T]) -> T:
        self.broken -= 1
        lost = self.broken == 0
        if lost and not self.heard:
            raise Offline
        answer = act()
        if lost:
            raise Offline  # the province has done it, and the device does not know
        return answer

    def send_changes(self, changes: Sequence[Change]) -> Iterator[Settled]:
        """Half of a batch is taken where its answer is lost: the other half comes again."""
        caller = Caller(self._device, "qingshan")

        def act(some: Sequence[Change]) -> list[Settled]:
            found = []
            for each in some:
                body = json.loads(json.dumps(write_change(each)))
                sent = many.Changed(resident=each.resident_id, change=each.id, body=body)
                status, said = many.change(self._province, caller, sent)
                receipt = check_change_receipt(said, each, self.keys) if status < 300 else b""
                found.append(Settled(each.id, receipt, None if receipt else PersonGone()))
            return found

        half = (len(changes) + 1) // 2
        yield from self._ask(lambda: act(changes[:half]))
        if half < len(changes):
            yield from self._ask(lambda: act(changes[half:]))

    def carry(self, changes: Sequence[Change], cursor: str) -> Carried:
        """What the province says to a bundle, as `province.relay` does it."""
        caller, told = Caller(self._device, "qingshan"), []
        for change in changes:
            sent = many.Changed(
                resident=change.resident_id, change=change.id, body=write_change(change)
            )
            said: Any = relay._change(self._province, caller, sent)
            told.append(Result(change.id, said["status"], said["body"]))
        page = relay._slices(self._province, caller, {"residents": cursor})
        return Carried(cursor, told, read_records(page["residents"]))

    def slice_page(self, kind: Kind, cursor: str) -> RecordPage:
        def act() -> dict[str, Any]:
            key = self._province.cursor_key
            read = self._province.database.read
            page = read(records.read_slice, kind, "qingshan", cursor, 2, key)
            found = [{"id": r.id, "data": r.data, "changes": r.changes} for r in page.records]
            return {"records": found, "cursor": page.cursor, "more": page.more}

        try:
            return read_records(self._ask(act))
        except Expired:
            raise CursorExpired from None


class Device:
    """One computer: its store, its books, its line and its clock."""

    def __init__(self, path: Path, province: Province, name: str) -> None:
        self.store = Store(path)
        self.books = Books(self.store)  # type: ignore[arg-type]
        self.line = Line(province, name)
        self.now = datetime(2026, 11, 24, 2, tzinfo=UTC)
        self.name = name

    def edit(self, who: UUID, wanted: dict[str, str], *, adds: bool = False) -> set[str]:
        """Change a person; the values that are new in the history."""
        self.now += timedelta(seconds=1)
        given = {name: ("", value) for name, value in wanted.items()}
        made = Change(uuid4(), who, given, {}, self.now, self.name, "x", adds=adds)
        named = {"spell": lambda _name: (), "login": "x", "now": self.now}
        done = self.store.submit(base.change, made, **named).result()
        return {f"{made.id}:{v}" for v in wanted.values()} if done else set()

    def round(self) -> None:
        """A round; whatever is not retried by itself is not needed here."""
        self.now += timedelta(seconds=700)
        exchange(self.books, self.line, lambda: self.now, lambda: False, Blame())

    def ask_by_stick(self) -> Carried:
        """Write a stick, and let another computer carry it; nothing of it is taken in yet."""
        due = self.store.read(resident_changes.to_carry, 100)
        return self.line.carry(due, self.store.read(held_slices.cursor, "residents"))

    def take_in(self, told: Carried) -> None:
        """Take in what a stick brought."""
        self.now += timedelta(seconds=1)
        office: Any = SimpleNamespace(store=self.store, now=lambda: self.now)
        slices.settle(office, told.changed, self.line.keys)
        slices.take_in(office, {"residents": told.page}, {"residents": told.asked})

    def person(self, who: UUID) -> base.Resident:
        return self.store.read(base.get, who)

    def changes(self, who: UUID) -> list[Change]:
        return self.store.read(resident_changes.of, [who]).get(who, [])


class Township(RuleBasedStateMachine):
    """Three devices, a register, and losses of every kind."""

    template: Path

    @initialize()
    def begin(self) -> None:
        self._folder = TemporaryDirectory(prefix="lastmile-")
        folder = Path(self._folder.name)
        shutil.copytree(self.template / "province", folder / "province")
        self.province = open_province(folder / "province", services=Services({}))
        self.people = [uuid4(), uuid4()]
        self.written: set[str] = set()
        self.sticks: list[tuple[int, Carried]] = []
        self.devices = []
        for n in range(3):
            shutil.copyfile(self.template / "store.db", folder / f"{n}.db")
            self.devices.append(Device(folder / f"{n}.db", self.province, f"device-{n}"))
        for who in self.people:
            self.load(who, {"name": "样例", "phone": "0"})
        for device in self.devices:
            device.round()
        self.backup = self.snapshot()

    @rule(at=devices, who=people, field=fields, value=values)
    def edit(self, at: int, who: int, field: str, value: str) -> None:
        self.written |= self.devices[at].edit(self.people[who], {field: value})

    @rule(at=devices, who=people, value=values)
    def edit_two_fields(self, at: int, who: int, value: str) -> None:
        wanted = {"phone": value, "address": value}
        self.written |= self.devices[at].edit(self.people[who], wanted)

    @rule(at=devices, who=people, which=st.integers(0, 3))
    def settle(self, at: int, who: int, which: int) -> None:
        device, person = self.devices[at], self.people[who]
        for field in device.person(person).clashing:
            found = resident_changes.heads(device.changes(person), field)
            chosen = found[which % len(found)].fields[field][1]
            self.written |= device.edit(person, {field: chosen})

    @rule(at=devices)
    def round(self, at: int) -> None:
        self.devices[at].round()

    @rule(at=devices, after=st.integers(1, 6), heard=st.booleans())
    def round_that_breaks(self, at: int, after: int, *, heard: bool) -> None:
        line = self.devices[at].line
        line.broken, line.heard = after, heard
        self.devices[at].round()
        line.broken = -1

    @rule(at=devices)
    def write_a_stick(self, at: int) -> None:
        self.sticks.append((at, self.devices[at].ask_by_stick()))

    @rule(which=st.integers(0, 5))
    def a_stick_comes_back(self, which: int) -> None:
        if self.sticks:
            at, told = self.sticks[which % len(self.sticks)]
            self.devices[at].take_in(told)

    @rule(who=people, field=fields, value=values)
    def the_register_changes(self, who: int, field: str, value: str) -> None:
        person = self.people[who]
        data, _ = self.held(person)
        self.load(person, data | {field: value})

    @rule()
    def back_up(self) -> None:
        self.backup = self.snapshot()

    @rule()
    def put_back(self) -> None:
        self.province.database.write(self._put_back)

    def teardown(self) -> None:
        if not hasattr(self, "devices"):
            return
        try:
            self.check()
        finally:
            for device in self.devices:
                device.store.engine.dispose()
            self.province.database.close()
            self._folder.cleanup()

    def check(self) -> None:
        for _ in range(3):
            for device in self.devices:
                device.round()
        for who in self.people:
            data, ids = self.held(who)
            for device in self.devices:
                assert device.store.read(resident_changes.waiting) == 0
                person = device.person(who)
                assert {f: getattr(person, f) for f in FIELDS} == {
                    f: data.get(f, "") for f in FIELDS
                }
                assert person.clashing == self.devices[0].person(who).clashing
                told = [str(c.id) for c in device.changes(who) if c.place != -1]
                assert told == ids
        for device in self.devices:
            history = {
                f"{change.id}:{new}"
                for who in self.people
                for change in device.changes(who)
                for _, new in change.fields.values()
            }
            assert self.written <= history

    # --- the province ---

    def load(self, who: UUID, data: dict[str, str]) -> None:
        now_ms = self.province.now_ms()
        changed = [(str(who), data)]
        self.province.database.write(
            records.put_records, "residents", DIVISION, changed, now_ms=now_ms
        )

    def held(self, who: UUID) -> tuple[dict[str, str], list[str]]:
        def read(session: Session) -> tuple[dict[str, str], list[str]]:
            row = session.get_one(Record, ("residents", DIVISION, str(who)))
            made = taking.of_records(session, DIVISION, [str(who)]).get(str(who), ())
            return json.loads(row.data or "{}"), [each.id for each in made]

        return self.province.database.read(read)

    def snapshot(self) -> list[tuple[type, dict[str, Any]]]:
        def read(session: Session) -> list[tuple[type, dict[str, Any]]]:
            return [
                (table, {c.name: getattr(row, c.name) for c in table.__table__.columns})
                for table in (Slice, Record, RecordChange)
                for row in session.query(table)
            ]

        return self.province.database.read(read)

    def _put_back(self, session: Session) -> None:
        for table in (RecordChange, Record, Slice):
            session.query(table).delete()
        session.expire_all()
        session.add_all([table(**row) for table, row in self.backup])
        epoch, _ = feed.current_epoch(session)
        feed.next_epoch(session, epoch)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("township")
    opened = open_province(folder / "province", services=Services({}))
    demo.fill(opened, password="geheim")
    opened.database.close()
    engine = open_engine(folder / "store.db", KEY)
    migrate(engine)
    with Session(engine) as session, session.begin():
        kept_settings.put(session, "office_division", DIVISION.encode())
    engine.dispose()
    return folder


def test_any_interleaving_on_three_computers_comes_to_one_state_and_loses_no_value(
    template: Path,
) -> None:
    Township.template = template
    run_state_machine_as_test(
        Township,
        settings=settings(
            max_examples=max(1, STEPS // EACH),
            stateful_step_count=EACH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
