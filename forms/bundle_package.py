"""A bundle together with the packages of its parts: what a clerk sees as one service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from forms.answers import give_sample
from forms.bundle import Bundle
from forms.bundle_session import BundleForm, BundleSession
from forms.form import Form
from forms.service import Finding, Limits, Material, ServicePackage

Parts = Mapping[str, ServicePackage]


def combine(package: ServicePackage, parts: Parts) -> ServicePackage:
    """The bundle with what its parts ask for, each shared question and paper once.

    Args:
        package: Of the bundle.
        parts: The packages of all its parts, by service, in the bundle's versions.
    """
    bundle = package.bundle
    if bundle is None:
        return package
    first = bundle.parts[0]
    ordered = [(part, parts[part.service]) for part in bundle.parts]
    promised = [p.limits.promised or p.limits.statutory for _, p in ordered]
    statutory = [p.limits.statutory for _, p in ordered]
    return replace(
        package,
        limits=Limits(_longest(statutory), _longest(promised), package.limits.note),
        applicant={role: first.put(ref) for role, ref in parts[first.service].applicant.items()},
        grades={part.put(ref): grade for part, p in ordered for ref, grade in p.grades.items()},
        prefill=_once(
            bundle, {(part.service, r): v for part, p in ordered for r, v in p.prefill.items()}
        ),
        sample=package.sample
        or _once(
            bundle, {(part.service, r): v for part, p in ordered for r, v in p.sample.items()}
        ),
        materials=tuple(_materials(bundle, parts)),
        basis=tuple(dict.fromkeys(basis for _, p in ordered for basis in p.basis)),
        lists=tuple(dict.fromkeys(name for _, p in ordered for name in p.lists)),
    )


def form_of(package: ServicePackage, parts: Parts, forms: Mapping[str, Form]) -> BundleForm:
    """The forms of a bundle's parts as one.

    Raises:
        ValueError: It is no bundle.
    """
    if package.bundle is None:
        raise ValueError(package.id)
    names = {name: (p.name.zh, p.name.en or p.name.zh) for name, p in parts.items()}
    ordered = {part.service: forms[part.service] for part in package.bundle.parts}
    return BundleForm(package.bundle, ordered, names)


def material_of(bundle: Bundle, parts: Parts, material_id: str, service: str) -> str:
    """What a part calls a paper of the bundle; "" where it does not ask for it."""
    owner, _, own = material_id.partition("/")
    asked = next(m for m in parts[owner].materials if m.id == own)
    members = bundle.members(owner, asked.question)
    return next((m.id for m in parts[service].materials if (service, m.question) in members), "")


def check_bundle(
    package: ServicePackage, parts: Parts, forms: Mapping[str, Form], *, now: datetime
) -> tuple[Finding, ...]:
    """Everything an author has to mend in a bundle whose parts are in order.

    Codes beside those of `check_package`: `shared-missing` a shared ref that fewer than two parts
    have, `shared-kind` parts that ask for it in different ways, `shared-repeat` a list in it,
    `audit` a part that keeps a log of each question.
    """
    bundle = package.bundle
    if bundle is None:
        return ()
    whole = combine(package, parts)
    session = form_of(package, parts, forms).new_session(
        now=lambda: now, today=now.date, new_id=lambda: "sample", random=lambda: 0.5
    )
    audited = (Finding("service.toml", n, "audit") for n, f in forms.items() if f.wants_audit)
    found = [*audited, *_shared_findings(bundle, session)]
    found += [Finding("sample.json", ref, "refused") for ref in give_sample(whole, session)]
    found += [Finding("sample.json", p.ref, p.condition) for p in session.check()]
    return tuple(found)


def _shared_findings(bundle: Bundle, session: BundleSession) -> Iterator[Finding]:
    for shared in bundle.shared:
        asked = []
        for service, ref in shared.refs.items():
            inner = session.part(service)
            known = [each for each in inner.nodes() if f"{each}/".startswith(f"{ref}/")]
            if any(inner.view(each).kind == "repeat-range" for each in known):
                yield Finding("service.toml", f"/{service}{ref}", "shared-repeat")
            asked.append({each[len(ref) :]: inner.view(each) for each in known})
        places = [each for each in asked if each]
        if len(places) < 2:
            yield Finding("service.toml", next(iter(shared.refs.values())), "shared-missing")
        for below in {path for views in places for path in views}:
            views = [each[below] for each in places if below in each]
            kinds = {(v.kind, v.data_type, tuple(c.value for c in v.choices)) for v in views}
            if len(kinds) > 1:
                yield Finding("service.toml", views[0].ref, "shared-kind")


def _materials(bundle: Bundle, parts: Parts) -> Iterator[Material]:
    """Each paper once; needed as one part needs it most, and replaced by what any of them takes."""
    papers: dict[object, Material] = {}
    for part in bundle.parts:
        for each in parts[part.service].materials:
            group = bundle.members(part.service, each.question) if each.question else ()
            key: object = group if len(group) > 1 else (each.question and part.service, each.name)
            paper = replace(each, id=f"{part.service}/{each.id}", question=part.put(each.question))
            before = papers.setdefault(key, paper)
            papers[key] = replace(
                before,
                when=before.when and each.when,
                licence=before.licence or each.licence,
                free_if=before.free_if if before.licence else each.free_if,
            )
    yield from papers.values()


def _once(bundle: Bundle, values: Mapping[tuple[str, str], str]) -> dict[str, str]:
    made: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for (service, ref), value in values.items():
        group = bundle.members(service, ref)
        if not seen.intersection(group):
            at = group[-1] if bundle.is_last(service, ref) else (service, ref)
            made[f"/{at[0]}{at[1]}"] = value
        seen.update(group)
    return made


def _longest(days: list[int | None]) -> int | None:
    known = [each for each in days if each]
    return max(known) if known else None
