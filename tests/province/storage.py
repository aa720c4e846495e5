"""Where the files of a province lie in the tests: a folder, or a bucket of an S3 service.

The S3 service is moto's server spoken to over HTTP: it keeps S3's interface, not its durability.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

import boto3
import httpx

from province.app import Province
from province.files import BucketFiles

BUCKET = "scans"


class Storage(TypedDict, total=False):
    """Options of `open_province`."""

    database_url: str
    bucket: str
    s3_endpoint: str


@contextmanager
def run_s3() -> Iterator[str]:
    """An S3 service on loopback; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(url)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield url
    server.terminate()
    server.wait(10)


def empty_bucket(endpoint: str) -> Storage:
    """An empty bucket."""
    httpx.post(f"{endpoint}/moto-api/reset")
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=BUCKET)
    return {"bucket": BUCKET, "s3_endpoint": endpoint}


def names(province: Province) -> list[str]:
    """Every stored object, by name."""
    files = province.uploads._files
    if isinstance(files, BucketFiles):
        pages = files._client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
        return sorted(str(entry["Key"]) for entry in pages)
    root = province.folder
    found = (p for kind in ("incoming", "files") for p in (root / kind).rglob("*") if p.is_file())
    return sorted(p.relative_to(root).as_posix() for p in found)
