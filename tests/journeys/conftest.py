"""What journeys share: a province process of each test's own, and a clerk in a demo office."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.office import RESOURCES, Resources
from desktop import journey
from desktop.demo import Demo, start_demo
from desktop.journey import Clerk
from tests.journeys.shell import finish
from tests.province.process import ProvinceProcess


@pytest.fixture
def province(tmp_path: Path) -> Iterator[ProvinceProcess]:
    process = ProvinceProcess(tmp_path / "province", RESOURCES / "services")
    process.start()
    yield process
    process.close()


@pytest.fixture(scope="module")
def resources() -> Resources:
    return Resources(RESOURCES)


@pytest.fixture
def demo(tmp_path: Path, resources: Resources) -> Iterator[Demo]:
    made = start_demo(tmp_path / "demo", resources)
    yield made
    made.stop()


@pytest.fixture
def clerk(demo: Demo, resources: Resources, tmp_path: Path, qapp: object) -> Iterator[Clerk]:
    del qapp
    made = journey.set_up(demo, resources, tmp_path / "out")
    yield made
    finish(made)
    made.desktop.deleteLater()
