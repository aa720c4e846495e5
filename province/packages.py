"""The services the province knows: their names, their rules, what a grant prints.

A service package is a folder with `service.toml`, `form.xlsx` and more; `forms` reads and runs it.
"""

from __future__ import annotations

import calendar
import importlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from forms.views import NodeView, Problem


@dataclass(frozen=True)
class Answer:
    """One line of the case page. `depth` counts groups above; a heading has no value."""

    label: str
    value: str
    depth: int = 0
    heading: bool = False
    file: str = ""


@dataclass(frozen=True)
class CertificatePlan:
    """What a grant prints, but number and dates."""

    template: str
    template_version: str
    fields: Mapping[str, str]
    valid_months: int = 0

    def valid_until(self, issued: date) -> date | None:
        """Last day of validity; None without end."""
        if not self.valid_months:
            return None
        month = issued.month - 1 + self.valid_months
        year, month = issued.year + month // 12, month % 12 + 1
        return date(year, month, min(issued.day, calendar.monthrange(year, month)[1]))


class FormSession(Protocol):
    """What the province uses of `forms.Session`."""

    def nodes(self) -> tuple[str, ...]:
        """Refs in document order."""
        ...

    def view(self, ref: str) -> NodeView:
        """One node."""
        ...

    def check(self) -> tuple[Problem, ...]:
        """What does not hold."""
        ...

    def set_language(self, name: str) -> object:
        """Change the language of labels."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the form."""
        ...


@dataclass(frozen=True)
class Service:
    """One version of one service."""

    id: str
    version: str
    name: str
    name_en: str
    department: str
    resume: Callable[[bytes], FormSession]
    certificate: Mapping[str, Any] = field(default_factory=dict)

    def problems(self, xml: bytes) -> tuple[Problem, ...]:
        """What of the submission breaks the service's rules."""
        return self.resume(xml).check()

    def answers(self, xml: bytes, language: str) -> tuple[Answer, ...]:
        """All answers with their labels, in the order of the form; `language` is zh or en."""
        session = self.resume(xml)
        _speak(session, language)
        return tuple(_answers(session))

    def plan(self, xml: bytes) -> CertificatePlan | None:
        """The certificate of a grant; None when the service gives none."""
        if not self.certificate.get("template"):
            return None
        session = self.resume(xml)
        _speak(session, "zh")
        values = {ref: _shown(session.view(ref)) for ref in session.nodes()}
        root = session.nodes()[0]
        mapping: Mapping[str, str] = self.certificate.get("fields", {})
        return CertificatePlan(
            template=str(self.certificate["template"]),
            template_version=str(self.certificate.get("template_version", self.version)),
            fields={name: _field(values, root, source) for name, source in mapping.items()},
            valid_months=int(self.certificate.get("valid_months", 0)),
        )


class Services:
    """Services by id and version; the newest version of an id serves for unknown versions."""

    def __init__(self, services: Mapping[tuple[str, str], Service]) -> None:
        self._services = dict(services)

    def find(self, service_id: str, version: str) -> Service | None:
        """The service, or None when the province does not hold it."""
        return self._services.get((service_id, version))

    def departments(self) -> tuple[str, ...]:
        """Departments in order, each once."""
        return tuple(sorted({s.department for s in self._services.values() if s.department}))

    def __len__(self) -> int:
        return len(self._services)


def load_services(folder: Path) -> Services:
    """All packages in the folders below `folder`.

    Raises:
        forms.errors.FormError: A package is not sound; nothing is served half-read.
    """
    found: dict[tuple[str, str], Service] = {}
    for path in sorted(folder.glob("*/service.toml")):
        service = load_service(path.parent)
        found[service.id, service.version] = service
    return Services(found)


def load_service(folder: Path) -> Service:
    """One package from its folder; its form is compiled at the first use."""
    files = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    facts = tomllib.loads(files["service.toml"].decode())
    return Service(
        id=str(facts["id"]),
        version=str(facts["version"]),
        name=_name(facts, "zh"),
        name_en=_name(facts, "en"),
        department=_text(facts.get("department", "")),
        resume=_Resume(files),
        certificate=facts.get("certificate", {}),
    )


class _Resume:
    """Opens submissions on the form of a package, compiled once."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._form: Any = None

    def __call__(self, xml: bytes) -> FormSession:
        if self._form is None:
            package = importlib.import_module("forms.service").load_package(self._files)
            load_form = importlib.import_module("forms").load_form
            self._form = load_form(package.form_source, package.resources)
        session: FormSession = self._form.resume(
            xml,
            now=lambda: datetime.now(UTC).astimezone(),
            today=lambda: datetime.now(UTC).astimezone().date(),
            new_id=lambda: str(uuid4()),
            random=lambda: 0.5,
        )
        return session


def _answers(session: FormSession) -> Iterator[Answer]:
    for ref in session.nodes():
        view = session.view(ref)
        depth = max(0, ref.count("/") - 2)
        if not view.relevant or view.kind in ("root", "note", "repeat-range"):
            continue
        if view.kind in ("group", "repeat-instance"):
            if view.label:
                yield Answer(view.label, "", depth, heading=True)
        elif view.answer and view.label:
            file = view.answer if view.kind == "upload" else ""
            yield Answer(view.label, _shown(view), depth, file=file)


def _shown(view: NodeView) -> str:
    if view.kind in ("select-one", "select-multiple", "rank") and view.choices:
        labels = {choice.value: choice.label for choice in view.choices}
        return "、".join(labels.get(v, v) for v in view.answer.split())
    return view.answer


def _speak(session: FormSession, language: str) -> None:
    for name in session.languages:
        if name.lower() == language or f"({language}" in name.lower():
            session.set_language(name)


def _field(values: Mapping[str, str], root: str, source: str) -> str:
    return values.get(source) or values.get(f"{root}/{source}") or ""


def _name(facts: Mapping[str, Any], language: str) -> str:
    for key in ("name", "names"):
        value = facts.get(key)
        if isinstance(value, dict):
            return str(value.get(language, value.get("zh", "")))
    return str(facts.get(f"name_{language}") or facts.get("name") or facts["id"])


def _text(value: object) -> str:
    return str(value.get("zh", "")) if isinstance(value, dict) else str(value)
