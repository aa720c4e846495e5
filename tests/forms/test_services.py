"""Every service that ships: its form fills with its sample, in both languages, and comes back."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forms import Form, Session, load_form
from forms.answers import make_room
from forms.authoring import compile_xlsform
from forms.views import Submission

RESOURCES = Path(__file__).parents[2] / "resources"
SERVICES = sorted(path.parent for path in RESOURCES.glob("services/*/form.xlsx"))
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@cache
def form_of(folder: Path) -> Form:
    lists = {"divisions.csv": (RESOURCES / "codes/divisions.csv").read_bytes()}
    return load_form(compile_xlsform((folder / "form.xlsx").read_bytes()).xform, lists)


def surroundings() -> dict[str, Any]:
    return {
        "now": lambda: NOW,
        "today": lambda: date(2026, 11, 24),
        "new_id": lambda: "00000000-0000-4000-8000-000000000001",
        "random": lambda: 0.5,
    }


def filled(folder: Path) -> Session:
    session = form_of(folder).new_session(**surroundings())
    for ref, answer in json.loads((folder / "sample.json").read_text(encoding="utf-8")).items():
        make_room(session, ref)
        assert session.answer(ref, answer).problem is None, ref
    return session


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_the_sample_of_a_service_can_be_finalised(folder: Path) -> None:
    done = filled(folder).finalise(NOW)
    assert isinstance(done, Submission), done
    assert done.instance_id.startswith("uuid:")
    assert done.attachments


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_a_draft_comes_back_as_it_was(folder: Path) -> None:
    session = filled(folder)
    again = form_of(folder).resume(session.xml(), **surroundings())
    assert again.xml() == session.xml()
    assert again.nodes() == session.nodes()


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_every_question_has_words_in_both_languages(folder: Path) -> None:
    session = filled(folder)
    assert set(session.languages) == {"中文 (zh)", "English (en)"}
    for language in session.languages:
        session.set_language(language)
        views = [session.view(ref) for ref in session.nodes()]
        assert [view.ref for view in views if view.kind == "input" and not view.label] == []


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_a_guide_stands_beside_each_service(folder: Path) -> None:
    service = tomllib.loads((folder / "service.toml").read_text(encoding="utf-8"))
    assert service["id"] == folder.name
    assert service["name"]["zh"] in (folder / "guide.md").read_text(encoding="utf-8")
    assert service["name"]["en"] in (folder / "guide.en.md").read_text(encoding="utf-8")


def test_a_wrong_check_digit_is_refused_in_words() -> None:
    session = form_of(RESOURCES / "services/dibao").new_session(**surroundings())
    problem = session.answer("/data/applicant/id_no", "519999196905051351").problem
    assert problem is not None
    assert problem.condition == "constraint"
    assert "18" in problem.message


def test_income_a_head_follows_the_household() -> None:
    session = filled(RESOURCES / "services/dibao")
    assert session.view("/data/income/per_head").answer == "440"
    changes = session.answer("/data/member[2]/member_income", "600")
    assert "/data/income/per_head" in changes.refs
    assert session.view("/data/income/per_head").answer == "640"
    session.remove_repeat("/data/member[2]")
    assert session.view("/data/income/per_head").answer == "660"


def test_townships_follow_the_county() -> None:
    session = filled(RESOURCES / "services/juzhu-zhengming")
    ref = "/data/residence/live_township"
    before = {choice.value for choice in session.view(ref).choices}
    assert "510923101" in before
    session.answer("/data/residence/live_county", "510921")
    after = {choice.value for choice in session.view(ref).choices}
    assert after
    assert before.isdisjoint(after)
