"""The recorded corpus of a peer, replayed; it stands beside the tree, not in it."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.forms.conformance.differences import (
    LEFT_ALONE,
    SCENARIO_DIFFERENCES,
    XPATH_DIFFERENCES,
    Difference,
)
from tests.forms.conformance.document import DOCUMENT, document
from tests.forms.conformance.peers import CASES
from tests.forms.conformance_adapter import Adapter

CORPUS = Path(__file__).parents[4] / "shared" / "conformance"
beside = pytest.mark.skipif(not CORPUS.is_dir(), reason="no recorded corpus beside the tree")
SLOW = {"smoketests/who-va:199", "smoketests/child-vaccination:705"}
REFUSED_CALL = (
    "too many", "too few", "not enough", "wrong", "incorrect", "not a nodeset", "no parameters",
    "only one parameter", "miserably", "without the JavaRosa", "fn:itext", "should throw",
    "invalid arg", "___TODO___", "floor fails",
)  # fmt: skip


@pytest.fixture(scope="module")
def replay() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replay", CORPUS / "replay.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unexplained(failed: Iterable[str], known: tuple[Difference, ...]) -> set[str]:
    ids = [each for difference in known for each in difference.ids]
    return {each for each in failed if not any(fnmatchcase(each, pattern) for pattern in ids)}


def failures(results: list[dict[str, Any]], least: float) -> set[str]:
    failed = {result["id"] for result in results if not result["ok"]}
    assert len(failed) <= (1 - least) * len(results)
    return failed


@beside
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the harness leaves a file to the collector
def test_recorded_expressions_agree_or_are_explained(replay: ModuleType) -> None:
    failed = failures(replay.run_xpath(Adapter()), 0.995)
    assert unexplained(failed, XPATH_DIFFERENCES) == set()
    assert {each for d in XPATH_DIFFERENCES for each in d.ids} == failed


@beside
def test_recorded_scenarios_agree_or_are_explained(replay: ModuleType) -> None:
    adapter = Adapter()
    results = [
        replay.replay_record(adapter, record)
        for record in replay.read_jsonl(CORPUS / "scenarios.jsonl")
        if not record.get("knownPeerIssue") and record["id"] not in SLOW
    ]
    failed = failures(results, 0.97)
    assert unexplained(failed, SCENARIO_DIFFERENCES) == set()
    explained = {each for d in SCENARIO_DIFFERENCES for each in d.ids}
    assert explained - SLOW == failed


@beside
def test_every_failing_test_of_the_peer_has_a_case_or_a_reason() -> None:
    known = {key for case in CASES for key in case.peer} | set(LEFT_ALONE)
    open_: list[str] = []
    for row in json.loads((CORPUS / "peer-deviations.json").read_text(encoding="utf-8")):
        name = row["file"].rpartition("/")[2]
        refused = row["package"] == "xpath" and any(w in row["title"] for w in REFUSED_CALL)
        if row["kind"] == "fails" and not refused and not {name, f"{name}:{row['line']}"} & known:
            open_.append(f"{name}:{row['line']} {row['title']}")
    assert open_ == []


def test_the_document_is_not_stale() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()
