"""`lastmile-admin network`: proxy, issuers, certificates, metered links and busy hours."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import link, network
from casework.console import Json, Login, Profile, open_store, say, with_office
from casework.office import USUAL_PROFILE
from sync.errors import SyncError
from sync.http import Link
from sync.network import NetworkView
from sync.portal import explain
from sync.route import Route

app = typer.Typer(help="How this computer reaches its province.", no_args_is_help=True)


@app.command()
def show(profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """The settings in force: the province's policy, then what was set here.

    Example: lastmile-admin network show
    """
    say(asdict(network.load(profile)), as_json)


@app.command("set")
def set_values(
    proxy: Annotated[str | None, typer.Option(help="system, none, or http://host:port.")] = None,
    proxy_user: Annotated[str | None, typer.Option(help="Who signs in to the proxy.")] = None,
    ca: Annotated[str | None, typer.Option(help="File of issuers (PEM); empty: none.")] = None,
    pinned: Annotated[bool | None, typer.Option(help="Believe the file alone.")] = None,
    probe: Annotated[str | None, typer.Option(help="http address that answers 204.")] = None,
    metered: Annotated[str | None, typer.Option(help="system, always or never.")] = None,
    busy_hours: Annotated[
        str | None, typer.Option(help="When files wait, such as 08:30-12:00,14:00-17:30.")
    ] = None,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Change settings of this computer; those not named stay.

    Example: lastmile-admin network set --proxy http://proxy.example:3128 --ca province-ca.pem
    """
    given = {
        "proxy": proxy,
        "proxy_user": proxy_user,
        "ca": str(Path(ca).absolute()) if ca else ca,
        "pinned": pinned,
        "probe": probe,
        "metered": metered,
        "busy_hours": busy_hours,
    }
    values = {name: value for name, value in given.items() if value is not None}
    chosen = with_office(profile, login, lambda office: network.change(office, values))
    say(asdict(chosen), as_json)


@app.command()
def password(login: Login = "admin", profile: Profile = USUAL_PROFILE) -> None:
    """Keep the password for the proxy; it is asked for, and an empty one forgets it.

    Example: lastmile-admin network password
    """
    typed = typer.prompt("Proxy", hide_input=True, default="", show_default=False)
    with_office(profile, login, lambda office: network.keep_password(office, typed))


@app.command()
def certificate(
    file: Annotated[Path | None, typer.Argument(help="PEM or PKCS #12; none: forget it.")] = None,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Take over a certificate for this computer; the password of its key is asked for.

    Only for provinces with a CA of their own: others issue certificates by themselves.

    Example: lastmile-admin network certificate window-3.p12
    """
    data, secret = b"", ""
    if file is not None:
        data = file.read_bytes()
        secret = typer.prompt("Key", hide_input=True, default="", show_default=False)
    with_office(profile, login, lambda office: network.hand_in(office, data, secret))


@app.command()
def check(login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Try the way to the province once, without sending anything; says what stands in it.

    Example: lastmile-admin network check --json
    """
    with open_store(profile, login) as store:
        name, url = link.connected_to(store)
        facts: dict[str, Any] = {"province": name, "url": url}
        chosen, route = network.load(profile), network.route(store)
        facts["proxy"] = route.proxy_for(url) or "none"
        facts |= _tried(url, route, chosen.probe)
    say(facts, as_json)
    raise typer.Exit(1 if facts["error"] else 0)


def _tried(url: str, route: Route, probe: str) -> dict[str, Any]:
    try:
        tried = Link(url, route)
        answer = tried.send("GET", "/meta")
        tried.close()
    except SyncError as error:
        why = explain(error, url, probe, NetworkView())
        return {"error": why.code, "what": type(why).__name__, **why.fields}
    return {
        "error": "" if answer.status == 200 else "S111",
        "protocol": answer.headers["Lastmile-Protocol"],
        "clock_behind_s": round(answer.skew_s),
    }
