"""A province served on loopback from a thread of the test's own process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from province import serving
from province.app import Province


@contextmanager
def served(province: Province, *, proxies: str = "") -> Iterator[str]:
    """Serve `province`; yields its address. The database is closed at the end."""
    place = serving.Place("127.0.0.1", 0, proxies=proxies)
    listener = serving.listen(place)
    server = uvicorn.Server(serving.configure(province, place))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield place.url(listener)
    finally:
        server.should_exit = True
        thread.join(20)
