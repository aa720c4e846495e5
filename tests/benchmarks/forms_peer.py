"""The peer of the form benchmark, `@getodk/xforms-engine` in Node, where somebody has installed it.

It never stands in the tree: LASTMILE_FORMS_PEER, or ~/.cache/lastmile/forms-peer, is a folder in
which `npm install @getodk/xforms-engine jsdom` was run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

DRIVER = Path(__file__).parents[3] / "shared/bench/peer_driver.mjs"
STATE = Path(__file__).with_name("peer_state.mjs")
_LONGEST_S = 1800
_CLOCK = re.compile(datetime.now(UTC).date().isoformat())


def find_peer() -> tuple[Path | None, str]:
    """The folder of the peer, or None and why there is none."""
    named = os.environ.get("LASTMILE_FORMS_PEER")
    folder = Path(named) if named else Path.home() / ".cache/lastmile/forms-peer"
    if shutil.which("node") is None:
        return None, "Node is not installed"
    if not (folder / "node_modules/@getodk/xforms-engine").is_dir():
        return None, f"no @getodk/xforms-engine below {folder} (LASTMILE_FORMS_PEER names another)"
    if not DRIVER.is_file():
        return None, f"its driver is not at {DRIVER}"
    for script in (DRIVER, STATE):
        shutil.copy(script, folder)
    return folder, ""


def measure(peer: Path, form: Path, forms: Path, *, real: bool) -> dict[str, Any]:
    """One process of the peer over one form: CPU ms, as its driver reports them."""
    argument = str(form) if real else form.stem
    found = _node(peer, DRIVER.name, argument, FORMS=str(forms), WARM="0", BUDGET="0.2")
    walked, answered = found.get("walk") or {}, found.get("change") or {}
    filtered = found.get("filter") or {}
    return {
        "load": found["coldLoadCpuMs"],
        "answer": walked.get("med") if real else answered.get("cpuMed"),
        "slowest": walked.get("max"),
        "first_filter": filtered.get("cpuFirst"),
        "filter": filtered.get("cpuMed"),
        "add": (found.get("addRepeat") or {}).get("cpuMed"),
        "serialise": (found.get("serialise") or {}).get("med"),
        "rss": found["maxRssMB"],
        "wrong": [each for each in found.get("checks", []) if "soft" not in each],
    }


def differences(peer: Path, form: Path, state: dict[str, Any]) -> list[str]:
    """Where the peer's submission after the same answers is another than ours."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as deeds:
        json.dump(state["deeds"], deeds)
        deeds.flush()
        theirs = _node(peer, STATE.name, str(form), deeds.name)
    found = [f"the peer refuses {each}" for each in theirs["refused"]]
    ours, others = _leaves(state["xml"]), _leaves(theirs["xml"])
    pairs = enumerate(zip(ours, others, strict=False))
    found += [f"{n}. {a} against {b}" for n, (a, b) in pairs if a != b]
    if len(ours) != len(others):
        found.append(f"{len(ours)} nodes against {len(others)}")
    return found


def _leaves(xml: str) -> list[tuple[str, str]]:
    root = etree.fromstring(xml.encode())
    found: list[tuple[str, str]] = []
    for each in root.iter("{*}*"):
        name = etree.QName(each).localname
        if len(each) == 0 and name not in {"instanceID", "deprecatedID"}:
            found.append((name, _plain((each.text or "").strip())))
    return found


def _plain(text: str) -> str:
    if _CLOCK.match(text):  # the peer has a clock of its own
        return "a moment of today"
    try:
        return repr(float(text))
    except ValueError:
        return text


def _node(peer: Path, script: str, *arguments: str, **variables: str) -> dict[str, Any]:
    done = subprocess.run(
        ["node", "--expose-gc", script, *arguments],
        cwd=peer,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
        check=False,
    )
    if done.returncode != 0 or not done.stdout.strip():
        raise RuntimeError(done.stderr[-600:])
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
