"""`lastmile-admin audit`: the record of what was done, for auditors and IT staff."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import link, record
from casework.console import Json, Login, Profile, say, with_office
from casework.office import RESOURCES, USUAL_PROFILE, Office
from sync.provider import Witness

app = typer.Typer(help="The record of what was done.", no_args_is_help=True)
VERIFIER = RESOURCES / "audit" / "verify.py"


@app.command("verify")
def verify(
    province: Annotated[
        bool, typer.Option("--province", help="Ask what the province holds.")
    ] = False,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Prove the record, or name the first row that is not as it was.

    Compares with the province's receipts kept here; with --province also with what the province
    itself holds, which finds an old copy of the whole folder put back.

    Example: lastmile-admin audit verify --province
    """

    def do(office: Office) -> dict[str, Any]:
        provider = link.provider(office.store) if province else None
        try:
            proof = record.prove(office, provider if isinstance(provider, Witness) else None)
        finally:
            if provider is not None:
                provider.close()
        return {
            "rows": proof.rows,
            "first_bad_row": proof.first_bad.row if proof.first_bad else "",
            "what": proof.first_bad.what if proof.first_bad else "",
            "witnessed_rows": proof.witnessed,
            "replaced_from_rows": [f"{row} {at:%Y-%m-%d %H:%M}" for row, at in proof.breaks],
            "clock_doubtful": proof.clock_doubtful,
        }

    facts = with_office(profile, login, do)
    say(facts, as_json)
    raise typer.Exit(1 if facts["first_bad_row"] or facts["replaced_from_rows"] else 0)


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="File to write, such as record.jsonl.")],
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Write the record as JSON Lines, with the program that verifies it beside it.

    The record names operators and case numbers, never a citizen.

    Example: lastmile-admin audit export /media/usb/record.jsonl
    """
    lines = with_office(profile, login, lambda office: {"lines": list(record.export(office))})[
        "lines"
    ]
    target.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    shutil.copyfile(VERIFIER, target.with_name(VERIFIER.name))
    say({"rows": sum('"row"' in line for line in lines), "file": target}, as_json)
