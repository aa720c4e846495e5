"""The province as one ASGI application: the protocol, the public page, the desk."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from province import api, audits, desk, public
from province.database import Database, open_database
from province.errors import ProvinceError, SignInRefused, TooLarge
from province.keys import RelayKey, SigningKey, load_relay_key
from province.packages import Services
from province.trust import Ring, load_ring
from province.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

log = logging.getLogger("province")
MAX_JSON_BYTES = 8 * 1024 * 1024
PROTOCOL = "1.0"


@dataclass
class Province:
    """What every request needs. `now_ms` is UTC in milliseconds since 1970."""

    name: str
    database: Database
    uploads: Uploads
    ring: Ring
    relay_key: RelayKey
    folder: Path
    services: Services
    now_ms: Callable[[], int]
    answers: dict[int, int] = field(default_factory=dict)  # status -> how many, for /metrics
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def key(self) -> SigningKey:
        """The key that signs receipts and certificates now."""
        return self.ring.current


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
) -> Province:
    """Open (or make) the province whose data live in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    database = open_database(database_url, folder)
    return Province(
        name=name,
        database=database,
        uploads=Uploads(database, folder),
        ring=load_ring(folder),
        relay_key=load_relay_key(folder),
        folder=folder,
        services=services,
        now_ms=now_ms,
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
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.province = province
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(audits.router, prefix="/api/v1")
    app.include_router(public.router)
    app.include_router(desk.router)
    app.add_exception_handler(ProvinceError, _problem)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _plain)
    app.middleware("http")(_frame)

    @app.get("/health", include_in_schema=False)
    def health() -> dict[str, str]:
        province.database.read(lambda session: session.connection().exec_driver_sql("SELECT 1"))
        return {"status": "ok"}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> PlainTextResponse:
        with province.lock:
            counts = sorted(province.answers.items())
        lines = ["# TYPE lastmile_answers_total counter"]
        lines += [f'lastmile_answers_total{{status="{s}"}} {n}' for s, n in counts]
        return PlainTextResponse("\n".join(lines) + "\n")

    return app


async def _frame(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    province: Province = request.app.state.province
    started = time.monotonic()
    if _length(request) > MAX_JSON_BYTES:
        response: Response = _as_problem(TooLarge())
    else:
        response = await call_next(request)
    response.headers["Lastmile-Protocol"] = PROTOCOL
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if not request.url.path.startswith("/api"):
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
            " base-uri 'none'; frame-ancestors 'none'"
        )
    response.headers.setdefault("Cache-Control", "no-store")
    with province.lock:
        province.answers[response.status_code] = province.answers.get(response.status_code, 0) + 1
    route = request.scope.get("route")
    path = getattr(route, "path", "-")  # the pattern: ids and codes stay out of the log
    milliseconds = (time.monotonic() - started) * 1000
    log.info("%s %s %d %.0f ms", request.method, path, response.status_code, milliseconds)
    return response


def _length(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _as_problem(error: ProvinceError) -> JSONResponse:
    headers = {"Retry-After": "5"} if error.status in (429, 503) else None
    return JSONResponse(error.problem(), error.status, headers, "application/problem+json")


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProvinceError)
    if not request.url.path.startswith("/api"):
        if isinstance(error, SignInRefused):
            return desk.to_sign_in()
        return public.error_page(request, error)
    return _as_problem(error)


async def _malformed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"pointer": "/" + "/".join(str(p) for p in e["loc"]), "code": str(e["type"]), "message": ""}
        for e in error.errors()
    ]
    refused = ProvinceError(errors)
    answer = _as_problem(refused)
    answer.status_code = 422
    return answer


async def _plain(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    body = {"type": "about:blank", "title": str(error.detail), "status": error.status_code}
    return JSONResponse(body, error.status_code, None, "application/problem+json")
