"""What every test shares: a steady hypothesis, and the way to the shared reference material."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from store import room

pytest_plugins = ["tests.browser"]
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
room.BALLAST_BYTES = 1 << 20  # hundreds of offices stand up in one run

SHARED = Path(
    os.environ.get("LASTMILE_SHARED") or Path(__file__).resolve().parents[1].parent / "shared"
)

_ended = count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Clear up: windows that wait for an event loop to delete them slow down all that follow.

    Now and then also what stands in cycles; offices are large, and few for the collector.
    """
    yield
    if core := sys.modules.get("PySide6.QtCore"):
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    if next(_ended) % 30 == 0:
        gc.collect()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded behaviour and reference data that may lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the shared reference material is not beside this checkout")
    return SHARED
