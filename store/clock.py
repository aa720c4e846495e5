"""Whether the clock of this computer may be believed.

The record's sequence numbers only grow, so a moment earlier than the one before it means that
the clock was moved back. From then on, and also while the clock lies before the last moment that
the province told, times are kept as they are and marked doubtful, until the province's clock and
this one agree again.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store import settings

_STATE = "clock"
_SLACK = timedelta(minutes=2)  # the system's own small corrections
AGREES = timedelta(minutes=5)


def note(session: Session, now: datetime) -> bool:
    """Take `now` into account; returns whether it is doubtful. Repeating it changes nothing."""
    state = _state(session)
    moved_back = now < _moment(state["seen"]) - _SLACK
    behind = now < _moment(state["province"]) - _SLACK
    doubtful = bool(state["doubtful"]) or moved_back or behind
    _keep(session, {**state, "seen": now.timestamp(), "doubtful": doubtful})
    return doubtful


def learn(session: Session, province: datetime, now: datetime) -> bool:
    """Compare with the province's clock; returns whether times are doubtful from now on."""
    doubtful = abs(province - now) > AGREES
    seen = now.timestamp() if not doubtful else _state(session)["seen"]
    state = {"seen": seen, "province": province.timestamp(), "doubtful": doubtful}
    _keep(session, state)
    return doubtful


def is_doubtful(session: Session) -> bool:
    """Whether times noted now would be marked."""
    return bool(_state(session)["doubtful"])


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp).astimezone()


def _state(session: Session) -> dict[str, float]:
    kept = settings.get(session, _STATE)
    if kept is None:
        return {"seen": 0.0, "province": 0.0, "doubtful": False}
    state: dict[str, float] = json.loads(kept)
    return state


def _keep(session: Session, state: dict[str, float]) -> None:
    settings.put(session, _STATE, json.dumps(state).encode())
