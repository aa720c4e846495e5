"""The forms of several services filled in as one: what is shared, who shows it, what comes out."""

from __future__ import annotations

import random

import pytest

from forms.bundle import Bundle, Part, Shared, read_bundle
from forms.bundle_session import PARTS, BundleForm, BundleSession, BundleSubmission
from forms.errors import FormError, InvalidForm, NotAllowed, PackageBroken, UnknownNode
from tests.forms.kit import around, form

NAMES = {"a": ("甲事项", "Service A"), "b": ("乙事项", "Service B")}
APPLICANT = (
    '<group ref="/data/who"><label>Who</label>'
    '<input ref="/data/who/name"><label>Name</label></input>{more}</group>'
)


EMPTY = b'<bundle><part service="a"/><part service="b"/></bundle>'


def made(
    a: tuple[str, str, str], b: tuple[str, str, str], *shared: Shared, optional: bool = False
) -> BundleForm:
    """A bundle of two forms, each as instance, binds and body."""
    bundle = Bundle((Part("a", "1"), Part("b", "1", optional)), shared)
    forms = {
        name: form(one[0], binds=one[1], body=one[2])
        for name, one in zip("ab", (a, b), strict=True)
    }
    return BundleForm(bundle, forms, NAMES)


def question(name: str, kind: str = "input") -> str:
    return f'<{kind} ref="/data/{name}"><label>{name}</label></{kind}>'


def both(ref: str, *, last: bool = False) -> Shared:
    return Shared({"a": ref, "b": ref}, last)


def shown(session: BundleSession) -> list[str]:
    """Questions in front of the person, in order."""
    return [
        ref
        for ref in session.nodes()
        if (view := session.view(ref)).relevant and view.kind in ("input", "select-multiple")
    ]


SIMPLE = (
    "<name/><x/>",
    '<bind nodeset="/data/x" required="true()"/>',
    question("name") + question("x"),
)


def test_a_shared_question_is_shown_once_and_answers_all() -> None:
    session = made(SIMPLE, SIMPLE, both("/data/name")).new_session(**around())
    assert shown(session) == ["/a/data/name", "/a/data/x", "/b/data/x"]
    changes = session.answer("/a/data/name", "王示例")
    assert set(changes.refs) == {"/a/data/name", "/b/data/name"}
    session.answer("/a/data/x", "1")
    session.answer("/b/data/x", "2")
    done = session.finalise()
    assert isinstance(done, BundleSubmission)
    assert [b"<name>\xe7\x8e\x8b" in each.xml for each in done.parts.values()] == [True, True]


def test_the_parts_may_call_it_by_other_names() -> None:
    other = ("<person/>", "", question("person"))
    shared = Shared({"a": "/data/name", "b": "/data/person"})
    session = made(SIMPLE, other, shared).new_session(**around())
    session.answer("/a/data/name", "王示例")
    assert session.part("b").view("/data/person").answer == "王示例"
    assert "/b/data/person" not in shown(session)


def test_what_is_asked_last_stands_with_the_last_part() -> None:
    session = made(SIMPLE, SIMPLE, both("/data/name", last=True)).new_session(**around())
    assert shown(session) == ["/a/data/x", "/b/data/name", "/b/data/x"]
    session.answer("/b/data/name", "王示例")
    assert session.part("a").view("/data/name").answer == "王示例"


def test_a_part_that_asks_only_later_gets_what_was_answered_before() -> None:
    late = (
        "<name/><x/>",
        '<bind nodeset="/data/name" relevant="/data/x = \'yes\'"/>',
        question("name") + question("x"),
    )
    session = made(SIMPLE, late, both("/data/name")).new_session(**around())
    session.answer("/a/data/name", "王示例")
    assert session.part("b").view("/data/name").answer == ""
    session.answer("/b/data/x", "yes")
    assert session.part("b").view("/data/name").answer == "王示例"


def test_where_the_first_part_does_not_ask_now_the_next_one_shows_it() -> None:
    sometimes = (
        "<name/><x/>",
        '<bind nodeset="/data/name" relevant="/data/x = \'yes\'"/>',
        question("name") + question("x"),
    )
    session = made(sometimes, SIMPLE, both("/data/name")).new_session(**around())
    assert "/b/data/name" in shown(session)
    session.answer("/b/data/name", "王示例")
    assert session.shown_at("/a/data/name") == "/b/data/name"
    changes = session.answer("/a/data/x", "yes")
    assert session.shown_at("/b/data/name") == "/a/data/name"
    assert {"/a/data/name", "/b/data/name"} <= set(changes.refs)
    assert "/a/data/name" in shown(session)
    assert "/b/data/name" not in shown(session)
    assert session.view("/a/data/name").answer == "王示例"


def test_a_rule_of_any_part_is_said_where_the_question_stands() -> None:
    strict = (
        "<name/>",
        '<bind nodeset="/data/name" required="true()" constraint="string-length(.) &lt; 4"/>',
        question("name"),
    )
    session = made(SIMPLE, strict, both("/data/name")).new_session(**around())
    session.answer("/a/data/x", "1")
    assert session.view("/a/data/name").required
    assert [p.ref for p in session.check()] == ["/a/data/name"]
    changes = session.answer("/a/data/name", "12345")
    assert session.view("/a/data/name").problem is not None
    assert "/a/data/name" in changes.refs
    assert not isinstance(session.finalise(), BundleSubmission)
    session.answer("/a/data/name", "123")
    assert isinstance(session.finalise(), BundleSubmission)


def test_a_question_of_a_shared_group_that_one_part_has_alone_is_still_asked() -> None:
    plain = ("<who><name/></who>", "", APPLICANT.format(more=""))
    more = (
        "<who><name/><mail/></who>",
        '<bind nodeset="/data/who/mail" required="true()"/>',
        APPLICANT.format(more='<input ref="/data/who/mail"><label>Mail</label></input>'),
    )
    session = made(plain, more, both("/data/who")).new_session(**around())
    assert shown(session) == ["/a/data/who/name", "/b/data/who/mail"]
    assert session.view("/b/data/who").relevant
    assert [p.ref for p in session.check()] == ["/b/data/who/mail"]


def test_a_part_left_out_asks_nothing_and_gives_nothing() -> None:
    session = made(SIMPLE, SIMPLE, both("/data/name"), optional=True).new_session(**around())
    assert session.view(PARTS).answer == "b"
    session.answer("/a/data/name", "王示例")
    session.answer("/a/data/x", "1")
    session.answer(PARTS, "")
    assert shown(session) == [PARTS, "/a/data/name", "/a/data/x"]
    with pytest.raises(NotAllowed):
        session.answer("/b/data/x", "2")
    done = session.finalise()
    assert isinstance(done, BundleSubmission)
    assert list(done.parts) == ["a"]
    session.answer(PARTS, ["b"])
    assert session.part("b").view("/data/name").answer == "王示例"
    assert [p.ref for p in session.check()] == ["/b/data/x"]


def test_what_must_be_part_of_it_cannot_be_left_out() -> None:
    session = made(SIMPLE, SIMPLE, optional=True).new_session(**around())
    with pytest.raises(NotAllowed):
        session.answer(PARTS, "a")
    assert session.chosen == ("a", "b")


def test_titles_say_the_service_only_where_two_have_the_same() -> None:
    group = (
        '<group ref="/data/{0}"><label>{1}</label>'
        '<input ref="/data/{0}/q"><label>q</label></input></group>'
    )
    a = (
        "<papers><q/></papers><own><q/></own>",
        "",
        group.format("papers", "Papers") + group.format("own", "Own"),
    )
    b = ("<papers><q/></papers>", "", group.format("papers", "Papers"))
    session = made(a, b).new_session(**around())
    labels = [
        session.view(ref).label for ref in ("/a/data/papers", "/a/data/own", "/b/data/papers")
    ]
    assert labels == ["Papers（甲事项）", "Own", "Papers（乙事项）"]


def test_lists_grow_and_shrink_in_their_own_part() -> None:
    listed = (
        "<name/><child><n/></child>",
        "",
        question("name") + '<group ref="/data/child"><label>c</label><repeat nodeset="/data/child">'
        '<input ref="/data/child/n"><label>n</label></input></repeat></group>',
    )
    session = made(SIMPLE, listed, both("/data/name")).new_session(**around())
    before = session.view("/b/data/child").count
    assert session.add_repeat("/b/data/child").structure
    session.answer(f"/b/data/child[{before + 1}]/n", "x")
    assert session.view("/b/data/child").count == before + 1
    session.remove_repeat("/b/data/child[1]")
    assert session.view("/b/data/child").count == before


def test_a_draft_comes_back_and_another_bundle_s_is_refused() -> None:
    one = made(SIMPLE, SIMPLE, both("/data/name"), optional=True)
    session = one.new_session(**around())
    session.answer("/a/data/name", "王 & 示例")
    session.answer(PARTS, "")
    again = one.resume(session.xml(), **around())
    assert again.xml() == session.xml()
    assert again.chosen == ("a",)
    lacking = b'<bundle><part service="a"/></bundle>'
    for hostile in (b"<bundle/>", b"<data/>", lacking, EMPTY, b"no"):
        with pytest.raises(FormError):
            one.resume(hostile, **around())
    with pytest.raises(InvalidForm):
        one.resume(b'<bundle><part service="a"><data/></part></bundle>', **around())


@pytest.mark.parametrize("ref", ["/c/data/name", "/", "x", "/bundle/x", "/a/data/none"])
def test_what_is_not_there_is_said_so(ref: str) -> None:
    session = made(SIMPLE, SIMPLE).new_session(**around())
    with pytest.raises(UnknownNode):
        session.view(ref)


def test_any_order_of_answers_leaves_all_parts_agreeing() -> None:
    """Two hundred random answers: a shared question never says two things."""
    sometimes = (
        "<name/><phone/><x/>",
        """<bind nodeset="/data/phone" relevant="/data/x = '1'"/>
        <bind nodeset="/data/name" relevant="/data/x != '2'"/>""",
        question("name") + question("phone") + question("x"),
    )
    drawn = random.Random(20261126)
    shared = (both("/data/name"), both("/data/phone", last=True))
    session = made(sometimes, sometimes, *shared, optional=True).new_session(**around())
    for _ in range(200):
        ref = drawn.choice(shown(session))
        value = drawn.choice(("", "b")) if ref == PARTS else drawn.choice(("", "1", "2", "3"))
        session.answer(ref, value)
        for name in ("name", "phone"):
            said = [
                view.answer
                for service in session.chosen
                if (view := session.part(service).view(f"/data/{name}")).relevant
            ]
            assert len(set(said)) <= 1
            places = [ref for ref in shown(session) if ref.endswith(f"/{name}")]
            assert len(places) == bool(said)


@pytest.mark.parametrize(
    "facts",
    [
        {"part": [{"service": "a", "version": "1"}]},
        {"part": [{"service": "a", "version": "1"}, {"service": "a", "version": "2"}]},
        {"part": [{"service": n, "version": "1", "optional": True} for n in "ab"]},
        {
            "part": [{"service": n, "version": "1"} for n in "ab"],
            "shared": [{"ref": "/data/x", "parts": ["a", "c"]}],
        },
        {"part": [{"service": n, "version": "1"} for n in "ab"], "shared": [{"ref": "data/x"}]},
    ],
)
def test_a_bundle_that_makes_no_sense_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(PackageBroken):
        read_bundle(facts)
