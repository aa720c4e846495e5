"""`lastmile-admin decision` and `certificate void|replace` on a real profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from casework import console, reading
from casework.cli import app
from casework.office import RESOURCES, Resources
from tests.casework.hall import PASSWORD
from tests.casework.site import Site, open_site
from tests.casework.test_deciding import accepted, ready


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("LASTMILE_PASSWORD", PASSWORD)
    monkeypatch.setenv("LASTMILE_SECOND_PASSWORD", PASSWORD)
    with open_site(tmp_path, Resources(RESOURCES), services=True) as made:
        monkeypatch.setattr(console, "profile_box", lambda _profile: made.hall.box)
        yield made


def run(site: Site, *arguments: str, login: str = "zhao") -> Result:
    where = ("--profile", str(site.hall.folder), "--login", login)
    return CliRunner().invoke(app, [*arguments, *where])


def facts(site: Site, *arguments: str) -> dict[str, Any]:
    done = run(site, *arguments, "--json")
    assert done.exit_code == 0, done.output
    said: dict[str, Any] = json.loads(done.output)
    return said


def test_a_script_grants_replaces_and_voids_with_a_second_person(site: Site) -> None:
    office = ready(site)
    case = reading.get_case(office, accepted(office)).row.number
    site.hall.leave()
    assert facts(site, "decision", "authority")["numbers_left"] == 100
    old = facts(site, "decision", "grant", case)["certificate"]
    why = ("--reason", "破损", "--second")
    refused = run(site, "certificate", "void", old, *why, "zhao")
    assert (refused.exit_code, refused.output.split()[0]) == (3, "C141")
    new = facts(site, "certificate", "replace", old, *why, "admin")["certificate"]
    assert run(site, "certificate", "void", new, *why, "admin").exit_code == 0
    again = run(site, "certificate", "void", new, *why, "admin")
    assert again.exit_code == 3
    assert run(site, "decision", "grant", case, login="li").output.startswith("C102")
    assert run(site, "decision", "refuse", case, "--reason", "x").output.startswith("D160")
    assert run(site, "decision", "refuse", "no such case", "--reason", "x").exit_code == 3
