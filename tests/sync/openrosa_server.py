"""An OpenRosa server that takes the specification at its word, on loopback.

Stricter than most: it refuses requests without the OpenRosa headers, bodies over its limit, chunked
bodies, wrong digests and nonces it did not give, and submissions whose files are not all there.
Spec: https://docs.getodk.org/openrosa/
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import parse_http_list, parse_keqv_list

from lxml import etree

REALM = "forms"


@dataclass
class Offered:
    """A form with its files."""

    form_id: str
    version: str
    name: str
    xml: bytes
    media: dict[str, bytes] = field(default_factory=dict)
    entities: frozenset[str] = frozenset()


@dataclass
class Held:
    """A submission under one instance id."""

    xml: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    complete: bool = False


@dataclass
class Server:
    """What the server offers and holds.

    Attributes:
        limit: `X-OpenRosa-Accept-Content-Length`.
        key: The app user's token in the path; "" for Digest with `login` and `password`.
        faults: Status codes that the next submissions are answered with, in order.
    """

    login: str = "walter"
    password: str = "geheim"
    key: str = ""
    limit: int = 300_000
    forms: list[Offered] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)
    faults: list[int] = field(default_factory=list)
    posts: int = 0
    wrong: list[str] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Server:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def url(self) -> str:
        base = f"http://127.0.0.1:{self.port}"
        return f"{base}/v1/key/{self.key}/projects/1" if self.key else base


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        owner = server
        nonces: set[str] = set()  # noqa: RUF012

    return Handler


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
        for form in self.owner.forms:
            if path == f"/forms/{form.form_id}.xml":
                self._say(200, form.xml)
                return
            if path == f"/forms/{form.form_id}/manifest":
                self._say(200, _manifest(self.owner, form))
                return
            for name, content in form.media.items():
                if path == f"/forms/{form.form_id}/media/{name}":
                    self._say(200, content)
                    return
        self._say(404, _message("not here"))

    def do_HEAD(self) -> None:
        if not self._fits():
            return
        if self._path() != "/submission":
            self._say(404, b"")
            return
        self.send_response(204)
        self._open_rosa()
        self.send_header("Location", f"{self.owner.url}/submission")
        self.end_headers()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length")
        if length is None or self.headers.get("Transfer-Encoding"):
            self.owner.wrong.append("a body without length")
            self._say(411, _message("length required"))
            return
        if int(length) > self.owner.limit:
            self.rfile.read(int(length))
            self.owner.wrong.append("a body over the limit")
            self._say(413, _message("too large"))
            return
        body = self.rfile.read(int(length))
        if not self._fits():
            return
        self.owner.posts += 1
        if self.owner.faults and (status := self.owner.faults.pop(0)):
            self._say(status, _message("spoilt"))
            return
        self._say(*self._take(body))

    # --- what is asked ---

    def _take(self, body: bytes) -> tuple[int, bytes]:
        parts = self._parts(body)
        xml = parts.pop("xml_submission_file", b"")
        more = parts.pop("*isIncomplete*", b"").decode().lower() in ("yes", "true")
        try:
            root = etree.fromstring(xml)
        except etree.XMLSyntaxError:
            return 400, _message("no submission document")
        told = {etree.QName(e).localname: (e.text or "") for e in root.iter() if len(e) == 0}
        instance, old = told.get("instanceID", ""), told.get("deprecatedID", "")
        if not instance:
            return 400, _message("no instance id")
        if root.get("id") not in {form.form_id for form in self.owner.forms}:
            return 404, _message("no such form")
        if old and old not in self.owner.held:
            return 404, _message("nothing to correct under the deprecated id")
        held = self.owner.held.setdefault(instance, Held(xml))
        if held.xml != xml:
            return 409, _message("another document is held under this instance id")
        held.files.update(parts)
        named = {name for name in told.values() if name.startswith("file-")}
        if more:
            return 202, _message("waiting for more")
        if not named <= held.files.keys():
            return 400, _message("files are missing")
        known, held.complete = held.complete, True
        return (202 if known else 201), _message("full submission upload was successful")

    def _parts(self, body: bytes) -> dict[str, bytes]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
        found = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            found[str(name)] = bytes(part.get_payload(decode=True) or b"")
        return found

    # --- who asks ---

    def _fits(self) -> bool:
        if self.headers.get("X-OpenRosa-Version") != "1.0":
            self.owner.wrong.append("no OpenRosa version")
            self._say(400, _message("X-OpenRosa-Version is missing"))
            return False
        parsedate_to_datetime(self.headers["Date"])
        if self.owner.key or self._proven():
            return True
        nonce = secrets.token_hex(8)
        self.nonces.add(nonce)
        challenge = f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce}"'
        self._say(401, b"", ("WWW-Authenticate", challenge))
        return False

    def _proven(self) -> bool:
        kind, _, rest = self.headers.get("Authorization", "").partition(" ")
        if kind != "Digest":
            return False
        told = parse_keqv_list(parse_http_list(rest))
        if told.get("nonce") not in self.nonces or told.get("uri") != self.path:
            return False
        one = _md5(f"{self.owner.login}:{REALM}:{self.owner.password}")
        two = _md5(f"{self.command}:{self.path}")
        rest = f"{told['nonce']}:{told['nc']}:{told['cnonce']}:{told['qop']}"
        return secrets.compare_digest(told["response"], _md5(f"{one}:{rest}:{two}"))

    def _path(self) -> str:
        path = self.path.partition("?")[0]
        return path.removeprefix(f"/v1/key/{self.owner.key}/projects/1")

    # --- what is said ---

    def _say(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
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


def _hash(content: bytes) -> str:
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


def _form_list(server: Server) -> bytes:
    rows = "".join(
        f"<xform><formID>{f.form_id}</formID><name>{f.name}</name><version>{f.version}</version>"
        f"<hash>{_hash(f.xml)}</hash><downloadUrl>{server.url}/forms/{f.form_id}.xml</downloadUrl>"
        f"<manifestUrl>{server.url}/forms/{f.form_id}/manifest</manifestUrl></xform>"
        for f in server.forms
    )
    space = "http://openrosa.org/xforms/xformsList"
    return f'<xforms xmlns="{space}">{rows}</xforms>'.encode()


def _manifest(server: Server, form: Offered) -> bytes:
    rows = "".join(
        f"<mediaFile{_kind(form, name)}><filename>{name}</filename><hash>{_hash(content)}</hash>"
        f"<downloadUrl>{server.url}/forms/{form.form_id}/media/{name}</downloadUrl></mediaFile>"
        for name, content in form.media.items()
    )
    space = "http://openrosa.org/xforms/xformsManifest"
    return f'<manifest xmlns="{space}">{rows}</manifest>'.encode()


def _kind(form: Offered, name: str) -> str:
    return ' type="entityList"' if name in form.entities else ""


def _message(text: str) -> bytes:
    space = "http://openrosa.org/http/response"
    said = f'<OpenRosaResponse xmlns="{space}"><message>{text}</message></OpenRosaResponse>'
    return said.encode()
