"""Forms of OpenRosa servers (ODK Central, KoboToolbox, Ona) beside the province's services.

A fetched form becomes a service of the catalogue: it is found, filled, kept and sent like any
other. Its cases go to its own project alone, and the province's cases never do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from casework import link, network, projects
from casework.errors import NoProject, UnknownService
from casework.foreign import is_sealed, list_owner
from casework.office import Office
from casework.rights import needs
from forms import load_form
from forms.entities import made_here, received
from forms.errors import FormError
from forms.foreign import foreign_package
from forms.service import Origin, ServicePackage
from store import outbox, remote_forms, remote_projects
from store.remote_forms import FORM, RemoteFormView
from sync.errors import Busy, Offline, ProxyFailed, SyncError, TlsFailed
from sync.ledger import DueItem
from sync.openrosa import OpenRosa, Progress
from sync.openrosa_code import Account
from sync.openrosa_errors import SubmissionRefused
from sync.openrosa_wire import FormEntry, MediaEntry
from sync.providers.openrosa import OpenRosaProvider
from sync.round import RoundReport, run_round
from sync.wire import Parcel

_OF_THE_LINK = (Offline, TlsFailed, ProxyFailed, Busy)  # the next form would fare no better
_KNOWN = ".known"  # among a project's lists: what the server said of each when it last came


@dataclass(frozen=True)
class RefusedForm:
    """A form that cannot be had or used: its name, and the error's code and fields."""

    name: str
    code: str
    fields: Mapping[str, str | int]


@dataclass(frozen=True)
class Fetched:
    """What a look at a server brought: names of new forms, and those refused."""

    new: tuple[str, ...]
    refused: tuple[RefusedForm, ...]
    offered: int


@needs("enrol")
def connect(office: Office, account: Account) -> Fetched:
    """Take forms from a project from now on; its forms are fetched at once. Slow.

    Raises:
        SyncError: The server cannot be reached, or refuses; nothing was changed.
    """
    projects.try_out(office, account)
    return fetch(office, projects.keep(office, account))


@needs("send")
def fetch(office: Office, project: str) -> Fetched:
    """Bring a project's forms here; what it withdrew is no longer offered. Slow.

    One form that cannot be had or used does not delay the others.

    Raises:
        UnknownProject: It was removed.
        SyncError: The server cannot be asked now.
    """
    server = projects.server(office, projects.account(office.store, project))
    try:
        return _Look(office, project, server).take()
    finally:
        server.close()


@needs("anybody")
def offer(office: Office, project: str | None = None) -> None:
    """Put fetched forms into the catalogue; called after each sign-in and fetch."""
    names = office.store.read(remote_projects.names)
    hosts = {key: account.host for key, account in projects.accounts(office.store).items()}
    lists: dict[str, Mapping[str, bytes]] = {}
    for form in office.store.read(remote_forms.listed, project):
        if form.project not in lists:
            owner = list_owner(form.project)
            lists[form.project] = office.store.read(remote_forms.files_of, owner)
        host = hosts.get(form.project, "")
        origin = Origin(
            form.project, names.get(form.project) or host, host, form.form_id, form.fetched_at
        )
        package = _package(form, origin, lists[form.project])
        office.catalogue.add(package, listed=form.offered)


@needs("send")
def providers(office: Office, project: str) -> Callable[[], OpenRosaProvider]:
    """Makes providers that go on where the one before broke off; see `provider`."""
    progress = Progress()
    return lambda: provider(office, project, progress)


@needs("send")
def provider(office: Office, project: str, progress: Progress | None = None) -> OpenRosaProvider:
    """A provider for rounds with a project's server.

    Raises:
        UnknownProject: It was removed.
    """
    account = projects.account(office.store, project)
    return OpenRosaProvider(
        account,
        office.now,
        action_of=lambda service: _action(office, service),
        device=projects.device(office),
        route=network.route(office.store),
        progress=progress,
    )


@dataclass(frozen=True)
class Visit:
    """A look at one project's server: what it brought, or the error that ended it."""

    project: projects.Project
    fetched: Fetched | None
    report: RoundReport


@needs("send")
def visits(office: Office, *, sending: bool) -> tuple[Visit, ...]:
    """Fetch the forms of all projects, and send what waits if `sending`, one after the other.

    Raises:
        NoProject: There is none.
    """
    found = projects.everything(office)
    if not found:
        raise NoProject
    return tuple(_visit(office, each, sending=sending) for each in found)


def _visit(office: Office, project: projects.Project, *, sending: bool) -> Visit:
    try:
        fetched = fetch(office, project.id)
    except SyncError as error:
        return Visit(project, None, RoundReport(error=error))
    if not sending:
        return Visit(project, fetched, RoundReport())
    server = provider(office, project.id)
    try:
        ledger = ForeignLedger(office, project.id)
        return Visit(project, fetched, run_round(ledger, server, now=office.now))
    finally:
        server.close()


@needs("send")
def whole(office: Office, seen: Iterable[Visit]) -> RoundReport:
    """Several visits as one round; the first error is kept."""
    reports = [each.report for each in seen]
    return RoundReport(
        sent=sum(each.sent for each in reports),
        acknowledged=sum(each.acknowledged for each in reports),
        failed=sum(each.failed for each in reports),
        error=next((each.error for each in reports if each.error), None),
        waiting=office.store.read(outbox.waiting),
    )


def _action(office: Office, service: str) -> str:
    try:
        package = office.catalogue.get(service)
    except UnknownService:
        return ""
    if b"submission" not in package.files.get(FORM, b""):
        return ""  # needs no compiling
    return office.catalogue.form(service).delivery.action


class ForeignLedger(link.StoreLedger):
    """The cases of a project as `sync.ledger.Ledger`.

    Args:
        office: The office.
        project: Which one.
        may_send: Whether submissions may go now; projects can want them to wait for a person.
    """

    def __init__(
        self, office: Office, project: str, may_send: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(office.store)
        self._office, self._project, self._may_send = office, project, may_send

    def due(self, now: datetime, limit: int) -> Sequence[DueItem]:
        """Items to send, oldest first."""
        if not self._may_send():
            return []
        found = self._store.read(outbox.due, now, limit, project=self._project)
        return [DueItem(*row) for row in found]

    def parcels(self, items: Sequence[UUID]) -> Mapping[UUID, Parcel | SyncError]:
        """What to send for each item, or why it cannot be; see `link.parcels`.

        What a form wants sealed and is not, never leaves.
        """
        return {
            item: SubmissionRefused(reason="not sealed")
            if isinstance(made, Parcel) and self._bare(made)
            else made
            for item, made in super().parcels(items).items()
        }

    def _bare(self, made: Parcel) -> bool:
        return not is_sealed(made.xml) and self._wants_seal(made.service)

    def _wants_seal(self, service: str) -> bool:
        package = self._office.catalogue.get(service)
        if b"base64RsaPublicKey" not in package.files.get(FORM, b""):
            return False
        return bool(self._office.catalogue.form(service).delivery.public_key)


class _Look:
    """One look at what a project offers."""

    def __init__(self, office: Office, project: str, server: OpenRosa) -> None:
        self._office, self._project, self._server = office, project, server
        self._store = office.store
        self._owner = list_owner(project)
        self._lists = self._store.read(remote_forms.files_of, self._owner)
        self._told: dict[str, str] = json.loads(self._lists.pop(_KNOWN, b"{}"))
        self._seen: set[str] = set()
        self._fresh: dict[str, bytes] = {}  # a form's files that came without a hash, by theirs

    def take(self) -> Fetched:
        known = self._store.read(remote_forms.offered, self._project)
        entries = {self._key(entry): entry for entry in self._server.form_list()}
        new: list[str] = []
        refused: dict[str, RefusedForm] = {}
        for key, entry in entries.items():
            try:
                if self._take(key, entry, known.get(key, "")):
                    new.append(entry.name)
            except (SyncError, FormError) as error:
                if isinstance(error, _OF_THE_LINK):
                    raise
                refused[key] = RefusedForm(entry.name, error.code, error.fields)
        offered = frozenset(key for key in entries if key not in refused or key in known)
        self._withdraw_all_but(offered)
        offer(self._office, self._project)
        return Fetched(tuple(new), tuple(refused.values()), len(offered))

    def _withdraw_all_but(self, offered: frozenset[str]) -> None:
        now = self._office.now()
        submit = self._store.writer.submit
        gone = submit(remote_forms.withdraw_all_but, self._project, offered, now).result()
        submit(remote_projects.note_fetched, self._project, now).result()
        self._office.catalogue.drop(gone)

    def _key(self, entry: FormEntry) -> str:
        # with its hash, since a draft at the server may change without a new version
        mark = entry.hash.rpartition(":")[2][:8]
        return f"{outbox.FOREIGN}{self._project}:{entry.form_id}@{entry.version}#{mark}"

    def _take(self, key: str, entry: FormEntry, known: str) -> bool:
        """Bring one form up to date; whether anything but its lists was new."""
        media = self._server.manifest(entry)
        self._fresh.clear()
        for each in media:
            if each.entities and each.name not in self._seen:
                self._take_list(each)
        fixed = [self._hashed(each) for each in media if not each.entities]
        named = (entry.hash, [(m.name, m.hash) for m in fixed], sorted(self._names(media)))
        digest = hashlib.sha256(repr(named).encode()).hexdigest()
        if known == digest:
            return False
        files = self._files(entry, fixed) | dict.fromkeys(self._names(media), b"")
        form = load_form(files[FORM], {**files, **self._own_lists(files)})
        self._server.demand_ours(form.delivery.action)
        self._keep(key, entry, digest, files)
        return True

    def _hashed(self, media: MediaEntry) -> MediaEntry:
        """A file with a hash; one that the server has none of is fetched for it."""
        if media.hash.partition(":")[2]:
            return media
        content = self._server.download(media.url, "")
        digest = f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"
        self._fresh[digest] = content
        return replace(media, hash=digest)

    @staticmethod
    def _names(media: Iterable[MediaEntry]) -> list[str]:
        return [each.name for each in media if each.entities]

    def _own_lists(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        return {name: self._lists[name] for name in files if name in self._lists}

    def _files(self, entry: FormEntry, media: Iterable[MediaEntry]) -> dict[str, bytes]:
        """The form and its fixed files; what is here already is not fetched again."""
        held = {
            f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}": content
            for form in self._store.read(remote_forms.listed, self._project)
            if form.form_id == entry.form_id
            for content in form.files.values()
        } | self._fresh

        def get(url: str, digest: str) -> bytes:
            found = held.get(digest.lower())
            return found if found is not None else self._server.download(url, digest)

        return {FORM: get(entry.url, entry.hash)} | {m.name: get(m.url, m.hash) for m in media}

    def _take_list(self, media: MediaEntry) -> None:
        """Bring an entity list up to date; what was made here and not sent yet stays in it."""
        self._seen.add(media.name)
        if media.name in self._lists and media.hash and self._told.get(media.name) == media.hash:
            return
        server = self._server.download(media.url, "")  # its hash is none of its content
        here = made_here(server, self._lists.get(media.name))
        gone = self._gone(media.integrity_url, here)
        self._told[media.name] = media.hash

        def merge(local: bytes | None) -> bytes:
            return received(server, local, lambda: str(uuid4()), gone)

        def note(_held: bytes | None) -> bytes:
            return json.dumps(self._told, sort_keys=True).encode()

        submit = self._store.writer.submit
        submit(remote_forms.change_file, self._owner, media.name, merge).result()
        submit(remote_forms.change_file, self._owner, _KNOWN, note).result()
        fresh = self._store.read(remote_forms.file_of, self._owner, media.name)
        self._lists[media.name] = fresh or b""

    def _gone(self, integrity_url: str, ids: frozenset[str]) -> frozenset[str]:
        """What of `ids` was deleted at the server; nothing where it cannot be asked that."""
        if not integrity_url or not ids:
            return frozenset()
        try:
            return self._server.deleted(integrity_url, ids)
        except SyncError as error:  # drafts at Central name a place that does not exist
            if isinstance(error, _OF_THE_LINK):
                raise
            return frozenset()

    def _keep(self, key: str, entry: FormEntry, digest: str, files: Mapping[str, bytes]) -> None:
        self._store.writer.submit(
            remote_forms.put,
            key,
            project=self._project,
            form_id=entry.form_id,
            version=entry.version,
            name=entry.name,
            digest=digest,
            files=files,
            now=self._office.now(),
        ).result()


def _package(form: RemoteFormView, origin: Origin, lists: Mapping[str, bytes]) -> ServicePackage:
    own = {name: lists[name] for name in form.files if name in lists}
    name = form.name or form.form_id
    return foreign_package(form.id, form.version, name, {**form.files, **own}, origin)
