"""Long lists as rows of text: a row becomes a node when an expression looks at it, not before.

Fifty thousand rows of five cells would be a quarter of a million nodes; a form looks at a few.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from forms.nodes import ELEMENT, Node

_LEAST = 12  # shorter lists are nodes at once


class Table(Node):
    """An element whose children are rows of cells.

    Args:
        row: What each row looks like: its name, and one cell for each column.
        rows: Texts by column; a short row has fewer cells.
    """

    __slots__ = ("_children", "_made", "cells", "columns", "row_node")

    def __init__(self, like: Node, row: Node, rows: Sequence[Sequence[str]]) -> None:
        self.cells = rows
        self.row_node = row
        self.columns = [cell.name for cell in row.children]
        self._made: dict[int, Row] = {}
        self._children: list[Node] | None = None
        super().__init__(ELEMENT, like.name, like.namespace, like.prefix)
        self._children = None

    @property
    def children(self) -> list[Node]:
        """All rows, as nodes."""
        if self._children is None:
            self._children = [self.row(at) for at in range(len(self.cells))]
        return self._children

    @children.setter
    def children(self, rows: list[Node]) -> None:
        self._children = rows

    def row(self, at: int) -> Row:
        """The row at position `at`, from 0; the same node each time."""
        row = self._made.get(at)
        if row is None:
            row = self._made[at] = Row(self, self.cells[at])
        return row

    def column(self, name: str) -> tuple[list[int] | None, list[str]]:
        """Positions of the rows that have a cell `name`, from 0, and its texts.

        No positions for a column that stands there twice.
        """
        places = [place for place, column in enumerate(self.columns) if column == name]
        if len(places) > 1:
            return None, []
        if not places:
            return [], []
        place, size = places[0], len(self.cells)
        try:
            return list(range(size)), [cells[place] for cells in self.cells]
        except IndexError:  # some rows are short
            where = [at for at in range(size) if place < len(self.cells[at])]
            return where, [self.cells[at][place] for at in where]


class Row(Node):
    """One row of a table, its cells made into nodes when they are looked at."""

    __slots__ = ("_children", "cells")

    def __init__(self, table: Table, cells: Sequence[str]) -> None:
        self.cells = cells
        like = table.row_node
        super().__init__(ELEMENT, like.name, like.namespace, like.prefix, parent=table)
        self._children: list[Node] | None = None

    @property
    def children(self) -> list[Node]:
        """The cells, as nodes."""
        if self._children is None:
            table: Table = self.parent  # type: ignore[assignment]
            self._children = [
                Node(ELEMENT, like.name, like.namespace, like.prefix, text, self)
                for like, text in zip(table.row_node.children, self.cells, strict=False)
            ]
        return self._children

    @children.setter
    def children(self, cells: list[Node]) -> None:
        self._children = cells


def table_of(element: etree._Element) -> Table | None:
    """`element` as a table; None when its children are not all of one simple form."""
    size = len(element)
    if size < _LEAST or any(odd(element) for odd in _ODD):
        return None
    first = element[0]
    row = _plain(first)
    for cell in first:
        row.append(_plain(cell))
    alike = [("*[name() = $name]", 0, first)]
    alike += [("*/*[$at][name() = $name]", at, cell) for at, cell in enumerate(first, 1)]
    if any(element.xpath(f"count({path})", at=at, name=_written(each)) != size
           for path, at, each in alike):  # fmt: skip
        return None
    columns = [[each.text or "" for each in element.iter(str(cell.tag))] for cell in first]
    if not columns or any(len(column) != size for column in columns):
        return None
    return Table(_plain(element), row, list(zip(*columns, strict=True)))


_ODD = tuple(
    etree.XPath(f"boolean({path})")
    for path in ("*/@*", "*/*/@*", "*/*/*", ".//comment()", ".//processing-instruction()")
)


def _written(element: etree._Element) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name


def _plain(element: etree._Element) -> Node:
    name = etree.QName(element)
    return Node(ELEMENT, name.localname, name.namespace or "", element.prefix or "")
