"""Fetches the province's list of keys and void certificates; anybody may, so no token is needed."""

from __future__ import annotations

from sync.http import Link
from sync.problems import to_error
from sync.route import Route


def fetch_list(url: str, held: int, route: Route | None = None) -> bytes | None:
    """The signed list as it came; None where `held` is still the newest.

    Args:
        url: Address of the province.
        held: Sequence of the list that is held; 0 for none.
        route: How requests leave this computer.

    Raises:
        SyncError: No answer, or not the one asked for.
    """
    link = Link(url, route)
    try:
        answer = link.send("GET", f"/trust?held={held}")
    finally:
        link.close()
    if answer.status == 204:
        return None
    if answer.status != 200:
        raise to_error(answer)
    return answer.body
