"""The example of docs/forms-api.md runs, and is as short as it claims."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import forms

DOCUMENT = (Path(__file__).parents[2] / "docs" / "forms-api.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_fills_a_form(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block("python"), "forms-api.md", "exec"), {"source": block("xml").encode()})
    children, _, xml = capsys.readouterr().out.partition("\n")
    assert children == "1"
    assert "<name>李示例</name>" in xml
    assert xml.count("<age>") == 2
    assert "<instanceID>uuid:" in xml


def test_the_example_takes_fifteen_lines() -> None:
    example = block("python").partition("form = load_form")[2]
    assert len([line for line in example.splitlines() if line.strip()]) <= 15


def test_every_name_of_the_interface_is_there() -> None:
    for name in re.findall(r"`(session|form)\.(\w+)\(", DOCUMENT):
        owner = forms.Session if name[0] == "session" else forms.Form
        assert callable(getattr(owner, name[1]))
    assert set(forms.__all__) >= {"Form", "FormError", "Session", "Submission", "load_form"}
