"""The state of the link as a clerk reads it: one line, one sentence, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop import messages, words
from desktop.desk import SyncLine
from desktop.parts import Tone

Action = Literal["", "sign in", "files"]
PORTAL = "S102"
NO_NETWORK = ("S101", "S143")
OF_PROJECTS = "S2"  # how the codes of projects' servers begin; see `sync.openrosa_errors`
CLOCK_S = 120  # a smaller difference is nobody's trouble


@dataclass(frozen=True)
class LinkWords:
    """What is said of the link.

    Attributes:
        short: For the bar above all pages.
        sign: Name of an icon.
        tone: Of both.
        text: Whole sentences; "" where there is nothing to say.
        action: What a button beside the text does; `page` is the address for `sign in`.
    """

    short: str
    sign: str
    tone: Tone
    text: str = ""
    action: Action = ""
    page: str = ""


def say_link(sync: SyncLine) -> LinkWords:
    """The words for a state."""
    match sync.kind:
        case "never":
            return LinkWords(_tr(NOT_YET), "offline", "neutral")
        case "working":
            return LinkWords(_with_left(_tr(SENDING), sync), "sync", "info", *_still(sync))
        case "idle":
            return _at_rest(sync)
        case _:
            return _hindered(sync)


def say_clock(skew_s: float) -> str:
    """What is said of a clock that differs from the province's; "" for a small difference."""
    minutes = round(abs(skew_s) / 60)
    if abs(skew_s) < CLOCK_S:
        return ""
    days, hours = minutes // 1440, minutes // 60
    by = (
        _tr(DAYS, n=days)
        if days >= 2
        else _tr(HOURS, h=hours, m=minutes % 60)
        if hours
        else _tr(MINUTES, n=minutes)
    )
    return _tr(BEHIND if skew_s > 0 else AHEAD, by=by)


def _at_rest(sync: SyncLine) -> LinkWords:
    at = words.moment(sync.last_ok)
    if not sync.waiting:
        return LinkWords(_tr(ALL_SENT), "cloud", "success", _tr(ALL_SENT_TEXT, at=at))
    if sync.held_files:
        short = _tr(FILES_SHORT, n=sync.held_files)
        said = ROOM_TEXT if sync.no_room else FILES_TEXT
        text = _tr(said, cases=sync.held_cases, n=sync.held_files, mb=f"{sync.held_mb:.1f}")
        return LinkWords(short, "clock", "warning", text, "files")
    return LinkWords(_tr(LEFT, n=sync.waiting), "upload", "warning", _tr(LEFT_TEXT, n=sync.waiting))


def _hindered(sync: SyncLine) -> LinkWords:
    why = messages.say_code(sync.error_code, dict(sync.error_fields))
    if last := words.moment(sync.last_ok):
        why += "\n" + _tr(LAST, at=last)
    if sync.error_code == PORTAL:
        page = dict(sync.error_fields).get("page", "")
        short = _with_left(_tr(SIGN_IN), sync)
        return LinkWords(short, "lock", "warning", why, "sign in" if page else "", page)
    if sync.kind == "refused":
        return LinkWords(_with_left(_tr(REFUSED), sync), "error", "danger", why)
    alone = sync.error_code in NO_NETWORK
    blocked = BLOCKED_PROJECT if sync.error_code.startswith(OF_PROJECTS) else BLOCKED
    short = _with_left(_tr(OFFLINE if alone else blocked), sync)
    return LinkWords(short, "offline" if alone else "warning", "warning", why)


def _still(sync: SyncLine) -> tuple[str, Action, str]:
    """While a round runs, what stood in the way of the last one stays in sight."""
    if not sync.error_code:
        return "", "", ""
    before = _hindered(sync)
    return before.text, before.action, before.page


def _with_left(said: str, sync: SyncLine) -> str:
    return f"{said}  ·  {_tr(LEFT, n=sync.waiting)}" if sync.waiting else said


def _tr(source: str, **values: object) -> str:
    return QCoreApplication.translate("link", source).format(**values)


NOT_YET = cast("str", QT_TRANSLATE_NOOP("link", "Not connected yet"))
SENDING = cast("str", QT_TRANSLATE_NOOP("link", "Sending"))
ALL_SENT = cast("str", QT_TRANSLATE_NOOP("link", "Everything sent"))
ALL_SENT_TEXT = cast(
    "str", QT_TRANSLATE_NOOP("link", "Everything is confirmed by a receipt. Last exchange: {at}.")
)
LEFT = cast("str", QT_TRANSLATE_NOOP("link", "{n} to send"))
LEFT_TEXT = cast(
    "str",
    QT_TRANSLATE_NOOP("link", "{n} have no receipt yet. The list says what each of them needs."),
)
FILES_SHORT = cast("str", QT_TRANSLATE_NOOP("link", "{n} files wait"))
FILES_TEXT = cast(
    "str",
    QT_TRANSLATE_NOOP(
        "link", "{cases} cases are at the province; {n} files ({mb} MB) wait for a better network."
    ),
)
ROOM_TEXT = cast(
    "str",
    QT_TRANSLATE_NOOP(
        "link",
        "{cases} cases are at the province; {n} files ({mb} MB) wait until it has room for them."
        " They go by themselves then.",
    ),
)
SIGN_IN = cast("str", QT_TRANSLATE_NOOP("link", "Sign in to the network"))
REFUSED = cast("str", QT_TRANSLATE_NOOP("link", "Refused"))
OFFLINE = cast("str", QT_TRANSLATE_NOOP("link", "Offline"))
BLOCKED = cast("str", QT_TRANSLATE_NOOP("link", "No way to the province"))
BLOCKED_PROJECT = cast("str", QT_TRANSLATE_NOOP("link", "No way to the project's server"))
LAST = cast("str", QT_TRANSLATE_NOOP("link", "Last exchange: {at}."))
BEHIND = cast(
    "str",
    QT_TRANSLATE_NOOP("link", "This computer's clock is {by} behind the province's. Set it right."),
)
AHEAD = cast(
    "str",
    QT_TRANSLATE_NOOP(
        "link", "This computer's clock is {by} ahead of the province's. Set it right."
    ),
)
MINUTES = cast("str", QT_TRANSLATE_NOOP("link", "{n} minutes"))
HOURS = cast("str", QT_TRANSLATE_NOOP("link", "{h} hours {m} minutes"))
DAYS = cast("str", QT_TRANSLATE_NOOP("link", "{n} days"))
