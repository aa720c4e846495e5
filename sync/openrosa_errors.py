"""What can go wrong with an OpenRosa server: the kinds of `sync.errors` in words of their own.

A subclass for each, since the words speak of the project's server and not of the province.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sync.errors import (
    Busy,
    CaptivePortal,
    CertificateExpired,
    ClockWrong,
    DeviceCertificateRefused,
    DeviceRefused,
    InsecureAddress,
    NoNetwork,
    Offline,
    RecordRefused,
    ServerFault,
    SyncError,
    TlsFailed,
    TlsUnlike,
    TooLarge,
    UnknownIssuer,
    WrongName,
)
from sync.http import failures_by_name


class ServerUnreachable(Offline):
    """No network, no answer, or cut in the middle."""

    code = "S200"


class NoProjectHere(SyncError):
    """The address is no project: the server knows nothing there. Field: `host`."""

    code = "S201"
    retry = False
    ends_round = True


class LoginRefused(DeviceRefused):
    """The server does not accept the login or the key."""

    code = "S202"


class SubmissionRefused(RecordRefused):
    """The server does not take this submission. Field: `reason`, in its own words."""

    code = "S203"


class FileTooLarge(TooLarge):
    """The server takes no request of this size. Field: `size_mb`, megabytes."""

    code = "S204"


class NoOpenRosa(CaptivePortal):
    """What answers is no OpenRosa server: a log-in page, a proxy, a web site."""

    code = "S205"


class ServerBusy(Busy):
    """The server asks for patience. Field: `wait_s`, whole seconds."""

    code = "S206"


class ServerFailed(ServerFault):
    """The server failed on this request. Field: `status`."""

    code = "S207"


class NoSettingsCode(SyncError):
    """Neither text nor picture holds the settings of a project."""

    code = "S208"
    retry = False


class SentElsewhere(SyncError):
    """The server sends on to another one, which is not followed. Field: `host`."""

    code = "S209"
    retry = False
    ends_round = True


class UnsafeServer(TlsFailed):
    """The server's certificate is not trusted, or no safe connection is possible."""

    code = "S210"


class UnsafeAddress(InsecureAddress):
    """The address does not begin with https:// and is not this computer."""

    code = "S211"


class RequestRefused(SyncError):
    """The server does not answer this request. Field: `reason`, in its own words."""

    code = "S212"


class StillWorking(SyncError):
    """The server is still busy with an earlier try of this submission."""

    code = "S213"
    again_s = 60.0


class ServerClock(ClockWrong):
    """The clock of this computer is not the server's. Fields: `ours`, `theirs`, local time."""

    code = "S214"


class IssuerUnknown(UnknownIssuer):
    """Nobody known issued the server's certificate."""

    code = "S215"


_UNSAFE = (
    TlsFailed,
    CertificateExpired,
    WrongName,
    DeviceCertificateRefused,
    TlsUnlike,
)


@contextlib.contextmanager
def server_failures(url: str = "") -> Iterator[None]:
    """`sync.http.failures_by_name`, said of the project's server.

    Args:
        url: As there.

    Raises:
        SyncError: ServerUnreachable, UnsafeServer or what else it is, in place of the exceptions
            of `requests`.
    """
    try:
        with failures_by_name(url):
            yield
    except ClockWrong as error:
        raise ServerClock(**error.fields) from None
    except UnknownIssuer:
        raise IssuerUnknown from None
    except _UNSAFE:
        raise UnsafeServer from None
    except NoNetwork:
        raise
    except Offline:
        raise ServerUnreachable from None
