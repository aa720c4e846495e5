"""One link to the province: requests with limits, and every failure under its own name."""

from __future__ import annotations

import contextlib
import io
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from sync import content, tls
from sync.errors import (
    CaptivePortal,
    CaUnreadable,
    InsecureAddress,
    NotAProvince,
    Offline,
    ProxyFailed,
    ProxySignIn,
    SyncError,
    TooLarge,
)
from sync.pace import ANSWER_S, SLOWEST, Pace
from sync.route import LOOPBACK, Adapter, Route

__all__ = ["LOOPBACK", "Answer", "Link", "failures_by_name"]

CONNECT_S = 10.0  # also for each 16 KiB of a request to leave this computer
DRIP_S = ANSWER_S  # an answer that drips more slowly than `SLOWEST` is read no longer
MOST_BYTES = 16 * 1024 * 1024  # of an answer
MOST_OF = {"/relay": 64 * 1024 * 1024}  # answers that may be larger
_DAMAGED = "urn:lastmile:problem:digest"
_PROXY_ASKS = "Tunnel connection failed: 407"


@dataclass(frozen=True)
class Answer:
    """An answer of the province. `skew_s` is its clock minus ours, in seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    skew_s: float = 0.0

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; {} when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def number(self, name: str) -> int | None:
        """A header as a whole number >= 0, or None."""
        text = self.headers.get(name, "")
        return int(text) if text.isascii() and text.isdigit() else None


@contextlib.contextmanager
def failures_by_name(url: str = "", trust: ssl.SSLContext | None = None) -> Iterator[None]:
    """Turn what `requests` raises into what somebody can act on.

    Args:
        url: Where the requests go; see `sync.tls.named`.
        trust: As there.

    Raises:
        SyncError: Offline, or what else it is, in place of the exceptions of `requests`.
    """
    try:
        yield
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _named(error, url, trust) from None


def _named(error: Exception, url: str, trust: ssl.SSLContext | None) -> SyncError:
    if isinstance(error, requests.exceptions.ProxyError):
        asks = any(str(each).startswith(_PROXY_ASKS) for each in tls.causes(error))
        return ProxySignIn() if asks else ProxyFailed()
    return tls.named(error, url, trust) or Offline()


class Link:
    """Requests below one base address. Used by one thread at a time.

    Args:
        url: Address of the province, such as https://province.example; http only on loopback.
        route: How requests leave this computer.
        timeouts: Seconds to connect, and for an answer beside the time its bytes take; None for
            the usual ones.
        pace: What is known of the speed; shared with the links of other threads.

    Raises:
        InsecureAddress: Plain http to another computer.
        CaUnreadable: The file of issuers cannot be read.
    """

    def __init__(
        self,
        url: str,
        route: Route | None = None,
        *,
        timeouts: tuple[float, float] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.url, self.route, self.pace = url, route or Route(), pace or Pace()
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise InsecureAddress
        self._safe = parts.scheme == "https"
        self._base = url.rstrip("/") + "/api/v1"
        self.timeouts = timeouts
        self._answered = False
        self._session = requests.Session()
        self._session.trust_env = False  # nothing from .netrc, no CAs by the environment
        proxy = self.route.proxy_for(url)
        self._session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        try:
            self._trust = self.route.trust() if self._safe else None
        except OSError:
            raise CaUnreadable from None
        adapter = Adapter(self.route, self._trust)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def send(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; `body` goes as JSON, `data` as bytes. Redirects are not followed.

        Raises:
            Offline: No connection, or it broke, took too long or damages what it carries.
            TlsFailed, CertificateExpired, WrongName, ...: No safe connection.
            ProxyFailed, ProxySignIn: The proxy refuses.
            CaptivePortal, NotAProvince: The answer does not come from a province.
            TooLarge: The answer is larger than 16 MiB, or what `MOST_OF` says.
        """
        sent = {"Accept": "application/json", "Accept-Encoding": content.CODINGS, **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            data, coding = content.pack(json.dumps(body, ensure_ascii=False).encode())
            sent |= {"Content-Type": "application/json", content.DIGEST: content.digest(data)}
            sent |= {"Content-Encoding": coding} if coding else {}
        direct = "" if self._session.proxies else self.url
        with failures_by_name(direct, None if self._answered else self._trust):
            try:
                answer = self._send(method, path, data, sent)
            except requests.exceptions.RequestException:
                self.pace.broke()
                raise
        if answer.status == 408:
            self.pace.broke()
        self._answered = True
        return answer

    @contextlib.contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str]
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        """Read what stands at `path` below the address itself, piece by piece as it comes.

        Yields:
            The answer, without its body where the status is 200 or 206, and the pieces.

        Raises:
            SyncError: As `send`, also while the pieces are taken.
        """
        direct = "" if self._session.proxies else self.url
        with (
            failures_by_name(direct, self._trust),
            self._session.get(
                self.url.rstrip("/") + path,
                headers={"Accept-Encoding": "identity", **headers},
                timeout=self.timeouts or (CONNECT_S, self.pace.patience_s(0)),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            if "Lastmile-Protocol" not in response.headers:
                raise _stranger(response, safe=self._safe)
            going = response.status_code in (200, 206)
            body = b"" if going else response.raw.read(65_536)
            yield Answer(response.status_code, response.headers, body), _pieces(response)

    def another(self) -> Link:
        """A link of its own to the same province, for another thread."""
        return Link(self.url, self.route, timeouts=self.timeouts, pace=self.pace)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _send(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        began, size = time.monotonic(), len(data or b"")
        most = MOST_OF.get(path, MOST_BYTES)
        with self._session.request(
            method,
            self._base + path,
            data=io.BytesIO(data) if data else data,  # leaves piece by piece, each in its own time
            headers=dict(headers),
            timeout=self.timeouts or (CONNECT_S, self.pace.patience_s(size)),
            allow_redirects=False,
            stream=True,
        ) as response:
            if "Lastmile-Protocol" not in response.headers:
                raise _stranger(response, safe=self._safe)
            came, reading = bytearray(), time.monotonic()
            for piece in _pieces(response):
                came += piece
                if len(came) > most:
                    raise TooLarge
                if time.monotonic() - reading > DRIP_S + len(came) / SLOWEST:
                    raise Offline
            self.pace.learn(size, len(came), time.monotonic() - began)
            content.check(came, response.headers.get(content.DIGEST, ""))
            coding = response.headers.get("Content-Encoding", "")
            body = content.unpack(bytes(came), coding, most)
            skew = _skew(response.headers.get("Date", ""))
            answer = Answer(response.status_code, response.headers, body, skew)
            if answer.status == 400 and answer.json().get("type") == _DAMAGED:
                raise Offline  # what we sent arrived as something else
            return answer


def _stranger(response: requests.Response, *, safe: bool) -> SyncError:
    """Who answers in the province's place; nothing in it is believed."""
    if response.status_code == 407:
        return ProxySignIn()
    if response.status_code == 511:
        return CaptivePortal(page="")
    if response.status_code >= 500:
        return Offline()  # a gateway that cannot reach the province either
    return NotAProvince() if safe else CaptivePortal(page="")


def _pieces(response: requests.Response) -> Iterator[bytes]:
    try:
        while piece := response.raw.read1(65_536):  # as it comes: one byte of a slow line too
            yield piece
    except urllib3.exceptions.HTTPError:
        raise requests.exceptions.ConnectionError from None


def _skew(date: str) -> float:
    with contextlib.suppress(ValueError, TypeError):
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    return 0.0
