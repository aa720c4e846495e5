"""The province's word for this computer: which certificates it may sign, and until when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework import link
from casework import trust as belief
from casework.errors import NoAuthority
from casework.office import Office
from casework.rights import needs
from forms.service import ServicePackage
from printing import delegation
from printing.delegation import Delegation
from printing.errors import CredentialRefused
from store import issuing, numbers, settings
from sync.reports import ReportTaker, Word

RENEW_DAYS = 60  # with fewer left the province is asked again
_WORDS, _ASKED = "delegations", "delegations_asked_at"
_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Authority:
    """The word for one template; `raw` is what credentials carry."""

    word: Delegation
    raw: bytes


@needs("anybody")
def for_service(office: Office, package: ServicePackage) -> Authority:
    """The word under which this computer issues the service's certificate today.

    Raises:
        NoAuthority: None is held, it is over, or it is for another division.
        NotEnrolled: Not connected to a province.
    """
    plan = package.certificate
    held = _held(office).get(plan.template) if plan else None
    if held is None or held.word.division != office.division:
        raise NoAuthority
    if not held.word.covers(held.word.template, office.today.isoformat()):
        raise NoAuthority
    return held


@dataclass(frozen=True)
class AuthorityState:
    """What this computer may sign: last day by template, and numbers left for certificates."""

    until: Mapping[str, str]
    numbers_left: int


@needs("anybody")
def state(office: Office) -> AuthorityState:
    """What this computer may sign, and until when."""
    until = {template: each.word.last for template, each in _held(office).items()}
    return AuthorityState(until, office.store.read(numbers.left, issuing.KIND))


@needs("send")
def renew(office: Office, taker: ReportTaker) -> int:
    """Ask for the province's word where one is missing or ends soon; how many were taken.

    Called after a round.

    Raises:
        SyncError: The province cannot be asked now; the next round goes on.
    """
    if not _missing(office) or not _time_to_ask(office):
        return 0
    now = office.now().isoformat().encode()
    office.store.writer.submit(settings.put, _ASKED, now).result()
    return take(office, taker.words())


@needs("relay_carry")
def take(office: Office, words: Sequence[Word]) -> int:
    """Take over what the province says of this computer, also from a stick; how many were taken."""
    kept = {t: a.raw for t, a in _held(office).items()}
    taken = {}
    for each in words:
        try:
            word = _read(office, each.delegation)
        except CredentialRefused:
            continue  # not signed by a key that is believed here, or for another computer
        taken[word.template] = each.delegation
    written = {template: raw.hex() for template, raw in {**kept, **taken}.items()}
    if taken:
        office.store.writer.submit(settings.put, _WORDS, json.dumps(written).encode()).result()
    return len(taken)


def _missing(office: Office) -> bool:
    held = _held(office)
    last = (office.today + timedelta(days=RENEW_DAYS)).isoformat()
    for package in office.catalogue.all():
        plan = package.certificate
        if plan is None or not package.decision.lies_with(office.division):
            continue
        got = held.get(plan.template)
        if got is None or got.word.last < last or got.word.division != office.division:
            return True
    return False


def _time_to_ask(office: Office) -> bool:
    asked = office.store.read(settings.get, _ASKED)
    if not asked:
        return True
    since = office.now() - datetime.fromisoformat(asked.decode())
    return not timedelta(0) <= since < _PAUSE


def _held(office: Office) -> Mapping[str, Authority]:
    raw = office.store.read(settings.get, _WORDS)
    found: dict[str, Authority] = {}
    for text in json.loads(raw).values() if raw else ():
        data = bytes.fromhex(text)
        try:
            word = _read(office, data)
        except CredentialRefused:
            continue  # its key was revoked since
        found[word.template] = Authority(word, data)
    return found


def _read(office: Office, data: bytes) -> Delegation:
    keys = belief.held(office.store).keys
    usable = {kid: key.public for kid, key in keys.items() if not key.revoked}
    word = delegation.read(data, usable)
    if word.public != link.public_key(office.store):
        raise CredentialRefused
    return word
