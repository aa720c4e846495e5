"""Two corrections of one submission: what merges by itself, what a person decides."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.merging import Merge, Side
from forms import Form, Session, load_form
from forms.authoring import compile_xlsform
from tests.forms.workbook import workbook

SURVEY = """
| type              | name    | label   | relevant        | calculation              |
| text              | name    | 姓名    |                 |                          |
| select_one yes_no | married | 已婚    |                 |                          |
| text              | spouse  | 配偶    | ${married} = '1' |                          |
| integer           | income  | 收入    |                 |                          |
| calculate         | twice   |         |                 | ${income} * 2            |
| begin_repeat      | member  | 成员    |                 |                          |
| text              | who     | 成员姓名 |                 |                          |
| integer           | age     | 年龄    |                 |                          |
| end_repeat        |         |         |                 |                          |
"""
CHOICES = """
| list_name | name | label |
| yes_no    | 1    | 是    |
| yes_no    | 0    | 否    |
"""


def make_form() -> Form:
    authored = compile_xlsform(workbook(survey=SURVEY, choices=CHOICES))
    return load_form(authored.xform, authored.resources)


FORM = make_form()
_ids = count()
ROOT = FORM.new_session(
    now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
    today=lambda: date(2026, 11, 24),
    new_id=lambda: "x",
    random=lambda: 0.5,
).nodes()[0]
AROUND: dict[str, Any] = {
    "now": lambda: datetime(2026, 11, 24, tzinfo=UTC),
    "today": lambda: date(2026, 11, 24),
    "new_id": lambda: f"00000000-0000-4000-8000-{next(_ids):012d}",
    "random": lambda: 0.5,
}


def answered(session: Session, answers: dict[str, str]) -> bytes:
    for ref, answer in answers.items():
        session.answer(f"{ROOT}/{ref}", answer)
    return session.xml()


def fresh(answers: dict[str, str], members: int = 1) -> bytes:
    session = FORM.new_session(**AROUND)
    for _ in range(members - session.view(f"{ROOT}/member").count):
        session.add_repeat(f"{ROOT}/member")
    return answered(session, answers)


def edited(xml: bytes, answers: dict[str, str], members: int = 0) -> bytes:
    session = FORM.edit(xml, **AROUND)
    for _ in range(members):
        session.add_repeat(f"{ROOT}/member")
    return answered(session, answers)


def value(session: Session, ref: str) -> str:
    return session.view(f"{ROOT}/{ref}").answer


BASE = fresh({"name": "张三", "married": "0", "income": "100", "member[1]/who": "王小"})


def test_different_questions_merge_by_themselves() -> None:
    mine, theirs = edited(BASE, {"name": "张叁"}), edited(BASE, {"income": "250"})
    merge = Merge(FORM, BASE, mine, theirs, AROUND)
    assert merge.clashes == ()
    session = merge.merged({})
    assert (value(session, "name"), value(session, "income")) == ("张叁", "250")
    assert value(session, "twice") == "500"


def test_the_same_answer_is_no_clash() -> None:
    both = {"name": "张叁"}
    assert Merge(FORM, BASE, edited(BASE, both), edited(BASE, both), AROUND).clashes == ()


def test_the_same_question_is_shown_with_both_answers_in_words() -> None:
    mine, theirs = edited(BASE, {"married": "1"}), edited(BASE, {"married": ""})
    (clash,) = Merge(FORM, BASE, mine, theirs, AROUND).clashes
    assert (clash.label, clash.base, clash.mine, clash.theirs) == ("已婚", "否", "是", "")
    for side, name in (("mine", "1"), ("theirs", "")):
        choice: dict[str, Side] = {clash.ref: side}  # type: ignore[dict-item]
        assert value(Merge(FORM, BASE, mine, theirs, AROUND).merged(choice), "married") == name


def test_an_answer_that_another_one_brings_along_comes_with_it() -> None:
    mine = edited(BASE, {"married": "1", "spouse": "李四"})
    session = Merge(FORM, BASE, mine, edited(BASE, {"income": "7"}), AROUND).merged({})
    assert value(session, "spouse") == "李四"


def test_an_entry_that_one_side_added_is_kept() -> None:
    mine = edited(BASE, {"member[2]/who": "王二"}, members=1)
    merge = Merge(FORM, BASE, mine, edited(BASE, {"name": "张叁"}), AROUND)
    assert merge.clashes == ()
    session = merge.merged({})
    assert value(session, "member[2]/who") == "王二"
    assert value(session, "name") == "张叁"


def test_entries_added_on_both_sides_are_one_question_for_a_person() -> None:
    mine = edited(BASE, {"member[2]/who": "王二"}, members=1)
    theirs = edited(BASE, {"member[2]/who": "李二", "member[3]/who": "李三"}, members=2)
    merge = Merge(FORM, BASE, mine, theirs, AROUND)
    (clash,) = merge.clashes
    assert (clash.label, clash.base, clash.mine, clash.theirs) == ("成员", "1", "2", "3")
    session = merge.merged({clash.ref: "mine"})
    assert value(session, "member[2]/who") == "王二"
    assert session.view(f"{ROOT}/member").count == 2


QUESTIONS = ("name", "income", "member[1]/who", "member[1]/age")
answers = st.dictionaries(
    st.sampled_from(QUESTIONS), st.sampled_from(["1", "2", "3"]), max_size=len(QUESTIONS)
)


@settings(max_examples=40, deadline=None)
@given(answers, answers)
def test_no_value_is_lost_and_none_invented(mine: dict[str, str], theirs: dict[str, str]) -> None:
    base = fresh(dict.fromkeys(QUESTIONS, "0"))
    one, other = edited(base, mine), edited(base, theirs)
    merge = Merge(FORM, base, one, other, AROUND)
    clashing = {q for q in QUESTIONS if q in mine and q in theirs and mine[q] != theirs[q]}
    assert {clash.ref for clash in merge.clashes} == {f"{ROOT}/{q}" for q in clashing}
    session = merge.merged(dict.fromkeys((c.ref for c in merge.clashes), "mine"))
    for question in QUESTIONS:
        expected = mine.get(question) or theirs.get(question) or "0"
        assert value(session, question) == expected
