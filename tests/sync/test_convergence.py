"""Any interleaving of edits, rounds, sticks, backups and decisions on three devices converges.

In the suite a short run; the long one by `LASTMILE_CONVERGE=10000` (steps in all):
`LASTMILE_CONVERGE=10000 pytest tests/sync/test_convergence.py`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from casework import conflicts, filling, relay
from province.errors import ProvinceError
from store import drafts
from sync.errors import SyncError
from tests.sync import offices
from tests.sync.offices import QUESTIONS, Device, World

STEPS = int(os.environ.get("LASTMILE_CONVERGE", "100"))
IN_ONE = 50  # steps of one history
ROUNDS = 40  # more than any history of this length needs to come to rest
HABITS: list[list[Any]] = [["mine"] * 3, ["mine", "theirs", "mine"], ["theirs", "mine", "mine"]]
DECISIONS = ("granted", "refused", "supplement", "supplement", "supplement")

device = st.integers(0, offices.DEVICES - 1)
which = st.integers(0, 9)
answers = st.dictionaries(
    st.sampled_from(QUESTIONS), st.sampled_from(["甲", "乙", "丙"]), min_size=1
)
paper = st.sampled_from([b"", b"", b"one paper", b"another paper"])
sides = st.lists(st.sampled_from(["mine", "theirs"]), min_size=3, max_size=3)


class Scene:
    """What all histories of a run share."""

    folder: Path
    template: Path
    switch: offices.Switch
    resources: Any
    steps = 0


class Office(RuleBasedStateMachine):
    """Three devices, one province, and what a person knows to have been accepted."""

    def __init__(self) -> None:
        super().__init__()
        folder = Path(tempfile.mkdtemp(dir=Scene.folder))
        shutil.copytree(Scene.template, folder, dirs_exist_ok=True)
        self.world = World(folder, Scene.switch, Scene.resources)
        self.world.open()
        self.numbers: dict[str, UUID | None] = {}
        self.accepted: dict[UUID, tuple[UUID, str]] = {}
        self.backups: list[tuple[int, Path]] = []
        self.copies: list[Path] = []
        self._once: set[str] = set()

        self.restless = 0

    @initialize()
    def begin(self) -> None:
        """One case that every window holds and may correct."""
        self._accept(0, self.devices[0].begin({QUESTIONS[0]: "张三"}, b"first paper"))
        self.round(0)
        self.decide(0, "supplement")
        for at in range(offices.DEVICES):
            self.round(at)
            self.bring(at, 0)

    @property
    def devices(self) -> list[Device]:
        return self.world.devices

    # --- clerks ---

    @rule(at=device, answers=answers, paper=paper)
    def accept(self, at: int, answers: dict[str, str], paper: bytes) -> None:
        self._accept(at, self.devices[at].begin(answers, paper))

    @rule(at=device, answers=answers, paper=paper)
    def autosave(self, at: int, answers: dict[str, str], paper: bytes) -> None:
        filling.autosave(self.devices[at].office, self.devices[at].begin(answers, paper)).result()

    @rule(at=device, pick=which, answers=answers)
    def begin_a_correction(self, at: int, pick: int, answers: dict[str, str]) -> None:
        wanted = [r for r in self.devices[at].rows().values() if r.status == "supplement_requested"]
        if wanted:
            made = self.devices[at].supplement(wanted[pick % len(wanted)].id)
            filling.autosave(self.devices[at].office, self.devices[at].fill(made, answers)).result()

    @rule(at=device, pick=which, answers=answers)
    def go_on_with_a_draft(self, at: int, pick: int, answers: dict[str, str]) -> None:
        office = self.devices[at].office
        if found := office.store.read(drafts.list_of, office.store.operator.id):
            made = self.devices[at].fill(
                self.devices[at].reopen(found[pick % len(found)].id), answers
            )
            filling.autosave(office, made).result()
            self._accept(at, made)

    @rule(at=device, pick=which, answers=answers, paper=paper)
    def correct(self, at: int, pick: int, answers: dict[str, str], paper: bytes) -> None:
        wanted = [r for r in self.devices[at].rows().values() if r.status == "supplement_requested"]
        if wanted:
            made = self.devices[at].supplement(wanted[pick % len(wanted)].id)
            self._accept(at, self.devices[at].fill(made, answers, paper))

    @rule(at=device, pick=which)
    def bring(self, at: int, pick: int) -> None:
        numbers = sorted(n for n, case in self.numbers.items() if case is not None)
        if numbers:
            office, provider = self.devices[at].office, self.devices[at].provider
            with contextlib.suppress(SyncError):  # not there (yet), or the line is down
                conflicts.bring(office, provider, numbers[pick % len(numbers)])

    @rule(at=device, pick=which, sides=sides)
    def settle(self, at: int, pick: int, sides: list[Any]) -> None:
        office = self.devices[at].office
        if found := conflicts.waiting(office):
            self._settle(at, found[pick % len(found)].case_id, sides)

    @rule(pick=which, sides=st.lists(sides, min_size=3, max_size=3))
    def settle_at_once(self, pick: int, sides: list[list[Any]]) -> None:
        """Every window settles one case before it hears of the others."""
        self.a_round_of_everybody()
        self.a_round_of_everybody()
        found = {c.case_id for each in self.devices for c in conflicts.waiting(each.office)}
        if found:
            case_id = sorted(found)[pick % len(found)]
            for at, each in enumerate(self.devices):
                if case_id in {c.case_id for c in conflicts.waiting(each.office)}:
                    self._settle(at, case_id, sides[at])
            self.a_round_of_everybody()

    @rule(at=device, pick=which, sides=sides)
    def settle_anew(self, at: int, pick: int, sides: list[Any]) -> None:
        """Look again at what another window settled at the same time."""
        office = self.devices[at].office
        if found := conflicts.outdone(office):
            case_id = found[pick % len(found)]
            clashes = conflicts.look_again(office, case_id).clashes
            choices = dict(zip((clash.ref for clash in clashes), sides, strict=False))
            made = conflicts.settle_again(office, case_id, choices)
            if made is not None:
                self._note(at, made, case_id)

    @rule(at=device, count=st.integers(1, 90))
    def use_up_numbers(self, at: int, count: int) -> None:
        for _ in range(count):
            self._issued(self.devices[at].take_number(), None)

    # --- the link ---

    @rule(at=device)
    def round(self, at: int) -> None:
        self.devices[at].round()

    @rule()
    def a_round_of_everybody(self) -> None:
        for each in self.devices:
            each.round()

    @rule(at=device, passing=st.integers(0, 2))
    def half_a_round(self, at: int, passing: int) -> None:
        asked = iter(range(passing))
        self.devices[at].round(stopped=lambda: next(asked, None) is None)

    @rule(at=device, passing=st.integers(0, 8), failing=st.integers(1, 6), arrives=st.booleans())
    def spoil_the_line(self, at: int, passing: int, failing: int, arrives: bool) -> None:
        trouble = self.devices[at].trouble
        trouble.passing, trouble.failing, trouble.arrives = passing, failing, arrives

    @rule(at=device)
    def make_bundle(self, at: int) -> None:
        self.devices[at].make_bundle(self.world.stick)

    @rule(at=device)
    def carry(self, at: int) -> None:
        relay.carry(self.devices[at].office, self.world.stick)

    @rule(at=device)
    def take_in(self, at: int) -> None:
        done = relay.take_in(self.devices[at].office, self.world.stick)
        assert {code for _name, code in done.failed} <= {"S120"}  # of before a restore

    # --- the province ---

    @rule(pick=which, kind=st.sampled_from(DECISIONS))
    def decide(self, pick: int, kind: str) -> None:
        if found := sorted(self.world.province_cases()):
            with contextlib.suppress(ProvinceError):  # decided before, or in conflict
                self.world.decide(found[pick % len(found)], kind)

    # --- disasters ---

    @rule(at=device)
    def back_up(self, at: int) -> None:
        self.backups.append((at, self.devices[at].back_up()))

    @rule(pick=which)
    def restore_a_device(self, pick: int) -> None:
        if self.backups:
            at, path = self.backups[pick % len(self.backups)]
            if path.exists():
                self.devices[at].restore(path)
                self._forget_what_is_nowhere()

    @rule()
    def copy_the_province(self) -> None:
        self.copies.append(self.world.folder / f"copy-{len(self.copies)}")
        self.world.copy_province(self.copies[-1])

    @rule(pick=which)
    def restore_the_province(self, pick: int) -> None:
        if self.copies:
            self.world.restore_province(self.copies[pick % len(self.copies)])
            self._forget_what_is_nowhere()

    # --- what must hold ---

    @invariant()
    def time_passes(self) -> None:
        Scene.steps += 1
        self.restless += 1
        self.world.clock.leap(timedelta(minutes=3))

    @precondition(lambda self: self.restless > 15)
    @rule()
    def come_to_rest(self) -> None:
        """Everybody has a link and time, and people settle what no window settles by itself.

        All of them do so at once, each in another way, and never wait for one another.
        """
        self.restless = 0
        for each in self.devices:
            each.trouble.failing = 0
        for _ in range(ROUNDS):
            self.world.clock.leap(timedelta(days=1))
            reports = [each.round() for each in self.devices]
            assert all(r.error is None for r in reports), [r.error for r in reports]
            if any(r.sent or r.events or r.waiting for r in reports):
                continue
            asked = 0
            for at, each in enumerate(self.devices):
                for found in conflicts.waiting(each.office):
                    self._settle(at, found.case_id, HABITS[at])
                    asked += 1
            if not asked:
                break
        else:
            raise AssertionError(f"no rest: {reports} {[each.troubles() for each in self.devices]}")
        self._agree()

    def teardown(self) -> None:
        try:
            self.come_to_rest()
        finally:
            self.world.close()
            shutil.rmtree(self.world.folder)

    def _agree(self) -> None:
        held = self.world.province_cases()
        there = {s: digest for case in held.values() for s, digest in case.submissions.items()}
        assert there.items() >= {s: digest for s, (_, digest) in self.accepted.items()}.items()
        for case_id, case in held.items():  # the province gives provisional ones a final one
            assert self.numbers.setdefault(case.number, case_id) == case_id
        for each in self.devices:
            each.check_record()
            each.check_receipts()
            assert all(each.outgoing().values())
            for case_id, row in each.rows().items():
                case = held[case_id]
                assert len(case.heads) == 1
                assert (row.status, row.number) == (case.status, case.number)
                assert each.counting(case_id) == case.counting == case.heads[0]
                assert each.digest(case.heads[0]) == case.submissions[case.heads[0]]
                assert each.heads(case_id) == case.heads

    # --- book-keeping ---

    def _accept(self, at: int, made: filling.Filling) -> None:
        case_id = filling.accept(self.devices[at].office, made).result()
        self._note(at, made.id, case_id)

    def _settle(self, at: int, case_id: UUID, sides: list[Any]) -> None:
        office = self.devices[at].office
        clashes = conflicts.look(office, case_id).clashes
        choices = {
            clash.ref: side for clash, side in zip(clashes, [*sides, "mine", "mine"], strict=False)
        }
        self._note(at, conflicts.settle(office, case_id, choices), case_id)

    def _note(self, at: int, submission: UUID, case_id: UUID) -> None:
        self.accepted[submission] = case_id, self.devices[at].digest(submission)
        self._issued(self.devices[at].rows()[case_id].number, case_id)

    def _issued(self, number: str, case_id: UUID | None) -> None:
        known = self.numbers.setdefault(number, case_id)
        assert known == case_id, number
        assert case_id is not None or number not in self._once, number
        self._once.add(number)

    def _forget_what_is_nowhere(self) -> None:
        """A disaster takes what neither the province nor the device that made it still has."""
        left = {s for case in self.world.province_cases().values() for s in case.submissions}
        for each in self.devices:
            left |= each.outgoing().keys()
        self.accepted = {s: known for s, known in self.accepted.items() if s in left}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Scene]]:
    folder = tmp_path_factory.mktemp("offices")
    with offices.serving_switch() as (url, switch):
        Scene.folder, Scene.switch, Scene.steps = folder, switch, 0
        Scene.resources = offices.make_resources(folder / "resources")
        Scene.template = offices.make_template(folder / "template", url, switch, Scene.resources)
        yield Scene


@pytest.mark.timeout(120 + 3 * STEPS)
def test_any_interleaving_converges_and_loses_nothing(scene: type[Scene]) -> None:
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=1 + STEPS * 5 // (IN_ONE * 4),  # some histories end early
            derandomize="LASTMILE_CONVERGE" not in os.environ,
            stateful_step_count=IN_ONE,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            report_multiple_bugs=False,
        ),
    )
    sys.stdout.write(f"{scene.steps} steps\n")
    assert scene.steps >= STEPS
