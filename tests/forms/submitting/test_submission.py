"""What is finalised: meta, pruning, attachments, namespaces, preloads, corrections."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from forms import Session, load_form
from forms.errors import InvalidForm, UnsupportedFeature
from forms.views import Delivery, Submission
from tests.forms.kit import NOW, Around, around, form, session, xform

META = "<meta><instanceID/><instanceName/></meta>"


def finished(filled: Session) -> Submission:
    done = filled.finalise(NOW + timedelta(minutes=5))
    assert isinstance(done, Submission)
    return done


def numbered(number: str) -> Around:
    given = around()
    given["new_id"] = lambda: number
    return given


def preload(node: str, kind: str, params: str = "") -> str:
    return f'<bind nodeset="/data/{node}" jr:preload="{kind}" jr:preloadParams="{params}"/>'


def test_what_is_not_relevant_is_neither_sent_nor_attached() -> None:
    filled = session(
        "<a>no</a><g><p>x.jpg</p></g><p>y.jpg</p>",
        binds='<bind nodeset="/data/g" relevant="/data/a = \'yes\'"/>'
        '<bind nodeset="/data/g/p" type="binary"/><bind nodeset="/data/p" type="binary"/>',
    )
    done = finished(filled)
    assert b"<g>" not in done.xml
    assert done.attachments == ("y.jpg",)
    filled.answer("/data/a", "yes")
    assert finished(filled).attachments == ("x.jpg", "y.jpg")


def test_a_submission_names_itself() -> None:
    done = finished(
        session(
            "<a>Li</a>" + META,
            binds='<bind nodeset="/data/meta/instanceName" calculate="concat(/data/a, \'!\')"/>',
        )
    )
    assert done.instance_name == "Li!"
    assert done.instance_id == "uuid:00000000-0000-4000-8000-000000000001"


def test_every_preload_is_filled_when_its_moment_comes() -> None:
    nodes = ("day", "start", "end", "id", "device", "phone", "none")
    filled = form(
        "".join(f"<{node}/>" for node in nodes),
        binds=preload("day", "date", "today")
        + preload("start", "timestamp", "start")
        + preload("end", "timestamp", "end")
        + preload("id", "uid")
        + preload("device", "property", "deviceid")
        + preload("phone", "property", "phone number")
        + preload("none", "property", "simserial"),
    ).new_session(**around(), properties={"deviceID": "desk:7", "phonenumber": "12345"})
    got = {node: filled.view(f"/data/{node}").answer for node in nodes}
    assert got["day"] == "2026-11-25"
    assert got["start"].startswith("2026-11-25T09:30:00.000")
    assert got["id"].startswith("uuid:")
    assert (got["device"], got["phone"], got["none"], got["end"]) == ("desk:7", "12345", "", "")
    finished(filled)
    assert filled.view("/data/end").answer.startswith("2026-11-25T09:35:00.000")


@pytest.mark.parametrize("kind", ["patient", "context", "date", "timestamp"])
def test_a_preload_that_no_office_can_fill_is_refused_with_its_line(kind: str) -> None:
    with pytest.raises(UnsupportedFeature) as refused:
        form("<a/>", binds=preload("a", kind, "name"))
    assert kind in str(refused.value.fields["feature"])
    assert refused.value.fields["line"]


def test_a_correction_names_what_it_replaces_whether_the_form_thought_of_it_or_not() -> None:
    for meta in (META, "<meta><deprecatedID/><instanceID/></meta>"):
        made = form("<a/>" + meta)
        old = finished(made.new_session(**around()))
        new = made.edit(old.xml, **numbered("new"))
        new.answer("/data/a", "x")
        done = finished(new)
        root = etree.fromstring(done.xml)
        assert root.findtext("meta/deprecatedID") == old.instance_id
        assert root.findtext("meta/instanceID") == done.instance_id == "uuid:new"
        again = made.resume(new.xml(), **around())
        assert finished(again).xml == done.xml


def test_a_correction_of_a_correction_names_the_last_one() -> None:
    made = form("<a/>" + META)
    first = finished(made.new_session(**around()))
    second = finished(made.edit(first.xml, **numbered("2")))
    third = finished(made.edit(second.xml, **numbered("3")))
    assert etree.fromstring(third.xml).findtext("meta/deprecatedID") == "uuid:2"


def test_namespaces_stay_what_they_were() -> None:
    filled = session(
        '<a xmlns="urn:own" odk:tag="t"/><orx:meta><orx:instanceID/></orx:meta>',
        binds='<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>',
    )
    root = etree.fromstring(finished(filled).xml)
    assert root.find("{urn:own}a") is not None
    meta = "{http://openrosa.org/xforms}"
    assert str(root.findtext(f"{meta}meta/{meta}instanceID")).startswith("uuid:")
    [a] = root.iterfind("{urn:own}a")
    assert a.get("{http://www.opendatakit.org/xforms}tag") == "t"
    assert (root.get("id"), root.get("version")) == ("f", "7")


def test_the_author_says_how_submissions_travel() -> None:
    assert form("<a/>").delivery == Delivery()
    given = form(
        "<a/>",
        model='<submission action="https://h.example/s" method="post" orx:auto-send="true"'
        ' orx:auto-delete="false" odk:client-editable="true"/>',
    ).delivery
    assert given == Delivery("https://h.example/s", "", True, False, True)
    with pytest.raises(InvalidForm):
        form("<a/>", model='<submission action="https://h.example/s" method="put"/>')


def test_the_submission_saved_last_can_be_asked() -> None:
    made = form(
        "<a/><b/>",
        model='<instance id="__last-saved" src="jr://instance/last-saved"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/a"'
        " value=\"instance('__last-saved')/data/a\"/>",
    )
    first = made.new_session(**around())
    assert first.view("/data/a").answer == ""
    first.answer("/data/a", "kept")
    second = made.new_session(**around(), last_saved=finished(first).xml)
    assert second.view("/data/a").answer == "kept"


def test_the_version_stands_where_the_form_has_it() -> None:
    assert form("<a/>").version == "7"
    prefixed = xform("<a/>").replace(b' version="7"', b' orx:version="8"')
    assert load_form(prefixed).version == "8"
