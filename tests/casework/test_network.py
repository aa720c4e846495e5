"""The way to the province as IT staff choose it: secrets stay hidden, files wait, cases go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework import dispatch, filling, link, network
from casework.cli_network import app
from casework.errors import NetworkSettingWrong
from casework.office import RESOURCES, Office, Resources
from store import outbox
from store.secrets import FileBox
from sync.large import Gate, busy_until, read_hours
from sync.network import NetworkView
from sync.round import run_round
from tests.casework.hall import PASSWORD, PNG, Hall, filled
from tests.province.process import ProvinceProcess
from tests.sync.crossing import Issuer, Stand, forwarding, plain_answer

SECRET = "proxy-geheim-77"
LARGE = PNG + bytes(120_000)  # a picture is read up to its end


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path_factory.mktemp("net") / "province", RESOURCES / "services")
    process.start()
    yield process
    process.close()


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, province: ProvinceProcess) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("office"), Resources(RESOURCES))
    code = province.facts["enrol_code"]
    link.enrol_office(made.enter("admin"), province.url, code, device_name="window")
    yield made
    made.leave()


def with_scan(office: Office, mark: bytes = b"") -> filling.Filling:
    made = filled(office)
    for ref in ("/data/papers/id_copy", "/data/papers/home_proof"):
        name = filling.attach(
            office, made, ref, name="scan.pdf", media_type="application/pdf", data=LARGE + mark
        )
        made.session.answer(ref, name)
    return made


def go(office: Office, gate: Gate) -> int:
    """A round; how many receipts came."""
    dispatch.let_go(office.store, gate)
    home = link.provider(office.store, gate)
    report = run_round(link.StoreLedger(office.store), home, now=office.now)
    home.close()
    assert report.error is None
    return report.acknowledged


def test_on_a_metered_link_cases_go_and_pictures_wait_until_it_is_another(hall: Hall) -> None:
    office, metered = hall.enter("li"), [True]
    gate = dispatch.gate(office.store, lambda: NetworkView(metered=metered[0]))
    filling.accept(office, filled(office)).result()
    filling.accept(office, with_scan(office)).result()
    assert go(office, gate) == 1  # small papers go with their case
    held = dispatch.held(office)
    assert (held.cases, held.files) == (1, 1)  # both papers are the same file
    [row] = [row for row in office.store.read(outbox.list_items) if not row.receipt]
    assert row.error_code == "S146"
    assert go(office, gate) == 0  # and is not asked for again meanwhile
    metered[0] = False
    assert go(office, gate) == 1
    assert dispatch.held(office).cases == 0
    assert office.store.read(outbox.waiting) == 0


def test_in_busy_hours_files_wait_unless_somebody_wants_them_sent(hall: Hall) -> None:
    office = hall.enter("li")
    gate = Gate(hours=read_hours("00:00-12:00,12:00-00:00"))  # all day
    for mark in (b"", b"1", b"2"):
        filling.accept(office, with_scan(office, mark)).result()
    assert go(office, gate) == 1  # its file is there already from a case before
    waiting = [r for r in office.store.read(outbox.list_items) if not r.receipt]
    assert {row.error_code for row in waiting} == {"S147"}
    assert {row.error_fields["until"] for row in waiting} <= {"12:00", "00:00"}
    gate.open_once = True
    assert go(office, gate) == 2
    assert office.store.read(outbox.waiting) == 0


def test_busy_hours_reach_over_midnight_and_end_on_the_minute() -> None:
    hours = read_hours("08:30-12:00， 22:00-06:00")
    for at, until in (
        ("08:29", None),
        ("08:30", time(12)),
        ("11:59", time(12)),
        ("12:00", None),
        ("23:10", time(6)),
        ("05:59", time(6)),
        ("06:00", None),
    ):
        moment = datetime.fromisoformat(f"2026-11-24T{at}:00+08:00")
        assert busy_until(hours, moment) == until, at


def test_the_policy_is_the_weaker_layer_and_nonsense_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        '[network]\nmetered = "always"\nbusy_hours = "09:00-11:00"\nproxy = 7\nunknown = 1\n'
    )
    (tmp_path / "network.toml").write_text('metered = "never"\nbusy_hours = "nine"\n')
    chosen = network.load(tmp_path)
    assert (chosen.metered, chosen.busy_hours, chosen.proxy) == ("never", "09:00-11:00", "system")
    for name, value in (
        ("proxy", "http://name:word@proxy.example"),
        ("proxy", "proxy.example"),
        ("metered", "sometimes"),
        ("pinned", "yes"),
        ("no such", ""),
    ):
        with pytest.raises(NetworkSettingWrong):
            network.checked(chosen, name, value)


def test_the_proxys_password_lies_nowhere_in_clear(hall: Hall) -> None:
    office = hall.enter("admin")
    network.change(office, {"proxy": "http://proxy.example:3128", "proxy_user": "office"})
    network.keep_password(office, SECRET)
    assert network.route(office.store).proxy_password == SECRET
    hall.leave()
    for file in hall.folder.parent.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()
    office = hall.enter("admin")
    network.change(office, {"proxy": "system", "proxy_user": ""})
    assert network.route(office.store).proxy_password == ""


def test_the_check_says_what_stands_in_the_way(
    hall: Hall, province: ProvinceProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LASTMILE_PASSWORD", PASSWORD)
    monkeypatch.setattr("casework.console.profile_box", lambda _profile: hall.box)
    issuer = Issuer(tmp_path)
    hall.leave()

    def check() -> dict[str, object]:
        done = CliRunner().invoke(app, ["check", "--profile", str(hall.folder), "--json"])
        facts: dict[str, object] = json.loads(done.output)
        assert done.exit_code == (1 if facts["error"] else 0)
        return facts

    with Stand(forwarding(province.port), issuer.server()) as front:
        url = f"https://localhost:{front.port}"
        monkeypatch.setattr("casework.link.connected_to", lambda _store: ("p", url))
        assert check()["error"] == "S132"
        told = CliRunner().invoke(
            app,
            ["set", "--ca", str(issuer.file), "--pinned", "--profile", str(hall.folder)],
        )
        assert told.exit_code == 0, told.output
        facts = check()
        assert facts["error"] == ""
        assert abs(int(str(facts["clock_behind_s"]))) < 60
        front.tls = issuer.server("else.example")
        assert (check()["error"], check()["host"]) == ("S131", "localhost")
        front.tls, front.answer = issuer.server(), front.saying(plain_answer("404 Not Found"))
        assert check()["error"] == "S144"
    assert check()["error"] == "S101"
    assert isinstance(hall.box, FileBox)
