"""Carrying cases by hand: a village writes a stick, an office with a network forwards it.

Three acts, each repeatable at will: `make` and `copy_to` on the computer without a network,
`carry` on one that has it, `take_in` back at the first (docs/protocol.md section 12).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from casework import (
    authority,
    link,
    number_blocks,
    packages,
    relay_packages,
    reporting,
    slices,
    stick,
)
from casework.errors import StickFailed, UnknownDocument
from casework.office import Office
from casework.rights import needs
from store import cases, held, offices, outbox, relays, reports, resident_changes
from store import slices as held_slices
from store.files import write_whole
from store.relays import RelayPartView
from sync import relay
from sync.errors import BundleDamaged, BundleNotOurs, RelayUnknown, SyncError
from sync.ledger import Outcome
from sync.slices import KINDS
from sync.wire import check_receipt, read_events

PART_BYTES = 100 * 1024 * 1024
BUNDLE, ANSWER = ".lmrelay", ".lmreply"
MOST_SUBMISSIONS = 5000


@dataclass(frozen=True)
class Bundle:
    """A bundle of this device; all counts are of files, but for two.

    Attributes:
        others: Decisions of the office and changes to residents.
    """

    id: UUID
    made_at: datetime
    cases: int
    others: int
    parts: int
    copied: int
    answered: int


@dataclass(frozen=True)
class Copied:
    """Names of the files now on the stick, and how many did not fit."""

    written: tuple[str, ...]
    left: int


@dataclass(frozen=True)
class Carried:
    """Names of the files handed over, and (name, error code) of those that were not."""

    carried: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TakenIn:
    """What the answers on a stick brought.

    Attributes:
        answers: Files taken in now.
        known: Files that had been taken in before.
        foreign: Files that belong to other computers.
        acknowledged: Submissions that now have their receipt.
        refused: Submissions that a person must look at.
        others: Decisions of the office and changes to residents that now have their receipt.
        events: Events read.
        records: Records of residents and licences taken over.
        services: Services that are offered in another version now, or that came or went.
        lists: Code lists that are newer now.
        more: Whether more of services and lists comes with a later answer.
        failed: (name, error code) of files that cannot be believed.
    """

    answers: int = 0
    known: int = 0
    foreign: int = 0
    acknowledged: int = 0
    refused: int = 0
    others: int = 0
    events: int = 0
    records: int = 0
    services: int = 0
    lists: int = 0
    more: bool = False
    failed: tuple[tuple[str, str], ...] = ()


@needs("relay")
def make(office: Office, *, part_bytes: int = PART_BYTES) -> Bundle:
    """Seal all that waits into files in the profile's folder, ready for a stick; slow.

    Cases stay in the outbox: whichever way is quicker brings the receipt, and the province
    takes each in once. Where nothing waits, the bundle asks for news alone.

    Raises:
        NotAllowed: The role does not send.
        RelayUnknown: The province's key is not known here yet.
        BundleTooSmall: One file does not fit into `part_bytes`.
        NotEnrolled: Not connected to a province.
    """
    store, ledger = office.store, link.StoreLedger(office.store)
    items = store.read(outbox.due, office.now() + timedelta(days=36_500), MOST_SUBMISSIONS)
    said = store.read(reports.to_carry, MOST_SUBMISSIONS)
    changes = store.read(resident_changes.to_carry, MOST_SUBMISSIONS)
    read_up_to: dict[str, str] = {kind: store.read(held_slices.cursor, kind) for kind in KINDS}
    sender = _sender(office)
    bundle, reply_key, cursor = office.new_id(), relay.new_reply_key(), ledger.cursor()
    block = number_blocks.wish(office)
    written = relay.write_bundle(
        list(link.parcels(store, [item for item, _attempts in items]).values()),
        ledger.read_file,
        sender,
        bundle=bundle,
        reply_key=reply_key,
        wishes=relay.Wishes(
            cursor=cursor,
            blocks=(block,) if block else (),
            reports=said,
            changes=changes,
            slices=read_up_to,
            held=tuple(ledger.unsure(MOST_SUBMISSIONS)),
            packages=packages.wish(office),
        ),
        now=office.now(),
        part_bytes=part_bytes,
    )
    folder = _spool(office)
    parts = []
    for part in written:
        write_whole(folder / _name(bundle, part.number, part.parts), part.content, private=True)
        parts.append(
            RelayPartView(
                bundle=bundle,
                part=part.number,
                parts=part.parts,
                made_at=office.now(),
                submissions=part.submissions,
                others=len(said) + len(changes),
                cursor=cursor,
                slices=read_up_to,
                reply_key=reply_key,
                copied_at=None,
                answered_at=None,
            )
        )
    me = store.operator.login
    store.writer.submit(relays.keep, parts, me, office.now()).result()
    _sweep(office, keep=bundle)
    return next(each for each in bundles(office) if each.id == bundle)


@needs("relay_carry")
def bundles(office: Office) -> tuple[Bundle, ...]:
    """Bundles of this device, the newest first."""
    found: dict[UUID, list[RelayPartView]] = {}
    for part in office.store.read(relays.listed):
        found.setdefault(part.bundle, []).append(part)
    return tuple(
        Bundle(
            id=bundle,
            made_at=parts[0].made_at,
            cases=len({one for part in parts for one in part.submissions}),
            others=parts[0].others,
            parts=len(parts),
            copied=sum(part.copied_at is not None for part in parts),
            answered=sum(part.answered_at is not None for part in parts),
        )
        for bundle, parts in found.items()
    )


@needs("relay")
def copy_to(office: Office, folder: Path) -> Copied:
    """Copy files of the newest bundle that no stick holds yet, as many as fit; slow.

    Each is read back before it counts as copied; a stick that is pulled leaves no half file that
    could be taken for a whole one.

    Raises:
        StickFailed: The folder cannot be written.
    """
    newest = next(iter(bundles(office)), None)
    waiting = [
        part
        for part in office.store.read(relays.listed)
        if newest and part.bundle == newest.id and part.copied_at is None
    ]
    done: list[str] = []
    for part in waiting:
        name = _name(part.bundle, part.part, part.parts)
        content = (_spool(office) / name).read_bytes()
        if stick.free(folder) < len(content) + stick.SPARE:
            break
        stick.put(folder / name, content)
        office.store.writer.submit(
            relays.note_copied, part.bundle, part.part, office.store.operator.login, office.now()
        ).result()
        done.append(name)
    return Copied(tuple(done), len(waiting) - len(done))


@needs("relay_carry")
def carry(office: Office, folder: Path) -> Carried:
    """Hand over the bundles in `folder` and lay the answers beside them; slow, needs the network.

    Raises:
        NotAllowed: The role does not send.
        NotEnrolled: Not connected to a province.
        StickFailed: An answer cannot be written.
    """
    provider, done, failed = link.provider(office.store), list[str](), list[tuple[str, str]]()
    try:
        for path in _files(folder, BUNDLE):
            try:
                content = _read(path)
                header = relay.read_header(content)
                answer = provider.carry(content)
            except SyncError as error:
                failed.append((path.name, error.code))
                if error.ends_round:
                    break
                continue
            stick.put(path.with_suffix(ANSWER), answer)
            _note_carried(office, header)
            done.append(path.name)
    finally:
        provider.close()
    return Carried(tuple(done), tuple(failed))


@needs("relay_carry")
def take_in(office: Office, folder: Path) -> TakenIn:
    """Take in the answers in `folder` that are for this device; slow. Twice changes nothing.

    Raises:
        NotAllowed: The role does not send.
        NotEnrolled: Not connected to a province.
        StickFailed: The folder cannot be read.
    """
    total = TakenIn()
    for path in _files(folder, ANSWER):
        try:
            one = _take_in(office, _read(path))
        except SyncError as error:
            one = TakenIn(failed=((path.name, error.code),))
        total = _sum(total, one)
    return total


@needs("relay")
def slip(office: Office, bundle: UUID) -> dict[str, str | list[dict[str, str]]]:
    """Fields of the hand-over slip of a bundle: what two people sign when a stick changes hands.

    Raises:
        UnknownDocument: This computer made no such bundle.
    """
    parts = [part for part in office.store.read(relays.listed) if part.bundle == bundle]
    if not parts:
        raise UnknownDocument
    carried = dict.fromkeys(one for part in parts for one in part.submissions)
    rows = [_slip_row(office, submission) for submission in carried]
    made = parts[0].made_at.astimezone(office.now().tzinfo)
    return {
        "bundle": str(bundle),
        "operator_name": office.store.operator.name,
        "made_at": f"{made:%Y-%m-%d %H:%M}",
        "made_on": f"{made.year}年{made.month}月{made.day}日",
        "cases_count": _count(len(rows), parts[0].others),
        "files_count": f"{len(parts)} 个",
        "cases": rows,
        "code": f"LMR:{bundle}",
        "office_name": office.name or "本单位",
    }


def _count(carried: int, others: int) -> str:
    return f"{carried} 件" + (f"，另有办理决定、人员信息变更 {others} 条" if others else "")


def _slip_row(office: Office, submission: UUID) -> dict[str, str]:
    found = office.store.read(cases.get_submission, submission)
    return {
        "number": found.number,
        "service": office.catalogue.get(found.service_id).name.zh,
        "accepted_on": f"{found.finalised_at.astimezone(office.now().tzinfo):%Y-%m-%d}",
    }


def _take_in(office: Office, content: bytes) -> TakenIn:
    identity = link.identity(office.store)
    header = relay.read_header(content)
    try:
        where = UUID(str(header["bundle"])), int(header["part"])
        mine = UUID(str(header["device"])) == identity.device
    except (KeyError, TypeError, ValueError):
        raise BundleDamaged from None
    if not mine:
        return TakenIn(foreign=1)
    part = office.store.read(relays.find, *where)
    if part is None:
        raise BundleNotOurs  # made by an earlier installation of this device
    if part.answered_at is not None:
        return TakenIn(known=1)
    answer = relay.open_answer(
        content, device=identity.device, reply_key=part.reply_key, keys=identity.keys
    )
    if (answer.bundle, answer.part) != where:
        raise BundleDamaged
    outcome = _settle(office, answer, set(part.submissions))
    others = reporting.settle(office, answer.reported, identity.keys)
    others += slices.settle(office, answer.changed, identity.keys)
    authority.take(office, answer.words)
    for block in answer.blocks:
        number_blocks.take_in(office, block)
    events = _events(office, answer, part.cursor)
    records = slices.take_in(office, answer.slices, part.slices)
    renewed = relay_packages.take_in(office, answer.packages, answer.made_at)
    me = office.store.operator.login
    office.store.writer.submit(relays.note_answered, *where, me, office.now()).result()
    (_spool(office) / _name(part.bundle, part.part, part.parts)).unlink(missing_ok=True)
    return TakenIn(
        answers=1,
        acknowledged=outcome[0],
        refused=outcome[1],
        others=others,
        events=events,
        records=records,
        services=renewed.services,
        lists=renewed.lists,
        more=renewed.more,
    )


def _settle(office: Office, answer: relay.Answer, carried: set[UUID]) -> tuple[int, int]:
    ledger, keys = link.StoreLedger(office.store), link.identity(office.store).keys
    # 202: another part brings its files
    told = [r for r in answer.results if r.submission in carried and r.status != 202]
    parcels, outcomes = link.parcels(office.store, [r.submission for r in told]), []
    for result in told:
        if result.taken:
            receipt = check_receipt(result.body, parcels[result.submission], keys)
            outcomes.append(Outcome(result.submission, receipt))
            continue
        error = result.error()
        retry_at = office.now() if error.retry else None
        outcomes.append(Outcome(result.submission, error=error, retry_at=retry_at))
    ledger.settle(outcomes, office.now())
    refused = sum(each.error is not None and not each.error.retry for each in outcomes)
    return sum(each.error is None for each in outcomes), refused


def _events(office: Office, answer: relay.Answer, asked: str) -> int:
    """Take the events over where nothing was read since: else they are known, or told no more."""
    ledger, page = link.StoreLedger(office.store), read_events(answer.events)
    if ledger.cursor() != asked:
        return 0
    if answer.events.get("restarted"):
        ledger.begin_again()
    ledger.apply(page.events, page.cursor, office.now())
    if page.more:
        return len(page.events)
    ledger.caught_up(office.now())
    if office.store.read(held.may_have_moved) and answer.office == _own(office):
        office.store.writer.submit(held.has_not_moved).result()
    missing = [each for each, has in answer.held.items() if not has]
    ledger.note_held(list(answer.held), missing, office.now())
    return len(page.events)


def _own(office: Office) -> str:
    return office.store.read(offices.current).id


def _sender(office: Office) -> relay.Sender:
    identity, key = link.identity(office.store), link.relay_key(office.store)
    if key is None:
        raise RelayUnknown
    return relay.Sender(identity.device, identity.private_key, key)


def _note_carried(office: Office, header: object) -> None:
    facts = header if isinstance(header, dict) else {}
    office.store.writer.submit(
        relays.note_carried,
        str(facts.get("bundle", ""))[:36],
        int(facts.get("part", 0)),
        office.store.operator.login,
        office.now(),
    ).result()


def _spool(office: Office) -> Path:
    folder = office.store.folder / "relay"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _sweep(office: Office, keep: UUID) -> None:
    """Files of older bundles go: the newest one carries all that still waits."""
    for path in _spool(office).glob(f"*{BUNDLE}"):
        if str(keep) not in path.name:
            path.unlink(missing_ok=True)


def _name(bundle: UUID, part: int, parts: int) -> str:
    return f"lastmile-{bundle}-{part}of{parts}{BUNDLE}"


def _files(folder: Path, suffix: str) -> Iterator[Path]:
    try:
        names = sorted(folder.iterdir())
    except OSError:
        raise StickFailed from None
    return (path for path in names if path.suffix == suffix and path.is_file())


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > relay.MOST_FILE:
            raise BundleDamaged
        return path.read_bytes()
    except OSError:
        raise StickFailed from None


def _sum(a: TakenIn, b: TakenIn) -> TakenIn:
    return TakenIn(
        a.answers + b.answers,
        a.known + b.known,
        a.foreign + b.foreign,
        a.acknowledged + b.acknowledged,
        a.refused + b.refused,
        a.others + b.others,
        a.events + b.events,
        a.records + b.records,
        a.services + b.services,
        a.lists + b.lists,
        a.more or b.more,
        a.failed + b.failed,
    )
