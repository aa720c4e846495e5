"""`lastmile-admin person`, `export` and `retention`: data about people, for those with the right.

Pass-phrases are read from LASTMILE_PHRASE or asked for; the second person's password from
LASTMILE_SECOND_PASSWORD.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from casework import exports, persons
from casework.console import Json, Login, Profile, refusals, say, with_office
from casework.four_eyes import Second
from casework.office import USUAL_PROFILE, Office
from store import sealed
from store.cases import Wanted
from store.persons import Column

app = typer.Typer(help="The rights of the people whose data are here.", no_args_is_help=True)
export_app = typer.Typer(help="Sealed files that leave the office.", no_args_is_help=True)
Whom = Annotated[str, typer.Argument(help="ID number, telephone number or whole name.")]
Reason = Annotated[str, typer.Option(help="Why; stands on record.")]
Target = Annotated[Path, typer.Option("--to", help="File to write; sealed.")]


def _phrase() -> str:
    found = os.environ.get("LASTMILE_PHRASE")
    return found or str(typer.prompt("Pass-phrase of the file", hide_input=True))


@app.command("find")
def find(
    whom: Whom,
    reason: Reason,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Say where a person appears; reads all answers kept here.

    Example: lastmile-admin person find 519999199309300000 --reason "asked in writing" --login zhao
    """

    def do(office: Office) -> dict[str, Any]:
        found = persons.find(office, whom, reason)
        rows = persons.case_rows(office, found)
        return {
            "cases": [f"{row.number} {row.id}" for row in rows],
            "named_in_cases": [str(each) for each in found.named_in],
            "drafts": [str(each) for each in found.drafts],
            "certificates": list(found.certificates),
            "consents": [f"{c.id} {c.purpose}" for c in found.consents],
        }

    say(with_office(profile, login, do), as_json)


@app.command("copy")
def copy(
    whom: Whom,
    reason: Reason,
    target: Target,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Write everything held about a person into a sealed file.

    Example: lastmile-admin person copy 519999199309300000 --reason "asked" --to copy.lmx
    """
    phrase = _phrase()
    data = with_office(
        profile,
        login,
        lambda office: persons.copy_of(office, whom, reason=reason, phrase=phrase),
    )
    target.write_bytes(data)


@app.command("correct")
def correct(
    case: Annotated[str, typer.Argument(help="Id of the case, as `find` tells it.")],
    column: Annotated[str, typer.Argument(help="applicant, applicant_id_no, applicant_phone")],
    reason: Reason,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Put right what a case is known by; asks for the value (LASTMILE_VALUE).

    Example: lastmile-admin person correct 01a2... applicant --reason "wrong character"
    """
    value = os.environ.get("LASTMILE_VALUE") or typer.prompt("Right value")
    columns: dict[str, Column] = {
        "applicant": "applicant",
        "applicant_id_no": "applicant_id_no",
        "applicant_phone": "applicant_phone",
    }
    if column not in columns:
        raise typer.BadParameter(", ".join(columns))
    with_office(
        profile,
        login,
        lambda office: persons.correct(office, UUID(case), columns[column], value, reason),
    )


@app.command("consent")
def consent(
    whom: Whom,
    purpose: Annotated[str, typer.Argument(help="What the person agrees to.")],
    guardian: Annotated[str, typer.Option(help="Who agrees for a child under 14.")] = "",
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Keep that a person agreed to a purpose.

    Example: lastmile-admin person consent 519999199309300000 "look up the electronic licence"
    """
    with_office(
        profile,
        login,
        lambda office: persons.take_consent(office, whom, purpose, guardian=guardian),
    )


@app.command("withdraw")
def withdraw(
    consent_id: Annotated[str, typer.Argument(help="As `find` tells it.")],
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Note that a consent no longer stands.

    Example: lastmile-admin person withdraw 01a2...
    """
    with_office(profile, login, lambda office: persons.withdraw_consent(office, UUID(consent_id)))


@export_app.command("cases")
def export_cases(
    reason: Reason,
    target: Target,
    second: Annotated[str, typer.Option(help="Login of who confirms.")],
    text: Annotated[str, typer.Option(help="Only cases found by these words.")] = "",
    whole: Annotated[bool, typer.Option("--whole", help="Names and numbers unmasked.")] = False,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Write a list of cases as sealed CSV; a second person confirms.

    Example: lastmile-admin export cases --reason "yearly count" --second admin --to cases.lmx
    """
    phrase = _phrase()
    password = os.environ.get("LASTMILE_SECOND_PASSWORD") or str(
        typer.prompt(f"Password of {second}", hide_input=True)
    )

    def do(office: Office) -> bytes:
        return exports.export_cases(
            office,
            Wanted(text=text),
            phrase=phrase,
            reason=reason,
            second=Second(second, password),
            whole=whole,
        )

    target.write_bytes(with_office(profile, login, do))


@export_app.command("open")
def open_sealed(
    source: Annotated[Path, typer.Argument(help="A sealed file.")],
    target: Annotated[Path, typer.Argument(help="Where its content goes, in clear.")],
) -> None:
    """Open a sealed file by its pass-phrase; for whoever received it.

    Example: lastmile-admin export open cases.lmx cases.csv
    """
    with refusals():
        data = sealed.unseal(source.read_bytes(), _phrase())
    target.write_bytes(data)


def retention(
    days: Annotated[int, typer.Argument(help="Days after the province's receipt; 0 keeps all.")],
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Set how long answers stay here, and let go what is due now.

    Example: lastmile-admin retention 180
    """

    def do(office: Office) -> dict[str, Any]:
        persons.keep_for(office, days)
        return {"days": days, "let_go": persons.let_go(office)}

    say(with_office(profile, login, do), as_json)
