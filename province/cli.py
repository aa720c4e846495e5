"""`lastmile-province`: the reference provincial service as a process.

Exit codes: 0 stopped as asked (SIGTERM, Ctrl+C), 2 wrong arguments, 3 the port is taken or the
folder cannot be used.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import signal
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from province import accounts, cli_recovery, demo
from province.app import Province, create_app, open_province, system_now_ms
from province.key_cli import key_app
from province.packages import load_services

HERE = Path(__file__).parent
app = typer.Typer(
    help="The reference provincial service of Lastmile.",
    epilog="Exit codes: 0 stopped as asked, 2 wrong arguments, 3 port or folder not usable.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(cli_recovery.app, name="recovery")
Folder = Annotated[Path, typer.Option(help="Data folder; made if missing.")]
Port = Annotated[int, typer.Option(help="TCP port; 0 takes a free one.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Url = Annotated[str, typer.Option("--database", help="postgresql+psycopg://...; default SQLite.")]
ServicesFolder = Annotated[Path, typer.Option(help="Folder of service packages.")]
Certificate = Annotated[Path | None, typer.Option(help="TLS certificate chain (PEM).")]
PrivateKey = Annotated[Path | None, typer.Option(help="TLS private key (PEM).")]
app.add_typer(key_app, name="key")
DEFAULT_SERVICES = HERE.parent / "resources" / "services"


@app.command()
def serve(
    folder: Folder,
    port: Port = 8443,
    host: Host = "127.0.0.1",
    database: Url = "",
    services: ServicesFolder = DEFAULT_SERVICES,
    tls_cert: Certificate = None,
    tls_key: PrivateKey = None,
) -> None:
    """Serve until SIGTERM or Ctrl+C.

    Example: lastmile-province serve --folder /srv/province --port 8443 --tls-cert c.pem
    --tls-key k.pem
    """
    province = _open(folder, database, services)
    _run(province, host, port, {}, cert=tls_cert, key=tls_key)


@app.command("demo")
def demo_command(
    folder: Folder,
    port: Port = 0,
    host: Host = "127.0.0.1",
    database: Url = "",
    services: ServicesFolder = DEFAULT_SERVICES,
    password: Annotated[str, typer.Option(help="The reviewer's; made up when empty.")] = "",
) -> None:
    """Serve a province with invented people; one JSON line on standard output when ready.

    Example: lastmile-province demo --folder demo-province --port 8080
    """
    province = _open(folder, database, services)
    _run(province, host, port, demo.fill(province, password=password))


@app.command("office")
def office_command(
    folder: Folder,
    office: Annotated[str, typer.Argument(help="Short id of the office.")],
    name: Annotated[str, typer.Argument(help="Name of the office.")],
    division: Annotated[str, typer.Argument(help="Division code, 6 to 12 digits.")],
    database: Url = "",
) -> None:
    """Add an office (or rename it) and print a one-time enrolment code for one device.

    Example: lastmile-province office --folder /srv/province qingshan 青山镇便民服务中心 530102101
    """
    province = open_province(folder, services=load_services(folder / "none"), database_url=database)
    province.database.write(accounts.add_office, office, name, division)
    typer.echo(province.database.write(accounts.new_enrol_code, office, now_ms=system_now_ms()))


@app.command("reviewer")
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
    province = open_province(folder, services=load_services(folder / "none"), database_url=database)
    password = secrets.token_urlsafe(12)
    province.database.write(accounts.add_reviewer, login, name, department, password)
    typer.echo(password)


def main() -> None:
    """Entry point of `lastmile-province`."""
    app()


def _open(folder: Path, database: str, services: Path) -> Province:
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(name)s %(message)s", level="INFO")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        return open_province(folder, services=load_services(services), database_url=database)
    except OSError:
        typer.echo("The data folder cannot be used.", err=True)
        raise typer.Exit(3) from None


def _run(
    province: Province,
    host: str,
    port: int,
    facts: dict[str, str],
    *,
    cert: Path | None = None,
    key: Path | None = None,
) -> None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        typer.echo("The port is taken.", err=True)
        raise typer.Exit(3) from None
    scheme = "https" if cert else "http"
    url = f"{scheme}://{host}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        create_app(province),
        log_level="warning",
        access_log=False,  # it would write addresses with codes and names into the log
        ssl_certfile=cert,
        ssl_keyfile=key,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: None)  # uvicorn raises it again after a graceful end
    asyncio.run(_serve(uvicorn.Server(config), listener, {"url": url, **facts}))


async def _serve(server: uvicorn.Server, listener: socket.socket, facts: dict[str, str]) -> None:
    async def announce() -> None:
        while not server.started:
            await asyncio.sleep(0.02)
        line = {**facts, "desk_url": f"{facts['url']}/desk"}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    ready = asyncio.create_task(announce())
    await server.serve(sockets=[listener])
    ready.cancel()


if __name__ == "__main__":
    main()
