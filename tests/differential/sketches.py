"""Random forms: a sketch that hypothesis draws and shrinks, and the XForm that it stands for.

A rule reads questions that stand before its own, so that no form waits for itself. Inside the
repeat paths are relative: the peer reads absolute ones there from the first instance.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

REPEAT = "r"
LIST = ["a", "b", "ab", "c"]
TYPES = ("string", "int", "decimal", "date", "one", "many", "filtered")
WORDS = st.sampled_from(["", "a", "b", "ab", "a b", "x1", "10", " a ", "é", "true"])
NUMBERS = st.sampled_from(["0", "1", "2", "-3", "7", "10", "100"])
ANSWERS = {
    "string": WORDS,
    "int": st.one_of(st.just(""), NUMBERS),
    "decimal": st.one_of(st.just(""), NUMBERS, st.sampled_from(["0.5", "-1.25", "3.10"])),
    "date": st.sampled_from(["", "2024-02-29", "1999-12-31", "2026-01-01", "1970-01-01"]),
    "one": st.sampled_from(["", *LIST]),
    "filtered": st.sampled_from(["", *LIST]),
    "many": st.lists(st.sampled_from(LIST), unique=True).map(" ".join),
}


@dataclass(frozen=True)
class Question:
    """One question; its name says where it stands in the order."""

    name: str
    kind: str
    within: bool
    rules: tuple[tuple[str, str], ...]
    label: str = ""
    filter: str = ""

    @property
    def path(self) -> str:
        """Its absolute path, without positions."""
        return f"/data/{REPEAT}/{self.name}" if self.within else f"/data/{self.name}"


@dataclass(frozen=True)
class Sketch:
    """A form of some questions, the repeat around those that are `within`.

    Attributes:
        count: Expression of `jr:count`; "" when a person adds instances.
        group: Condition of the whole repeat; "" for none.
    """

    questions: tuple[Question, ...]
    count: str = ""
    group: str = ""

    def xform(self) -> str:
        """The form."""
        before, inside, after = self._parts()
        binds = "".join(map(_bind, self.questions))
        if self.group:
            binds += f"<bind nodeset='/data/{REPEAT}' relevant={quoteattr(self.group)}/>"
        items = "".join(
            f"<item><name>{name}</name><size>{len(name)}</size></item>" for name in LIST
        )
        repeat = ""
        if inside:
            count = f" jr:count={quoteattr(self.count)}" if self.count else ""
            controls = "".join(map(_control, inside))
            repeat = f"<repeat nodeset='/data/{REPEAT}'{count}>{controls}</repeat>"
        body = "".join(map(_control, before)) + repeat + "".join(map(_control, after))
        nodes = "".join(f"<{q.name}/>" for q in before)
        nodes += f"<{REPEAT}>{''.join(f'<{q.name}/>' for q in inside)}</{REPEAT}>" if inside else ""
        nodes += "".join(f"<{q.name}/>" for q in after)
        return (
            '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
            ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>d</h:title><model>'
            f"<instance><data id='d'>{nodes}<meta><instanceID/></meta></data></instance>"
            f"<instance id='list'><root>{items}</root></instance>{binds}"
            "<bind nodeset='/data/meta/instanceID' calculate=\"'uuid:1'\"/>"
            f"</model></h:head><h:body>{body}</h:body></h:html>"
        )

    def _parts(self) -> tuple[list[Question], list[Question], list[Question]]:
        inside = [q for q in self.questions if q.within]
        first = self.questions.index(inside[0]) if inside else len(self.questions)
        outside = [(at, q) for at, q in enumerate(self.questions) if not q.within]
        before = [q for at, q in outside if at < first]
        return before, inside, [q for at, q in outside if at > first]


def _bind(question: Question) -> str:
    kinds = {"one": "string", "many": "string", "filtered": "string"}
    rules = "".join(f" {name}={quoteattr(rule)}" for name, rule in question.rules)
    kind = kinds.get(question.kind, question.kind)
    return f"<bind nodeset='{question.path}' type='{kind}'{rules}/>"


def _control(question: Question) -> str:
    label = f"<label>{question.name}{question.label}</label>"
    if question.kind in {"one", "many", "filtered"}:
        tag = "select" if question.kind == "many" else "select1"
        chosen = f"[{escape(question.filter)}]" if question.filter else ""
        return (
            f"<{tag} ref='{question.path}'>{label}"
            f"<itemset nodeset=\"instance('list')/root/item{chosen}\">"
            f"<value ref='name'/><label ref='name'/></itemset></{tag}>"
        )
    return f"<input ref='{question.path}'>{label}</input>"


# --- expressions ---


@st.composite
def expressions(draw: st.DrawFn, seen: tuple[Question, ...], within: bool, depth: int = 2) -> str:
    """An expression over the questions `seen`, as one inside or outside of the repeat writes it."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(leaves(seen, within))
    one, two, three = (draw(expressions(seen, within, depth - 1)) for _ in range(3))
    return draw(st.sampled_from(_SHAPES)).format(one, two, three)


_SHAPES = (
    "{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} div {1}", "{0} mod {1}", "{0} = {1}",
    "{0} != {1}", "{0} < {1}", "{0} >= {1}", "boolean({0} and {1})", "boolean({0} or {1})",
    "if({0}, {1}, {2})", "coalesce({0}, {1})", "concat({0}, '-', {1})", "not({0})",
    "selected({0}, {1})", "string-length({0})", "contains({0}, {1})", "starts-with({0}, {1})",
    "substr({0}, 0, 1)", "round({0})", "int({0})", "number({0})", "string({0})",
    "count-selected({0})", "selected-at({0}, 0)", "translate({0}, 'a', 'b')",
    "normalize-space({0})", "boolean-from-string({0})", "max({0}, {1})", "min({0}, {1})",
    "abs({0})", "floor({0})", "ceiling({0})", "pow({0}, 2)", "({0})", "-{0}", "join(',', {0}, {1})",
    "regex({0}, '^[a-z]+$')", "ends-with({0}, {1})", "checklist(1, 2, {0}, {1})",
    "round({0}, 1)", "substring-before({0}, {1})", "substring-after({0}, 'a')",
)  # fmt: skip


@st.composite
def leaves(draw: st.DrawFn, seen: tuple[Question, ...], within: bool) -> str:
    """A literal, a path, or something that counts."""
    fixed = st.sampled_from(["0", "1", "2", "3.5", "'a'", "'ab'", "''", "'2024-02-29'", "true()"])
    paths = [f"../{q.name}" if within and q.within else q.path for q in seen]
    reached = [p for p, q in zip(paths, seen, strict=True) if within or not q.within]
    many = [p for p, q in zip(paths, seen, strict=True) if q.within and not within]
    options = [fixed]
    if reached:
        options += [st.sampled_from(reached)] * 3
    if within:
        options.append(st.just("position(..)"))
    for path in many:
        counts = [f"count({path})", f"sum({path})", f"count(/data/{REPEAT})"]
        counts += [f"join(',', {path})", f"count-non-empty({path})"]
        name = path.rpartition("/")[2]
        counts += [f"/data/{REPEAT}[2]/{name}", f"count(/data/{REPEAT}[{name} != ''])"]
        options.append(st.sampled_from(counts))
    return draw(st.one_of(options))


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """A form of up to seven questions."""
    size = draw(st.integers(2, 7))
    first, last = sorted(draw(st.tuples(st.integers(0, size), st.integers(0, size))))
    questions: list[Question] = []
    for at in range(size):
        within = first <= at < last
        seen = tuple(questions)
        kind = draw(st.sampled_from(TYPES))
        rules: list[tuple[str, str]] = []
        for name in ("calculate", "relevant", "readonly", "required", "constraint"):
            if name == "calculate" and kind in {"one", "many", "filtered"}:
                continue
            rare = 2 if name in {"calculate", "relevant"} else 4
            if draw(st.integers(0, rare)) == 0:
                rule = draw(expressions(seen, within))
                rule = f". != {rule}" if name == "constraint" else rule
                counted = name == "calculate" and kind in {"int", "decimal"}
                rules.append((name, f"number({rule})" if counted else rule))
        label = ""
        if draw(st.integers(0, 3)) == 0:
            label = f" <output value={quoteattr(draw(expressions(seen, within, 1)))}/>"
        test = draw(expressions(seen, within, 1)) if kind == "filtered" else ""
        if test:
            test = draw(st.sampled_from(["size = {}", "name != {}", "contains(name, {})"]))
            test = test.format(draw(leaves(_absolute(seen, within), False)))
        questions.append(Question(f"q{at}", kind, within, tuple(rules), label, test))
    outside = tuple(q for q in questions[:first] if not q.within)
    count = draw(st.sampled_from(["", "", "2"] + [q.path for q in outside if q.kind == "int"]))
    group = draw(st.one_of(st.just(""), expressions(outside, False, 1)))
    return Sketch(tuple(questions), count if last > first else "", group if last > first else "")


def _absolute(seen: tuple[Question, ...], within: bool) -> tuple[Question, ...]:
    """Those that a filter reaches by an absolute path."""
    return tuple(q for q in seen if not (within and q.within))
