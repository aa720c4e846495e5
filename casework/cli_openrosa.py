"""`lastmile-admin openrosa`: forms of ODK Central, KoboToolbox, Ona and other OpenRosa servers."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Annotated

import typer

from casework import openrosa
from casework.console import Json, Login, Profile, say, with_office
from casework.office import USUAL_PROFILE
from sync.openrosa_code import Account, read_project_code

app = typer.Typer(help="Forms of ODK Central, KoboToolbox, Ona.", no_args_is_help=True)


@app.command()
def connect(
    url: Annotated[str, typer.Argument(help="Address of the server or project.")] = "",
    user: Annotated[str, typer.Option(help="Login there; none for an app user's address.")] = "",
    digest: Annotated[bool, typer.Option("--digest", help="Digest in place of Basic.")] = False,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Take forms from a server; its password comes from LASTMILE_OPENROSA_PASSWORD.

    A project's settings code (the text of its QR code) goes into LASTMILE_OPENROSA_CODE instead,
    since it holds secrets.

    Example: lastmile-admin openrosa connect https://central.example/v1/key/KEY/projects/1
    """
    code = os.environ.get("LASTMILE_OPENROSA_CODE", "")
    password = os.environ.get("LASTMILE_OPENROSA_PASSWORD", "")
    scheme = "digest" if digest else "basic"
    account = read_project_code(code) if code else Account(url, user, password, scheme)
    say(asdict(with_office(profile, login, lambda o: openrosa.connect(o, account))), as_json)


@app.command()
def fetch(login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Bring the server's forms here, and say which cannot be used and why.

    Example: lastmile-admin openrosa fetch --json
    """
    facts = asdict(with_office(profile, login, openrosa.fetch))
    say(facts, as_json)
    raise typer.Exit(1 if facts["refused"] else 0)
