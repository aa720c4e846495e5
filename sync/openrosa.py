"""OpenRosa: forms and submissions of ODK Central, KoboToolbox, Ona and other servers.

Spec: https://docs.getodk.org/openrosa/ (form list, form submission, HTTP request, authentication)
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urljoin, urlsplit

import requests
from lxml import etree
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from sync.errors import (
    Busy,
    CaptivePortal,
    Conflict,
    DeviceRefused,
    Offline,
    RecordRefused,
    ServerFault,
    SyncError,
    TooLarge,
    Unexpected,
)
from sync.http import LOOPBACK, failures_by_name
from sync.wire import canonical

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
USUAL_PART_BYTES = 10 * 1024 * 1024  # where the server does not say what it accepts
MOST_FORM_BYTES = 64 * 1024 * 1024
MOST_XML_BYTES = 16 * 1024 * 1024
MOST_SETTINGS_BYTES = 1024 * 1024
_REDIRECTS = 3


@dataclass(frozen=True, repr=False)
class Account:
    """A project on a server. Has no repr: it holds a password or a token.

    Attributes:
        url: Where `/formList` and `/submission` are below; an app user's token is part of it.
        login: "" where the address alone lets in.
        scheme: `basic` or `digest`.
    """

    url: str
    login: str = ""
    password: str = ""
    scheme: str = "basic"
    name: str = ""

    def auth(self) -> AuthBase | None:
        """How requests prove who asks."""
        if not self.login:
            return None
        kind = HTTPDigestAuth if self.scheme == "digest" else HTTPBasicAuth
        return kind(self.login, self.password)


@dataclass(frozen=True)
class FormEntry:
    """A form that the server offers; `hash` as `md5:...`."""

    form_id: str
    version: str
    name: str
    hash: str
    url: str
    manifest_url: str = ""


@dataclass(frozen=True)
class MediaEntry:
    """A file that belongs to a form; `entities` when it is a list that submissions change."""

    name: str
    hash: str
    url: str
    entities: bool = False


@dataclass(frozen=True)
class Part:
    """One file of a submission."""

    name: str
    media_type: str
    content: bytes


def read_project_code(text: str) -> Account:
    """The account in a project's settings code, as ODK Collect scans it.

    Args:
        text: Base64 of zlib of JSON, as the QR code holds it.

    Raises:
        Unexpected: Not such a code, or without a server.
    """
    try:
        packed = base64.b64decode(text.strip(), validate=True)
        engine = zlib.decompressobj()
        plain = engine.decompress(packed, MOST_SETTINGS_BYTES)
        general = json.loads(plain)["general"]
        name = json.loads(plain).get("project", {}).get("name", "")
        return Account(
            url=str(general["server_url"]).rstrip("/"),
            login=str(general.get("username", "")),
            password=str(general.get("password", "")),
            name=str(name),
        )
    except (KeyError, TypeError, ValueError, AttributeError, zlib.error):
        raise Unexpected(status=0) from None


class OpenRosa:
    """Requests to one server. Used by one thread at a time.

    Args:
        account: Where, and as whom.
        now: The clock, for the `Date` of each request.
        timeouts: Seconds to connect, and between two bytes.

    Raises:
        Unexpected: The address is neither https nor this computer.
    """

    def __init__(
        self, account: Account, now: datetime, *, timeouts: tuple[float, float] = (10.0, 60.0)
    ) -> None:
        parts = urlsplit(account.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise Unexpected(status=0)
        self._base = account.url.rstrip("/")
        self._origin = (parts.scheme, parts.netloc)
        self._timeouts = timeouts
        self._session = requests.Session()
        self._session.auth = account.auth()
        if parts.hostname in LOOPBACK:
            self._session.trust_env = False
        self._headers = {"X-OpenRosa-Version": "1.0", "Date": format_datetime(now, usegmt=False)}
        self._limit = 0
        self._target = ""

    def form_list(self) -> tuple[FormEntry, ...]:
        """Forms that the server offers.

        Raises:
            SyncError: Why it did not succeed.
        """
        root = self._xml("/formList")
        entries = []
        for each in root.iter(f"{LIST}xform"):
            told = {str(etree.QName(c).localname): (c.text or "").strip() for c in each}
            entries.append(
                FormEntry(
                    form_id=told.get("formID", ""),
                    version=told.get("version", ""),
                    name=told.get("name", ""),
                    hash=told.get("hash", ""),
                    url=told.get("downloadUrl", ""),
                    manifest_url=told.get("manifestUrl", ""),
                )
            )
        return tuple(e for e in entries if e.form_id and e.url)

    def manifest(self, form: FormEntry) -> tuple[MediaEntry, ...]:
        """Files that belong to a form; names that are no plain file name are left out.

        Raises:
            SyncError: Why it did not succeed.
        """
        if not form.manifest_url:
            return ()
        root, found = self._xml(form.manifest_url), []
        for each in root.iter(f"{MANIFEST}mediaFile"):
            told = {str(etree.QName(c).localname): (c.text or "").strip() for c in each}
            name = told.get("filename", "")
            if name and "/" not in name and "\\" not in name and not name.startswith("."):
                entities = each.get("type") == "entityList"
                url = told.get("downloadUrl", "")
                found.append(MediaEntry(name, told.get("hash", ""), url, entities))
        return tuple(found)

    def download(self, url: str, digest: str) -> bytes:
        """A form or one of its files, held against its hash where it has an MD5.

        Raises:
            SyncError: Why it did not succeed.
        """
        content = self._get(url, MOST_FORM_BYTES)
        kind, _, value = digest.partition(":")
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if kind == "md5" and value and md5 != value.lower():
            raise Offline  # it changed or broke under way: the next round fetches it anew
        return content

    def submit(self, xml: bytes, files: Sequence[Part]) -> bytes:
        """Send a submission, in as many requests as the server's limit asks for.

        Returns:
            What is kept as its receipt: status and answer of each request.

        Raises:
            SyncError: Why it did not succeed; nothing counts as sent then.
        """
        target, limit = self._where_to()
        parts = list(_packed(len(xml), files, limit))
        told = []
        for number, group in enumerate(parts, 1):
            form: list[tuple[str, tuple[str, bytes, str]]] = [
                ("xml_submission_file", ("submission.xml", xml, "text/xml"))
            ]
            form += [(each.name, (each.name, each.content, each.media_type)) for each in group]
            more = {"*isIncomplete*": "yes"} if number < len(parts) else {}
            answer = self._send("POST", target, files=form, data=more)
            if answer.status_code not in (201, 202):
                raise _to_error(answer)
            told.append({"status": answer.status_code, "said": _message(answer.content)})
        return canonical({"openrosa": 1, "parts": told, "sha256": hashlib.sha256(xml).hexdigest()})

    def close(self) -> None:
        """Close connections."""
        self._session.close()

    # --- requests ---

    def _where_to(self) -> tuple[str, int]:
        """Where submissions go, and how many bytes one request may have."""
        if not self._target:
            answer = self._send("HEAD", "/submission", params={"deviceID": "lastmile"})
            if answer.status_code not in (200, 204):
                raise _to_error(answer)
            target = urljoin(f"{self._base}/submission", answer.headers.get("Location", ""))
            self._target = target if self._ours(target) else f"{self._base}/submission"
            said = answer.headers.get("X-OpenRosa-Accept-Content-Length", "")
            self._limit = int(said) if said.isascii() and said.isdigit() else USUAL_PART_BYTES
        return self._target, self._limit

    def _xml(self, where: str) -> etree._Element:
        content = self._get(where, MOST_XML_BYTES)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise CaptivePortal from None

    def _get(self, where: str, most: int) -> bytes:
        answer = self._send("GET", where, stream=True)
        with answer:
            if answer.status_code != 200:
                raise _to_error(answer)
            content = bytearray()
            with failures_by_name():
                for piece in answer.iter_content(65_536):
                    content += piece
                    if len(content) > most:
                        raise TooLarge
        return bytes(content)

    def _send(self, method: str, where: str, **more: object) -> requests.Response:
        """One request; redirects are followed on the same server alone, and never for POST."""
        url = where if "://" in where else self._base + where
        for _ in range(_REDIRECTS + 1):
            if not self._ours(url):
                raise CaptivePortal
            answer = self._once(method, url, more)
            onwards = answer.headers.get("Location", "")
            if method == "POST" or answer.status_code not in (301, 302, 303, 307, 308):
                return answer
            url = urljoin(url, onwards)
        raise CaptivePortal

    def _once(self, method: str, url: str, more: Mapping[str, object]) -> requests.Response:
        with failures_by_name():
            return self._session.request(
                method,
                url,
                headers=self._headers,
                timeout=self._timeouts,
                allow_redirects=False,
                **more,  # type: ignore[arg-type]
            )

    def _ours(self, url: str) -> bool:
        parts = urlsplit(url)
        return (parts.scheme, parts.netloc) == self._origin


def _packed(xml_bytes: int, files: Sequence[Part], limit: int) -> Iterator[list[Part]]:
    """Files by request: as many as fit beside the document, each at least once, in order.

    Raises:
        TooLarge: One file does not fit into a request of its own.
    """
    room = limit - xml_bytes - 4096  # boundaries and heads
    group: list[Part] = []
    size = 0
    for each in files:
        own = len(each.content) + len(each.name) * 2 + 512
        if own > room:
            raise TooLarge
        if group and size + own > room:
            yield group
            group, size = [], 0
        group.append(each)
        size += own
    yield group


def _message(content: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        found = etree.fromstring(content[:65_536], parser).find(f"{RESPONSE}message")
    except (etree.XMLSyntaxError, ValueError):
        return ""
    return (found.text or "").strip()[:300] if found is not None else ""


def _to_error(answer: requests.Response) -> SyncError:
    status = answer.status_code
    kinds: dict[int, SyncError] = {
        401: DeviceRefused(),
        403: DeviceRefused(),
        404: RecordRefused(reason=_message(answer.content) or "404"),
        409: Conflict(),
        413: TooLarge(),
    }
    if status in kinds:
        return kinds[status]
    if status in (429, 503):
        wait = answer.headers.get("Retry-After", "")
        return Busy(wait_s=int(wait) if wait.isascii() and wait.isdigit() else 30)
    if 400 <= status < 500:
        return RecordRefused(reason=_message(answer.content) or str(status))
    if status >= 500:
        return ServerFault(status=status)
    return CaptivePortal() if status in (200, 301, 302) else Unexpected(status=status)
