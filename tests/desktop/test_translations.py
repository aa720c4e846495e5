"""Every word of the interface has its Chinese."""

import ast
import string
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.translation import Interpreter, read_ts

ROOT = Path(__file__).parents[2]
TS = ROOT / "resources" / "i18n" / "lastmile_zh_CN.ts"


def spoken(path: Path) -> set[str]:
    """Strings that a module says through tr(), translate() or QT_TRANSLATE_NOOP."""
    found: set[str] = set()
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        at = {"tr": 0, "QT_TRANSLATE_NOOP": 1, "translate": 1}.get(name)
        if at is None or len(call.args) <= at:
            continue
        said = call.args[at]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            found.add(said.value)
    return found


MODULES = sorted((ROOT / "desktop").rglob("*.py"))
CHINESE = read_ts(TS.read_bytes())[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_string_is_left_in_english(path: Path) -> None:
    assert spoken(path) - CHINESE.keys() == set()


def test_the_blanks_of_a_sentence_survive_its_translation() -> None:
    def blanks(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    assert [en for en, zh in CHINESE.items() if blanks(en) != blanks(zh)] == []


def test_the_interface_switches_and_switches_back(qtbot: QtBot) -> None:
    interpreter = Interpreter()
    interpreter.speak("zh_CN")
    assert QCoreApplication.translate("SignIn", "Sign in") == "登录"
    interpreter.speak("en")
    assert QCoreApplication.translate("SignIn", "Sign in") == "Sign in"
