"""Where a peer is known to be wrong or lacking, by its own tests: what we do instead.

Each case names the tests that the peer itself marks as failing, the place in the specification that
decides, and plays a form. The table in `docs/odk-conformance.md` is made from these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Do = tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True)
class Case:
    """One form, what is done to it and what stands then.

    Attributes:
        peer: Tests of the peer that fail there, `file:line`.
        anchor: Where the specification decides.
        says: What holds, in our words.
        do: ("add", ref), ("remove", ref), ("answer", ref, value), ("end", "").
        then: Answer by ref; None for a node that is not relevant.
        refused: Code of the error that loading or beginning ends with.
        known: Nodes that must not exist.
    """

    peer: tuple[str, ...]
    anchor: str
    says: str
    instance: str = "<a/>"
    binds: str = ""
    body: str = ""
    model: str = ""
    do: tuple[Do, ...] = ()
    then: Mapping[str, str | None] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    refused: str = ""


def bind(ref: str, **rules: str) -> str:
    """A bind element."""
    written = "".join(f' {name}="{rule}"' for name, rule in rules.items())
    return f'<bind nodeset="/data/{ref}"{written}/>'


def repeat(ref: str, *inside: str) -> str:
    """A repeat of the body."""
    return f'<repeat nodeset="/data/{ref}">{"".join(inside)}</repeat>'


def item(ref: str) -> str:
    """An input of the body."""
    return f'<input ref="/data/{ref}"/>'


_BINDINGS = "#bind-attributes"
_DEVIATION = "#a-big-deviation-with-xforms"
_XF_RECALC = "https://www.w3.org/TR/xforms11/#recalc"
_R = "<r><x/><y/></r>"

CASES = (
    Case(
        ("repeat.test.ts:97",),
        _DEVIATION,
        "An absolute path inside a repeat is read from the instance that it is used in.",
        _R,
        bind("r/y", calculate="/data/r/x * 2"),
        repeat("r", item("r/x")),
        do=(("add", "/data/r"), ("answer", "/data/r[1]/x", "2"), ("answer", "/data/r[2]/x", "5")),
        then={"/data/r[1]/y": "4", "/data/r[2]/y": "10"},
    ),
    Case(
        ("repeat-output.test.ts:41", "repeat-output.test.ts:171"),
        _DEVIATION,
        "So is a path in the label of a question inside a repeat, and a relative one as well.",
        "<r><x/><y/></r><n/>",
        bind("r/y", calculate="concat(/data/r/x, ../x)"),
        repeat("r", item("r/x")),
        do=(("add", "/data/r"), ("answer", "/data/r[2]/x", "b")),
        then={"/data/r[1]/y": "", "/data/r[2]/y": "bb"},
    ),
    Case(
        ("repeat.test.ts:1228", "repeat.test.ts:1652"),
        _XF_RECALC,
        "A count of a repeat outside of it changes as instances come and go.",
        f"{_R}<n/>",
        bind("n", calculate="count(/data/r)"),
        repeat("r", item("r/x")),
        do=(("add", "/data/r"), ("add", "/data/r"), ("remove", "/data/r[1]")),
        then={"/data/n": "2"},
    ),
    Case(
        ("repeat.test.ts:1299",),
        _XF_RECALC,
        "A new instance computes what is in it, however deep.",
        "<r><g><x>3</x><y/></g></r>",
        bind("r/g/y", calculate="../x + position(../..)"),
        repeat("r", item("r/g/x")),
        do=(("add", "/data/r"),),
        then={"/data/r[1]/g/y": "4", "/data/r[2]/g/y": "5"},
    ),
    Case(
        ("repeat.test.ts:1560",),
        _XF_RECALC,
        "What depends on a value computed later is computed again.",
        "<a/><b/><c/>",
        bind("a", relevant="/data/c = 'y'") + bind("c", calculate="if(/data/b = '1', 'y', 'n')"),
        do=(("answer", "/data/b", "1"), ("answer", "/data/a", "x")),
        then={"/data/a": "x", "/data/c": "y"},
    ),
    Case(
        ("repeat.test.ts:1986",),
        "#creation-removal-of-repeats",
        "A repeat whose number the form fixes takes no instance from a person.",
        "<r><x/></r>",
        body='<repeat nodeset="/data/r" jr:count="2"><input ref="/data/r/x"/></repeat>',
        do=(("refuse", "/data/r"),),
        then={"/data/r[1]/x": "", "/data/r[2]/x": ""},
    ),
    Case(
        ("repeat.test.ts:2149", "repeat.test.ts:2252"),
        "#creation-removal-of-repeats",
        "jr:count is computed again as answers change, in nested repeats as well.",
        "<r><n/><s><x/></s></r>",
        body=repeat(
            "r",
            item("r/n"),
            '<repeat nodeset="/data/r/s" jr:count="/data/r/n"><input ref="/data/r/s/x"/></repeat>',
        ),
        do=(("add", "/data/r"), ("answer", "/data/r[2]/n", "2"), ("answer", "/data/r[1]/n", "1")),
        then={"/data/r[1]/s[1]/x": "", "/data/r[2]/s[2]/x": ""},
        absent=("/data/r[1]/s[2]/x", "/data/r[2]/s[3]/x"),
    ),
    Case(
        ("repeat.test.ts:2346", "repeat.test.ts:2451"),
        "#xpath-predicates",
        "A predicate with a relative path, or one from current(), is evaluated again when what it"
        " reads changes.",
        "<r><k/><v/></r><pick/><out/><near/>",
        bind("out", calculate="/data/r[k = current()/../pick]/v")
        + bind("near", calculate="/data/r[./k = /data/pick]/v"),
        repeat("r", item("r/k")),
        do=(
            ("answer", "/data/r[1]/k", "a"),
            ("answer", "/data/r[1]/v", "1"),
            ("add", "/data/r"),
            ("answer", "/data/r[2]/k", "b"),
            ("answer", "/data/r[2]/v", "2"),
            ("answer", "/data/pick", "b"),
        ),
        then={"/data/out": "2", "/data/near": "2"},
    ),
    Case(
        ("repeat.test.ts:2596",),
        "#fn:count-non-empty",
        "count-non-empty() counts the nodes that hold something, whatever namespaces the form"
        " declares.",
        "<r><x/></r><n/>",
        bind("n", calculate="count-non-empty(/data/r/x)"),
        repeat("r", item("r/x")),
        do=(("add", "/data/r"), ("answer", "/data/r[2]/x", "b")),
        then={"/data/n": "1"},
    ),
    Case(
        (
            "repeat-relevant.test.ts:151",
            "repeat-relevant.test.ts:219",
            "repeat-relevant.test.ts:328",
            "repeat-relevant.test.ts:481",
        ),
        _BINDINGS,
        "What is not relevant takes all below it along, repeats in repeats too.",
        "<a/><g><r><s><x/></s></r></g>",
        bind("g", relevant="/data/a = 'y'"),
        repeat("g/r", repeat("g/r/s", item("g/r/s/x"))),
        then={"/data/g/r[1]/s[1]/x": None},
    ),
    Case(
        ("relevant.test.ts:51", "relevant.test.ts:121", "relevant.test.ts:599"),
        _BINDINGS,
        "A node that is not relevant has no value for anybody, whatever it holds.",
        "<a>n</a><b>7</b><c/>",
        bind("b", relevant="/data/a = 'y'") + bind("c", calculate="concat('[', /data/b, ']')"),
        then={"/data/b": None, "/data/c": "[]"},
    ),
    Case(
        ("relevant.test.ts:290", "relevant.test.ts:357", "relevant.test.ts:459"),
        _BINDINGS,
        "Nor does it add to a sum of what is relevant, be it as a default.",
        "<r><x>3</x><show>y</show></r><r><x>5</x><show/></r><n/>",
        bind("r/x", relevant="../show = 'y'") + bind("n", calculate="sum(/data/r/x[. != ''])"),
        repeat("r", item("r/x")),
        then={"/data/n": "3"},
    ),
    Case(
        ("relevant.test.ts:693",),
        _BINDINGS,
        "A calculation stands still while its node is not relevant, and is made up for afterwards.",
        "<a/><b/><c/>",
        bind("b", calculate="/data/a * 2", relevant="/data/a &gt; 1")
        + bind("c", calculate="coalesce(/data/b, 'none')"),
        do=(("answer", "/data/a", "1"), ("answer", "/data/a", "4")),
        then={"/data/b": "8", "/data/c": "8"},
    ),
    Case(
        ("readonly.test.ts:59", "validity-state.test.ts:116"),
        _BINDINGS,
        "Read-only holds for all below.",
        "<a>y</a><g><x/></g>",
        bind("g", readonly="/data/a = 'y'"),
        do=(("refuse", "/data/g/x"),),
        then={"/data/g/x": ""},
    ),
    Case(
        ("form-definition-validity.test.ts:390", "form-definition-validity.test.ts:426"),
        _BINDINGS,
        "A constraint may look at its own node: it makes no value.",
        "<a/>",
        bind("a", constraint=". &gt; 10 and /data/a &lt; 20"),
        do=(("answer", "/data/a", "12"),),
        then={"/data/a": "12"},
    ),
    Case(
        ("instance-input.test.ts:472",),
        _XF_RECALC,
        "A calculated value is computed again when a saved form is opened, whatever stands there.",
        "<a>2</a><b>99</b>",
        bind("b", calculate="/data/a + 1"),
        do=(("reopen", "<data id='t'><a>5</a><b>1</b></data>"),),
        then={"/data/b": "6"},
    ),
    Case(
        ("select.test.ts:348", "select.test.ts:681"),
        "#secondary-instances",
        "Choices taken from a repeat follow its answers, in its order.",
        "<r><n/></r><pick/>",
        body=repeat("r", item("r/n"))
        + '<select1 ref="/data/pick"><itemset nodeset="/data/r[n != \'\']">'
        '<value ref="n"/><label ref="n"/></itemset></select1>',
        do=(
            ("answer", "/data/r[1]/n", "b"),
            ("add", "/data/r"),
            ("answer", "/data/r[2]/n", "a"),
            ("answer", "/data/pick", "b"),
            ("choices", "/data/pick", "b a"),
        ),
        then={"/data/pick": "b"},
    ),
    Case(
        ("select.test.ts:1044", "select.test.ts:1165"),
        "#body-elements",
        "An answer that can no longer be chosen is taken away, and what depends on it follows.",
        "<a/><b/><c/>",
        bind("c", calculate="concat(/data/b, '!')"),
        '<select1 ref="/data/b"><itemset nodeset="instance(\'l\')/root/item[k = /data/a]">'
        '<value ref="n"/><label ref="n"/></itemset></select1>',
        '<instance id="l"><root><item><k>x</k><n>1</n></item><item><k>y</k><n>2</n></item></root>'
        "</instance>",
        do=(
            ("answer", "/data/a", "x"),
            ("answer", "/data/b", "1"),
            ("answer", "/data/a", "y"),
        ),
        then={"/data/b": "", "/data/c": "!"},
    ),
    Case(
        ("geo.test.ts:465",),
        "#data-types",
        "A trace has two points at least; one alone is no trace, and no way at all.",
        "<a>0 1 0 0</a><b/><c/>",
        bind("a", type="geotrace")
        + bind("b", calculate="distance('0 1 0 0')")
        + bind("c", calculate="count-selected(/data/a)"),
        then={"/data/a": "", "/data/b": "0", "/data/c": "0"},
    ),
    Case(
        ("form-definition-validity.test.ts:125", "form-definition-validity.test.ts:167"),
        _XF_RECALC,
        "A value cannot be computed from itself.",
        "<a>1</a>",
        bind("a", calculate=". + 1"),
        refused="F112",
    ),
    Case(
        ("form-definition-validity.test.ts:230",),
        _XF_RECALC,
        "Two values cannot be computed from each other.",
        "<a>1</a><b>1</b>",
        bind("a", calculate="/data/b + 1") + bind("b", calculate="/data/a + 1"),
        refused="F112",
    ),
    Case(
        ("form-definition-validity.test.ts:261",),
        _XF_RECALC,
        "A node cannot decide from its own value whether it is relevant.",
        "<a/>",
        bind("a", relevant=". &gt; 0"),
        refused="F112",
    ),
    Case(
        ("form-init.test.ts:311",),
        "#body-elements",
        "A range has numbers for its bounds and a step.",
        "<a/>",
        body='<range ref="/data/a" start="one" end="10" step="1"/>',
        refused="F110",
    ),
    Case(
        ("form-init.test.ts:588",),
        "#structure",
        "A form has one model.",
        "<a/>",
        model="</model><model>",
        refused="F110",
    ),
)

REFUSED = (  # expressions that the peer takes although they break the signature of a function
    "boolean()", "boolean(1, 2)", "ceiling()", "ceiling(1, 2)", "false(1)", "floor()",
    "floor(1, 2)", "lang()", "lang('a', 'b')", "last(1)", "position('a')", "count()", "count(1)",
    "count(//a, //a)", "local-name(1)", "local-name(//a, //a)", "namespace-uri(1)",
    "namespace-uri(//a, //a)", "name(1)", "name(//a, //a)", "number(1, 2)", "sum()",
    "sum(//a, //a)", "round()", "round(1, 2, 3)", "string(1, 2)", "starts-with()",
    "starts-with(1)", "starts-with(1, 2, 3)", "contains()", "contains(1)", "contains(1, 2, 3)",
    "substring-before()", "substring-before(1)", "substring-before(1, 2, 3)",
    "substring-after()", "substring-after(1)", "substring-after(1, 2, 3)", "substring()",
    "substring(1)", "substring(1, 2, 3, 4)", "string-length(1, 2)", "normalize-space(1, 2)",
    "translate()", "translate(1)", "translate(1, 2)", "translate(1, 2, 3, 4)", "true(1)",
    "1 And 1", "count-non-empty()", "count-non-empty(2)", "count-non-empty('a')",
    "count-non-empty(//a, //a)", "decimal-date-time()", "decimal-date-time(1, 2)",
    "decimal-time()", "decimal-time(1, 2)", "ends-with()", "ends-with(1)", "ends-with(1, 2, 3)",
    "area()", "distance()", "geofence()", "geofence('1 1')", "itext('a')", "fn:itext('a')",
    "not()", "not(1, 2)", "randomize()", "randomize(1, 2)", "randomize(//a, 1, 2)",
    "uuid(/nonsense)", "uuid(/root/a)",
)  # fmt: skip
