"""`lastmile-admin` as IT staff run it: real profile, real province process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from forms import FormError, load_form
from store.room import Room
from tests.province.process import ProvinceProcess

ROOT = Path(__file__).parents[2]
PASSWORD = "korrekt-pferd-7"


class Admin:
    def __init__(self, folder: Path) -> None:
        self.profile = folder / "office"
        self.env = {
            **os.environ,
            "LASTMILE_PASSWORD": PASSWORD,
            "LASTMILE_NEW_PASSWORD": "erstes-wort-3",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def run(self, *arguments: str, expect: int = 0, profile: bool = True) -> str:
        where = ("--profile", str(self.profile)) if profile else ()
        done = subprocess.run(
            [sys.executable, "-m", "casework.cli", *arguments, *where],
            check=False,
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == expect, (done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def json(self, *arguments: str, expect: int = 0, profile: bool = True) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(
            self.run(*arguments, "--json", expect=expect, profile=profile)
        )
        return facts

    def doctor(self) -> dict[str, Any]:
        """What the doctor sees; on a disk that runs out of room it must not call it in order."""
        plenty = Room(self.profile).level == "plenty"
        return self.json("doctor", expect=0 if plenty else 1)


@pytest.fixture
def admin(tmp_path: Path) -> Admin:
    return Admin(tmp_path)


def test_an_office_is_set_up_enrolled_backed_up_and_restored(admin: Admin, tmp_path: Path) -> None:
    province = ProvinceProcess(tmp_path / "province", ROOT / "resources/services")
    province.start()
    try:
        made = admin.json("init")
        assert len(made["office_code"].replace("-", "")) == 28
        assert "D101" in admin.run("init", expect=3)
        admin.run("operator", "li", "李示例")
        enrolled = admin.json("enrol", province.url, province.facts["enrol_code"])
        assert enrolled["division"] == "530102101"
        synced = admin.json("sync", "--once")
        assert (synced["waiting"], synced["numbers_left"]) == (0, 200)
        made = admin.json("backup", "--to", str(tmp_path / "usb"), "--daily")
        backup = made["backup"]
        assert (Path(made["copy"]) / backup).read_bytes()[:6] != b"SQLite"
        admin.run("operator", "zhao", "赵示例")
        assert admin.json("audit", "verify")["first_bad_row"] == ""
        assert admin.json("status")["services"] == 10
        restored = admin.json("restore", str(admin.profile / "backups" / backup))
        assert (admin.profile / restored["kept"] / "store.db").is_file()
        assert restored["cases_left_out"] == []
        assert restored["changes_from_journal"] > 0
        facts = admin.doctor()
        assert facts["set_up"] is True
        assert facts["put_aside"] == [restored["kept"]]
    finally:
        province.close()


def test_a_wrong_password_is_refused_in_one_line(admin: Admin) -> None:
    admin.run("init")
    admin.env["LASTMILE_PASSWORD"] = "etwas-anderes"
    said = admin.run("status", expect=3)
    assert said.strip() == "D110 WrongPassword"


def test_a_damaged_backup_is_refused_and_the_store_stands(admin: Admin, tmp_path: Path) -> None:
    admin.run("init")
    bad = tmp_path / "bad.db"
    bad.write_bytes(os.urandom(65536))
    assert "D130" in admin.run("restore", str(bad), expect=3)
    assert admin.json("status")["waiting"] == 0


def test_a_damaged_store_is_made_again_and_said_so(admin: Admin) -> None:
    admin.run("init")
    path = admin.profile / "store.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert "made again from snapshot and journal; everything is back" in admin.run("status")
    [made] = admin.json("recoveries")["recoveries"]
    assert (made["reason"], made["complete"], made["cases_lost"]) == ("damaged", True, [])
    assert admin.doctor()["put_aside"] == [made["aside"]]


def test_every_shipped_service_passes_the_check(admin: Admin) -> None:
    listed = admin.json("service", "list", profile=False)
    assert "gaoling-jintie" in listed
    folder = ROOT / "resources/services/gaoling-jintie"
    assert admin.json("service", "check", str(folder), profile=False)["in_order"] is True


def test_forms_from_outside_open_or_are_refused_with_a_code(shared: Path) -> None:
    refused = []
    forms = sorted((shared / "conformance/forms").rglob("*.xml"))
    assert forms
    for path in forms:
        try:
            load_form(path.read_bytes())
        except FormError as error:
            refused.append((path.name, error.code))
    assert len(refused) < len(forms) / 4
