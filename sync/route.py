"""How requests leave this computer: through which proxy, believing whom, as whom.

Nothing here is read from the environment behind one's back: no `.netrc`, no bundle of CAs named by
a variable. Names and passwords stand in no address, so that no log or error can quote one.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import ssl
import sys
import tempfile
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
from cryptography.hazmat.primitives import serialization as keys
from requests.adapters import HTTPAdapter
from urllib3.util import make_headers

SYSTEM = "system"  # the proxy that the system or the environment names
NO_PROXY = "none"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEAD_AFTER_S = 45  # bytes that nobody confirms for so long break the connection, however slow it is


@dataclass(frozen=True, repr=False)
class DeviceCertificate:
    """What a device shows where a province asks for it. Has no repr: it holds a key.

    Attributes:
        chain: PEM, the device's own certificate first.
        key: PEM of its private key, PKCS #8, in clear: it is kept in the encrypted store.
    """

    chain: bytes
    key: bytes


@dataclass(frozen=True)
class Route:
    """How requests leave this computer.

    Attributes:
        proxy: `system`, `none`, or an address such as http://proxy.example:3128.
        proxy_user: Who signs in to the proxy (Basic); "" for nobody.
        proxy_password: The password for it.
        ca: Issuers to believe (PEM) besides the system's; None for the system's alone.
        pinned: Whether `ca` alone is believed.
        certificate: What this device shows, or None.
    """

    proxy: str = SYSTEM
    proxy_user: str = ""
    proxy_password: str = field(default="", repr=False)
    ca: Path | None = None
    pinned: bool = False
    certificate: DeviceCertificate | None = field(default=None, repr=False)

    def proxy_for(self, url: str) -> str:
        """Address of the proxy for `url`; "" for none. None stands before this computer itself."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host in LOOPBACK and self.proxy == SYSTEM:
            return ""
        if self.proxy == NO_PROXY:
            return ""
        if self.proxy != SYSTEM:
            return self.proxy
        if urllib.request.proxy_bypass(host):
            return ""
        known = urllib.request.getproxies()
        return known.get(parts.scheme) or known.get("all") or ""

    def trust(self) -> ssl.SSLContext:
        """Whom to believe, and as whom to come.

        Raises:
            OSError: `ca` cannot be read (ssl.SSLError: it holds no certificate).
        """
        if self.ca is not None and self.pinned:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:
            context = ssl.create_default_context()
            context.load_verify_locations(certifi.where())
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.ca is not None:
            context.load_verify_locations(str(self.ca))
            # Python 3.13 refuses issuers without key identifiers, as older offices' own CAs are.
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if self.certificate is not None:
            show(context, self.certificate)
        return context


def show(context: ssl.SSLContext, certificate: DeviceCertificate) -> None:
    """Let connections of `context` show the certificate.

    Python reads keys from files alone, so the key lies in one for a moment: encrypted with a
    password that nobody is told.
    """
    once = secrets.token_bytes(32).hex()
    key = keys.load_pem_private_key(certificate.key, None).private_bytes(
        keys.Encoding.PEM, keys.PrivateFormat.PKCS8, keys.BestAvailableEncryption(once.encode())
    )
    with tempfile.TemporaryDirectory(prefix="lastmile-") as folder:
        file = Path(folder) / "device.pem"
        file.write_bytes(certificate.chain + b"\n" + key)
        context.load_cert_chain(str(file), password=once)


class Adapter(HTTPAdapter):
    """Connections of `requests` that follow a route and notice a dead line."""

    def __init__(self, route: Route, trust: ssl.SSLContext | None) -> None:
        self._route, self._trust = route, trust
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections by the route."""
        super().init_poolmanager(*args, **self._ours(kwargs))

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make connections through `proxy` by the route."""
        return super().proxy_manager_for(proxy, **self._ours(kwargs))

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """Who signs in to the proxy; the province never sees it."""
        if not self._route.proxy_user:
            return dict(super().proxy_headers(proxy))
        secret = f"{self._route.proxy_user}:{self._route.proxy_password}"
        return dict(make_headers(proxy_basic_auth=secret))

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave everything to the context of the route."""

    def _ours(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        return {**kwargs, "ssl_context": self._trust, "socket_options": _line_options()}


def _line_options() -> list[tuple[int, int, int]]:
    options = [
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    ]
    if sys.platform == "linux":
        options += [
            (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER_S * 1000),
            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
        ]
    with contextlib.suppress(AttributeError):
        options.append((socket.IPPROTO_TCP, getattr(socket, "TCP_MAXRT"), DEAD_AFTER_S))  # noqa: B009 - Windows
    return options
