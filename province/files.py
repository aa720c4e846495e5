"""Where the bytes of files lie: a folder, or a bucket of an S3 service.

A chunk is stored whole under a name of its own that is never used again; nothing is appended to.
Whoever holds the names in order holds the file, whatever was killed in between.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from province import telemetry
from province.errors import Busy, Unknown

PIECE_BYTES = 1024 * 1024
SPOOL_BYTES = 16 * 1024 * 1024


class Files(Protocol):
    """Chunks and whole files. Names are relative paths. Any thread may call.

    Raises:
        Busy: There is no room, or whatever holds the files does not answer.
    """

    def put(self, name: str, data: bytes) -> None:
        """Store `data`; durable when this returns."""

    def join(self, parts: Sequence[str], name: str) -> str:
        """Store the parts one after another as `name`, durably; the SHA-256 of the whole in hex."""

    def move(self, name: str, to: str) -> None:
        """Give a joined file its final name.

        Raises:
            Unknown: No such file.
        """

    def read(self, name: str) -> bytes:
        """A file's bytes.

        Raises:
            Unknown: No such file.
        """

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there does not matter."""

    def remove_below(self, prefix: str, before: str = "") -> None:
        """Remove every file below `prefix`, or only those whose last part sorts before it."""

    def free_bytes(self) -> int | None:
        """Room that is left; None where nobody can say."""


class FolderFiles:
    """Files below one folder (file mode 0600)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """See `Files`."""
        with self._writing(name) as file:
            file.write(data)

    def join(self, parts: Sequence[str], name: str) -> str:
        """See `Files`."""
        whole = sha256()
        with self._writing(name) as file:
            for part in parts:
                data = self.read(part)
                whole.update(data)
                file.write(data)
        return whole.hexdigest()

    def move(self, name: str, to: str) -> None:
        """See `Files`."""
        target = self._folder / to
        try:
            _make_folder(target.parent)
            (self._folder / name).replace(target)
            _sync_folder(target.parent)
        except FileNotFoundError:
            raise Unknown from None
        except OSError as error:
            raise _busy(error) from None

    def read(self, name: str) -> bytes:
        """See `Files`."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise Unknown from None
        except OSError as error:
            raise _busy(error) from None

    def remove(self, name: str) -> None:
        """See `Files`."""
        (self._folder / name).unlink(missing_ok=True)

    def remove_below(self, prefix: str, before: str = "") -> None:
        """See `Files`."""
        folder = self._folder / prefix
        for path in folder.glob("*"):
            if not before or path.name < before:
                path.unlink(missing_ok=True)
        with suppress(OSError):  # gone, or a chunk has just come in
            folder.rmdir()

    def free_bytes(self) -> int | None:
        """See `Files`."""
        return shutil.disk_usage(self._folder).free

    @contextmanager
    def _writing(self, name: str) -> Iterator[BinaryIO]:
        path = self._folder / name
        try:
            with os.fdopen(_create(path), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                path.unlink(missing_ok=True)  # half a file serves nobody, and takes room
            raise _busy(error) from None


class BucketFiles:
    """Files in a bucket of an S3 service; the bucket's own rules keep copies and encrypt.

    Args:
        bucket: Its name; it exists.
        endpoint: Address of the service; "" for the one that the environment names.
    """

    def __init__(self, bucket: str, endpoint: str = "") -> None:
        import boto3  # noqa: PLC0415 - half a second that a province on disk need not wait
        from boto3.exceptions import Boto3Error  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        self._failures = (BotoCoreError, ClientError, Boto3Error)
        steady = Config(retries={"mode": "standard", "max_attempts": 4}, max_pool_connections=32)
        self._bucket = bucket
        self._client: Any = boto3.client("s3", endpoint_url=endpoint or None, config=steady)

    def put(self, name: str, data: bytes) -> None:
        """See `Files`."""
        with self._asking():
            self._client.put_object(Bucket=self._bucket, Key=name, Body=data)

    def join(self, parts: Sequence[str], name: str) -> str:
        """See `Files`."""
        whole = sha256()
        with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as spool:
            for part in parts:
                data = self.read(part)
                whole.update(data)
                spool.write(data)
            spool.seek(0)
            with self._asking():
                self._client.upload_fileobj(cast("BinaryIO", spool), self._bucket, name)
        return whole.hexdigest()

    def move(self, name: str, to: str) -> None:
        """See `Files`."""
        source = {"Bucket": self._bucket, "Key": name}
        with self._asking():
            self._client.copy(source, self._bucket, to)
        self.remove(name)

    def read(self, name: str) -> bytes:
        """See `Files`."""
        with self._asking():
            answer = self._client.get_object(Bucket=self._bucket, Key=name)
            return cast("bytes", answer["Body"].read())

    def remove(self, name: str) -> None:
        """See `Files`."""
        with self._asking():
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def remove_below(self, prefix: str, before: str = "") -> None:
        """See `Files`."""
        pages = self._client.get_paginator("list_objects_v2")
        with self._asking():
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{prefix}/"):
                names = [entry["Key"] for entry in page.get("Contents", ())]
                keys = [
                    {"Key": name}
                    for name in names
                    if not before or name.rpartition("/")[2] < before
                ]
                if keys:
                    self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": keys})

    def free_bytes(self) -> int | None:
        """See `Files`: a bucket has no end."""
        return None

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            answer = getattr(error, "response", {}).get("ResponseMetadata", {})
            if answer.get("HTTPStatusCode") == 404:
                raise Unknown from None
            raise _busy(error) from None


def open_files(folder: Path, bucket: str = "", endpoint: str = "") -> Files:
    """The bucket when one is named, else the folder."""
    return BucketFiles(bucket, endpoint) if bucket else FolderFiles(folder)


def _busy(error: Exception) -> Busy:
    """What a device is told when a file cannot be stored or read now; the log names the kind."""
    facts = {"kind": type(error).__name__, "errno": getattr(error, "errno", None)}
    telemetry.log.error("files out of reach", extra={"facts": facts})
    return Busy()


def _create(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for _ in range(4):
        with suppress(FileNotFoundError):  # another worker has just put the empty folder away
            _make_folder(path.parent)
            return os.open(path, flags, 0o600)
    raise Busy


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # NTFS journals the directory entry itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
