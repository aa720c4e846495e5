"""Versions of services at an office: what is offered, what is kept, what is never lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from casework import documents, fetching, filling, link, onething, packages
from casework.cli import app
from casework.errors import VersionMissing
from casework.office import Resources, local_now
from province import accounts, decisions, releases
from province.app import system_now_ms
from province.packages import Services, read_folder
from store import cases
from store import packages as kept_packages
from store.models import Package
from sync.errors import PackageUnfinished
from sync.packages import Entry, PackageSource
from tests.casework.hall import PASSWORD
from tests.casework.packages_scene import OFFICES, SERVICE, Scene, Window, publishing
from tests.province.packages import load, write_package
from tests.province.publisher import Publisher


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with publishing(tmp_path) as made:
        yield made


def test_a_pilot_reaches_the_offices_it_is_meant_for_widens_and_is_called_back(
    scene: Scene,
) -> None:
    one, two = (scene.window(name) for name in OFFICES)
    scene.publish("2")
    scene.release("2", OFFICES["qingshan"])
    one.look()
    two.look()
    assert (one.offered, two.offered) == ([("2", True)], [("1", False)])
    scene.release("2", percent=100)
    two.look()
    assert two.offered == [("2", False)]
    scene.recall("2")
    one.look()
    two.look()
    assert one.offered == two.offered == [("1", False)]


def test_a_draft_and_its_case_stay_on_their_version_whatever_is_offered(scene: Scene) -> None:
    window = scene.window()
    old = window.begin()
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    window.look()
    new = window.begin()
    assert (old.package.version, new.package.version) == ("1", "2")
    assert "/data/more" not in old.session.nodes()
    assert "/data/more" in new.session.nodes()
    case_id = window.finish(old.id)
    window.finish(new.id)
    assert window.round() == 0
    scene.province.database.write(
        decisions.request_supplement, str(case_id), "请补正", by="民政", now_ms=system_now_ms()
    )
    window.round()
    row = window.office.store.read(cases.get_case, case_id).row
    form = window.office.catalogue.form(row.service_id, row.service_version)
    correction = filling.begin_supplement(window.office, case_id, form)
    assert correction.package.version == "1"
    correction.session.answer("/data/why", "年满九十周岁")
    filling.accept(window.office, correction).result()
    assert window.round() == 0


def test_what_was_begun_on_a_version_that_is_called_back_is_finished_and_sent(
    scene: Scene,
) -> None:
    window = scene.window()
    scene.publish("2")
    scene.release("2", OFFICES["qingshan"])
    window.look()
    draft = window.begin()
    scene.recall("2")
    window.look()
    assert window.begin().package.version == "1"
    window.enter()  # and on another day
    window.finish(draft.id)
    assert window.round() == 0


def test_a_withdrawn_service_is_not_offered_and_loses_no_work(scene: Scene) -> None:
    window = scene.window()
    draft, sealed = window.begin(), window.begin()
    window.finish(sealed.id)
    scene.province.services = Services({})
    window.look()
    assert window.offered == []
    window.enter()
    window.finish(draft.id)
    assert window.round() == 2  # the province takes nothing unchecked; it stays due here
    scene.province.services = load(scene.publisher.folder / "again")
    window.look()
    assert window.offered == [("1", False)]


def test_a_draft_outlives_the_program_s_next_version(scene: Scene) -> None:
    window = scene.window()
    draft = window.begin()
    services = window.hall.resources.folder / "services"
    shutil.move(services / f"{SERVICE}-1", services.parent / "gone")
    write_package(services, version="3", question="子女姓名")
    window.hall.resources = Resources(services.parent)
    window.enter()
    assert window.offered == [("3", False)]
    window.finish(draft.id)


def test_only_files_that_changed_travel(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    window = scene.window()
    window.look()
    travelled: list[Entry] = []
    read = PackageSource.read

    def watched(self: PackageSource, entry: Entry) -> bytes:
        travelled.append(entry)
        return read(self, entry)

    monkeypatch.setattr(PackageSource, "read", watched)
    scene.publish("2")
    scene.release("2", percent=100)
    window.look()
    assert [entry.path for entry in travelled] == ["service.toml"]
    assert window.offered == [("2", False)]


def test_a_faulty_package_leaves_the_version_before_in_force_until_a_better_one_comes(
    scene: Scene,
) -> None:
    window = scene.window()
    files = read_folder(write_package(scene.publisher.folder / "new", version="2"))
    scene.publisher.publish("service", SERVICE, "2", {**files, "form.xlsx": b"no workbook"})
    scene.province.shelf.tend()
    scene.release("2", percent=100)
    state = window.look()
    assert (state.error, state.name) == ("C181", SERVICE)
    assert window.offered == [("1", False)]
    scene.publish("3")
    scene.release("3", percent=100)
    assert window.look().error == ""
    assert window.offered == [("3", False)]


def test_a_version_that_was_called_back_is_not_offered_in_place_of_one_that_is_faulty(
    scene: Scene,
) -> None:
    window = scene.window()
    scene.publish("2")
    scene.release("2", percent=100)
    window.look()
    files = read_folder(write_package(scene.publisher.folder / "new", version="3"))
    scene.publisher.publish("service", SERVICE, "3", {**files, "form.xlsx": b"no workbook"})
    scene.province.shelf.tend()
    scene.release("3", percent=100)
    window.look()
    assert window.offered == [("2", False)]
    scene.recall("2")
    window.look()
    assert window.offered == [("1", False)]


def test_what_is_offered_comes_back_without_a_network(scene: Scene) -> None:
    window = scene.window()
    scene.publish("2")
    scene.release("2", OFFICES["qingshan"])
    window.look()
    window.hall.resources = Resources(window.hall.resources.folder)
    window.enter()
    assert window.offered == [("2", True)]
    assert window.begin().package.version == "2"


def test_expired_signatures_stop_no_work_and_are_said(scene: Scene) -> None:
    window = scene.window()
    first = window.look()
    assert first.seen_at is not None
    scene.publisher.later = timedelta(days=-4)
    scene.publisher.publish("program", "none", "1", {"x": b""})
    window.office = replace(window.office, now=lambda: local_now() + timedelta(hours=7))
    state = window.look()
    assert (state.error, state.seen_at) == ("S180", first.seen_at)
    window.finish(window.begin().id)
    assert window.round() == 0


def test_a_version_that_is_not_here_is_named_and_brought_for_the_draft_that_is_on_it(
    scene: Scene,
) -> None:
    window = scene.window()
    scene.publish("2")
    scene.release("2", OFFICES["qingshan"])
    window.look()
    draft = window.begin()
    scene.recall("2")
    window.look()

    window.office.store.writer.submit(_forget, SERVICE, "2").result()
    window.hall.resources = Resources(window.hall.resources.folder)
    window.enter()
    with pytest.raises(VersionMissing):
        window.finish(draft.id)
    window.look()
    window.finish(draft.id)


def _forget(session, service: str, version: str) -> None:  # type: ignore[no-untyped-def]
    row = session.get(Package, (kept_packages.SERVICE, service, version))
    session.delete(row)


def test_a_link_that_costs_carries_no_packages(scene: Scene) -> None:
    window = scene.window()
    scene.publish("2")
    scene.release("2", percent=100)
    window.look(sparing=True)
    assert window.offered == [("1", False)]
    window.look()
    assert window.offered == [("2", False)]


def test_a_new_enrolment_begins_with_the_root_that_the_province_has_then(scene: Scene) -> None:
    window = scene.window()
    window.look()
    shutil.rmtree(scene.publisher.folder / "repository")
    shutil.rmtree(scene.publisher.keys)
    scene.publisher = Publisher(scene.publisher.folder)  # every root key was lost
    scene.publish("2")
    scene.release("2", percent=100)
    assert window.look().error == "S181"
    now = system_now_ms()
    code = scene.province.database.write(accounts.new_enrol_code, "qingshan", now_ms=now)
    link.enrol_office(window.hall.enter("admin"), scene.url, code, device_name="again")
    window.enter()
    assert window.look().error == ""
    assert window.offered == [("2", False)]


def test_an_install_that_is_cut_off_leaves_nothing_half(scene: Scene) -> None:
    store = scene.window().office.store

    def install(session) -> None:  # type: ignore[no-untyped-def]
        files = {"a": b"1", "b": b"2"}
        kept_packages.put(session, "service", "x", "1", files, scene.publisher.now())
        raise InterruptedError

    with pytest.raises(InterruptedError):
        store.writer.submit(install).result()
    assert store.read(kept_packages.files, "service", "x", "1") == {}
    assert ("x", "1") not in store.read(kept_packages.digests, "service")


def test_a_version_that_is_called_back_on_its_way_leaves_nothing_lying_about(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, store = scene.window(), scene.window().office.store
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    read = PackageSource.read

    def cut_off(self: PackageSource, entry: Entry) -> bytes:
        if store.read(kept_packages.left_over):
            raise PackageUnfinished
        return read(self, entry)

    with monkeypatch.context() as slow:
        slow.setattr(PackageSource, "read", cut_off)
        assert window.look().unfinished
    (store.folder / "packages" / "x.part").write_bytes(b"half of a file")
    scene.recall("2")
    assert not window.look().unfinished
    assert not store.read(kept_packages.left_over)
    assert not list((store.folder / "packages").iterdir())


def test_a_newer_code_list_takes_the_place_of_the_one_that_ships(scene: Scene) -> None:
    window = scene.window()
    shipped = window.office.catalogue.lists["divisions.csv"]
    newer = shipped + shipped.splitlines(keepends=True)[-1]
    scene.publisher.publish("codelist", "divisions.csv", "2027.2", {"divisions.csv": newer})
    assert window.look().error == ""
    assert window.office.catalogue.lists["divisions.csv"] == newer
    window.hall.resources = Resources(window.hall.resources.folder)
    window.enter()
    assert window.office.catalogue.lists["divisions.csv"] == newer


def test_an_older_code_list_is_not_taken(scene: Scene) -> None:
    window = scene.window()
    shipped = window.office.catalogue.lists["divisions.csv"]
    publisher = scene.publisher
    publisher.publish("codelist", "divisions.csv", "2027.2", {"divisions.csv": shipped + b"\n"})
    window.look()
    _take_out(publisher, "codelists", "codelists/divisions.csv.json")
    publisher.publish("codelist", "divisions.csv", "2027.1", {"divisions.csv": shipped})
    _look_again(window)
    assert window.office.catalogue.lists["divisions.csv"] == shipped + b"\n"


def test_a_code_list_without_the_columns_that_forms_ask_for_is_not_taken(scene: Scene) -> None:
    window = scene.window()
    shipped = window.office.catalogue.lists["divisions.csv"]
    files = {"divisions.csv": b"name\nx\n"}
    scene.publisher.publish("codelist", "divisions.csv", "2027.2", files)
    assert window.look().error == "C181"
    assert window.office.catalogue.lists["divisions.csv"] == shipped


def test_deadlines_are_counted_anew_when_the_year_s_holidays_are_published(scene: Scene) -> None:
    window = scene.window()
    window.office = replace(window.office, now=lambda: datetime(2026, 12, 28, 9, tzinfo=UTC))
    case = window.finish(window.begin().id)
    assert _promised(window, case) == (date(2027, 1, 5), "2027年1月5日（2027年放假安排公布前暂计）")
    shipped = window.office.catalogue.lists["workdays.csv"].decode()
    content = shipped.replace("expected", "published") + "2027-01-04,off,published,x\n"
    files = {"workdays.csv": content.encode()}
    scene.publisher.publish("codelist", "workdays.csv", "2027.1", files)
    assert window.look().error == ""
    assert _promised(window, case) == (date(2027, 1, 6), "2027年1月6日")


def _promised(window: Window, case: UUID) -> tuple[date | None, str]:
    due_on = window.office.store.read(cases.get_case, case).row.due_on
    _, fields = documents.filled(window.office, f"receipt:{case}")
    return due_on, str(fields["promised_on"])


BUNDLE = """\
id = "both"
version = "1"
item_code = "TEST-0002"
name = { zh = "两件事", en = "Both" }
department = { zh = "民政", en = "Civil affairs" }
audience = { zh = "老人", en = "The old" }
receipt = { template = "receipt" }
[[part]]
service = "old-age"
version = "1"
[[part]]
service = "heating"
version = "1"
[[shared]]
ref = "/data/name"
"""


def test_a_bundle_is_offered_once_all_its_parts_are_here(scene: Scene) -> None:
    window = scene.window()
    place = write_package(scene.publisher.folder / "new", "heating")
    bundle = {"service.toml": BUNDLE.encode(), "guide.md": b"", "guide.en.md": b""}
    scene.publisher.publish("service", "both", "1", bundle)
    scene.province.shelf.tend()
    found = scene.province.services.find("both", "1")
    assert found is not None
    scene.province.database.write(releases.release, found, percent=100)
    assert window.look().error == "S182"
    assert not window.office.catalogue.offers("both")
    scene.publisher.publish("service", "heating", "1", read_folder(place))
    scene.province.shelf.tend()
    assert window.look().error == ""
    assert window.office.catalogue.offers("both")
    form = window.office.catalogue.whole_form("both")
    made = filling.begin(window.office, "both", form, language="zh_CN")
    made.session.answer("/old-age/data/name", "样例乙")
    case = filling.accept(window.office, made).result()
    together = onething.together(window.office, case)
    assert together is not None
    assert [row.service_id for row in together.view.cases] == ["old-age", "heating"]
    assert window.round() == 0


def test_a_list_of_working_days_that_cannot_be_read_changes_nothing(scene: Scene) -> None:
    window = scene.window()
    shipped = window.office.catalogue.lists["workdays.csv"]
    files = {"workdays.csv": b"day,kind,standing,source\n2027-02-30,off,published,x\n"}
    scene.publisher.publish("codelist", "workdays.csv", "2027.1", files)
    assert window.look().error == "C181"
    assert window.office.catalogue.lists["workdays.csv"] == shipped


def _take_out(publisher: Publisher, role: str, path: str) -> None:
    made = publisher.repository.read(role)
    del made.signed.targets[path]
    by = publisher.repository.read("targets").signed
    publisher.repository._save(role, made, publisher.ring(), by=by)


def _look_again(window: Window) -> None:
    provider = link.provider(window.office.store)
    with fetching.looking(window.office, provider, lambda: False) as found:
        assert found is not None
        fetching.bring_list(window.office, found, "divisions.csv")
    provider.close()
    packages.offer(window.office)


def test_a_newer_program_is_announced_downloaded_whole_and_never_installed(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    window = scene.window()
    monkeypatch.setattr("casework.console.profile_box", lambda _profile: window.hall.box)
    monkeypatch.setenv("LASTMILE_PASSWORD", PASSWORD)
    installer = tmp_path / "lastmile-99.deb"
    installer.write_bytes(bytes(range(256)) * 4000)
    scene.publisher.publish("program", "linux", "0.0.1", {"old.deb": installer})
    assert window.look().program == ""
    scene.publisher.publish("program", "linux", "99.0", {installer.name: installer})
    window.office = replace(window.office, now=lambda: local_now() + timedelta(hours=7))
    assert window.look().program == "99.0"
    with monkeypatch.context() as installed:
        installed.setattr(fetching, "version_of", lambda _name: "99.0")
        assert packages.freshness(window.office).program == "", "it is this one"
    window.hall.leave()

    def admin(*words: str, code: int = 0) -> dict[str, object]:
        where = ("--profile", str(window.hall.folder), "--json")
        done = CliRunner().invoke(app, [*words, *where])
        assert done.exit_code == code, done.output
        said: dict[str, object] = json.loads(done.output)
        return said

    newer = admin("update", "check", code=1)
    assert (newer["newer"], newer["bytes"]) == ("99.0", installer.stat().st_size)
    assert newer["sha256"] == sha256(installer.read_bytes()).hexdigest()
    to = tmp_path / "to"
    got = Path(str(admin("update", "download", "--to", str(to))["file"]))
    assert got.read_bytes() == installer.read_bytes()
    assert [path.name for path in to.iterdir()] == [installer.name]
