"""Service packages as an office gets them, and as a careless author might write them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from forms.answers import give_sample
from forms.errors import PackageBroken, PackageFileMissing
from forms.service import (
    Decision,
    ServicePackage,
    certificate_fields,
    check_package,
    judge,
    load_package,
    verdict,
)
from forms.session import Session

RESOURCES = Path(__file__).parents[2] / "resources"
FOLDERS = sorted(path.parent for path in RESOURCES.glob("services/*/form.xlsx"))
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@cache
def lists() -> dict[str, bytes]:
    return {"divisions.csv": (RESOURCES / "codes/divisions.csv").read_bytes()}


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def filled(package: ServicePackage) -> Session:
    session = package.open_form(lists()).new_session(
        now=lambda: NOW, today=lambda: date(2026, 11, 24), new_id=lambda: "x", random=lambda: 0.5
    )
    assert give_sample(package, session) == ()
    return session


def test_the_services_ship() -> None:
    assert {folder.name for folder in FOLDERS} == {
        "canji-butie",
        "dibao",
        "gaoling-jintie",
        "jubao-canbao",
        "juzhu-zhengming",
        "linshi-jiuzhu",
        "liudong-renkou",
        "shengyu-dengji",
        "zichan-zixiao",
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_service_leaves_nothing_to_mend(folder: Path) -> None:
    assert check_package(files_of(folder), lists(), now=NOW) == ()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_sample_meets_the_conditions_and_fills_the_certificate(folder: Path) -> None:
    package = load_package(files_of(folder))
    session = filled(package)
    known = set(session.nodes())
    results = judge(package, lambda ref: session.view(ref).answer if ref in known else "")
    assert verdict(package, results) == "pass"
    fields = certificate_fields(package, session)
    assert fields["holder_name"] == package.sample["/data/applicant/name"]
    assert "{" not in fields["body"]
    assert all(fields[name] for name in ("holder_sex", "holder_nation", "holder_birth", "body"))


def test_a_person_of_79_does_not_meet_the_condition_of_age() -> None:
    package = load_package(files_of(RESOURCES / "services/gaoling-jintie"))
    answers = {"/data/applicant/age": "79"}
    results = judge(package, lambda ref: answers.get(ref, ""))
    assert [result.passed for result in results] == [False, None, None]
    assert verdict(package, results) == "fail"
    assert verdict(package, judge(package, lambda _ref: "")) == "open"


def test_a_missing_file_is_named() -> None:
    files = files_of(FOLDERS[0])
    del files["rules.toml"]
    with pytest.raises(PackageFileMissing) as caught:
        load_package(files)
    assert caught.value.fields == {"file": "rules.toml"}


def test_a_slip_of_the_pen_is_named_with_its_line() -> None:
    files = files_of(FOLDERS[0]) | {"service.toml": b'id = "x"\nversion = \n'}
    with pytest.raises(PackageBroken) as caught:
        load_package(files)
    assert caught.value.fields == {"file": "service.toml", "place": "line 2"}


def test_a_key_that_each_service_needs_is_named() -> None:
    files = files_of(FOLDERS[0])
    files["service.toml"] = files["service.toml"].replace(b"item_code", b"item_kode")
    with pytest.raises(PackageBroken) as caught:
        load_package(files)
    assert caught.value.fields["place"] == "item_code"


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("service.toml", b"/data/applicant/phone", b"/data/applicant/fone", "ref"),
        ("service.toml", b'"core"', b'"kore"', "grade"),
        ("rules.toml", b'">="', b'">>"', "operator"),
        ("service.toml", b'en = "Old-age allowance"', b'en = ""', "language"),
        ("sample.json", b'"13900000000"', b'"139"', "refused"),
        ("form.xlsx", b"PK", b"XX", "F102"),
    ],
)
def test_what_an_author_has_to_mend_is_listed(file: str, old: bytes, new: bytes, why: str) -> None:
    files = files_of(RESOURCES / "services/gaoling-jintie")
    assert old in files[file]
    files[file] = files[file].replace(old, new)
    found = check_package(files, lists(), now=NOW)
    assert why in {finding.why for finding in found} or (
        file == "form.xlsx" and found[0].file == "form.xlsx"
    )


def test_what_no_office_can_do_is_a_finding() -> None:
    files = files_of(FOLDERS[0])
    book = openpyxl.load_workbook(io.BytesIO(files["form.xlsx"]))
    survey = book["survey"]
    names = [cell.value for cell in survey[1]]
    row = {"type": "background-audio", "name": "recorded"}
    survey.append([row.get(str(name)) for name in names])
    out = io.BytesIO()
    book.save(out)
    found = check_package({**files, "form.xlsx": out.getvalue()}, lists(), now=NOW)
    assert [each.place.split()[0] for each in found if each.why == "F111"] == ["recordaudio"]


def test_a_service_says_who_decides_and_for_which_divisions() -> None:
    assert not Decision().lies_with("510923101")
    assert Decision("office").lies_with("510923101")
    assert Decision("office", ("5109", "5301")).lies_with("530102001")
    assert not Decision("office", ("5109",)).lies_with("530102001")
    assert load_package(files_of(RESOURCES / "services/zichan-zixiao")).decision == Decision(
        "office"
    )
    assert load_package(files_of(RESOURCES / "services/dibao")).decision == Decision("province")


def test_a_decider_that_nobody_knows_is_found() -> None:
    files = files_of(RESOURCES / "services/zichan-zixiao")
    toml = files["service.toml"].replace(b'by = "office"', b'by = "village"')
    found = check_package({**files, "service.toml": toml}, lists(), now=NOW)
    assert [(each.place, each.why) for each in found] == [("decision: village", "decider")]
