"""Forms with something wrong: `python -m tests.forms.fuzz_forms --count 10000 --seed 1`.

Real forms are mutated and filled with random answers. Whatever comes of it, it is refused with one
of our errors, and no step takes longer than a second.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from lxml import etree

from forms import Form, FormError, Session, load_form
from forms.authoring import compile_xlsform
from tests.forms.kit import NOW, Around
from tests.forms.xpath.fuzz import expression

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared/conformance/forms"
DIVISIONS = ROOT / "resources/codes/divisions.csv"
MAX_BYTES = 120_000  # a mutation of more is a mutation of less, only slower
STEP_S = 1.0
_RULES = ("relevant", "calculate", "constraint", "required", "readonly", "nodeset", "ref", "value")
_NASTY = (
    "", " ", "0", "-1", "1e308", "9" * 23, "true()", ".", "..", "/", "//*", "/data",
    "(a+)+$", "é" * 300, "'", "[", "jr:itext('", "instance('x')/root/item", "current()/.",
    "count(//*)", "1 div 0", "string-length(//node())", "../../../..", "@id",
)  # fmt: skip
_ANSWERS = (
    "", "1", "-7", "3.25", "2024-02-30", "2024-02-29", "10:30", "a b c", "yes", "é" * 2000, "NaN",
    "1 2 0 0", "1 2 0 0;3 4 0 0;1 2 0 0", "Infinity", "<b>", "\n", "2024-02-29T10:00:00.000+08:00",
)  # fmt: skip
Resources = Mapping[str, bytes]


@dataclass
class Report:
    """What happened.

    Attributes:
        outcomes: How often a form was filled, or refused with which error.
        slowest: Seconds of the slowest step, and which.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step, one that ends in an error too."""
        begun = time.process_time()
        try:
            yield
        finally:
            self.slowest = max(self.slowest, (time.process_time() - begun, name))


def sources() -> list[tuple[bytes, Resources]]:
    """Forms to start from: those of the corpus, where it is, and our own."""
    found: list[tuple[bytes, Resources]] = []
    for path in sorted(CORPUS.rglob("*.xml")):
        if path.stat().st_size <= MAX_BYTES:
            beside = {each.name: each.read_bytes() for each in _lists(path.parent)}
            found.append((path.read_bytes(), beside))
    few = b"".join(DIVISIONS.read_bytes().splitlines(keepends=True)[:200])
    for path in sorted((ROOT / "resources/services").glob("*/form.xlsx")):
        authored = compile_xlsform(path.read_bytes())
        if len(authored.xform) <= MAX_BYTES:
            found.append((authored.xform, {**authored.resources, DIVISIONS.name: few}))
    return found


def _lists(folder: Path) -> Iterator[Path]:
    for ending in ("*.csv", "*.geojson"):
        yield from (path for path in folder.glob(ending) if path.stat().st_size <= MAX_BYTES)


# --- mutations ---


def mutated(rng: random.Random, source: bytes) -> bytes:
    """`source` with a few things changed, most of them in its tree."""
    if rng.random() < 0.1:
        return _bytes_changed(rng, source)
    try:
        root = etree.fromstring(source)
    except etree.XMLSyntaxError:
        return _bytes_changed(rng, source)
    for _ in range(rng.randint(1, 4)):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        rng.choice(_CHANGES)(rng, rng.choice(elements), elements)
    return etree.tostring(root)


def _bytes_changed(rng: random.Random, source: bytes) -> bytes:
    at, to = sorted(rng.randrange(len(source) + 1) for _ in range(2))
    return rng.choice(
        (
            source[:at],
            source[:at] + bytes([rng.randrange(256)]) + source[at + 1 :],
            source[:at] + source[to:] if to - at < 500 else source[:at] + source[at + 9 :],
            source[:at] + b"<!--" + source[at:],
            b'<!DOCTYPE a [<!ENTITY x "y">]>' + source.replace(b"</", b"&x;</", 1),
        )
    )


Change = Callable[[random.Random, etree._Element, list[etree._Element]], None]


def _drop(_rng: random.Random, one: etree._Element, _all: list[etree._Element]) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _double(rng: random.Random, one: etree._Element, _all: list[etree._Element]) -> None:
    parent = one.getparent()
    if parent is not None and sum(1 for _ in one.iter()) < 400:
        for _ in range(rng.choice((1, 1, 1, 20))):
            parent.append(deepcopy(one))


def _move(rng: random.Random, one: etree._Element, every: list[etree._Element]) -> None:
    target = rng.choice(every)
    if one.getparent() is not None and one not in {target, *target.iterancestors()}:
        target.append(one)


def _rename(rng: random.Random, one: etree._Element, every: list[etree._Element]) -> None:
    one.tag = rng.choice(every).tag


def _text(rng: random.Random, one: etree._Element, _all: list[etree._Element]) -> None:
    one.text = rng.choice(_NASTY)


def _attribute(rng: random.Random, one: etree._Element, every: list[etree._Element]) -> None:
    names = list(one.attrib) or [rng.choice(_RULES)]
    others = [value for each in every for value in each.attrib.values()] or [""]
    value = rng.choice((str(rng.choice(others)), rng.choice(_NASTY), expression(rng, 3)))
    one.set(rng.choice(names), value)


def _rule(rng: random.Random, one: etree._Element, every: list[etree._Element]) -> None:
    binds = [each for each in every if str(each.tag).endswith("bind")] or [one]
    rng.choice(binds).set(rng.choice(_RULES), rng.choice((rng.choice(_NASTY), expression(rng, 3))))


def _unset(rng: random.Random, one: etree._Element, _all: list[etree._Element]) -> None:
    if one.attrib:
        del one.attrib[rng.choice(list(one.attrib))]


_CHANGES: tuple[Change, ...] = (
    _drop, _double, _move, _rename, _text, _attribute, _attribute, _rule, _rule, _unset,
)  # fmt: skip


# --- filling ---


def fill(rng: random.Random, form: Form, report: Report) -> None:
    """Answer what can be answered, add and remove, check, finalise, resume."""
    with report.step("begin"):
        session = form.new_session(**_around(rng), location=lambda: "1 2 0 0")
    for _ in range(12):
        with report.step("answer"):
            _act(rng, session)
    with report.step("finalise"):
        session.finalise()
    with report.step("resume"):
        form.resume(session.xml(), **_around(rng)).check()


def _act(rng: random.Random, session: Session) -> None:
    ref = rng.choice(session.nodes())
    try:
        view = session.view(ref)
        if view.kind == "repeat-range":
            session.add_repeat(ref)
        elif view.kind == "repeat-instance":
            session.remove_repeat(ref)
        elif view.choices:
            session.answer(ref, rng.choice(view.choices).value)
        else:
            session.answer(ref, rng.choice(_ANSWERS))
        if session.languages:
            session.set_language(rng.choice(session.languages))
    except FormError:
        pass  # one answer is refused; the next may be taken


def _around(rng: random.Random) -> Around:
    return Around(
        now=lambda: NOW,
        today=NOW.date,
        new_id=lambda: str(UUID(int=rng.getrandbits(128))),
        random=rng.random,
    )


def try_one(known: list[tuple[bytes, Resources]], name: str, report: Report) -> None:
    """Try the mutated form called `name`: the same name is the same form.

    Raises:
        Exception: Anything but one of our errors, or a step took too long; the form is noted.
    """
    rng = random.Random(name)
    source, resources = rng.choice(known)
    changed = mutated(rng, source)
    report.slowest = (0.0, "")
    try:
        with report.step("load"):
            form = load_form(changed, resources)
        fill(rng, form, report)
        report.outcomes["filled"] += 1
    except FormError as error:
        report.outcomes[type(error).__name__] += 1
    except BaseException as error:
        error.add_note(f"form {name}:\n{changed.decode(errors='replace')}")
        raise
    if report.slowest[0] > STEP_S:
        raise AssertionError(f"form {name}: {report.slowest}")


def run(count: int, seed: int) -> Report:
    """Try `count` mutated forms; raises as `try_one`."""
    known, report, slowest = sources(), Report(), (0.0, "")
    for number in range(count):
        try_one(known, f"{seed}:{number}", report)
        slowest = max(slowest, report.slowest)
    report.slowest = slowest
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Mutate forms and fill them.")
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    told = run(chosen.count, chosen.seed)
    sys.stdout.write(f"{chosen.count} mutated forms: {dict(told.outcomes)}\n")
    sys.stdout.write(f"slowest step, in seconds of this process: {told.slowest}\n")
