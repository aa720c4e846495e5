"""`lastmile-admin update`: a newer program, announced and downloaded; installing it is your act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from casework import fetching, link, packages
from casework.console import Json, Login, Profile, say, with_office
from casework.office import USUAL_PROFILE, Office
from casework.rights import needs

app = typer.Typer(help="Newer versions of the program.", no_args_is_help=True)


@app.command()
def check(profile: Profile = USUAL_PROFILE, login: Login = "admin", as_json: Json = False) -> None:
    """Ask the province for a newer program; exit code 1 where there is one.

    Example: lastmile-admin update check --json
    """

    def do(office: Office) -> dict[str, Any]:
        home = link.provider(office.store)
        try:
            with fetching.looking(office, home, lambda: False) as source:
                found = fetching.newer_program(office, source) if source else None
        finally:
            home.close()
        if found is None:
            return {"newer": ""}
        [file] = found.files
        return {
            "newer": found.version,
            "file": file.path,
            "bytes": file.size,
            "sha256": file.sha256,
        }

    facts = with_office(profile, login, do)
    say(facts, as_json)
    raise typer.Exit(1 if facts["newer"] else 0)


@app.command()
def download(
    to: Annotated[Path, typer.Option(help="Folder for the installer.")],
    profile: Profile = USUAL_PROFILE,
    login: Login = "admin",
    as_json: Json = False,
) -> None:
    """Download the newer program, verified; a download that was cut off goes on.

    Example: lastmile-admin update download --to /srv/installers
    """

    def do(office: Office) -> dict[str, Any]:
        home = link.provider(office.store)
        try:
            with fetching.looking(office, home, lambda: False) as source:
                path = fetching.download_program(office, source, to) if source else None
        finally:
            home.close()
        return {"file": str(path or "")}

    say(with_office(profile, login, do), as_json)


@needs("anybody")
def facts(office: Office) -> dict[str, Any]:
    """How current the services are, and whether a newer program is announced."""
    state = packages.freshness(office)
    return {
        "services_as_of": state.seen_at or state.told_at or "",
        "services_trouble": f"{state.error} {state.name}".strip(),
        "newer_program": state.program,
    }
