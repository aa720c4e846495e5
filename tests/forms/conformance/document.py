"""Writes `docs/odk-conformance.md` from the tables of the tests.

python -m tests.forms.conformance.document
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.differential.explained import EXPLAINED
from tests.forms.conformance.differences import (
    LEFT_ALONE,
    SCENARIO_DIFFERENCES,
    XPATH_DIFFERENCES,
    Difference,
)
from tests.forms.conformance.peers import CASES, REFUSED

DOCUMENT = Path(__file__).parents[3] / "docs" / "odk-conformance.md"
SPEC = "https://getodk.github.io/xforms-spec/"
INTRODUCTION = """# How close we are to ODK XForms

Written by `python -m tests.forms.conformance.document` from the tables of the tests; a test fails
when it is stale. *Spec* is the [ODK XForms specification]({spec}), told in our own words.

The engine is measured three ways. Recorded behaviour of ODK Web Forms is replayed
(`tests/forms/conformance/test_replay.py`): at least 99.5 % of the expressions and 97 % of the
scenarios have to agree, and each of the rest is explained here. Where the peer's own tests say that
it is wrong or lacking, cases of ours say what holds (`test_peers.py`). And both engines play random
forms against each other (`python -m tests.differential --help`).
"""


def link(anchor: str) -> str:
    """An anchor of the specification, or a whole address, as a Markdown link."""
    if anchor.startswith("#"):
        return f"[{anchor[1:]}]({SPEC}{anchor})"
    return f"[{anchor.rpartition('#')[2]}]({anchor})"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _differences(found: tuple[Difference, ...]) -> str:
    rows = (
        (", ".join(f"`{each}`" for each in d.ids), d.peer, d.ours, d.decided, link(d.anchor))
        for d in found
    )
    return table(("Record", "The peer", "We", "What decides", "Spec"), rows)


def document() -> str:
    """The whole document."""
    cases = (
        (", ".join(f"`{each}`" for each in case.peer), case.says, _outcome(case.refused),
         link(case.anchor))
        for case in CASES
    )  # fmt: skip
    left = ((f"`{key}`", why) for key, why in LEFT_ALONE.items())
    explained = ((each.what, each.why, link(each.anchor)) for each in EXPLAINED)
    parts = [
        INTRODUCTION.format(spec=SPEC),
        "## Recorded expressions that differ\n",
        _differences(XPATH_DIFFERENCES),
        "\n## Recorded scenarios that differ\n",
        _differences(SCENARIO_DIFFERENCES),
        "\n## Where the peer is known to be wrong or lacking\n",
        "Its own tests fail there, by its own account; ours pass.\n",
        table(("The peer's test", "What holds", "We", "Spec"), cases),
        "\n### Calls that break a signature\n",
        "The peer evaluates them, we refuse them with the place: "
        + ", ".join(f"`{each}`" for each in REFUSED)
        + ".",
        "\n### The rest of its failing tests\n",
        table(("The peer's test", "Where we stand"), left),
        "\n## Differences that random forms have shown\n",
        table(("What", "Why", "Spec"), explained),
    ]
    return "\n".join(parts) + "\n"


def _outcome(refused: str) -> str:
    return f"refuse the form ({refused})" if refused else "do so"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
