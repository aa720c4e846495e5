"""The seal stands where it may, binds a signature, and is nowhere else; void papers say so."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from casework import documents, seals
from casework.errors import NotAllowed
from casework.office import Office, Resources
from printing import sign
from printing.errors import BadPicture, NoCode, SignatureBroken
from printing.raster import pages, texts
from printing.scan import find_code
from tests.casework import papers
from tests.casework.hall import Hall
from tests.printing.credentials import NUMBER

PAPER = f"certificate:{NUMBER}"
RED = (200, 20, 20)
VECTOR = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="42mm" height="42mm" viewBox="0 0 42 42">'
    b'<circle cx="21" cy="21" r="19" style="fill:none;stroke:#c81414;stroke-width:1.5"/></svg>'
)


def picture() -> bytes:
    out = BytesIO()
    seal = Image.new("RGBA", (500, 500), (0, 0, 0, 0))
    ImageDraw.Draw(seal).ellipse((20, 20, 480, 480), outline=(*RED, 255), width=20)
    seal.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def hall(tmp_path: Path, resources: Resources) -> Iterator[Hall]:
    made = Hall(tmp_path, resources)
    papers.believe(made.enter("zhao"))
    yield made
    made.leave()


def red_dots(pdf: bytes) -> int:
    page = next(iter(pages(pdf, 60)))
    data = page.bgra
    dots = zip(data[2::4], data[1::4], data[0::4], strict=True)
    return sum(1 for r, g, b in dots if r > 150 and g < 140 and b < 140)


def shown(office: Office, way: str) -> bytes:
    if way == "preview":
        return documents.pdf(office, PAPER)
    made = documents.count_and_render(office, PAPER, "", way="paper" if way == "paper" else "file")
    documents.note_outcome(office, PAPER, printed=True)
    return made


@pytest.mark.parametrize("seal", [picture(), VECTOR], ids=["picture", "vector"])
def test_a_seal_is_on_the_copy_and_not_on_the_preview(hall: Hall, seal: bytes) -> None:
    office = hall.enter("zhao")
    seals.keep(office, seal)
    case = papers.granted(office)
    assert red_dots(shown(office, "preview")) == 0
    assert "预" in texts(shown(office, "preview"))[0]
    with pytest.raises(NoCode):
        find_code(shown(office, "preview"))
    assert red_dots(shown(office, "paper")) > 50
    papers.void(office, case, NUMBER)
    void = shown(office, "paper")
    assert red_dots(void) == 0
    assert "已作废" in "".join(texts(void)[0].split())
    with pytest.raises(NoCode):
        find_code(void)


def test_a_sealed_file_is_signed_and_a_changed_byte_shows(hall: Hall) -> None:
    office = hall.enter("zhao")
    seals.keep(office, picture())
    papers.granted(office)
    made = shown(office, "file")
    assert sign.check(made, [seals.root(office)]).signer
    changed = made.replace(b"/Title", b"/Tytle", 1)
    assert changed != made
    with pytest.raises(SignatureBroken):
        sign.check(changed, [seals.root(office)])


def test_only_who_may_keeps_a_seal_and_places_it(hall: Hall) -> None:
    office = hall.enter("zhao")
    with pytest.raises(BadPicture):
        seals.keep(office, b"no picture")
    seals.keep(office, picture())
    assert seals.pictures(hall.enter("li")), "a clerk seals what the office hands out"
    with pytest.raises(NotAllowed):
        seals.keep(hall.enter("li"), picture())
    assert seals.pictures(hall.enter("admin")) == {}
    office = hall.enter("zhao")
    seals.drop(office)
    assert seals.pictures(office) == {}
