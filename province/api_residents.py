"""The protocol's requests that change residents (docs/protocol.md sections 20 and 21)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from province import many, residents
from province.asking import Device, Problem, Receipt, answers, get_province
from province.many import Changed, Many
from province.residents import ChangeIn

router = APIRouter()


class Changes(BaseModel):
    """Body of `POST /changes:batch`."""

    changes: Many[Changed]


class ChangeResult(BaseModel):
    """What became of one change: status and body as its own PUT would have had."""

    change: str
    status: int
    body: Receipt | Problem


class ChangeResults(BaseModel):
    """Answer of `POST /changes:batch`, in the order of the request."""

    results: list[ChangeResult]


@router.put(
    "/residents/{resident}/changes/{change}",
    status_code=201,
    responses=answers(
        401,
        403,
        404,
        409,
        s200=("Taken before: the same receipt again", Receipt),
        s201=("Taken now", Receipt),
    ),
)
def change(
    request: Request, caller: Device, resident: UUID, change: UUID, body: ChangeIn
) -> JSONResponse:
    """Take a change to a resident in, once; the receipt."""
    province = get_province(request)
    receipt, new = province.database.write(
        residents.take,
        caller,
        (resident, change),
        body,
        province.ring.current,
        province.now_ms(),
    )
    return JSONResponse(receipt, 201 if new else 200)


@router.post("/changes:batch", responses=answers(401, 403, s200=("One result each", ChangeResults)))
def change_many(request: Request, caller: Device, body: Changes) -> dict[str, Any]:
    """Take in up to 200 changes to residents in their order, each judged by itself."""
    province, results = get_province(request), []
    for each in body.changes:
        status, said = many.change(province, caller, each)
        results.append({"change": str(each.change), "status": status, "body": said})
    return {"results": results}
