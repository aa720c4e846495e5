"""How sentences stand one after another."""

import pytest

from desktop.sentences import joined


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        (("No network.", "Work goes on.", "[S101]"), "No network. Work goes on. [S101]"),
        (("连不上省级平台。", "可以照常办理。", "[S101]"), "连不上省级平台。可以照常办理。[S101]"),
        (("", "Only this.", ""), "Only this."),
        ((), ""),
    ],
)
def test_a_full_width_stop_brings_its_own_space(sentences: tuple[str, ...], text: str) -> None:
    assert joined(*sentences) == text
