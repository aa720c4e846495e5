"""The province's tests run on both engines: SQLite, and a private PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from province import demo
from province.app import Province, open_province
from tests.province.cluster import new_database, run_cluster
from tests.province.packages import load
from tests.province.storage import Storage, empty_bucket, run_s3
from tests.province.workers import Pair, open_pair, renew


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    with run_cluster() as host:
        yield host


@pytest.fixture
def postgres(cluster: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with new_database(cluster) as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def module_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """As `database_url`, for the tests of one module together."""
    if request.param == "sqlite":
        yield ""
        return
    with new_database(request.getfixturevalue("cluster")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database on each engine; "" for SQLite."""
    if request.param == "sqlite":
        return ""
    url: str = request.getfixturevalue("postgres")
    return url


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    with run_s3() as url:
        yield url


def _storage(request: pytest.FixtureRequest) -> Iterator[Storage]:
    """Where rows and files lie."""
    if request.param == "bucket":
        with pytest.MonkeyPatch.context() as environment:
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                environment.setenv(name, "test")
            environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
            yield empty_bucket(request.getfixturevalue("s3"))
    elif request.param == "folder":
        yield {}
    else:
        with new_database(request.getfixturevalue("cluster")) as url:
            yield {"database_url": url}


STORAGES = ("folder", "folder, PostgreSQL", "bucket")
storage = pytest.fixture(_storage, params=STORAGES)
module_storage = pytest.fixture(_storage, scope="module", params=STORAGES)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, module_storage: Storage) -> Iterator[Pair]:
    with open_pair(tmp_path_factory.mktemp("pair"), module_storage) as made:
        yield made


@pytest.fixture
def workers(pair: Pair) -> Pair:
    """Two workers of one province and an office that nobody used before."""
    return renew(pair)


@pytest.fixture
def province(tmp_path: Path, database_url: str) -> Iterator[Province]:
    """A demo province with the small test service, on each engine."""
    services = load(tmp_path / "services")
    opened = open_province(tmp_path / "province", services=services, database_url=database_url)
    demo.fill(opened, password="geheim")
    yield opened
    opened.database.close()
