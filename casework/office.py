"""An office in use: the open store with everything the verbs need around it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID

import platformdirs

from casework.catalogue import Catalogue, load_catalogue, read_folder
from casework.workdays import LIST as WORKDAYS
from casework.workdays import Calendar, load_calendar
from printing.fonts import Fonts, load_fonts
from printing.template import Template, load_template
from store import offices
from store.open import OpenStore

RESOURCES = Path(__file__).parents[1] / "resources"
USUAL_PROFILE = Path(platformdirs.user_data_dir("lastmile", appauthor=False))


def local_now() -> datetime:
    """The clock of this computer, aware."""
    return datetime.now().astimezone()


def new_id() -> UUID:
    """A UUID that sorts by the time it was made (version 7, RFC 9562)."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | (7 << 76) | (secrets.randbits(12) << 64)
    return UUID(int=value | (2 << 62) | secrets.randbits(62))


class Resources:
    """What ships, and the office's own fonts; read when first needed, any thread."""

    def __init__(self, folder: Path, own_fonts: Path | None = None) -> None:
        self.folder = folder
        self._own_fonts = own_fonts
        self.site: Path | None = None  # where the office keeps templates of its own
        self._templates: dict[str, Template] = {}

    @cached_property
    def catalogue(self) -> Catalogue:
        """The services."""
        return load_catalogue(self.folder / "services", self.lists)

    @cached_property
    def lists(self) -> dict[str, bytes]:
        """Code lists that services share, by file name."""
        return {n: (self.folder / "codes" / n).read_bytes() for n in ("divisions.csv", WORKDAYS)}

    @property
    def calendar(self) -> Calendar:
        """Working days, of the newest list that is here."""
        return load_calendar(self.catalogue.lists[WORKDAYS])

    @cached_property
    def fonts(self) -> Fonts:
        """The fonts of all documents."""
        return load_fonts(self.folder / "fonts", self._own_fonts)

    def template(self, name: str) -> Template:
        """A template by its folder's name: one that ships, else one of the office's own."""
        if name not in self._templates:
            files = read_folder(self._where(name))
            self._templates[name] = load_template(
                files["template.svg"], files["template.json"], files
            )
        return self._templates[name]

    def ships(self, name: str) -> bool:
        """Whether a template of this name came with the program."""
        return (self.folder / "templates" / name / "template.svg").is_file()

    def forget(self, name: str) -> None:
        """Read a template afresh when it is next needed."""
        self._templates.pop(name, None)

    def template_folders(self) -> tuple[Path, ...]:
        """Folders of all templates: those that ship, then the office's own."""
        places = [self.folder / "templates", *([self.site] if self.site else [])]
        found = [f.parent for place in places for f in sorted(place.glob("*/template.svg"))]
        return tuple(found)

    def _where(self, name: str) -> Path:
        if self.ships(name) or self.site is None:
            return self.folder / "templates" / name
        return self.site / name


@dataclass(frozen=True)
class PicturePolicy:
    """How photographs of papers are kept.

    Attributes:
        edge_px: Longest edge; 2,340 is the height of an A4 page at 200 dpi.
        quality: Of JPEG, 1 to 95.
        small_bytes: Files up to this size stay as they are.
        keep_original: Whether pictures stay as they are, whatever their size.
    """

    edge_px: int = 2340
    quality: int = 82
    small_bytes: int = 400_000
    keep_original: bool = False


def own_fonts(profile: Path) -> Path:
    """Where an office keeps fonts and characters of its own; see `printing.site`."""
    return profile / "fonts"


@dataclass(frozen=True)
class Office:
    """Handed to every verb. `now` is aware and local, so its date is the office's day."""

    store: OpenStore
    resources: Resources
    now: Callable[[], datetime] = local_now
    new_id: Callable[[], UUID] = field(default=new_id)
    pictures: PicturePolicy = field(default=PicturePolicy())

    @property
    def catalogue(self) -> Catalogue:
        """The services offered."""
        return self.resources.catalogue

    @property
    def today(self) -> date:
        """The local day."""
        return self.now().date()

    def day_of(self, moment: datetime) -> date:
        """The local day of an aware moment."""
        return moment.astimezone(self.now().tzinfo).date()

    @property
    def name(self) -> str:
        """What the office is called; "" before it is connected or named."""
        return self.store.read(offices.current).name

    @property
    def division(self) -> str:
        """Division code of the office, or ""."""
        return self.store.read(offices.current).division
