"""What every test of the desktop shares."""

import pytest

from tests.desktop.cups import cups, running_cups  # noqa: F401 - fixtures

OFFSCREEN_NOISE = "This plugin does not support"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/desktop" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_NOISE, extend=True))
