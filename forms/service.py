"""A service package: everything an office needs to offer one service, as a folder of files.

`service.toml` (facts), `form.xlsx` (XLSForm), `guide.md` and `guide.en.md`, `rules.toml` (a list
of conditions that can be explained), `sample.json` (a filled sample). Lists such as
`divisions.csv` are named in `service.toml` and handed in by the caller.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from forms.answers import give_sample, shown, speak
from forms.authoring import compile_xlsform
from forms.bundle import Bundle, read_bundle
from forms.errors import FormError, PackageBroken, PackageFileMissing
from forms.form import Form, load_form
from forms.session import Session
from forms.views import NodeView

GRADES = ("public", "internal", "sensitive", "core")
OPERATORS = ("=", ">=", "filled")
DECIDERS = ("province", "office")
_PLACE = re.compile(r"\{(/[^{}|]+)(?:\|(\w+))?\}")
Verdict = Literal["pass", "fail", "open"]

FOREIGN_FORM = "form.xml"  # in a package made from another server's form, in place of form.xlsx


@dataclass(frozen=True)
class Words:
    """The same thing said in Chinese and in English."""

    zh: str = ""
    en: str = ""

    def get(self, language: str) -> str:
        """The words of a language tag such as `zh_CN` or `en`; Chinese for any other."""
        return (self.en or self.zh) if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Limits:
    """Time limits in working days; None where none is laid down."""

    statutory: int | None
    promised: int | None
    note: Words


@dataclass(frozen=True)
class Material:
    """A document the service asks for.

    Attributes:
        form: original or copy.
        question: Ref of the upload that takes its picture; "" for none.
        when: Condition under which it is needed, as the author wrote it; "" for always.
        free_if: What replaces it where it can be looked up.
        licence: Kind of electronic licence that stands in its place; "" for none.
    """

    id: str
    name: Words
    form: str
    question: str
    when: str
    free_if: Words
    licence: str = ""


@dataclass(frozen=True)
class Basis:
    """A legal basis and how far it is verified."""

    name: Words
    note: Words
    standing: str


@dataclass(frozen=True)
class Leaf:
    """One condition: `field` is a ref, `operator` one of `OPERATORS`."""

    field: str
    operator: str
    value: str
    why: Words


@dataclass(frozen=True)
class LeafResult:
    """What became of a condition; None while its question is unanswered."""

    leaf: Leaf
    passed: bool | None


@dataclass(frozen=True)
class CertificatePlan:
    """What a grant prints. `fields` hold texts with `{ref}`, `{ref|date}` and `{ref|sex}`."""

    template: str
    title: Words
    fields: Mapping[str, str]
    valid_months: int


@dataclass(frozen=True)
class Decision:
    """Who decides: the province, or the office that took the case in.

    Attributes:
        divisions: Beginnings of the division codes of offices that may; () for every office.
    """

    by: str = "province"
    divisions: tuple[str, ...] = ()

    def lies_with(self, division: str) -> bool:
        """Whether an office of this division decides by itself."""
        mine = not self.divisions or division.startswith(self.divisions)
        return self.by == "office" and mine


@dataclass(frozen=True)
class Origin:
    """Where a form of another server comes from.

    Attributes:
        project: Id of the project here; `name` is what people call it.
        host: The server, as it may be shown.
        form_id: As the server calls the form, in all its versions.
        fetched_at: When this version came.
    """

    project: str
    name: str
    host: str
    form_id: str
    fetched_at: datetime | None = None


@dataclass(frozen=True)
class ServicePackage:
    """One version of one service. Texts are as the author wrote them.

    Attributes:
        origin: For a form of another server; None for a service of the province.
    """

    id: str
    version: str
    item_code: str
    name: Words
    department: Words
    audience: Words
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    result: str
    limits: Limits
    applicant: Mapping[str, str]
    grades: Mapping[str, str]
    receipt: str
    certificate: CertificatePlan | None
    basis: tuple[Basis, ...]
    materials: tuple[Material, ...]
    match: str
    leaves: tuple[Leaf, ...]
    guide: Words
    sample: Mapping[str, str]
    lists: tuple[str, ...]
    files: Mapping[str, bytes] = field(repr=False)
    prefill: Mapping[str, str] = field(default_factory=dict)  # field of the resident base by ref
    decision: Decision = Decision()
    origin: Origin | None = None
    bundle: Bundle | None = None  # what it is made of, where it is one thing of several services

    def open_form(self, lists: Mapping[str, bytes]) -> Form:
        """Compile and load the form; takes a second or so, the caller keeps it.

        Raises:
            FormError: The form cannot be used, or it is a bundle, which has none of its own.
        """
        if FOREIGN_FORM in self.files:
            return load_form(self.files[FOREIGN_FORM], self.files)
        _demand(self.files, "form.xlsx")
        authored = compile_xlsform(self.files["form.xlsx"])
        own = {name: lists[name] for name in self.lists if name in lists}
        return load_form(authored.xform, {**authored.resources, **own})


@dataclass(frozen=True)
class Finding:
    """Something an author has to mend. `place` is a key, a ref or a line; `why` a code."""

    file: str
    place: str
    why: str


def load_package(files: Mapping[str, bytes]) -> ServicePackage:
    """Read a package; its form is compiled later.

    Args:
        files: Content by name within the package's folder.

    Raises:
        PackageFileMissing: A file that each package has is not there.
        PackageBroken: A file cannot be read; says file and place.
    """
    _demand(files, "service.toml", "guide.md", "guide.en.md")
    facts = _toml(files, "service.toml")
    if "part" in facts:
        facts, rules = {"applicant": {}, "result": "bundle", **facts}, {}
    else:
        _demand(files, "form.xlsx", "rules.toml")
        rules = _toml(files, "rules.toml")
    try:
        return _package(facts, rules, files)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PackageBroken(file="service.toml", place=str(error).strip("'\"")[:80]) from None


def _demand(files: Mapping[str, bytes], *names: str) -> None:
    for name in names:
        if name not in files:
            raise PackageFileMissing(file=name)


def judge(package: ServicePackage, value_of: Callable[[str], str]) -> tuple[LeafResult, ...]:
    """Try every condition on the answers; `value_of` gives the answer of a ref, "" for none."""
    return tuple(LeafResult(leaf, _passed(leaf, value_of(leaf.field))) for leaf in package.leaves)


def verdict(package: ServicePackage, results: tuple[LeafResult, ...]) -> Verdict:
    """What the conditions say together; open while an answer that matters is missing."""
    passed = [result.passed for result in results]
    if package.match == "any":
        if any(p is True for p in passed):
            return "pass"
        return "open" if any(p is None for p in passed) else "fail"
    if any(p is False for p in passed):
        return "fail"
    return "open" if any(p is None for p in passed) else "pass"


def certificate_fields(package: ServicePackage, session: Session) -> dict[str, str]:
    """Texts of the certificate that the answers decide, in Chinese; {} without certificate.

    Args:
        package: The service.
        session: On the submission; its language is set to Chinese.
    """
    if package.certificate is None:
        return {}
    speak(session, "zh")
    known = set(session.nodes())

    def put(match: re.Match[str]) -> str:
        ref, style = match.group(1), match.group(2)
        return _styled(session.view(ref), style or "") if ref in known else ""

    return {name: _PLACE.sub(put, text) for name, text in package.certificate.fields.items()}


def check_package(
    files: Mapping[str, bytes], lists: Mapping[str, bytes], *, now: datetime
) -> tuple[Finding, ...]:
    """Everything an author has to mend; () when the package can be offered.

    Args:
        files: As for `load_package`.
        lists: Shared lists by file name.
        now: Aware; the day of the sample.

    Of a bundle only its own texts; see `forms.bundle_package.check_bundle`.
    """
    try:
        package = load_package(files)
    except FormError as error:
        fields = error.fields
        return (Finding(str(fields.get("file", "")), str(fields.get("place", "")), error.code),)
    if package.bundle is not None:  # `bundle_package.check_bundle` looks at it with its parts
        return tuple(_wrong_words(package))
    missing = [Finding("service.toml", name, "list") for name in package.lists if name not in lists]
    try:
        form = package.open_form(lists)
    except FormError as error:
        place = " ".join(str(value) for value in error.fields.values())
        return (*missing, Finding("form.xlsx", place[:200], error.code))
    session = form.new_session(
        now=lambda: now,
        today=now.date,
        new_id=lambda: "sample",
        random=lambda: 0.5,
        location=lambda: "",
    )
    beyond = tuple(
        Finding("form.xlsx", f"{feature} {line}", "F111") for feature, _, line in form.unsupported
    )
    refused = tuple(Finding("sample.json", ref, "refused") for ref in give_sample(package, session))
    problems = tuple(
        Finding("sample.json", problem.ref, problem.condition) for problem in session.check()
    )
    known = {re.sub(r"\[\d+\]", "", ref) for ref in session.nodes()}
    written = (*_wrong_refs(package, known), *_wrong_words(package))
    return (*missing, *beyond, *written, *refused, *problems)


def _toml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files[name].decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        place = re.search(r"line \d+", str(error))
        raise PackageBroken(file=name, place=place.group() if place else "") from None


def _words(facts: Mapping[str, Any], prefix: str = "") -> Words:
    return Words(str(facts.get(f"{prefix}zh", "")), str(facts.get(f"{prefix}en", "")))


def _package(
    facts: dict[str, Any], rules: dict[str, Any], files: Mapping[str, bytes]
) -> ServicePackage:
    limits = facts.get("limits", {})
    return ServicePackage(
        id=str(facts["id"]),
        version=str(facts["version"]),
        item_code=str(facts["item_code"]),
        name=_words(facts["name"]),
        department=_words(facts["department"]),
        audience=_words(facts["audience"]),
        aliases=tuple(facts.get("aliases", ())),
        tags=tuple(facts.get("tags", ())),
        result=str(facts["result"]),
        limits=Limits(limits.get("statutory"), limits.get("promised"), _words(limits, "note_")),
        applicant=dict(facts["applicant"]),
        grades=dict(facts.get("grades", {})),
        receipt=str(facts["receipt"]["template"]),
        certificate=_plan(facts.get("certificate")),
        basis=tuple(_basis(row) for row in facts.get("basis", ())),
        materials=tuple(_material(row) for row in facts.get("materials", ())),
        match=str(rules.get("match", "all")),
        leaves=tuple(_leaf(row) for row in rules.get("leaves", ())),
        guide=Words(files["guide.md"].decode(), files["guide.en.md"].decode()),
        sample=json.loads(files.get("sample.json", b"{}")),
        lists=tuple(facts.get("lists", ())),
        files=dict(files),
        decision=_decision(facts.get("decision", {})),
        prefill=dict(facts.get("prefill", {})),
        bundle=read_bundle(facts),
    )


def _decision(raw: Mapping[str, Any]) -> Decision:
    return Decision(str(raw.get("by", "province")), tuple(map(str, raw.get("divisions", ()))))


def _plan(raw: Mapping[str, Any] | None) -> CertificatePlan | None:
    if raw is None:
        return None
    return CertificatePlan(
        template=str(raw["template"]),
        title=_words(raw, "title_"),
        fields=dict(raw.get("fields", {})),
        valid_months=int(raw.get("valid_months", 0)),
    )


def _basis(raw: Mapping[str, Any]) -> Basis:
    return Basis(_words(raw), _words(raw, "note_"), str(raw["standing"]))


def _material(raw: Mapping[str, Any]) -> Material:
    return Material(
        id=str(raw["id"]),
        name=_words(raw),
        form=str(raw["form"]),
        question=str(raw.get("question", "")),
        when=str(raw.get("when", "")),
        free_if=_words(raw, "free_if_shared_"),
        licence=str(raw.get("licence", "")),
    )


def _leaf(raw: Mapping[str, Any]) -> Leaf:
    why = Words(str(raw["why"]), str(raw.get("why_en", "")))
    return Leaf(str(raw["field"]), str(raw["operator"]), str(raw.get("value", "")), why)


def _passed(leaf: Leaf, value: str) -> bool | None:
    if leaf.operator == "filled":
        return True if value else None
    if not value:
        return None
    if leaf.operator == "=":
        return value == leaf.value
    try:
        return float(value) >= float(leaf.value)
    except ValueError:
        return False


def _styled(view: NodeView, style: str) -> str:
    if style == "sex":
        return {"1": "男", "2": "女"}.get(view.answer, "")
    if style == "date" and view.answer:
        try:
            day = date.fromisoformat(view.answer[:10])
        except ValueError:
            return view.answer
        return f"{day.year}年{day.month}月{day.day}日"
    return shown(view)


def _wrong_refs(package: ServicePackage, known: set[str]) -> Iterator[Finding]:
    named = [("applicant", ref) for ref in package.applicant.values()]
    named += [("grades", ref) for ref in package.grades]
    named += [("prefill", ref) for ref in package.prefill]
    named += [("materials", m.question) for m in package.materials if m.question]
    if package.certificate:
        for text in package.certificate.fields.values():
            named += [("certificate", ref) for ref, _ in _PLACE.findall(text)]
    for place, ref in named:
        if ref not in known:
            yield Finding("service.toml", f"{place}: {ref}", "ref")
    for leaf in package.leaves:
        if leaf.field not in known:
            yield Finding("rules.toml", leaf.field, "ref")


def _wrong_words(package: ServicePackage) -> Iterator[Finding]:
    for ref, grade in package.grades.items():
        if grade not in GRADES:
            yield Finding("service.toml", f"grades: {ref}", "grade")
    for leaf in package.leaves:
        if leaf.operator not in OPERATORS:
            yield Finding("rules.toml", leaf.operator, "operator")
    if package.decision.by not in DECIDERS:
        yield Finding("service.toml", f"decision: {package.decision.by}", "decider")
    pairs = {"name": package.name, "department": package.department, "audience": package.audience}
    for key, words in pairs.items():
        if not (words.zh and words.en):
            yield Finding("service.toml", key, "language")
