"""A print system of the test's own: a private cupsd with a queue that stores what it gets.

Needs Debian's `cups-daemon`, `cups-client` and `cups-filters`; without them the tests skip. Runs
for any user: everything lies in one short folder, and cupsd listens on a socket in it.

Queues: `Counter` (Generic PDF printer: pages, copies and paper are carried out by the filters),
`Raw` (the bytes as they came).
"""

from __future__ import annotations

import grp
import io
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

A4_MM = (210.0, 297.0)
POINTS_PER_MM = 72 / 25.4
QUEUES = ("Counter", "Raw")
CUPSD = shutil.which("cupsd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
SERVER_BIN = Path("/usr/lib/cups")
PPD = Path("/usr/share/ppd/cupsfilters/Generic-PDF_Printer-PDF.ppd")
# Stores each job as NUMBER.pdf, its title, copies and options as NUMBER.txt. A file `hold` keeps
# the printer busy, and what stands in it becomes a state reason; a file `break` fails the job.
# In sh, since cupsd's user may not reach the Python of the tests.
BACKEND = """#!/bin/sh
box='{box}'
[ $# -gt 0 ] || {{ echo 'direct keep "Unknown" "Keeps jobs"'; exit 0; }}
cat "${{6:--}}" > "$box/$1.part" || exit 4
said=
while [ -e "$box/hold" ]; do
    reason=$(cat "$box/hold")
    [ "$reason" = "$said" ] || echo "STATE: +$reason" >&2
    said=$reason
    sleep 0.05
done
[ -z "$said" ] || echo "STATE: -$said" >&2
[ ! -e "$box/break" ] || exit 4
printf '%s\\n%s\\n%s' "$3" "$4" "$5" > "$box/$1.txt"
chmod a+r "$box/$1.part"
mv "$box/$1.part" "$box/$1.pdf"
"""
FILES = """ServerRoot {home}/etc
ServerBin {home}/bin
CacheDir {home}/cache
StateDir {home}/run
RequestRoot {home}/spool
TempDir {home}/spool/tmp
AccessLog {home}/log/access
ErrorLog {home}/log/error
PageLog {home}/log/page
User {user}
Group {group}
SystemGroup {system_group}
"""
SERVER = """LogLevel warn
MaxLogSize 0
Listen {home}/s
Browsing No
WebInterface No
DefaultAuthType None
ErrorPolicy abort-job
PreserveJobHistory Yes
PreserveJobFiles No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""


@dataclass(frozen=True)
class Cups:
    """A running print system; `address` is what the environment's CUPS_SERVER must say."""

    home: Path

    @property
    def address(self) -> str:
        """Path of its socket."""
        return str(self.home / "s")

    @property
    def box(self) -> Path:
        """The folder where printed jobs land."""
        return self.home / "box"

    def run(self, *command: str) -> str:
        """Run one of CUPS' own tools against it; returns what it says."""
        found = shutil.which(command[0], path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        environment = {**os.environ, "CUPS_SERVER": self.address, "LC_ALL": "C"}
        return subprocess.run(
            [found or command[0], *command[1:]],
            env=environment,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout

    def hold(self, reason: str = "") -> None:
        """Keep the printer busy with the next job, for a state reason such as `media-empty`."""
        (self.box / "hold").write_text(reason)

    def go_on(self) -> None:
        """Let the job that is held come out."""
        (self.box / "hold").unlink(missing_ok=True)

    def paper(self, job: str) -> bytes:
        """What came out for a job such as `Counter-3`; b"" if nothing did."""
        out = self.box / f"{int(job.rpartition('-')[2])}.pdf"
        return out.read_bytes() if out.is_file() else b""

    def told(self, job: str) -> tuple[str, str, str]:
        """Title, copies and options the backend was told."""
        out = self.box / f"{int(job.rpartition('-')[2])}.txt"
        title, copies, options = out.read_text().split("\n")
        return title, copies, options

    def add_queue(self, name: str, *, ppd: Path | None = None) -> None:
        """Set up a queue; one without a PPD passes on the bytes as they are."""
        model = ("-P", str(ppd)) if ppd else ()
        self.run("lpadmin", "-p", name, "-v", f"keep:/{name}", *model, "-E")

    def renew(self, name: str) -> None:
        """Set up a queue of ours from the beginning."""
        default = "Counter" in self.run("lpstat", "-d")
        self.run("lpadmin", "-x", name)
        self.add_queue(name, ppd=PPD if name == "Counter" else None)
        if name == "Counter" and default:
            self.run("lpadmin", "-d", name)

    def quiet(self) -> None:
        """Cancel every job, empty the box, and let all queues go on."""
        self.run("cancel", "-a", "-x")
        for each in self.box.iterdir():
            each.unlink(missing_ok=True)
        for name in QUEUES:
            if "Alerts: none" not in self.run("lpstat", "-l", "-p", name):
                self.renew(name)  # its last job was killed before it took its words back
            self.run("cupsenable", name)
            self.run("cupsaccept", name)


def start() -> Iterator[Cups]:
    """A private print system with the queues `Counter` (the default) and `Raw`; ends it after."""
    skip_unless_there()
    home = Path(tempfile.mkdtemp(prefix="cups-", dir="/tmp"))
    cups = Cups(home)
    _furnish(cups)
    with (home / "log" / "out").open("wb") as log:
        daemon = subprocess.Popen(
            [str(CUPSD), "-f", "-c", f"{home}/etc/cupsd.conf", "-s", f"{home}/etc/cups-files.conf"],
            stdout=log,
            stderr=log,
        )
    try:
        _await(cups, daemon)
        cups.add_queue("Counter", ppd=PPD)
        cups.add_queue("Raw")
        cups.run("lpadmin", "-d", "Counter")
        yield cups
    finally:
        cups.go_on()
        daemon.terminate()
        daemon.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def skip_unless_there() -> None:
    tools = [name for name in ("lp", "lpstat", "cancel") if shutil.which(name) is None]
    if CUPSD is None or tools:
        pytest.skip("no CUPS here: install cups-daemon and cups-client")
    if not (SERVER_BIN / "filter" / "pdftopdf").exists() or not PPD.is_file():
        pytest.skip("no PDF filters for CUPS here: install cups-filters")


def _furnish(cups: Cups) -> None:
    home, root = cups.home, os.geteuid() == 0
    home.chmod(0o755)
    folders = ("etc", "bin/backend", "cache", "run", "spool/tmp", "log", "box")
    for name in folders:
        (home / name).mkdir(parents=True)
    user = pwd.getpwnam("lp") if root else pwd.getpwuid(os.geteuid())
    words = {
        "home": home,
        "user": user.pw_name,
        "group": grp.getgrgid(user.pw_gid).gr_name,
        # cupsd takes the system's groups and its own apart
        "system_group": "root" if root else grp.getgrgid(user.pw_gid).gr_name,
    }
    for folder in ("filter", "daemon", "notifier", "monitor", "cgi-bin"):
        (home / "bin" / folder).symlink_to(SERVER_BIN / folder)
    backend = home / "bin" / "backend" / "keep"
    backend.write_text(BACKEND.format(box=cups.box))
    backend.chmod(0o755)
    if root:
        os.chown(cups.box, user.pw_uid, user.pw_gid)
        (home / "spool").chmod(0o755)
    (home / "etc" / "cups-files.conf").write_text(FILES.format(**words))
    (home / "etc" / "cupsd.conf").write_text(SERVER.format(home=home))


def _await(cups: Cups, daemon: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and daemon.poll() is None:
        try:
            if "is running" in cups.run("lpstat", "-r"):
                return
        except subprocess.CalledProcessError:
            pass
        time.sleep(0.1)
    words = "".join(f.read_text(errors="replace") for f in (cups.home / "log").iterdir())
    raise AssertionError(f"cupsd did not start:\n{words}")


def paper(*texts: str, size_mm: tuple[float, float] = A4_MM) -> bytes:
    """A PDF with one page for each text."""
    out = io.BytesIO()
    width, height = size_mm
    canvas = Canvas(out, pagesize=(width * POINTS_PER_MM, height * POINTS_PER_MM))
    for text in texts:
        canvas.drawString(100, 100, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="session")
def running_cups() -> Iterator[Cups]:
    """One private print system for a whole run."""
    yield from start()


@pytest.fixture
def cups(running_cups: Cups, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cups]:
    """The private print system, empty and willing, as the only one this process knows."""
    monkeypatch.setenv("CUPS_SERVER", running_cups.address)
    running_cups.quiet()
    yield running_cups
    running_cups.go_on()
    running_cups.quiet()
