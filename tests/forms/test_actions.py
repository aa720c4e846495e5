"""Actions and the events that run them, https://getodk.github.io/xforms-spec/#events."""

from __future__ import annotations

import pytest

from forms.errors import EvaluationError, FormError, UnsupportedFeature
from tests.forms.kit import around, form, session

FIRST = "odk-instance-first-load"
LOAD = "odk-instance-load"
NEW = "odk-new-repeat"
CHANGED = "xforms-value-changed"
MEMBERS = '<m jr:template=""><name/><at/></m>'
REPEAT = (
    '<group ref="/data/m"><repeat nodeset="/data/m">{}<input ref="/data/m/name"/></repeat></group>'
)


def action(event: str, ref: str, value: str = "", name: str = "setvalue") -> str:
    given = f' value="{value}"' if value else ""
    return f'<{name} event="{event}" ref="{ref}"{given}/>'


def test_a_value_is_set_once_when_the_form_is_first_opened() -> None:
    made = form("<a/><b/>", model=action(FIRST, "/data/a", "1 + 1") + action(LOAD, "/data/b", "3"))
    first = made.new_session(**around())
    assert [first.view(ref).answer for ref in ("/data/a", "/data/b")] == ["2", "3"]
    first.answer("/data/a", "9")
    first.answer("/data/b", "9")
    again = made.resume(first.xml(), **around())
    assert [again.view(ref).answer for ref in ("/data/a", "/data/b")] == ["9", "3"]


def test_a_change_of_one_answer_sets_another() -> None:
    body = f'<input ref="/data/a">{action(CHANGED, "/data/b", "concat(/data/a, /data/a)")}</input>'
    filled = session("<a/><b/>", body=body)
    filled.answer("/data/a", "x")
    assert filled.view("/data/b").answer == "xx"
    filled.answer("/data/b", "own")
    filled.answer("/data/a", "x")  # the same again is no change
    assert filled.view("/data/b").answer == "own"


def test_what_was_set_may_set_more() -> None:
    body = (
        f'<input ref="/data/a">{action(CHANGED, "/data/b", "/data/a")}</input>'
        f'<input ref="/data/b">{action(CHANGED, "/data/c", "/data/b")}</input>'
    )
    filled = session("<a/><b/><c/>", body=body)
    filled.answer("/data/a", "x")
    assert filled.view("/data/c").answer == "x"


def test_two_answers_that_set_each_other_for_ever_are_refused() -> None:
    body = (
        f'<input ref="/data/a">{action(CHANGED, "/data/b", "/data/a + 1")}</input>'
        f'<input ref="/data/b">{action(CHANGED, "/data/a", "/data/b + 1")}</input>'
    )
    filled = session("<a/><b/>", body=body)
    with pytest.raises(EvaluationError):
        filled.answer("/data/a", "1")


def test_text_content_is_a_fixed_value_and_nothing_empties() -> None:
    fixed = f'<setvalue event="{CHANGED}" ref="/data/b">fixed</setvalue>'
    filled = session("<a/><b/>", body=f'<input ref="/data/a">{fixed}</input>')
    filled.answer("/data/a", "x")
    assert filled.view("/data/b").answer == "fixed"
    emptied = session(
        "<a/><b>full</b>", body=f'<input ref="/data/a">{action(CHANGED, "/data/b")}</input>'
    )
    emptied.answer("/data/a", "x")
    assert emptied.view("/data/b").answer == ""


def test_a_new_instance_of_a_repeat_sets_its_own_nodes_alone() -> None:
    body = REPEAT.format(action(NEW, "/data/m/at", "position(..)"))
    filled = session(MEMBERS, body=body)
    filled.add_repeat("/data/m")
    filled.add_repeat("/data/m")
    assert [filled.view(f"/data/m[{n}]/at").answer for n in (1, 2)] == ["1", "2"]


def test_an_answer_in_a_repeat_sets_the_node_beside_it() -> None:
    nested = f'<input ref="/data/m/name">{action(CHANGED, "/data/m/at", "../name")}</input>'
    body = f'<group ref="/data/m"><repeat nodeset="/data/m">{nested}</repeat></group>'
    filled = session(MEMBERS, body=body)
    filled.add_repeat("/data/m")
    filled.add_repeat("/data/m")
    filled.answer("/data/m[2]/name", "x")
    assert [filled.view(f"/data/m[{n}]/at").answer for n in (1, 2)] == ["", "x"]


def test_an_attribute_is_a_target_and_a_source() -> None:
    made = form(
        '<a/><e id=""/>',
        model=action(FIRST, "/data/e/@id", "'k'"),
        binds='<bind nodeset="/data/a" calculate="concat(/data/e/@id, 1)"/>',
    )
    filled = made.new_session(**around())
    assert b'<e id="k"/>' in filled.xml()
    assert filled.view("/data/a").answer == "k1"
    assert made.resume(filled.xml(), **around()).xml() == filled.xml()


def test_an_attribute_is_computed_from_answers() -> None:
    filled = session(
        '<a/><e create=""/>',
        binds='<bind nodeset="/data/e/@create" calculate="/data/a &gt; 3"/>',
        body='<input ref="/data/a"/>',
    )
    filled.answer("/data/a", "4")
    assert b'create="true"' in filled.xml()
    filled.answer("/data/a", "2")
    assert b'create="false"' in filled.xml()


def test_the_place_is_asked_when_the_event_happens() -> None:
    body = f'<input ref="/data/a">{action(CHANGED, "/data/at", name="odk:setgeopoint")}</input>'
    made = form("<a/><at/>", body=body, binds='<bind nodeset="/data/at" type="geopoint"/>')
    places = iter(["30.66 104.06 0 5", ""])
    filled = made.new_session(**around(), location=lambda: next(places))
    assert filled.view("/data/at").answer == ""
    filled.answer("/data/a", "x")
    assert filled.view("/data/at").answer == "30.66 104.06 0.0 5.0"
    filled.answer("/data/a", "y")
    assert filled.view("/data/at").answer == ""  # not found: empty, as the specification has it


def test_a_place_that_is_none_leaves_the_question_empty() -> None:
    made = form("<at/>", model=action(FIRST, "/data/at", name="odk:setgeopoint"))
    filled = made.new_session(**around(), location=lambda: "here")
    assert filled.view("/data/at").answer == ""


def test_a_place_that_is_known_late_is_brought_later() -> None:
    made = form("<at/>", model=action(FIRST, "/data/at", name="odk:setgeopoint"))
    filled = made.new_session(**around(), location=lambda: None)
    assert filled.view("/data/at").answer == ""
    assert filled.locate("30.5 104 12 3").refs == ("/data/at",)
    assert filled.view("/data/at").answer == "30.5 104.0 12.0 3.0"
    assert filled.locate("1 1").refs == ()


def test_without_a_provider_of_places_the_form_is_refused_with_its_line() -> None:
    made = form("<at/>", model=action(FIRST, "/data/at", name="odk:setgeopoint"))
    with pytest.raises(UnsupportedFeature) as refused:
        made.new_session(**around())
    assert refused.value.fields["feature"] == "setgeopoint"
    assert refused.value.fields["line"]


def test_a_recording_is_named_as_left_out() -> None:
    made = form("<a/>", model=action(FIRST, "/data/a", name="odk:recordaudio"))
    assert [name for name, _element, _line in made.unsupported] == ["recordaudio"]


@pytest.mark.parametrize("event", ["", "odk-some-other-event", f"{FIRST} nonsense"])
def test_an_event_that_does_not_exist_is_refused(event: str) -> None:
    with pytest.raises(FormError):
        form("<a/>", model=action(event, "/data/a", "1"))


def test_a_target_that_does_not_exist_is_refused() -> None:
    with pytest.raises(FormError):
        form("<a/>", model=action(FIRST, "/data/nowhere", "1"))
