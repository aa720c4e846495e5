"""`lastmile-province repository`: packages, code lists and programs, signed for devices."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from securesystemslib.signer import Key

from forms.errors import FormError
from province.errors import ProvinceError
from province.packages import CODES, read_folder, service_of
from province.repository import Kind, Repository
from province.repository_keys import KeyRing, new_key
from province.shelf import set_up, timestamp_signer

app = typer.Typer(help="The signed repository of packages and updates.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option(help="Data folder of the province.")]
Keys = Annotated[list[Path], typer.Option(help="Folder with key files; again for another.")]
NewKeys = Annotated[Path, typer.Option(help="Folder for new key files: a stick for the safe.")]
Id = Annotated[str, typer.Argument(help="Its id, such as divisions.csv.")]
Version = Annotated[str, typer.Argument(help="Its version; later ones are higher.")]


@app.command()
def make(
    folder: Folder,
    keys: NewKeys,
    root_keys: Annotated[int, typer.Option(min=1, max=9, help="How many root keys.")] = 3,
    threshold: Annotated[int, typer.Option(min=1, help="How many of them sign a root.")] = 2,
) -> None:
    """Make the repository and all its keys; then carry the key files apart (docs/admin.md).

    Example: lastmile-province repository make --folder /srv/province --keys /media/stick
    """
    if threshold > root_keys:
        raise typer.BadParameter("more than there are root keys", param_hint="--threshold")
    with _refusals():
        folder.mkdir(parents=True, exist_ok=True)
        set_up(
            _repository(folder),
            folder,
            keys,
            _ask("the new keys"),
            root_keys=root_keys,
            threshold=threshold,
        )


@app.command()
def service(
    folder: Folder,
    keys: Keys,
    package: Annotated[Path, typer.Argument(help="Folder of the service package.")],
) -> None:
    """Publish a version of a service; `release` then says which offices are offered it.

    Example: lastmile-province repository service --folder /srv/province --keys /media/stick
    packages/dibao-2026.12.1
    """
    files = read_folder(package)
    with _refusals():
        made = service_of(files)
        if made.package.bundle is None:
            made.package.open_form(
                {n: (CODES / n).read_bytes() for n in made.package.lists if (CODES / n).is_file()}
            )
        _publish(folder, keys, "service", made.id, made.version, files)


@app.command("code-list")
def code_list(
    folder: Folder,
    keys: Keys,
    file: Annotated[Path, typer.Argument(help="The list (CSV).")],
    version: Version,
) -> None:
    """Publish a newer version of a code list; it takes the place of the one that devices hold.

    Example: lastmile-province repository code-list --folder /srv/province --keys /media/stick
    divisions.csv 2027.1
    """
    with _refusals():
        _publish(folder, keys, "codelist", file.name, version, {file.name: file.read_bytes()})


@app.command()
def program(
    folder: Folder,
    keys: Keys,
    installer: Annotated[Path, typer.Argument(help="The installer.")],
    version: Version,
    platform: Annotated[str, typer.Option(help="win32 or linux.")] = "win32",
) -> None:
    """Publish a version of the program; administrators install it when they choose to.

    Example: lastmile-province repository program --folder /srv/province --keys /media/stick
    lastmile-0.2.0.msi 0.2.0 --platform win32
    """
    with _refusals():
        _publish(folder, keys, "program", platform, version, {installer.name: installer})


@app.command()
def renew(
    folder: Folder,
    keys: Keys,
    days: Annotated[int, typer.Option(min=1, help="What expires within these days.")] = 60,
) -> None:
    """Sign anew what expires soon, and print it. The service renews the timestamp by itself.

    Example: lastmile-province repository renew --folder /srv/province --keys /media/stick
    """
    with _refusals():
        for name in _repository(folder).renew(_ring(keys), within=timedelta(days=days)):
            typer.echo(name)


@app.command("replace-key")
def replace_key(
    folder: Folder,
    role: Annotated[str, typer.Argument(help="The role, as `show` names it.")],
    key_id: Annotated[str, typer.Argument(help="The key that goes out, or its beginning.")],
    keys: Keys,
    new_keys: NewKeys = Path(),
) -> None:
    """Take a key out, because it is old or somebody has it, and put a new one in its place.

    Needs the keys of root (of targets, for services, codelists and program) and of the role.

    Example: lastmile-province repository replace-key --folder /srv/province services 3f2a
    --keys /media/targets --keys /media/publisher --new-keys /media/publisher
    """
    repository = _repository(folder)
    with _refusals():
        found = [k for s in repository.states() if s.name == role for k in s.keys]
        found = [each for each in found if each.startswith(key_id)] or [key_id]
        if role == "timestamp":
            (folder / "timestamp.key").unlink(missing_ok=True)
            new: Key = timestamp_signer(folder).public_key
        else:
            new = new_key(new_keys, role, _ask("the new key"))
        repository.replace_key(role, found[0], new, _ring([*keys, new_keys]))
        typer.echo(new.keyid)


@app.command()
def show(folder: Folder) -> None:
    """Roles with version, expiry and keys, one a line.

    Example: lastmile-province repository show --folder /srv/province
    """
    with _refusals():
        for state in _repository(folder).states():
            held = f"{state.threshold} of {' '.join(key[:8] for key in state.keys)}"
            typer.echo(f"{state.name} {state.version} until {state.expires:%Y-%m-%d} {held}")


def _publish(
    folder: Path,
    keys: list[Path],
    kind: Kind,
    name: str,
    version: str,
    files: Mapping[str, bytes | Path],
) -> None:
    new = _repository(folder).publish(_ring(keys), kind, name, version, files)
    typer.echo(f"{name} {version}" if new else "published before")


def _repository(folder: Path) -> Repository:
    return Repository(folder / "repository", lambda: datetime.now(UTC))


def _ring(keys: list[Path]) -> KeyRing:
    return KeyRing(keys, _ask)


def _ask(what: str) -> str:
    found = os.environ.get("LASTMILE_KEYS_PASSWORD")
    return found or str(typer.prompt(f"Password of {what}", hide_input=True))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (ProvinceError, FormError) as error:
        title = getattr(error, "title", type(error).__name__)
        typer.echo(f"{error.code} {title}", err=True)
        raise typer.Exit(3) from None
