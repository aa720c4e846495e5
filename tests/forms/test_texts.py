"""Styled text of labels: what is allowed has its effect, all else is text."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.languages import right_to_left
from forms.texts import Block, Look, Run, read_text, to_plain, to_rich

ALLOWED = re.compile(
    r"</?(?:b|i|u|br|p|a|span)(?: (?:href=\"(?:https?://|mailto:|tel:)[^\"<>]*\""
    r"|align=\"\w+\"|style=\"[\w:;#\- ']*\"))?>",
    re.I,
)


def looks(text: str) -> list[tuple[str, Look]]:
    return [(run.text, run.look) for block in read_text(text) for run in block.runs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** c", [("a ", Look()), ("b", Look(bold=True)), (" c", Look())]),
        ("__b__", [("b", Look(bold=True))]),
        ("*i* _i_", [("i", Look(italic=True)), (" ", Look()), ("i", Look(italic=True))]),
        ("***both***", [("both", Look(bold=True, italic=True))]),
        (
            "**a *b* c**",
            [("a ", Look(bold=True)), ("b", Look(True, True)), (" c", Look(bold=True))],
        ),
        ("<u>u</u>", [("u", Look(underline=True))]),
        ("<b>b</b><em>i</em>", [("b", Look(bold=True)), ("i", Look(italic=True))]),
        ('<span style="color:red">r</span>', [("r", Look(colour="red"))]),
        ("<span style='color: #F00; x: y'>r</span>", [("r", Look(colour="#f00"))]),
        ('<span style="font-family: Noto Sans">r</span>', [("r", Look(family="noto sans"))]),
        ("[here](https://example.org/a?b=c)", [("here", Look(link="https://example.org/a?b=c"))]),
        ("**[x](tel:12345)**", [("x", Look(bold=True, link="tel:12345"))]),
        ("a<br>b", [("a\nb", Look())]),
        ("one\ntwo", [("one\ntwo", Look())]),
        ("a &amp; b &lt;", [("a & b <", Look())]),
        (r"\*not\* \[a\](b)", [("*not* [a](b)", Look())]),
    ],
)
def test_markup_has_its_effect(text: str, expected: list[tuple[str, Look]]) -> None:
    assert looks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4",
        "snake_case_name",
        "a ** b",
        "**open",
        "#no heading",
        "[x](javascript:alert(1))",
        "[x](file:///etc/passwd)",
        "[x](data:text/html,a)",
        "<script>x</script>",
        "<img src=x onerror=y>",
        "<a href='https://e.org'>x</a>",
        "<b",
        "</b>",
        "a < b > c",
        "<style>*{}</style>",
    ],
)
def test_what_is_no_markup_is_shown_as_it_stands(text: str) -> None:
    assert looks(text) == [(text, Look())]
    assert unescape(to_rich(text)) == text


def test_headings_lists_and_alignment_are_blocks() -> None:
    text = '# Head\n\npara\n- one\n  - two\n3. three\n<p style="text-align:center">mid</p>end'
    assert read_text(text) == (
        Block((Run("Head"),), heading=1),
        Block((Run("para"),)),
        Block((Run("one"),), item="•"),
        Block((Run("two"),), item="•", depth=1),
        Block((Run("three"),), item="3."),
        Block((Run("mid"),), align="center"),
        Block((Run("end"),)),
    )
    assert to_plain("# A *b*\n- c") == "A b\n• c"


def test_a_style_reaches_no_further_than_colour_and_typeface() -> None:
    html = to_rich('<span style="color:red;background:url(http://x);position:fixed">a</span>')
    assert html == '<span style="color:red">a</span>'
    assert to_rich('<span style="color:expression(1)">a</span>') == "a"
    assert to_rich('<span style="font-family:x\');y">a</span>') == "a"


_MARKS = ["**", "*", "__", "_", "<b>", "</b>", "<span style='color:red'>", "</span>", "<br>", "\\"]
_MARKS += ["[a](https://e.org)", "[", "](", "<script>", "<img src=x>", '"', "'", "&lt;", "&#0;"]
_MARKS += [
    "\n",
    "\n\n",
    "# ",
    "- ",
    "1. ",
    "<p style='text-align:center'>",
    "</p>",
    "<p>",
    ">",
    "<",
]


@given(st.lists(st.one_of(st.sampled_from(_MARKS), st.text(max_size=5)), max_size=30))
def test_no_text_brings_more_into_a_window_than_the_subset(parts: list[str]) -> None:
    html = to_rich("".join(parts))
    assert "<" not in ALLOWED.sub("", html)
    open_tags: list[str] = []
    for tag in re.findall(r"<(/?\w+)", html):
        if tag == "br":
            continue
        if tag[0] == "/":
            assert open_tags.pop() == tag[1:]
        else:
            open_tags.append(tag)
    assert not open_tags


@pytest.mark.parametrize(
    "part", ["**", "*a", "_", "<b>", "</b>", "[", "[a](", "<p>", "\\", "<span style='", "&#", "- "]
)
def test_hostile_text_takes_no_time(part: str) -> None:
    begun = time.process_time()
    to_rich(part * (49_000 // len(part)))
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "name",
    ["ar", "Arabic (ar)", "العربية", "ug", "ئۇيغۇرچە (ug)", "Uyghur", "he-IL", "ur_PK", "fa"],
)
def test_a_language_from_right_to_left_is_known(name: str) -> None:
    assert right_to_left(name)


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "default",
        "English (en)",
        "中文 (zh)",
        "zh_CN",
        "Uyghur (ug-Latn)",
        "es",
        "Tibetan (bo)",
    ],
)
def test_any_other_is_from_left_to_right(name: str | None) -> None:
    assert not right_to_left(name)
