"""Each claim of docs/security.md names a test, and each of these tests exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_page_names_exists() -> None:
    named = set(
        re.findall(r"`(test_\w+)`", (ROOT / "docs/security.md").read_text(encoding="utf-8"))
    )
    defined = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    assert len(named) > 50
    assert named - defined == set()
