"""Forms of an OpenRosa server (ODK Central, KoboToolbox, Ona) beside the province's services.

A fetched form becomes a service of the catalogue: it is found, filled, kept and sent like any
other. Its cases go to that server alone, and the province's cases never do.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from casework import link
from casework.errors import NotEnrolled
from casework.office import Office
from casework.rights import needs
from forms import load_form
from forms.encryption import encrypt, instance_id
from forms.errors import FormError
from forms.service import ServicePackage, foreign_package
from forms.views import Delivery, Submission
from store import audit, outbox, remote_forms, settings
from store.open import OpenStore
from store.remote_forms import FORM, RemoteFormView
from sync.errors import FileMissing, SyncError
from sync.ledger import DueItem
from sync.openrosa import OpenRosa
from sync.openrosa_code import Account
from sync.openrosa_wire import FormEntry
from sync.providers.openrosa import OpenRosaProvider
from sync.wire import FileRef, Parcel

_ACCOUNT = "openrosa_account"
_SEALED = "sealed:"


@dataclass(frozen=True)
class Fetched:
    """What a look at the server brought: form names, and (name, error code) of those refused."""

    new: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    offered: int


@needs("enrol")
def connect(office: Office, account: Account) -> Fetched:
    """Take forms from a server from now on; its forms are fetched at once. Slow.

    Raises:
        SyncError: The server cannot be reached, or refuses; nothing was changed.
    """
    server = OpenRosa(account, office.now)
    try:
        server.form_list()
    finally:
        server.close()
    store, me = office.store, office.store.operator.login
    store.writer.submit(settings.put, _ACCOUNT, json.dumps(asdict(account)).encode()).result()
    store.writer.submit(audit.record, me, "openrosa_connected", "", now=office.now()).result()
    return fetch(office)


def account(store: OpenStore) -> Account:
    """The project that forms come from.

    Raises:
        NotEnrolled: There is none.
    """
    raw = store.read(settings.get, _ACCOUNT)
    if raw is None:
        raise NotEnrolled
    return Account(**json.loads(raw))


@needs("send")
def fetch(office: Office) -> Fetched:
    """Bring the server's forms here; what it withdrew is no longer offered. Slow.

    Raises:
        NotEnrolled: There is no server.
        SyncError: The server cannot be asked now.
    """
    server = OpenRosa(account(office.store), office.now)
    known, new, refused = office.store.read(remote_forms.hashes), list[str](), []
    try:
        entries = {_key(entry): entry for entry in server.form_list()}
        for key, entry in entries.items():
            media = server.manifest(entry)
            digest = sha256(repr((entry.hash, [(m.name, m.hash) for m in media])).encode())
            if known.get(key) == digest.hexdigest():
                continue
            files = {FORM: server.download(entry.url, entry.hash)}
            files |= {each.name: server.download(each.url, each.hash) for each in media}
            try:
                load_form(files[FORM], files)
            except FormError as error:
                refused.append((entry.name, error.code))
                continue
            _keep(office, key, entry, digest.hexdigest(), files)
            new.append(entry.name)
    finally:
        server.close()
    offered = frozenset(entries) - {_key(e) for e in entries.values() if e.name in dict(refused)}
    office.store.writer.submit(remote_forms.withdraw_all_but, offered, office.now()).result()
    offer(office)
    return Fetched(tuple(new), tuple(refused), len(offered))


@needs("anybody")
def offer(office: Office) -> None:
    """Put the fetched forms into the catalogue; called after each sign-in and fetch."""
    for form in office.store.read(remote_forms.listed):
        office.catalogue.add(_package(form), listed=form.offered)


@needs("send")
def provider(office: Office) -> OpenRosaProvider:
    """A provider for rounds with the server.

    Raises:
        NotEnrolled: There is no server.
    """
    return OpenRosaProvider(account(office.store), office.now)


class ForeignLedger(link.StoreLedger):
    """The cases of the server's forms as `sync.ledger.Ledger`; sealed where a form asks for it."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.store)
        self._office = office

    def due(self, now: datetime, limit: int) -> Sequence[DueItem]:
        """Items to send, oldest first."""
        found = self._store.read(outbox.due, now, limit, foreign=True)
        return [DueItem(*row) for row in found]

    def parcels(self, items: Sequence[UUID]) -> Mapping[UUID, Parcel | SyncError]:
        """What to send for each item, sealed once and then always the same, or why it cannot be."""
        found: dict[UUID, Parcel | SyncError] = {}
        for item, plain in link.parcels(self._store, items).items():
            try:
                found[item] = self._sealed(plain)
            except SyncError as error:
                found[item] = error
        return found

    def _sealed(self, plain: Parcel) -> Parcel:
        form = self._office.catalogue.form(plain.service)
        if not form.delivery.public_key:
            return plain
        name = f"{_SEALED}{plain.submission}"
        sealed = self._store.read(remote_forms.files_of, name)
        if not sealed:
            sealed = self._seal(plain, form.delivery.public_key)
            self._store.writer.submit(remote_forms.put_files, name, sealed).result()
        xml = sealed.pop(FORM)
        files = tuple(
            FileRef(name, "application/octet-stream", len(content), sha256(content).digest())
            for name, content in sealed.items()
        )
        return replace(plain, xml=xml, sha256=sha256(xml).digest(), files=files)

    def read_file(self, item: UUID, file: FileRef) -> bytes:
        """The content of a file of an item, sealed where it is.

        Raises:
            FileMissing: It is gone or damaged.
        """
        sealed = self._store.read(remote_forms.files_of, f"{_SEALED}{item}")
        if sealed:
            if file.name not in sealed:
                raise FileMissing(name=file.name)
            return sealed[file.name]
        return super().read_file(item, file)

    def _seal(self, plain: Parcel, key: str) -> dict[str, bytes]:
        item = plain.submission
        files = {f.name: link.StoreLedger.read_file(self, item, f) for f in plain.files}
        done = Submission(
            xml=plain.xml,
            attachments=tuple(files),
            instance_id=instance_id(plain.xml),
            instance_name="",
            delivery=Delivery(public_key=key),
        )
        sealed = encrypt(done, files, key=secrets.token_bytes(32))
        return {FORM: sealed.xml, **sealed.encrypted}


def _keep(office: Office, key: str, entry: FormEntry, digest: str, files: dict[str, bytes]) -> None:
    office.store.writer.submit(
        remote_forms.put,
        key,
        form_id=entry.form_id,
        version=entry.version,
        name=entry.name,
        digest=digest,
        files=files,
        now=office.now(),
    ).result()


def _key(entry: FormEntry) -> str:
    return f"{outbox.FOREIGN}{entry.form_id}@{entry.version}"


def _package(form: RemoteFormView) -> ServicePackage:
    return foreign_package(form.id, form.version, form.name or form.form_id, form.files)
