"""What the commands of `lastmile-admin` share: options, answers, refusals, the open store.

Passwords are read from the environment (LASTMILE_PASSWORD) or asked for, never from arguments.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from casework import openrosa, packages
from casework.errors import CaseworkError
from casework.office import RESOURCES, Office, Resources, local_now, own_fonts
from forms.errors import FormError
from printing.errors import PrintingError
from store.errors import StoreError
from store.open import OpenStore, unlock
from store.secrets import profile_box
from sync.errors import SyncError

T = TypeVar("T")
Profile = Annotated[Path, typer.Option(help="Folder of the office's data.")]
Login = Annotated[str, typer.Option(help="Login of an operator.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]


def say(facts: dict[str, Any], as_json: bool) -> None:  # noqa: FBT001 - an option's value
    """Print facts for people, or as one JSON object for scripts."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    for name, value in facts.items():
        typer.echo(f"{name}: {value}")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into its code on standard error and exit code 3."""
    try:
        yield
    except (StoreError, CaseworkError, SyncError, FormError, PrintingError) as error:
        facts = " ".join(str(value) for value in error.fields.values())
        typer.echo(f"{error.code} {type(error).__name__} {facts}".strip(), err=True)
        raise typer.Exit(3) from None


def ask_password(prompt: str = "Password") -> str:
    """The password from LASTMILE_PASSWORD, or as typed now."""
    found = os.environ.get("LASTMILE_PASSWORD")
    return found if found else str(typer.prompt(prompt, hide_input=True))


@contextmanager
def open_store(profile: Path, login: str) -> Iterator[OpenStore]:
    """The store of a profile, opened for `login` and closed at the end."""
    with refusals():
        box = profile_box(profile)
        opened = unlock(profile, login, ask_password(), secret=box, now=local_now())
        if made := opened.recovery:
            what = "everything is back" if made.complete else "not everything is back"
            said = f"The store was {made.reason} and made again from snapshot and journal; {what}."
            typer.echo(f"{said} See: lastmile-admin recoveries", err=True)
        try:
            yield opened
        finally:
            opened.close()


def with_office(profile: Path, login: str, do: Callable[[Office], T]) -> T:
    """What `do` answers for the office of a profile."""
    with open_store(profile, login) as store:
        office = Office(store, Resources(RESOURCES, own_fonts(profile)))
        packages.offer(office)
        openrosa.offer(office)
        return do(office)
