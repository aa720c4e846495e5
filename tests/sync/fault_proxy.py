"""A small seeded TCP proxy that spoils HTTP traffic on loopback.

A fault is drawn for each request. Single bytes are damaged in bodies alone: under TLS, which every
real link has, a damaged byte breaks the connection, which is `cut` here.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Mapping

FAULTS = {
    "cut": "the request breaks off in the middle",
    "lost": "the request arrives, its answer does not",
    "stall": "the answer comes late",
    "500": "something answers 500 in the province's place",
    "503": "something answers 503 in the province's place",
    "duplicate": "the request arrives twice",
    "corrupt": "a byte of the request's body is another one",
    "garble": "a byte of the answer's body is another one",
    "half-close": "the answer ends in the middle, in good order",
    "slow": "the request trickles",
    "length": "the answer is longer by its header than in truth",
    "reorder": "the request waits until another one has passed",
}
_INVENTED = b"Lastmile-Protocol: 1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class FaultProxy:
    """Forwards one request a connection to `target`; faults in percent by `weights`, from `seed`.

    The target lies on `host`; each request waits `delay_s` besides. With `port` 0 a free one is
    listened on.

    Attributes:
        seen: How often each fault was drawn.
        received: Bytes that came from the client.
    """

    def __init__(
        self,
        target: int,
        seed: int = 0,
        weights: Mapping[str, float] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        delay_s: float = 0.0,
    ):
        self.port = port
        self.target = target
        self._host, self._delay_s = host, delay_s
        self.aim(seed, weights or {})
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fault-proxy")
        self._passed: asyncio.Event | None = None
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself only knows them weakly

    def aim(self, seed: int, weights: Mapping[str, float]) -> None:
        """Begin a new run of faults."""
        self._random = random.Random(seed)
        self._weights = {"none": 100 - sum(weights.values()), **weights}
        self.seen = dict.fromkeys(self._weights, 0)
        self.received = 0

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._passed = asyncio.Event()
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", self.port)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._end(server))
        self._loop.close()

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)
        await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._exchange(reader, writer)
        writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = await reader.readexactly(length)
        self.received += len(head) + length
        fault = self._random.choices(list(self._weights), list(self._weights.values()))[0]
        self.seen[fault] += 1
        if fault in ("500", "503"):
            writer.write(f"HTTP/1.1 {fault} Spoilt\r\n".encode() + _INVENTED)
            await writer.drain()
            return
        request = _closing(head) + (self._damaged(body) if fault == "corrupt" else body)
        if fault == "cut":
            await self._forward(request[: self._random.randrange(len(request))], whole=False)
            writer.transport.abort()
            return
        await self._wait(fault)
        await asyncio.sleep(self._delay_s)
        answer = await self._forward(request, whole=True, slow=fault == "slow")
        if self._passed is not None:
            self._passed.set()
        if fault == "duplicate":
            answer = await self._forward(request, whole=True)
        if fault == "lost":
            writer.transport.abort()
            return
        writer.write(self._altered(answer, fault))
        await writer.drain()

    async def _wait(self, fault: str) -> None:
        if fault == "stall":
            await asyncio.sleep(0.8)
        if fault == "reorder" and self._passed is not None:
            self._passed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._passed.wait(), 0.2)

    def _damaged(self, body: bytes) -> bytes:
        if not body:
            return body
        at = self._random.randrange(len(body))
        return body[:at] + bytes([body[at] ^ (1 << self._random.randrange(8))]) + body[at + 1 :]

    def _altered(self, answer: bytes, fault: str) -> bytes:
        if fault == "half-close":
            return answer[: self._random.randrange(len(answer) + 1)]
        head, _, rest = answer.partition(b"\r\n\r\n")
        if fault == "garble":
            return head + b"\r\n\r\n" + self._damaged(rest)
        if fault == "length":
            lines = [x for x in head.split(b"\r\n") if not x.lower().startswith(b"content-length")]
            lines.append(b"Content-Length: %d" % (len(rest) + 7))
            return b"\r\n".join(lines) + b"\r\n\r\n" + rest
        return answer

    async def _forward(self, request: bytes, *, whole: bool, slow: bool = False) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self.target)
        size = max(1, len(request) // 8) if slow else len(request) or 1
        for start in range(0, len(request), size):
            writer.write(request[start : start + size])
            await writer.drain()
            if slow:
                await asyncio.sleep(0.01)
        try:
            return await reader.read(-1) if whole else b""
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _closing(head: bytes) -> bytes:
    lines = [h for h in head.split(b"\r\n") if not h.lower().startswith(b"connection:")]
    return b"\r\n".join([lines[0], b"Connection: close", *lines[1:]])
