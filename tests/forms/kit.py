"""Small forms written in a test, and what a session of them needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import TypedDict

from forms import Form, Session, load_form

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


class Around(TypedDict):
    """What every session asks for."""

    now: Callable[[], datetime]
    today: Callable[[], date]
    new_id: Callable[[], str]
    random: Callable[[], float]


def around() -> Around:
    """A clock that stands still, and ids that count from 1."""
    numbers = count(1)
    return Around(
        now=lambda: NOW,
        today=NOW.date,
        new_id=lambda: f"00000000-0000-4000-8000-{next(numbers):012}",
        random=lambda: 0.5,
    )


def xform(
    instance: str, *, binds: str = "", model: str = "", body: str = "", entities: str = ""
) -> bytes:
    """An XForm around the primary instance `<data id="f">{instance}</data>`."""
    version = f' entities:entities-version="{entities}"' if entities else ""
    return f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"
 xmlns:odk="http://www.opendatakit.org/xforms"
 xmlns:entities="http://www.opendatakit.org/xforms/entities">
<h:head><h:title>F</h:title><model{version}>
<instance><data xmlns="" id="f" version="7">{instance}</data></instance>
{model}{binds}</model></h:head>
<h:body>{body}</h:body></h:html>""".encode()


def form(instance: str, resources: Mapping[str, bytes] | None = None, **more: str) -> Form:
    """The form of `xform`, loaded."""
    return load_form(xform(instance, **more), resources or {})


def session(instance: str, resources: Mapping[str, bytes] | None = None, **more: str) -> Session:
    """A new session of it."""
    return form(instance, resources, **more).new_session(**around())


def values(of: Session) -> dict[str, str]:
    """Every answer by ref, blank ones left out."""
    return {ref: view.answer for ref in of.nodes() if (view := of.view(ref)).answer}
