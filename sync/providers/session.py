"""Requests in the name of an enrolled device: token, one link a thread, failures by name."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.errors import DeviceRefused, Offline, Unexpected
from sync.http import Answer, Link
from sync.problems import to_error
from sync.wire import to_b64

AGAIN = 2  # tries after the first; every request may be repeated (section 1)
QUICK_S = 5.0
UNDERSTOOD = (200, 201, 202, 204)


@dataclass(frozen=True)
class Identity:
    """Who this device is to the province; made by `sync.enrol`.

    Attributes:
        private_key: 32 bytes Ed25519.
        keys: The province's pinned public keys by kid in hex.
    """

    url: str
    device: UUID
    private_key: bytes
    keys: Mapping[str, bytes]


class DeviceSession:
    """Signs in by itself when a token is needed. `ask` may be called from several threads.

    Attributes:
        skew_s: The province's clock minus ours at the last answer, in seconds.
        heard: Whether the province answered anything yet.
        pace: What the exchanges tell of the link.
    """

    def __init__(self, identity: Identity, link: Link) -> None:
        self.identity = identity
        self.skew_s = 0.0
        self.pace = link.pace
        self.heard = False
        self._token = ""
        self._guard = threading.Lock()
        self._links = threading.local()
        self._links.own = link
        self._first = link
        self._open = [link]

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = UNDERSTOOD,
    ) -> Answer:
        """One request; the answer where its status is one of `allowed`.

        Raises:
            SyncError: What another status stands for, or why there is no answer.
        """
        for _ in range(2):
            token = self._signed_in()
            answer = self._send(method, path, token, body, data, headers)
            self.skew_s = answer.skew_s
            if answer.status != 401:
                break
            self._forget(token)  # over: take a new one, once
        if answer.status in allowed:
            return answer
        raise to_error(answer)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._guard:
            links, self._open = self._open, []
        for link in links:
            link.close()

    def _send(
        self,
        method: str,
        path: str,
        token: str,
        body: object,
        data: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        """Once more, twice at the most, where a line that carried answers before breaks quickly."""
        for again in range(AGAIN + 1):
            began = time.monotonic()
            try:
                answer = self.link().send(
                    method, path, token=token, body=body, data=data, headers=headers
                )
            except Offline:
                slow = time.monotonic() - began > QUICK_S
                if again == AGAIN or slow or not self.heard or data is not None:
                    raise  # of a chunk the province is asked first how much of it arrived
                continue
            self.heard = True
            return answer
        raise Offline

    def link(self) -> Link:
        """The link of the calling thread."""
        own: Link | None = getattr(self._links, "own", None)
        if own is None:
            own = self._first.another()
            self._links.own = own
            with self._guard:
                self._open.append(own)
        return own

    def _signed_in(self) -> str:
        link = self.link()
        with self._guard:
            if not self._token:
                self._token = self._sign_in(link)
                self.heard = True
            return self._token

    def _forget(self, token: str) -> None:
        with self._guard:
            if self._token == token:  # another thread may have renewed it
                self._token = ""

    def _sign_in(self, link: Link) -> str:
        device = str(self.identity.device)
        asked = link.send("POST", "/challenges", body={"device": device})
        challenge = str(asked.json().get("challenge", ""))
        if asked.status != 201:
            raise to_error(asked)
        key = Ed25519PrivateKey.from_private_bytes(self.identity.private_key)
        signature = key.sign(f"lastmile/1 token\n{challenge}".encode())
        body = {"device": device, "challenge": challenge, "signature": to_b64(signature)}
        got = link.send("POST", "/tokens", body=body)
        if got.status == 401:
            raise DeviceRefused
        if got.status != 201:
            raise to_error(got)
        return str(got.json().get("token", ""))


def read_keys(entries: object) -> dict[str, bytes]:
    """Public keys by kid as the province lists them.

    Raises:
        Unexpected: Not such a list, or a kid that is not its key's.
    """
    try:
        keys = {
            str(e["kid"]): base64.b64decode(e["public_key"], validate=True)
            for e in entries  # type: ignore[attr-defined]
        }
    except (KeyError, TypeError, ValueError):
        raise Unexpected(status=200) from None
    if not keys or any(sha256(key).digest()[:8].hex() != kid for kid, key in keys.items()):
        raise Unexpected(status=200)
    return keys
