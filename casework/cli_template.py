"""`lastmile-admin certificate preview`, `lint`, `font`, `glyph`: for those who draw."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from casework.catalogue import read_folder
from casework.console import Json, Profile, refusals, say
from casework.office import RESOURCES, USUAL_PROFILE, own_fonts
from printing import site
from printing.fonts import Fonts, load_fonts
from printing.lint import Finding
from printing.lint import lint as find_faults
from printing.render import render
from printing.template import load_template

Folder = Annotated[Path, typer.Argument(help="Folder of template.svg and template.json.")]
File = Annotated[Path, typer.Argument(help="The file.", dir_okay=False, exists=True)]
LOOK_EVERY_S = 0.5


def preview(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="PDF to write.")] = Path("preview.pdf"),
    longest: Annotated[bool, typer.Option("--longest", help="With the longest samples.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Again whenever a file is saved.")] = False,
    language: Annotated[str, typer.Option(help="As `en`; the template's own if not given.")] = "",
) -> None:
    """Draw a template with its samples, marked as a sample; faults are listed first.

    Example: lastmile-admin certificate preview resources/templates/receipt --watch
    """
    fonts = load_fonts(RESOURCES / "fonts")
    which = "longest" if longest else "sample"
    if not watch:
        with refusals():
            _draw(folder, out, which, language, fonts)
        return
    for _ in _saves(folder):
        try:
            with refusals():
                _draw(folder, out, which, language, fonts)
        except typer.Exit:
            continue  # said why; the next save is tried again


def lint(folder: Folder, as_json: Json = False) -> None:
    """List what is wrong with a template, each with its line; exit code 1 if anything is.

    Example: lastmile-admin certificate lint resources/templates/receipt
    """
    found = _faults(folder, load_fonts(RESOURCES / "fonts"))
    if as_json:
        say({"faults": [vars(each) for each in found]}, as_json)
    else:
        _tell(found)
    raise typer.Exit(1 if found else 0)


def font(file: File, profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Give the office a font of its own (TrueType), for characters that no shipped font has.

    Example: lastmile-admin certificate font simsun-extg.ttf
    """
    with refusals():
        drawn = site.add_font(own_fonts(profile), file.name, file.read_bytes())
    say({"characters": drawn}, as_json)


def glyph(
    character: Annotated[str, typer.Argument(help="The character, or its code as U+2EBF0.")],
    file: File,
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Give the office one character drawn as an SVG (补字); the page is the character's square.

    Example: lastmile-admin certificate glyph U+2EBF0 drawn.svg
    """
    with refusals():
        fonts = load_fonts(RESOURCES / "fonts", own_fonts(profile))
        drawing = file.read_bytes()
        kept = site.add_glyph(own_fonts(profile), _character(character), drawing, fonts)
    say({"kept": kept}, as_json)


def _character(said: str) -> str:
    if not said.upper().startswith("U+"):
        return said
    try:
        return chr(int(said[2:], 16))
    except (ValueError, OverflowError):
        raise typer.BadParameter("a code is written as U+2EBF0") from None


def _draw(folder: Path, out: Path, which: str, language: str, fonts: Fonts) -> None:
    _tell(_faults(folder, fonts))
    template = load_template(*_files(folder), read_folder(folder))
    samples = template.samples(which)
    out.write_bytes(
        render(template, samples, copy=None, draft=True, fonts=fonts, language=language)
    )
    typer.echo(f"{out}")


def _tell(found: tuple[Finding, ...]) -> None:
    for each in found:
        typer.echo(f"template.svg:{each.line}: {each.what}: {each.detail}", err=True)


def _faults(folder: Path, fonts: Fonts) -> tuple[Finding, ...]:
    return find_faults(*_files(folder), fonts, read_folder(folder))


def _files(folder: Path) -> tuple[bytes, bytes]:
    try:
        return (folder / "template.svg").read_bytes(), (folder / "template.json").read_bytes()
    except OSError:
        typer.echo("The folder holds no template.svg and template.json.", err=True)
        raise typer.Exit(2) from None


def _saves(folder: Path) -> Iterator[None]:
    seen: tuple[bytes, bytes] | None = None
    while True:
        now = _files(folder)
        if now != seen:
            seen = now
            yield
        time.sleep(LOOK_EVERY_S)
