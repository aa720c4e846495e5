"""What a designer is told before anybody prints: each fault with its line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework.cli_certificate import app
from printing.lint import lint
from printing.raster import texts
from tests.printing.samples import NAMES, RESOURCES, fonts

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="50mm" viewBox="0 0 100 50">
<defs><rect id="f" x="5" y="5" width="40" height="6"/></defs>
{body}
</svg>"""
BOX = '<text style="shape-inside:url(#f);font-family:song;font-size:4px">{{ name }}</text>'
SIDE = {
    "id": "t",
    "version": "1",
    "titles": {"zh": "t"},
    "fields": {"name": {"zh": "姓名", "en": "Name", "sample": "李示例", "longest": "李示例"}},
}


def faults(body: str, **name: str) -> list[tuple[int, str, str]]:
    side = {**SIDE, "fields": {"name": {**SIDE["fields"]["name"], **name}}}  # type: ignore[index]
    found = lint(SVG.replace("{body}", body).encode(), json.dumps(side).encode(), fonts())
    return [(each.line, each.what, each.detail) for each in found]


@pytest.mark.parametrize("name", NAMES)
def test_what_ships_has_no_fault(name: str) -> None:
    found = CliRunner().invoke(app, ["lint", str(RESOURCES / "templates" / name)])
    assert (found.exit_code, found.output) == (0, "")


def test_a_sound_template_has_none() -> None:
    assert faults(BOX) == []


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        (BOX + "\n<text>{{ nmae }}</text>", {}, (4, "unknown-field", "nmae")),
        ("<text>李示例</text>", {}, (0, "unused-field", "name")),
        (BOX, {"longest": "王" * 90}, (3, "overflow", "name")),
        (BOX, {"sample": "李\ue816"}, (3, "missing-glyph", "\ue816 (U+E816, name) → 𠂇 (U+20087)")),
        (BOX + "<text>\U0002ebf0</text>", {}, (3, "missing-glyph", "\U0002ebf0 (U+2EBF0, )")),
        (BOX + '\n<rect id="qr:name" x="90" y="5" width="20" height="20"/>', {},
         (4, "off-page", "90 5 110 25")),
        (BOX + '<rect id="qr:name" x="5" y="5" width="9" height="9"/>', {},
         (3, "small-code", "name")),
        (BOX + '\n\n<image href="x.png"/>', {}, (5, "unusable", "element image")),
        (BOX + '\n<text font-family="Papyrus">x</text>', {}, (4, "unusable", "font papyrus")),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(
    body: str, name: dict[str, str], expected: tuple[int, str, str]
) -> None:
    assert expected in faults(body, **name)


def test_a_preview_is_marked_as_a_sample(tmp_path: Path) -> None:
    out = tmp_path / "p.pdf"
    folder = RESOURCES / "templates" / "receipt"
    found = CliRunner().invoke(app, ["preview", str(folder), "--out", str(out)])
    assert found.exit_code == 0, found.output
    assert "样" in texts(out.read_bytes())[0]
