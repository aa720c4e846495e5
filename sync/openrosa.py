"""OpenRosa: forms and submissions of ODK Central, KoboToolbox, Ona and other servers.

What each server does differently, and where it says so, stands in `docs/openrosa.md`.
Spec: https://docs.getodk.org/openrosa/ (form list, form submission, HTTP request, authentication)
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlencode, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from sync.errors import CaUnreadable, SyncError
from sync.openrosa_address import is_safe, joined, origin, secured
from sync.openrosa_code import Account
from sync.openrosa_errors import (
    FileTooLarge,
    LoginRefused,
    NoOpenRosa,
    RequestRefused,
    SentElsewhere,
    ServerUnreachable,
    UnsafeAddress,
    server_failures,
)
from sync.openrosa_wire import (
    FormEntry,
    MediaEntry,
    Part,
    is_openrosa,
    number,
    of_submission,
    packed,
    posted,
    read_integrity,
    read_list,
    read_manifest,
    said,
    to_error,
    words_of,
)
from sync.pace import Pace
from sync.route import Adapter, Route
from sync.signed import canonical

PART_BYTES = 10 * 1024 * 1024  # at most: what breaks on a poor line is sent again whole
PART_S = 120.0  # how long a request of several files takes at most, as far as the line is known
LEAST_PART_BYTES = 256 * 1024  # a server that takes less than this takes no submissions
MOST_FORM_BYTES = 64 * 1024 * 1024
MOST_XML_BYTES = 16 * 1024 * 1024
DEVICE = "lastmile"
_ASKED_AT_ONCE = 50  # entities in one question about what is gone: 37 characters each
_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)


class _Plain(AuthBase):
    """No proof: the address alone lets in."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Token(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Token {self._token}"
        return request


@dataclass(frozen=True)
class Progress:
    """What is known of sending to one server, beyond a single connection.

    Attributes:
        there: Names of the files that broken tries have brought there, by the document's SHA-256.
        pace: How quick the line is.
    """

    there: dict[bytes, set[str]] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)


class _Digest(HTTPDigestAuth):
    def build_digest_header(self, method: str, url: str) -> str:
        """The proof that the server asks for.

        Raises:
            RequestRefused: It asks for none that there is.
        """
        try:
            made: str | None = super().build_digest_header(method, url)  # type: ignore[no-untyped-call]
        except KeyError:  # of no realm, or without a nonce
            made = None
        if made is None:
            raise RequestRefused(reason="WWW-Authenticate")
        return made


class OpenRosa:
    """Requests to one server. Used by one thread at a time.

    Args:
        account: Where, and as whom.
        now: The clock, for the `Date` of each request.
        device: Names this computer to the server; says nothing about it.
        route: How requests leave this computer; None for the usual way.
        timeouts: Seconds to connect, and between two bytes.
        progress: What earlier connections have found out.

    Raises:
        UnsafeAddress: The address is neither https nor this computer.
        CaUnreadable: The file of issuers cannot be read.
    """

    def __init__(
        self,
        account: Account,
        now: Callable[[], datetime],
        *,
        device: str = DEVICE,
        route: Route | None = None,
        timeouts: tuple[float, float] = (10.0, 60.0),
        progress: Progress | None = None,
    ) -> None:
        if not is_safe(account.url):
            raise UnsafeAddress
        self._account, self._now, self._device = account, now, device
        self._base = account.url.rstrip("/")
        self._origin = origin(self._base)
        self._timeouts = timeouts
        self._auth = _proof(account)
        self._session = _session(route or Route(), account.url)
        self.progress = progress or Progress()
        self._limit = 0
        self._target = ""

    def form_list(self) -> tuple[FormEntry, ...]:
        """Forms that the server offers.

        Raises:
            SyncError: Why it did not succeed.
        """
        asked = f"{self._base}/formList?{urlencode({'deviceID': self._device})}"
        return read_list(self._get(asked, MOST_XML_BYTES))

    def manifest(self, form: FormEntry) -> tuple[MediaEntry, ...]:
        """Files that belong to a form; names that are no plain file name are left out.

        Raises:
            SyncError: Why it did not succeed.
        """
        if not form.manifest_url:
            return ()
        return read_manifest(self._get(form.manifest_url, MOST_XML_BYTES))

    def download(self, url: str, digest: str) -> bytes:
        """A form or one of its files, held against its hash where it has an MD5.

        Some servers give a hash that is no digest of the content: of a list that changes it is one
        of the moment of its last change. What comes twice alike is what the server has.

        Raises:
            SyncError: Why it did not succeed.
        """
        content = self._get(url, MOST_FORM_BYTES, anywhere=True)
        kind, _, value = digest.partition(":")
        if kind != "md5" or not value or _md5(content) == value.lower():
            return content
        if self._get(url, MOST_FORM_BYTES, anywhere=True) == content:
            return content
        raise ServerUnreachable  # it broke under way: the next round fetches it anew

    def deleted(self, integrity_url: str, ids: Iterable[str]) -> frozenset[str]:
        """Those of `ids` that the server says were deleted.

        Raises:
            SyncError: Why it did not succeed.
        """
        asked, gone = sorted(ids), frozenset[str]()
        for at in range(0, len(asked), _ASKED_AT_ONCE):
            query = urlencode({"id": ",".join(asked[at : at + _ASKED_AT_ONCE])}, safe=",")
            joint = "&" if "?" in integrity_url else "?"
            found = self._get(f"{integrity_url}{joint}{query}", MOST_XML_BYTES)
            gone |= read_integrity(found)
        return gone & frozenset(asked)

    def submit(self, xml: bytes, files: Sequence[Part], action: str = "") -> bytes:
        """Send a submission, in as many requests as the server's limit asks for.

        Args:
            xml: The document, sent byte for byte with each request.
            files: Its files, in order.
            action: Where the form wants it sent; "" for the server's usual place.

        Returns:
            What is kept as its receipt: status and answer of each request.

        Raises:
            SyncError: Why it did not succeed; nothing counts as sent then.
        """
        self.demand_ours(action)
        target = self._where_to(action)
        digest = hashlib.sha256(xml)
        there = self.progress.there.setdefault(digest.digest(), set())
        told: list[Mapping[str, object]] = []
        more = True
        while more:
            left = [each for each in files if each.name not in there]
            group, *others = packed(len(xml), left, self._most())
            more = bool(others)
            try:
                flags = {"*isIncomplete*": "yes"} if more else {}
                told.append(self._post(target, xml, group, flags))
            except _TakesLess as less:  # a proxy before the server takes less than it says
                self._limit, more = less.size // 2, True
            else:
                there.update(each.name for each in group)
        del self.progress.there[digest.digest()]
        return canonical({"openrosa": 1, "parts": told, "sha256": digest.hexdigest()})

    def _most(self) -> int:
        """How many bytes the next request has, if a single file is not larger."""
        return min(self._limit, max(LEAST_PART_BYTES, self.progress.pace.goes_through(PART_S)))

    def demand_ours(self, action: str) -> None:
        """Refuse a form that wants its submissions at another server: no proof goes there.

        Raises:
            SentElsewhere: It does.
        """
        wanted = origin(joined(f"{self._base}/submission", action))
        if action and wanted != self._origin:
            raise SentElsewhere(host=wanted[1])

    def close(self) -> None:
        """Close connections."""
        self._session.close()

    # --- submitting ---

    def _post(
        self, target: str, xml: bytes, group: Sequence[Part], flags: Mapping[str, str]
    ) -> Mapping[str, object]:
        body, kind = posted(xml, group, flags)
        answer = self._send("POST", target, body=body, kind=kind)
        if answer.status_code == 413 and len(group) > 1:
            raise _TakesLess(len(body))  # ends, since in the end each file goes alone
        if answer.status_code in (401, 403):
            self.form_list()  # LoginRefused where it is the login; else it is this submission
        if answer.status_code not in (201, 202):
            raise of_submission(answer, self._account.host)
        if not is_openrosa(answer):
            raise NoOpenRosa
        return {"status": answer.status_code, "said": said(answer.content)}

    def _where_to(self, action: str) -> str:
        """Where submissions go."""
        usual = f"{self._base}/submission"
        if not self._target:
            self._target, self._limit = self._preflight(usual)
        target = joined(usual, action) if action else self._target
        joint = "&" if "?" in target else "?"
        asks = "" if "deviceID=" in target else joint + urlencode({"deviceID": self._device})
        return target + asks

    def _preflight(self, usual: str) -> tuple[str, int]:
        answer = self._send("HEAD", f"{usual}?{urlencode({'deviceID': self._device})}")
        if answer.status_code in (401, 403):
            self.form_list()  # LoginRefused where it is the login; else something before the server
        if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
            return usual, PART_BYTES  # one that knows no HEAD, or is not let hear it
        if answer.status_code not in (200, 204):
            raise to_error(answer, self._account.host)
        if answer.status_code == 200 and not is_openrosa(answer):
            raise NoOpenRosa
        target = joined(usual, answer.headers.get("Location", ""))
        limit = number(answer.headers.get("X-OpenRosa-Accept-Content-Length", ""))
        return (
            target if origin(target) == self._origin else usual,
            PART_BYTES if limit < LEAST_PART_BYTES else min(limit, PART_BYTES),
        )

    # --- requests ---

    def _get(self, url: str, most: int, *, anywhere: bool = False) -> bytes:
        url = secured(joined(f"{self._base}/", url), self._base)
        answer = self._send("GET", url, anywhere=anywhere)
        with answer:
            if answer.status_code != 200:
                raise self._why_not(url, answer)
            content = bytearray()
            with server_failures():
                for piece in answer.iter_content(65_536):
                    content += piece
                    if len(content) > most:
                        raise FileTooLarge(size_mb=most // 1_000_000)
        return bytes(content)

    def _why_not(self, url: str, answer: requests.Response) -> SyncError:
        """Why `url` was not to be had; another server that knows nobody says nothing of a login."""
        unknown = answer.status_code in (401, 403)
        if unknown and origin(url) != self._origin:
            return SentElsewhere(host=origin(url)[1])
        if unknown and origin(answer.url) != self._origin:  # a store of files
            return RequestRefused(reason=words_of(answer))
        return to_error(answer, origin(url)[1])

    def _send(
        self, method: str, url: str, *, anywhere: bool = False, body: bytes = b"", kind: str = ""
    ) -> requests.Response:
        """One request; redirects are followed, but for POST.

        `anywhere` lets another server answer, which never learns who asks: files of a form often
        lie in a store whose address carries its own proof.
        """
        for _ in range(_REDIRECTS + 1):
            if not is_safe(url) or not (anywhere or origin(url) == self._origin):
                raise SentElsewhere(host=origin(url)[1])
            answer = self._once(_Asked(method, url, body, kind))
            if answer.status_code not in _MOVED:
                return answer
            onwards = joined(url, answer.headers.get("Location", ""))
            answer.close()
            if method == "POST":
                raise SentElsewhere(host=origin(onwards)[1])
            url = onwards
        raise NoOpenRosa

    def _once(self, asked: _Asked) -> requests.Response:
        ours = origin(asked.url) == self._origin
        answer = self._request(asked, self._auth if ours else _Plain())
        asks = answer.headers.get("WWW-Authenticate", "").lower()
        learns = self._account.scheme == "auto" and isinstance(self._auth, HTTPBasicAuth)
        if ours and learns and answer.status_code == 401 and "digest" in asks:
            answer.close()
            self._auth = _Digest(self._account.login, self._account.password)
            answer = self._request(asked, self._auth)
        return answer

    def _request(self, asked: _Asked, auth: AuthBase) -> requests.Response:
        headers = {"Content-Type": asked.kind} if asked.kind else {}
        if origin(asked.url) == self._origin:
            headers["X-OpenRosa-Version"] = "1.0"
            headers["Date"] = format_datetime(self._now().astimezone(UTC), usegmt=True)
        size, began = len(asked.body), time.monotonic()
        patience_s = self.progress.pace.patience_s(size) if size else 0.0
        with server_failures("" if self._session.proxies else asked.url):
            try:
                answer = self._session.request(
                    asked.method,
                    asked.url,
                    # a file leaves piece by piece, each in its own time; bytes would have to
                    # leave as a whole in the time of one piece
                    data=io.BytesIO(asked.body) if asked.body else None,
                    headers=headers,
                    auth=auth,
                    timeout=(self._timeouts[0], max(self._timeouts[1], patience_s)),
                    allow_redirects=False,
                    stream=asked.method == "GET",
                )
            except UnicodeEncodeError:  # no header can carry this login or token
                raise LoginRefused from None
            except requests.exceptions.RequestException:
                self.progress.pace.broke()
                raise
        self.progress.pace.learn(size, 0, time.monotonic() - began)
        return answer


@dataclass(frozen=True)
class _Asked:
    """A request; `kind` is the media type of its body."""

    method: str
    url: str
    body: bytes
    kind: str


class _TakesLess(Exception):
    """A request of several files, of `size` bytes, was too large for what stands between."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: `OpenRosa` follows by itself; to prepare for it breaks on what is no address."""


def _session(route: Route, url: str) -> requests.Session:
    """Requests by the office's route, but as nobody: what a device shows is for the province."""
    route = replace(route, certificate=None, pinned=False)
    made = _Session()
    made.headers["User-Agent"] = "Lastmile"
    made.trust_env = False  # nothing from .netrc, no CAs by the environment
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    proxy = route.proxy_for(url)
    made.proxies = {"http": proxy, "https": proxy} if proxy else {}
    try:
        trust = route.trust() if urlsplit(url).scheme == "https" else None
    except OSError:
        raise CaUnreadable from None
    adapter = Adapter(route, trust)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


def _proof(account: Account) -> AuthBase:
    if account.scheme == "token":
        return _Token(account.password)
    if not account.login:
        return _Plain()
    if account.scheme == "digest":
        return _Digest(account.login, account.password)
    # bytes, since text would go as Latin-1; servers read UTF-8 (RFC 7617 section 2.1)
    return HTTPBasicAuth(account.login.encode(), account.password.encode())


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
