"""Where choices come from: the form, lists beside it, answers; in which order; with what media."""

from __future__ import annotations

import json

import pytest
from pyxform.xls2xform import convert

from forms import Session, load_form
from forms.errors import FormError
from tests.forms.kit import around, session


def values(of: Session, ref: str = "/data/pick") -> list[str]:
    return [choice.value for choice in of.view(ref).choices]


def labels(of: Session, ref: str = "/data/pick") -> list[str]:
    return [choice.label for choice in of.view(ref).choices]


def picking(nodeset: str, model: str = "", resources: dict[str, bytes] | None = None) -> Session:
    return session(
        "<seed/><m jr:template=''><key/><name/></m><pick/>",
        resources,
        model=model,
        body='<input ref="/data/seed"/><group ref="/data/m"><repeat nodeset="/data/m">'
        '<input ref="/data/m/key"/><input ref="/data/m/name"/></repeat></group>'
        f'<select1 ref="/data/pick"><itemset nodeset="{nodeset}"><value ref="key"/>'
        '<label ref="name"/></itemset></select1>',
    )


def test_members_of_a_repeat_are_choices_while_they_are_there() -> None:
    filled = picking("/data/m[name != '']")
    for number, name in enumerate(("Li", "Wu"), 1):
        filled.add_repeat("/data/m")
        filled.answer(f"/data/m[{number}]/key", f"k{number}")
        filled.answer(f"/data/m[{number}]/name", name)
    assert labels(filled) == ["Li", "Wu"]
    filled.answer("/data/pick", "k2")
    assert "/data/pick" in filled.answer("/data/m[1]/name", "").refs
    assert labels(filled) == ["Wu"]
    filled.remove_repeat("/data/m[2]")
    assert labels(filled) == []
    assert filled.view("/data/pick").answer == ""


ITEMS = "".join(f"<item><key>{n}</key><name>N{n}</name></item>" for n in range(1, 9))
LIST = f'<instance id="l"><root>{ITEMS}</root></instance>'


def test_a_seed_shuffles_alike_each_time_and_another_one_otherwise() -> None:
    filled = picking("randomize(instance('l')/root/item, /data/seed)", LIST)
    filled.answer("/data/seed", "42")
    first = values(filled)
    assert sorted(first) == [str(n) for n in range(1, 9)]
    assert first != sorted(first)
    filled.answer("/data/seed", "43")
    assert values(filled) != first
    filled.answer("/data/seed", "42")
    assert values(filled) == first


XML = (
    b"<root><item><key>a</key><name>Well</name></item>"
    b"<item><key>b</key><name>Field</name></item></root>"
)
GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"key": "a", "name": "Well", "depth": 7, "none": None},
                "geometry": {"type": "Point", "coordinates": [104.06, 30.66]},
            },
            {
                "type": "Feature",
                "id": "top",
                "properties": {"key": "b", "name": "Field"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[104, 30], [105, 30], [105, 31], [104, 30]]],
                },
            },
        ],
    }
).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("l.csv", b"key,name\na,Well\nb,Field\n"),
        ("l.csv", b"key;name\r\na;Well\r\nb;Field\r\n"),
        ("l.csv", b'\xef\xbb\xbfkey,name\na,"Well"\nb,Field\n'),
        ("l.xml", XML),
        ("l.geojson", GEOJSON),
    ],
    ids=["commas", "semicolons", "byte order mark", "XML", "GeoJSON"],
)  # fmt: skip
def test_a_list_beside_the_form_gives_choices(name: str, content: bytes) -> None:
    model = f'<instance id="l" src="jr://file/{name}"/>'
    filled = picking("instance('l')/root/item", model, {name: content})
    assert values(filled) == ["a", "b"]
    assert labels(filled) == ["Well", "Field"]


def test_features_of_a_map_bring_their_places_and_properties() -> None:
    filled = session(
        "<at/><ring/><id/><none/>",
        {"l.geojson": GEOJSON},
        model='<instance id="l" src="jr://file/l.geojson"/>',
        binds="<bind nodeset=\"/data/at\" calculate=\"instance('l')/root/item[key='a']/geometry\"/>"
        "<bind nodeset=\"/data/ring\" calculate=\"instance('l')/root/item[key='b']/geometry\"/>"
        "<bind nodeset=\"/data/id\" calculate=\"instance('l')/root/item[key='b']/id\"/>"
        '<bind nodeset="/data/none" calculate="count(instance(\'l\')/root/item/none)"/>',
    )
    assert filled.view("/data/at").answer == "30.66 104.06 0 0"
    assert filled.view("/data/ring").answer.count(";") == 3
    assert filled.view("/data/id").answer == "top"
    assert filled.view("/data/none").answer == "0"  # null is no child


def test_other_asks_what_else() -> None:
    table = """
| survey |
| | type | name | label |
| | select_one few or_other | pick | P |
| choices |
| | list_name | name | label |
| | few | a | A |
"""
    filled = load_form(str(convert(table, file_type=".md").xform).encode()).new_session(**around())
    assert values(filled) == ["a", "other"]
    assert not filled.view("/data/pick_other").relevant
    filled.answer("/data/pick", "other")
    assert filled.view("/data/pick_other").relevant


def test_choices_bring_their_media_in_the_language_shown() -> None:
    table = """
| survey |
| | type | name | label::English | label::中文 |
| | select_one few | pick | P | 选 |
| choices |
| | list_name | name | label::English | label::中文 | image::English | audio::中文|
| | few | a | A | 甲 | a.png | a.mp3 |
"""
    filled = load_form(str(convert(table, file_type=".md").xform).encode()).new_session(
        **around(), language="English"
    )
    [choice] = filled.view("/data/pick").choices
    assert (choice.label, choice.media.image) == ("A", "jr://images/a.png")
    filled.set_language("中文")
    [choice] = filled.view("/data/pick").choices
    assert (choice.label, choice.media.audio) == ("甲", "jr://audio/a.mp3")


POINT = {"type": "Point", "coordinates": [1, 2]}


@pytest.mark.parametrize(
    "feature",
    [
        7,
        {"type": "Feature", "geometry": None},
        {"type": "Feature", "geometry": {"type": "MultiPoint", "coordinates": []}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": "here"}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}},
        {"type": "Feature", "geometry": POINT, "properties": [1]},
        {"type": "Feature", "geometry": POINT, "properties": {"a": {"b": 1}}},
    ],
    ids=range(7),
)
def test_a_map_that_is_none_is_refused(feature: object) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    model = '<instance id="l" src="jr://file/l.geojson"/>'
    with pytest.raises(FormError):
        picking("instance('l')/root/item", model, {"l.geojson": content})
