"""What the requests of the protocol share: who asks, and how an answer is described."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from province.accounts import Caller
from province.encoding import to_b64
from province.errors import TokenNeeded

if TYPE_CHECKING:
    from province.app import Province

bearer = HTTPBearer(auto_error=False, description="The token of POST /tokens.")


class Detail(BaseModel):
    """One entry of a problem's `errors`."""

    pointer: str
    code: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details; `errors` where there is more to say."""

    type: str = Field(pattern="^urn:lastmile:problem:[a-z-]+$")
    title: str
    status: int
    code: str = ""
    errors: list[Detail] = []


class Key(BaseModel):
    """A public key of the province; `public_key` is base64 of 32 bytes Ed25519."""

    kid: str
    public_key: str


class Receipt(BaseModel):
    """A signed receipt; `receipt` is base64 of canonical JSON."""

    model_config = ConfigDict(extra="forbid")

    receipt: str
    kid: str
    signature: str


class OfficeOut(BaseModel):
    """An office as devices see it."""

    id: str
    name: str
    division: str


def get_province(request: Request) -> Province:
    """The province behind a request."""
    province: Province = request.app.state.province
    return province


def get_caller(
    request: Request, _header: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """The device behind a request, as the gate has found before it read the body.

    Raises:
        TokenNeeded: The route is not behind the gate's token check.
    """
    caller = getattr(request.state, "caller", None)
    if not isinstance(caller, Caller):
        raise TokenNeeded
    return caller


Device = Annotated[Caller, Depends(get_caller)]


async def get_body(request: Request) -> bytes:
    """The bytes of the body, already held to their limit by the gate."""
    return await request.body()


Body = Annotated[bytes, Depends(get_body)]

MEANING = {
    400: "malformed or digest",
    401: "token",
    403: "device-revoked, enrolment-refused, certificate-needed, not-your-case or"
    " not-yours-to-decide",
    404: "unknown",
    408: "too-slow",
    409: "id-conflict, wrong-offset, lease-epoch or move-refused",
    410: "cursor-expired",
    413: "too-large",
    422: "malformed, submission-invalid, change-invalid or service-unknown",
    429: "too-many; wait Retry-After seconds",
    460: "checksum",
    503: "busy; wait Retry-After seconds",
    507: "room-used or disk-full; files wait Retry-After seconds, all else goes on",
}
COMMON = (400, 408, 413, 422, 429, 503)


def answers(*problems: int, **said: tuple[str, type[BaseModel] | None]) -> dict[int | str, Any]:
    """The `responses` of a route: its problems, and its answers as `s201=("Taken", Receipt)`."""
    table: dict[int | str, Any] = {}
    for status in sorted({*problems, *COMMON}):
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        table[status] = {"description": MEANING[status], "content": content}
    for name, (description, model) in said.items():
        entry: dict[str, Any] = {"description": description}
        if model is not None:
            entry["model"] = model
        table[int(name[1:])] = entry
    return table


def today(province: Province) -> date:
    """The day in the province's own zone."""
    return datetime.fromtimestamp(province.now_ms() / 1000, UTC).astimezone().date()


def keys(province: Province) -> list[dict[str, str]]:
    """The province's public keys as the protocol lists them."""
    ring = province.ring
    return [
        {"kid": key.kid.hex(), "public_key": to_b64(key.public)}
        for key in (ring.current, ring.following)
    ]
