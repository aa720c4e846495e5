"""`lastmile-admin relay`: cases carried by hand between computers (离线摆渡)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import relay
from casework.console import Json, Login, Profile, say, with_office
from casework.office import USUAL_PROFILE, Office

app = typer.Typer(help="Cases carried on a stick.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="Folder of the stick.", file_okay=False)]


@app.command()
def write(
    folder: Folder,
    part_mb: Annotated[int, typer.Option(help="Most megabytes of one file.", min=1)] = 100,
    more: Annotated[bool, typer.Option("--more", help="Go on with the bundle begun.")] = False,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Seal what waits to be sent and copy it to a stick; `--more` fills the next stick.

    Example: lastmile-admin relay write /media/usb --login li
    """

    def do(office: Office) -> dict[str, Any]:
        if not more:
            relay.make(office, part_bytes=part_mb << 20)
        copied = relay.copy_to(office, folder)
        newest = next(iter(relay.bundles(office)), None)
        counts = {"cases": newest.cases, "others": newest.others} if newest else {}
        return {**counts, "written": list(copied.written), "files_left": copied.left}

    facts = with_office(profile, login, do)
    say(facts, as_json)
    raise typer.Exit(1 if facts["files_left"] else 0)


@app.command()
def carry(
    folder: Folder, login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False
) -> None:
    """Hand over the bundles on a stick to the province and lay the answers beside them.

    Example: lastmile-admin relay carry /media/usb
    """
    facts = asdict(with_office(profile, login, lambda office: relay.carry(office, folder)))
    say(facts, as_json)
    raise typer.Exit(1 if facts["failed"] else 0)


@app.command("take-in")
def take_in(
    folder: Folder, login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False
) -> None:
    """Take in the province's answers from a stick; twice changes nothing.

    Example: lastmile-admin relay take-in /media/usb --login li
    """
    facts = asdict(with_office(profile, login, lambda office: relay.take_in(office, folder)))
    say(facts, as_json)
    raise typer.Exit(1 if facts["failed"] or facts["refused"] else 0)


@app.command("list")
def list_bundles(
    login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False
) -> None:
    """Bundles that this computer made, and what became of them.

    Example: lastmile-admin relay list --login li --json
    """
    found = with_office(profile, login, lambda office: {"bundles": relay.bundles(office)})
    say({"bundles": [asdict(each) for each in found["bundles"]]}, as_json)
