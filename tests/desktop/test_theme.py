"""Colours can be read, and the style sheet knows no colour of its own."""

import re

import pytest
from pytestqt.qtbot import QtBot

from desktop import parts, stylesheet, theme

GROUNDS = ("page", "surface", "raised")
PAIRS = [
    *((text, ground) for text in ("text", "muted") for ground in (*GROUNDS, "accent_soft")),
    *((text, "surface") for text in ("accent", "danger")),
    ("accent", "page"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("danger", "danger_soft"),
    ("warning", "warning_soft"),
    ("success", "success_soft"),
    ("info", "info_soft"),
    *(("text", f"{tone}_soft") for tone in ("info", "success", "warning", "danger")),
    ("nav_text", "nav"),
    ("nav_muted", "nav"),
    ("nav_text", "nav_selected"),
]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_writing_stands_out_from_its_ground(colours: theme.Colours, pair: tuple[str, str]) -> None:
    assert theme.contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 4.5


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["edge", "accent"])
def test_borders_and_focus_rings_stand_out(colours: theme.Colours, role: str) -> None:
    assert theme.contrast(getattr(colours, role), colours.surface) >= 3


def test_contrast_is_that_of_the_standard() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_the_sheet_names_no_colour_itself_and_leaves_no_token() -> None:
    assert not re.search(r"#[0-9a-f]{3,6}\b", stylesheet._SHEET)
    assert "@" not in stylesheet.stylesheet(theme.DARK, theme.TypeScale(), "icons")


def test_a_banner_without_words_is_not_shown(qtbot: QtBot) -> None:
    banner = parts.Banner()
    qtbot.addWidget(banner)
    banner.say("Saved.", "success")
    assert banner.accessibleName() == "Saved."
    banner.say("")
    assert banner.isHidden()
