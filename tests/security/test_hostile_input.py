"""Files from outside are read with limits: they are refused in words, and cost next to nothing.

Forms and expressions stand in tests/forms/test_hostile.py, OFD packages in
tests/printing/test_ofd.py, photographs in tests/casework/test_pictures.py.
"""

from __future__ import annotations

import io
import json
import resource
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from casework import filling
from casework.catalogue import read_folder
from casework.office import local_now
from forms.authoring import compile_xlsform
from forms.errors import FormError, InvalidForm
from forms.lists import read_list
from forms.service import load_package
from printing.errors import NoCode, PrintingError, Unreadable
from printing.scan import find_code
from printing.svg import parse
from province.errors import ProvinceError
from province.intake import Arrival, check
from store import hybrid, keys, regain, sealed
from store.errors import AnswerRefused, AttachmentGone, KeysDamaged, SealBroken, WrongPassword
from store.secrets import FileBox
from sync.errors import BundleDamaged
from sync.relay import open_answer, unpack
from tests.casework.hall import Hall, begun

ROOT = Path(__file__).parents[2]
MIB = 1 << 20


@contextmanager
def cheaply(seconds: float = 3.0, mib: int = 400) -> Iterator[None]:
    """What is inside takes little of this process's time, and little more memory."""
    begun_s, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - begun_s < seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < mib * 1024  # KiB


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def workbook(sheet: bytes) -> bytes:
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="xml" ContentType="application/xml"/>'
        b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    return packed({"[Content_Types].xml": types, "_rels/.rels": rels, "xl/workbook.xml": sheet})


BOMB = b"<!DOCTYPE a [<!ENTITY a0 'ha'>%s]><a>&a29;</a>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 30)
)


@pytest.mark.parametrize(
    "book",
    [
        packed({"xl/sharedStrings.xml": b"\0" * (300 * MIB)}),
        packed({f"xl/{n}.xml": b"" for n in range(3000)}),
        workbook(BOMB),
        workbook(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><workbook>&x;</workbook>"),
        packed({"../../outside.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"}),
        b"PK\x03\x04" + b"\0" * 5000,
    ],
    ids=["zip-bomb", "many-parts", "xml-bomb", "entity", "way-out", "no-zip"],
)
def test_a_workbook_that_means_harm_is_refused(book: bytes) -> None:
    with cheaply(), pytest.raises(InvalidForm):
        compile_xlsform(book)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", b"a," * 2_000_000),
        ("list.csv", b'"' + b"x" * (20 * MIB)),
        ("list.csv", b"name\n" + b"x\n" * 600_000),
        ("list.geojson", b"[" * 200_000),
        ("list.xml", BOMB),
    ],
    ids=["columns", "endless-cell", "rows", "deep", "xml-bomb"],
)
def test_a_list_that_means_harm_is_refused_or_cheap(name: str, content: bytes) -> None:
    with cheaply(seconds=6, mib=700):
        try:
            read_list(name, content)
        except FormError:
            return
        assert len(content) < 25 * MIB


def test_a_package_s_names_lead_nowhere_outside(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    source = ROOT / "resources/services/dibao"
    for path in source.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    text = (folder / "service.toml").read_text(encoding="utf-8")
    (folder / "service.toml").write_text(
        text.replace('lists = ["divisions.csv"]', 'lists = ["../../../etc/passwd"]'), "utf-8"
    )
    package = load_package(read_folder(folder))
    with pytest.raises(FormError):
        package.open_form({"divisions.csv": b"name,label\n"})


def test_names_of_files_that_a_citizen_brings_are_never_used(hall: Hall) -> None:
    office = hall.enter("li")
    made = begun(office)
    before = set(hall.folder.parent.rglob("*"))
    for name in (
        "../../../escape.pdf",
        "C:\\x\\..\\y.pdf",
        "a\x00.pdf",
        "王\u202efdp.exe",
        "." * 300,
    ):
        kept = filling.attach(
            office,
            made,
            "/data/papers/id_copy",
            name=name,
            media_type="application/pdf",
            data=b"%PDF-",
        )
        assert set(kept) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-.")
        assert ".." not in kept
    new = set(hall.folder.parent.rglob("*")) - before
    assert all(hall.folder / "blobs" in path.parents for path in new if "blob" in str(path))
    for name in ("../keys.json", "..", "/etc/passwd", "A" * 32, ""):
        with pytest.raises(AttachmentGone):
            office.store.blobs.get(name)


def giant_page() -> bytes:
    body = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]/UserUnit 75>>"
    out, offsets = b"%PDF-1.6\n", []
    for n, each in enumerate((*body, page), 1):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (n, each)
    table = b"".join(b"%010d 00000 n \n" % at for at in offsets)
    end = b"xref\n0 4\n0000000000 65535 f \n%strailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + end % (table, len(out))


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return len(data).to_bytes(4, "big") + kind + data + crc.to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def eps() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%touch x) (w) file\n"


@pytest.mark.parametrize(
    "data",
    [giant_page(), png_of(60_000, 60_000), eps(), b"%PDF-1.7\n" + b"1 0 obj" * 5000, b"GIF89a"],
    ids=["page", "picture", "postscript", "no-pdf", "stub"],
)
def test_papers_that_mean_harm_are_unreadable(data: bytes) -> None:
    with cheaply(), pytest.raises((Unreadable, NoCode)):
        find_code(data)


def test_an_honest_picture_of_the_same_kind_is_read() -> None:
    out = io.BytesIO()
    Image.new("L", (300, 300), 255).save(out, "PNG")
    with pytest.raises(NoCode):
        find_code(out.getvalue())


def test_a_drawing_with_entities_is_refused_or_leaves_them_out() -> None:
    drawing = (
        b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm' viewBox='0 0 9 9'>"
        b"<text>&x;</text></svg>"
    )
    with cheaply():
        try:
            told = repr(parse(drawing, {}))
        except PrintingError as error:
            told = repr(error.fields)
        assert "root:" not in told


def test_the_province_expands_no_entities_in_a_submission() -> None:
    alone = SimpleNamespace(bundle=None)
    service = SimpleNamespace(problems=lambda _xml: (), package=alone)
    services: Any = SimpleNamespace(find=lambda *_: service)
    for xml in (BOMB, b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/'><a/>" + b"<b>" * 100_000):
        body: Any = SimpleNamespace(service="x", service_version="1")
        arrival = Arrival("o", "d", "c", "s", body, xml, "")
        with cheaply(), suppress(ProvinceError):
            check(arrival, services)
            assert xml == BOMB, "only what stays unexpanded may pass the reader"


@pytest.mark.parametrize(
    "data", [b"", b"LMREPLY1", b"LMREPLY1" + b"\xff" * 4000, b"LMREPLY1" + b"\0" * 100_000]
)
def test_a_bundle_that_is_none_is_refused(data: bytes) -> None:
    with cheaply(), pytest.raises(BundleDamaged):
        open_answer(data, device=uuid4(), reply_key=bytes(range(32)), keys={})


def test_a_bundle_unpacks_to_no_more_than_its_limit() -> None:
    engine = zlib.compressobj(1)
    bomb = b"".join(engine.compress(bytes(16 * MIB)) for _ in range(17)) + engine.flush()
    assert len(bomb) < 4 * MIB
    with cheaply(), pytest.raises(ValueError, match="size"):
        unpack(bomb)


def test_a_sealed_file_cannot_demand_the_computer_s_whole_memory() -> None:
    made = bytearray(sealed.seal(b"x", "zwölf Zeichen und mehr", cost=keys.Cost(64, 1)))
    made[4:8] = (0x7FFFFFFF).to_bytes(4, "big")
    with cheaply(), pytest.raises(SealBroken):
        sealed.unseal(bytes(made), "zwölf Zeichen und mehr")


def test_a_key_file_cannot_demand_more_than_a_try_may_cost(hall: Hall) -> None:
    hall.leave()
    path = hall.folder / keys.NAME
    facts = json.loads(path.read_bytes())
    facts["slots"][0].update(memory_kib=64, passes=2_000_000_000)
    path.write_text(json.dumps(facts), encoding="utf-8")
    with cheaply(), pytest.raises((WrongPassword, KeysDamaged)):
        hall.enter("admin")
    for text in ("[" * 100_000, '{"slots": 5}', "{}", '{"store_id": 1, "slots": [{}]}', ""):
        path.write_text(text, encoding="utf-8")
        (hall.folder / (keys.NAME + ".1")).unlink(missing_ok=True)
        with cheaply(), pytest.raises(KeysDamaged):
            keys.load(hall.folder)


def test_an_answer_of_no_province_is_refused(tmp_path: Path) -> None:
    (tmp_path / regain.REPLY_KEY).write_bytes(hybrid.new_private() + b"\0" * 32)
    new = regain.NewPassword("li", "ganz-neues-wort-6")
    box = FileBox(tmp_path / "box")
    for answer in (b"", b"[]", b"{}", b'{"sealed": 5}', b'{"sealed": "!"}', b"x" * MIB):
        with cheaply(), pytest.raises(AnswerRefused):
            regain.take(tmp_path, answer, "2222", new, secret=box, now=local_now())
