"""What journeys share: a province process of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.office import RESOURCES
from tests.province.process import ProvinceProcess


@pytest.fixture
def province(tmp_path: Path) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path / "province", RESOURCES / "services")
    process.start()
    yield process
    process.close()
