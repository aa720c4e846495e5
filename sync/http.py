"""One link to the province: requests with limits, and every failure under its own name."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from sync.errors import CaptivePortal, InsecureAddress, Offline, ProxyFailed, TlsFailed, TooLarge

CONNECT_S = 10.0
READ_S = 40.0
MOST_BYTES = 16 * 1024 * 1024  # of an answer
LOOPBACK = ("127.0.0.1", "localhost", "::1")


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
def failures_by_name() -> Iterator[None]:
    """Turn what `requests` raises into what somebody can act on.

    Raises:
        ProxyFailed, TlsFailed, Offline: In place of the exceptions of `requests`.
    """
    try:
        yield
    except requests.exceptions.ProxyError:
        raise ProxyFailed from None
    except requests.exceptions.SSLError:
        raise TlsFailed from None
    except requests.exceptions.RequestException:
        raise Offline from None


class Link:
    """Requests below one base address. Used by one thread at a time.

    Args:
        url: Address of the province, such as https://province.example; http only on loopback.
        ca: A CA bundle (PEM) that replaces the system's; None for the system's.
        proxy: Proxy for all requests; "" leaves it to the environment.
        timeouts: Seconds to connect, and between two bytes.

    Raises:
        InsecureAddress: Plain http to another computer.
    """

    def __init__(
        self,
        url: str,
        *,
        ca: Path | None = None,
        proxy: str = "",
        timeouts: tuple[float, float] = (CONNECT_S, READ_S),
    ) -> None:
        self._made_with = url, ca, proxy, timeouts
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise InsecureAddress
        self._base = url.rstrip("/") + "/api/v1"
        self._timeouts = timeouts
        self._session = requests.Session()
        self._session.verify = str(ca) if ca else True
        if parts.hostname in LOOPBACK:
            self._session.trust_env = False  # no proxy stands before this computer
        if proxy:
            self._session.proxies = {"http": proxy, "https": proxy}

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
            Offline: No connection, or it broke, or it took too long.
            TlsFailed: No safe connection.
            ProxyFailed: The proxy refuses.
            CaptivePortal: The answer does not come from a province.
            TooLarge: The answer is larger than 16 MiB.
        """
        sent = {"Accept": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        with failures_by_name():
            return self._send(method, path, data, sent)

    def another(self) -> Link:
        """A link of its own to the same province, for another thread."""
        url, ca, proxy, timeouts = self._made_with
        return Link(url, ca=ca, proxy=proxy, timeouts=timeouts)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _send(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        with self._session.request(
            method,
            self._base + path,
            data=data,
            headers=dict(headers),
            timeout=self._timeouts,
            allow_redirects=False,
            stream=True,
        ) as response:
            if "Lastmile-Protocol" not in response.headers:
                if response.status_code >= 500:
                    raise Offline  # a gateway that cannot reach the province either
                raise CaptivePortal
            content = bytearray()
            for piece in response.iter_content(65_536):
                content += piece
                if len(content) > MOST_BYTES:
                    raise TooLarge
            skew = _skew(response.headers.get("Date", ""))
            return Answer(response.status_code, response.headers, bytes(content), skew)


def _skew(date: str) -> float:
    with contextlib.suppress(ValueError, TypeError):
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    return 0.0
