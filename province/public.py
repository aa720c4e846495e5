"""The public page on which anybody checks a certificate; it works without JavaScript."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from province import verify
from province.asking import get_province, today
from province.errors import ProvinceError
from province.members import NO_NUL
from province.pages import HERE, STATES, show

router = APIRouter(include_in_schema=False)


@router.get("/")
def root() -> Response:
    """The public page is the front door."""
    return RedirectResponse("/verify", 303)


@router.get("/static/desk.css")
def style() -> Response:
    """The one style sheet."""
    css = (HERE / "static" / "desk.css").read_text(encoding="utf-8")
    return Response(css, media_type="text/css", headers={"Cache-Control": "max-age=300"})


@router.get("/verify")
def page(
    request: Request,
    code: Annotated[str, Query(max_length=2000, pattern=NO_NUL)] = "",
    number: Annotated[str, Query(max_length=64, pattern=NO_NUL)] = "",
    name: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = "",
) -> Response:
    """Ask, or show what was found."""
    province = get_province(request)
    found = None
    if code.strip():
        found = province.database.read(verify.by_code, code, province.ring, today(province))
    elif number.strip() and name.strip():
        found = province.database.read(verify.by_number, number, name, today(province))
        request.state.guessed = found.state == "unknown"
    return show(
        request,
        "verify.html",
        found=found,
        state=STATES[found.state] if found else None,
        code=code,
        number=number,
        name=name,
    )


def error_page(request: Request, error: ProvinceError) -> Response:
    """What went wrong, for a person in a browser."""
    return show(request, "error.html", status=error.status, error=error)
