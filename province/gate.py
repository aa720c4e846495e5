"""The gate before every request: who asks, how often, how much, and what leaves.

Plain ASGI. A request of a device is let in by its token before one byte of its body is received;
bodies are held to their limit however they are framed or compressed; every answer carries the
protocol's headers and is counted and logged once.
"""

from __future__ import annotations

import asyncio
import base64
import re
import time
import zlib
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

import zstandard
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from province import accounts, telemetry
from province.encoding import to_b64
from province.errors import (
    CertificateNeeded,
    DigestWrong,
    Fault,
    Malformed,
    ProvinceError,
    TokenNeeded,
    TooLarge,
    TooManyRequests,
    TooSlow,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from province.app import Province

PROTOCOL = "1.5"
API = "/api/v1"
CERTIFICATE = f"{API}/device/certificate"  # asked for by who has none yet
SHOWN = "lastmile.certificate"  # in the scope: what the device showed to TLS, DER
PUBLIC = frozenset(
    f"{API}/{name}" for name in ("meta", "devices", "challenges", "tokens", "trust", "verify")
)
MAX_JSON_BYTES = 8 * 1024 * 1024
MAX_STRANGER_BYTES = 64 * 1024  # of a body that no token came with
# Where secrets could be guessed: wrong ones count by themselves (`Limits.guesses`).
GUESSED = frozenset((f"{API}/devices", "/desk/sign-in", "/verify"))
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
BODY_S = 60.0  # a body must be here by then; an office on 2G sends smaller chunks
SPILL_BYTES = 1024 * 1024  # of a refused body that is read and dropped, so that the answer arrives
WORTH_BYTES = 1024  # shorter answers are not compressed
_SHA256 = re.compile("sha-256=:[^:]*:")
PAGES_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Rate:
    """Requests per second in the long run, and how many at once."""

    per_s: float
    burst: float


class Buckets:
    """Token buckets by device or address; the ones used longest ago make room for new ones."""

    MOST = 50_000

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> None:
        """Count one request.

        Raises:
            TooManyRequests: The bucket is empty; it holds one again after `wait_s`.
        """
        self._demand(self.count(who))

    def look(self, who: str) -> None:
        """Count nothing, but refuse as `take` does."""
        level, at = self._levels.get(who, (self._rate.burst, self._clock()))
        self._demand(level + (self._clock() - at) * self._rate.per_s)

    def count(self, who: str) -> float:
        """Count one request and refuse nothing; what the bucket held before."""
        now = self._clock()
        level, at = self._levels.pop(who, (self._rate.burst, now))
        level = min(self._rate.burst, level + (now - at) * self._rate.per_s)
        self._levels[who] = (max(level - 1, level if level < 1 else 0), now)
        if len(self._levels) > self.MOST:
            self._levels.popitem(last=False)
        return level

    def _demand(self, level: float) -> None:
        if level < 1:
            raise TooManyRequests(wait_s=int((1 - level) / self._rate.per_s) + 1)


class Gate:
    """ASGI middleware in front of the province's routes."""

    def __init__(self, app: ASGIApp, province: Province) -> None:
        self._app, self._province = app, province
        self._devices = Buckets(province.limits.device)
        self._strangers = Buckets(province.limits.stranger)
        self._guesses = Buckets(province.limits.guesses)
        self._running: Counter[str] = Counter()  # requests of each device

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, out = time.monotonic(), _Out(scope, send, draining=self._province.draining)
        code, watched = "", _Watched(receive)
        try:
            body = await self._admit(scope, watched)
            await self._app(scope, body, out.send)
        except ProvinceError as error:
            code = error.code
            if not watched.begun:
                await _spill(receive)
            await problem(error)(scope, receive, out.send)
        except Exception as error:
            telemetry.broken(error, _route(scope))
            code = Fault.code
            if out.status:
                raise  # half an answer is out: the connection must break
            await problem(Fault())(scope, receive, out.send)
        finally:
            state = scope.get("state", {})
            caller = state.get("caller")
            if state.get("counted"):
                self._running -= Counter((caller.device_id,))
            if state.get("guessed"):
                self._guesses.count(_address(scope))
            telemetry.answered(
                scope["method"] if scope["method"] in METHODS else "-",
                _route(scope),
                out.status,
                time.monotonic() - started,
                device=caller.device_id if caller else "",
                code=code or state.get("code", ""),
            )

    async def _admit(self, scope: Scope, receive: Receive) -> Receive:
        headers, path, most = Headers(scope=scope), scope["path"], MAX_STRANGER_BYTES
        if path.startswith(f"{API}/") and path not in PUBLIC:
            caller = await run_in_threadpool(self._identify, headers)
            if path != CERTIFICATE:
                self._look_at_certificate(scope, headers, caller)
            scope.setdefault("state", {})["caller"] = caller
            self._devices.take(caller.device_id)
            if self._running[caller.device_id] >= self._province.limits.at_once:
                raise TooManyRequests(wait_s=1)
            scope["state"]["counted"] = True
            self._running[caller.device_id] += 1
            most = MAX_JSON_BYTES
        elif not path.startswith(("/health", "/metrics", "/static")):
            self._strangers.take(_address(scope))
            if path in GUESSED:
                self._guesses.look(_address(scope))
        with_body = scope["method"] in ("POST", "PUT", "PATCH")
        return await _read_body(headers, receive, most) if with_body else receive

    def _look_at_certificate(self, scope: Scope, headers: Headers, caller: accounts.Caller) -> None:
        province = self._province
        if province.device_ca is None:
            return
        shown = _shown(scope, headers, by_header=province.client_cert_header)
        now = datetime.fromtimestamp(province.now_ms() / 1000, UTC)
        if province.device_ca.device_of(shown, now) != caller.device_id:
            raise CertificateNeeded

    def _identify(self, headers: Headers) -> accounts.Caller:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenNeeded
        database = self._province.database
        return database.read(accounts.caller, token.strip(), self._province.now_ms())


def _shown(scope: Scope, headers: Headers, *, by_header: bool) -> bytes:
    """The certificate that a device showed, DER; b"" for none."""
    if not by_header:
        return scope.get(SHOWN) or b""
    with suppress(ValueError):
        return base64.b64decode(headers.get("client-cert", "").strip(":"), validate=True)
    return b""


def problem(error: ProvinceError) -> JSONResponse:
    """The RFC 9457 answer that stands for `error`."""
    headers = wait_headers(error)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(error.problem(), error.status, headers, "application/problem+json")


def wait_headers(error: ProvinceError) -> dict[str, str]:
    """`Retry-After` where waiting helps."""
    if error.status not in (429, 503, 507):
        return {}
    return {"Retry-After": str(error.fields.get("wait_s", 5))}


class _Watched:
    """A `receive` that knows whether anything was asked of it."""

    def __init__(self, receive: Receive) -> None:
        self.begun = False
        self._receive = receive

    async def __call__(self) -> Message:
        self.begun = True
        return await self._receive()


class _Out:
    """Sends an answer on with the protocol's headers, compressed where it is worth it."""

    def __init__(self, scope: Scope, send: Send, *, draining: bool) -> None:
        self.status = 0
        self._scope, self._send, self._draining = scope, send, draining
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._dress(MutableHeaders(raw=message["headers"]))
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            if not message.get("more_body"):
                message = self._compress(start, message)
                self._seal(start, message.get("body", b""))
            await self._send(start)
        await self._send(message)

    def _dress(self, headers: MutableHeaders) -> None:
        headers["Lastmile-Protocol"] = PROTOCOL
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        if not self._scope["path"].startswith("/api"):
            headers["Content-Security-Policy"] = PAGES_POLICY
        headers.setdefault("Cache-Control", "no-store")
        if self._draining:
            headers["Connection"] = "close"

    def _compress(self, start: Message, message: Message) -> Message:
        headers = MutableHeaders(raw=start["headers"])
        body = message.get("body", b"")
        kind = headers.get("content-type", "")
        if len(body) < WORTH_BYTES or not kind.startswith(("application/json", "text/")):
            return message
        headers.add_vary_header("Accept-Encoding")
        accepted = Headers(scope=self._scope).get("accept-encoding", "").lower()
        if "zstd" in accepted:
            body, coding = zstandard.ZstdCompressor(3).compress(body), "zstd"
        elif "gzip" in accepted:
            body, coding = _gzip(body), "gzip"
        else:
            return message
        headers["Content-Encoding"] = coding
        headers["Content-Length"] = str(len(body))
        return {**message, "body": body}

    def _seal(self, start: Message, body: bytes) -> None:
        if body and self._scope["path"].startswith(API):
            MutableHeaders(raw=start["headers"])["Content-Digest"] = content_digest(body)


async def _read_body(headers: Headers, receive: Receive, most: int) -> Receive:
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > most):
        raise TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for piece in _pieces(receive):
                body += piece
                if len(body) > most:
                    raise TooLarge
    except TimeoutError:
        raise TooSlow from None
    said = _SHA256.search(headers.get("content-digest", ""))
    if said is not None and said[0] != content_digest(body):
        raise DigestWrong
    content = _decode(bytes(body), headers.get("content-encoding", ""), most)
    return _once(content, receive)


def content_digest(body: bytes | bytearray) -> str:
    """`Content-Digest` of a body as it is sent (RFC 9530)."""
    return f"sha-256=:{to_b64(sha256(body).digest())}:"


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed
        more = message.get("more_body", False)
        yield message.get("body", b"")


def _once(content: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _spill(receive: Receive) -> None:
    # A client that is still sending does not see an answer before it is done or cut off.
    with suppress(TimeoutError, ProvinceError):
        async with asyncio.timeout(2):
            left = SPILL_BYTES
            async for piece in _pieces(receive):
                left -= len(piece)
                if left < 0:
                    return


def _decode(body: bytes, coding: str, most: int) -> bytes:
    match coding.strip().lower():
        case "" | "identity":
            return body
        case "gzip":
            return _gunzip(body, most)
        case "zstd":
            return _unzstd(body, most)
        case _:
            raise Malformed([{"pointer": "/content-encoding", "code": "unknown", "message": ""}])


def _gunzip(body: bytes, most: int) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        content = reader.decompress(body, most + 1)
    except zlib.error:
        raise Malformed from None
    if len(content) > most:
        raise TooLarge
    if not reader.eof:
        raise Malformed
    return content


def _unzstd(body: bytes, most: int) -> bytes:
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=2**23).stream_reader(body)
        content = reader.read(most + 1)
    except (zstandard.ZstdError, MemoryError):
        raise Malformed from None
    if len(content) > most:
        raise TooLarge
    return content


def _gzip(body: bytes) -> bytes:
    writer = zlib.compressobj(5, wbits=31)
    return writer.compress(body) + writer.flush()


def _address(scope: Mapping[str, Any]) -> str:
    """Whom requests without a token count for: an address, or all of one IPv6 line (/64)."""
    client = scope.get("client")
    said = str(client[0]) if client else ""
    try:
        address = ip_address(said)
    except ValueError:
        return said
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return said


def _route(scope: Mapping[str, object]) -> str:
    return str(getattr(scope.get("route"), "path", "-"))  # the pattern: ids stay out of the log
