"""A session of a few rules, enough to drive the form window without the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forms.views import Changes, Choice, NodeView, Problem

SEX = (Choice("1", "男 Male"), Choice("2", "女 Female"))


def node(ref: str, kind: str, data_type: str = "string", **more: object) -> NodeView:
    base = NodeView(
        ref=ref,
        kind=kind,  # type: ignore[arg-type]
        data_type=data_type,
        parent=ref.rpartition("/")[0],
        relevant=True,
        read_only=False,
        required=False,
    )
    return replace(base, **more)  # type: ignore[arg-type]


class SmallSession:
    """A person (name required, sex, reason shown for "2"), then members as a repeat."""

    languages = ("English", "中文")

    def __init__(self) -> None:
        self.language: str | None = "English"
        self.answers: dict[str, str] = {}
        self.members = 0
        self.checked = False

    def nodes(self) -> tuple[str, ...]:
        refs = ["/d", "/d/person", *(f"/d/person/{n}" for n in ("name", "age", "sex", "reason"))]
        refs.append("/d/member")
        for number in range(1, self.members + 1):
            refs += [f"/d/member[{number}]", f"/d/member[{number}]/name"]
        return tuple(refs)

    def view(self, ref: str) -> NodeView:
        answer = self.answers.get(ref, "")
        zh = self.language == "中文"
        if ref == "/d":
            return node(ref, "root")
        if ref == "/d/person":
            return node(ref, "group", label="申请人" if zh else "Applicant")
        if ref == "/d/member":
            return node(ref, "repeat-range", label="Members", can_add=True, count=self.members)
        if ref.endswith("]"):
            return node(ref, "repeat-instance", parent="/d/member", can_remove=True)
        if ref == "/d/person/name":
            missing = Problem(ref, "required", "") if self.checked and not answer else None
            label = "姓名" if zh else "Name"
            return node(ref, "input", label=label, required=True, answer=answer, problem=missing)
        if ref == "/d/person/age":
            bad = answer != "" and int(answer) > 150
            problem = Problem(ref, "constraint", "Too old") if bad else None
            return node(ref, "input", "int", label="Age", answer=answer, problem=problem)
        if ref == "/d/person/sex":
            return node(ref, "select-one", label="Sex", choices=SEX, answer=answer)
        relevant = ref != "/d/person/reason" or self.answers.get("/d/person/sex") == "2"
        return node(ref, "input", label="Text", answer=answer, relevant=relevant)

    def answer(self, ref: str, value: object) -> Changes:
        self.answers[ref] = str(value or "")
        return Changes((ref, "/d/person/reason"))

    def add_repeat(self, ref: str, at: int | None = None) -> Changes:
        self.members += 1
        return Changes((ref,), structure=True)

    def remove_repeat(self, ref: str) -> Changes:
        gone = int(ref.rpartition("[")[2][:-1])
        names = [self.answers.pop(f"/d/member[{n}]/name", "") for n in range(1, self.members + 1)]
        del names[gone - 1]
        self.members -= 1
        self.answers |= {f"/d/member[{n}]/name": name for n, name in enumerate(names, 1)}
        return Changes(("/d/member",), structure=True)

    def look(self, refs: Iterable[str]) -> None:
        self.looked_at = tuple(refs)

    def set_language(self, name: str) -> Changes:
        self.language = name
        return Changes(self.nodes())

    def check(self) -> tuple[Problem, ...]:
        self.checked = True
        views = [self.view(ref) for ref in self.nodes()]
        return tuple(view.problem for view in views if view.relevant and view.problem)
