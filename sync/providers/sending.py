"""Sending submissions to a province: many in one request, files by several hands at once.

First all submissions go up together; the province says which are complete and which files it
lacks; those follow, and then the submissions that waited for them once more. Each is judged by
itself: what one of them lacks or breaks holds up no other.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from sync.errors import (
    FileMissing,
    NoBatch,
    NoRoom,
    Offline,
    ServerFault,
    SyncError,
    Unexpected,
)
from sync.http import Answer
from sync.large import weight
from sync.ledger import Settled
from sync.problems import to_error
from sync.providers.session import UNDERSTOOD, DeviceSession
from sync.upload import Announce, Ask, Reply, Send, Upload, learn, next_step
from sync.wire import FileRef, Parcel, ReadFileOf, check_receipt, to_b64, write_parcel

BREAKS = 8  # broken connections that one file may see in one round without any progress
HANDS = 3  # files under way at once where the link is quick
SLOW_CHUNK_S = 1.5  # a link on which chunks take longer carries one file at a time
MOST_IN_BATCH = 100
REQUEST_S = 15.0  # of sending for one request at the speed of now; the province waits a minute
BATCH_BYTES = 2 * 1024 * 1024  # of submissions and files that go together: then come receipts
SIDE_BY_SIDE_BYTES = 8 * 1024 * 1024  # larger files go alone: each stands whole in memory
ANY_STATUS = tuple(range(200, 600))
UPLOAD_STATUSES = (*UNDERSTOOD, 404, 410, 409, 460)
Asking = Callable[[Sequence[Parcel]], list[tuple[Parcel, Answer]]]


@dataclass
class _Waiting:
    """A submission the province has noted, and the files it still lacks."""

    parcel: Parcel
    missing: frozenset[str]

    def lacks(self) -> list[FileRef]:
        """The files that are missing there, each once."""
        files = {f.sha256: f for f in self.parcel.files if f.sha256.hex() in self.missing}
        return list(files.values())


@dataclass(frozen=True)
class Terms:
    """How files go.

    Attributes:
        holds: Why these files of a case are not to go now; None where they go.
        on_progress: Hears how many bytes of a file the province holds; from any thread.
    """

    holds: Callable[[Sequence[FileRef]], SyncError | None] = lambda _files: None
    on_progress: Callable[[UUID, FileRef, int], None] = lambda _item, _file, _held: None


class Sending:
    """Sends through one session. Used by one thread at a time.

    Args:
        session: In whose name.
        terms: How files go.
    """

    def __init__(self, session: DeviceSession, terms: Terms | None = None) -> None:
        self._session = session
        self._terms = terms or Terms()
        self._batches = True
        self._chunk = Upload(0).chunk
        self._slow = False
        self._guard = threading.Lock()

    def submit_all(self, parcels: Sequence[Parcel], read_file: ReadFileOf) -> Iterator[Settled]:
        """Send submissions with all their files; each is answered once, in any order.

        Raises:
            SyncError: One that ends the round; submissions not answered are as they were.
        """
        for group in _grouped(parcels, lambda: self._session.pace.goes_through(REQUEST_S)):
            left = {parcel.submission: parcel for parcel in group}
            if len(group) > 1 and self._batches:
                try:
                    for settled in self._send(group, self._ask_batch, read_file):
                        del left[settled.id]
                        yield settled
                except NoBatch:  # an older province, or one that stumbles over a member
                    pass
            for parcel in left.values():
                yield from self._send([parcel], self._ask_one, read_file)

    def _send(
        self, group: Sequence[Parcel], ask: Asking, read_file: ReadFileOf
    ) -> Iterator[Settled]:
        waiting = []
        for parcel, said in self._blaming(group, ask):
            if said.status == 202:
                missing = said.json().get("missing", ())
                waiting.append(_Waiting(parcel, frozenset(map(str, missing))))
            else:
                yield self._judge(parcel, said)
        failed = self._upload_all(waiting, read_file)
        yield from failed.values()
        complete = [w.parcel for w in waiting if w.parcel.submission not in failed]
        answers = self._blaming(complete, ask) if complete else ()
        for parcel, said in answers:
            yield self._judge(parcel, said)

    def _blaming(self, group: Sequence[Parcel], ask: Asking) -> list[tuple[Parcel, Answer]]:
        try:
            return ask(group)
        except SyncError as error:
            self._blame(error, *(parcel.submission for parcel in group))
            raise

    def _blame(self, error: SyncError, *submissions: UUID) -> None:
        if self._session.heard:  # else it was the line, whatever went over it
            error.under_way |= frozenset(submissions)

    def upload(
        self,
        file: FileRef,
        content: bytes,
        heard: Callable[[int], None] = lambda _held: None,
    ) -> None:
        """Bring one file up, going on where it broke off; `heard` is told what is held there.

        Raises:
            FileMissing: `content` is not what the file was.
            Offline: The line breaks again and again.
            SyncError: As the province says.
        """
        if len(content) != file.size or sha256(content).digest() != file.sha256:
            raise FileMissing(name=file.name)
        upload, broken = Upload(file.size, chunk=self._chunk), 0
        while (step := next_step(upload)) is not None:
            started, held = time.monotonic(), upload.offset
            try:
                answer = self._step(file, content, step)
                reply = Reply(answer.status, answer.number("Upload-Offset"))
            except Offline:
                reply = None
            seconds = time.monotonic() - started
            upload = learn(upload, reply, seconds=seconds)
            if upload.offset:
                heard(upload.offset)
            gained = isinstance(step, Send) and upload.offset is not None and upload.offset != held
            broken = 0 if gained else broken + 1
            if broken > BREAKS:
                raise Offline
            if gained:
                self._chunk, self._slow = upload.chunk, seconds > SLOW_CHUNK_S

    # --- submissions ---

    def _ask_one(self, parcels: Sequence[Parcel]) -> list[tuple[Parcel, Answer]]:
        [parcel] = parcels
        path = f"/cases/{parcel.case}/submissions/{parcel.submission}"
        answer = self._session.ask("PUT", path, body=write_parcel(parcel), allowed=ANY_STATUS)
        error = to_error(answer) if answer.status not in UNDERSTOOD else None
        if error is not None and error.ends_round:
            raise error
        return [(parcel, answer)]

    def _ask_batch(self, parcels: Sequence[Parcel]) -> list[tuple[Parcel, Answer]]:
        body = {
            "submissions": [
                {**write_parcel(p), "case": str(p.case), "submission": str(p.submission)}
                for p in parcels
            ]
        }
        answer = self._session.ask("POST", "/cases:batch", body=body, allowed=ANY_STATUS)
        if answer.status in (404, 405):
            self._batches = False
        if answer.status != 200:
            error = to_error(answer)
            raise error if error.ends_round else NoBatch
        results = {str(r.get("submission")): r for r in _results(answer)}
        try:
            said = [results[str(p.submission)] for p in parcels]
            return [
                (p, Answer(int(one["status"]), {}, json.dumps(one["body"]).encode()))
                for p, one in zip(parcels, said, strict=True)
            ]
        except (KeyError, TypeError, ValueError):
            raise NoBatch from None

    def _judge(self, parcel: Parcel, said: Answer) -> Settled:
        try:
            if said.status == 202:  # it has lost a file again, or told us a wrong offset
                raise ServerFault(status=said.status)
            if said.status not in (200, 201):
                raise to_error(said) if said.status >= 400 else Unexpected(status=said.status)
            keys = self._session.identity.keys
            return Settled(parcel.submission, check_receipt(said.json(), parcel, keys))
        except SyncError as error:
            return Settled(parcel.submission, error=error)

    # --- files ---

    def _upload_all(
        self, waiting: Sequence[_Waiting], read_file: ReadFileOf
    ) -> dict[UUID, Settled]:
        """Bring up what is missing, each file once; the submissions that cannot be completed."""
        wanted: dict[bytes, tuple[FileRef, UUID]] = {}
        failed = {}
        for each in waiting:
            submission, missing = each.parcel.submission, each.lacks()
            if (why := self._terms.holds(missing)) is not None:
                failed[submission] = Settled(submission, error=why)
                continue
            for file in missing:
                wanted.setdefault(file.sha256, (file, submission))
        broken = self._by_hands(list(wanted.values()), read_file)
        for each in waiting:
            error = next((broken[f.sha256] for f in each.parcel.files if f.sha256 in broken), None)
            if isinstance(error, NoRoom):
                error = type(error)(**error.fields, **weight(each.lacks()))
            if error is not None:
                failed[each.parcel.submission] = Settled(each.parcel.submission, error=error)
        return failed

    def _by_hands(
        self, files: Sequence[tuple[FileRef, UUID]], read_file: ReadFileOf
    ) -> dict[bytes, SyncError]:
        broken: dict[bytes, SyncError] = {}
        queue = list(reversed(files))
        ending: list[SyncError] = []

        def work() -> None:
            while (job := self._next(queue, ending)) is not None:
                file, submission = job
                try:
                    heard = partial(self._terms.on_progress, submission, file)
                    self.upload(file, read_file(submission, file), heard)
                except SyncError as error:
                    with self._guard:
                        self._blame(error, submission)
                        broken[file.sha256] = error
                        ending.extend([error] if error.ends_round else [])
                        if isinstance(error, NoRoom):  # half a case would take room for nothing
                            rest = [job for job in queue if job[1] == submission]
                            queue[:] = [job for job in queue if job[1] != submission]
                            broken.update((each.sha256, error) for each, _owner in rest)

        quick = not self._slow and all(f.size <= SIDE_BY_SIDE_BYTES for f, _owner in files)
        hands = min(HANDS, len(files)) if quick else 1
        if hands < 2:
            work()
        else:
            with ThreadPoolExecutor(hands, thread_name_prefix="upload") as pool:
                for done in [pool.submit(work) for _ in range(hands)]:
                    done.result()
        if ending:
            raise ending[0]
        return broken

    def _next(
        self, queue: list[tuple[FileRef, UUID]], ending: Sequence[SyncError]
    ) -> tuple[FileRef, UUID] | None:
        with self._guard:
            return queue.pop() if queue and not ending else None

    def _step(self, file: FileRef, content: bytes, step: Announce | Ask | Send) -> Answer:
        path, tus = f"/uploads/{file.sha256.hex()}", {"Tus-Resumable": "1.0.0"}
        ask = self._session.ask
        match step:
            case Announce():
                tus["Upload-Length"] = str(file.size)
                return ask("PUT", path, headers=tus, allowed=UNDERSTOOD)
            case Ask():
                return ask("HEAD", path, headers=tus, allowed=UPLOAD_STATUSES)
            case Send(start, end):
                chunk = content[start:end]
                tus["Upload-Offset"] = str(start)
                tus["Upload-Checksum"] = "sha256 " + to_b64(sha256(chunk).digest())
                tus["Content-Type"] = "application/offset+octet-stream"
                return ask("PATCH", path, data=chunk, headers=tus, allowed=UPLOAD_STATUSES)


def _grouped(parcels: Sequence[Parcel], room: Callable[[], int]) -> Iterator[list[Parcel]]:
    """Parcels that go together; `room` says how many bytes one request should have now."""
    group: list[Parcel] = []
    size = written = 0
    for parcel in parcels:
        own = len(parcel.xml) * 4 // 3 + 400 * len(parcel.files) + 800
        files = sum(file.size for file in parcel.files)
        full = len(group) >= MOST_IN_BATCH or size + own + files > BATCH_BYTES
        if group and (full or written + own > room()):
            yield group
            group, size, written = [], 0, 0
        group.append(parcel)
        size += own + files
        written += own
    if group:
        yield group


def _results(answer: Answer) -> list[Mapping[str, Any]]:
    found = answer.json().get("results")
    return [r for r in found if isinstance(r, dict)] if isinstance(found, list) else []
