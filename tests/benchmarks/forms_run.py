"""One form in one fresh process: load it, answer it, filter, grow, serialise; prints one JSON line.

Times are CPU milliseconds, memory is the peak of the process in MiB. `forms_bench` starts it.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from forms import Form, Session, load_form
from forms.serialise import to_xml
from forms.views import NodeView

NOW = datetime.now(UTC)
AROUND: dict[str, Any] = {
    "now": lambda: NOW,
    "today": NOW.date,
    "new_id": lambda: "00000000-0000-4000-8000-000000000001",
    "random": lambda: 0.5,
}
GIVEN = {"int": "7", "decimal": "7", "string": "abc", "date": "2018-01-02"}
Deed = dict[str, str]
P = ParamSpec("P")
T = TypeVar("T")


def timed(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """What `work` answers, and its CPU time in ms."""
    begun = time.process_time_ns()
    answer = work(*args, **kwargs)
    return answer, (time.process_time_ns() - begun) / 1e6


def median(times: list[float]) -> float:
    """The middle one."""
    return sorted(times)[len(times) // 2]


def main(path: Path, spec: dict[str, Any]) -> dict[str, Any]:
    """Everything that `spec`, an entry of the manifest, asks for."""
    source = path.read_bytes()
    names = set(re.findall(rb"jr://[a-z-]+/([^\"'<]+)", source))
    resources = {p.name: p.read_bytes() for p in path.parent.iterdir() if p.name.encode() in names}
    form, loading = timed(load_form, source, resources)
    session, beginning = timed(form.new_session, **AROUND)
    found: dict[str, Any] = {"load": loading + beginning}
    found |= _answers(session, spec) | _filters(session, spec) | _growth(session, spec)
    if spec.get("real"):
        found |= walk(session)
    found["serialise"] = median([timed(session.xml)[1] for _ in range(7)])
    found["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["state"] = state(form, session, spec, found.get("deeds"))
    return found


def _check(wrong: list[str], session: Session, rule: dict[str, Any], at: int) -> None:
    got, wanted = session.view(rule["ref"]).answer, rule["expect"][at]
    close = rule.get("approx") and abs(float(got) - float(wanted)) < 1e-9
    if got != wanted and not close:
        wrong.append(f"{rule['ref']} is {got}, not {wanted}")


def _answers(session: Session, spec: dict[str, Any]) -> dict[str, Any]:
    change = spec.get("change")
    if change is None:
        return {}
    ref, values = change["ref"], change["values"]
    times = [timed(session.answer, ref, values[n % len(values)])[1] for n in range(60)]
    wrong: list[str] = []
    for at in range(min(2, len(values))):
        session.answer(ref, values[at])
        for rule in change["check"]:
            _check(wrong, session, rule, at)
    return {"answer": median(times[5:]), "slowest": max(times[5:]), "wrong": wrong}


def _filters(session: Session, spec: dict[str, Any]) -> dict[str, Any]:
    wanted = spec.get("filter")
    if wanted is None:
        return {}
    wrong: list[str] = []

    def filter_by(pair: list[str], first: str) -> None:
        for ref, value in zip(wanted["set"], pair, strict=True):
            session.answer(ref, value)
        choices = [(each.value, each.label) for each in session.view(wanted["read"]).choices]
        if len(choices) != wanted["expect_len"] or choices[0][0] != first:
            wrong.append(f"{len(choices)} choices, first {choices[0]}")

    asked = zip(wanted["values"], wanted["expect_first"], strict=True)
    times = [timed(filter_by, pair, first)[1] for pair, first in asked]
    return {"first_filter": times[0], "filter": median(times[1:]), "wrong": wrong}


def _growth(session: Session, spec: dict[str, Any]) -> dict[str, Any]:
    repeat = spec.get("repeat")
    if repeat is None:
        return {}
    ref = repeat["ref"]
    times = [timed(session.add_repeat, ref)[1] for _ in range(15)]
    count = session.view(ref).count
    wrong = [] if count == repeat["instances"] + 15 else [f"{count} instances"]
    if "count_ref" in repeat and session.view(repeat["count_ref"]).answer != str(count):
        wrong.append("the form counts its instances wrongly")
    for _ in range(15):
        session.remove_repeat(f"{ref}[{session.view(ref).count}]")
    return {"add": median(times), "wrong_count": wrong}


def value_for(view: NodeView) -> str:
    """What a person in a hurry would answer; "" when nothing fits."""
    if view.read_only or not view.relevant:
        return ""
    if view.kind in {"select-one", "select-multiple"} and view.choices:
        values = [choice.value for choice in view.choices]
        return "yes" if "yes" in values else values[0]
    if view.kind == "input":
        return GIVEN.get(view.data_type, "")
    return ""


def walk(session: Session) -> dict[str, Any]:
    """One pass over the questions in the order of the form, as a person would fill it in."""
    times: list[float] = []
    views: list[float] = []
    deeds: list[Deed] = []
    seen: set[str] = set()
    left = list(reversed(session.nodes()))
    while left:
        ref = left.pop()
        if ref in seen:
            continue
        seen.add(ref)
        view, spent = timed(session.view, ref)
        views.append(spent)
        value = value_for(view)
        if value:
            changes, spent = timed(session.answer, ref, value)
            times.append(spent)
            deeds.append({"ref": ref, "value": value, "type": view.data_type})
            if changes.structure:
                left = list(reversed(session.nodes()))
    return {
        "answer": median(times),
        "slowest": max(times),
        "slowest_at": deeds[times.index(max(times))]["ref"],
        "answered": len(times),
        "view": median(views),
        "slowest_view": max(views),
        "deeds": deeds,
    }


def state(
    form: Form, used: Session, spec: dict[str, Any], walked: list[Deed] | None
) -> dict[str, Any]:
    """Deeds for another engine to repeat, and what the submission is after them."""
    if walked is not None:
        return {"deeds": walked, "xml": _sent(used)}
    session = form.new_session(**AROUND)
    deeds: list[Deed] = []
    if change := spec.get("change"):
        ref, data_type = change["ref"], change["type"]
        deeds += [{"ref": ref, "value": v, "type": data_type} for v in change["values"][:2]]
    if wanted := spec.get("filter"):
        pairs = zip(wanted["set"], wanted["values"][0], strict=True)
        deeds += [{"ref": ref, "value": value, "type": "string"} for ref, value in pairs]
    for deed in deeds:
        session.answer(deed["ref"], deed["value"])
    return {"deeds": deeds, "xml": _sent(session)}


def _sent(session: Session) -> str:
    return to_xml(session._instance.root, only_relevant=True).decode()


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), json.loads(sys.argv[2]))))  # noqa: T201
