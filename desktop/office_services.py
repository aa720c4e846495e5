"""The services of a real office as the windows show them: lines, guides, how current they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import QCoreApplication

from casework import packages, reading
from casework.office import Office
from desktop import office_forms
from desktop.desk import (
    LegalBasis,
    MaterialLine,
    PartLine,
    ServiceLine,
    ServicePage,
    ServicesState,
    Standing,
)
from forms.service import ServicePackage, Words


class OfficeServices:
    """The part of `desktop.desk.Desk` that speaks of services. GUI thread."""

    def __init__(self, office: Office, language: Callable[[], str]) -> None:
        self.office, self._language = office, language

    def departments(self) -> Sequence[str]:
        """Departments that have services, each once."""
        return sorted({self._words(p.department) for p in self.office.catalogue.all()})

    def services(self, text: str, department: str) -> Sequence[ServiceLine]:
        """Services that fit; the most used first when nothing is typed."""
        used = reading.service_uses(self.office)
        lines = [self._line(p, used) for p in self.office.catalogue.search(text)]
        if department:
            lines = [line for line in lines if line.department == department]
        return lines if text.strip() else sorted(lines, key=lambda line: -line.used)

    def service(self, service_id: str, language: str) -> ServicePage:
        """The guide of one service."""
        package = self.office.catalogue.get(service_id)
        return ServicePage(
            line=self._line(package, reading.service_uses(self.office)),
            item_code=package.item_code,
            guide=package.guide.get(language),
            materials=self._materials(package, frozenset(), {}),
            statutory_days=package.limits.statutory,
            fees="",
            result=package.certificate.title.get(language) if package.certificate else "",
            bases=tuple(
                LegalBasis(b.name.get(language), cast("Standing", b.standing))
                for b in package.basis
            ),
            parts=self._parts(package),
        )

    def _parts(self, package: ServicePackage) -> tuple[PartLine, ...]:
        held = {each.id: each for each in self.office.catalogue.parts(package)}
        return tuple(
            PartLine(
                self._words(held[part.service].name),
                self._words(held[part.service].department),
                held[part.service].limits.promised or held[part.service].limits.statutory,
                part.optional,
            )
            for part in (package.bundle.parts if package.bundle else ())
        )

    def services_state(self) -> ServicesState:
        """How current the services are."""
        now = packages.freshness(self.office)
        as_of = now.seen_at or now.told_at
        days = (self.office.now() - as_of).days if as_of else 0
        offered = {each.id: self._words(each.name) for each in self.office.catalogue.all()}
        name = offered.get(now.name, now.name)
        return ServicesState(as_of, days, now.error, name, now.program)

    def _words(self, words: Words) -> str:
        return words.get(self._language())

    def _line(self, package: ServicePackage, used: dict[str, int]) -> ServiceLine:
        return ServiceLine(
            id=package.id,
            name=self._words(package.name),
            department=self._words(package.department),
            promised_days=package.limits.promised,
            used=used.get(package.id, 0),
            origin=office_forms.origin(package),
            pilot=self.office.catalogue.is_pilot(package.id),
            bundle=package.bundle is not None,
        )

    def _materials(
        self, package: ServicePackage, present: frozenset[str], held: Mapping[str, str]
    ) -> tuple[MaterialLine, ...]:
        return tuple(
            MaterialLine(
                name=self._words(m.name),
                form=_form_of_paper(m.form),
                required=not m.when,
                when=self._words(m.free_if),
                met=m.question in present if m.question else True,
                licence=held.get(m.id, ""),
            )
            for m in package.materials
        )


def _form_of_paper(form: str) -> str:
    words = {
        "original": QCoreApplication.translate("facts", "original"),
        "copy": QCoreApplication.translate("facts", "copy"),
    }
    return words.get(form, form)
