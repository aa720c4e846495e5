"""What the tests of the office share: its resources, and a site with a province in this process."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.office import RESOURCES, Resources
from tests.casework.residents_scene import Scene, township
from tests.casework.site import Site, open_site


@pytest.fixture(scope="module")
def resources() -> Resources:
    return Resources(RESOURCES)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, resources: Resources) -> Iterator[Scene]:
    with township(tmp_path_factory.mktemp("town"), resources) as made:
        yield made


@pytest.fixture
def site(tmp_path: Path, resources: Resources) -> Iterator[Site]:
    with open_site(tmp_path, resources, services=True) as made:
        yield made


@pytest.fixture(scope="module")
def harm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("striking at a file-system operation takes Linux and a C compiler")
    made = tmp_path_factory.mktemp("harm") / "harm.so"
    source = Path(__file__).with_name("harm.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made
