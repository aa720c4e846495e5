"""`lastmile-province recovery`: helps an office whose password was lost; needs no network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from province import recovery
from province.app import system_now_ms
from province.errors import ProvinceError

app = typer.Typer(help="Offices whose password was lost.", no_args_is_help=True)
KeyFile = Annotated[Path, typer.Argument(help="The sealed private key, kept in a safe.")]


def _password() -> str:
    found = os.environ.get("LASTMILE_RECOVERY_PASSWORD")
    return found or str(typer.prompt("Password of the recovery key", hide_input=True))


@app.command("new-key")
def new_key(
    key_file: KeyFile,
    folder: Annotated[Path, typer.Option(help="Data folder of the province.")],
) -> None:
    """Make the key once; the service keeps the public half and tells it to every device.

    Example: lastmile-province recovery new-key /media/safe/recovery.key --folder /srv/province
    """
    try:
        typer.echo(recovery.new_key(folder, key_file, _password()))
    except (ProvinceError, OSError) as error:
        typer.echo(f"Refused: {getattr(error, 'code', type(error).__name__)}", err=True)
        raise typer.Exit(3) from None


@app.command("open")
def open_request(
    key_file: KeyFile,
    request: Annotated[Path, typer.Argument(help="The request that IT brought.")],
    it: Annotated[str, typer.Option(help="Who of IT carries the answer back.")],
    supervisor: Annotated[str, typer.Option(help="Supervisor who hears the code.")],
    reason: Annotated[str, typer.Option(help="Why; goes into both records.")],
    out: Annotated[Path, typer.Option(help="File for the answer.")],
) -> None:
    """Open a request: the answer goes into a file for IT, the code is told to the supervisor.

    Example: lastmile-province recovery open recovery.key request.json --it zhang
    --supervisor wang --reason "password lost" --out answer.json
    """
    try:
        answer, code = recovery.open_request(
            key_file,
            _password(),
            request.read_bytes(),
            recovery.Reason(it, supervisor, reason),
            now_ms=system_now_ms(),
        )
        out.write_bytes(answer)
    except (ProvinceError, OSError) as error:
        typer.echo(f"Refused: {getattr(error, 'code', type(error).__name__)}", err=True)
        raise typer.Exit(3) from None
    typer.echo(code)
