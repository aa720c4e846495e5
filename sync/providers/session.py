"""Requests in the name of an enrolled device: token, one link a thread, failures by name."""

from __future__ import annotations

import base64
import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.certificate import new_request, read_issued, renewal_due
from sync.errors import (
    CertificateNeeded,
    DeviceCertificateRefused,
    DeviceRefused,
    Offline,
    SyncError,
    Unexpected,
)
from sync.http import Answer, Link
from sync.problems import to_error
from sync.route import DeviceCertificate
from sync.wire import to_b64

AGAIN = 2  # tries after the first; every request may be repeated (section 1)
QUICK_S = 5.0
T = TypeVar("T")
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

    Args:
        identity: Who this device is.
        link: Where the province is.
        keep: Keeps a certificate that the province issued to this device; None where it comes with
            one that people gave it, or wants none.
    """

    def __init__(
        self,
        identity: Identity,
        link: Link,
        keep: Callable[[DeviceCertificate], None] | None = None,
    ) -> None:
        self.identity = identity
        self._keep, self._renewing = keep, threading.Lock()
        held = link.route.certificate
        self._renew_soon = bool(keep and held and renewal_due(held, datetime.now(UTC)))
        self.skew_s = 0.0
        self.pace = link.pace
        self.heard = False
        self._token = ""
        self._guard, self._signing = threading.Lock(), threading.Lock()
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
        mended = set[int]()
        while True:
            token = self._signed_in()
            self._renew_in_time(token)
            answer = self._send(method, path, token, body, data, headers)
            self.skew_s = answer.skew_s
            if answer.status in mended or not self._mend(answer, token):
                break
            mended.add(answer.status)  # each once
        if answer.status in allowed:
            return answer
        raise to_error(answer)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._guard:
            links, self._open = self._open, []
        for link in links:
            link.close()

    def _mend(self, answer: Answer, token: str) -> bool:
        """Do what the answer asks for before the request is worth repeating; whether it asks."""
        if answer.status == 401:
            self._forget(token)
            return True
        if answer.status == 403 and isinstance(to_error(answer), CertificateNeeded) and self._keep:
            self._renew(token)
            return True
        return False

    def _renew_in_time(self, token: str) -> None:
        if self._renew_soon:
            self._renew_soon = False
            with contextlib.suppress(SyncError):  # the one held is good for days yet
                self._renew(token)

    def _renew(self, token: str) -> None:
        """Fetch a certificate for this device; from then on all links show it."""
        link = self._own or self.link()  # the one that the request went over
        with self._renewing:
            if self._keep is None or link.route is not self._first.route:
                return  # another thread was quicker
            request, key = new_request()
            body = {"request": to_b64(request)}
            answer = link.send("POST", "/device/certificate", token=token, body=body)
            if answer.status != 201:
                raise to_error(answer)
            fresh = read_issued(answer.json(), key)
            self._keep(fresh)
            self._come_as(fresh)

    def _come_as(self, certificate: DeviceCertificate | None) -> None:
        old = self._first
        self._first = Link(
            old.url,
            replace(old.route, certificate=certificate),
            timeouts=old.timeouts,
            pace=old.pace,
        )

    def _over(self, call: Callable[[Link], T]) -> T:
        """`call` over this thread's link; once more without a certificate that is not taken."""
        link = self.link()
        try:
            return call(link)
        except DeviceCertificateRefused:
            if self._keep is None or link.route.certificate is None:
                raise
            with self._renewing:
                if link.route is self._first.route:
                    self._come_as(None)
            return call(self.link())

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
                answer = self._over(
                    lambda link: link.send(
                        method, path, token=token, body=body, data=data, headers=headers
                    )
                )
            except Offline:
                slow = time.monotonic() - began > QUICK_S
                if again == AGAIN or slow or not self.heard or data is not None:
                    raise  # of a chunk the province is asked first how much of it arrived
                continue
            self.heard = True
            return answer
        raise Offline

    @property
    def _own(self) -> Link | None:
        own: Link | None = getattr(self._links, "own", None)
        return own

    def link(self) -> Link:
        """The link of the calling thread."""
        own = self._own
        if own is None or own.route is not self._first.route:
            own = self._first.another()
            self._links.own = own
            with self._guard:
                self._open.append(own)
        return own

    def _signed_in(self) -> str:
        with self._signing:
            if not self._token:
                self._token = self._over(self._sign_in)
                self.heard = True
            return self._token

    def _forget(self, token: str) -> None:
        with self._signing:
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
