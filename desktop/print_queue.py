"""The queues of CUPS: which printers there are, a job given to one, and what became of it.

CUPS' own tools find the server, hand over and cancel (`lp`, `cancel`, `lpstat`); states are read
over IPP, since the tools put them into words. All of it blocks: call it on a worker. Nothing
about a person leaves here: the PDF goes through a pipe, and each job has the same name.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from desktop import ipp
from desktop.print_errors import (
    BadPages,
    CoverOpen,
    InkOut,
    JobCancelled,
    JobFailed,
    JobLost,
    JobRefused,
    JobWaiting,
    NoPrinter,
    NoSuchPaper,
    NotTakenBack,
    PaperJam,
    PaperOut,
    PrinterError,
    PrinterOffline,
    PrinterPaused,
    PrinterStopped,
    QueueSilent,
)

JOB_NAME = "Lastmile"
Stage = Literal["open", "printed", "cancelled", "failed", "lost"]
State = Literal["ready", "busy", "stopped", "unknown"]
Sides = Literal["one-sided", "two-sided-long-edge", "two-sided-short-edge"]

ANSWER_S = 10.0
HAND_OVER_S = 30.0
PAPER_SLACK_MM = 1.5
_STAGES: dict[int, Stage] = {7: "cancelled", 8: "failed", 9: "printed"}  # RFC 8011, 5.3.7
_STATES: dict[int, State] = {3: "ready", 4: "busy", 5: "stopped"}  # RFC 8011, 5.4.11
# The first that fits; RFC 8011, 5.4.12, and CUPS' own words.
_TROUBLES: tuple[tuple[str, type[PrinterStopped]], ...] = (
    ("media-jam", PaperJam),
    ("media-empty", PaperOut),
    ("media-needed", PaperOut),
    ("input-tray-missing", PaperOut),
    ("cover-open", CoverOpen),
    ("door-open", CoverOpen),
    ("interlock-open", CoverOpen),
    ("toner-empty", InkOut),
    ("marker-supply-empty", InkOut),
    ("offline", PrinterOffline),
    ("shutdown", PrinterOffline),
    ("timed-out", PrinterOffline),
    ("connecting-to-device", PrinterOffline),
    ("paused", PrinterPaused),
    ("moving-to-paused", PrinterPaused),
)
_VERDICTS: Mapping[Stage, type[PrinterError]] = {
    "cancelled": JobCancelled,
    "failed": JobFailed,
    "lost": JobLost,
}
_COMMON = {(210, 297): "A4", (148, 210): "A5", (297, 420): "A3"}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)$")
_PAGES = re.compile(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?")


@dataclass(frozen=True)
class PrinterLine:
    """A printer to choose.

    Attributes:
        trouble: Why it does not print now, None if it should.
        trays: As it calls them; none where it has no choice or does not tell.
    """

    name: str
    state: State = "unknown"
    trouble: PrinterError | None = None
    trays: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ways:
    """How a document goes on paper.

    Attributes:
        copies: At least 1.
        pages: Such as "1-2,4"; "" for all.
        sides: One side or both of a sheet.
        paper_mm: Width and height of the document's page; None leaves it to the printer.
        tray: As the printer calls it; "" leaves it to the printer.
    """

    copies: int = 1
    pages: str = ""
    sides: Sides = "one-sided"
    paper_mm: tuple[float, float] | None = None
    tray: str = ""


@dataclass(frozen=True)
class Job:
    """A job as CUPS calls it, such as `Counter-17`."""

    id: str
    printer: str


@dataclass(frozen=True)
class Sight:
    """What the queue says about a job now; `trouble` is what keeps its printer from going on."""

    stage: Stage
    trouble: PrinterError | None = None


def can_hand_over() -> bool:
    """Whether the print system takes PDFs as they are and tells of its jobs."""
    return sys.platform.startswith("linux") and all(map(shutil.which, ("lp", "lpstat", "cancel")))


def printers() -> tuple[PrinterLine, ...]:
    """The printers of this computer with their state, the default one first.

    Raises:
        NoPrinter: There is none, or no print system at all.
    """
    named = [line.split()[0] for line in _tool("lpstat", "-e").splitlines() if line.strip()]
    told = {str(g["printer-name"][0]): g for g in _groups_of_all() if g.get("printer-name")}
    default = _tool("lpstat", "-d").rpartition(": ")[2].strip()
    every = sorted({*named, *told}, key=lambda name: (name != default, name))
    if not every:
        raise NoPrinter
    return tuple(_line(name, told.get(name)) for name in every)


def hand_over(
    pdf: bytes, printer: str, ways: Ways | None = None, *, timeout_s: float = HAND_OVER_S
) -> Job:
    """Give the PDF itself to CUPS, unscaled; on no account leave it in a file in clear.

    Raises:
        NoPrinter: `printer` is empty.
        NoSuchPaper: The printer does not take the document's size.
        BadPages: The pages asked for are no page numbers.
        JobRefused: CUPS did not take it.
        QueueSilent: No answer within `timeout_s`; it may have taken the job or not.
    """
    if not printer:
        raise NoPrinter
    ways = ways or Ways()
    options = _options(ways, printer)
    command = ["lp", "-d", printer, "-t", JOB_NAME, *options, "-"]
    try:
        answer = subprocess.run(  # noqa: S603 - no shell; the name comes from the system's own list
            command,
            input=pdf,
            capture_output=True,
            timeout=timeout_s,
            check=False,
            env=_plain_language(),
        )
    except OSError:
        raise JobRefused from None
    except subprocess.TimeoutExpired:
        raise QueueSilent from None
    found = re.search(rb"request id is (\S+-\d+)", answer.stdout)
    if answer.returncode or found is None:
        raise JobRefused
    return Job(found[1].decode("utf-8", "replace"), printer)


def look(job: Job) -> Sight:
    """What the queue says about a job now.

    Raises:
        QueueSilent: The print system does not answer.
    """
    number = job.id.rpartition("-")[2]
    status, groups = _ask(
        ipp.GET_JOB, {"job-uri": f"ipp://localhost/jobs/{number}"}, ("job-state", "job-printer-uri")
    )
    if status == ipp.NOT_FOUND:
        return Sight("lost")
    state = groups[0].get("job-state", [0])[0] if groups else 0
    if status >= ipp.OK_BELOW or not state:
        raise QueueSilent
    stage = _STAGES.get(int(state), "open")
    return Sight(stage, _trouble_of(job.printer) if stage == "open" else None)


def take_back(job: Job) -> None:
    """Take a job out of the queue.

    Raises:
        NotTakenBack: It had ended already, or CUPS did not want to.
    """
    try:
        subprocess.run(  # noqa: S603 - no shell; CUPS gave the name
            ["cancel", job.id],  # noqa: S607 - where the system has it
            capture_output=True,
            timeout=ANSWER_S,
            check=True,
            env=_plain_language(),
        )
    except (OSError, subprocess.SubprocessError):
        raise NotTakenBack from None


def verdict(sight: Sight) -> PrinterError | None:
    """What to tell of a job: None once it is printed, else why it is not."""
    if sight.stage == "printed":
        return None
    return _VERDICTS[sight.stage]() if sight.stage in _VERDICTS else sight.trouble or JobWaiting()


def pages_within(pages: str, count: int) -> str:
    """Page ranges as CUPS wants them, such as "1-2,4"; "" for all.

    Raises:
        BadPages: Not page numbers, backwards, or beyond page `count`.
    """
    ranges = []
    for part in re.split("[,，、]", pages) if pages.strip() else ():
        found = _PAGES.fullmatch(part)
        if found is None:
            raise BadPages
        first, last = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= last <= count:
            raise BadPages
        ranges.append(f"{first}-{last}")
    return ",".join(ranges)


def page_numbers(pages: str, count: int) -> tuple[int, ...]:
    """The pages of such ranges one by one, from 1; all `count` for "".

    Raises:
        BadPages: As `pages_within`.
    """
    ranges = pages_within(pages, count) or f"1-{count}"
    bounds = [part.split("-") for part in ranges.split(",")]
    return tuple(n for first, last in bounds for n in range(int(first), int(last) + 1))


def _options(ways: Ways, printer: str) -> list[str]:
    if ways.copies < 1:
        raise JobRefused
    said = ["-n", str(ways.copies), "-o", "print-scaling=none", "-o", f"sides={ways.sides}"]
    if ways.copies > 1:
        said += ["-o", "collate=true"]
    if ways.pages:
        said += ["-P", pages_within(ways.pages, 99_999)]
    media = _media(ways.paper_mm, printer) if ways.paper_mm else ""
    wanted = ",".join(word for word in (media, ways.tray) if word)
    return [*said, "-o", f"media={wanted}"] if wanted else said


def _media(paper_mm: tuple[float, float], printer: str) -> str:
    width, height = paper_mm
    known = [str(name) for name in _about(printer).get("media-supported", ())]
    sizes = {name: size for name in known if (size := _size_mm(name))}
    for name, (w, h) in sizes.items():
        near = abs(w - width) <= PAPER_SLACK_MM and abs(h - height) <= PAPER_SLACK_MM
        if near and not name.startswith(("custom_min_", "custom_max_")):
            return name
    fewest = next((s for name, s in sizes.items() if name.startswith("custom_min")), None)
    most = next((s for name, s in sizes.items() if name.startswith("custom_max")), None)
    free = fewest is not None and most is not None and _between(fewest, paper_mm, most)
    if sizes and not free:
        raise NoSuchPaper  # CUPS would fall back to its default size and cut the page
    return _COMMON.get((round(width), round(height)), f"Custom.{width:g}x{height:g}mm")


def _between(
    fewest: tuple[float, float], size: tuple[float, float], most: tuple[float, float]
) -> bool:
    return all(a <= x <= b for a, x, b in zip(fewest, size, most, strict=True))


def _size_mm(media: str) -> tuple[float, float] | None:
    found = _SIZE.search(media)
    if found is None:
        return None
    scale = 25.4 if found[3] == "in" else 1.0
    return float(found[1]) * scale, float(found[2]) * scale


def _line(name: str, told: ipp.Group | None) -> PrinterLine:
    if told is None:  # seen on the network, set up by CUPS when the first job comes
        return PrinterLine(name)
    state = _STATES.get(int(told.get("printer-state", [0])[0]), "unknown")
    accepting = told.get("printer-is-accepting-jobs", [True])[0]
    sources = [str(tray) for tray in told.get("media-source-supported", ())]
    trays = tuple(tray for tray in sources if tray != "auto")
    trouble = _trouble(told) if accepting else JobRefused()
    return PrinterLine(name, state, trouble, trays if len(trays) > 1 else ())


def _trouble_of(printer: str) -> PrinterError | None:
    return _trouble(_about(printer))


def _trouble(told: ipp.Group) -> PrinterError | None:
    reasons = [str(reason) for reason in told.get("printer-state-reasons", ())]
    for word, kind in _TROUBLES:
        if any(_means(reason, word) for reason in reasons):
            return kind()
    return PrinterStopped() if told.get("printer-state", [0])[0] == 5 else None


def _means(reason: str, word: str) -> bool:
    # "-warning" and "-report" do not stop a printer; but an unplugged one is only a report to CUPS
    return reason in (word, f"{word}-error") or (word, reason) == ("offline", "offline-report")


def _about(printer: str) -> ipp.Group:
    uri = f"ipp://localhost/printers/{quote(printer)}"
    wanted = ("printer-state", "printer-state-reasons", "media-supported")
    _status, groups = _ask(ipp.GET_PRINTER, {"printer-uri": uri}, wanted)
    return groups[0] if groups else {}


def _groups_of_all() -> Sequence[ipp.Group]:
    wanted = (
        "printer-name",
        "printer-state",
        "printer-state-reasons",
        "printer-is-accepting-jobs",
        "media-source-supported",
    )
    try:
        return _ask(ipp.GET_PRINTERS, {}, wanted)[1]
    except QueueSilent:
        return ()


def _ask(
    operation: int, uris: Mapping[str, str], wanted: Iterable[str]
) -> tuple[int, list[ipp.Group]]:
    body = ipp.ask(operation, uris, tuple(wanted))
    line = _connect(_tool("lpstat", "-H").strip() or "localhost:631")
    try:
        line.request("POST", "/", body, {"Content-Type": "application/ipp"})
        answer = line.getresponse()
        if answer.status != http.client.OK:
            raise QueueSilent
        return ipp.read(answer.read())
    except (OSError, http.client.HTTPException, ipp.Garbled):
        raise QueueSilent from None
    finally:
        line.close()


class _Local(http.client.HTTPConnection):
    """HTTP over the socket file that CUPS listens on."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        """Reach the socket file."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_S)
        self.sock.connect(self._path)


def _connect(address: str) -> http.client.HTTPConnection:
    if address.startswith("/"):
        return _Local(address)
    return http.client.HTTPConnection(address, timeout=ANSWER_S)


def _tool(*command: str) -> str:
    # "" where it fails: CUPS' tools use an error both for no server and for an empty list
    try:
        return subprocess.run(  # noqa: S603 - fixed words only
            command,
            capture_output=True,
            timeout=ANSWER_S,
            check=True,
            env=_plain_language(),
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def _plain_language() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
