"""Why there is no safe connection: one name for each thing that somebody can do about it.

Spec: RFC 8446 section 6 (alerts); the numbers are OpenSSL's X509_V_ERR codes.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from cryptography import x509

from sync.errors import (
    CertificateExpired,
    ClockWrong,
    DeviceCertificateRefused,
    Offline,
    SyncError,
    TlsFailed,
    TlsUnlike,
    UnknownIssuer,
    WrongName,
)

NOT_NOW = (9, 10)  # not yet valid, over
OTHER_NAME = (62, 64)
STRANGER = (2, 18, 19, 20, 21, 24, 79)
OURS_REFUSED = (
    "CERTIFICATE_REQUIRED",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_CERTIFICATE_REVOKED",
    "ALERT_CERTIFICATE_EXPIRED",
    "ALERT_CERTIFICATE_UNKNOWN",
    "ALERT_UNKNOWN_CA",
)
UNLIKE = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNSUPPORTED_PROTOCOL",
    "ALERT_PROTOCOL_VERSION",
    "NO_SHARED_CIPHER",
    "HANDSHAKE_FAILURE",
)
LOOK_S = 5.0
LISTEN_S = 2.0
CLOCK_S = 300.0  # a smaller difference of the clocks explains nothing


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it was raised from or wraps, each once."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and not any(each is s for s in seen):
            seen.append(each)
            yield each
            wrapped = (getattr(each, "reason", None), each.__cause__, each.__context__)
            waiting += [*each.args, *wrapped]


def named(
    error: BaseException, url: str = "", trust: ssl.SSLContext | None = None
) -> SyncError | None:
    """The TLS failure inside `error` under its own name; None where there is none.

    Args:
        error: What was raised.
        url: Where the request went without a proxy. It is looked at once more, without a word of
            ours, where the failure itself does not say enough; "" looks at nothing.
        trust: Whom the request believed, and as whom it came; None where the line carried
            answers before, so that it is not the certificate that it ended for.
    """
    every = list(causes(error))
    inner = next((e for e in every if isinstance(e, ssl.SSLError)), None)
    if inner is None:
        broke = any(isinstance(e, (ConnectionError, http.client.RemoteDisconnected)) for e in every)
        return _after_the_end(url, trust) if broke and trust is not None else None
    if isinstance(inner, ssl.SSLCertVerificationError):
        return _of_certificate(inner.verify_code, url, datetime.now(UTC))
    if "EOF" in str(inner):
        return _after_the_end(url, trust)
    return _of_alert(str(inner.reason or ""))


def _of_alert(reason: str) -> SyncError:
    if any(part in reason for part in OURS_REFUSED):
        return DeviceCertificateRefused()
    return TlsUnlike() if any(part in reason for part in UNLIKE) else TlsFailed()


def _after_the_end(url: str, trust: ssl.SSLContext | None) -> SyncError:
    """Why a connection ended: with TLS 1.3 our certificate is judged after we began to speak.

    Then the end overtakes the alert. Who listens without speaking hears it; some servers say
    nothing and just end what they do not take. A server that would answer waits for a request.
    """
    parts = urlsplit(url)
    if trust is None or not parts.hostname:
        return Offline()
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), LOOK_S) as plain,
            trust.wrap_socket(plain, server_hostname=parts.hostname) as line,
        ):
            return DeviceCertificateRefused() if _ends_unasked(line) else Offline()
    except OSError:
        return Offline()


def _ends_unasked(line: ssl.SSLSocket) -> bool:
    line.settimeout(LISTEN_S)
    try:
        return not line.recv(1)
    except TimeoutError:
        return False
    except OSError:
        return True


def _of_certificate(code: int, url: str, now: datetime) -> SyncError:
    if code in NOT_NOW:
        return _over(url, now)
    if code in OTHER_NAME:
        return WrongName(host=urlsplit(url).hostname or "")
    return UnknownIssuer() if code in STRANGER else TlsFailed()


def _over(url: str, now: datetime) -> SyncError:
    """Whether it is the certificate that is over, or our clock that is wrong; for words alone."""
    parts = urlsplit(url)
    try:
        certificate, date = _look(parts.hostname or "", parts.port or 443)
    except (OSError, http.client.HTTPException, ValueError):
        return CertificateExpired(since="?", until="?")
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    wrong = date is not None and abs(date - now) > timedelta(seconds=CLOCK_S)
    if date is not None and wrong and since <= date <= until:
        return ClockWrong(ours=_minute(now), theirs=_minute(date))
    return CertificateExpired(since=since.date().isoformat(), until=until.date().isoformat())


def _look(host: str, port: int) -> tuple[x509.Certificate, datetime | None]:
    # Nothing that is heard here is believed, and nothing is said that belongs to anybody.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, port), LOOK_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as line,
    ):
        shown = x509.load_der_x509_certificate(line.getpeercert(binary_form=True) or b"")
        date = None
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, TypeError):
            line.sendall(f"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(line)
            answer.begin()
            date = parsedate_to_datetime(answer.headers.get("Date", ""))
        return shown, date


def _minute(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")
