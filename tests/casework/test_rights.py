"""Every verb of the office demands its right, whoever calls it and from wherever."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from casework import rights
from casework.errors import NotAllowed
from store.views import OperatorView

ROOT = Path(__file__).parents[2]
# What the windows may import of the store: values, errors, and in the two files that open it more.
VALUES = {"views", "errors", "secrets"}
OPENERS = {"local_office.py", "local_projects.py", "demo.py", "journey.py"}


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    for path in sorted((ROOT / "casework").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(name)
        for each, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == name and each[0] != "_":
                first = next(iter(inspect.signature(value).parameters.values()), None)
                if first is not None and first.annotation in ("Office", "Office | None"):
                    yield f"{name}.{each}", value


VERBS = dict(verbs())


class Untouchable:
    """An office in which only the role may be looked at."""

    def __init__(self, role: str) -> None:
        self.store = SimpleNamespace(operator=OperatorView(uuid4(), "x", "x", role))

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was touched before the right was asked")


def test_every_verb_is_marked_with_a_right() -> None:
    assert len(VERBS) > 20
    assert sorted(VERBS.keys() - rights.VERBS.keys()) == []


@pytest.mark.parametrize("role", rights.ROLES)
def test_no_verb_moves_for_a_role_without_its_right(role: str) -> None:
    moved = []
    for name, verb in VERBS.items():
        if role in rights.RIGHTS[rights.VERBS[name]]:
            continue
        needed = [
            p
            for p in list(inspect.signature(verb).parameters.values())[1:]
            if p.default is inspect.Parameter.empty
        ]
        places = [None for p in needed if p.kind is not inspect.Parameter.KEYWORD_ONLY]
        named = {p.name: None for p in needed if p.kind is inspect.Parameter.KEYWORD_ONLY}
        try:
            verb(Untouchable(role), *places, **named)
        except NotAllowed:
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, it went past the door
            moved.append(f"{name}: {error!r}")
        else:
            moved.append(name)
    assert moved == []


def test_every_right_names_roles_that_exist() -> None:
    assert set().union(*rights.RIGHTS.values()) == set(rights.ROLES)


def test_windows_reach_cases_only_through_verbs() -> None:
    reached = []
    for path in sorted((ROOT / "desktop").rglob("*.py")):
        if path.name in OPENERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {alias.name for alias in node.names}
                if node.module == "store":
                    reached += [f"{path.name}: store.{n}" for n in names - VALUES]
                elif node.module.startswith("store."):
                    room = node.module.split(".")[1]
                    reached += [f"{path.name}: {node.module}"] if room not in VALUES else []
    assert reached == []
