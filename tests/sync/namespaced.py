"""One side of the link in a network namespace of its own; started by `ip netns exec`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.sync import sides
from tests.sync.fault_proxy import FaultProxy

READ_S = 180.0  # a request of 100 cases takes half a minute at 64 kbit/s before its answer begins


def main(side: str, folder: Path, host: str, port: int, own: int, delay_s: float) -> None:
    """Be the province, or the office's sync behind a proxy that delays each request."""
    if side == "province":
        sides.serve(folder / "province", folder / "packages", port, host=host)
        return
    with FaultProxy(port, host=host, port=own, delay_s=delay_s) as proxy:
        sides.send(folder / "hall", folder / "device", READ_S)
        sys.stdout.write(f"{proxy.received}\n")


if __name__ == "__main__":
    main(
        sys.argv[1],
        Path(sys.argv[2]),
        sys.argv[3],
        int(sys.argv[4]),
        int(sys.argv[5]),
        float(sys.argv[6]),
    )
