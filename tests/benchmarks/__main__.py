"""Run every benchmark of this folder, or those named: `python -m tests.benchmarks forms store`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Benchmarks that stand here, by the part of the file name before `_bench.py`."""
    return sorted(path.stem.removesuffix("_bench") for path in FOLDER.glob("*_bench.py"))


def main(wanted: list[str]) -> int:
    """Run the benchmarks `wanted`, or all; 2 when one of them does not exist."""
    unknown = set(wanted) - set(names())
    if unknown:
        sys.stderr.write(f"No such benchmark: {', '.join(sorted(unknown))}. There are: ")
        sys.stderr.write(", ".join(names()) + "\n")
        return 2
    for name in wanted or names():
        sys.stdout.write(f"\n== {name} ==\n")
        sys.stdout.flush()
        importlib.import_module(f"tests.benchmarks.{name}_bench").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
