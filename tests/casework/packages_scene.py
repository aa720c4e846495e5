"""A province that publishes versions of one service, and the windows of its offices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from casework import filling, link, packages
from casework.office import Office, Resources
from province import accounts, releases
from province.app import Province, open_province, system_now_ms
from province.packages import read_folder
from store import drafts
from sync.round import run_round
from tests.casework.hall import Hall
from tests.province.packages import load, small_resources, write_package
from tests.province.publisher import Publisher
from tests.province.site import served

SERVICE = "old-age"
OFFICES = {"qingshan": "530102101", "hongqi": "530102201"}


class Window:
    """One office's window, its rounds, and its looks."""

    def __init__(self, folder: Path, url: str, code: str) -> None:
        folder.mkdir()
        self.hall = Hall(folder, Resources(small_resources(folder / "resources")))
        link.enrol_office(self.hall.enter("admin"), url, code, device_name="window")
        self.enter()

    def enter(self) -> None:
        """Sign in, as the desktop does."""
        self.office: Office = self.hall.enter("li")
        packages.keep_shipped(self.office)
        packages.offer(self.office)

    def look(self, *, sparing: bool = False) -> packages.Freshness:
        provider = link.provider(self.office.store)
        try:
            packages.update(self.office, provider, sparing=sparing)
        finally:
            provider.close()
        return packages.freshness(self.office)

    def round(self) -> int:
        """Send; how many wait afterwards."""
        provider = link.provider(self.office.store)
        report = run_round(link.StoreLedger(self.office.store), provider, now=self.office.now)
        provider.close()
        assert report.error is None
        return report.waiting

    @property
    def offered(self) -> list[tuple[str, bool]]:
        """Versions offered, and whether each is a pilot."""
        catalogue = self.office.catalogue
        return [(p.version, catalogue.is_pilot(p.id)) for p in catalogue.all()]

    def begin(self) -> filling.Filling:
        form = self.office.catalogue.form(SERVICE)
        made = filling.begin(self.office, SERVICE, form, language="zh_CN")
        made.session.answer("/data/name", "样例甲")
        filling.autosave(self.office, made).result()
        return made

    def finish(self, draft: UUID) -> UUID:
        """Open a draft again, as the form window does, and accept it."""
        found = self.office.store.read(drafts.get, draft, self.office.store.operator.id)
        form = self.office.catalogue.form(found.service_id, found.service_version)
        made = filling.reopen(self.office, draft, form)
        made.session.answer("/data/why", "年满八十周岁")
        return filling.accept(self.office, made).result()


@dataclass
class Scene:
    """A province that publishes, and its offices."""

    publisher: Publisher
    province: Province
    url: str
    windows: dict[str, Window] = field(default_factory=dict)

    def window(self, name: str = "qingshan") -> Window:
        """The window of an office; connected when it is first asked for."""
        if name not in self.windows:
            write = self.province.database.write
            write(accounts.add_office, name, name, OFFICES[name])
            code = write(accounts.new_enrol_code, name, now_ms=system_now_ms())
            folder = self.publisher.folder.parent / name
            self.windows[name] = Window(folder, self.url, code)
        return self.windows[name]

    def publish(self, version: str, *, question: str = "") -> None:
        place = write_package(self.publisher.folder / "new", version=version, question=question)
        self.publisher.publish("service", SERVICE, version, read_folder(place))
        self.province.shelf.tend()

    def release(
        self, version: str, *divisions: str, percent: int = 0, service: str = SERVICE
    ) -> None:
        found = self.province.services.find(service, version)
        assert found is not None
        self.province.database.write(releases.release, found, divisions=divisions, percent=percent)

    def recall(self, version: str) -> None:
        self.province.database.write(releases.recall, SERVICE, version)


@contextmanager
def publishing(folder: Path) -> Iterator[Scene]:
    """A province that publishes, on loopback; its offices' windows are left at the end."""
    publisher = Publisher(folder / "province")
    province = open_province(publisher.folder, services=load(folder / "own"))
    with served(province) as url:
        made = Scene(publisher, province, url)
        yield made
        for window in made.windows.values():
            window.hall.leave()
