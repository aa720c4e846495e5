"""Addresses of OpenRosa servers: which server one names, and whether it may be asked."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit

from sync.openrosa_errors import NoOpenRosa
from sync.route import LOOPBACK

Origin = tuple[str, str, int]
NOWHERE: Origin = ("", "", 0)
_PORTS = {"https": 443, "http": 80}


def origin(url: str) -> Origin:
    """Scheme, host (ASCII, lower case) and port; `NOWHERE` of what is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return NOWHERE
    return parts.scheme, _ascii(parts.hostname or ""), port or _PORTS.get(parts.scheme, 0)


def is_safe(url: str) -> bool:
    """Whether a request may go there: by https, or to this computer itself."""
    scheme, host, _port = origin(url)
    return bool(host) and (scheme == "https" or (scheme == "http" and host in LOOPBACK))


def joined(base: str, url: str) -> str:
    """`url` as a server wrote it, seen from `base`.

    Raises:
        NoOpenRosa: It is no address.
    """
    try:
        return urljoin(base, url)
    except ValueError:
        raise NoOpenRosa from None


def secured(url: str, base: str) -> str:
    """`url` with https where `base` has it: servers behind a proxy may not know of it."""
    ours, theirs = origin(base), origin(url)
    if (ours[0], theirs[0]) == ("https", "http") and ours[1] == theirs[1]:
        return urlunsplit(("https", urlsplit(base).netloc, *urlsplit(url)[2:]))
    return url


def _ascii(host: str) -> str:
    try:
        return host.lower().encode("idna").decode()
    except UnicodeError:
        return host.lower()
