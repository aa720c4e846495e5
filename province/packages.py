"""The services the province knows: their names, their rules, what a grant prints.

A service package is a folder with `service.toml`, `form.xlsx` and more; `forms` reads and runs it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from forms import Form, Session
from forms.answers import shown, speak
from forms.errors import UnknownNode
from forms.service import ServicePackage, certificate_fields, load_package
from forms.validity import last_day
from forms.views import Problem

CODES = Path(__file__).parents[1] / "resources" / "codes"


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
    """What a grant prints, but number and dates.

    `holder` and `id_no` are the form's own answers, which were checked; "" where it asks for none.
    """

    template: str
    template_version: str
    fields: Mapping[str, str]
    valid_months: int = 0
    holder: str = ""
    id_no: str = ""

    def valid_until(self, issued: date) -> date | None:
        """Last day of validity; None without end."""
        return last_day(issued, self.valid_months)


@dataclass(frozen=True)
class Service:
    """One version of one service. `sha256` covers all files of its package.

    `published`: it came through the repository, so no office is offered it before a release.
    """

    id: str
    version: str
    name: str
    name_en: str
    department: str
    resume: Callable[[bytes], Session]
    package: ServicePackage
    sha256: str = ""
    published: bool = False

    def problems(self, xml: bytes) -> tuple[Problem, ...]:
        """What of the submission breaks the service's rules."""
        return self.resume(xml).check()

    def answers(self, xml: bytes, language: str) -> tuple[Answer, ...]:
        """All answers with their labels, in the order of the form; `language` is zh or en."""
        session = self.resume(xml)
        speak(session, language)
        return tuple(_answers(session))

    def plan(self, xml: bytes) -> CertificatePlan | None:
        """The certificate of a grant; None when the service gives none."""
        plan = self.package.certificate
        if plan is None:
            return None
        session = self.resume(xml)
        return CertificatePlan(
            template=plan.template,
            template_version=self.version,
            fields=certificate_fields(self.package, session),
            valid_months=plan.valid_months,
            holder=self._applicant(session, "name"),
            id_no=self._applicant(session, "id_no"),
        )

    def _applicant(self, session: Session, role: str) -> str:
        try:
            return session.view(self.package.applicant.get(role, "")).answer
        except UnknownNode:
            return ""


class Services:
    """Services by id and version; old and new versions stand side by side."""

    def __init__(self, services: Mapping[tuple[str, str], Service]) -> None:
        self._services = dict(services)

    def find(self, service_id: str, version: str) -> Service | None:
        """The service, or None when the province does not hold it."""
        return self._services.get((service_id, version))

    def ids(self) -> tuple[str, ...]:
        """Ids in order, each once."""
        return tuple(sorted({service_id for service_id, _ in self._services}))

    def versions(self, service_id: str) -> tuple[Service, ...]:
        """All versions held of a service."""
        return tuple(s for (i, _), s in sorted(self._services.items()) if i == service_id)

    def with_others(self, others: Iterable[Service]) -> Services:
        """These and others; what stands here already stays as it is."""
        return Services({(each.id, each.version): each for each in others} | self._services)

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
    """One package from its folder, with the code lists in `codes` beside the folder of services.

    Raises:
        forms.errors.FormError: The package is not sound.
    """
    return service_of(read_folder(folder), folder.parents[1] / "codes")


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their paths below it."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def service_of(files: Mapping[str, bytes], codes: Path = CODES) -> Service:
    """The service of a package; its form is compiled at the first use.

    Raises:
        forms.errors.FormError: The package is not sound.
    """
    package = load_package(files)
    lists = {n: (codes / n).read_bytes() for n in package.lists if (codes / n).is_file()}
    return Service(
        id=package.id,
        version=package.version,
        name=package.name.zh,
        name_en=package.name.en,
        department=package.department.zh,
        resume=_Resume(package, lists),
        package=package,
        sha256=package_digest(files),
    )


def age(version: str) -> list[tuple[int, str]]:
    """A key that sorts versions: numbers as numbers, words before them."""
    parts = re.findall(r"\d+|[^\d.]+", version)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def package_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the lines `<sha256 of the file> <path>` in order of the paths, as hex."""
    lines = [f"{sha256(files[path]).hexdigest()} {path}\n" for path in sorted(files)]
    return sha256("".join(lines).encode()).hexdigest()


class _Resume:
    """Opens submissions on the form of a package, compiled once."""

    def __init__(self, package: ServicePackage, lists: Mapping[str, bytes]) -> None:
        self._package, self._lists = package, lists
        self._guard = threading.Lock()
        self._form: Form | None = None

    def __call__(self, xml: bytes) -> Session:
        with self._guard:
            if self._form is None:
                self._form = self._package.open_form(self._lists)
        return self._form.resume(
            xml,
            now=lambda: datetime.now(UTC).astimezone(),
            today=lambda: datetime.now(UTC).astimezone().date(),
            new_id=lambda: str(uuid4()),
            random=lambda: 0.5,
        )


def _answers(session: Session) -> Iterator[Answer]:
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
            yield Answer(view.label, shown(view), depth, file=file)
