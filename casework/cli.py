"""`lastmile-admin`: for IT staff and scripts; needs no display.

Exit codes: 0 done, 1 something is not in order (`status`, `doctor`, `audit verify`, `service
check`, `sync`), 2 wrong arguments, 3 the store could not be opened or the step was refused.
Passwords are read from the environment (LASTMILE_PASSWORD) or asked for, never from arguments.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import (
    cli_certificate,
    cli_decision,
    cli_enrol,
    cli_keys,
    cli_network,
    cli_openrosa,
    cli_people,
    cli_record,
    cli_relay,
    cli_store,
    cli_update,
    dispatch,
    link,
    moving,
    openrosa,
    packages,
    people,
    reading,
    record,
)
from casework.catalogue import Catalogue, read_folder
from casework.console import (
    Json,
    Login,
    Profile,
    ask_password,
    open_store,
    refusals,
    say,
    with_office,
)
from casework.office import RESOURCES, USUAL_PROFILE, Office, Resources, local_now, new_id
from forms import load_form
from forms.authoring import compile_xlsform
from forms.bundle_package import check_bundle
from forms.errors import FormError
from forms.service import Finding, check_package, load_package
from store import audit, snapshots
from store.open import create_store
from store.secrets import profile_box
from sync.round import RoundReport, run_round

MOST_ROUNDS = 5  # a move takes three, and a province put back one more
LOOK_S = 1800.0  # at most, for packages, where somebody waits for the command
MOST_LIST_BYTES = 64 * 1024 * 1024  # larger files beside a form are not its lists
app = typer.Typer(
    help="Sets up and looks after an office of Lastmile.",
    epilog="Exit codes: 0 done, 1 not in order, 2 wrong arguments, 3 refused.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
service_app = typer.Typer(help="Service packages.", no_args_is_help=True)
app.add_typer(service_app, name="service")
app.add_typer(cli_record.app, name="audit")
app.add_typer(cli_keys.app, name="recovery")
app.add_typer(cli_people.app, name="person")
app.add_typer(cli_people.export_app, name="export")
app.command()(cli_enrol.enrol)
app.command()(cli_people.retention)
app.command()(cli_keys.dismiss)
app.command()(cli_keys.rekey)
app.add_typer(cli_network.app, name="network")
app.add_typer(cli_relay.app, name="relay")
app.add_typer(cli_openrosa.app, name="openrosa")
app.add_typer(cli_certificate.app, name="certificate")
app.add_typer(cli_decision.app, name="decision")
app.add_typer(cli_update.app, name="update")
for command in (
    cli_store.backup,
    cli_store.restore,
    cli_store.bring,
    cli_store.recoveries,
    cli_store.doctor,
):
    app.command()(command)


@app.command()
def init(
    login: Login = "admin",
    name: Annotated[str, typer.Option(help="Name shown at sign-in.")] = "运维",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Make an office on this computer, with its first administrator.

    Prints the office code: keep it in the safe, it opens the data on another computer.

    Example: LASTMILE_PASSWORD=... lastmile-admin init --login admin --name 运维
    """
    with refusals():
        code = create_store(
            profile,
            login=login,
            name=name,
            password=ask_password(),
            role="administrator",
            secret=profile_box(profile),
            operator_id=new_id(),
            now=local_now(),
        )
    say({"profile": profile, "office_code": code}, as_json)


@app.command()
def operator(
    new_login: Annotated[str, typer.Argument(help="Login of the new operator.")],
    name: Annotated[str, typer.Argument(help="Name shown.")],
    role: Annotated[str, typer.Option(help="clerk, village_officer, supervisor, ...")] = "clerk",
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Give somebody a login; the first password is asked for (LASTMILE_NEW_PASSWORD).

    Example: lastmile-admin operator li 李窗口 --role clerk
    """
    first = os.environ.get("LASTMILE_NEW_PASSWORD") or typer.prompt("New", hide_input=True)
    with open_store(profile, login) as store:
        wanted = people.NewOperator(new_login, name, role, first)
        people.add_operator(Office(store, Resources(RESOURCES)), wanted)


@app.command()
def sync(
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = True,
    provider: Annotated[str, typer.Option(help="province or openrosa.")] = "province",
    files: Annotated[bool, typer.Option("--files", help="Also files that would wait.")] = False,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Send what waits and take over what the province says.

    Example: lastmile-admin sync --once --json
    """
    del once
    if provider not in ("province", "openrosa"):
        raise typer.BadParameter("province or openrosa", param_hint="--provider")

    seen: list[openrosa.Visit] = []

    def with_openrosa(office: Office) -> tuple[RoundReport, int]:
        seen.extend(openrosa.visits(office, sending=True))
        return openrosa.whole(office, seen), -1

    def with_province(office: Office) -> tuple[RoundReport, int]:
        gate = dispatch.gate(office.store)
        gate.open_once = files
        dispatch.let_go(office.store, gate)
        home = link.provider(office.store, gate)
        try:
            for _ in range(MOST_ROUNDS):
                report = run_round(link.StoreLedger(office.store), home, now=office.now)
                if report.error is not None or not moving.after_round(office, home):
                    break
            if report.error is not None:
                return report, -1
            numbers = record.after_round(office, home)
            packages.update(office, home, limit_s=LOOK_S)
            return report, numbers
        finally:
            home.close()

    def do(office: Office) -> dict[str, Any]:
        round_with = with_openrosa if provider == "openrosa" else with_province
        report, numbers = round_with(office)
        return {
            "acknowledged": report.acknowledged,
            "failed": report.failed,
            "events": report.events,
            "waiting": report.waiting,
            "files_waiting": dispatch.held(office).files + dispatch.crowded(office).files,
            "numbers_left": numbers,
            "error": report.error.code if report.error else "",
            **({"projects": [cli_openrosa.facts(each) for each in seen]} if seen else {}),
        }

    facts = with_office(profile, login, do)
    cli_openrosa.tell(facts, as_json)
    raise typer.Exit(1 if facts["error"] or facts["failed"] else 0)


@app.command()
def status(profile: Profile = USUAL_PROFILE, login: Login = "admin", as_json: Json = False) -> None:
    """Figures of the store, without any citizen's data.

    Example: lastmile-admin status --json
    """

    def do(office: Office) -> dict[str, Any]:
        return {
            "office": office.name,
            "division": office.division,
            "waiting": reading.waiting(office),
            "audit_rows": office.store.read(audit.length),
            "services": len(office.catalogue.all()),
            **cli_update.facts(office),
            "backups": len(snapshots.listed(office.store.folder)),
        }

    say(with_office(profile, login, do), as_json)


@service_app.command("list")
def service_list(as_json: Json = False) -> None:
    """Services that ship with this version.

    Example: lastmile-admin service list
    """
    services = Resources(RESOURCES).catalogue.all()
    say({package.id: f"{package.name.zh} {package.version}" for package in services}, as_json)


@service_app.command("check")
def service_check(
    path: Annotated[Path, typer.Argument(help="Folder of a package, an .xlsx or an .xml.")],
    as_json: Json = False,
) -> None:
    """Say everything that an author has to mend, with file and place.

    Example: lastmile-admin service check resources/services/dibao
    """
    resources = Resources(RESOURCES)
    lists = resources.lists
    if path.is_dir():
        found = _check_folder(read_folder(path), resources)
        lines = [f"{each.file}: {each.place}: {each.why}" for each in found]
    else:
        lines = _check_form(path, lists)
    say({"file": path.name, "in_order": not lines, "findings": lines}, as_json)
    raise typer.Exit(1 if lines else 0)


def _check_folder(files: dict[str, bytes], resources: Resources) -> tuple[Finding, ...]:
    found = check_package(files, resources.lists, now=local_now())
    if found or (package := load_package(files)).bundle is None:
        return found
    catalogue = Catalogue(tuple(resources.catalogue.shipped.values()), resources.lists)
    catalogue.add(package, listed=False)
    if lacking := catalogue.lacking():
        return tuple(Finding("service.toml", " ".join(key), "part") for key in lacking)
    parts = {each.id: each for each in catalogue.parts(package)}
    forms = {name: catalogue.form(name, part.version) for name, part in parts.items()}
    return check_bundle(package, parts, forms, now=local_now())


def _check_form(path: Path, lists: dict[str, bytes]) -> list[str]:
    lists = {**_beside(path), **lists}
    try:
        data = path.read_bytes()
        if path.suffix == ".xlsx":
            authored = compile_xlsform(data)
            load_form(authored.xform, {**authored.resources, **lists})
        else:
            load_form(data, lists)
    except OSError:
        return [f"{path.name}: cannot be read"]
    except FormError as error:
        facts = " ".join(f"{name}={value}" for name, value in error.fields.items())
        return [f"{path.name}: {error.code} {type(error).__name__} {facts}".strip()]
    return []


def _beside(path: Path) -> dict[str, bytes]:
    """Lists next to a form, or in its `FORM-media` folder as ODK's tools lay them."""
    found = {}
    for folder in (path.parent, path.with_name(f"{path.stem}-media")):
        for file in folder.glob("*") if folder.is_dir() else ():
            lists = file.suffix in {".csv", ".geojson"} or (file.suffix == ".xml" and file != path)
            if lists and file.is_file() and file.stat().st_size <= MOST_LIST_BYTES:
                found[file.name] = file.read_bytes()
    return found


def main() -> None:
    """Entry point of `lastmile-admin`."""
    app()


if __name__ == "__main__":
    main()
