"""The protocol's request that changes a resident (docs/protocol.md section 20)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from province import residents
from province.asking import Device, Receipt, answers, get_province
from province.residents import ChangeIn

router = APIRouter()


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
