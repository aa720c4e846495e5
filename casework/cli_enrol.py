"""`lastmile-admin enrol`: one computer by a code, or many by files with nobody at the keys."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import enrolment, link, number_blocks
from casework.console import Json, Login, Profile, refusals, say, with_office
from casework.office import USUAL_PROFILE, Office

NAME = platform.node() or "window"


def enrol(
    url: Annotated[str, typer.Argument(help="Address of the province.")] = "",
    code: Annotated[str, typer.Argument(help="One-time code.")] = "",
    file: Annotated[Path | None, typer.Option(help="Enrolment file, in place of both.")] = None,
    beside: Annotated[Path | None, typer.Option(help="Folder to find the file in.")] = None,
    fingerprint: Annotated[str, typer.Option(help="Refuse a file of another key.")] = "",
    look: Annotated[bool, typer.Option("--look", help="Say what it holds; send nothing.")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the file once used.")] = False,
    device_name: Annotated[str, typer.Option(help="What the province sees.")] = NAME,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Connect this computer to its office, by a code or by an enrolment file.

    Without address and file, the one *.lmenrol is used that lies beside the program, beside the
    profile, or in the folder of now. A computer that is connected already gets a new key; what
    waits in its outbox goes on.

    Example: lastmile-admin enrol --file qingshan.lmenrol --fingerprint "3f2a ..." --delete --json
    """
    if code:
        say(with_office(profile, login, lambda o: _by_code(o, url, code, device_name)), as_json)
        return
    if url:
        raise typer.BadParameter("a one-time code belongs to the address", param_hint="CODE")
    with refusals():
        path = file or enrolment.find_file([beside] if beside else _places(profile))

    def do(office: Office) -> dict[str, Any]:
        offer = enrolment.look_at(office, path)
        facts: dict[str, Any] = {
            "province": offer.province,
            "office": offer.office,
            "division": offer.division,
            "place": offer.place,
            "url": offer.url,
            "fingerprint": offer.fingerprint,
            "expires_at": offer.expires_at.isoformat(),
            "connected": False,
        }
        if fingerprint:
            enrolment.check_fingerprint(offer, fingerprint)
        if not look:
            enrolment.enrol_by_file(office, path, device_name=device_name)
            number_blocks.lease_first(office)
            facts["connected"] = True
            if delete:
                enrolment.delete_file(office, path)
        return facts

    say(with_office(profile, login, do), as_json)


def _by_code(office: Office, url: str, code: str, device_name: str) -> dict[str, Any]:
    view = link.enrol_office(office, url, code, device_name=device_name)
    place = enrolment.place_of(office.resources, view.division)
    return {"office": view.office_name, "division": view.division, "place": place}


def _places(profile: Path) -> list[Path]:
    return [Path(sys.argv[0]).resolve().parent, profile.resolve().parent, Path.cwd()]
