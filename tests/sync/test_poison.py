"""One poisoned case delays no other, whatever it does to the requests that hold it.

The long form: LASTMILE_POISON=3000.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from province.encoding import to_rfc3339
from province.keys import SigningKey
from sync.blame import Blame
from sync.errors import NotAProvince, Offline, SyncError, TooSlow
from sync.http import Answer
from sync.pace import Pace
from sync.problems import to_error
from sync.providers.sending import Sending
from sync.providers.session import UNDERSTOOD, DeviceSession
from sync.round import run_round
from sync.wire import EventPage, Parcel
from tests.sync.memory import MemoryLedger, make_parcel

KEY = SigningKey(bytes(31) + b"\1")
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
ENDING = {
    "cut": Offline,  # something between here and there breaks what holds it
    "blocked": NotAProvince,  # or answers with a page of its own
    "slow": TooSlow,
}
ANSWERING = {"busy": 503, "fault": 500, "refused": 422, "foreign": 403, "too large": 413}
KINDS = ["cut file", *ENDING, *ANSWERING]


class Province:
    """A province in memory behind `DeviceSession.ask`, with cases that spoil their requests."""

    heard = True
    pace = Pace()
    identity = SimpleNamespace(keys={KEY.kid.hex(): KEY.public})

    def __init__(self, poison: Mapping[str, str]) -> None:
        self._poison = poison  # kind by submission
        self._files: dict[str, int] = {}
        self.lengths: dict[str, int] = {}
        self.poisoned_files: set[str] = set()

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        answer = self._answer(method, path, more)
        if answer.status not in more.get("allowed", UNDERSTOOD):
            raise to_error(answer)
        return answer

    def _answer(self, method: str, path: str, more: Mapping[str, Any]) -> Answer:
        if path.startswith("/uploads/"):
            return self._upload(method, path.removeprefix("/uploads/"), more)
        if path == "/cases:batch":
            members = more["body"]["submissions"]
            for kind in {self._poison.get(m["submission"], "") for m in members}:
                self._spoil(kind)
                if kind in ("busy", "fault"):
                    return Answer(ANSWERING[kind], {}, b"")
            results = [
                {"submission": m["submission"], "status": a.status, "body": a.json()}
                for m in members
                for a in [self._judge(m["case"], m["submission"], m)]
            ]
            return Answer(200, {}, json.dumps({"results": results}).encode())
        _, _, case, _, submission = path.split("/")
        self._spoil(self._poison.get(submission, ""))
        return self._judge(case, submission, more["body"])

    def _spoil(self, kind: str) -> None:
        if kind in ENDING:
            raise ENDING[kind]

    def _judge(self, case: str, submission: str, body: Mapping[str, Any]) -> Answer:
        status = ANSWERING.get(self._poison.get(submission, ""))
        if status is not None:
            return Answer(status, {}, b"{}")
        files = body["attachments"]
        missing = [f["sha256"] for f in files if self._files.get(f["sha256"]) != f["size"]]
        if missing:
            return Answer(202, {}, json.dumps({"missing": missing}).encode())
        receipt = KEY.receipt(
            {
                "v": 1,
                "case": case,
                "submission": submission,
                "office": "o",
                "sha256": body["sha256"],
                "files": [{k: f[k] for k in ("name", "size", "sha256")} for f in files],
                "received_at": to_rfc3339(0),
            }
        )
        return Answer(201, {}, json.dumps(receipt).encode())

    def _upload(self, method: str, digest: str, more: Mapping[str, Any]) -> Answer:
        if digest in self.poisoned_files:
            raise Offline
        held = self._files.setdefault(digest, 0)
        if method == "PATCH":
            held = self._files[digest] = held + len(more["data"])
        return Answer(204 if method == "PATCH" else 200, {"Upload-Offset": str(held)}, b"")


class Far:
    """A provider over `Province`."""

    skew_s = 0.0

    def __init__(self, province: Province) -> None:
        self._sending = Sending(cast("DeviceSession", province))
        self.submit_all = self._sending.submit_all

    def events(self, cursor: str) -> EventPage:
        return EventPage((), cursor, False)

    def close(self) -> None:
        """Nothing is open."""


def scene(kinds: list[str]) -> tuple[MemoryLedger, Province, set[object]]:
    """An outbox with one case for each kind, "" for a sound one; the sound ones."""
    ledger, poison, sound = MemoryLedger(), dict[str, str](), set[object]()
    poisoned_files = set[str]()
    for number, kind in enumerate(kinds):
        content = [b"file %d" % number] if number % 3 == 0 or kind == "cut file" else []
        parcel: Parcel = make_parcel(number, *content)
        ledger.add(parcel, *content)
        if kind:
            poison[str(parcel.submission)] = kind
            poisoned_files |= {f.sha256.hex() for f in parcel.files if kind == "cut file"}
        else:
            sound.add(parcel.submission)
    province = Province(poison)
    province.poisoned_files = poisoned_files
    return ledger, province, sound


def rounds_needed(ledger: MemoryLedger, province: Province, sound: set[object]) -> int:
    """Rounds until every sound case has its receipt."""
    blame, count = Blame(), 0
    while not sound <= ledger.receipts.keys():
        now, count = NOON + timedelta(seconds=700 * count), count + 1
        assert count < 400
        run_round(ledger, Far(province), now=lambda now=now: now, jitter=lambda: 0.5, blame=blame)  # type: ignore[misc]
    return count


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [0, 57, 119])
def test_a_single_poisoned_case_holds_up_nobody_beyond_a_few_rounds(kind: str, place: int) -> None:
    kinds = [""] * 120
    kinds[place] = kind
    ledger, province, sound = scene(kinds)
    assert rounds_needed(ledger, province, sound) <= 5
    assert len(ledger.receipts) == 119
    (item,) = ledger.held.keys() - ledger.receipts.keys()
    assert isinstance(ledger.failures[item][0], SyncError)  # with its reason


@given(st.lists(st.sampled_from(["", "", "", *KINDS]), max_size=140))
@settings(max_examples=int(os.environ.get("LASTMILE_POISON", "60")), deadline=None)
def test_any_mixture_of_poisoned_cases_leaves_no_sound_one_behind(kinds: list[str]) -> None:
    ledger, province, sound = scene(kinds)
    poisoned = len(kinds) - len(sound)
    assert rounds_needed(ledger, province, sound) <= 4 + 5 * poisoned
    assert ledger.receipts.keys() == sound
