"""`lastmile-admin decision` and `certificate void|replace`: what the office decides itself.

The second person's password is read from LASTMILE_SECOND_PASSWORD or asked for.
"""

from __future__ import annotations

import os
from typing import Annotated, Any
from uuid import UUID

import typer

from casework import authority, deciding, reading
from casework.console import Json, Login, Profile, say, with_office
from casework.four_eyes import Second
from casework.office import USUAL_PROFILE, Office
from store.errors import CaseGone

app = typer.Typer(help="Decisions that the office takes itself.", no_args_is_help=True)
CaseNumber = Annotated[str, typer.Argument(help="Number of the case.")]
CertificateNumber = Annotated[str, typer.Argument(help="Number of the certificate.")]
Reason = Annotated[str, typer.Option(help="Why; stands on record.")]
SecondLogin = Annotated[str, typer.Option("--second", help="Login of who confirms.")]


@app.command("grant")
def grant(
    number: CaseNumber,
    reason: Annotated[str, typer.Option(help="A remark.")] = "",
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Grant a case and issue its certificate; a supervisor's login is needed, no network.

    Example: lastmile-admin decision grant 530102101-20261125-000001 --login zhao
    """

    def do(office: Office) -> dict[str, Any]:
        return {"certificate": deciding.grant(office, _case(office, number), reason)}

    say(with_office(profile, login, do), as_json)


@app.command("refuse")
def refuse(
    number: CaseNumber, reason: Reason, login: Login = "admin", profile: Profile = USUAL_PROFILE
) -> None:
    """Refuse a case; the applicant sees the reason.

    Example: lastmile-admin decision refuse 530102101-20261125-000001 --reason "..." --login zhao
    """
    with_office(
        profile, login, lambda office: deciding.refuse(office, _case(office, number), reason)
    )


@app.command("withdraw")
def withdraw(
    number: CaseNumber, reason: Reason, login: Login = "admin", profile: Profile = USUAL_PROFILE
) -> None:
    """Withdraw a case that its applicant does not want decided any more; no network is needed.

    Example: lastmile-admin decision withdraw 530102101-20261125-000001 --reason "..." --login li
    """
    with_office(
        profile, login, lambda office: deciding.withdraw(office, _case(office, number), reason)
    )


@app.command("authority")
def show_authority(
    login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False
) -> None:
    """Say what this computer may sign, until when, and how many numbers are left.

    Example: lastmile-admin decision authority
    """

    def do(office: Office) -> dict[str, Any]:
        state = authority.state(office)
        return {"numbers_left": state.numbers_left, **state.until}

    say(with_office(profile, login, do), as_json)


def void(
    number: CertificateNumber,
    reason: Reason,
    second: SecondLogin,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Void a certificate of this office; a second person confirms.

    Example: lastmile-admin certificate void LM2026-530102101-T000001 --reason "..." --second admin
    """
    who = Second(second, _second_password(second))
    with_office(profile, login, lambda office: deciding.void(office, number, reason, who))


def replace(
    number: CertificateNumber,
    reason: Reason,
    second: SecondLogin,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Void a certificate of this office and issue the one in its place; a second person confirms.

    Example: lastmile-admin certificate replace LM2026-530102101-T000001 --reason "..." --second li
    """
    who = Second(second, _second_password(second))

    def do(office: Office) -> dict[str, Any]:
        return {"certificate": deciding.replace(office, number, reason, who)}

    say(with_office(profile, login, do), as_json)


def _case(office: Office, number: str) -> UUID:
    for row in reading.list_cases(office, reading.Wanted(text=number.strip())):
        if row.number == number.strip():
            return row.id
    raise CaseGone


def _second_password(login: str) -> str:
    found = os.environ.get("LASTMILE_SECOND_PASSWORD")
    return found or str(typer.prompt(f"Password of {login}", hide_input=True))
