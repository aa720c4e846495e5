"""Rows by what stands in their columns, so that `[region = ...]` looks at no row that differs.

An index is built at the first question and kept by the node above the rows, which forgets it when a
row comes, goes or changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import Any

from forms.nodes import ELEMENT, Node
from forms.tables import Table
from forms.xpath.values import Value, odk_number

Key = str | float | tuple[str | float, ...]
Index = dict[Key, int | list[int]]  # one position, or several


def matching(
    above: Node, name: str, columns: tuple[str, ...], wanted: list[Value]
) -> list[Node] | None:
    """Children `name` of `above` whose cells in `columns` equal what is `wanted`, in order.

    Strings and node-sets are compared as text, numbers as numbers. None when an index cannot tell:
    for booleans, and where a row has a column twice or a column has parts.
    """
    if any(isinstance(value, bool) for value in wanted):
        return None
    numeric = tuple(isinstance(value, float) for value in wanted)
    indexes = above.remember().indexes
    key = (name, columns, numeric)
    index = indexes[key] if key in indexes else indexes.setdefault(key, _index(above, *key))
    if index is None:
        return None
    found = _positions(index, wanted)
    if isinstance(above, Table):
        return [above.row(at) for at in found]
    rows = above.named(name)
    return [rows[at] for at in found]


def size(above: Node, name: str) -> int:
    """How many children `name` there are."""
    if isinstance(above, Table):
        return len(above.cells) if above.row_node.name == name else 0
    return len(above.named(name))


def _positions(index: Index, wanted: list[Value]) -> list[int]:
    if any(value != value for value in wanted):  # noqa: PLR0124 - no number equals nothing
        return []
    choices = [[n.value() for n in v] if isinstance(v, list) else [v] for v in wanted]
    keys = {_key(each) for each in product(*choices)}
    found = [_several(index[key]) for key in keys if key in index]
    return found[0] if len(found) == 1 else sorted({at for some in found for at in some})


def _several(found: int | list[int]) -> list[int]:
    return found if isinstance(found, list) else [found]


def _key(parts: tuple[str | float, ...]) -> Key:
    return parts[0] if len(parts) == 1 else parts


def _index(
    above: Node, name: str, columns: tuple[str, ...], numeric: tuple[bool, ...]
) -> Index | None:
    parts: list[list[str] | list[float]] = []
    wheres: list[list[int]] = []
    for column, number in zip(columns, numeric, strict=True):
        where, texts = _cells(above, name, column)
        if where is None:
            return None
        wheres.append(where)
        parts.append([odk_number(text) for text in texts] if number else texts)
    where = wheres[0]
    if any(len(each) != len(where) for each in wheres) or wheres[1:] != wheres[:-1]:
        rows = [dict(zip(at, part, strict=True)) for at, part in zip(wheres, parts, strict=True)]
        where = [at for at in where if all(at in row for row in rows)]
        parts = [[row[at] for at in where] for row in rows]  # type: ignore[misc]
    if len(parts) == 1:  # most often a name, and no two alike
        single: Index = dict(zip(parts[0], where, strict=True))
        if len(single) == len(where):
            return single
    index: dict[Key, list[int]] = defaultdict(list)
    keys: Iterable[Any] = parts[0] if len(parts) == 1 else zip(*parts, strict=True)
    for at, key in zip(where, keys, strict=True):
        index[key].append(at)
    return dict(index)


def _cells(above: Node, name: str, column: str) -> tuple[list[int] | None, list[str]]:
    """Positions of the rows with a cell `column`, and its texts; no positions when one has two."""
    if isinstance(above, Table):
        return above.column(column)
    where: list[int] = []
    texts: list[str] = []
    for at, row in enumerate(above.named(name)):
        for cell in row.children:  # not named(): that would remember all children of all rows
            if cell.name == column and cell.kind == ELEMENT:
                if cell.children or (where and where[-1] == at):
                    return None, []
                where.append(at)
                texts.append(cell.value())
    return where, texts
