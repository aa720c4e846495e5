"""Fetches the province's list of keys and void certificates; anybody may, so no token is needed."""

from __future__ import annotations

from pathlib import Path

from sync.http import Link
from sync.problems import to_error


def fetch_list(url: str, held: int, *, ca: Path | None = None, proxy: str = "") -> bytes | None:
    """The signed list as it came; None where `held` is still the newest.

    Args:
        url: Address of the province.
        held: Sequence of the list that is held; 0 for none.
        ca: As `sync.enrol.enrol`.
        proxy: As `sync.enrol.enrol`.

    Raises:
        SyncError: No answer, or not the one asked for.
    """
    link = Link(url, ca=ca, proxy=proxy)
    try:
        answer = link.send("GET", f"/trust?held={held}")
    finally:
        link.close()
    if answer.status == 204:
        return None
    if answer.status != 200:
        raise to_error(answer)
    return answer.body
