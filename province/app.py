"""The province as one ASGI application: the protocol, the public page, the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from province import api, audits, desk, feed, health, intake, public, shelf, telemetry
from province.database import Database, Group, open_database
from province.device_ca import DeviceCa
from province.errors import (
    EnrolmentRefused,
    Invalid,
    Malformed,
    ProvinceError,
    RestoreSeen,
    SignInRefused,
    Unknown,
    details,
)
from province.files import open_files
from province.gate import PROTOCOL, Gate, Rate, problem, wait_headers
from province.keys import CursorKey, RelayKey, SigningKey, load_cursor_key, load_relay_key
from province.packages import Services
from province.room import Room
from province.shelf import Shelf
from province.trust import Ring, load_ring
from province.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True)
class Limits:
    """How often one device, and one address without a token, may ask each worker.

    `room`: what files may take that no case names.
    `at_once`: requests of one device that run at the same time; a device has four hands.
    `guesses`: enrolment codes, passwords and numbers of certificates that one address got wrong.
    """

    device: Rate = field(default_factory=lambda: Rate(300, 1000))
    stranger: Rate = field(default_factory=lambda: Rate(200, 1000))
    guesses: Rate = field(default_factory=lambda: Rate(0.2, 30))
    at_once: int = 8
    room: Room = field(default_factory=Room)


@dataclass
class Province:
    """What every request needs. `now_ms` is UTC in milliseconds since 1970.

    Attributes:
        device_ca: Issues devices' certificates and asks for them; None where none are asked for.
        client_cert_header: Whether a load balancer tells in `Client-Cert` (RFC 9440) what a device
            showed; it must strip that header from what comes from outside.
        draining: Set before the end: answers go on, but nobody new should come.
    """

    name: str
    database: Database
    uploads: Uploads
    ring: Ring
    relay_key: RelayKey
    cursor_key: CursorKey
    folder: Path
    services: Services
    now_ms: Callable[[], int]
    limits: Limits = field(default_factory=Limits)
    device_ca: DeviceCa | None = None
    client_cert_header: bool = False
    draining: bool = False
    shelf: Shelf = field(init=False)

    @property
    def key(self) -> SigningKey:
        """The key that signs receipts and certificates now."""
        return self.ring.current

    def __post_init__(self) -> None:
        self._intake = Group(self._take_all)
        self.shelf = Shelf(self, self.services)
        self.shelf.tend()

    def take(self, arrivals: Sequence[intake.Arrival]) -> list[intake.Answer]:
        """Hold submissions, durably, together with those that other requests bring just now."""
        return self._intake.submit(tuple(arrivals)) if arrivals else []

    def events(self, office_id: str, after: str, limit: int) -> feed.FeedPage:
        """Up to `limit` events of the office after a cursor.

        Raises:
            CursorExpired: Begin again without a cursor. A cursor that proves a restore ends the
                epoch, so that every device hears of it.
        """
        try:
            return self.database.read(feed.read_feed, office_id, after, limit, self.cursor_key)
        except RestoreSeen as seen:
            self.database.write(feed.next_epoch, seen.epoch)
            self.uploads.keep_longer()
            telemetry.RESTORES.inc()
            raise

    def _take_all(self, groups: Sequence[Sequence[intake.Arrival]]) -> list[list[intake.Answer]]:
        together = [arrival for group in groups for arrival in group]
        answers = self.database.write(
            intake.take_all, together, self.key, self.now_ms(), self.limits.room
        )
        telemetry.TOGETHER.observe(len(together))
        rest = iter(answers)
        return [[next(rest) for _ in group] for group in groups]


def system_now_ms() -> int:
    """The system's clock in milliseconds since 1970, UTC."""
    return int(datetime.now(UTC).timestamp() * 1000)


def open_province(
    folder: Path,
    *,
    services: Services,
    database_url: str = "",
    name: str = "省级政务服务平台",
    now_ms: Callable[[], int] = system_now_ms,
    limits: Limits | None = None,
    bucket: str = "",
    s3_endpoint: str = "",
) -> Province:
    """Open (or make) the province whose data live in `folder`, its database and its bucket.

    Args:
        folder: Holds the signing key, and all that has no place of its own.
        services: What citizens may apply for.
        database_url: PostgreSQL; "" for SQLite in `folder`.
        name: As certificates and devices show it.
        now_ms: The clock.
        limits: How often devices may ask.
        bucket: S3 bucket for files; "" for `folder`.
        s3_endpoint: Address of the S3 service; "" for the one that the environment names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = open_database(database_url, folder)
    database.write(feed.first_epoch)
    limits = limits or Limits()
    files = open_files(folder, bucket, s3_endpoint)
    return Province(
        name=name,
        database=database,
        uploads=Uploads(database, files, now_ms, limits.room),
        ring=load_ring(folder),
        relay_key=load_relay_key(folder),
        cursor_key=load_cursor_key(folder),
        folder=folder,
        services=services,
        now_ms=now_ms,
        limits=limits,
    )


def create_app(province: Province) -> FastAPI:
    """The application over an open province; closes it at the end."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        province.database.close()

    app = FastAPI(
        title="Lastmile province",
        version=PROTOCOL,
        description="The protocol between offices and a province; docs/protocol.md says the rest.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # they would lead wherever `Host` says
    )
    app.state.province = province
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(audits.router, prefix="/api/v1")
    app.include_router(public.router)
    app.include_router(shelf.router)
    app.include_router(desk.router)
    app.include_router(health.router)
    app.add_exception_handler(ProvinceError, _problem)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _plain)
    app.add_middleware(Gate, province=province)
    return app


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProvinceError)
    request.state.code = error.code
    request.state.guessed = isinstance(error, EnrolmentRefused)
    if not request.scope["path"].startswith("/api"):
        if isinstance(error, SignInRefused):
            return desk.to_sign_in()
        page = public.error_page(request, error)
        page.headers.update(wait_headers(error))
        return page
    return problem(error)


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _problem(request, Invalid(details(error.errors())))


async def _plain(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    names = {404: Unknown.name, 405: "method"}
    body = {
        "type": f"urn:lastmile:problem:{names.get(error.status_code, Malformed.name)}",
        "title": str(error.detail),
        "status": error.status_code,
    }
    headers = dict(error.headers) if error.headers else None
    return JSONResponse(body, error.status_code, headers, "application/problem+json")
