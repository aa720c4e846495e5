"""An OpenRosa server that takes the specification at its word, on loopback.

Stricter than most: it refuses requests without the OpenRosa headers, wrong digests and nonces it
did not give, and submissions whose files are not all there; it notes in `wrong` a `Date` that is
not of this minute, chunked bodies, several files in a body over its limit, and proofs and headers
that were meant for somebody else. `kind` makes it behave as one of the known servers where they
differ, answer by answer; `docs/openrosa.md` says where that is written.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, quote, unquote
from urllib.request import parse_http_list, parse_keqv_list

from tests.sync import openrosa_answers as answers
from tests.sync import openrosa_intake
from tests.sync.openrosa_answers import detail, message, problem
from tests.sync.openrosa_intake import Held

REALM = "forms"
Kind = Literal["plain", "central", "kobo", "ona"]
_TOKEN = re.compile(r"[A-Za-z0-9!$]{64}")  # how Central's keys look
_GZIP_FROM = 1280  # bytes; as the proxy before Central has it


@dataclass
class Offered:
    """A form with its files.

    Attributes:
        older: Versions published before, which submissions may still be of.
        closed: Takes no submissions any more.
        allowed: Whether who asks may send to it.
    """

    form_id: str
    version: str
    name: str
    xml: bytes
    media: dict[str, bytes] = field(default_factory=dict)
    entities: frozenset[str] = frozenset()
    older: frozenset[str] = frozenset()
    closed: bool = False
    allowed: bool = True


@dataclass
class Server:
    """What the server offers and holds.

    Attributes:
        kind: `plain` asks for Digest; `kobo` takes Basic, Digest or a token, `ona` Digest or a
            token, and Basic for submissions; `central` Basic without ever asking, unless `key`
            is set.
        limit: `X-OpenRosa-Accept-Content-Length`.
        proxy_limit: What stands before the server takes no more bytes than this; 0: no such thing.
        heads: Whether HEAD reaches the server; some firewalls let none through.
        key: The app user's token in the path; "" for `login` and `password`.
        draft: Form id of the draft that `key` is the test token of; "" for none.
        domain: What the server calls itself in addresses; "" for what it is called here.
        hashless: No file of a form has a hash, as Kobo has none of some.
        store: Media come by redirect from another server, as from S3.
        store_refuses: That server lets nobody in.
        nonce_uses: How often a nonce is taken; 0 for always.
        deleted: Ids of entities that were deleted here.
        gone: Ids of forms that are listed and not to be had.
        spoilt: So many bytes at the end of each form break under way.
        faults: Status codes that the next submissions are answered with, in order.
        posts, came: Submissions that reached the server, and its proxy.
        looks: Status codes that the next requests for the list are answered with, in order.
    """

    kind: Kind = "plain"
    login: str = "walter"
    password: str = "geheim"
    token: str = "t0ken-of-walter"
    key: str = ""
    draft: str = ""
    limit: int = 300_000
    proxy_limit: int = 0
    heads: bool = True
    domain: str = ""
    hashless: bool = False
    store: bool = False
    store_refuses: bool = False
    nonce_uses: int = 0
    forms: list[Offered] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    spoilt: int = 0
    faults: list[int] = field(default_factory=list)
    looks: list[int] = field(default_factory=list)
    devices: set[str] = field(default_factory=set)
    posts: int = 0
    came: int = 0
    wrong: list[str] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Server:
        self._http = _Server(("127.0.0.1", self.port), _handler(self, _Handler))
        self._blobs = _Server(("127.0.0.1", 0), _handler(self, _Blobs))
        self.port = self._http.server_address[1]
        self.blob_port = self._blobs.server_address[1]
        self._threads = [
            threading.Thread(target=each.serve_forever, args=(0.01,))
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
    def origin(self) -> str:
        return self.domain or f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.root}"

    @property
    def root(self) -> str:
        """Path of the project."""
        if self.draft:
            return f"/v1/test/{self.key}/projects/1/forms/{quote(self.draft, safe='')}/draft"
        if self.key:
            return f"/v1/key/{self.key}/projects/1"
        return {"central": "/v1/projects/1", "ona": f"/{self.login}"}.get(self.kind, "")

    def offers(self, form_id: str) -> Offered | None:
        return next((form for form in self.forms if form.form_id == form_id), None)


def _handler(server: Server, kind: type[BaseHTTPRequestHandler]) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (kind,), {"owner": server, "nonces": {}})


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
        if "X-OpenRosa-Version" in self.headers:
            self.owner.wrong.append("OpenRosa with what is none")
        if self.owner.store_refuses:
            self.send_error(403)
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
    nonces: dict[str, int]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body leave apart: else each answer takes 40 ms

    def log_message(self, *_: object) -> None:
        pass

    # --- lists, forms, files ---

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        bare = path.removeprefix(self.owner.root)
        if bare == "/formList":
            self._list()
        elif match := re.fullmatch("/datasets/[^/]+/integrity", bare):
            if self._fits() and match:
                ids = self._query("id").split(",")
                self._say(200, answers.integrity(self.owner, ids))
        else:
            self._form_or_file(path)

    def _list(self) -> None:
        if not self._fits():
            return
        if self.owner.looks and (status := self.owner.looks.pop(0)):
            self._say(status, b"<html><body>not now</body></html>", rosa=False)
            return
        self._say(200, answers.form_list(self.owner))

    def _form_or_file(self, path: str) -> None:
        for form in self.owner.forms:
            mine = answers.form_path(self.owner, form)
            if path == f"{mine}/manifest":
                if self._fits():
                    self._say(200, answers.manifest(self.owner, form))
                return
            if path == f"{mine}.xml" and form.form_id not in self.owner.gone:
                if self._fits(rosa=self.owner.kind != "central"):
                    self._plain(form.xml + secrets.token_bytes(self.owner.spoilt))
                return
            for name, content in form.media.items():
                if path == answers.media_path(self.owner, form, name):
                    if self._fits(rosa=self.owner.kind != "central"):
                        self._media(form, name, content)
                    return
        if self._fits(rosa=self.owner.kind != "central"):
            self._refuse(404, "not here", rosa=self.owner.kind != "central")

    def _plain(self, content: bytes) -> None:
        self._say(200, content, rosa=self.owner.kind != "central")

    def _media(self, form: Offered, name: str, content: bytes) -> None:
        if not self.owner.store:
            self._plain(content)
            return
        where = f"http://127.0.0.1:{self.owner.blob_port}/{form.form_id}/{quote(name)}"
        status = 302 if self.owner.kind == "ona" else 307
        self._say(status, b"", ("Location", where), rosa=False)

    # --- submissions ---

    def do_HEAD(self) -> None:
        if not self.owner.heads:
            self._say(403, b"", rosa=False)
            return
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
            self._say(411, message("length required"))
            return
        body = self.rfile.read(int(length))
        self.owner.came += 1
        if self.owner.proxy_limit and int(length) > self.owner.proxy_limit:
            self._say(413, b"<html><body>413 Request Entity Too Large</body></html>", rosa=False)
            return
        if not self._fits():
            return
        self.owner.posts += 1
        self.owner.devices.add(self._query("deviceID"))
        if self.owner.faults and (status := self.owner.faults.pop(0)):
            self._say(status, message("spoilt"))
            return
        self._say(*openrosa_intake.take(self.owner, self.headers["Content-Type"], body))

    # --- who asks ---

    def _fits(self, *, rosa: bool = True) -> bool:
        """Whether the request is one of OpenRosa's, if it has to be, and of somebody known."""
        if rosa and self.headers.get("X-OpenRosa-Version") != "1.0":
            self.owner.wrong.append("no OpenRosa version")
            self._say(400, message("X-OpenRosa-Version is missing"))
            return False
        self._judge_date()
        if self.owner.key:
            return self._known_key(rosa=rosa)
        if self._proven():
            return True
        if self.owner.kind == "central":
            # who is not known is told before anything of OpenRosa is
            if self.command == "HEAD" and "Authorization" not in self.headers:
                return True
            words = "Could not authenticate with the provided credentials."
            self._refuse(401, words, rosa=rosa, open_rosa=False)
            return False
        nonce = secrets.token_hex(8)
        self.nonces[nonce] = 0
        challenge = f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce}"'
        self._say(401, detail("Who are you?"), ("WWW-Authenticate", challenge))
        return False

    def _known_key(self, *, rosa: bool) -> bool:
        if self.path.startswith((self.owner.root + "/", self.owner.root + ".")):
            return True
        if self.path.startswith("/v1/test/"):
            if self.command == "HEAD":  # nobody looks at a draft's token here
                return True
            self._refuse(404, "This draft does not exist any more.", rosa=rosa)
            return False
        key = self.path.removeprefix("/v1/key/").partition("/")[0]
        status = 403 if _TOKEN.fullmatch(unquote(key)) else 401
        self._refuse(status, "No such key.", rosa=rosa, open_rosa=False)
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
        if kind == "Basic" and self._takes_basic():
            given = base64.b64decode(rest).decode("utf-8", "replace")
            return given == f"{self.owner.login}:{self.owner.password}"
        if kind == "Token" and self.owner.kind in ("kobo", "ona"):
            return rest == self.owner.token
        return kind == "Digest" and self.owner.kind != "central" and self._digest(rest)

    def _takes_basic(self) -> bool:
        if self.owner.kind == "ona":
            return self._path() == "/submission"
        return self.owner.kind in ("central", "kobo")

    def _digest(self, rest: str) -> bool:
        told = parse_keqv_list(parse_http_list(rest))
        nonce = told.get("nonce", "")
        if nonce not in self.nonces or told.get("uri") != self.path:
            return False
        self.nonces[nonce] += 1
        if self.owner.nonce_uses and self.nonces[nonce] > self.owner.nonce_uses:
            return False
        one = _md5(f"{self.owner.login}:{REALM}:{self.owner.password}")
        two = _md5(f"{self.command}:{self.path}")
        rest = f"{told['nonce']}:{told['nc']}:{told['cnonce']}:{told['qop']}"
        return secrets.compare_digest(told["response"], _md5(f"{one}:{rest}:{two}"))

    def _path(self) -> str:
        return unquote(self.path.partition("?")[0]).removeprefix(unquote(self.owner.root))

    def _query(self, name: str) -> str:
        return parse_qs(self.path.partition("?")[2]).get(name, [""])[0]

    # --- how it is said ---

    def _refuse(self, status: int, words: str, *, rosa: bool, open_rosa: bool = True) -> None:
        """Why not, in OpenRosa's XML or, where Central speaks none, in JSON."""
        body = message(words) if rosa else problem(status, words)
        self._say(status, body, rosa=rosa and open_rosa)

    def _say(self, status: int, body: bytes, *headers: tuple[str, str], rosa: bool = True) -> None:
        self.send_response(status)
        if rosa:
            self._open_rosa()
        for name, value in headers:
            self.send_header(name, value)
        zips = "gzip" in self.headers.get("Accept-Encoding", "")
        if self.owner.kind == "central" and len(body) >= _GZIP_FROM and zips:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
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
