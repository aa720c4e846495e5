"""What OpenRosa servers say and are sent: lists, manifests, answers, the parts of a submission.

Spec: https://docs.getodk.org/openrosa/ (form list, manifest, integrity, form submission)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import requests
import urllib3
from lxml import etree
from urllib3 import encode_multipart_formdata

from sync.errors import ProxySignIn, SyncError
from sync.openrosa_errors import (
    FileTooLarge,
    LoginRefused,
    NoOpenRosa,
    NoProjectHere,
    RequestRefused,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    StillWorking,
    SubmissionRefused,
)

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
_ENTITIES = ("entityList", "approvalEntityList")
_HEADS = 4096  # boundaries and heads of a request
_MOST_READ = 65_536  # bytes of an answer that is no success
_MOST_SAID = 300  # characters of a server's words that are kept
_USUAL_WAIT_S, _LONGEST_WAIT_S = 30, 3600
_BY_STATUS: Mapping[int, type[SyncError]] = {
    401: LoginRefused,
    403: LoginRefused,
    407: ProxySignIn,
    408: ServerUnreachable,  # it arrived too slowly
    511: NoOpenRosa,  # the network itself wants a log-in
}


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
    """A file that belongs to a form.

    Attributes:
        hash: As `md5:...`; of an entity list it changes with the list and is no digest of it.
        entities: Whether it is a list that submissions change.
        approval: Whether what they change waits for somebody's approval at the server.
        integrity_url: Where to ask which entities are gone; "" where the server has none.
    """

    name: str
    hash: str
    url: str
    entities: bool = False
    approval: bool = False
    integrity_url: str = ""


@dataclass(frozen=True)
class Part:
    """One file of a submission."""

    name: str
    media_type: str
    content: bytes


def parsed(content: bytes) -> etree._Element:
    """A document of the server.

    Raises:
        NoOpenRosa: No XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NoOpenRosa from None


def read_list(content: bytes) -> tuple[FormEntry, ...]:
    """The forms of a form list; those without id or address are left out.

    Raises:
        NoOpenRosa: Not a form list: the page of something else.
    """
    root = parsed(content)
    if root.tag != f"{LIST}xforms":
        raise NoOpenRosa
    entries = []
    for each in root.iter(f"{LIST}xform"):
        told = _children(each)
        entries.append(
            FormEntry(
                form_id=told.get("formID", ""),
                version=told.get("version", ""),
                name=told.get("name", "") or told.get("formID", ""),
                hash=told.get("hash", ""),
                url=told.get("downloadUrl", ""),
                manifest_url=told.get("manifestUrl", ""),
            )
        )
    return tuple(e for e in entries if e.form_id and e.url)


def read_manifest(content: bytes) -> tuple[MediaEntry, ...]:
    """The files of a manifest; names that are no plain file name are left out.

    Raises:
        NoOpenRosa: Not a manifest.
    """
    root = parsed(content)
    if root.tag != f"{MANIFEST}manifest":
        raise NoOpenRosa
    found = []
    for each in root.iter(f"{MANIFEST}mediaFile"):
        told, kind = _children(each), each.get("type", "")
        name = told.get("filename", "")
        if name and "/" not in name and "\\" not in name and not name.startswith("."):
            found.append(
                MediaEntry(
                    name=name,
                    hash=told.get("hash", ""),
                    url=told.get("downloadUrl", ""),
                    entities=kind in _ENTITIES,
                    approval=kind == _ENTITIES[1],
                    integrity_url=told.get("integrityUrl", ""),
                )
            )
    return tuple(found)


def read_integrity(content: bytes) -> frozenset[str]:
    """Ids of the entities that an integrity document says are deleted.

    Raises:
        NoOpenRosa: No XML.
    """
    return frozenset(
        str(each.get("id", ""))
        for each in parsed(content).iter("{*}entity")
        if _children(each).get("deleted", "").lower() == "true"
    )


def packed(xml_bytes: int, files: Sequence[Part], limit: int) -> Iterator[list[Part]]:
    """Files by request: as many as fit beside the document, each once, in order.

    A file over the limit goes alone: the limit is what the server recommends, and it may take more.
    """
    room = limit - xml_bytes - _HEADS
    group: list[Part] = []
    size = 0
    for each in files:
        own = len(each.content) + len(each.name.encode()) * 2 + 512
        if group and size + own > room:
            yield group
            group, size = [], 0
        group.append(each)
        size += own
    yield group


def posted(xml: bytes, files: Iterable[Part], fields: Mapping[str, str]) -> tuple[bytes, str]:
    """The body of a request with a submission and some of its files, and its media type."""
    parts: list[tuple[str, str | tuple[str, bytes, str]]] = list(fields.items())
    parts.append(("xml_submission_file", ("submission.xml", xml, "text/xml")))
    parts += [(each.name, (each.name, each.content, each.media_type)) for each in files]
    return encode_multipart_formdata(parts)


def words_of(answer: requests.Response) -> str:
    """The server's own words in an answer that is no success; its status where it has none."""
    try:
        content = next(answer.iter_content(_MOST_READ), b"")
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError):
        content = b""  # it broke, or is none of what it says that it is
    return said(content) or str(answer.status_code)


def said(content: bytes) -> str:
    """The server's own words in an answer, XML or JSON; "" where it has none."""
    words = _said_json(content) if content.lstrip()[:1] == b"{" else _said_xml(content)
    return " ".join(words.split())[:_MOST_SAID]


def _said_xml(content: bytes) -> str:
    try:
        root = parsed(content)
    except NoOpenRosa:
        return ""
    for name in ("message", "detail"):
        for found in root.iter(f"{{*}}{name}"):
            return found.text or ""
    return ""


def _said_json(content: bytes) -> str:
    try:
        told = json.loads(content)
    except ValueError:
        return ""
    names = ("message", "detail", "error")
    return next((str(told[name]) for name in names if isinstance(told.get(name), str)), "")


def is_openrosa(answer: requests.Response) -> bool:
    """Whether an answer shows that an OpenRosa server gave it, and no proxy before it."""
    return "X-OpenRosa-Version" in answer.headers or b"OpenRosaResponse" in answer.content[:1024]


def number(written: str) -> int:
    """A header as a whole number >= 0; 0 where it is none, or none that anybody means."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 40 else 0


def to_error(answer: requests.Response, host: str) -> SyncError:
    """What an answer that is no success means, whatever was asked."""
    status = answer.status_code
    if status in _BY_STATUS:
        return _BY_STATUS[status]()
    if status in (404, 410, 421):  # 421: this server goes by another name
        return NoProjectHere(host=host)
    if status == 413:
        asked = answer.request.headers.get("Content-Length", "0") if answer.request else "0"
        return FileTooLarge(size_mb=max(1, round(int(asked) / 1_000_000)))
    if status in (429, 503):
        wait = number(answer.headers.get("Retry-After", "")) or _USUAL_WAIT_S
        return ServerBusy(wait_s=min(wait, _LONGEST_WAIT_S))
    if 400 <= status < 500:
        return RequestRefused(reason=words_of(answer))
    return ServerFailed(status=status) if status >= 500 else NoOpenRosa()


def of_submission(answer: requests.Response, host: str) -> SyncError:
    """What an answer to a submission means that is no success; a login is known to be right."""
    if answer.status_code == 423:
        return StillWorking()
    error = to_error(answer, host)
    if isinstance(error, (LoginRefused, NoProjectHere, RequestRefused)):  # it is this submission's
        return SubmissionRefused(reason=words_of(answer))
    return error


def _children(element: etree._Element) -> dict[str, str]:
    named = (each for each in element if isinstance(each.tag, str))
    return {str(etree.QName(each).localname): (each.text or "").strip() for each in named}
