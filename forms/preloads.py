"""What a form wants filled in by itself: moments, ids, facts about this office.

Spec: https://getodk.github.io/xforms-spec/#preload-attributes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from forms.errors import UnsupportedFeature
from forms.xpath.context import Host
from forms.xpath.functions_date import iso_moment


class Source(Host, Protocol):
    """Where preloaded values come from."""

    properties: Mapping[str, str]


_ALIASES = {"phone number": "phonenumber", "userid": "username", "device_id": "deviceid"}
PROPERTIES = frozenset(
    {"deviceid", "email", "username", "phonenumber", "simserial", "subscriberid"}
)
AT_FIRST: dict[tuple[str, str], Callable[[Source], str]] = {
    ("uid", ""): lambda source: f"uuid:{source.new_id()}",
    ("date", "today"): lambda source: source.today().isoformat(),
    ("timestamp", "start"): lambda source: iso_moment(source.now()),
}
AT_END = ("timestamp", "end")


def demand_known(kind: str, params: str, line: int) -> None:
    """Refuse what no office can fill in.

    Raises:
        UnsupportedFeature: It is not in the specification, or it asks for a patient's record.
    """
    if not kind or kind in {"uid", "property"}:
        return
    if (kind, params) not in AT_FIRST and (kind, params) != AT_END:
        raise UnsupportedFeature(feature=f"preload {kind} {params}", element="bind", line=line)


def first_value(kind: str, params: str, source: Source) -> str | None:
    """What stands in the node when the form is first opened; None to leave it as it is.

    A property that the office does not know is "".
    """
    if kind == "property":
        return _property(params, source.properties)
    make = AT_FIRST.get((kind, "" if kind == "uid" else params))
    return make(source) if make else None


def _property(name: str, known: Mapping[str, str]) -> str:
    if name in known:
        return known[name]
    wanted = _plain(name)
    return next((value for key, value in known.items() if _plain(key) == wanted), "")


def _plain(name: str) -> str:
    lower = name.strip().lower()
    return _ALIASES.get(lower, lower)
