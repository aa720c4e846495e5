"""After any answers and any repeats that come and go, a session stands as if computed from nothing.

Random small forms; the judges are the draft taken up again, and a naive computer that evaluates
every rule at every node until nothing changes any more. LASTMILE_INCREMENTAL sets how many forms.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from forms import Session, load_form
from forms.errors import DependencyCycle
from forms.nodes import Node
from forms.views import Changes, NodeView
from forms.xpath import Context

EXAMPLES = int(os.environ.get("LASTMILE_INCREMENTAL", "25"))
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AROUND: dict[str, Any] = {
    "now": lambda: NOW,
    "today": lambda: date(2026, 11, 24),
    "new_id": lambda: "00000000-0000-4000-8000-000000000001",
    "random": lambda: 0.5,
}

OUTSIDE = ["/d/a", "/d/b", "/d/p", "/d/q", "/d/g/h", "/d/g/i"]
ROW = ["../x", "../y", "../z", "../k"]
INNER = ["../u", "../v", "../../x", "../../z"]
ALL = ["/d/r/x", "/d/r/z", "/d/r/s/u", "/d/r/s/v"]
SINGLES = ["sum({})", "count({})", "max({})", "count-non-empty({})", "{}[1]", "{}[last()]"]
LOOKS = [
    "sum(/d/r[k = current()/../k]/x)",
    "count(/d/r[k = current()/../k])",
    "../x + sum(/d/r[k = current()/../y]/x)",
    "/d/r[x = current()/../x and k = 'm']/y",
    "/d/r[k = 'm']/y",
    "count(/d/r[k = /d/b])",
    "sum(/d/r[position() < position(current()/..)]/x)",
    "indexed-repeat(/d/r/x, /d/r, position(..) - 1)",
    "count(../preceding-sibling::r)",
    "position(..)",
    "/d/r[position() = position(current()/..) + 1]/y",
]


def whole(plain: list[str]) -> st.SearchStrategy[str]:
    path = st.sampled_from(plain)
    above = st.builds(str.format, st.sampled_from(SINGLES), st.sampled_from(ALL))
    return st.one_of(
        path,
        above,
        st.builds("{} + {}".format, path, path),
        st.builds("if({} > 1, {}, '')".format, path, st.one_of(path, above)),
        st.builds("concat({}, '-', {})".format, path, path),
    )


outside = whole(OUTSIDE)
in_row = st.one_of(whole(ROW + OUTSIDE), st.sampled_from(LOOKS), whole(ROW))
in_inner = st.one_of(
    whole(INNER + ROW[:1]),
    st.sampled_from(["position(..)", "position(../..)", "sum(../../s/u)", "count(../../../r)"]),
)


@st.composite
def form_xml(draw: st.DrawFn) -> bytes:
    """A form with a group, a repeat of rows and a repeat inside, and rules drawn at random."""

    def rule(expression: st.SearchStrategy[str], kind: str) -> str:
        if draw(st.booleans()):
            return ""
        written = draw(expression)
        if kind == "relevant":
            written = f"{written} {draw(st.sampled_from(['> 1', '!= 2', '= /d/a', '< 3']))}"
        return f" {kind}={quoteattr(written)}"

    binds = ""
    for path in ("p", "q", "g/i"):
        binds += f'<bind nodeset="/d/{path}"{rule(outside, "calculate")}/>'
    for path in ("b", "g"):
        binds += f'<bind nodeset="/d/{path}"{rule(outside, "relevant")}/>'
    binds += f'<bind nodeset="/d/g/h"{rule(outside, "readonly")}{rule(outside, "required")}/>'
    binds += f'<bind nodeset="/d/r/z"{rule(in_row, "calculate")}{rule(in_row, "relevant")}/>'
    binds += f'<bind nodeset="/d/r/w"{rule(in_row, "calculate")}/>'
    binds += f'<bind nodeset="/d/r/y"{rule(in_row, "relevant")}{rule(in_row, "required")}/>'
    binds += f'<bind nodeset="/d/r/s/v"{rule(in_inner, "calculate")}/>'
    binds += f'<bind nodeset="/d/r/s/t"{rule(in_inner, "calculate")}{rule(in_inner, "relevant")}/>'
    count = draw(st.sampled_from(["", ' jr:count="/d/a"', ' jr:count="../x"']))
    return f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
      xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>f</h:title><model><instance>
      <d id="f"><a>1</a><b/><p/><q/><g><h/><i/></g>
      <r jr:template=""><k>m</k><x>2</x><y/><z/><w/><s jr:template=""><u>1</u><v/><t/></s></r>
      <r><k>m</k><x>1</x><y/><z/><w/><s><u>3</u><v/><t/></s></r></d></instance>{binds}</model></h:head>
      <h:body><input ref="/d/a"><label>A</label></input><input ref="/d/b"/>
      <input ref="/d/g/h"><label>H <output value="/d/p"/></label></input>
      <group ref="/d/r"><repeat nodeset="/d/r"><input ref="/d/r/k"/><input ref="/d/r/x"/>
      <input ref="/d/r/y"><label>Y <output value="../z"/></label></input>
      <group ref="/d/r/s"><repeat nodeset="/d/r/s"{count}><input ref="/d/r/s/u"/></repeat></group>
      </repeat></group></h:body></h:html>""".encode()


@dataclass
class Deed:
    """What a person does: `what` to one of the nodes that allow it, number `which`."""

    what: str
    which: int
    value: str


deeds = st.lists(
    st.builds(
        Deed,
        st.sampled_from(["answer", "answer", "answer", "add", "add", "remove"]),
        st.integers(0, 50),
        st.sampled_from(["", "0", "1", "2", "3", "m", "n"]),
    ),
    max_size=8,
)


def views_of(session: Session) -> dict[str, NodeView]:
    return {ref: session.view(ref) for ref in session.nodes()}


def do(session: Session, deed: Deed) -> Changes | None:
    views = views_of(session)
    if deed.what == "answer":
        open_ = [r for r, v in views.items() if v.kind == "input" and v.relevant]
        refs = [ref for ref in open_ if not views[ref].read_only]
        return session.answer(refs[deed.which % len(refs)], deed.value) if refs else None
    if deed.what == "add":
        ranges = [ref for ref, view in views.items() if view.can_add and view.relevant]
        if not ranges or len(views) > 120:
            return None
        ref = ranges[deed.which % len(ranges)]
        return session.add_repeat(ref, 1 + deed.which % (views[ref].count + 1))
    instances = [ref for ref, view in views.items() if view.can_remove]
    return session.remove_repeat(instances[deed.which % len(instances)]) if instances else None


def comes_to_rest(session: Session) -> bool:
    """Compute every rule at every node, again and again until nothing changes."""
    top = session._instance.top
    for _round in range(60):
        moved = [_apply_all(session, node, top) for node in session._instance.root.walk()]
        if True not in moved:
            return True
    return False


def _apply_all(session: Session, node: Node, top: Node) -> bool:
    bind = node.info.bind
    context = Context(node, session._computer.around, root=top)
    above = node.parent.relevant if node.parent is not None else True
    relevant = above and (bind.relevant is None or bind.relevant.truth(context))
    moved = relevant != node.relevant
    node.relevant = relevant
    if bind.calculate is not None and relevant:
        text = bind.calculate.stored(context)
        moved = moved or text != node.text
        node.text = text
    for child in [node, *node.children]:
        child.touched()
    return moved


def state(session: Session) -> list[tuple[str, bool, str]]:
    return [(ref, view.relevant, view.answer) for ref, view in views_of(session).items()]


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
@given(form_xml(), deeds)
def test_a_session_stands_as_if_computed_from_nothing(xml: bytes, done: list[Deed]) -> None:
    try:
        form = load_form(xml)
    except DependencyCycle:
        assume(False)
    session = form.new_session(**AROUND)
    for deed in done:
        before = views_of(session)
        changes = do(session, deed)
        if changes is not None and not changes.structure:
            after = views_of(session)
            unsaid = {ref for ref, view in after.items() if before[ref] != view}
            assert unsaid <= set(changes.refs)
            assert list(changes.refs) == [ref for ref in session.nodes() if ref in changes.refs]
        again = form.resume(session.xml(), **AROUND)
        assert state(again) == state(session)
    stood = state(session)
    if comes_to_rest(session):
        assert state(session) == stood
    else:  # only conditions that look at each other can swing
        assert session._computer._graph.circling
