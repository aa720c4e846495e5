"""Settings codes as servers draw them."""

from __future__ import annotations

import base64
import io
import json
import zlib
from urllib.parse import quote

import segno
from PIL import Image, ImageDraw

from casework import projects


def central_code(settings: object, *, draft: bool) -> bytes:
    """A settings code as ODK Central draws it: three pixels a cell, a pencil amid a draft's."""
    text = base64.b64encode(zlib.compress(json.dumps(settings, ensure_ascii=False).encode()))
    code = segno.make(text.decode(), error="q" if draft else "l", boost_error=False, micro=False)
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=3, border=5)
    picture = Image.open(drawn).convert("RGB")
    if draft:
        side = picture.width
        canvas = Image.new("RGB", (side, side + 16), "white")
        canvas.paste(picture)
        pencil = ImageDraw.Draw(canvas)
        box = tuple(side * at for at in (0.4, 0.4, 0.6, 0.6))
        pencil.rounded_rectangle(box, 10, fill="white", outline="black", width=3)
        pencil.line((side * 0.45, side * 0.55, side * 0.55, side * 0.45), "orange", 9)
        pencil.line((15, side, side * 0.7, side), "red", 4)
        picture = canvas
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def test_the_codes_that_central_draws_today_are_read_as_they_are() -> None:
    token = "Ab1!$" * 12 + "wxyz"
    key = f"https://central.example/v1/key/{token}/projects/12"
    managed = {"form_update_mode": "match_exactly", "autosend": "wifi_and_cellular"}
    for general, project in (
        ({"server_url": key, **managed}, {"name": "人口普查 2026"}),
        ({"server_url": key}, {"name": "人口普查 2026"}),  # Central calls it legacy
    ):
        settings = {"general": general, "project": project, "admin": {}}
        account = projects.read_settings(central_code(settings, draft=False))
        assert (account.url, account.name, account.login) == (key, "人口普查 2026", "")
        assert (account.update, account.autosend) == ("match_exactly", True)
    draft = f"https://central.example/v1/test/{token}/projects/12/forms/{quote('入户 走访')}/draft"
    settings = {
        "general": {"server_url": draft, **managed},
        "project": {"name": "[Draft] 入户走访", "icon": "📝"},
        "admin": {},
    }
    account = projects.read_settings(central_code(settings, draft=True))
    assert (account.url, account.name, account.icon) == (draft, "[Draft] 入户走访", "📝")
