"""The house keeps its own limits: lengths, names, wording, and nothing that does not belong."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("desktop", "casework", "sync", "store", "forms", "printing", "province")
FILE_LINES = 500
FUNCTION_LINES = 60
LARGE = (".svg", ".csv", ".ttf", ".otf", ".png", ".gz")


def own_files() -> Iterator[Path]:
    """Files of this tree, but for what .gitignore names; the tree need not be a checkout."""
    ignored = [".git", *(ROOT / ".gitignore").read_text(encoding="utf-8").split()]
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not _fits(name, ignored)]
        yield from (Path(folder) / name for name in names if not _fits(name, ignored))


def _fits(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern.rstrip("/")) for pattern in patterns)


def python_files() -> list[Path]:
    return [path for path in own_files() if path.suffix == ".py"]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_outgrows_its_room() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in functions(path)
        if (node.end_lineno or 0) - node.body[0].lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_no_installed_distribution_ships_a_room_of_our_name() -> None:
    taken = {
        (dist.metadata["Name"], top)
        for dist in distributions()
        if dist.metadata["Name"] != "lastmile"
        for file in dist.files or ()
        if (top := file.parts[0]) in ROOMS and file.suffix == ".py"
    }
    assert taken == set()


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in python_files() if path.name.startswith("test_")}
    assert [f for f in folders if not (f / "__init__.py").exists()] == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a path of the machine it was built on", r"(^|[^A-Za-z0-9_.])/(work/|root/\.)"),
        (
            "the host of a package registry",
            r"py" + r"pi\.org|python" + r"hosted|registry\.np" + r"mjs|deb\.deb" + r"ian\.org",
        ),
        ("a loose end", r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    ],
)
def test_the_tree_speaks_of_itself_alone(what: str, pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in own_files()
        if path.suffix not in LARGE and (text := _text(path)) is not None
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found[:8] == [], what


def _text(path: Path) -> str | None:
    content = path.read_bytes()
    return None if b"\0" in content[:8000] else content.decode(errors="replace")


def test_the_lock_pins_every_package_by_hash_and_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(pins) > 50
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert "://" not in text
