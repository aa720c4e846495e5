"""What the OpenRosa server of the tests says: lists, manifests, messages, problems.

In the shape in which each of the known servers writes them; `docs/openrosa.md` says where from.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from tests.sync.openrosa_server import Offered, Server

NO_VERSION = "___"  # what Central writes into an address for a form without version
_RESPONSE = "http://openrosa.org/http/response"


def form_list(server: Server) -> bytes:
    """All forms, also those that cannot be had."""
    rows = "".join(
        f"<xform><formID>{escape(f.form_id)}</formID><name>{f.name}</name>"
        f"<version>{escape(f.version)}</version><hash>{_hash(f.xml)}</hash>"
        f"<downloadUrl>{server.origin}{form_path(server, f)}.xml</downloadUrl>"
        f"{_manifest_url(server, f)}</xform>"
        for f in server.forms
    )
    space = "http://openrosa.org/xforms/xformsList"
    return f'<xforms xmlns="{space}">{rows}</xforms>'.encode()


def form_path(server: Server, form: Offered) -> str:
    """Where a form lies: what `.xml`, `/manifest` and its files follow."""
    if server.draft:
        return server.root
    path = f"{server.root}/forms/{quote(form.form_id, safe='')}"
    if server.kind == "central":
        path += f"/versions/{quote(form.version or NO_VERSION, safe='')}"
    return path


def media_path(server: Server, form: Offered, name: str) -> str:
    """Where a file of a form lies."""
    folder = "attachments" if server.kind == "central" else "media"
    return f"{form_path(server, form)}/{folder}/{quote(name, safe='')}"


def _manifest_url(server: Server, form: Offered) -> str:
    if server.kind == "central" and not form.media:  # which names it only where files are wanted
        return ""
    return f"<manifestUrl>{server.origin}{form_path(server, form)}/manifest</manifestUrl>"


def manifest(server: Server, form: Offered) -> bytes:
    """The files of a form."""
    rows = "".join(
        f"<mediaFile{_kind(form, name)}><filename>{name}</filename>"
        f"<hash>{_media_hash(server, form, name)}</hash>"
        f"<downloadUrl>{server.origin}{media_path(server, form, name)}</downloadUrl>"
        f"{_integrity_url(server, form, name)}</mediaFile>"
        for name in form.media
    )
    space = "http://openrosa.org/xforms/xformsManifest"
    return f'<manifest xmlns="{space}">{rows}</manifest>'.encode()


def _media_hash(server: Server, form: Offered, name: str) -> str:
    if server.hashless:
        return "md5:"
    if server.kind == "central" and name in form.entities:
        # Of the moment of the last change, not of the content.
        moment = f"2026-11-25T08:00:00.{len(form.media[name])}Z"
        return _hash(moment.encode())
    return _hash(form.media[name])


def _kind(form: Offered, name: str) -> str:
    return ' type="entityList"' if name in form.entities else ""


def _integrity_url(server: Server, form: Offered, name: str) -> str:
    if name not in form.entities:
        return ""
    root = "undefined" if server.draft else server.root  # Central forgets a draft's own path
    return f"<integrityUrl>{server.origin}{root}{integrity_path(name)}</integrityUrl>"


def integrity_path(name: str) -> str:
    """Where a list's deleted entities are asked for, below the project."""
    return f"/datasets/{quote(name.removesuffix('.csv'), safe='')}/integrity"


def integrity(server: Server, ids: list[str]) -> bytes:
    """Which entities are gone; nothing about those that were never here."""
    known = {
        row.partition(b",")[0].decode()
        for form in server.forms
        for name in form.entities
        for row in form.media[name].splitlines()
    }
    rows = "".join(
        f'<entity id="{each}"><deleted>{str(each in server.deleted).lower()}</deleted></entity>'
        for each in ids
        if each in known | server.deleted
    )
    return f"<data><entities>{rows}</entities></data>".encode()


def message(text: str) -> bytes:
    """An answer to a submission, or why there is none."""
    return (
        f'<OpenRosaResponse xmlns="{_RESPONSE}" items="0">'
        f'<message nature="">{escape(text)}</message></OpenRosaResponse>'
    ).encode()


def problem(status: int, text: str) -> bytes:
    """What Central says where it does not speak OpenRosa: a form, its files."""
    return json.dumps({"message": text, "code": status + 0.1}).encode()


def detail(text: str) -> bytes:
    """What Kobo and Ona say before a request reaches what it is for."""
    return f"<?xml version='1.0'?><root><detail>{escape(text)}</detail></root>".encode()


def _hash(content: bytes) -> str:
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()
