"""What stands between an office and its province in the world: issuers, TLS ends, portals, proxies.

Real sockets on loopback; each thing can be changed while it runs.
"""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sync.route import DeviceCertificate

Answering = Callable[[socket.socket], object]


class Issuer:
    """A CA with its certificate in `file`."""

    def __init__(self, folder: Path, name: str = "issuer") -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self._name, self._key, days=(-400, 3650), ca=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(keys.Encoding.PEM))

    def server(
        self, host: str = "localhost", days: tuple[float, float] = (-1, 30)
    ) -> ssl.SSLContext:
        """What a server shows: a certificate for `host`, valid from and to `days` from now."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.files(host, days))
        return context

    def files(self, host: str = "localhost", days: tuple[float, float] = (-1, 30)) -> Path:
        """The same as one file, chain and key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        made = self._sign(name, key, days=days, host=host)
        file = self._folder / f"server-{made.serial_number}.pem"
        file.write_bytes(made.public_bytes(keys.Encoding.PEM) + _pem(key))
        return file

    def device(
        self, name: str = "window", days: tuple[float, float] = (-1, 30)
    ) -> DeviceCertificate:
        """A certificate for a device."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._sign(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key, days=days
        )
        return DeviceCertificate(made.public_bytes(keys.Encoding.PEM), _pem(key))

    def _sign(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        days: tuple[float, float],
        host: str = "",
        ca: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
        )
        if host:
            made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        if not ca:
            purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            made = made.add_extension(x509.ExtendedKeyUsage(purposes), False)
        return made.sign(self._key, hashes.SHA256())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.PKCS8, keys.NoEncryption())


class Stand:
    """A listener on loopback that hands every connection to `answer`, in a thread each.

    Attributes:
        answer: What is done with a connection; may be changed at any time.
        tls: What is shown first; None for plain TCP.
        asked: Heads of the requests that `saying` read.
    """

    def __init__(self, answer: Answering, tls: ssl.SSLContext | None = None) -> None:
        self.answer, self.tls = answer, tls
        self.asked: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, name="stand")

    def __enter__(self) -> Stand:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        self._thread.join(10)

    def hang_up(self) -> None:
        """Break every connection."""
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self._open.append(peer)
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer:
            if self.tls is None:
                self.answer(peer)
                return
            with self.tls.wrap_socket(peer, server_side=True) as safe:
                self.answer(safe)

    def saying(self, answer: bytes) -> Answering:
        """Read one request and say these bytes, whatever it was."""

        def say(peer: socket.socket) -> None:
            self.asked.append(read_head(peer))
            peer.sendall(answer)

        return say


def read_head(peer: socket.socket) -> bytes:
    """The head of a request; what follows is left unread."""
    head = b""
    while b"\r\n\r\n" not in head and (more := peer.recv(1)):
        head += more
    return head


def plain_answer(status: str, *lines: str, body: bytes = b"") -> bytes:
    """A whole answer that closes its connection."""
    head = [f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*head, "", ""]).encode() + body


def forwarding(port: int) -> Answering:
    """Pass everything on to a port of this computer, both ways."""

    def forward(peer: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port), 5) as onward:
            pump(peer, onward)

    return forward


def pump(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends."""
    sides = {one: other, other: one}
    while True:
        ready: list[socket.socket] = []
        ready += [s for s in sides if isinstance(s, ssl.SSLSocket) and s.pending()]
        ready = ready or select.select(list(sides), [], [], 30)[0]
        if not ready:
            return
        for side in ready:
            piece = side.recv(65_536)
            if not piece:
                return
            sides[side].sendall(piece)


def connecting(user: str = "", password: str = "") -> Callable[[Stand], Answering]:
    """A proxy that understands CONNECT; with `user` it wants to know who asks (Basic)."""

    def made(stand: Stand) -> Answering:
        def answer(peer: socket.socket) -> None:
            head = read_head(peer)
            stand.asked.append(head)
            wanted = base64.b64encode(f"{user}:{password}".encode())
            if user and b"Basic " + wanted not in head:
                peer.sendall(
                    plain_answer(
                        "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="p"'
                    )
                )
                return
            port = int(head.split()[1].rpartition(b":")[2])
            with socket.create_connection(("127.0.0.1", port), 5) as onward:
                peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                pump(peer, onward)

        return answer

    return made


@contextlib.contextmanager
def proxy(user: str = "", password: str = "") -> Iterator[Stand]:
    """A running proxy."""
    stand = Stand(lambda _peer: None)
    stand.answer = connecting(user, password)(stand)
    with stand:
        yield stand
