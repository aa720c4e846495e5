"""A draft taken up again is the draft that was left: law, tried with whatever answers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from forms import FormError, Session
from forms.views import Submission
from tests.forms.kit import around, form

FORM = form(
    '<a/><n/><yes/><g><hidden>kept</hidden><pick/></g><sum/><once/><e id="" kind="k"/>'
    '<h jr:template=""><name/><m jr:template=""><age/><twice/></m><ages/></h>'
    "<meta><audit/><instanceID/><instanceName/></meta>",
    binds='<bind nodeset="/data/n" type="int" constraint=". &lt; 50"/>'
    '<bind nodeset="/data/g" relevant="/data/yes = \'y\'"/>'
    '<bind nodeset="/data/sum" calculate="sum(/data/h/m/age)"/>'
    '<bind nodeset="/data/once" calculate="once(uuid())"/>'
    '<bind nodeset="/data/e/@id" calculate="concat(/data/a, \'-\', /data/n)"/>'
    '<bind nodeset="/data/h/m/age" type="int"/>'
    '<bind nodeset="/data/h/m/twice" calculate="../age * 2"/>'
    '<bind nodeset="/data/h/ages" calculate="sum(../m/age)" relevant="../name != \'\'"/>'
    '<bind nodeset="/data/meta/instanceName" calculate="/data/a"/>'
    '<bind nodeset="/data/meta/audit" type="binary"/>',
    body='<input ref="/data/a"/><input ref="/data/n"/><input ref="/data/yes"/>'
    '<select1 ref="/data/g/pick"><item><label>P</label><value>p</value></item></select1>'
    '<group ref="/data/h"><repeat nodeset="/data/h"><input ref="/data/h/name"/>'
    '<group ref="/data/h/m"><repeat nodeset="/data/h/m"><input ref="/data/h/m/age"/></repeat>'
    "</group></repeat></group>",
)
# What XML cannot hold is no answer; \r is written as an entity and comes back.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t\r"))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 40), st.one_of(texts, st.sampled_from("yp7"))),
        st.tuples(st.just("add"), st.integers(0, 5), st.just("")),
        st.tuples(st.just("remove"), st.integers(0, 5), st.just("")),
    ),
    max_size=25,
)


def act(session: Session, what: str, at: int, text: str) -> None:
    kind = {"add": "repeat-range", "remove": "repeat-instance"}.get(what)
    views = [session.view(ref) for ref in session.nodes()]
    refs = [v.ref for v in views if (v.kind == kind if kind else v.kind in {"input", "select-one"})]
    if not refs:
        return
    ref = refs[at % len(refs)]
    try:
        if what == "add":
            session.add_repeat(ref)
        elif what == "remove":
            session.remove_repeat(ref)
        else:
            session.answer(ref, text)
    except FormError:
        pass  # no value of its type, or hidden just now


@settings(max_examples=60, deadline=None)
@given(acts)
def test_a_draft_taken_up_again_is_the_draft_that_was_left(
    steps: list[tuple[str, int, str]],
) -> None:
    session = FORM.new_session(**around())
    for step in steps:
        act(session, *step)
    again = FORM.resume(session.xml(), **around(), audit=session.audit_log())
    assert again.xml() == session.xml(), steps
    assert [again.view(ref) for ref in again.nodes()] == [
        session.view(ref) for ref in session.nodes()
    ]


@settings(max_examples=30, deadline=None)
@given(acts)
def test_a_correction_begins_with_all_that_was_sent(steps: list[tuple[str, int, str]]) -> None:
    session = FORM.new_session(**around())
    for step in steps:
        act(session, *step)
    sent = session.finalise()
    if not isinstance(sent, Submission):
        return
    edited = FORM.edit(sent.xml, **around())
    for ref in session.nodes():
        view = session.view(ref)
        if view.relevant and "/meta" not in ref:
            assert edited.view(ref).answer == view.answer
