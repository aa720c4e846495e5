"""What those who run the province ask it: whether it lives, whether it is ready, its numbers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from province import telemetry
from province.asking import get_province

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
async def live() -> dict[str, str]:  # not on a thread: all may wait for a database
    """The process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
@router.get("/health")
def ready(request: Request) -> JSONResponse:
    """It may be sent requests: not while it drains, nor without its database."""
    province = get_province(request)
    if province.draining:
        return JSONResponse({"status": "draining"}, 503, {"Retry-After": "5"})
    province.database.read(lambda session: session.connection().exec_driver_sql("SELECT 1"))
    return JSONResponse({"status": "ok"})


@router.get("/metrics")
def metrics() -> Response:
    """For Prometheus."""
    return Response(telemetry.metrics(), media_type="text/plain; version=0.0.4")
