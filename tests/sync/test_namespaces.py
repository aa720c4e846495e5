"""Everything once over a link as thin and lossy as a village's: 64 kbit/s, 5 % of packets lost.

Office and province stand in network namespaces of their own; `tc tbf` holds the rate on both ends,
nftables drops packets at random, and the fault proxy delays each request, since netem is missing
from some kernels. In the suite a few small cases; `LASTMILE_NAMESPACES=200` for 200 cases with 600
files, about ten minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync import sides
from tests.sync.fault_proxy import FaultProxy
from tests.sync.sides import Scene
from tests.sync.test_schedules import assert_holds, free_port, furnish

CASES = int(os.environ.get("LASTMILE_NAMESPACES", "1"))
FILES, SIZES = 3, (200, 1_500)  # of each case, and their bytes
SHAPE = ("rate", "64kbit", "burst", "4kb", "latency", "600ms")
LOSS_PERCENT, DELAY_S = 5, 0.15
PATIENCE_S = 60 + 15 * CASES
HERE, THERE = f"lm{os.getpid()}a", f"lm{os.getpid()}b"
OFFICE_IP, PROVINCE_IP = "10.77.0.1", "10.77.0.2"


@pytest.fixture
def thin_link() -> Iterator[None]:
    """Two namespaces with a link between them."""
    if reason := _cannot():
        pytest.skip(reason)
    try:
        for name in (HERE, THERE):
            _run("ip", "netns", "add", name)
            _within(name, "ip", "link", "set", "lo", "up")
        _within(HERE, "ip", "link", "add", "v0", "type", "veth", "peer", "name", "v0p")
        _within(HERE, "ip", "link", "set", "v0p", "netns", THERE, "name", "v0")
        for name, ip in ((HERE, OFFICE_IP), (THERE, PROVINCE_IP)):
            _within(name, "ip", "address", "add", f"{ip}/24", "dev", "v0")
            _within(name, "ip", "link", "set", "v0", "up")
            _within(name, "tc", "qdisc", "add", "dev", "v0", "root", "tbf", *SHAPE)
            _within(name, "nft", "add table inet lossy")
            hook = "{ type filter hook input priority 0; }"
            _within(name, "nft", f"add chain inet lossy in {hook}")
            drop = f"iifname v0 numgen random mod 100 < {LOSS_PERCENT} counter drop"
            _within(name, "nft", f"add rule inet lossy in {drop}")
        yield
    finally:
        for name in (HERE, THERE):
            _works(["ip", "netns", "delete", name])


@pytest.mark.timeout(PATIENCE_S + 60)
def test_everything_arrives_once_at_64_kbit_with_losses(thin_link: None, tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene", CASES, FILES, SIZES)
    scene.folder.mkdir()
    with FaultProxy(free_port()) as proxy:
        furnish(scene, sides.context(), proxy)
        own = proxy.port
    port = free_port()
    province = _start(THERE, "province", scene, port, own)
    started = time.monotonic()
    office = _start(HERE, "office", scene, port, own)
    try:
        said, _ = office.communicate(timeout=PATIENCE_S)
        assert office.returncode == 0
    finally:
        for process in (office, province):
            process.kill()
            process.communicate()
    seconds = time.monotonic() - started
    dropped = [_dropped(name) for name in (HERE, THERE)]
    sys.stdout.write(
        f"{CASES} cases, {CASES * FILES} files, {scene.content_bytes} bytes of content, "
        f"{said.strip()} sent, {seconds:.0f} s, packets lost {dropped}\n"
    )
    assert sum(dropped) > 0
    assert scene.waiting() == 0
    assert_holds(scene)


def _start(name: str, side: str, scene: Scene, port: int, own: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.sync.namespaced", side, str(scene.folder)]
    return subprocess.Popen(
        ["ip", "netns", "exec", name, *command, PROVINCE_IP, str(port), str(own), str(DELAY_S)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


def _dropped(name: str) -> int:
    """Packets that the rule of a namespace dropped, as its counter says."""
    listed = _within(name, "nft", "list", "chain", "inet", "lossy", "in")
    words = listed.split()
    return int(words[words.index("packets") + 1])


def _cannot() -> str:
    if os.name != "posix" or os.geteuid() != 0:
        return "network namespaces need root"
    missing = [tool for tool in ("ip", "tc", "nft") if shutil.which(tool) is None]
    if missing:
        return f"not installed here: {', '.join(missing)}"
    probe = f"{HERE}p"
    inside = ["ip", "netns", "exec", probe]
    steps = (
        ["ip", "netns", "add", probe],
        [*inside, "ip", "link", "add", "v0", "type", "veth"],
        [*inside, "tc", "qdisc", "add", "dev", "v0", "root", "tbf", *SHAPE],
        [*inside, "nft", "add table inet lossy"],
    )
    try:
        failed = next((step for step in steps if not _works(step)), None)
    finally:
        _works(["ip", "netns", "delete", probe])
    return f"the kernel refuses: {' '.join(failed[-8:])}" if failed else ""


def _works(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _within(name: str, *command: str) -> str:
    return _run("ip", "netns", "exec", name, *command)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
