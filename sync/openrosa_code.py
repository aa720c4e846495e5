"""A project's settings as people hand them on: the text behind ODK Collect's settings QR code.

Spec: https://docs.getodk.org/collect-import-export/ (zlib and base64 of JSON)
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sync.openrosa_errors import NoSettingsCode

MOST_BYTES = 1024 * 1024  # of the settings once unpacked
_EVERY_MIN = {
    "every_fifteen_minutes": 15,
    "every_one_hour": 60,
    "every_six_hours": 360,
    "every_24_hours": 1440,
}
_ENDINGS = ("/formList", "/submission")
_IN_BROWSER = re.compile(r"/projects/([0-9]+)/.")  # a page of ODK Central's; Ona's has no more


@dataclass(frozen=True, repr=False)
class Account:
    """A project on a server. Has no repr: it holds a password or a token.

    Attributes:
        url: Where `/formList` and `/submission` are below; an app user's token is part of it.
        login: "" where the address alone lets in, or `password` is a token.
        scheme: `auto` (Basic, and Digest where the server asks for it), `basic`, `digest`, or
            `token` (`password` goes as `Authorization: Token`).
        name, icon: What people call the project; "" where the code does not say.
        update: When forms are fetched: `match_exactly`, `previously_downloaded` or `manual`.
        every_min: Minutes between two looks for newer forms.
        autosend: Whether submissions go by themselves; else only when somebody asks.
        username, email, phone: What forms preload as properties of who fills them.
    """

    url: str
    login: str = ""
    password: str = ""
    scheme: str = "auto"
    name: str = ""
    icon: str = ""
    update: str = "match_exactly"
    every_min: int = 15
    autosend: bool = True
    username: str = ""
    email: str = ""
    phone: str = ""

    @property
    def host(self) -> str:
        """The server, as it may be shown: without login, key or path."""
        parts = urlsplit(self.url)
        try:
            port = parts.port
        except ValueError:
            port = None
        return f"{parts.hostname or ''}{f':{port}' if port else ''}"


def read_project_code(text: str) -> Account:
    """The account in a project's settings.

    Args:
        text: Base64 of zlib of JSON, as the QR code holds it; or the JSON itself.

    Raises:
        NoSettingsCode: Not such a text, or without a server.
    """
    try:
        settings = json.loads(_unpacked(text.strip()))
        general, project = settings["general"], settings.get("project") or {}
        url = tidy_url(_text(general, "server_url"))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, zlib.error):
        raise NoSettingsCode from None
    if not urlsplit(url).hostname or general.get("protocol", "odk_default") != "odk_default":
        raise NoSettingsCode
    login = _text(general, "username")
    return Account(
        url=url,
        login=login,
        password=_text(general, "password"),
        name=_text(project, "name"),
        icon=_text(project, "icon")[:4],
        update=_text(general, "form_update_mode") or Account.update,
        every_min=_EVERY_MIN.get(_text(general, "periodic_form_updates_check"), Account.every_min),
        autosend=_text(general, "autosend") != "off",
        username=_text(general, "metadata_username") or login,
        email=_text(general, "metadata_email"),
        phone=_text(general, "metadata_phonenumber"),
    )


def tidy_url(typed: str) -> str:
    """An address as people type it: without blanks, login, query and names of the resources.

    An address without a scheme gets https; what a browser shows of a project of ODK Central
    becomes the project's own. "" of what is no address.
    """
    text = "".join(typed.split())
    try:
        parts = urlsplit(text if "://" in text or not text else f"https://{text}")
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    for ending in _ENDINGS:
        path = path.removesuffix(ending).rstrip("/")
    if seen := _IN_BROWSER.match(path) or (None if path else _IN_BROWSER.match(parts.fragment)):
        path = f"/v1/projects/{seen[1]}"
    host = parts.netloc.rpartition("@")[2].lower()
    return urlunsplit((parts.scheme, host, path, "", ""))


def _unpacked(text: str) -> bytes | str:
    if text.startswith("{"):
        return text[:MOST_BYTES]
    try:
        packed = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ValueError from error
    return zlib.decompressobj().decompress(packed, MOST_BYTES)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""
