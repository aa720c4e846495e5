"""Recognising a network that wants somebody to sign in before it lets anything through.

Such a network answers plain HTTP in every host's place. So one plain request without any
credential, to the province's own name, tells; no third party hears of the office.
Spec: RFC 6585 section 6 (511), RFC 8952 section 2.
"""

from __future__ import annotations

import http.client
from urllib.parse import urljoin, urlsplit

LOOK_S = 4.0
_REDIRECTS = (301, 302, 303, 307, 308)


def page_to_sign_in(url: str, probe: str = "") -> str:
    """The address to open in a browser where the network wants a sign-in; "" where it does not.

    Args:
        url: Address of the province.
        probe: A plain http address to ask instead of the province's own name: one that is known to
            answer 204, or nothing at all.

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
    return asked if not ours and is_portal(asked, *told, exact=bool(probe)) else ""


def usual_probe(url: str) -> str:
    """Plain HTTP on the province's own name; on this computer itself the address as it is."""
    parts = urlsplit(url)
    if parts.scheme == "http":
        return urljoin(url, "/")
    return f"http://{parts.hostname}/" if parts.hostname else ""


def is_portal(asked: str, status: int, location: str, kind: str, *, exact: bool = False) -> bool:
    """Whether an answer to `asked` comes from a network that wants a sign-in.

    Args:
        asked: The address.
        status: Of the answer.
        location: Where it sends the browser, or "".
        kind: Its media type.
        exact: Whether 204 is the only right answer.
    """
    if status == 511:
        return True
    if status in _REDIRECTS:
        return not _at_home(urlsplit(asked).hostname or "", urljoin(asked, location))
    return status == 200 and (exact or kind.lower().startswith("text/html"))


def _at_home(host: str, target: str) -> bool:
    """Whether a redirect stays with the host, as one from http to https does."""
    to = urlsplit(target).hostname or ""
    return to.removeprefix("www.") == host.removeprefix("www.")
