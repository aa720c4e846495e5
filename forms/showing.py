"""What a node looks like now: labels, choices, conditions.

Spec: https://getodk.github.io/xforms-spec/#body-elements
"""

from __future__ import annotations

from forms.definition import Control, Label, Place, TextValue
from forms.nodes import ELEMENT, Node
from forms.parse import Definition
from forms.views import Choice, Condition, Kind, Media, NodeView, Problem, Range
from forms.xpath import Compiled, Context, Host, to_text

_EMPTY = TextValue()


class Showing:
    """Makes views of nodes of one session."""

    def __init__(self, definition: Definition, host: Host, root: Node) -> None:
        self._definition = definition
        self._host = host
        self._root = root
        self.missing: set[int] = set()

    def context(self, node: Node) -> Context:
        """Where the rules of `node` are evaluated."""
        return Context(node, self._host, root=self._root)

    # --- text ---

    def text(self, text_id: str) -> TextValue:
        """The text `text_id` in the language of the session, else in any that has it."""
        texts = self._definition.texts
        own = texts.get(self._host.language or "", {}).get(text_id)
        if own is not None:
            return own
        default = texts.get(self._definition.default_language or "", {})
        return default.get(text_id, _EMPTY)

    def parts(self, parts: tuple[str | Compiled, ...], node: Node) -> str:
        """`parts` as one string, outputs resolved at `node`."""
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        ctx = self.context(node)
        return "".join(part if isinstance(part, str) else part.stored(ctx) for part in parts)

    def value(self, label: Label | None, node: Node) -> TextValue:
        """The text of `label`."""
        if label is None:
            return _EMPTY
        if label.text_id is None:
            return TextValue(parts=label.parts)
        text_id = label.text_id
        found = self.text(text_id if isinstance(text_id, str) else text_id.text(self.context(node)))
        return TextValue(parts=label.parts) if found is _EMPTY and label.parts else found

    def words(self, label: Label | None, node: Node) -> str:
        """The words of `label`."""
        return self.parts(self.value(label, node).parts, node).strip()

    # --- conditions ---

    def holds(self, rule: Compiled | None, node: Node, *, otherwise: bool) -> bool:
        """Whether `rule` holds at `node`."""
        return otherwise if rule is None else rule.truth(self.context(node))

    def read_only(self, node: Node) -> bool:
        """Whether this node, or one above it, is read-only."""
        each: Node | None = node
        while each is not None and each.info is not None:
            bind = each.info.bind
            if self.holds(bind.readonly, each, otherwise=False):
                return True
            each = each.parent
        return False

    def problem(self, node: Node, ref: str) -> Problem | None:
        """What is wrong with the answer of a relevant node, or None."""
        bind = node.info.bind
        if not node.relevant or node.children:
            return None
        if node.text == "":
            if not self.holds(bind.required, node, otherwise=False):
                return None
            return self._problem(node, ref, "required", bind.required_message)
        if self.holds(bind.constraint, node, otherwise=True):
            return None
        return self._problem(node, ref, "constraint", bind.constraint_message)

    def _problem(self, node: Node, ref: str, what: Condition, label: Label | None) -> Problem:
        return Problem(ref, what, self.words(label, node))

    # --- choices ---

    def offered(self, control: Control, node: Node) -> list[str]:
        """Values of the choices of `control` at `node`, in order."""
        if control.itemset is None:
            return [choice.value for choice in control.choices]
        items = control.itemset.nodes.nodes(self.context(node))
        value = control.itemset.value
        return [value.text(Context(i, self._host, root=self._root, current=node)) for i in items]

    def choices(self, control: Control, node: Node) -> tuple[Choice, ...]:
        """Choices of `control` at `node`, in order."""
        fixed = tuple(
            Choice(each.value, self.words(each.label, node), self._media(each.label, node))
            for each in control.choices
        )
        if control.itemset is None:
            return fixed
        ctx = self.context(node)
        found: list[Choice] = []
        itemset = control.itemset
        for item in itemset.nodes.nodes(ctx):
            here = Context(item, self._host, root=self._root, current=node)
            value = itemset.value.text(here)
            media = Media()
            if itemset.label is None:
                label = value
            elif itemset.label_is_text_id:
                text = self.text(to_text(itemset.label.evaluate(here)))
                label, media = self.parts(text.parts, node).strip(), text.media
            else:
                label = itemset.label.text(here)
            found.append(Choice(value, label, media))
        return (*found, *fixed)

    def _media(self, label: Label | None, node: Node) -> Media:
        return self.value(label, node).media

    # --- views ---

    def view(self, node: Node, ref: str, parent: str) -> NodeView:
        """The view of a node of the instance."""
        place: Place = node.info
        control = place.control
        kind = self.kind(node)
        worded = place.repeat if kind == "repeat-instance" else control
        label = self.value(worded.label if worded else None, node)
        hint = self.value(worded.hint if worded else None, node)
        bind = place.bind
        missing = id(node) in self.missing
        problem = self.problem(node, ref)
        if problem and problem.condition == "required" and not missing:
            problem = None
        return NodeView(
            ref=ref,
            kind=kind,
            data_type=bind.data_type,
            parent=parent,
            relevant=node.relevant,
            read_only=self.read_only(node),
            required=self.holds(bind.required, node, otherwise=False),
            answer=node.text if node.relevant and not node.children else "",
            label=self.parts(label.parts, node).strip(),
            hint=self.parts(hint.parts, node).strip(),
            guidance=self.parts(hint.guidance, node).strip(),
            short=self.parts(label.short, node).strip(),
            appearance=control.appearance if control else (),
            choices=self.choices(control, node) if control and _chooses(control) else (),
            problem=problem,
            media=label.media,
            can_remove=kind == "repeat-instance" and _free(place),
            range=_range(control) if control and control.kind == "range" else None,
            media_accept=control.media_accept if control else "",
            attributes=dict(control.attributes) if control else {},
        )

    def kind(self, node: Node) -> Kind:
        """What `node` is to a window."""
        place: Place = node.info
        if place.parent is None:
            return "root"
        if place.repeat is not None:
            return "repeat-instance"
        control = place.control
        if place.children:
            return "group"
        if control is None:
            return "value"
        if control.kind == "input" and self._note(control, place, node):
            return "note"
        return _KINDS[control.kind]

    def _note(self, control: Control, place: Place, node: Node) -> bool:
        rule = place.bind.readonly
        if rule is None or rule.reads.paths or not (control.label or control.hint):
            return False
        return self.holds(rule, node, otherwise=False) and not place.triggers

    def range_relevant(self, place: Place, holder: Node) -> bool:
        """Whether a repeat is shown: one of its instances is relevant, or a new one would be."""
        rule = place.bind.relevant
        if not holder.relevant or rule is None:
            return holder.relevant
        same = holder.named(place.path[-1])
        if same:
            return any(node.relevant for node in same)
        probe = Node(ELEMENT, place.path[-1], parent=holder)
        probe.info = place
        return rule.truth(self.context(probe))

    def can_grow(self, place: Place, holder: Node) -> bool:
        """Whether the person may add an instance."""
        return _free(place) and self.range_relevant(place, holder)

    def range_view(self, place: Place, holder: Node, ref: str, parent: str, count: int) -> NodeView:
        """The view of all instances of a repeat together."""
        control = place.repeat
        label = self.value(control.label if control else None, holder)
        return NodeView(
            ref=ref,
            kind="repeat-range",
            data_type="",
            parent=parent,
            relevant=self.range_relevant(place, holder),
            read_only=self.read_only(holder),
            required=False,
            label=self.parts(label.parts, holder).strip(),
            appearance=control.appearance if control else (),
            count=count,
            can_add=self.can_grow(place, holder),
        )


_KINDS: dict[str, Kind] = {
    "input": "input",
    "select-one": "select-one",
    "select-multiple": "select-multiple",
    "rank": "rank",
    "range": "range",
    "trigger": "trigger",
    "upload": "upload",
    "group": "group",
}


def _chooses(control: Control) -> bool:
    return control.kind in {"select-one", "select-multiple", "rank"}


def _free(place: Place) -> bool:
    return place.count is None and not place.fixed


def _range(control: Control) -> Range:
    given = control.attributes
    return Range(given.get("start", "0"), given.get("end", "10"), given.get("step", "1"))
