"""Whatever the office did and however it ended, nothing of a citizen lies in clear on the disk."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from casework import persons
from tests.casework.hall import Hall
from tests.security.canaries import ID_NO, NAME, sightings

ROOT = Path(__file__).parents[2]
KILLS = max(2, int(os.environ.get("LASTMILE_KILLS", "8")) // 4)


def test_after_a_kill_profile_temp_and_logs_hold_no_canary(hall: Hall, tmp_path: Path) -> None:
    hall.leave()
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    moments = random.Random(7)
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.security.canary_child", str(hall.folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)},
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"done\n"
        time.sleep(moments.random())
        child.send_signal(signal.SIGKILL)
        child.stdout.close()
        child.wait(20)
        assert sightings(tmp_path) == []
    assert (hall.folder / "logs").is_dir()
    assert list((hall.folder / "logs").iterdir()), "the log was written and looked through"
    found = persons.find(hall.enter("zhao"), ID_NO, "proof")
    assert len(found.cases) >= KILLS, "the canaries were there"


def test_the_search_for_canaries_finds_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" + NAME.encode("gb18030"))
    (tmp_path / f"{NAME}.txt").write_bytes(b"")
    assert len(sightings(tmp_path)) >= 2
