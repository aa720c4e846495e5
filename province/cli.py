"""`lastmile-province`: the reference provincial service as a process.

Exit codes: 0 stopped as asked (SIGTERM, Ctrl+C), 2 wrong arguments, 3 the port is taken or the
folder cannot be used. A process that is asked to stop and cannot in time ends by SIGALRM.
"""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from province import cli_recovery, cli_repository, demo, demo_people, serving, telemetry
from province.app import Limits, Province, open_province
from province.cli_keeping import keeping
from province.cli_options import DEFAULT_SERVICES, Folder, ServicesFolder, Url
from province.device_ca import FILE as OWN_CA
from province.device_ca import load_device_ca
from province.key_cli import key_app
from province.packages import load_services
from province.room import DAY_MS, GIB, Room
from province.serving import Place

app = typer.Typer(
    help="The reference provincial service of Lastmile.",
    epilog="Exit codes: 0 stopped as asked, 2 wrong arguments, 3 port or folder not usable.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(key_app, name="key")
app.add_typer(cli_recovery.app, name="recovery")
app.add_typer(cli_repository.app, name="repository")
for _command in keeping.registered_commands:
    app.registered_commands.append(_command)
Port = Annotated[int, typer.Option(help="TCP port; 0 takes a free one.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Certificate = Annotated[Path | None, typer.Option(help="TLS certificate chain (PEM).")]
PrivateKey = Annotated[Path | None, typer.Option(help="TLS private key (PEM).")]
DeviceCa = Annotated[Path | None, typer.Option(help="Ask devices for certificates of this CA.")]
OwnCertificates = Annotated[bool, typer.Option(help="Give devices certificates; ask for them.")]
CertHeader = Annotated[bool, typer.Option(help="A load balancer passes on Client-Cert (RFC 9440).")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes; more than 1 on PostgreSQL.")]
Drain = Annotated[float, typer.Option(min=0, help="Seconds to go on serving after SIGTERM.")]
Finish = Annotated[int, typer.Option(min=1, help="Seconds that running requests get at the end.")]
Bucket = Annotated[str, typer.Option(help="S3 bucket for files; empty keeps them in the folder.")]
Endpoint = Annotated[str, typer.Option(help="Address of the S3 service.")]
Proxy = Annotated[str, typer.Option(help="Load balancers, whose X-Forwarded-* is believed.")]
DeviceRoom = Annotated[
    int, typer.Option(min=1, help="GiB of files that no case names yet, of one device.")
]
KeepFree = Annotated[float, typer.Option(min=0, help="GiB of the disk that files leave free.")]
KeepUnnamed = Annotated[int, typer.Option(min=1, help="Days that a file waits for its case.")]
Fd = Annotated[int, typer.Option(hidden=True)]


@app.command()
def serve(
    folder: Folder,
    port: Port = 8443,
    host: Host = "127.0.0.1",
    database: Url = "",
    services: ServicesFolder = DEFAULT_SERVICES,
    tls_cert: Certificate = None,
    tls_key: PrivateKey = None,
    device_ca: DeviceCa = None,
    device_certificates: OwnCertificates = False,  # noqa: FBT002 - typer reads the switch from it
    client_cert_header: CertHeader = False,  # noqa: FBT002
    workers: Workers = 1,
    drain: Drain = 0.0,
    finish: Finish = serving.FINISH_S,
    s3_bucket: Bucket = "",
    s3_endpoint: Endpoint = "",
    proxy: Proxy = "",
    device_room: DeviceRoom = Room.device_bytes // GIB,
    keep_free: KeepFree = 1.0,
    keep_unnamed: KeepUnnamed = Room.kept_ms // DAY_MS,
    fd: Fd = -1,
) -> None:
    """Serve until SIGTERM or Ctrl+C.

    Example: lastmile-province serve --folder /srv/province --port 8443 --tls-cert c.pem
    --tls-key k.pem --database postgresql+psycopg://province@db/province --workers 4
    """
    own = folder / OWN_CA if device_certificates and tls_cert else None
    place = Place(host, port, tls_cert, tls_key, device_ca, drain, finish, own, proxy)
    if device_certificates:  # before there are several workers
        folder.mkdir(parents=True, exist_ok=True)
        load_device_ca(folder)
    if workers > 1:
        _serve_many(place, workers, database)
        return
    room = Room(device_room * GIB, int(keep_free * GIB), keep_unnamed * DAY_MS)
    province = _open(folder, database, services, s3_bucket, s3_endpoint, room)
    if device_certificates:
        province.device_ca = load_device_ca(folder)
        province.client_cert_header = client_cert_header
    listener = socket.socket(fileno=fd) if fd >= 0 else _listen(place)
    serving.run(province, place, listener, {})


@app.command("demo")
def demo_command(
    folder: Folder,
    port: Port = 0,
    host: Host = "127.0.0.1",
    database: Url = "",
    services: ServicesFolder = DEFAULT_SERVICES,
    password: Annotated[str, typer.Option(help="The reviewer's; made up when empty.")] = "",
    s3_bucket: Bucket = "",
    s3_endpoint: Endpoint = "",
    drain: Drain = 0.0,
) -> None:
    """Serve a province with invented people; one JSON line on standard output when ready.

    Example: lastmile-province demo --folder demo-province --port 8080
    """
    place = Place(host, port, drain_s=drain)
    province = _open(folder, database, services, s3_bucket, s3_endpoint)
    listener = _listen(place)
    told = demo.fill(province, password=password)
    division = demo.OFFICES[0][2]
    province.database.write(demo_people.fill, division, province.now_ms())
    serving.run(province, place, listener, told)


def main() -> None:
    """Entry point of `lastmile-province`."""
    app()


def _serve_many(place: Place, workers: int, database: str) -> None:
    if not database:
        typer.echo("More than one worker needs PostgreSQL: --database postgresql+psycopg://...")
        raise typer.Exit(2)
    if sys.platform == "win32":
        typer.echo("More than one worker needs an operating system that shares sockets.")
        raise typer.Exit(2)
    alone = [sys.executable, "-m", "province.cli", *_without_workers(sys.argv[1:])]
    try:
        serving.run_many(alone, replace(place), workers)
    except OSError:
        _port_taken()


def _without_workers(arguments: list[str]) -> list[str]:
    rest = iter(arguments)
    kept = []
    for argument in rest:
        if argument == "--workers":
            next(rest, None)
        elif not argument.startswith("--workers="):
            kept.append(argument)
    return kept


def _open(
    folder: Path,
    database: str,
    services: Path,
    bucket: str,
    endpoint: str,
    room: Room | None = None,
) -> Province:
    telemetry.log_to_stderr()
    try:
        return open_province(
            folder,
            services=load_services(services),
            database_url=database,
            bucket=bucket,
            s3_endpoint=endpoint,
            limits=Limits(room=room or Room()),
        )
    except OSError:
        typer.echo("The data folder cannot be used.", err=True)
        raise typer.Exit(3) from None


def _listen(place: Place) -> socket.socket:
    try:
        return serving.listen(place)
    except OSError:
        _port_taken()
        raise


def _port_taken() -> None:
    typer.echo("The port is taken.", err=True)
    raise typer.Exit(3) from None


if __name__ == "__main__":
    main()
