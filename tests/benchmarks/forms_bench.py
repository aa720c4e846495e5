"""The form engine on large forms, beside `@getodk/xforms-engine` where that is installed.

Each figure is the median over fresh processes, CPU time; values are checked, and both engines must
end in the same state. The forms are those of ../shared. LASTMILE_BENCH_RUNS sets how many processes
(7), LASTMILE_BENCH_PEER_S how long one form may keep the peer busy (120 s, but at least once).
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.forms_peer import differences, find_peer, measure

SHARED = Path(__file__).parents[3] / "shared"
MAKER = SHARED / "bench/make_forms.py"
REAL = SHARED / "conformance/forms"
RUNS = int(os.environ.get("LASTMILE_BENCH_RUNS", "7"))
PEER_S = float(os.environ.get("LASTMILE_BENCH_PEER_S", "120"))
ONLY = os.environ.get("LASTMILE_BENCH_FORMS", "").split()
HEAVY = "reppos_1000"  # minutes for the peer to load; it is not asked to grow it as well


@dataclass(frozen=True)
class Aim:
    """How many times faster than the peer a form is to load, to answer and to filter."""

    load: float
    answer: float = 0
    filter: float = 0


AIMS = {
    "indep_1000": Aim(40, 20),
    "chain_1000": Aim(40, 100),
    "fanout_1000": Aim(40, 100),
    "repeat_1000": Aim(40, 100),
    "reppos_1000": Aim(1000, 60),
    "replook_300": Aim(100, 25),
    "cascade": Aim(30, filter=20),
    "cascade2": Aim(30, filter=20),
    "lookup": Aim(50, 10_000),
    "javarosa/src/test/resources/smoketests/whova_form": Aim(20, 5),
    "javarosa/src/test/resources/nigeria_wards_external": Aim(20, 5),
    "web-forms/packages/common/src/fixtures/performance/bench9": Aim(20, 5),
}
LAWS = ("indep", "chain", "fanout"), (100, 1000, 5000)
Figures = dict[str, Any]


def main() -> None:
    """Print the table, the peak of memory and the laws of growth."""
    if not MAKER.is_file():
        _say(f"skipped: no forms to measure with, {MAKER} is not there")
        return
    peer, why = find_peer()
    _say(f"peer: {peer or 'skipped, ' + why}")
    with tempfile.TemporaryDirectory(prefix="lastmile-forms-") as name:
        folder = Path(name)
        subprocess.run([sys.executable, str(MAKER), name], check=True, stdout=subprocess.DEVNULL)
        manifest: dict[str, Figures] = json.loads((folder / "manifest.json").read_text())
        lighter = {**manifest, HEAVY: {**manifest[HEAVY], "repeat": None}}
        (folder / "manifest.json").write_text(json.dumps(lighter))
        for form, aim in AIMS.items():
            if not ONLY or form.rpartition("/")[2] in ONLY:
                _compare(folder, form, manifest.get(form), aim, peer)
        if not ONLY:
            _laws(folder, manifest)


def _compare(folder: Path, form: str, spec: Figures | None, aim: Aim, peer: Path | None) -> None:
    path = folder / f"{form}.xml" if spec else REAL / f"{form}.xml"
    ours = [_ours(path, spec or {"real": True}) for _ in range(RUNS)]
    theirs: list[Figures] = []
    begun = time.monotonic()
    while peer and len(theirs) < RUNS and (not theirs or time.monotonic() - begun < PEER_S):
        theirs.append(measure(peer, path, folder, real=spec is None))
    runs = f"{RUNS} and {len(theirs)} processes" if peer else f"{RUNS} processes"
    _say(f"\n{path.stem} ({runs})")
    aims = {
        "load": aim.load,
        "answer": aim.answer,
        "filter": aim.filter,
        "first_filter": aim.filter,
    }
    for what in ("load", "answer", "slowest", "first_filter", "filter", "add", "serialise"):
        _row(what, "ms", _middle(ours, what), _middle(theirs, what), aims.get(what, 0))
    _row("rss", "MiB", _middle(ours, "rss"), _middle(theirs, "rss"), 4)
    wrong = {each for run in ours for key in ("wrong", "wrong_count") for each in run.get(key, ())}
    told = sorted(wrong) or ["none"]
    _say(f"  wrong values here: {'; '.join(told)}")
    if peer:
        unlike = differences(peer, path, ours[0]["state"])
        _say(f"  state unlike the peer's: {'; '.join(unlike[:5]) or 'none'}")
        for each in sorted({each for run in theirs for each in run["wrong"]}):
            _say(f"  wrong value at the peer: {each}")


def _ours(path: Path, spec: Figures) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.forms_run", str(path), json.dumps(spec)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    found: Figures = json.loads(done.stdout)
    return found


def _middle(runs: list[Figures], what: str) -> float | None:
    values = [run[what] for run in runs if run.get(what) is not None]
    return statistics.median(values) if values else None


def _row(what: str, unit: str, ours: float | None, theirs: float | None, aim: float) -> None:
    if ours is None:
        return
    row = f"  {what:<13}{ours:>11.3f} {unit}"
    if theirs is not None:
        times = theirs / ours if ours else math.inf
        verdict = "" if not aim else ("  reached" if times >= aim else "  MISSED")
        wanted = f" (aim {aim:,.0f}{verdict})" if aim else ""
        row += f"   peer {theirs:>12.3f} {unit}   {times:>9,.1f} times{wanted}"
    _say(row)


def _laws(folder: Path, manifest: dict[str, Figures]) -> None:
    """How an answer grows with the form, and with what depends on it."""
    _say("\ngrowth of one answer, and of what it touches")
    families, sizes = LAWS
    for family in families:
        times: list[float] = []
        for size in sizes:
            form = f"{family}_{size}"
            runs = [_ours(folder / f"{form}.xml", manifest[form]) for _ in range(max(3, RUNS // 2))]
            times.append(_middle(runs, "answer") or 0.0)
        touched = [manifest[f"{family}_{size}"]["change"]["touches"] for size in sizes]
        each = [t * 1000 / n for t, n in zip(times, touched, strict=True)]
        _say(
            f"  {family:<8}"
            + "".join(f"{n:>6}: {t:>8.3f} ms" for n, t in zip(sizes, times, strict=True))
            + f"   form^{_slope(sizes, times):.2f}"
            + f"   us an expression {', '.join(f'{e:.1f}' for e in each)}"
        )


def _slope(sizes: tuple[int, ...], times: list[float]) -> float:
    """Exponent of the power law through the points, by least squares of the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(max(each, 1e-6)) for each in times]
    return statistics.linear_regression(x, y).slope


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
