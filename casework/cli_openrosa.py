"""`lastmile-admin openrosa`: forms of ODK Central, KoboToolbox, Ona and other OpenRosa servers."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import openrosa, projects
from casework.console import Json, Login, Profile, refusals, say, with_office
from casework.office import USUAL_PROFILE, Office
from sync.openrosa_code import Account, read_project_code, tidy_url

app = typer.Typer(help="Forms of ODK Central, KoboToolbox, Ona.", no_args_is_help=True)


@app.command()
def connect(
    url: Annotated[str, typer.Argument(help="Address of the server or project.")] = "",
    user: Annotated[str, typer.Option(help="Login there; none for an app user's address.")] = "",
    scheme: Annotated[str, typer.Option(help="auto, basic, digest or token.")] = "auto",
    code: Annotated[Path | None, typer.Option(help="Picture or text of the settings code.")] = None,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Take forms from a project; its password or token comes from LASTMILE_OPENROSA_PASSWORD.

    A project's settings code goes as a picture of its QR code (--code), or as its text in
    LASTMILE_OPENROSA_CODE, since it holds secrets.

    Example: lastmile-admin openrosa connect --code project.png
    """
    with refusals():
        account = _account(url, user, scheme, code)
    say(asdict(with_office(profile, login, lambda o: openrosa.connect(o, account))), as_json)


def _account(url: str, user: str, scheme: str, code: Path | None) -> Account:
    if code is not None:
        return projects.read_settings(code.read_bytes())
    if text := os.environ.get("LASTMILE_OPENROSA_CODE", ""):
        return read_project_code(text)
    if scheme not in ("auto", "basic", "digest", "token"):
        raise typer.BadParameter("auto, basic, digest or token", param_hint="--scheme")
    password = os.environ.get("LASTMILE_OPENROSA_PASSWORD", "")
    return Account(tidy_url(url), user, password, scheme, username=user)


@app.command("list")
def show(login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Say which projects there are.

    Example: lastmile-admin openrosa list --json
    """
    found = with_office(profile, login, projects.everything)
    say({"projects": [asdict(each) for each in found]}, as_json)


@app.command()
def fetch(login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Bring the forms of all projects here, and say which cannot be used and why.

    Example: lastmile-admin openrosa fetch --json
    """

    def do(office: Office) -> dict[str, list[Any]]:
        looks = [openrosa.fetch(office, project) for project in projects.accounts(office.store)]
        return {
            "new": [name for look in looks for name in look.new],
            "refused": [asdict(each) for look in looks for each in look.refused],
            "offered": [look.offered for look in looks],
        }

    facts = with_office(profile, login, do)
    say(facts, as_json)
    raise typer.Exit(1 if facts["refused"] else 0)


@app.command()
def remove(
    project: Annotated[str, typer.Argument(help="Its id, as `list` says it.")],
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Take no forms from a project any more, and forget its settings.

    Example: lastmile-admin openrosa remove 3f2a91c4
    """
    with_office(profile, login, lambda office: projects.remove(office, project))
