"""An invented office with invented people, for pictures and tests of the windows.

Nothing here is read from or written to a store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from casework.designs import Design
from casework.people import NewOperator
from desktop.care import Care
from desktop.desk import (
    CaseFilter,
    CaseLine,
    CasePage,
    Desk,
    Figures,
    LegalBasis,
    Login,
    MaterialLine,
    Operator,
    OutboxLine,
    ServiceLine,
    ServicePage,
    ServicesState,
    Status,
    Step,
    SyncLine,
)
from desktop.paper_desk import Beliefs, Document, DrawingBoard, OpenCopy, PaperForm
from printing.calibrate import crosses
from printing.lint import Finding
from store.errors import StoreExists

NOW = datetime(2026, 3, 18, 10, 24, tzinfo=timezone(timedelta(hours=8)))
PASSWORD = "lastmile"  # noqa: S105 - shown on the window; opens invented data
LOGINS = (Login("zhangsan", "张三"), Login("lisi", "李四"))
_CIVIL, _SOCIAL, _POLICE, _HEALTH = "民政办公室", "社会保障服务所", "派出所", "卫生健康办公室"
SERVICES = (
    (ServiceLine("old-age-allowance", "高龄津贴", _CIVIL, 15, 42), "gljt gaolingjintie"),
    (ServiceLine("residence-proof", "居住证明", _POLICE, 3, 31), "jzzm juzhuzhengming"),
    (
        ServiceLine("pension-enrolment", "城乡居民养老保险参保登记", _SOCIAL, 5, 27),
        "cxjmylbxcbdj chengxiangjumin",
    ),
    (ServiceLine("temporary-assistance", "临时救助", _CIVIL, 10, 18), "lsjz linshijiuzhu"),
    (ServiceLine("minimum-living", "最低生活保障", _CIVIL, 30, 12), "zdshbz zuidishenghuo"),
    (ServiceLine("disability-subsidies", "残疾人两项补贴", _CIVIL, 15, 9), "cjrlxbt canjiren"),
    (ServiceLine("birth-registration", "生育登记", _HEALTH, 1, 7), "sydj shengyudengji"),
    (ServiceLine("floating-population", "流动人口登记", _POLICE, 3, 4), "ldrkdj liudongrenkou"),
)
_PEOPLE: tuple[tuple[str, int, Status, int | None, bool], ...] = (
    ("王五", 0, "accepted", 15, True),
    ("赵六", 2, "accepted", 5, True),
    ("孙七", 1, "decided_granted", None, False),
    ("周八", 3, "supplement_requested", 1, False),
    ("吴九", 4, "under_review", 2, False),
    ("郑十", 5, "under_review", -1, False),
    ("陈一", 0, "draft", None, False),
    ("冯二", 6, "delivered", None, False),
    ("褚三", 0, "decided_refused", None, False),
    ("卫四", 7, "under_review", 3, False),
    ("蒋五", 2, "closed", None, False),
    ("沈六", 3, "conditionally_accepted", 4, False),
    ("韩七", 1, "accepted", 3, True),
)


def _line(at: int) -> CaseLine:
    name, service, status, days, unsent = _PEOPLE[at]
    number = "" if status == "draft" else f"SL-20260318-{at + 1:04d}"
    touched = NOW - timedelta(minutes=37 * at)
    return CaseLine(str(at), number, SERVICES[service][0].name, name, status, touched, days, unsent)


def _ready(value: object) -> Future[object]:
    made: Future[object] = Future()
    made.set_result(value)
    return made


class ExampleDesk:
    """Answers as an office would, from the tables above."""

    def __init__(self, *, pdf: bytes = b"", empty: bool = False) -> None:
        self._pdf = pdf
        self.lines = () if empty else tuple(_line(at) for at in range(len(_PEOPLE)))
        self.link = SyncLine("offline", NOW - timedelta(hours=2), 3)
        self.sent, self.files_wanted = 0, False
        self.acted: list[tuple[str, str]] = []
        self.jobs: dict[str, str] = {}
        self.troubles: dict[str, str] = {}
        self.left_open: list[OpenCopy] = []
        self.waiting: list[Document] = []
        self._listeners: list[Callable[[], None]] = []

    @property
    def operator(self) -> Operator:
        """Who is signed in."""
        may = frozenset({"fill", "read_cases", "print"})
        return Operator("zhangsan", "张三", "clerk", "青禾镇便民服务中心", may)

    def figures(self) -> Figures:
        """Counts for the overview."""
        return Figures(7, 1, 2, 1, 3, 1, 2, 1, backup_on=date(2026, 3, 17))

    def departments(self) -> Sequence[str]:
        """Departments of the services."""
        return (_CIVIL, _SOCIAL, _POLICE, _HEALTH)

    def services(self, text: str, department: str) -> Sequence[ServiceLine]:
        """Services whose name, department, pinyin or initials hold the text."""
        del department
        return [
            line
            for line, words in SERVICES
            if text.lower() in f"{line.name} {line.department} {words}"
        ]

    def services_state(self) -> ServicesState:
        """Renewed this morning."""
        return ServicesState(NOW.replace(hour=8, minute=2))

    def service(self, service_id: str, language: str) -> ServicePage:
        """The guide of one service."""
        del language
        line = next(line for line, _ in SERVICES if line.id == service_id)
        return ServicePage(
            line,
            "510000MZ-GF-0001",
            "**哪些人可以申请**\n\n- 具有本镇户籍\n- 年满八十周岁\n- 未在其他地方领取同类津贴\n\n"
            "**怎样办理**\n\n本人或者家属到窗口办理；行动不便的，由村（社区）代办员上门。",
            (
                MaterialLine("申请人居民身份证", "原件核对", required=True),
                MaterialLine("户口簿", "原件核对", required=True),
                MaterialLine("银行卡或者存折", "复印件一份", required=True),
                MaterialLine("委托书", "原件一份", required=False, when="委托他人办理时"),
            ),
            30,
            "",
            "发放津贴",
            (
                LegalBasis("《中华人民共和国老年人权益保障法》", "verified"),
                LegalBasis("本地高龄津贴发放办法（示例）", "sample"),
            ),
        )

    def cases(self, wanted: CaseFilter) -> Sequence[CaseLine]:
        """Cases that fit."""

        def fits(case: CaseLine) -> bool:
            days = wanted.due_within_days
            return (
                wanted.text in f"{case.number} {case.applicant} {case.service}"
                and (not wanted.status or case.status in wanted.status)
                and (days is None or (case.days_left is not None and case.days_left <= days))
                and (not wanted.unsent or case.unsent)
            )

        return [case for case in self.lines if fits(case)]

    def next_due(self, limit: int) -> Sequence[CaseLine]:
        """Cases with a deadline, the nearest first."""
        due = (case for case in self.lines if case.days_left is not None)
        return sorted(due, key=lambda case: case.days_left or 0)[:limit]

    def case(self, case_id: str) -> CasePage:
        """One case."""
        line = self.lines[int(case_id)]
        start = line.touched_at - timedelta(days=4)
        steps = (
            Step("accepted", start, "张三", "材料齐全，当场受理。"),
            Step("under_review", start + timedelta(days=1), "民政办公室"),
            Step(line.status, line.touched_at, "省级平台", "请补充银行卡或者存折的复印件。"),
        )
        materials = self.service("old-age-allowance", "zh_CN").materials
        return CasePage(
            line,
            tuple(reversed(steps)),
            (*(replace(each, met=True) for each in materials[:2]), materials[2]),
            (
                Document("receipt", "receipt", "受理通知书", line.number, 1),
                Document("notice", "supplement-notice", "补正通知书", line.number),
            ),
            ("withdraw", "supplement") if line.status == "supplement_requested" else (),
        )

    def act(self, case_id: str, action: str) -> Future[None]:
        """Note the action."""
        self.acted.append((case_id, action))
        return _ready(None)  # type: ignore[return-value]

    def outbox(self) -> Sequence[OutboxLine]:
        """Submissions in each state."""
        if not self.lines:
            return ()
        rows: tuple[tuple[int, str, int, str, str], ...] = (
            (0, "waiting", 0, "", ""),
            (1, "sent", 421_888, "", ""),
            (12, "failed", 0, "", "S108"),
            (3, "acknowledged", 0, "P-20260318-7F3A-09", ""),
            (4, "acknowledged", 0, "P-20260318-61C2-44", ""),
        )
        return [
            OutboxLine(
                self.lines[at].id,
                self.lines[at].number,
                self.lines[at].service,
                state,  # type: ignore[arg-type]
                self.lines[at].touched_at,
                sent,
                734_208,
                receipt,
                error,
            )
            for at, state, sent, receipt, error in rows
        ]

    def sync(self) -> SyncLine:
        """State of the link."""
        return self.link

    def send_now(self, *, files: bool = False) -> None:
        """Count how often sending was asked for, and tell the listeners."""
        self.sent += 1
        self.files_wanted |= files
        for listener in self._listeners:
            listener()

    def decisions(self) -> None:
        """An example decides nothing."""

    def conflict_desk(self) -> None:
        """Nothing is corrected at two windows here."""
        return

    def people_desk(self) -> None:
        """Nobody is held here."""
        return

    def oversight(self) -> None:
        """Nothing is overseen here."""
        return

    def reveal(self, case_id: str, reason: str) -> Future[tuple[str, str]]:
        """Invented people have no numbers."""
        del case_id, reason
        return _ready(("", ""))  # type: ignore[return-value]

    def discard(self, case_id: str, second: tuple[str, str] | None) -> Future[None]:
        """Examples stay."""
        del case_id, second
        return _ready(None)  # type: ignore[return-value]

    def stick(self) -> None:
        """Nothing is carried by hand here."""
        return

    def pdf(self, document_id: str) -> Future[bytes]:
        """The PDF given at the start."""
        del document_id
        return _ready(self._pdf)  # type: ignore[return-value]

    def count_copy(
        self, document_id: str, reason: str, *, way: Literal["paper", "file"] = "paper"
    ) -> Future[bytes]:
        """As `pdf`."""
        what = "copy" if way == "paper" else "file"
        self.acted.append((document_id, f"{what}:{reason}"))
        return self.pdf(document_id)

    def note_job(self, document_id: str, job: str) -> Future[None]:
        """Remember the newest job of a document."""
        self.jobs[document_id] = job
        return _ready(None)  # type: ignore[return-value]

    def note_outcome(self, document_id: str, *, printed: bool, trouble: str = "") -> Future[None]:
        """Note the outcome."""
        self.acted.append((document_id, "printed" if printed else "failed"))
        self.troubles[document_id] = trouble
        return _ready(None)  # type: ignore[return-value]

    def open_copies(self) -> Sequence[OpenCopy]:
        """Those given at the start."""
        return self.left_open

    def verify(self, text: str) -> Future[tuple[tuple[str, str], ...]]:
        """Certify what is asked."""
        del text
        return _ready((("编号", "ZM-2026-000017"), ("持有人", "孙七")))  # type: ignore[return-value]

    def forms(self) -> Sequence[PaperForm]:
        """One of A4."""
        return [PaperForm("receipt", "受理通知书", 210.0, 297.0)]

    def drawing_board(self) -> DrawingBoard:
        """A board without templates."""
        return ExampleBoard(self._pdf)

    def calibration_sheet(self, width: float, height: float) -> Future[bytes]:
        """As `pdf`."""
        del width, height
        return self.pdf("")

    def read_sheet(
        self, data: bytes, width: float, height: float
    ) -> Future[tuple[tuple[float, float], ...]]:
        """Crosses a millimetre to the right."""
        del data
        return _ready(  # type: ignore[return-value]
            tuple((x + 1.0, y) for x, y in crosses(width, height))
        )

    def to_print(self) -> Future[Sequence[Document]]:
        """Those given at the start."""
        return _ready(self.waiting)  # type: ignore[return-value]

    def verify_file(self, data: bytes) -> Future[tuple[tuple[str, str], ...]]:
        """As `verify`."""
        return self.verify(data.decode("ascii", "ignore"))

    def beliefs(self) -> Beliefs:
        """One key, nothing void."""
        return Beliefs(1, 0, self.lines[0].touched_at if self.lines else None)

    def take_list(self, data: bytes) -> Future[None]:
        """Remember that a list came."""
        self.acted.append(("list", str(len(data))))
        return _ready(None)  # type: ignore[return-value]

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Remember who wants to hear."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)


class ExampleBoard:
    """Draws the same page for every template."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf

    def folders(self) -> Sequence[Path]:
        """None."""
        return ()

    def read(self, folder: Path) -> Mapping[str, bytes]:
        """Nothing."""
        del folder
        return {}

    def try_out(self, files: Mapping[str, bytes]) -> Future[tuple[bytes, tuple[Finding, ...]]]:
        """The page given at the start."""
        del files
        return _ready((self._pdf, ()))  # type: ignore[return-value]

    def background(
        self, data: bytes, paper: tuple[float, float]
    ) -> Future[tuple[bytes, tuple[float, float]]]:
        """What was brought."""
        return _ready((data, paper))  # type: ignore[return-value]

    def save(self, design: Design) -> Future[Path]:
        """Nowhere."""
        return _ready(Path(design.id))  # type: ignore[return-value]


class ExampleOffice:
    """Opens the invented desk for anyone who types the password shown."""

    def logins(self) -> Sequence[Login]:
        """The invented operators."""
        return LOGINS

    def open(self, login: str, password: str) -> Future[Desk]:
        """The desk, or `WrongExample`."""
        del login
        opened: Future[Desk] = Future()
        if password == PASSWORD:
            opened.set_result(ExampleDesk())
        else:
            opened.set_exception(WrongExample())
        return opened

    def set_up(self, admin: NewOperator, first: NewOperator) -> Future[str]:
        """Refused: there is always an office here."""
        del admin, first
        refused: Future[str] = Future()
        refused.set_exception(StoreExists())
        return refused

    def care(self) -> Care | None:
        """Nothing to look after."""
        return None

    def lock(self) -> None:
        """Nothing lives on."""

    def network_changed(self) -> None:
        """Nothing is sent anywhere."""


class WrongExample(Exception):
    """Another password than the one shown was typed."""

    code = "W005"
