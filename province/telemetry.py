"""What operators see: JSON lines in the log, numbers for Prometheus. Never a person's data.

A log line names the pattern of a route (never the address, which holds ids and codes), the
device's id, the error's code. An unforeseen error is logged with its kind and its place in the
code, without its words, which may quote what somebody typed.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"  # set by `serve --workers` before this is imported
log = logging.getLogger("province")

ANSWERS = Counter(
    "lastmile_answers", "Answers by method, route and status.", ["method", "route", "status"]
)
SECONDS = Histogram(
    "lastmile_answer_seconds",
    "Time from the head of a request to its answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TAKEN = Counter("lastmile_submissions", "Submissions by what became of them.", ["outcome"])
TOGETHER = Histogram(
    "lastmile_group_submissions",
    "Submissions that one transaction took in.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
)
CHUNKS = Counter("lastmile_upload_bytes", "Bytes of files taken in.")
REMOVED = Counter("lastmile_files_removed", "Files that no case named in time.", ["kind"])
REMOVED_BYTES = Counter("lastmile_files_removed_bytes", "Bytes of such files, as announced.")
FREE = Gauge(
    "lastmile_files_free_bytes",
    "Room on the disk of the files at the last look; none for a bucket.",
    multiprocess_mode="mostrecent",
)
RESTORES = Counter("lastmile_restores_seen", "Epochs ended because a cursor proved a restore.")
DRAINING = Gauge(
    "lastmile_draining", "1 while the process lets go of its clients.", multiprocess_mode="max"
)


def metrics() -> bytes:
    """All numbers in Prometheus' text format, of all workers of this machine together."""
    if MULTIPROCESS not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def answered(
    method: str, route: str, status: int, seconds: float, *, device: str = "", code: str = ""
) -> None:
    """Count and log one answer."""
    ANSWERS.labels(method, route, status).inc()
    SECONDS.labels(route).observe(seconds)
    facts: dict[str, object] = {"method": method, "route": route, "status": status}
    facts["ms"] = round(seconds * 1000, 1)
    if device:
        facts["device"] = device
    if code:
        facts["code"] = code
    log.info("answer", extra={"facts": facts})


def broken(error: BaseException, route: str) -> None:
    """Log an unforeseen error: its kind and the places it came through, not its words."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[-12:]]
    facts = {"route": route, "kind": type(error).__name__, "places": places}
    log.error("fault", extra={"facts": facts})


class JsonLines(logging.Formatter):
    """One JSON object a line: `at` (UTC), `level`, `event`, and the facts of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for `record`."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower()}
        line["event"] = record.getMessage()
        if record.name != "province":
            line["logger"] = record.name
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0] is not None:
            line["kind"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def log_to_stderr() -> None:
    """Send every log line of the process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level="INFO", force=True)
    for noisy in ("httpx", "botocore", "boto3", "s3transfer", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
