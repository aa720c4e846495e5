"""Trying a form: the real form window on a form that somebody is writing, and nothing is kept."""

from __future__ import annotations

from pathlib import Path

from casework.filling import Filling, around
from casework.office import Office
from casework.rights import needs
from forms import load_form
from forms.answers import speak
from forms.authoring import compile_xlsform
from forms.foreign import foreign_package
from forms.service import Origin
from store.remote_forms import FORM

ENDINGS = (".xlsx", ".xml")
_BESIDE = (".csv", ".xml", ".geojson", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".mp3", ".mp4")
_MOST_FILES = 300
_MOST_BYTES = 20_000_000  # of a form, and of each file beside it


@needs("fill")
def begin(office: Office, path: Path, *, language: str) -> Filling:
    """A form in a file as a filling that stands in no store; slow, call it on a worker.

    Args:
        office: The office.
        path: An XLSForm (.xlsx) or an XForm (.xml); lists and media are taken from its folder.
        language: Tag of the language to show the form in.

    Raises:
        OSError: The file cannot be read.
        forms.errors.FormError: The form cannot be used; with what is wrong, and where.
    """
    source, beside = _read(path), _beside(path)
    if path.suffix.lower() == ".xlsx":
        authored = compile_xlsform(source)
        source, beside = authored.xform, {**beside, **authored.resources}
    form = load_form(source, beside)
    origin = Origin("", "", "", path.stem)
    package = foreign_package("", "", path.stem, {**beside, FORM: source}, origin)
    session = form.new_session(**{**around(office), "location": lambda: ""})
    speak(session, language)
    return Filling(office.new_id(), package, session, language)


def _beside(path: Path) -> dict[str, bytes]:
    """The lists and media in the folder of a form, by name."""
    found = {}
    for each in sorted(path.parent.iterdir())[:_MOST_FILES]:
        fits = each.suffix.lower() in _BESIDE and each.is_file() and each != path
        if fits and each.stat().st_size <= _MOST_BYTES:
            found[each.name] = each.read_bytes()
    return found


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)
