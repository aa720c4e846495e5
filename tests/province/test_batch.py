"""Cases in batches: each judged by itself, each held once, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import func, select

from province import decisions, intake, relay
from province.accounts import Caller
from province.app import Province
from province.database import Group
from province.intake import Wanted
from province.models import Case, Event, Submission
from tests.province.shapes import submission

CALLER = Caller("device", "qingshan")


def send(province: Province, *wanted: Wanted) -> list[tuple[int, dict[str, Any]]]:
    return intake.submit_all(province, CALLER, wanted)


def count(province: Province, table: type[Any]) -> int:
    return province.database.read(
        lambda session: session.scalar(select(func.count()).select_from(table)) or 0
    )


def test_one_refused_case_touches_no_other(province: Province) -> None:
    case, ident, body = submission(1)
    changed = body.model_copy(update={"number": "another"})
    broken = submission(4)[2].model_copy(update={"sha256": "0" * 64})
    written = send(
        province,
        (case, ident, body),
        (case, ident, body),
        (case, ident, changed),
        submission(2, why="错"),
        submission(3, version="99"),
        (*submission(4)[:2], broken),
        submission(5, b"a scan that is not here"),
        submission(6),
    )
    assert [status for status, _ in written] == [201, 200, 409, 422, 422, 400, 202, 201]
    assert written[0][1] == written[1][1]
    kinds = [said.get("type", "").rpartition(":")[2] for _, said in written]
    assert kinds[2:6] == ["id-conflict", "submission-invalid", "service-unknown", "malformed"]
    assert written[3][1]["errors"][0]["message"] == "事由不对"
    assert count(province, Submission) == 3
    assert count(province, Event) == 2


def test_a_batch_whose_answer_was_lost_is_repeated_in_any_division(province: Province) -> None:
    wanted = [submission(seed) for seed in range(20)]
    first = send(province, *wanted)
    assert {status for status, _ in first} == {201}
    halves = send(province, *wanted[:10]) + send(province, *reversed(wanted[10:]))
    single = [send(province, each)[0] for each in wanted]
    assert {status for status, _ in (*halves, *single)} == {200}
    assert [said for _, said in single] == [said for _, said in first]
    assert count(province, Case) == 20


def test_the_same_cases_sent_by_eight_at_once_are_held_once(province: Province) -> None:
    wanted = [submission(seed) for seed in range(8)]
    statuses: list[int] = []

    def race(turn: int) -> None:
        order = wanted[turn:] + wanted[:turn]
        statuses.extend(send(province, each)[0][0] for each in order)

    threads = [threading.Thread(target=race, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 56 + [201] * 8
    assert (count(province, Case), count(province, Event)) == (8, 8)


def test_a_second_case_with_a_number_gets_another_also_when_its_files_come_later(
    province: Province,
) -> None:
    paper = b"a scan that comes later"
    one, (case, ident, body) = submission(1), submission(2, paper)
    two = (case, ident, body.model_copy(update={"number": one[2].number}))
    assert [status for status, _ in send(province, one, two)] == [201, 202]
    relay._keep(province, CALLER, paper)
    assert [status for status, _ in send(province, two)] == [201]
    numbers = province.database.read(
        lambda session: {
            row.id: row.number for row in session.execute(select(Case.id, Case.number))
        }
    )
    assert numbers[str(one[0])] == one[2].number
    assert len(set(numbers.values())) == 2
    assert [status for status, _ in send(province, one, two)] == [200, 200]


def test_a_case_belongs_to_the_office_that_was_first(province: Province) -> None:
    one = submission(1)
    other = Caller("device", "hongqi")
    assert send(province, one)[0][0] == 201
    assert intake.submit_all(province, other, [one])[0][0] == 403
    assert count(province, Submission) == 1


def test_what_breaks_in_a_group_does_not_break_the_others() -> None:
    started, go = threading.Event(), threading.Event()

    def run(items: Any) -> list[int]:
        started.set()
        go.wait(10)
        return [10 // item for item in items]

    group: Group[int, int] = Group(run)
    results: dict[int, object] = {}

    def ask(item: int) -> None:
        try:
            results[item] = group.submit(item)
        except ZeroDivisionError as error:
            results[item] = type(error)

    threads = [threading.Thread(target=ask, args=(item,)) for item in (1, 0, 2, 5)]
    threads[0].start()
    started.wait(10)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(10)
    assert results == {1: 10, 0: ZeroDivisionError, 2: 5, 5: 2}


def test_reviewers_who_take_the_next_case_at_once_never_get_the_same(province: Province) -> None:
    send(province, *(submission(seed) for seed in range(12)))
    now = province.now_ms()
    taken: list[str | None] = []

    def take(login: str) -> None:
        for _ in range(4):
            case = province.database.write(decisions.claim_next, "", login, now)
            taken.append(case)
            if case:
                refuse = province.database.write
                refuse(decisions.refuse, case, "材料不符", by=login, now_ms=now)

    threads = [threading.Thread(target=take, args=(login,)) for login in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken) - {None}) == len([case for case in taken if case])
    rest = province.database.write(decisions.claim_next, "", "d", now)
    assert (rest is None) == (len(set(taken) - {None}) == 12)


def test_a_case_in_hand_comes_back_to_its_reviewer_and_after_a_while_to_others(
    province: Province,
) -> None:
    send(province, submission(1), submission(2))
    now, write = province.now_ms() + 1000, province.database.write
    mine = write(decisions.claim_next, "", "a", now)
    assert write(decisions.claim_next, "", "a", now) == mine
    other = write(decisions.claim_next, "民政", "b", now)
    assert other not in (None, mine)
    assert write(decisions.claim_next, "", "c", now) is None
    assert write(decisions.claim_next, "公安", "d", now + decisions.CLAIM_MS * 2) is None
    assert write(decisions.claim_next, "", "c", now + decisions.CLAIM_MS * 2) in (mine, other)
