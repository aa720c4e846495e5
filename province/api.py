"""The protocol's requests that send something in (docs/protocol.md sections 5, 6 and 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError

from province import (
    api_devices,
    api_offices,
    api_pull,
    api_residents,
    intake,
    office_events,
    relay,
    telemetry,
    versions,
)
from province.asking import Body, Device, Problem, Receipt, answers, get_province
from province.encoding import from_b64
from province.errors import Invalid, Malformed, TooLarge, details
from province.intake import DIGEST, MAX_BATCH, SubmissionIn, Wanted, Written
from province.members import NO_NUL
from province.uploads import MAX_CHUNK_BYTES, MAX_FILE_BYTES, Progress

router = APIRouter()
router.include_router(api_devices.router)
router.include_router(api_pull.router)
router.include_router(api_offices.router)
router.include_router(api_residents.router)
Digest = Annotated[str, Field(pattern=DIGEST)]
Count = Annotated[int, Header(ge=0, le=MAX_FILE_BYTES)]
OFFSETS = {
    "Upload-Offset": {"schema": {"type": "integer"}, "description": "Durable bytes."},
    "Upload-Length": {"schema": {"type": "integer"}, "description": "Bytes of the whole file."},
    "Tus-Resumable": {"schema": {"type": "string"}},
}


class Missing(BaseModel):
    """Files that the province lacks, by their SHA-256."""

    missing: list[str]


class Batch(BaseModel):
    """Body of `POST /cases:batch`."""

    submissions: Annotated[
        list[dict[str, Any]],
        Field(
            min_length=1,
            max_length=MAX_BATCH,
            description="Each as in PUT /cases/{case}/submissions/{submission}, with"
            " `case` and `submission` among its members.",
        ),
    ]


class BatchIds(BaseModel):
    """The ids of one member of a batch."""

    case: UUID
    submission: UUID


class Result(BaseModel):
    """What became of one submission of a batch: status and body as its own PUT would have had."""

    submission: str
    status: int
    body: Receipt | Missing | Problem


class Results(BaseModel):
    """Answer of `POST /cases:batch`, in the order of the request."""

    results: list[Result]


class AskHeld(BaseModel):
    """Body of `POST /submissions:held`."""

    submissions: list[UUID] = Field(default_factory=list, max_length=1000)
    events: list[UUID] = Field(default_factory=list, max_length=1000)


class RelayIn(BaseModel):
    """Body of `POST /relay`; `room`: bytes of each slice and of packages that the line takes."""

    sha256: Digest
    room: int | None = Field(default=None, ge=64 * 1024, le=relay.ROOM)


@router.put(
    "/cases/{case}/submissions/{submission}",
    status_code=201,
    responses=answers(
        401,
        403,
        409,
        s200=("Complete before: the same receipt again", Receipt),
        s201=("Complete now", Receipt),
        s202=("Noted; these files are missing", Missing),
    ),
)
def submit(
    request: Request, caller: Device, case: UUID, submission: UUID, body: SubmissionIn
) -> JSONResponse:
    """Take a submission in; the receipt once all its files are here."""
    written = intake.submit_all(get_province(request), caller, [(case, submission, body)])
    status, said = _counted(written)[0]
    kind = "application/problem+json" if status >= 400 else "application/json"
    return JSONResponse(said, status, media_type=kind)


class SubmissionOut(SubmissionIn):
    """A submission as the province holds it."""


@router.get(
    "/cases/{case}/submissions/{submission}",
    responses=answers(401, 403, 404, s200=("As the office sent it", SubmissionOut)),
)
def give_back(request: Request, caller: Device, case: UUID, submission: UUID) -> dict[str, object]:
    """A submission of the caller's office, such as another window's version of a case."""
    database = get_province(request).database
    return database.read(versions.written, caller.office_id, str(case), str(submission))


class Found(BaseModel):
    """Where a case number leads."""

    case: UUID
    submission: UUID


@router.get("/cases", responses=answers(401, 403, 404, s200=("The case of this number", Found)))
def find(
    request: Request, caller: Device, number: Annotated[str, Query(max_length=64, pattern=NO_NUL)]
) -> dict[str, str]:
    """The caller's office's case of a number, such as one of another window."""
    return get_province(request).database.read(versions.find, caller.office_id, number)


@router.post("/cases:batch", responses=answers(401, 403, s200=("One result each", Results)))
def submit_many(request: Request, caller: Device, body: Batch) -> JSONResponse:
    """Take up to 200 submissions in, each judged by itself, all durable when this answers."""
    wanted = list(_read_batch(body.submissions))
    written = _counted(intake.submit_all(get_province(request), caller, wanted))
    results = [
        {"submission": str(wish[1]), "status": status, "body": said}
        for wish, (status, said) in zip(wanted, written, strict=True)
    ]
    return JSONResponse({"results": results})


@router.post("/submissions:held", responses=answers(401, 403, s200=("Those not held", Missing)))
def ask_held(request: Request, caller: Device, body: AskHeld) -> dict[str, list[str]]:
    """Which submissions and events the province lacks: asked after `410 cursor-expired`."""
    wanted, said = ([str(one) for one in each] for each in (body.submissions, body.events))
    read = get_province(request).database.read
    held = read(intake.held, caller.office_id, wanted)
    held |= read(office_events.held, caller.office_id, said)
    return {"missing": sorted({*wanted, *said} - held)}


@router.put(
    "/uploads/{digest}",
    status_code=201,
    response_class=Response,
    responses=answers(401, 403, 409, 460, 507)
    | {
        200: {"description": "Known", "headers": OFFSETS},
        201: {"description": "New", "headers": OFFSETS},
    },
)
def announce(request: Request, caller: Device, digest: Digest, upload_length: Count) -> Response:
    """Announce a file by its SHA-256."""
    uploads = get_province(request).uploads
    progress, new = uploads.create(caller, digest, upload_length)
    return _offset(progress, 201 if new else 200)


@router.head(
    "/uploads/{digest}",
    response_class=Response,
    responses=answers(401, 403, 404, 460)
    | {200: {"description": "How far it is", "headers": OFFSETS}},
)
def offset(request: Request, caller: Device, digest: Digest) -> Response:
    """How much of a file is durable."""
    return _offset(get_province(request).uploads.progress(caller.office_id, digest), 200)


@router.patch(
    "/uploads/{digest}",
    status_code=204,
    response_class=Response,
    responses=answers(401, 403, 404, 409, 460, 507)
    | {204: {"description": "Durable", "headers": OFFSETS}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/offset+octet-stream": {
                    "schema": {"type": "string", "format": "binary"}
                }
            },
        }
    },
)
async def append(
    request: Request,
    caller: Device,
    digest: Digest,
    upload_offset: Count,
    upload_checksum: Annotated[str, Header(max_length=80, pattern="^sha256 [A-Za-z0-9+/]{43}=$")],
    chunk: Body,
) -> Response:
    """Add a chunk at the durable offset."""
    if len(chunk) > MAX_CHUNK_BYTES:
        raise TooLarge
    progress = await run_in_threadpool(
        get_province(request).uploads.append,
        caller.office_id,
        digest,
        offset=upload_offset,
        chunk=chunk,
        checksum=from_b64(upload_checksum.removeprefix("sha256 ")),
    )
    telemetry.CHUNKS.inc(len(chunk))
    return _offset(progress, 204)


@router.post(
    "/relay",
    response_class=Response,
    responses=answers(401, 403, 404)
    | {200: {"description": "The sealed answer", "content": {"application/octet-stream": {}}}},
)
def carry(request: Request, caller: Device, body: RelayIn) -> Response:
    """Act on an uploaded relay bundle of another device; its sealed answer."""
    province = get_province(request)
    answer = relay.answer(province, caller.office_id, body.sha256, body.room or relay.ROOM)
    return Response(answer, media_type="application/octet-stream")


def _read_batch(members: Sequence[dict[str, Any]]) -> Iterator[Wanted]:
    for position, each in enumerate(members):
        try:
            ids = BatchIds.model_validate(each)
        except ValidationError:  # without its id nobody could be told what became of it
            pointer = f"/submissions/{position}"
            raise Malformed([{"pointer": pointer, "code": "ids", "message": ""}]) from None
        try:
            yield ids.case, ids.submission, SubmissionIn.model_validate(each)
        except ValidationError as error:
            yield ids.case, ids.submission, Invalid(details(error.errors()))


def _counted(written: list[Written]) -> list[Written]:
    for status, _ in written:
        outcome = {201: "new", 200: "again", 202: "waits for files"}.get(status, "refused")
        telemetry.TAKEN.labels(outcome).inc()
    return written


def _offset(progress: Progress, status: int) -> Response:
    return Response(
        status_code=status,
        headers={
            "Upload-Offset": str(progress.offset),
            "Upload-Length": str(progress.length),
            "Tus-Resumable": "1.0.0",
        },
    )
