"""A character that no printer can print is named while it is typed, and kept."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.questions.base import QuestionWidget, Surroundings
from desktop.questions.text import MultilineQuestion, TextQuestion
from forms.views import NodeView
from printing.errors import Miss
from tests.printing.samples import fonts


def unprintable(text: str) -> tuple[Miss, ...]:
    return tuple(Miss("", each) for each in fonts().missing(text, "song"))


@pytest.fixture(params=[TextQuestion, MultilineQuestion])
def question(qtbot: QtBot, request: pytest.FixtureRequest) -> QuestionWidget:
    made: QuestionWidget = request.param(view(""), Surroundings(unprintable=unprintable))
    qtbot.addWidget(made)
    return made


def view(answer: str) -> NodeView:
    return NodeView(
        ref="/data/name", kind="input", data_type="string", parent="/data",
        relevant=True, read_only=False, required=False, answer=answer,
    )  # fmt: skip


def test_a_name_that_no_font_draws_is_named_at_once(question: QuestionWidget) -> None:
    question.show_view(view("李\U0002ebf0"))
    assert "\U0002ebf0 (U+2EBF0)" in question.problem_text()
    assert question.complaint == ""  # the answer stands; nothing keeps the case from acceptance
    question.show_view(view("李𠂇明"))
    assert question.problem_text() == ""


def test_an_old_private_character_is_answered_with_the_one_to_type(
    question: QuestionWidget,
) -> None:
    question.show_view(view("李\ue816"))
    assert "U+E816" in question.problem_text()
    assert "𠂇" in question.problem_text()
