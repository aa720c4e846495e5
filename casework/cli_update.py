"""`lastmile-admin update`: a newer program, announced and downloaded; installing it is your act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casework import fetching, link, packages, program_stick
from casework.console import Json, Login, Profile, say, with_office
from casework.office import USUAL_PROFILE, Office
from casework.rights import needs

if TYPE_CHECKING:
    from sync.packages import PackageSource

app = typer.Typer(help="Newer versions of the program.", no_args_is_help=True)
Systems = Annotated[
    list[str] | None, typer.Option(help="win32 or linux, once for each; left out: both.")
]
Stick = Annotated[Path | None, typer.Option("--from", help="Stick, in place of the network.")]


@app.command()
def check(
    stick: Stick = None,
    profile: Profile = USUAL_PROFILE,
    login: Login = "admin",
    as_json: Json = False,
) -> None:
    """Ask the province, or a stick, for a newer program; exit code 1 where there is one.

    Example: lastmile-admin update check --from /media/usb --json
    """

    def do(office: Office) -> dict[str, Any]:
        found = _found(office, stick)
        if found is None:
            return {"newer": ""}
        file = fetching.installer(found.manifest)
        return {
            "newer": found.manifest.version,
            "file": file.path,
            "bytes": file.size,
            "sha256": file.sha256,
            "as_of": found.as_of.isoformat(timespec="minutes"),
        }

    facts = with_office(profile, login, do)
    say(facts, as_json)
    raise typer.Exit(1 if facts["newer"] else 0)


@app.command()
def download(
    to: Annotated[Path, typer.Option(help="Folder for the installer.")],
    stick: Stick = None,
    profile: Profile = USUAL_PROFILE,
    login: Login = "admin",
    as_json: Json = False,
) -> None:
    """Lay the newer program into a folder, verified; a download that was cut off goes on.

    Example: lastmile-admin update download --from /media/usb --to /srv/installers
    """

    def do(office: Office) -> dict[str, Any]:
        with _looking(office, stick) as source:
            path = fetching.download_program(office, source, to) if source else None
        return {"file": str(path or "")}

    say(with_office(profile, login, do), as_json)


@app.command()
def carry(
    to: Annotated[Path, typer.Option(help="Folder of the stick.", file_okay=False, exists=True)],
    system: Systems = None,
    profile: Profile = USUAL_PROFILE,
    login: Login = "admin",
    as_json: Json = False,
) -> None:
    """Lay the newest programs on a stick for computers without a network.

    Exit code 1: none is published. A stick that was pulled out goes on where it stopped.

    Example: lastmile-admin update carry --to /media/usb --system win32
    """

    def do(office: Office) -> dict[str, Any]:
        home = link.provider(office.store)
        try:
            done = program_stick.put(office, home, to, system or program_stick.SYSTEMS)
        finally:
            home.close()
        return {"programs": [asdict(each) for each in done]}

    facts = with_office(profile, login, do)
    say(facts, as_json)
    raise typer.Exit(0 if facts["programs"] else 1)


def _found(office: Office, stick: Path | None) -> program_stick.Found | None:
    if stick is not None:
        return program_stick.find(office, stick)
    with _looking(office, None) as source:
        found = fetching.newer_program(office, source) if source else None
    return program_stick.Found(found, office.now()) if found else None


@contextmanager
def _looking(office: Office, stick: Path | None) -> Iterator[PackageSource | None]:
    """A look at what a stick carries, or at what the province publishes."""
    if stick is not None:
        with program_stick.looking(office, stick) as source:
            yield source
        return
    home = link.provider(office.store)
    try:
        with fetching.looking(office, home, lambda: False) as source:
            yield source
    finally:
        home.close()


@needs("anybody")
def facts(office: Office) -> dict[str, Any]:
    """How current the services are, and whether a newer program is announced."""
    state = packages.freshness(office)
    return {
        "services_as_of": state.seen_at or state.told_at or "",
        "services_trouble": f"{state.error} {state.name}".strip(),
        "newer_program": state.program,
    }
