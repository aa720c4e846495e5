"""Long lists: rows of text that answer as nodes do, and an index that finds what a walk finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forms.lists import inline, read_list
from forms.nodes import Node, document, from_lxml
from forms.tables import Row, Table
from forms.xpath import ANY_NAMESPACE, STATIC, Bare, Context, Value, compile_expression

CELLS = st.sampled_from(["", "a", "b", "1", "1.0", "01", "x y", "名"])
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=12, max_size=30)
ANSWERS = document(b"<d><r>a</r><s>1</s><t>b</t><t>a</t><n/></d>")
PREDICATES = [
    "[k = {}]",
    "[k = {} and l = {}]",
    "[k = {}][l = {}]",
    "[l = {} and position() = 2]",
    "[k = {}][2]",
    "[{} = k][last()]",
    "[k = {} and (l = {} or m = 'a')]",
    "[number(k) = {}]",
    "[k != {}]",
    "[m = {}]",
]
WANTED = ["/d/r", "/d/s", "/d/t", "/d/n", "'a'", "1", "'1'", "number(/d/s)", "true()"]


def csv_of(rows: list[list[str]]) -> bytes:
    return "\n".join(["k,l,m", *(",".join(row) or ",," for row in rows)]).encode()


def as_nodes(table: Node) -> Node:
    """The same list, every row and cell a node from the start."""
    top = Node(table.kind, "instance")
    top.info = STATIC
    root = top.append(Node(table.kind, "root"))
    for row in table.children[0].children:
        item = root.append(Node(row.kind, "item"))
        for cell in row.children:
            item.append(Node(cell.kind, cell.name, text=cell.text))
    return top


class Lists(Bare):
    def __init__(self, top: Node) -> None:
        super().__init__()
        self.top = top

    def instance(self, name: str) -> Node:
        del name
        return self.top


def found(expression: str, top: Node) -> list[str]:
    compiled = compile_expression(expression, {"": ANY_NAMESPACE})
    value: Value = compiled.evaluate(Context(ANSWERS.children[0], Lists(top), root=ANSWERS))
    assert isinstance(value, list)
    return ["/".join(cell.text for cell in node.children) for node in value]


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(PREDICATES), st.sampled_from(WANTED), st.sampled_from(WANTED))
def test_an_index_finds_what_a_walk_finds(
    rows: list[list[str]], predicate: str, first: str, second: str
) -> None:
    table = read_list("l.csv", csv_of(rows))
    written = predicate.format(first, second)
    walked = found(f"instance('l')/root/*{written}", table)  # no index behind a wildcard
    assert found(f"instance('l')/root/item{written}", table) == walked
    assert found(f"instance('l')/root/item{written}", as_nodes(table)) == walked


def test_a_row_is_the_same_node_each_time() -> None:
    table = read_list("l.csv", csv_of([["a", str(n)] for n in range(20)])).children[0]
    assert isinstance(table, Table)
    assert table.row(3) is table.row(3) is table.children[3]


def test_a_list_in_xml_is_a_table_when_its_rows_are_alike() -> None:
    items = "".join(f"<item><k>{n}</k><l>{n % 3}</l></item>" for n in range(20))
    alike = etree.fromstring(f"<root>{items}</root>")
    listed = inline(alike)
    assert isinstance(listed.children[0], Table)
    assert shape(listed.children[0]) == shape(from_lxml(alike))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([
    "<item><k>1</k><l/></item>", "<item><l/><k>1</k></item>", "<item><k>1</k></item>",
    "<item><k a='1'>1</k><l/></item>", "<item id='1'><k>1</k><l/></item>",
    "<item><k>1<b/>2</k><l/></item>", "<item><k>1<!-- c -->2</k><l/></item>", "<item/>",
    "<other><k/><l/></other>",
    "<item><k>1</k><k>2</k></item>", "<item><k><![CDATA[<]]></k><l>2</l></item>", "<!-- c -->",
    "<item><k>1</k><l xmlns='urn:x'/></item>", "<x:item xmlns:x='urn:x'><k/><l/></x:item>",
]), max_size=3), st.integers(0, 30))  # fmt: skip
def test_however_a_list_is_kept_its_nodes_are_the_same(odd: list[str], usual: int) -> None:
    items = ["<item><k>a</k><l>b</l></item>"] * usual + odd
    root = etree.fromstring(f"<root>{''.join(items)}</root>")
    assert shape(inline(root).children[0]) == shape(from_lxml(root))


def test_a_short_row_has_fewer_cells() -> None:
    listed = read_list("l.csv", b"k,l\na\nb,c\n").children[0]
    assert [[cell.name for cell in row.children] for row in listed.children] == [["k"], ["k", "l"]]
    assert all(isinstance(row, Row) for row in listed.children)


def shape(node: Node) -> object:
    attributes = {clark: each.text for clark, each in node.attributes.items()}
    text = "" if node.children else node.text
    return node.clark, attributes, text, [shape(child) for child in node.children]
