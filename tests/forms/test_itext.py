"""Texts of a form: translations, their forms, outputs, media; what is shown where one is missing.

Spec: https://getodk.github.io/xforms-spec/#languages, https://getodk.github.io/xforms-spec/#media
"""

from __future__ import annotations

from forms import Session
from forms.texts import to_rich
from forms.views import Media
from tests.forms.kit import session

FORMS = {
    "": "How old is <output value='/data/name'/>?",
    "short": "Age",
    "image": "jr://images/age.png",
    "big-image": "jr://images/age-large.png",
    "audio": "jr://audio/age.mp3",
    "video": "jr://video/age.mp4",
}


def text(text_id: str, forms: dict[str, str]) -> str:
    values = "".join(
        f'<value form="{form}">{words}</value>' if form else f"<value>{words}</value>"
        for form, words in forms.items()
    )
    return f'<text id="{text_id}">{values}</text>'


def spoken(english: str, chinese: str = "", label: str = "") -> Session:
    return session(
        "<name>Li</name><age/>",
        model=f'<itext><translation lang="English">{english}</translation>'
        f'<translation lang="中文" default="true()">{chinese}</translation></itext>',
        body=f'<input ref="/data/name"/><input ref="/data/age"><label ref="jr:itext(\'a\')">{label}'
        "</label><hint ref=\"jr:itext('h')\"/></input>",
    )


def test_every_form_of_a_text_is_shown_where_it_belongs() -> None:
    hint = text("h", {"": "In years", "guidance": "Ask for the booklet"})
    filled = spoken(text("a", FORMS) + hint)
    filled.set_language("English")
    view = filled.view("/data/age")
    assert view.label == "How old is Li?"
    assert view.short == "Age"
    assert view.media == Media(
        image="jr://images/age.png",
        big_image="jr://images/age-large.png",
        audio="jr://audio/age.mp3",
        video="jr://video/age.mp4",
    )
    assert (view.hint, view.guidance) == ("In years", "Ask for the booklet")


def test_a_long_form_is_the_label_and_a_print_form_the_guidance() -> None:
    filled = spoken(text("a", {"long": "Long", "short": "S"}) + text("h", {"print": "On paper"}))
    filled.set_language("English")
    assert filled.view("/data/age").label == "Long"
    assert filled.view("/data/age").guidance == "On paper"


def test_a_label_changes_with_what_it_quotes() -> None:
    filled = spoken(text("a", FORMS), text("a", {"": "<output value='/data/name'/>多大？"}))
    assert filled.view("/data/age").label == "Li多大？"
    assert "/data/age" in filled.answer("/data/name", "Wu").refs
    assert filled.view("/data/age").label == "Wu多大？"


def test_a_text_that_a_language_lacks_comes_from_the_default_and_then_from_the_label() -> None:
    filled = spoken("", text("a", {"": "默认"}), label="inline")
    filled.set_language("English")
    assert filled.view("/data/age").label == "默认"
    bare = spoken("", "", label="inline")
    assert bare.view("/data/age").label == "inline"


def test_styling_by_elements_is_styling_and_other_elements_are_text() -> None:
    label = "a <b>bold</b> <span style='color:red'>red</span><br/><img src='x'>z</img>"
    filled = session("<a/>", body=f'<input ref="/data/a"><label>{label}</label></input>')
    html = to_rich(filled.view("/data/a").label)
    assert "<b>bold</b>" in html
    assert '<span style="color:red">red</span>' in html
    assert "<img" not in html


def test_what_a_person_typed_is_no_markup_beyond_the_subset() -> None:
    filled = session(
        "<a/><b/>",
        body='<input ref="/data/a"/><input ref="/data/b"><label>Hello <output value="/data/a"/>'
        "</label></input>",
    )
    filled.answer("/data/a", "<img src=x onerror=y>")
    assert "<img" not in to_rich(filled.view("/data/b").label)
