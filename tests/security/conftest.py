"""An office with a login for each role, and a province process to speak with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.office import Resources
from tests.casework.hall import Hall
from tests.province.process import ProvinceProcess

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def resources() -> Resources:
    return Resources(ROOT / "resources")


@pytest.fixture
def hall(tmp_path: Path, resources: Resources) -> Iterator[Hall]:
    made = Hall(tmp_path, resources)
    yield made
    made.leave()


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path_factory.mktemp("province"))
    process.start()
    yield process
    process.close()
