"""The commands by which a province's own staff keep it: offices, devices, releases, records."""

from __future__ import annotations

import csv
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import Annotated, Any

import typer

from province import accounts, enrolment, feed, records, releases, room
from province.app import Province, open_province, system_now_ms
from province.cli_options import DEFAULT_SERVICES, Folder, ServicesFolder, Url
from province.encoding import to_rfc3339
from province.errors import ProvinceError
from province.packages import Services, load_services

keeping = typer.Typer()
Office = Annotated[str, typer.Argument(help="Short id of the office.")]
DeviceId = Annotated[str, typer.Argument(help="Id of the device, as `devices` lists it.")]
ServiceId = Annotated[str, typer.Argument(help="Id of the service.")]
Version = Annotated[str, typer.Argument(help="Version of the service.")]
TOGETHER = 500  # records in one transaction


@keeping.command("office")
def office_command(
    folder: Folder,
    office: Office,
    name: Annotated[str, typer.Argument(help="Name of the office.")],
    division: Annotated[str, typer.Argument(help="Division code, 6 to 12 digits.")],
    database: Url = "",
) -> None:
    """Add an office (or rename it) and print a one-time enrolment code for one device.

    Example: lastmile-province office --folder /srv/province qingshan 青山镇便民服务中心 530102101
    """
    with _province(folder, database) as province:
        province.database.write(accounts.add_office, office, name, division)
        code = province.database.write(accounts.new_enrol_code, office, now_ms=system_now_ms())
        typer.echo(code)


@keeping.command("enrolment-file")
def enrolment_file_command(
    folder: Folder,
    office: Office,
    url: Annotated[str, typer.Option(help="Address of the province as devices reach it.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
    days: Annotated[int, typer.Option(min=1, max=90, help="How long it serves.")] = 14,
    database: Url = "",
) -> None:
    """Write a signed enrolment file that binds one device to the office. Keep it like a key.

    Prints the fingerprint that installers compare. Many at once: `enrolment-files`.

    Example: lastmile-province enrolment-file --folder /srv/province qingshan
    --url https://province.example --out qingshan.lmenrol
    """
    with _province(folder, database) as province:
        _write_private(out, enrolment.write_file(province, office, url=url, days=days))
        typer.echo(enrolment.fingerprint(province.key.public))


@keeping.command("enrolment-files")
def enrolment_files_command(
    folder: Folder,
    offices: Annotated[Path, typer.Argument(help="CSV: office,devices[,name,division].")],
    url: Annotated[str, typer.Option(help="Address of the province as devices reach it.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    days: Annotated[int, typer.Option(min=1, max=90, help="How long they serve.")] = 14,
    database: Url = "",
) -> None:
    """Write enrolment files for many computers; offices with name and division are added first.

    One JSON object a line: file, office, fingerprint. All offices are looked up before the first
    file is written, and no file is written over.

    Example: lastmile-province enrolment-files --folder /srv/province offices.csv
    --url https://province.example --out /secure/enrolment
    """
    with offices.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row.get("office")]
    with _province(folder, database) as province:
        for row in rows:
            if row.get("name") and row.get("division"):
                place = row["office"], row["name"], row["division"]
                province.database.write(accounts.add_office, *place)
            province.database.read(accounts.get_office, row["office"])
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        print_of_key = enrolment.fingerprint(province.key.public)
        for row in rows:
            for n in range(1, int(row.get("devices") or 1) + 1):
                file = out / f"{row['office']}-{n:02d}.lmenrol"
                content = enrolment.write_file(province, row["office"], url=url, days=days)
                _write_private(file, content)
                line = {"file": file.name, "office": row["office"], "fingerprint": print_of_key}
                typer.echo(json.dumps(line, ensure_ascii=False))


@keeping.command("devices")
def devices_command(
    folder: Folder,
    office: Annotated[str, typer.Option(help="Only this office's.")] = "",
    database: Url = "",
) -> None:
    """List devices, one JSON object a line; `unnamed`: bytes of files that no case names."""
    with _province(folder, database) as province:
        held = province.database.read(room.held)
        for device in province.database.read(accounts.devices, office):
            line = {
                "device": device.id,
                "office": device.office_id,
                "name": device.name,
                "enrolled_at": to_rfc3339(device.enrolled_ms),
                "revoked": device.revoked_ms is not None,
                "moving_to": device.moving_to,
                "unnamed": held.get((device.office_id, device.id), 0),
            }
            typer.echo(json.dumps(line, ensure_ascii=False))


@keeping.command("revoke")
def revoke_command(folder: Folder, device: DeviceId, database: Url = "") -> None:
    """Shut a lost or stolen device out, at once."""
    with _province(folder, database) as province:
        province.database.write(accounts.revoke, device, system_now_ms())


@keeping.command("move")
def move_command(folder: Folder, device: DeviceId, office: Office, database: Url = "") -> None:
    """Send a device to another office: it moves once its outbox is empty."""
    with _province(folder, database) as province:
        province.database.write(accounts.send_to, device, office)


@keeping.command("release")
def release_command(
    folder: Folder,
    service: ServiceId,
    version: Version,
    divisions: Annotated[str, typer.Option(help="Beginnings of codes, comma-separated.")] = "",
    percent: Annotated[int, typer.Option(min=0, max=100, help="Share of all offices.")] = 0,
    services: ServicesFolder = DEFAULT_SERVICES,
    database: Url = "",
) -> None:
    """Offer a version to some divisions or a share of the offices; again to widen it.

    Example: lastmile-province release --folder /srv/province dibao 2026.12.1 --divisions 5301
    --percent 5
    """
    with _province(folder, database, load_services(services)) as province:
        found = province.services.find(service, version)
        if found is None:
            typer.echo("The province does not hold this version.", err=True)
            raise typer.Exit(2)
        chosen = [part.strip() for part in divisions.split(",") if part.strip()]
        province.database.write(releases.release, found, divisions=chosen, percent=percent)


@keeping.command("recall")
def recall_command(
    folder: Folder, service: ServiceId, version: Version, database: Url = ""
) -> None:
    """Call a released version back: nobody is offered it any more."""
    with _province(folder, database) as province:
        province.database.write(releases.recall, service, version)


@keeping.command("load")
def load_command(
    folder: Folder,
    kind: Annotated[str, typer.Argument(help="residents or licences.")],
    file: Annotated[Path, typer.Argument(help='Lines {"division","id","data"}; data null ends.')],
    database: Url = "",
) -> None:
    """Load records into the slices of their townships; prints how many changed.

    Example: lastmile-province load --folder /srv/province residents residents.ndjson
    """
    if kind not in ("residents", "licences"):
        typer.echo("The kind is residents or licences.", err=True)
        raise typer.Exit(2)
    with _province(folder, database) as province, file.open(encoding="utf-8") as lines:
        changed = 0
        for division, part in _by_division(json.loads(line) for line in lines if line.strip()):
            changed += province.database.write(
                records.put_records, kind, division, part, now_ms=province.now_ms()
            )
        typer.echo(str(changed))


@keeping.command("restored")
def restored_command(folder: Folder, database: Url = "") -> None:
    """Say, before serving again, that the database was put back from a backup.

    Every device then pulls from the beginning and asks which of its submissions are held; numbers
    leased from now on bear a mark, so that none is given out twice.
    """
    with _province(folder, database) as province:
        epoch, _ = province.database.read(feed.current_epoch)
        province.database.write(feed.next_epoch, epoch)
        province.uploads.keep_longer()


@keeping.command("reviewer")
def reviewer_command(
    folder: Folder,
    login: Annotated[str, typer.Argument(help="Login at the desk.")],
    name: Annotated[str, typer.Argument(help="Name shown.")],
    department: Annotated[str, typer.Option(help="Empty sees all departments.")] = "",
    database: Url = "",
) -> None:
    """Add a reviewer (or reset the password) and print a new password.

    Example: lastmile-province reviewer --folder /srv/province zhou 周审查 --department 民政
    """
    password = secrets.token_urlsafe(12)
    with _province(folder, database) as province:
        province.database.write(accounts.add_reviewer, login, name, department, password)
    typer.echo(password)


def _write_private(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        typer.echo(f"{path.name} is there already and is not written over.", err=True)
        raise typer.Exit(2) from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)


@contextmanager
def _province(folder: Path, database: str, services: Services | None = None) -> Iterator[Province]:
    province = open_province(folder, services=services or Services({}), database_url=database)
    try:
        yield province
    except ProvinceError as error:
        typer.echo(error.title, err=True)
        raise typer.Exit(2) from None
    finally:
        province.database.close()


def _by_division(
    lines: Iterator[dict[str, Any]],
) -> Iterator[tuple[str, list[tuple[str, dict[str, Any] | None]]]]:
    key: Callable[[dict[str, Any]], str] = lambda line: str(line["division"])  # noqa: E731
    for division, group in groupby(lines, key):
        while part := list(islice(group, TOGETHER)):
            latest = {str(line["id"]): line["data"] for line in part}
            yield division, list(latest.items())
