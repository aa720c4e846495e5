"""A small seeded TCP proxy that spoils HTTP traffic on loopback.

Faults are drawn per connection: cut while sending, answer lost, answer delayed, a 503 or 500 in
its place, or the request repeated.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading

FAULTS = ("none", "cut", "lost", "stall", "500", "duplicate")


class FaultProxy:
    """Forwards one request per connection to `target`; faults by `weights` from `seed`."""

    def __init__(self, target: int, seed: int, weights: tuple[int, ...]) -> None:
        self.port = 0
        self.seen: dict[str, int] = dict.fromkeys(FAULTS, 0)
        self._target = target
        self._random = random.Random(seed)
        self._weights = weights
        self._serving: set[asyncio.Task[None] | None] = set()  # asyncio itself holds them weakly
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fault-proxy")

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._end(server))
        self._loop.close()

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)
        await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.add(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._exchange(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        request = _closing(head) + await reader.readexactly(length)
        fault = self._random.choices(FAULTS, self._weights)[0]
        self.seen[fault] += 1
        if fault == "cut":
            cut = self._random.randrange(len(request))
            await self._forward(request[:cut], whole=False)
            writer.transport.abort()
            return
        answer = await self._forward(request, whole=True)
        if fault == "duplicate":
            answer = await self._forward(request, whole=True)
        if fault == "stall":
            await asyncio.sleep(0.8)
        if fault == "500":
            answer = b"HTTP/1.1 500 Spoilt\r\nLastmile-Protocol: 1.0\r\nContent-Length: 0\r\n"
            answer += b"Connection: close\r\n\r\n"
        if fault == "lost":
            writer.transport.abort()
            return
        writer.write(answer)
        await writer.drain()

    async def _forward(self, request: bytes, *, whole: bool) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._target)
        writer.write(request)
        await writer.drain()
        try:
            return await reader.read(-1) if whole else b""
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _closing(head: bytes) -> bytes:
    lines = [h for h in head.split(b"\r\n") if not h.lower().startswith(b"connection:")]
    return b"\r\n".join([lines[0], b"Connection: close", *lines[1:]])
