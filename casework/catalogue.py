"""The services this office offers: found by name, alias, pinyin, initials or item code.

Every version that is here can be gone on with; of each service at most one is offered to new
applicants.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from casework.errors import UnknownService, VersionMissing
from forms import Form
from forms.bundle_package import combine, form_of
from forms.bundle_session import BundleForm
from forms.service import ServicePackage, load_package

SPELT_BY_WORD = 2000  # labels of one list whose words are looked up
Key = tuple[str, str]  # id and version


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
    """All versions of all services, and their forms once compiled. Any thread."""

    def __init__(
        self, packages: Sequence[ServicePackage], lists: Mapping[str, bytes] | None = None
    ) -> None:
        self.shipped = {p.id: p for p in packages}
        self._lists = dict(lists or {})
        self._held: dict[Key, ServicePackage] = {}
        self._incomplete: dict[Key, tuple[ServicePackage, bool]] = {}  # bundles that lack a part
        self._offered: dict[str, str] = {}
        self._pilots: frozenset[str] = frozenset()
        self._forms: dict[Key, tuple[ServicePackage, Mapping[str, bytes], Form]] = {}
        self._locks: dict[Key, threading.Lock] = {}
        self._words: dict[Key, frozenset[str]] = {}
        self._changing = threading.Lock()
        self.updating = threading.Lock()  # held by the one who brings new versions
        for package in packages:
            self.add(package, listed=True)

    def add(self, package: ServicePackage, *, listed: bool) -> None:
        """Take a version in; one that is not listed can only be gone on with.

        Another content under the same id and version is compiled anew. A bundle waits until all
        its parts are here.
        """
        with self._changing:
            self._add(package, listed=listed)
            for key, (waiting, wanted) in tuple(self._incomplete.items()):
                if not self._lacking(waiting):
                    del self._incomplete[key]
                    self._add(waiting, listed=wanted)

    def _add(self, package: ServicePackage, *, listed: bool) -> None:
        key = package.id, package.version
        if self._lacking(package):
            self._incomplete[key] = package, listed
            return
        package = combine(package, self._parts_of(package))
        held = self._held.get(key)
        if held is None or held.files != package.files:
            self._locks[key] = threading.Lock()
            self._words[key] = _words(package)
            self._held = {**self._held, key: package}
        others = {i: v for i, v in self._offered.items() if (i, v) != key}
        self._offered = {**others, package.id: package.version} if listed else others

    def _parts_of(self, package: ServicePackage) -> dict[str, ServicePackage]:
        parts = package.bundle.parts if package.bundle else ()
        return {part.service: self._held[part.service, part.version] for part in parts}

    def _lacking(self, package: ServicePackage) -> list[Key]:
        parts = package.bundle.parts if package.bundle else ()
        return [k for k in ((each.service, each.version) for each in parts) if k not in self._held]

    def lacking(self) -> tuple[Key, ...]:
        """Versions of services that bundles need and that are not here."""
        waiting = tuple(self._incomplete.values())
        return tuple(dict.fromkeys(key for each, _ in waiting for key in self._lacking(each)))

    def parts(self, package: ServicePackage) -> tuple[ServicePackage, ...]:
        """What a bundle is made of, in its order; () for any other service."""
        return tuple(self._parts_of(package).values())

    def offer(self, versions: Mapping[str, str], pilots: Iterable[str], *, keep: str) -> None:
        """Offer these versions of services, and no others of the province.

        Args:
            versions: Version by id; what is not here is left out.
            pilots: Ids whose version is on trial here.
            keep: Ids with this prefix come from another server and stay as they are.
        """
        with self._changing:
            others = {i: v for i, v in self._offered.items() if i.startswith(keep)}
            self._offered = others | {i: v for i, v in versions.items() if (i, v) in self._held}
            self._pilots = frozenset(pilots)

    def use_lists(self, lists: Mapping[str, bytes]) -> None:
        """Take newer code lists; forms opened from now on have them."""
        with self._changing:
            if any(self._lists.get(name) != content for name, content in lists.items()):
                self._lists = {**self._lists, **lists}

    @property
    def lists(self) -> Mapping[str, bytes]:
        """Code lists that services share, by file name."""
        return self._lists

    def holds(self, service_id: str, version: str) -> bool:
        """Whether this very version is here."""
        return (service_id, version) in self._held

    def is_pilot(self, service_id: str) -> bool:
        """Whether the version offered is on trial."""
        return service_id in self._pilots

    def drop(self, service_ids: Iterable[str]) -> None:
        """Forget services that nothing names any more."""
        with self._changing:
            gone = frozenset(service_ids)
            self._held = {key: p for key, p in self._held.items() if key[0] not in gone}
            self._offered = {i: v for i, v in self._offered.items() if i not in gone}

    def of_project(self, project: str) -> tuple[tuple[ServicePackage, bool], ...]:
        """The forms of a project of another server, each with whether it is offered."""
        return tuple(
            (p, self.offers(p.id))
            for p in self._held.values()
            if p.origin is not None and p.origin.project == project
        )

    def newer(self, service_id: str) -> ServicePackage | None:
        """What another server offers in place of a form of an older version."""
        found = [p for (known, _), p in self._held.items() if known == service_id]
        origin = found[-1].origin if found and not self.offers(service_id) else None
        if origin is None:
            return None
        same = (p for p, offered in self.of_project(origin.project) if offered)
        return next((p for p in same if p.origin and p.origin.form_id == origin.form_id), None)

    def offers(self, service_id: str) -> bool:
        """Whether something new may be begun with a service."""
        return service_id in self._offered

    def all(self) -> tuple[ServicePackage, ...]:
        """What is offered, by name."""
        offered, held = self._offered, self._held
        found = [held[each] for each in offered.items()]
        return tuple(sorted(found, key=lambda p: spellings(p.name.zh)))

    def get(self, service_id: str, version: str = "") -> ServicePackage:
        """One service as a case calls it: in this version, else as offered, else as last held.

        Raises:
            UnknownService: Nothing of it is here.
        """
        held = self._held
        for wanted in (version, self._offered.get(service_id, "")):
            if (service_id, wanted) in held:
                return held[service_id, wanted]
        for (known, _), package in reversed(held.items()):
            if known == service_id:
                return package
        raise UnknownService

    def form(self, service_id: str, version: str = "") -> Form:
        """The compiled form; the first call takes a second or so, so call it on a worker.

        Args:
            service_id: Which service.
            version: The very version that a draft or case is on; "" for the one offered.

        Raises:
            UnknownService: Nothing of it is here.
            VersionMissing: This version is not here.
            forms.errors.FormError: The form cannot be used.
        """
        package = self.get(service_id, version)
        if version and package.version != version:
            raise VersionMissing
        key = package.id, package.version
        with self._locks[key]:
            lists, made = self._lists, self._forms.get(key)
            if made is None or made[0] is not package or made[1] is not lists:
                made = self._forms[key] = (package, lists, package.open_form(lists))
            return made[2]

    def whole_form(self, service_id: str, version: str = "") -> Form | BundleForm:
        """The form to fill in: of a bundle the forms of all its parts as one; as `form`."""
        package = self.get(service_id, version)
        if version and package.version != version:
            raise VersionMissing
        if package.bundle is None:
            return self.form(service_id, version)
        parts = self._parts_of(package)
        forms = {name: self.form(name, part.version) for name, part in parts.items()}
        return form_of(package, parts, forms)

    def search(self, text: str) -> tuple[ServicePackage, ...]:
        """Services that fit, the best first; all of them for an empty text."""
        wanted = text.strip().lower().replace(" ", "")
        if not wanted:
            return self.all()
        listed = [(p, self._words[p.id, p.version]) for p in self.all()]
        fitting = [each for each in listed if any(wanted in word for word in each[1])]
        # What begins as typed comes first; sorting keeps the order by name otherwise.
        fitting.sort(key=lambda each: not any(word.startswith(wanted) for word in each[1]))
        return tuple(package for package, _ in fitting)


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
