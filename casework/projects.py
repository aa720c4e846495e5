"""Projects of ODK Central, KoboToolbox, Ona: read from a code, tried, kept side by side.

A project's settings hold a password or a token. They stand in the encrypted store and nowhere else.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from casework import network
from casework.errors import ProjectUnfinished, UnknownProject
from casework.office import Office
from casework.rights import needs
from printing.errors import PrintingError
from store import audit, remote_forms, remote_projects, settings
from store.open import OpenStore
from sync.openrosa import OpenRosa
from sync.openrosa_code import Account, read_project_code
from sync.openrosa_errors import NoSettingsCode

_DEVICE = "openrosa_device"


@dataclass(frozen=True)
class Project:
    """A project as it may be shown.

    Attributes:
        login: "" where the address itself lets in.
        forms: How many it offers here.
        update: When its forms are fetched: see `sync.openrosa_code.Account`.
    """

    id: str
    name: str
    host: str
    login: str
    forms: int
    fetched_at: datetime | None
    update: str
    every_min: int
    autosend: bool


def read_settings(data: bytes) -> Account:
    """The project in a picture of its QR code, a PDF of it, or a file with its text.

    Raises:
        NoSettingsCode: There is none in it.
    """
    for text in _texts(data):
        try:
            return read_project_code(text)
        except NoSettingsCode:
            continue
    raise NoSettingsCode


def _texts(data: bytes) -> Iterator[str]:
    from printing.scan import read_codes  # noqa: PLC0415 - an imaging library, when first needed

    with contextlib.suppress(UnicodeDecodeError):
        yield data.decode("utf-8-sig")
    try:
        yield from read_codes(data)
    except PrintingError:
        return


@needs("enrol")
def try_out(office: Office, account: Account) -> tuple[str, ...]:
    """Names of the forms that a project offers; nothing is kept. Slow.

    Raises:
        SyncError: The server cannot be reached, or refuses.
    """
    asked = server(office, account)
    try:
        return tuple(entry.name for entry in asked.form_list())
    finally:
        asked.close()


@needs("send")
def server(office: Office, account: Account) -> OpenRosa:
    """A project's server, by the office's way out; the caller closes it.

    Raises:
        SyncError: The address is not safe, or the file of issuers cannot be read.
    """
    way = network.route(office.store)
    return OpenRosa(account, office.now, device=device(office), route=way)


@needs("enrol")
def keep(office: Office, account: Account) -> str:
    """Keep a project; one with the same address and login gets the new settings. Its id."""
    store = office.store
    same = (
        project
        for project, held in accounts(store).items()
        if (held.url, held.login) == (account.url, account.login)
    )
    project = next(same, None) or secrets.token_hex(4)
    written = json.dumps(asdict(account)).encode()
    name = account.name or account.host
    store.writer.submit(remote_projects.put, project, name, written, office.now()).result()
    me = store.operator.login
    store.writer.submit(
        audit.record, me, "openrosa_connected", account.host, now=office.now()
    ).result()
    return project


@needs("enrol")
def remove(office: Office, project: str) -> None:
    """Take no forms from a project any more; its settings are forgotten, its cases stay.

    Raises:
        UnknownProject: There is no such project.
        ProjectUnfinished: Drafts or unsent submissions are left.
    """
    host = account(office.store, project).host
    drafts, unsent = office.store.read(remote_projects.unfinished, project)
    if drafts or unsent:
        raise ProjectUnfinished(drafts=drafts, unsent=unsent)
    office.store.writer.submit(remote_projects.remove, project, office.now()).result()
    me = office.store.operator.login
    office.store.writer.submit(
        audit.record, me, "openrosa_removed", host, now=office.now()
    ).result()
    for package, _offered in office.catalogue.of_project(project):
        office.catalogue.add(package, listed=False)


@needs("anybody")
def everything(office: Office) -> tuple[Project, ...]:
    """The projects, in the order they came."""
    found = []
    for row in office.store.read(remote_projects.listed):
        account = _account(row.settings)
        forms = len(office.store.read(remote_forms.offered, row.id))
        found.append(
            Project(
                id=row.id,
                name=row.name or account.host,
                host=account.host,
                login=account.login,
                forms=forms,
                fetched_at=row.fetched_at,
                update=account.update,
                every_min=account.every_min,
                autosend=account.autosend,
            )
        )
    return tuple(found)


def accounts(store: OpenStore) -> dict[str, Account]:
    """What lets into each project, by its id."""
    return {row.id: _account(row.settings) for row in store.read(remote_projects.listed)}


def account(store: OpenStore, project: str) -> Account:
    """What lets into a project.

    Raises:
        UnknownProject: It was removed.
    """
    found = accounts(store).get(project)
    if found is None:
        raise UnknownProject
    return found


@needs("anybody")
def device(office: Office) -> str:
    """What this computer is called towards servers: drawn once, and says nothing about it."""
    kept = office.store.read(settings.get, _DEVICE)
    if kept is None:
        kept = f"lastmile:{secrets.token_hex(8)}".encode()
        office.store.writer.submit(settings.put, _DEVICE, kept).result()
    return kept.decode()


def _account(written: bytes) -> Account:
    known = set(Account.__dataclass_fields__)
    told = {name: value for name, value in json.loads(written).items() if name in known}
    return Account(**told)
