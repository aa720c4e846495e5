"""Entities: things that outlive a form, kept as rows of lists that other forms can read.

A form says what it creates or updates; an office without a network keeps the lists current by
itself until the server has spoken.

Spec: https://getodk.github.io/xforms-spec/entities
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from lxml import etree

from forms.definition import Path, Place
from forms.errors import InvalidForm, UnsupportedFeature
from forms.nodes import Node
from forms.views import Entity

NAMESPACE = "http://www.opendatakit.org/xforms/entities"
NEWEST = (2025, 1)
VERSION, TRUNK, BRANCH = "__version", "__trunkVersion", "__branchId"
_NAME = re.compile(r"[^\W\d][\w.\-]*\Z")
_RESERVED = {"name", "label"}
_YES = {"1", "true"}


@dataclass(frozen=True)
class EntityPlan:
    """One declaration of an entity in a form.

    Attributes:
        path: Of its `entity` element.
        saved: Paths of what becomes a property, by the property's name.
    """

    path: Path
    dataset: str
    saved: Mapping[str, Path]


def read_plans(
    version: str | None, places: Mapping[Path, Place], template: Node, saved: Iterable[SaveTo]
) -> tuple[EntityPlan, ...]:
    """The entities that a form declares.

    Args:
        version: `entities-version` of the model.
        places: All places of the form.
        template: Its primary instance.
        saved: The binds with a `saveto`.

    Raises:
        UnsupportedFeature: A newer version of the specification.
        InvalidForm: A name that may not be, or a `saveto` that belongs to no entity.
    """
    _demand_known(version)
    found: dict[Path, tuple[str, dict[str, Path]]] = {}
    for node in template.walk():
        path: Path = node.info.path
        if path[-2:] == ("meta", "entity") and (version or "dataset" in node.attributes):
            found[path] = (_dataset(node), {})
    for each in saved:
        container = _container(each, places, found)
        found[(*container, "meta", "entity")][1][_property(each)] = each.path
    return tuple(EntityPlan(path, name, saved) for path, (name, saved) in found.items())


@dataclass(frozen=True)
class SaveTo:
    """A bind whose value becomes the property `name`."""

    path: Path
    name: str
    line: int


def save_to(element: etree._Element, path: Path) -> SaveTo | None:
    """What the `saveto` of a bind says; None without one."""
    name = element.get(f"{{{NAMESPACE}}}saveto")
    line = int(getattr(element, "sourceline", 0) or 0)
    return None if name is None else SaveTo(path, name, line)


def _demand_known(version: str | None) -> None:
    parts = (version or "0.0").split(".")
    if not all(part.isdigit() and len(part) <= 4 for part in parts):
        raise InvalidForm(element="model", line=0, reason="entities-version is no version")
    if tuple(int(part) for part in parts[:2]) > NEWEST:
        raise UnsupportedFeature(feature=f"entities {version}", element="model", line=0)


def _dataset(node: Node) -> str:
    written = node.attributes.get("dataset")
    name = written.text if written is not None else ""
    if not _NAME.match(name) or "." in name or name.startswith("__"):
        raise InvalidForm(element="entity", line=0, reason="the dataset has no possible name")
    return name


def _property(saved: SaveTo) -> str:
    name = saved.name
    if not _NAME.match(name) or name.startswith("__") or name.lower() in _RESERVED:
        raise InvalidForm(element="bind", line=saved.line, reason=f"{name} cannot be a property")
    return name


def _container(saved: SaveTo, places: Mapping[Path, Place], found: Mapping[Path, object]) -> Path:
    place = places.get(saved.path)
    above = place.parent if place else None
    while above is not None:
        if (*above.path, "meta", "entity") in found:
            return above.path
        if above.repeat is not None:
            break  # the entity of all instances together could take one value only
        above = above.parent
    raise InvalidForm(element="bind", line=saved.line, reason="a saveto without an entity")


# --- what a submission says ---


At = Callable[[Path, Node | None], Iterator[Node]]  # nodes of an instance, `Instance.at`


def entities_of(at: At, plans: tuple[EntityPlan, ...]) -> tuple[Entity, ...]:
    """The entities in the relevant part of an instance."""
    return tuple(
        _entity(at, plan, node) for plan in plans for node in at(plan.path, None) if node.relevant
    )


def _entity(at: At, plan: EntityPlan, node: Node) -> Entity:
    def attribute(name: str) -> str:
        written = node.attributes.get(name)
        return written.text if written is not None and written.relevant else ""

    container = node.parent.parent if node.parent else None
    values: dict[str, str] = {}
    for name, path in plan.saved.items():
        for each in at(path, container):
            if each.relevant:
                values[name] = each.text
    return Entity(
        list_name=plan.dataset,
        id=attribute("id"),
        create=attribute("create") in _YES,
        update=attribute("update") in _YES,
        label=next((each.text for each in node.named("label") if each.relevant), ""),
        base_version=attribute("baseVersion"),
        trunk_version=attribute("trunkVersion"),
        branch_id=attribute("branchId"),
        values=values,
    )


# --- lists kept without a network ---

Rows = dict[str, dict[str, str]]


def applied(content: bytes, entities: Iterable[Entity], new_id: Callable[[], str]) -> bytes:
    """An entity list after what `entities` of that list create and update.

    What cannot be (an id that is no UUID, a second creation, an update of what is not there) is
    left out, as the server will refuse it too.

    Args:
        content: The list, CSV, as the server gave it or as this function left it.
        entities: In the order of their submissions.
        new_id: A fresh UUID, for the branch of a new row.
    """
    rows = _read(content)
    for each in entities:
        if not _is_uuid(each.id):
            continue
        key = each.id.removeprefix("uuid:").lower()  # as the server will call it
        if each.create and key not in rows and each.label.strip():
            fresh = {VERSION: "1", TRUNK: "", BRANCH: new_id()}
            rows[key] = {"name": key, "label": each.label, **fresh, **each.values}
        elif each.update and key in rows:
            row = rows[key]
            row.update(each.values)
            row["label"] = each.label.strip() or row.get("label", "")
            row[VERSION] = str(_number(row) + 1)
    return _written(rows)


def made_here(server: bytes, local: bytes | None) -> frozenset[str]:
    """Ids that the local list has made by itself and the server's does not know."""
    mine = _read(local) if local is not None else {}
    theirs = _read(server)
    return frozenset(key for key, row in mine.items() if key not in theirs and _made_here(row))


def received(
    server: bytes,
    local: bytes | None,
    new_id: Callable[[], str],
    gone: frozenset[str] = frozenset(),
) -> bytes:
    """The list to fill forms with once the server has sent its own.

    A row that is newer here stays until its submissions have arrived; any other becomes the
    server's, with its version as the trunk and a fresh branch. What was made here and is not yet
    at the server stays too.

    Args:
        server: The list as the server has it now.
        local: The list used so far; None for the first time.
        new_id: A fresh UUID, for the branch of a row.
        gone: Ids that the server says were deleted.
    """
    mine = _read(local) if local is not None else {}
    rows: Rows = {}
    for key, row in _read(server).items():
        held = mine.get(key)
        if held is not None and _number(held) > _number(row):
            rows[key] = held
            continue
        same = held is not None and held.get(TRUNK) == row.get(VERSION, "")
        branch = held[BRANCH] if held is not None and same and held.get(BRANCH) else new_id()
        rows[key] = {**row, TRUNK: row.get(VERSION, ""), BRANCH: branch}
    for key, held in mine.items():
        if key not in rows and key not in gone and _made_here(held):
            rows[key] = held
    return _written(rows)


def _made_here(row: Mapping[str, str]) -> bool:
    return row.get(TRUNK, "") == "" and bool(row.get(BRANCH))


def _is_uuid(text: str) -> bool:
    try:
        return UUID(text.removeprefix("uuid:")).version == 4
    except ValueError:
        return False


def _number(row: Mapping[str, str]) -> int:
    written = row.get(VERSION, "")
    return int(written) if written.isdigit() and len(written) < 10 else 0


def _read(content: bytes) -> Rows:
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise InvalidForm(element="entity", line=0, reason="not an entity list") from None
    if rows and "name" not in rows[0]:
        raise InvalidForm(element="entity", line=0, reason="an entity list without names")
    return {row["name"]: {k: v for k, v in row.items() if k is not None} for row in rows}


def _written(rows: Rows) -> bytes:
    head = dict.fromkeys(("name", "label", VERSION, TRUNK, BRANCH))
    columns = list(head | dict.fromkeys(column for row in rows.values() for column in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return out.getvalue().encode()
