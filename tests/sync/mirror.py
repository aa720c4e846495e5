"""A mirror of a repository that does harm to answers, one path at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Harm = Callable[["Handler", bytes], None]  # answers with (or instead of) what stands there


class Mirror(ThreadingHTTPServer):
    """Serves `folder` below /repository; `harms` by the end of a path; `asked` is (path, from)."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.harms = folder, dict[str, Harm]()
        self.asked: list[tuple[str, int]] = []
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Mirror
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.removeprefix("/repository/")
        begin = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.server.asked.append((path, begin))
        file = self.server.folder / path
        if not file.is_file():
            self.answer(404, b"")
            return
        content = file.read_bytes()[begin:]
        for end, harm in self.server.harms.items():
            if path.endswith(end):
                with suppress(OSError):
                    harm(self, content)
                self.close_connection = True
                return
        self.answer(206 if begin else 200, content)

    def answer(self, status: int, content: bytes, length: int | None = None) -> None:
        self.head(status, len(content) if length is None else length)
        self.wfile.write(content)

    def head(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Lastmile-Protocol", "1.1")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def endless(handler: Handler, content: bytes) -> None:
    """Go on after the end for as long as somebody listens."""
    handler.head(200, 1 << 40)
    handler.wfile.write(content)
    while not handler.server.stopping.is_set():
        handler.wfile.write(b" " * 65_536)


def drip(handler: Handler, content: bytes) -> None:
    """One byte at a time, so that no time-out between two bytes ever ends it."""
    handler.head(206, len(content))
    for at in range(len(content)):
        if handler.server.stopping.is_set():
            return
        handler.wfile.write(content[at : at + 1])
        handler.wfile.flush()
        time.sleep(0.01)


def cut(after: int) -> Harm:
    """Break the connection after some bytes."""

    def harm(handler: Handler, content: bytes) -> None:
        handler.answer(206, content[:after], len(content))

    return harm


def instead(other: bytes, length: int | None = None) -> Harm:
    """Answer with something else."""
    return lambda handler, _content: handler.answer(200, other, length)


@contextmanager
def mirror_of(folder: Path) -> Iterator[Mirror]:
    """A mirror of the repository in `folder`."""
    made = Mirror(folder)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.stopping.set()
    made.shutdown()
    made.server_close()
    thread.join(10)
