"""`lastmile-admin recovery` and what else changes keys."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from casework import people
from casework.console import Login, Profile, open_store, refusals, say, with_office
from casework.office import RESOURCES, USUAL_PROFILE, Office, Resources, local_now
from store import regain
from store.secrets import profile_box

app = typer.Typer(help="A lost password: office code, or the province.", no_args_is_help=True)
Whose = Annotated[str, typer.Option("--for", help="Login that gets a new password.")]


def _new_password(login: str) -> regain.NewPassword:
    found = os.environ.get("LASTMILE_NEW_PASSWORD")
    return regain.NewPassword(login, found or typer.prompt("New password", hide_input=True))


def _code(prompt: str) -> str:
    found = os.environ.get("LASTMILE_CODE")
    return found or str(typer.prompt(prompt, hide_input=True))


@app.command("ask")
def ask(
    target: Annotated[Path, typer.Argument(help="File for the request.")],
    login: Whose = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Write a request for the province; needs no password.

    Example: lastmile-admin recovery ask /media/usb/request.json --for zhao
    """
    with refusals():
        request = regain.ask(profile, login, local_now())
    target.write_bytes(request)
    say({"request": target, "for": login}, as_json=False)


@app.command("take")
def take(
    source: Annotated[Path, typer.Argument(help="The province's answer.")],
    login: Whose = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Take the answer; asks for the supervisor's code and the new password.

    Example: lastmile-admin recovery take /media/usb/answer.json --for zhao
    """
    new = _new_password(login)
    with refusals():
        regain.take(
            profile,
            source.read_bytes(),
            _code("Code that the province told the supervisor"),
            new,
            secret=profile_box(profile),
            now=local_now(),
        )


@app.command("code")
def code(login: Whose = "admin", profile: Profile = USUAL_PROFILE) -> None:
    """Use the office code from the safe; also on a new computer or after a lost key store.

    Example: lastmile-admin recovery code --for admin
    """
    new = _new_password(login)
    with refusals():
        regain.by_code(
            profile, _code("Office code"), new, secret=profile_box(profile), now=local_now()
        )


def dismiss(
    who: Annotated[str, typer.Argument(help="Login that is taken away.")],
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Take a login away for cause and change the data key at once.

    Copies taken away before stay readable to who knew the key; enrol the computer anew too.

    Example: lastmile-admin dismiss wang
    """
    with_office(profile, login, lambda office: people.dismiss_operator(office, who))
    with open_store(profile, login):
        pass  # signing in finishes the change


def rekey(
    suite: Annotated[str, typer.Option(help="Algorithms; hkdf-sm3+sm4-gcm for SM.")] = "",
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Change the data key, and the algorithms if named; stopped anywhere, the next sign-in goes on.

    Example: lastmile-admin rekey --suite hkdf-sm3+sm4-gcm
    """
    with_office(profile, login, lambda office: people.change_data_key(office, suite))
    with open_store(profile, login) as store:
        office = Office(store, Resources(RESOURCES))
        say({"slots": len(people.everybody(office))}, as_json=False)
