"""Plays random forms on our engine and on a peer, and compares the whole state after each step.

    npm install --prefix /tmp/peer @getodk/xforms-engine jsdom
    python -m tests.differential --forms 200 --peer /tmp/peer

Prints the smallest form and answers that differ, and ends with 1; with 0 when all agree. With
`--survey` it goes on, makes nothing smaller, and prints the shortest of each kind of difference.
"""

from __future__ import annotations

import argparse
import sys

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.differential.play import Difference, Peer, compare
from tests.differential.sketches import Sketch, sketches


def main() -> int:
    """Play, and report the first difference in its smallest form."""
    parser = argparse.ArgumentParser(description="Two engines, the same forms.")
    parser.add_argument("--forms", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--survey", action="store_true", help="go on after a difference")
    parser.add_argument("--peer", default="/tmp/peer", help="where npm installed the peer")
    chosen = parser.parse_args()
    with Peer(chosen.peer) as peer:
        played = 0
        kinds: dict[str, str] = {}

        @seed(chosen.seed)
        @settings(
            max_examples=chosen.forms,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,) if chosen.survey else (Phase.generate, Phase.shrink),
        )
        @given(sketches(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8))
        def same(sketch: Sketch, picks: list[tuple[int, int]]) -> None:
            nonlocal played
            played += 1
            try:
                compare(peer, sketch, picks)
            except Difference as found:
                if not chosen.survey:
                    raise
                kinds[found.kind] = min(kinds.get(found.kind, str(found)), str(found), key=len)

        try:
            same()
        except Difference as found:
            sys.stdout.write(f"{found}\n")
            return 1
    for kind, shortest in kinds.items():
        sys.stdout.write(f"--- {kind}\n{shortest}\n")
    told = f"{len(kinds)} kinds of difference" if kinds else "no difference"
    sys.stdout.write(f"{played} forms, seed {chosen.seed}: {told}\n")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
