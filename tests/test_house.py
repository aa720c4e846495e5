"""The house keeps its own limits: lengths, names, wording, and nothing that does not belong."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("desktop", "casework", "sync", "store", "forms", "printing", "province")
FILE_LINES = 500
FUNCTION_LINES = 60


def tracked(*patterns: str) -> list[Path]:
    """Files of this tree, tracked or new, that match git's `patterns`."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_outgrows_its_room() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in tracked("*.py")
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
    folders = {path.parent for path in tracked("tests/*.py") if path.name.startswith("test_")}
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
    found = subprocess.run(
        ["git", "grep", "-nIE", pattern, "--", ":!*.svg", ":!*.csv", ":!resources/fonts"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert found.stdout.splitlines()[:8] == [], what


def test_the_lock_pins_every_package_by_hash_and_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(pins) > 50
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert "://" not in text
