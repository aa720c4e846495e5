"""`lastmile-admin openrosa`: forms of ODK Central, KoboToolbox, Ona and other OpenRosa servers."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import openrosa, projects
from casework.console import Json, Login, Profile, refusals, say, with_office
from casework.office import USUAL_PROFILE
from sync.openrosa_code import Account, read_project_code, tidy_url

_HEAD = ("id", "name", "host")  # of a project, on one line
app = typer.Typer(help="Forms of ODK Central, KoboToolbox, Ona.", no_args_is_help=True)


@app.command()
def connect(
    url: Annotated[str, typer.Argument(help="Address of the server or project.")] = "",
    user: Annotated[str, typer.Option(help="Login there; none for an app user's address.")] = "",
    scheme: Annotated[str, typer.Option(help="auto, basic, digest or token.")] = "auto",
    name: Annotated[str, typer.Option(help="What people call the project.")] = "",
    code: Annotated[
        Path | None,
        typer.Option(
            help="Picture or text of the settings code.", exists=True, dir_okay=False, readable=True
        ),
    ] = None,
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
        account = replace(account, name=name or account.name)
    tell(asdict(with_office(profile, login, lambda o: openrosa.connect(o, account))), as_json)


def _account(url: str, user: str, scheme: str, code: Path | None) -> Account:
    if code is not None:
        return projects.read_settings(code.read_bytes())
    if url:
        if scheme not in ("auto", "basic", "digest", "token"):
            raise typer.BadParameter("auto, basic, digest or token", param_hint="--scheme")
        password = os.environ.get("LASTMILE_OPENROSA_PASSWORD", "")
        return Account(tidy_url(url), user, password, scheme, username=user)
    if text := os.environ.get("LASTMILE_OPENROSA_CODE", ""):
        return read_project_code(text)
    raise typer.BadParameter("an address, --code or LASTMILE_OPENROSA_CODE", param_hint="URL")


@app.command("list")
def show(login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Say which projects there are.

    Example: lastmile-admin openrosa list --json
    """
    found = with_office(profile, login, projects.everything)
    if as_json:
        say({"projects": [asdict(each) for each in found]}, as_json)
        return
    for each in found:
        at = each.fetched_at.astimezone().strftime("%Y-%m-%d %H:%M") if each.fetched_at else "-"
        typer.echo(f"{each.id}  {each.name}  {each.host}  {each.forms} forms, fetched {at}")


@app.command()
def fetch(login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Bring the forms of all projects here, and say which cannot be used and why.

    A server that does not answer keeps no other from being asked. Exit code 1 if one did not, or
    a form cannot be used.

    Example: lastmile-admin openrosa fetch --json
    """
    seen = with_office(profile, login, lambda office: openrosa.visits(office, sending=False))
    told = [facts(each) for each in seen]
    tell({"projects": told}, as_json)
    raise typer.Exit(1 if any(each["error"] or each["refused"] for each in told) else 0)


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


def facts(visit: openrosa.Visit) -> dict[str, Any]:
    """What scripts are told of a look at a project's server."""
    brought, report = visit.fetched or openrosa.Fetched((), (), 0), visit.report
    return {
        "id": visit.project.id,
        "name": visit.project.name,
        "host": visit.project.host,
        **asdict(brought),
        "acknowledged": report.acknowledged,
        "failed": report.failed,
        "error": report.error.code if report.error else "",
        "fields": dict(report.error.fields) if report.error else {},
    }


def tell(told: dict[str, Any], as_json: bool) -> None:  # noqa: FBT001 - an option's value
    """As `say`, with a line for each of several things."""
    if as_json:
        say(told, as_json)
        return
    for name, value in told.items():
        if name == "projects":
            for each in value:
                typer.echo(f"{each['id']}  {each['name']}  {each['host']}")
                tell({f"  {k}": v for k, v in each.items() if k not in _HEAD and v}, as_json=False)
        elif isinstance(value, (list, tuple)):
            typer.echo(f"{name}: {'; '.join(map(_line, value))}")
        elif isinstance(value, dict):
            typer.echo(f"{name}: {_line(value)}")
        else:
            typer.echo(f"{name}: {value}")


def _line(each: object) -> str:
    if not isinstance(each, dict):
        return str(each)
    return " ".join(_line(value) for value in each.values())
