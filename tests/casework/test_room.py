"""Files that find no room at the province, or were removed there: nothing is lost, all goes on.

A real store and a real province: the citizen's papers arrive in the end, without anybody's help.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from casework import dispatch, filling, link, relay
from casework.office import Office, Resources
from province.accounts import Caller
from province.room import CLOCKS_MS, LEAST_BYTES, Room
from store import cases, outbox
from store.views import OutboxRow
from sync.errors import Offline
from sync.http import Answer
from sync.large import Gate
from sync.providers.sending import Sending
from sync.round import RoundReport, run_round
from tests.casework.hall import PNG, filled
from tests.casework.site import OFFICE, Site, open_site

ROOM = Room(device_bytes=5 * LEAST_BYTES, free_bytes=0)
LARGE = 2 * LEAST_BYTES + 100


@pytest.fixture
def site(tmp_path: Path, resources: Resources) -> Iterator[Site]:
    with open_site(tmp_path, resources, services=True, room=ROOM) as made:
        yield made


@pytest.fixture
def office(site: Site) -> Office:
    return site.hall.enter("li")


def accept(office: Office, mark: bytes, size: int = 0) -> UUID:
    """A case whose two papers are one file each, of this size at least."""
    made = filled(office)
    for n, ref in enumerate(("/data/papers/id_copy", "/data/papers/home_proof")):
        data = PNG + mark + bytes([n]) + bytes(size)
        name = filling.attach(
            office, made, ref, name="scan.pdf", media_type="application/pdf", data=data
        )
        made.session.answer(ref, name)
    return filling.accept(office, made).result()


def go(site: Site, office: Office, later_s: float = 0) -> RoundReport:
    with site.home(office) as home:
        return run_round(
            link.StoreLedger(office.store),
            home,
            now=lambda: office.now() + timedelta(seconds=later_s),
        )


def waiting(office: Office) -> list[OutboxRow]:
    return [row for row in office.store.read(outbox.list_items) if not row.receipt]


def assert_held_there(site: Site, office: Office) -> None:
    """Nothing waits, and the province holds every file of every case, byte for byte."""
    assert waiting(office) == []
    rows = office.store.read(outbox.list_items)
    found = office.store.read(cases.get_submissions, [row.submission_id for row in rows])
    for file in (file for each in found for file in each.files):
        data = site.province.uploads.read(OFFICE, file.sha256.hex())
        assert sha256(data).digest() == file.sha256


def crowd(site: Site, office: Office) -> str:
    """A file of this computer that no case names takes its room."""
    device = str(link.identity(office.store).device)
    digest = sha256(device.encode()).hexdigest()
    site.province.uploads.create(Caller(device, OFFICE), digest, 3 * LEAST_BYTES)
    return digest


def test_files_wait_for_room_while_other_cases_go_and_then_go_by_themselves(
    site: Site, office: Office
) -> None:
    accept(office, b"large", LARGE)
    accept(office, b"small")
    crowd(site, office)
    report = go(site, office)
    assert (report.error, report.acknowledged) == (None, 1)
    [row] = waiting(office)
    assert (row.error_code, row.error_fields["files"]) == ("S151", 2)
    assert row.due_at is not None
    assert 800 < (row.due_at - office.now()).total_seconds() <= 900
    assert (dispatch.crowded(office).cases, dispatch.held(office).cases) == (1, 0)
    assert go(site, office).sent == 0  # the province said how long to wait
    later = site.province.now_ms() + 31 * 86_400_000
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(site.province.uploads, "_now_ms", lambda: later)
        assert site.province.uploads.sweep() == 1
    dispatch.let_go(office.store, Gate())
    assert go(site, office).sent == 0
    dispatch.let_go(office.store, Gate(open_once=True))  # somebody has pressed Send files now
    assert go(site, office).acknowledged == 1
    assert dispatch.crowded(office).cases == 0
    assert_held_there(site, office)


def test_a_full_province_takes_cases_and_tells_events_and_the_files_follow(
    site: Site, office: Office
) -> None:
    accept(office, b"before")
    assert go(site, office).acknowledged == 1
    accept(office, b"while it is full")
    accept(office, b"before")  # its papers are there already
    with pytest.MonkeyPatch.context() as low:
        low.setattr(site.province.uploads._files, "free_bytes", lambda: -1)
        report = go(site, office)
        assert (report.error, report.acknowledged) == (None, 1)
        assert report.events
        [row] = waiting(office)
        assert row.error_code == "S152"
    assert go(site, office, later_s=901).acknowledged == 1
    assert_held_there(site, office)


def test_papers_removed_before_their_case_came_are_brought_again_unasked(
    site: Site, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(office, b"months without a network", 1000)
    with monkeypatch.context() as line:  # all files are there, then the line is gone
        asked: list[object] = []
        ask = Sending._blaming

        def once(self: Sending, *arguments: object) -> list[tuple[object, Answer]]:
            asked.append(arguments)
            if len(asked) > 1:
                raise Offline
            return ask(self, *arguments)  # type: ignore[arg-type,return-value]

        line.setattr(Sending, "_blaming", once)
        assert isinstance(go(site, office).error, Offline)
    [row] = waiting(office)
    [found] = office.store.read(cases.get_submissions, [row.submission_id])
    for file in found.files:
        assert len(site.province.uploads.read(OFFICE, file.sha256.hex())) == file.size
    later = site.province.now_ms() + ROOM.kept_ms + CLOCKS_MS + 1
    monkeypatch.setattr(site.province.uploads, "_now_ms", lambda: later)
    assert site.province.uploads.sweep() == 2
    assert go(site, office).acknowledged == 1
    assert_held_there(site, office)


def test_a_bundle_brings_what_finds_room_and_the_rest_with_the_next_stick(
    site: Site, office: Office, tmp_path: Path
) -> None:
    carrier = site.another("township", "hongqi").enter("li")
    accept(office, b"large", LARGE)
    accept(office, b"small")
    crowd(site, office)

    def by_stick() -> int:
        stick = tmp_path / f"stick-{office.new_id()}"
        stick.mkdir()
        relay.make(office)
        relay.copy_to(office, stick)
        with pytest.MonkeyPatch.context() as low:
            low.setattr(site.province.uploads._files, "free_bytes", lambda: -1)
            assert [code for _, code in relay.carry(carrier, stick).failed] == ["S153"]
        assert relay.carry(carrier, stick).failed == ()
        return relay.take_in(office, stick).acknowledged

    assert by_stick() == 1
    later = site.province.now_ms() + 31 * 86_400_000
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(site.province.uploads, "_now_ms", lambda: later)
        assert site.province.uploads.sweep() == 2  # what took the room, and the bundle
    assert by_stick() == 1
    assert_held_there(site, office)
