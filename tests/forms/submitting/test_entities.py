"""Entities: what a form declares, what a submission says, how lists live without a network.

Spec: https://getodk.github.io/xforms-spec/entities
"""

from __future__ import annotations

import csv
import io
from itertools import count

import pytest
from pyxform.xls2xform import convert

from forms import Session, load_form
from forms.entities import applied, received
from forms.errors import InvalidForm, UnsupportedFeature
from forms.views import Entity, Submission
from tests.forms.kit import around, form

OAK = "3f1c7c7e-6d0e-4a53-9df8-6f4f0c1d2e01"
ELM = "3f1c7c7e-6d0e-4a53-9df8-6f4f0c1d2e02"
TREES = f"name,label,__version,species\n{OAK},Old oak,4,oak\n".encode()
UPDATE = """
| survey |
|   | type | name | label | save_to |
|   | select_one_from_file trees.csv | tree | Tree | |
|   | integer | girth | Girth | girth |
| entities |
|   | list_name | label | entity_id | update_if | create_if |
|   | trees | ${girth} | coalesce(${tree}, uuid()) | ${tree} != '' | ${tree} = '' |
"""
REPEAT = """
| survey |
|   | type | name | label | save_to |
|   | begin_repeat | tree | Tree | |
|   | text | species | Species | species |
|   | end_repeat | | | |
| entities |
|   | list_name | label | repeat |
|   | trees | ${species} | ${tree} |
"""


def compiled(table: str) -> bytes:
    return str(convert(table, file_type=".md").xform).encode()


def finished(session: Session) -> Submission:
    done = session.finalise()
    assert isinstance(done, Submission)
    return done


def ids() -> list[str]:
    return [f"00000000-0000-4000-8000-{number:012}" for number in range(1, 9)]


def rows(content: bytes) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(content.decode()))}


def updated(trees: bytes, tree: str, girth: str) -> Entity:
    session = load_form(compiled(UPDATE), {"trees.csv": trees}).new_session(**around())
    session.answer("/data/tree", tree)
    session.answer("/data/girth", girth)
    [entity] = finished(session).entities
    return entity


def test_each_instance_of_a_repeat_makes_an_entity() -> None:
    session = load_form(compiled(REPEAT)).new_session(**around())
    session.answer("/data/tree[1]/species", "oak")
    session.add_repeat("/data/tree")
    session.answer("/data/tree[2]/species", "elm")
    done = finished(session)
    assert [(e.list_name, e.label, e.create, e.values) for e in done.entities] == [
        ("trees", "oak", True, {"species": "oak"}),
        ("trees", "elm", True, {"species": "elm"}),
    ]
    one, other = (e.id for e in done.entities)
    assert one != other
    assert f'create="1" id="{one}"'.encode() in done.xml


def test_the_same_form_creates_or_updates_as_its_conditions_say() -> None:
    old = updated(TREES, OAK, "120")
    assert (old.create, old.update, old.id, old.base_version) == (False, True, OAK, "4")
    assert old.values == {"girth": "120"}
    session = load_form(compiled(UPDATE), {"trees.csv": TREES}).new_session(**around())
    session.answer("/data/girth", "9")
    [new] = finished(session).entities
    assert (new.create, new.update, new.base_version) == (True, False, "")


def test_a_row_made_without_a_network_can_be_chosen_and_updated_at_once() -> None:
    fresh = iter(ids())
    new = Entity("trees", ELM, True, False, "New elm", "", "", "", {"species": "elm"})
    trees = applied(TREES, [new], lambda: next(fresh))
    assert rows(trees)[ELM]["__version"] == "1"
    then = updated(trees, ELM, "7")
    assert (then.base_version, then.trunk_version, then.branch_id) == ("1", "", ids()[0])
    trees = applied(trees, [then], lambda: next(fresh))
    assert rows(trees)[ELM]["girth"] == "7"
    assert rows(trees)[ELM]["species"] == "elm"
    assert updated(trees, ELM, "8").base_version == "2"


def test_updates_stay_on_one_branch_until_the_server_has_spoken() -> None:
    fresh = iter(ids())
    trees = received(TREES, None, lambda: next(fresh))
    first = updated(trees, OAK, "1")
    trees = applied(trees, [first], lambda: next(fresh))
    second = updated(trees, OAK, "2")
    assert (first.base_version, second.base_version) == ("4", "5")
    assert (first.trunk_version, second.trunk_version) == ("4", "4")
    assert first.branch_id == second.branch_id == ids()[0]
    trees = applied(trees, [second], lambda: next(fresh))
    behind = received(TREES, trees, lambda: next(fresh))  # the server knows neither yet
    assert rows(behind)[OAK] == rows(trees)[OAK]
    there = TREES.replace(b",4,", b",6,")
    third = updated(received(there, trees, lambda: next(fresh)), OAK, "3")
    assert (third.base_version, third.trunk_version) == ("6", "6")
    assert third.branch_id != first.branch_id


def test_a_list_read_again_without_news_keeps_its_branches() -> None:
    fresh = iter(ids())
    trees = received(TREES, None, lambda: next(fresh))
    assert rows(received(TREES, trees, lambda: next(fresh))) == rows(trees)


def test_what_the_server_has_dropped_goes_and_what_it_does_not_know_yet_stays() -> None:
    new = Entity("trees", ELM, True, False, "New elm", "", "", "", {})
    trees = applied(received(TREES, None, lambda: ids()[0]), [new], lambda: ids()[1])
    after = received(b"name,label,__version,species\n", trees, lambda: ids()[2])
    assert list(rows(after)) == [ELM]


@pytest.mark.parametrize(
    "entity",
    [
        Entity("trees", "no uuid", True, False, "x", "", "", "", {}),
        Entity("trees", OAK, True, False, "again", "", "", "", {}),
        Entity("trees", ELM, False, True, "not there", "", "", "", {}),
        Entity("trees", ELM, True, False, " ", "", "", "", {}),
        Entity("trees", OAK, False, False, "neither", "", "", "", {}),
    ],
    ids=["no UUID", "created twice", "not there", "no label", "neither"],
)
def test_what_the_server_would_refuse_changes_no_list(entity: Entity) -> None:
    numbers = count()
    known = received(TREES, None, lambda: str(next(numbers)))
    assert rows(applied(known, [entity], lambda: "x")) == rows(known)


def entity_form(saveto: str = "p", dataset: str = "trees", version: str = "2024.1.0") -> None:
    form(
        f'<a/><meta><entity dataset="{dataset}" id="" create="1"><label/></entity></meta>',
        entities=version,
        binds=f'<bind nodeset="/data/a" entities:saveto="{saveto}"/>',
    )


@pytest.mark.parametrize("saveto", ["name", "Label", "__x", "1st", "a b", ""])
def test_a_property_of_a_reserved_or_impossible_name_is_refused(saveto: str) -> None:
    with pytest.raises(InvalidForm) as refused:
        entity_form(saveto)
    assert refused.value.fields["line"]


@pytest.mark.parametrize("dataset", ["", "a.b", "__x", "1"])
def test_a_list_of_an_impossible_name_is_refused(dataset: str) -> None:
    with pytest.raises(InvalidForm):
        entity_form(dataset=dataset)


def test_a_version_of_tomorrow_is_refused_and_todays_is_not() -> None:
    entity_form(version="2025.1.0")
    entity_form(version="2025.1.99")
    with pytest.raises(UnsupportedFeature):
        entity_form(version="2026.1.0")
    with pytest.raises(InvalidForm):
        entity_form(version="new")


def test_a_property_in_a_repeat_needs_the_entity_of_that_repeat() -> None:
    with pytest.raises(InvalidForm):
        form(
            '<r><b/></r><meta><entity dataset="trees" id="" create="1"><label/></entity></meta>',
            entities="2025.1.0",
            binds='<bind nodeset="/data/r/b" entities:saveto="p"/>',
            body='<group ref="/data/r"><repeat nodeset="/data/r"/></group>',
        )
