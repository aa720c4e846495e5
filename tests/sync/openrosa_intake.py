"""What the OpenRosa server of the tests does with a submission, as each known server does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

from lxml import etree

from tests.sync.openrosa_answers import message

if TYPE_CHECKING:
    from tests.sync.openrosa_server import Server

_ENDINGS = (".enc", ".jpg", ".png", ".csv", ".bin", ".mp4", ".m4a")


@dataclass
class Held:
    """A submission under one instance id."""

    xml: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    complete: bool = False
    deprecated: bool = False
    deleted: bool = False


def take(server: Server, content_type: str, body: bytes) -> tuple[int, bytes]:
    """Keep what came, or say why not: status and answer."""
    files, fields = _parts(server, content_type, body)
    xml = files.pop("xml_submission_file", b"")
    more = fields.get("*isIncomplete*", b"").decode().lower() in ("yes", "true")
    if len(body) > server.limit and len(files) > 1:
        server.wrong.append("several files in a body over the limit")
    try:
        root = etree.fromstring(xml)
    except etree.XMLSyntaxError:
        return 400, message("no submission document")
    told = {etree.QName(e).localname: (e.text or "") for e in root.iter() if len(e) == 0}
    instance, old = told.get("instanceID", ""), told.get("deprecatedID", "")
    if not instance:
        return 400, message("no instance id")
    refused = _no_form(server, root) or _no_edit(server, old, instance)
    if refused is not None:
        return refused
    known = instance in server.held
    held = server.held.setdefault(instance, Held(xml))
    if held.xml != xml:
        return 409, message("another document is held under this instance id")
    if old in server.held:
        server.held[old].deprecated = True
    named = _files_named(root)
    wanted = {n: c for n, c in files.items() if n in named or server.kind != "central"}
    if server.kind == "kobo" and any(held.files.get(n, c) != c for n, c in files.items()):
        return 409, message("another file is held under this name")
    fresh = not known or not wanted.keys() <= held.files.keys()
    held.files.update(wanted)
    return _taken(server, held, named, more=more, known=known, fresh=fresh)


def _no_form(server: Server, root: etree._Element) -> tuple[int, bytes] | None:
    form_id, version = str(root.get("id", "")), str(root.get("version", ""))
    form = server.offers(form_id)
    if server.draft and form_id != server.draft:
        return 400, message("Unexpected form id: it did not match the form ID in the URL")
    if form is None:
        return 404, message("no such form")
    versions = {each.version for each in server.forms if each.form_id == form_id}
    judged = server.kind == "central" and not server.draft
    if judged and version not in versions | form.older:
        return 404, message(f"The form version '{version}' does not exist.")
    if form.closed:
        words = "This form is not currently accepting submissions."
        return (405 if server.kind == "kobo" else 409), message(words)
    if not form.allowed:  # Central says 401 for its own 403, Kobo 403
        words = "The authenticated actor does not have rights to do that."
        return (403 if server.kind == "kobo" else 401), message(words)
    return None


def _no_edit(server: Server, old: str, instance: str) -> tuple[int, bytes] | None:
    now, before = server.held.get(instance), server.held.get(old)
    if now is not None and now.deleted:
        return 409, message("This submission has been deleted.")
    if server.kind == "kobo":  # which takes a correction of nothing for something new
        return None
    if old and before is None:
        return 404, message("nothing to correct under the deprecated id")
    if before is not None and before.deprecated and (now is None or now.deprecated):
        return 409, message("what is to be corrected has been corrected already")
    if now is not None and now.deprecated:
        return 409, message("the copy you were editing (undefined) is now out of date")
    return None


def _taken(
    server: Server, held: Held, named: set[str], *, more: bool, known: bool, fresh: bool
) -> tuple[int, bytes]:
    whole = named <= held.files.keys()
    held.complete = whole
    if server.kind == "central":  # which looks at no flag, and knows no 202
        return 201, message("full submission upload was successful!")
    if server.kind in ("kobo", "ona"):
        taken = fresh if server.kind == "kobo" else not known  # Ona says so with new files too
        return (
            (201, message("Successful submission."))
            if taken
            else (202, message("Duplicate submission"))
        )
    if more:
        held.complete = False
        return 202, message("waiting for more")
    if not whole:
        return 400, message("files are missing")
    return (201 if fresh else 202), message("full submission upload was successful")


def _parts(
    server: Server, content_type: str, body: bytes
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Files, by the name of their part, and fields: what comes without a file name."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    whole = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    files: dict[str, bytes] = {}
    fields: dict[str, bytes] = {}
    for part in whole.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = bytes(part.get_payload(decode=True) or b"")
        if not name.isascii():
            server.wrong.append("a name that servers read in different ways")
        if (file := part.get_filename()) is None:
            fields[name] = content
            continue
        if name != "xml_submission_file" and file != name:
            server.wrong.append("a file under two names: some servers read the other one")
        files[name] = content
    return files, fields


def _files_named(root: etree._Element) -> set[str]:
    """The files that a document refers to: what looks like one, and what a manifest lists."""
    texts = {(e.text or "") for e in root.iter() if len(e) == 0}
    return {t for t in texts if t.endswith(_ENDINGS) or t.startswith(("file-", "photo-"))}
