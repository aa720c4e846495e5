"""The services this office offers: found by name, alias, pinyin, initials or item code."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from casework.errors import UnknownService
from forms import Form
from forms.service import ServicePackage, load_package

SPELT_BY_WORD = 2000  # labels of one list whose words are looked up


@lru_cache(maxsize=65536)
def spellings(text: str) -> tuple[str, ...]:
    """Pinyin and initials of a text, lower case: ("gaolingjintie", "gljt")."""
    whole = "".join(lazy_pinyin(text)).lower()
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
    return (whole, initials)


def spell_all(texts: Sequence[str]) -> list[str]:
    """Pinyin and initials of each text, one below the other, as `spellings` has them.

    In a long list each character gets its usual reading, whatever word it stands in: fifty
    thousand places are then spelt in a blink instead of seconds.
    """
    if len(texts) <= SPELT_BY_WORD:
        return ["\n".join(spellings(text)) for text in texts]
    return ["\n".join(_letter_by_letter(text)) for text in texts]


def _letter_by_letter(text: str) -> tuple[str, str]:
    read = [_spelt(character) for character in text]
    return "".join(each for each, _ in read), "".join(initial for _, initial in read)


@cache
def _spelt(character: str) -> tuple[str, str]:
    whole, initial = spellings(character)
    return whole, initial


class Catalogue:
    """All services, and their forms once compiled. Any thread."""

    def __init__(
        self, packages: Sequence[ServicePackage], lists: Mapping[str, bytes] | None = None
    ) -> None:
        self._packages = {p.id: p for p in sorted(packages, key=lambda p: spellings(p.name.zh))}
        self._lists = dict(lists or {})
        self._forms: dict[str, tuple[ServicePackage, Form]] = {}
        self._locks = {package.id: threading.Lock() for package in packages}
        self._words = {p.id: _words(p) for p in packages}
        self._hidden: frozenset[str] = frozenset()
        self._adding = threading.Lock()

    def add(self, package: ServicePackage, *, listed: bool) -> None:
        """Take a service in; one that is not listed can only be gone on with.

        Another content under the same id is compiled anew.
        """
        with self._adding:
            held = self._packages.get(package.id)
            if held is None or held.files != package.files:
                self._locks[package.id] = threading.Lock()
                self._words[package.id] = _words(package)
                self._packages = {**self._packages, package.id: package}
            self._hidden = (self._hidden | {package.id}) - ({package.id} if listed else set())

    def drop(self, service_ids: Iterable[str]) -> None:
        """Forget services that nothing names any more."""
        with self._adding:
            gone = frozenset(service_ids)
            self._packages = {k: p for k, p in self._packages.items() if k not in gone}
            self._hidden -= gone

    def of_project(self, project: str) -> tuple[tuple[ServicePackage, bool], ...]:
        """The forms of a project of another server, each with whether it is offered."""
        return tuple(
            (p, p.id not in self._hidden)
            for p in self._packages.values()
            if p.origin is not None and p.origin.project == project
        )

    def newer(self, service_id: str) -> ServicePackage | None:
        """What another server offers in place of a form of an older version."""
        package = self._packages.get(service_id)
        if package is None or package.origin is None or package.id not in self._hidden:
            return None
        same = (p for p, offered in self.of_project(package.origin.project) if offered)
        form = package.origin.form_id
        return next((p for p in same if p.origin and p.origin.form_id == form), None)

    def offers(self, service_id: str) -> bool:
        """Whether something new may be begun with a service."""
        return service_id in self._packages and service_id not in self._hidden

    def all(self) -> tuple[ServicePackage, ...]:
        """Every service, by name."""
        return tuple(p for p in self._packages.values() if p.id not in self._hidden)

    def get(self, service_id: str) -> ServicePackage:
        """One service.

        Raises:
            UnknownService: Not offered here.
        """
        package = self._packages.get(service_id)
        if package is None:
            raise UnknownService
        return package

    def form(self, service_id: str) -> Form:
        """The compiled form; the first call takes a second or so, so call it on a worker.

        Raises:
            UnknownService: Not offered here.
            forms.errors.FormError: The form cannot be used.
        """
        package = self.get(service_id)
        with self._locks[service_id]:
            made = self._forms.get(service_id)
            if made is None or made[0] is not package:
                made = self._forms[service_id] = (package, package.open_form(self._lists))
            return made[1]

    def search(self, text: str) -> tuple[ServicePackage, ...]:
        """Services that fit, the best first; all of them for an empty text."""
        wanted = text.strip().lower().replace(" ", "")
        if not wanted:
            return self.all()
        fitting = [p for p in self.all() if any(wanted in w for w in self._words[p.id])]
        # What begins as typed comes first; sorting keeps the order by name otherwise.
        return tuple(
            sorted(fitting, key=lambda p: not any(w.startswith(wanted) for w in self._words[p.id]))
        )


def read_folder(folder: Path) -> dict[str, bytes]:
    """Content of the files directly in a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def load_catalogue(services: Path, lists: Mapping[str, bytes]) -> Catalogue:
    """The packages in the folders below `services`.

    Raises:
        forms.errors.FormError: A package cannot be read.
    """
    packages = [
        load_package(read_folder(p.parent)) for p in sorted(services.glob("*/service.toml"))
    ]
    return Catalogue(packages, lists)


def _words(package: ServicePackage) -> frozenset[str]:
    names = {package.name.zh, *package.aliases, *package.tags, package.department.zh}
    words = {name.lower() for name in names} | {package.name.en.lower(), package.item_code.lower()}
    words = words.union(*(spellings(name) for name in names))
    return frozenset(word.replace(" ", "") for word in words)
