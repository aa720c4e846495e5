"""What a link of long delay costs: 300 changes to residents, one by one and many at once.

`LASTMILE_BENCH_DELAY` sets the delay of each request in seconds (0.2; a satellite has 2).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from province import accounts, demo
from province.app import open_province, system_now_ms
from province.packages import Services
from store.resident_changes import Change
from sync.enrol import enrol
from sync.http import Link
from sync.providers.province import ProvinceProvider
from sync.providers.session import Identity
from tests.province.site import served
from tests.sync.fault_proxy import FaultProxy

CHANGES = 300
DELAY_S = float(os.environ.get("LASTMILE_BENCH_DELAY", "0.2"))


def main() -> None:
    """Print how long both ways take over the same link, as a ratio."""
    with _site() as (identity, port), FaultProxy(port, delay_s=DELAY_S) as proxy:
        base = 0.0
        for what, at_once in (("one by one", False), ("many at once", True)):
            seconds, requests = _sent(identity, proxy, at_once=at_once)
            base = base or seconds
            name = f"{CHANGES} changes over a delay of {DELAY_S} s, {what}"
            sys.stdout.write(f"{name:58} {requests:4} requests {seconds:7.1f} s ")
            sys.stdout.write(f"{base / seconds:6.1f} x\n")


def _sent(identity: Identity, proxy: FaultProxy, *, at_once: bool) -> tuple[float, int]:
    proxy.aim(0, {})
    provider = ProvinceProvider(identity, Link(f"http://127.0.0.1:{proxy.port}"))
    provider._changes._batches = at_once  # as against a province that knows no batches
    began = time.perf_counter()
    found = list(provider.send_changes([_newcomer() for _ in range(CHANGES)]))
    took = time.perf_counter() - began
    provider.close()
    if not all(each.receipt for each in found) or len(found) != CHANGES:
        raise SystemExit("not all arrived")
    return took, sum(proxy.seen.values())


def _newcomer() -> Change:
    said = {"name": ("", "示例"), "phone": ("", "13900000001"), "address": ("", "示例路1号")}
    after: dict[str, tuple[UUID, ...]] = dict.fromkeys(said, ())
    at = datetime(2026, 11, 25, 2, tzinfo=UTC)
    return Change(uuid4(), uuid4(), said, after, at, "李示例", "户口簿", adds=True)


@contextmanager
def _site() -> Iterator[tuple[Identity, int]]:
    with tempfile.TemporaryDirectory() as folder:
        province = open_province(Path(folder) / "p", services=Services({}))
        demo.fill(province)
        code = province.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
        with served(province) as url:
            key = Ed25519PrivateKey.generate().private_bytes_raw()
            view = enrol(url, code, device=uuid4(), private_key=key, device_name="window 1")
            yield view.identity, int(urlsplit(url).port or 0)


if __name__ == "__main__":
    main()
