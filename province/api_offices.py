"""The protocol's requests by which offices decide (docs/protocol.md sections 8, 19 and 21)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from province import delegations, many, office_events
from province.asking import Body, Device, Problem, Receipt, answers, get_province, today
from province.many import Many, Reported
from province.office_events import EventIn

router = APIRouter()


class Word(BaseModel):
    """The province's word for the asking device; `delegation` is base64."""

    template: str
    last: str
    delegation: str


class Events(BaseModel):
    """Body of `POST /events:batch`."""

    events: Many[Reported]


class EventResult(BaseModel):
    """What became of one event: status and body as its own PUT would have had."""

    event: str
    status: int
    body: Receipt | Problem


class EventResults(BaseModel):
    """Answer of `POST /events:batch`, in the order of the request."""

    results: list[EventResult]


class Words(BaseModel):
    """Answer of `GET /delegations`."""

    delegations: list[Word]


@router.get("/delegations", responses=answers(401, 403, s200=("What it may sign", Words)))
def give(request: Request, caller: Device) -> dict[str, Any]:
    """The province's word for the device: one for each template that its office issues itself."""
    province = get_province(request)
    found = province.database.read(
        delegations.give, province.services, caller.device_id, province.key, today(province)
    )
    return {"delegations": found}


@router.put(
    "/cases/{case}/events/{event}",
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
def take(
    request: Request, caller: Device, case: UUID, event: UUID, body: EventIn, raw: Body
) -> JSONResponse:
    """Take in what the office decided."""
    said = office_events.read(case, event, body, json.loads(raw))
    receipt, new = office_events.take(get_province(request), caller, said)
    return JSONResponse(receipt, 201 if new else 200)


@router.post("/events:batch", responses=answers(401, 403, s200=("One result each", EventResults)))
def take_many(request: Request, caller: Device, body: Events) -> dict[str, Any]:
    """Take in up to 200 events of the office in their order, each judged by itself."""
    province, results = get_province(request), []
    for each in body.events:
        status, said = many.report(province, caller, each)
        results.append({"event": str(each.event), "status": status, "body": said})
    return {"results": results}
