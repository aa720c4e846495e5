"""`lastmile-admin openrosa` and `sync --provider openrosa` as IT staff use them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from casework import filling, openrosa
from casework.cli import app
from casework.office import RESOURCES, Office, Resources, local_now
from store.open import unlock
from store.secrets import profile_box
from tests.casework.hall import PASSWORD, PNG
from tests.casework.test_openrosa import VILLAGES, filled, form, hall_as
from tests.sync.openrosa_server import Offered, Server

ROOT = Path(__file__).parents[2]
KEY = "k" * 64


@pytest.fixture
def server() -> Iterator[Server]:
    offered = Offered("visit", "1", "入户走访", form("1"), {"villages.csv": VILLAGES})
    with Server(kind="central", key=KEY, forms=[offered]) as made:
        yield made
        assert made.wrong == []


class Staff:
    """Somebody at a command line, with a profile of their own."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile

    def run(self, *arguments: str, **more: str) -> Result:
        env = {
            "LASTMILE_PASSWORD": PASSWORD,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "LASTMILE_OPENROSA_CODE": "",
            "LASTMILE_OPENROSA_PASSWORD": "",
            **more,
        }
        done = CliRunner().invoke(app, [*arguments, "--profile", str(self.profile)], env=env)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert KEY not in done.output  # nor in any error
        return done

    def said(self, *arguments: str, code: int = 0) -> Any:
        done = self.run(*arguments, "--json")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile as `init` leaves it."""
    profile = tmp_path_factory.mktemp("staff") / "p"
    Staff(profile).said("init")
    return profile


@pytest.fixture
def staff(fresh: Path, tmp_path: Path) -> Iterator[Staff]:
    kept = shutil.copytree(fresh, tmp_path / "kept")
    yield Staff(fresh)  # in its own place, since a copy elsewhere is not opened
    shutil.rmtree(fresh)
    shutil.copytree(kept, fresh)


def accept_one(profile: Path) -> None:
    """A submission in the profile that a command line has made, as a clerk leaves it."""
    store = unlock(profile, "admin", PASSWORD, secret=profile_box(profile), now=local_now())
    office = Office(store, Resources(RESOURCES))
    openrosa.offer(office)
    hall_as(office, "clerk")
    (package,) = office.catalogue.search("入户")
    filling.accept(office, filled(office, package.id)).result()
    store.close()


def test_what_was_typed_wrong_is_said_before_anything_is_asked(
    staff: Staff, tmp_path: Path
) -> None:
    assert staff.run("openrosa", "connect").exit_code == 2
    assert staff.run("openrosa", "connect", "--code", str(tmp_path / "none.png")).exit_code == 2
    assert staff.run("openrosa", "connect", "https://x.example", "--scheme", "no").exit_code == 2
    (tmp_path / "cat.png").write_bytes(PNG)
    for arguments, code in (
        (("openrosa", "connect", "--code", str(tmp_path / "cat.png")), "S208"),
        (("openrosa", "connect", "https://[bad"), "S211"),
        (("openrosa", "connect", "http://kc.example"), "S211"),
        (("openrosa", "remove", "no-such"), "C271"),
        (("openrosa", "fetch"), "C273"),
        (("sync", "--once", "--provider", "openrosa"), "C273"),
    ):
        done = staff.run(*arguments)
        assert (done.exit_code, done.stderr.split()[0]) == (3, code)
    assert staff.said("openrosa", "list") == {"projects": []}


def test_a_project_is_connected_only_if_its_server_answers(staff: Staff, server: Server) -> None:
    for url, code in (
        (f"{server.url}/nowhere", "S201"),
        (server.url.replace(KEY, "x" * 64), "S202"),
    ):
        done = staff.run("openrosa", "connect", url)
        assert (done.exit_code, done.stderr.split()[0]) == (3, code)
    assert staff.said("openrosa", "list") == {"projects": []}
    connected = staff.said("openrosa", "connect", f"{server.url}/formList/", "--name", "走访")
    assert connected == {"new": ["入户走访"], "refused": [], "offered": 1}
    (project,) = staff.said("openrosa", "list")["projects"]
    assert (project["host"], project["forms"]) == (f"127.0.0.1:{server.port}", 1)
    assert project["name"] == "走访"
    line = staff.run("openrosa", "list").stdout
    assert line.startswith(project["id"])
    assert "datetime" not in line


def test_a_server_that_does_not_answer_keeps_no_other_from_being_asked(
    staff: Staff, server: Server
) -> None:
    staff.said("openrosa", "connect", server.url)
    with Server(kind="central", key=KEY, forms=server.forms) as other:
        staff.said("openrosa", "connect", other.url)
        other.forms = [*other.forms, Offered("broken", "1", "坏表", b"<html>")]
        server.looks = [503]
        first, second = staff.said("openrosa", "fetch", code=1)["projects"]
    assert (first["error"], first["fields"]) == ("S206", {"wait_s": 30})
    assert [(each["name"], each["code"]) for each in second["refused"]] == [("坏表", "F101")]
    assert (second["error"], second["offered"]) == ("", 1)
    first, second = staff.said("openrosa", "fetch", code=1)["projects"]
    assert (first["error"], second["error"]) == ("", "S200")
    text = staff.run("openrosa", "fetch").stdout
    assert "S200" in text
    assert "{" not in text


def test_a_round_says_for_each_project_how_it_went(staff: Staff, server: Server) -> None:
    staff.said("openrosa", "connect", server.url)
    accept_one(staff.profile)
    server.faults = [409]
    done = staff.said("sync", "--once", "--provider", "openrosa", code=1)
    assert (done["failed"], done["waiting"], done["error"]) == (1, 1, "")
    (project,) = done["projects"]
    assert (project["host"], project["failed"]) == (f"127.0.0.1:{server.port}", 1)
    server.looks = [511]
    done = staff.said("sync", "--once", "--provider", "openrosa", code=1)
    assert (done["error"], done["projects"][0]["error"]) == ("S205", "S205")
    assert staff.run("sync", "--once", "--provider", "openrosa").exit_code == 0


def test_the_command_line_connects_fetches_and_sends(tmp_path: Path) -> None:
    offered = Offered("visit", "1", "入户走访", form("1"), {"villages.csv": VILLAGES})
    with Server(forms=[offered]) as server:
        ran_as_a_program(tmp_path, server)
        assert server.wrong == []


def ran_as_a_program(tmp_path: Path, server: Server) -> None:
    env = {
        **os.environ,
        "LASTMILE_PASSWORD": PASSWORD,
        "LASTMILE_OPENROSA_PASSWORD": "geheim",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }

    def run(*arguments: str) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, "-m", "casework.cli", *arguments, "--profile", str(tmp_path / "p")],
            cwd=ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
        assert "geheim" not in done.stdout + done.stderr
        return dict(json.loads(done.stdout))

    run("init", "--json")
    connected = run("openrosa", "connect", server.url, "--user", "walter", "--json")
    assert connected["offered"] == 1
    accept_one(tmp_path / "p")
    synced = run("sync", "--once", "--provider", "openrosa", "--json")
    assert (synced["error"], synced["acknowledged"], synced["waiting"]) == ("", 1, 0)
    (held,) = server.held.values()
    assert held.complete
