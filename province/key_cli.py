"""`lastmile-province key`: the keys that sign receipts and certificates, and the list of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from province import trust
from province.app import open_province, system_now_ms
from province.errors import Unknown
from province.packages import load_services

key_app = typer.Typer(help="The keys that the province signs with.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option(help="Data folder of the province.")]
Url = Annotated[str, typer.Option("--database", help="postgresql+psycopg://...; default SQLite.")]


@key_app.command("rotate")
def key_rotate(folder: Folder) -> None:
    """Retire the signing key and go on with the next one, which devices know already.

    Takes effect at the next start of the service. Certificates of the retired key stay valid.

    Example: lastmile-province key rotate --folder /srv/province
    """
    now_ms = system_now_ms()
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone().date()
    typer.echo(trust.rotate(folder, today=today, now_ms=now_ms))


@key_app.command("revoke")
def key_revoke(
    folder: Folder, kid: Annotated[str, typer.Argument(help="Key id of a retired key.")]
) -> None:
    """Let nobody believe any more what a retired key signed: it was stolen.

    Takes effect at the next start of the service and, on each device, with its next list.

    Example: lastmile-province key revoke --folder /srv/province 0123456789abcdef
    """
    try:
        trust.revoke(folder, kid, now_ms=system_now_ms())
    except Unknown:
        typer.echo("No retired key has this id; a key in use is rotated first.", err=True)
        raise typer.Exit(3) from None


@key_app.command("list")
def key_list(folder: Folder) -> None:
    """The signing keys, one a line: key id and state.

    Example: lastmile-province key list --folder /srv/province
    """
    ring = trust.load_ring(folder)
    typer.echo(f"{ring.current.kid.hex()} signs")
    typer.echo(f"{ring.following.kid.hex()} is next")
    for each in ring.past:
        typer.echo(f"{each.kid} {'revoked' if each.revoked else 'retired'} {each.until}")


@key_app.command("publish")
def key_publish(
    folder: Folder,
    to: Annotated[Path, typer.Argument(help="File to write.")],
    database: Url = "",
) -> None:
    """Write the signed list of keys and void certificates to a file, for devices without a network.

    Example: lastmile-province key publish --folder /srv/province trust.json
    """
    province = open_province(folder, services=load_services(folder / "none"), database_url=database)
    read = province.database.read
    said = read(trust.signed_list, province.ring, now_ms=system_now_ms())
    to.write_text(json.dumps(said), encoding="utf-8")
