"""An OpenRosa server that takes the specification at its word, on loopback.

Stricter than most: it refuses requests without the OpenRosa headers, wrong digests and nonces it
did not give, and submissions whose files are not all there; it notes in `wrong` a `Date` that is
not of this minute, chunked bodies, several files in a body over its limit, and proofs that were
meant for somebody else. `kind` makes it behave as one of the known servers where they differ;
`docs/openrosa.md` says where that is written.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, quote, unquote
from urllib.request import parse_http_list, parse_keqv_list

from lxml import etree

REALM = "forms"
Kind = Literal["plain", "central", "kobo", "ona"]


@dataclass
class Offered:
    """A form with its files."""

    form_id: str
    version: str
    name: str
    xml: bytes
    media: dict[str, bytes] = field(default_factory=dict)
    entities: frozenset[str] = frozenset()
    closed: bool = False
    allowed: bool = True


@dataclass
class Held:
    """A submission under one instance id."""

    xml: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    complete: bool = False
    deprecated: bool = False


@dataclass
class Server:
    """What the server offers and holds.

    Attributes:
        kind: `plain` and `ona` ask for Digest, `kobo` for Digest or a token, `central` for Basic
            without ever asking, unless `key` is set.
        limit: `X-OpenRosa-Accept-Content-Length`.
        proxy_limit: What stands before the server takes no more bytes than this; 0: no such thing.
        key: The app user's token in the path; "" for `login` and `password`.
        draft: Form id of the draft that `key` is the test token of; "" for none.
        store: Media come by redirect from another server, as from S3.
        deleted: Ids of entities that were deleted here.
        gone: Ids of forms that are listed and not to be had.
        spoilt: So many bytes at the end of each form break under way.
        faults: Status codes that the next submissions are answered with, in order.
    """

    kind: Kind = "plain"
    login: str = "walter"
    password: str = "geheim"
    token: str = "t0ken-of-walter"
    key: str = ""
    draft: str = ""
    limit: int = 300_000
    proxy_limit: int = 0
    store: bool = False
    forms: list[Offered] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    spoilt: int = 0
    faults: list[int] = field(default_factory=list)
    devices: set[str] = field(default_factory=set)
    posts: int = 0
    wrong: list[str] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Server:
        self._http = _Server(("127.0.0.1", self.port), _handler(self, _Handler))
        self._blobs = _Server(("127.0.0.1", 0), _handler(self, _Blobs))
        self.port = self._http.server_address[1]
        self.blob_port = self._blobs.server_address[1]
        self._threads = [
            threading.Thread(target=each.serve_forever, args=(0.05,))
            for each in (self._http, self._blobs)
        ]
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._http, self._blobs):
            server.shutdown()
            server.server_close()
        for each in self._threads:
            each.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.root}"

    @property
    def root(self) -> str:
        """Path of the project."""
        if self.draft:
            return f"/v1/test/{self.key}/projects/1/forms/{self.draft}/draft"
        if self.key:
            return f"/v1/key/{self.key}/projects/1"
        return {"central": "/v1/projects/1", "ona": f"/{self.login}"}.get(self.kind, "")

    def offers(self, form_id: str) -> Offered | None:
        return next((form for form in self.forms if form.form_id == form_id), None)


def _handler(server: Server, kind: type[BaseHTTPRequestHandler]) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (kind,), {"owner": server, "nonces": set()})


class _Blobs(BaseHTTPRequestHandler):
    """Where files lie whose address is proof enough; a second proof is refused, as S3 does."""

    owner: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if "Authorization" in self.headers:
            self.owner.wrong.append("a proof for somebody else")
            self.send_error(400)
            return
        _, form_id, name = unquote(self.path).split("/")
        content = {f.form_id: f for f in self.owner.forms}[form_id].media[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing where a client goes away in the middle."""


class _Handler(BaseHTTPRequestHandler):
    owner: Server
    nonces: set[str]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if not self._fits():
            return
        path = self._path()
        if path == "/formList":
            self._say(200, _form_list(self.owner))
            return
        if path == "/integrity":
            self._say(200, _integrity(self.owner, self._query("id").split(",")))
            return
        for form in self.owner.forms:
            if path == f"/forms/{form.form_id}.xml" and form.form_id not in self.owner.gone:
                spoilt = secrets.token_bytes(self.owner.spoilt)
                self._say(200, form.xml + spoilt)
                return
            if path == f"/forms/{form.form_id}/manifest":
                self._say(200, _manifest(self.owner, form))
                return
            for name, content in form.media.items():
                if path == f"/forms/{form.form_id}/media/{name}":
                    self._media(form, name, content)
                    return
        self._say(404, _message("not here"))

    def _media(self, form: Offered, name: str, content: bytes) -> None:
        if not self.owner.store:
            self._say(200, content)
            return
        where = f"http://127.0.0.1:{self.owner.blob_port}/{form.form_id}/{quote(name)}"
        self._say(302 if self.owner.kind == "ona" else 307, b"", ("Location", where))

    def do_HEAD(self) -> None:
        if not self._fits():
            return
        if self._path() != "/submission":
            self._say(404, b"")
            return
        self.send_response(204)
        self._open_rosa()
        if self.owner.kind != "central":  # which has a HEAD, and no Location in it
            self.send_header("Location", f"{self.owner.url}/submission")
        self.end_headers()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length")
        if length is None or self.headers.get("Transfer-Encoding"):
            self.owner.wrong.append("a body without length")
            self._say(411, _message("length required"))
            return
        body = self.rfile.read(int(length))
        if self.owner.proxy_limit and int(length) > self.owner.proxy_limit:
            self._say(413, b"<html><body>413 Request Entity Too Large</body></html>", rosa=False)
            return
        if not self._fits():
            return
        self.owner.posts += 1
        self.owner.devices.add(self._query("deviceID"))
        if self.owner.faults and (status := self.owner.faults.pop(0)):
            self._say(status, _message("spoilt"))
            return
        self._say(*self._take(body))

    # --- what is asked ---

    def _take(self, body: bytes) -> tuple[int, bytes]:
        parts = self._parts(body)
        xml = parts.pop("xml_submission_file", b"")
        more = parts.pop("*isIncomplete*", b"").decode().lower() in ("yes", "true")
        if len(body) > self.owner.limit and len(parts) > 1:
            self.owner.wrong.append("several files in a body over the limit")
        try:
            root = etree.fromstring(xml)
        except etree.XMLSyntaxError:
            return 400, _message("no submission document")
        told = {etree.QName(e).localname: (e.text or "") for e in root.iter() if len(e) == 0}
        instance, old = told.get("instanceID", ""), told.get("deprecatedID", "")
        if not instance:
            return 400, _message("no instance id")
        refused = self._refused(root.get("id", ""), old, instance)
        if refused is not None:
            return refused
        known = instance in self.owner.held
        held = self.owner.held.setdefault(instance, Held(xml))
        if held.xml != xml:
            return 409, _message("another document is held under this instance id")
        if old:
            self.owner.held[old].deprecated = True
        fresh = not known or not parts.keys() <= held.files.keys()
        held.files.update(parts)
        return self._taken(held, _files_named(root), more=more, fresh=fresh)

    def _refused(self, form_id: str, old: str, instance: str) -> tuple[int, bytes] | None:
        form = self.owner.offers(form_id)
        if form is None:
            return 404, _message("no such form")
        if not form.allowed:
            return 401, _message("The authenticated actor does not have rights to do that.")
        if form.closed:
            return 409, _message("This form is not currently accepting submissions.")
        before = self.owner.held.get(old)
        if old and before is None:
            return 404, _message("nothing to correct under the deprecated id")
        if before is not None and before.deprecated and instance not in self.owner.held:
            return 409, _message("what is to be corrected has been corrected already")
        return None

    def _taken(self, held: Held, named: set[str], *, more: bool, fresh: bool) -> tuple[int, bytes]:
        whole = named <= held.files.keys()
        held.complete = whole
        if self.owner.kind == "central":  # which looks at no flag, and knows no 202
            return 201, _message("full submission upload was successful!")
        if self.owner.kind in ("kobo", "ona"):
            return (
                (201, _message("Successful submission."))
                if fresh
                else (202, _message("Duplicate submission"))
            )
        if more:
            held.complete = False
            return 202, _message("waiting for more")
        if not whole:
            return 400, _message("files are missing")
        return (201 if fresh else 202), _message("full submission upload was successful")

    def _parts(self, body: bytes) -> dict[str, bytes]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
        found = {}
        for part in message.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            if not name.isascii():
                self.owner.wrong.append("a name that servers read in different ways")
            found[name] = bytes(part.get_payload(decode=True) or b"")
        return found

    # --- who asks ---

    def _fits(self) -> bool:
        if self.headers.get("X-OpenRosa-Version") != "1.0":
            self.owner.wrong.append("no OpenRosa version")
            self._say(400, _message("X-OpenRosa-Version is missing"))
            return False
        self._judge_date()
        if self.owner.key:
            if self.path.startswith(self.owner.root + "/"):
                return True
            self._say(403 if self.owner.draft else 401, _message("No such key."))
            return False
        if self._proven():
            return True
        if self.owner.kind == "central":
            self._say(401, _message("Could not authenticate with the provided credentials."))
            return False
        nonce = secrets.token_hex(8)
        self.nonces.add(nonce)
        challenge = f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce}"'
        self._say(
            401, b"<root><detail>Who are you?</detail></root>", ("WWW-Authenticate", challenge)
        )
        return False

    def _judge_date(self) -> None:
        try:
            form = "%a, %d %b %Y %H:%M:%S GMT"
            said = datetime.strptime(self.headers["Date"], form).replace(tzinfo=UTC)
        except (ValueError, TypeError):
            self.owner.wrong.append("a Date in another form than the specification's")
            return
        if abs(datetime.now(UTC) - said) > timedelta(minutes=1):
            self.owner.wrong.append("a Date of another time")

    def _proven(self) -> bool:
        kind, _, rest = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic" and self.owner.kind == "central":
            given = base64.b64decode(rest).decode()
            return given == f"{self.owner.login}:{self.owner.password}"
        if kind == "Token" and self.owner.kind == "kobo":
            return rest == self.owner.token
        return kind == "Digest" and self._digest(rest)

    def _digest(self, rest: str) -> bool:
        told = parse_keqv_list(parse_http_list(rest))
        if told.get("nonce") not in self.nonces or told.get("uri") != self.path:
            return False
        one = _md5(f"{self.owner.login}:{REALM}:{self.owner.password}")
        two = _md5(f"{self.command}:{self.path}")
        rest = f"{told['nonce']}:{told['nc']}:{told['cnonce']}:{told['qop']}"
        return secrets.compare_digest(told["response"], _md5(f"{one}:{rest}:{two}"))

    def _path(self) -> str:
        return unquote(self.path.partition("?")[0]).removeprefix(self.owner.root)

    def _query(self, name: str) -> str:
        return parse_qs(self.path.partition("?")[2]).get(name, [""])[0]

    # --- what is said ---

    def _say(self, status: int, body: bytes, *headers: tuple[str, str], rosa: bool = True) -> None:
        self.send_response(status)
        if rosa:
            self._open_rosa()
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _open_rosa(self) -> None:
        self.send_header("X-OpenRosa-Version", "1.0")
        self.send_header("X-OpenRosa-Accept-Content-Length", str(self.owner.limit))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _files_named(root: etree._Element) -> set[str]:
    """The files that a document refers to: what looks like one, and what a manifest lists."""
    texts = {(e.text or "") for e in root.iter() if len(e) == 0}
    return {t for t in texts if t.startswith(("file-", "photo-")) or t.endswith(".enc")}


def _hash(content: bytes) -> str:
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


def _form_list(server: Server) -> bytes:
    rows = "".join(
        f"<xform><formID>{f.form_id}</formID><name>{f.name}</name><version>{f.version}</version>"
        f"<hash>{_hash(f.xml)}</hash><downloadUrl>{server.url}/forms/{f.form_id}.xml</downloadUrl>"
        f"{_manifest_url(server, f)}</xform>"
        for f in server.forms
    )
    space = "http://openrosa.org/xforms/xformsList"
    return f'<xforms xmlns="{space}">{rows}</xforms>'.encode()


def _manifest_url(server: Server, form: Offered) -> str:
    if server.kind == "central" and not form.media:  # which names it only where files are wanted
        return ""
    return f"<manifestUrl>{server.url}/forms/{form.form_id}/manifest</manifestUrl>"


def _manifest(server: Server, form: Offered) -> bytes:
    rows = "".join(
        f"<mediaFile{_kind(form, name)}><filename>{name}</filename>"
        f"<hash>{_media_hash(server, form, name)}</hash>"
        f"<downloadUrl>{server.url}/forms/{form.form_id}/media/{quote(name)}</downloadUrl>"
        f"{_integrity_url(server, form, name)}</mediaFile>"
        for name in form.media
    )
    space = "http://openrosa.org/xforms/xformsManifest"
    return f'<manifest xmlns="{space}">{rows}</manifest>'.encode()


def _media_hash(server: Server, form: Offered, name: str) -> str:
    if server.kind == "central" and name in form.entities:
        # Of the moment of the last change, not of the content.
        return f"md5:{_md5(f'2026-11-25T08:00:00.{len(form.media[name])}Z')}"
    return _hash(form.media[name])


def _kind(form: Offered, name: str) -> str:
    return ' type="entityList"' if name in form.entities else ""


def _integrity_url(server: Server, form: Offered, name: str) -> str:
    if name not in form.entities:
        return ""
    return f"<integrityUrl>{server.url}/integrity</integrityUrl>"


def _integrity(server: Server, ids: list[str]) -> bytes:
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


def _message(text: str) -> bytes:
    space = "http://openrosa.org/http/response"
    said = (
        f'<OpenRosaResponse xmlns="{space}" items="0"><message>{text}</message></OpenRosaResponse>'
    )
    return said.encode()
