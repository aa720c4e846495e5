"""Templates and words of the province's pages: Chinese first, English by `?lang=en`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
COOKIE = "lastmile_lang"

STATUS = {
    "incoming": ("接收中", "Arriving"),
    "under_review": ("待审查", "To review"),
    "supplement_requested": ("待补正", "Supplement requested"),
    "decided_granted": ("准予", "Granted"),
    "decided_refused": ("不予", "Refused"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "certificate_voided": ("证明作废", "Certificate voided"),
    "certificate_replaced": ("证明换发", "Certificate replaced"),
}
STATES = {
    "valid": (
        "有效",
        "Valid",
        "此证明由本平台签发，现行有效。",
        "Issued here and in force.",
    ),
    "pending": (
        "签名有效，尚未上报",
        "Genuine, not reported yet",
        "此证明由获授权的受理单位签发，签名有效。该单位签发后尚未联网上报，平台暂无登记；可过几日再核验。",
        "Signed by an office that may issue it, and not reported yet. Check again in some days.",
    ),
    "void": (
        "已作废",
        "Void",
        "此证明已被签发机关作废，请勿接受。",
        "The issuer has voided this certificate. Do not accept it.",
    ),
    "expired": (
        "已过期",
        "Expired",
        "此证明是真的，但已超过有效期。",
        "This certificate is genuine, but past its last day of validity.",
    ),
    "unknown": (
        "查无此证",
        "Not on record",
        "没有与所填内容相符的证明。请核对编号和姓名。",
        "No certificate matches what was entered. Check the number and the name.",
    ),
    "forged": (
        "无法通过验证",
        "Not genuine",
        "此码不是本平台签发的，或内容被改动过，请勿接受。",
        "This code was not signed by this platform, or it was altered. Do not accept it.",
    ),
}

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
)


def language(request: Request) -> str:
    """Zh or en: as asked for in the address, else as kept in the cookie, else zh."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    return "en" if asked == "en" else "zh"


def day_and_time(ms: int) -> str:
    """Milliseconds since 1970 in the province's own zone, to the minute."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def show(request: Request, template: str, *, status: int = 200, **values: object) -> Response:
    """A page in the reader's language. `t(zh, en)` picks the words in templates."""
    lang = language(request)

    def t(zh: str, en: str) -> str:
        return en if lang == "en" else zh

    # Not from `request.url`: that is made of `Host`, which anybody may write.
    asked = {**request.query_params, "lang": "zh" if lang == "en" else "en"}
    html = _environment.get_template(template).render(
        t=t,
        lang=lang,
        other=f"{quote(request.scope['path'])}?{urlencode(asked)}",
        status_words={key: t(*words) for key, words in STATUS.items()},
        day_and_time=day_and_time,
        province=request.app.state.province.name,
        **values,
    )
    response = HTMLResponse(html, status)
    if request.query_params.get("lang"):
        response.set_cookie(COOKIE, lang, httponly=True, samesite="lax", max_age=31_536_000)
    return response
