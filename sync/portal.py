"""Recognising a network that wants somebody to sign in before it lets anything through.

Such a network answers plain HTTP in every host's place. So one plain request without any
credential, to the province's own name, tells; no third party hears of the office.
Spec: RFC 6585 section 6 (511), RFC 8952 section 2.
"""

from __future__ import annotations

import http.client
from urllib.parse import urljoin, urlsplit

from sync.errors import (
    CaptivePortal,
    CertificateExpired,
    NoNetwork,
    Offline,
    SyncError,
    TlsFailed,
    TlsUnlike,
    UnknownIssuer,
    WrongName,
)
from sync.network import NetworkView

LOOK_S = 4.0
# What a network that wants a sign-in makes of a safe connection.
_LOOKS_LIKE_IT = (
    CaptivePortal,
    CertificateExpired,
    TlsFailed,
    TlsUnlike,
    UnknownIssuer,
    WrongName,
)
_REDIRECTS = (301, 302, 303, 307, 308)


def explain(error: SyncError, url: str, probe: str, network: NetworkView) -> SyncError:
    """What is behind a failure, as far as the network itself can tell; else the failure.

    Args:
        error: What ended a round.
        url: Address of the province.
        probe: As for `page_to_sign_in`.
        network: What the system says.
    """
    if not isinstance(error, (Offline, *_LOOKS_LIKE_IT)):
        return error
    if network.online is False and isinstance(error, Offline):
        return NoNetwork()
    sure = isinstance(error, _LOOKS_LIKE_IT) or bool(network.portal)
    page = page_to_sign_in(url, probe, sure=sure)
    if page or isinstance(error, CaptivePortal) or (network.portal and not page):
        return CaptivePortal(page=page or probe or usual_probe(url))
    return error


def page_to_sign_in(url: str, probe: str = "", *, sure: bool = True) -> str:
    """The address to open in a browser where the network wants a sign-in; "" where it does not.

    Args:
        url: Address of the province.
        probe: A plain http address to ask instead of the province's own name: one that is known to
            answer 204, or nothing at all.
        sure: Whether a page in the answer is enough of a sign; else only a redirect or 511 is.

    Returns:
        The address that was asked: the network leads a browser on from there.
    """
    asked = probe or usual_probe(url)
    parts = urlsplit(asked)
    if parts.scheme != "http" or not parts.hostname:
        return ""
    line = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=LOOK_S)
    try:
        line.request("GET", parts.path or "/", headers={"Accept": "text/html"})
        answer = line.getresponse()
        kind = answer.headers.get("Content-Type", "")
        told = answer.status, answer.headers.get("Location", ""), kind
        ours = "Lastmile-Protocol" in answer.headers
    except (OSError, http.client.HTTPException, ValueError):
        return ""
    finally:
        line.close()
    page = bool(probe) or (sure and told[2].lower().startswith("text/html"))
    return asked if not ours and is_portal(asked, *told[:2], page=page) else ""


def usual_probe(url: str) -> str:
    """Plain HTTP on the province's own name; on this computer itself the address as it is."""
    parts = urlsplit(url)
    if parts.scheme == "http":
        return urljoin(url, "/")
    return f"http://{parts.hostname}/" if parts.hostname else ""


def is_portal(asked: str, status: int, location: str, *, page: bool) -> bool:
    """Whether an answer to `asked` comes from a network that wants a sign-in.

    Args:
        asked: The address.
        status: Of the answer.
        location: Where it sends the browser, or "".
        page: Whether 200 would be a sign of it.
    """
    if status == 511:
        return True
    if status in _REDIRECTS:
        return not _at_home(urlsplit(asked).hostname or "", urljoin(asked, location))
    return status == 200 and page


def _at_home(host: str, target: str) -> bool:
    """Whether a redirect stays with the host, as one from http to https does."""
    to = urlsplit(target).hostname or ""
    return to.removeprefix("www.") == host.removeprefix("www.")
