"""How this computer reaches its province: what the province's policy and IT staff have chosen.

Layers, weakest first: defaults, `[network]` of `policy.toml`, `network.toml` of the profile. The
password for the proxy lies in the system's key store; where there is none, in the encrypted store.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from casework.errors import NetworkSettingWrong
from casework.office import Office
from casework.rights import needs
from store import audit, settings
from store.open import OpenStore
from sync.certificate import read_file
from sync.large import read_hours
from sync.route import NO_PROXY, SYSTEM, DeviceCertificate, Route

FILE = "network.toml"
POLICY = "policy.toml"
METERED = ("system", "always", "never")
_PASSWORD = "proxy_password"  # noqa: S105 - the name of a setting
CERTIFICATE = "device_certificate"  # with its key, in the encrypted store


@dataclass(frozen=True)
class NetworkSettings:
    """Choices about the link.

    Attributes:
        proxy: `system`, `none`, or an address such as http://proxy.example:3128.
        proxy_user: Who signs in there; "" for nobody.
        ca: File with issuers to believe (PEM), absolute or in the profile; "" for the system's.
        pinned: Whether `ca` alone is believed.
        probe: Plain http address that tells a sign-in page apart; "" for the province's own name.
        metered: Whether bytes cost: as the `system` says, `always` or `never`.
        busy_hours: When files wait, such as `08:30-12:00,14:00-17:30`; "" for never.
    """

    proxy: str = SYSTEM
    proxy_user: str = ""
    ca: str = ""
    pinned: bool = False
    probe: str = ""
    metered: str = "system"
    busy_hours: str = ""


def load(profile: Path) -> NetworkSettings:
    """The settings in force; what a file says wrongly is left aside."""
    chosen = NetworkSettings()
    for layer in (_read(profile / POLICY).get("network", {}), _read(profile / FILE)):
        if not isinstance(layer, Mapping):
            continue
        for name, value in layer.items():
            try:
                chosen = checked(chosen, name, value)
            except NetworkSettingWrong:
                continue
    return chosen


def checked(chosen: NetworkSettings, name: str, value: object) -> NetworkSettings:
    """`chosen` with one value replaced.

    Raises:
        NetworkSettingWrong: There is no such setting, or it takes no such value.
    """
    known = {each.name: type(getattr(chosen, each.name)) for each in fields(chosen)}
    right = known.get(name) is type(value)
    if right and name == "metered":
        right = value in METERED
    if right and name == "proxy" and value not in (SYSTEM, NO_PROXY):
        parts = urlsplit(str(value))
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    if right and name == "busy_hours":
        try:
            read_hours(str(value))
        except ValueError:
            right = False
    if not right:
        raise NetworkSettingWrong(name=name)
    return replace(chosen, **{name: value})  # type: ignore[arg-type]


@needs("policy")
def change(office: Office, values: Mapping[str, object]) -> NetworkSettings:
    """Keep choices of IT staff for this computer.

    Raises:
        NetworkSettingWrong: There is no such setting, or it takes no such value; nothing is kept.
    """
    chosen = load(office.store.folder)
    for name, value in values.items():
        chosen = checked(chosen, name, value)
    path = office.store.folder / FILE
    own = {**_read(path), **values}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in own.items()]
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join([*lines, ""]), "utf-8")
    fresh.replace(path)
    me, names = office.store.operator.login, " ".join(sorted(values))
    office.store.writer.submit(audit.record, me, "network_set", names, now=office.now()).result()
    return chosen


@needs("policy")
def keep_password(office: Office, password: str) -> None:
    """Keep the password for the proxy; "" forgets it."""
    store = office.store
    if store.secret.strong:
        store.secret.put(_password_name(store), password.encode())
        password = ""
    store.writer.submit(settings.put, _PASSWORD, password.encode()).result()


def route(store: OpenStore) -> Route:
    """How requests of this office leave the computer.

    Raises:
        store.errors.KeyStoreLocked: The password of the proxy cannot be read now.
    """
    chosen = load(store.folder)
    return Route(
        proxy=chosen.proxy,
        proxy_user=chosen.proxy_user,
        proxy_password=_password(store) if chosen.proxy_user else "",
        ca=store.folder / chosen.ca if chosen.ca else None,
        pinned=chosen.pinned,
        certificate=_certificate(store),
    )


@needs("policy")
def hand_in(office: Office, data: bytes, password: str) -> None:
    """Keep a certificate that IT staff were given for this computer; no data: come without one.

    Raises:
        sync.errors.CertificateUnreadable: It is none, or the password is another.
    """
    kept = b""
    if data:
        kept = _written(read_file(data, password), handed_in=True)
    store, me = office.store, office.store.operator.login
    store.writer.submit(settings.put, CERTIFICATE, kept).result()
    store.writer.submit(audit.record, me, "network_set", "certificate", now=office.now()).result()


def keeper(store: OpenStore) -> Callable[[DeviceCertificate], None] | None:
    """What keeps certificates of the province; None where people handed one in."""
    if json.loads(store.read(settings.get, CERTIFICATE) or b"{}").get("handed_in"):
        return None
    return lambda fresh: store.writer.submit(settings.put, CERTIFICATE, _written(fresh)).result()


def _certificate(store: OpenStore) -> DeviceCertificate | None:
    kept = json.loads(store.read(settings.get, CERTIFICATE) or b"{}")
    return DeviceCertificate(kept["chain"].encode(), kept["key"].encode()) if kept else None


def _written(certificate: DeviceCertificate, *, handed_in: bool = False) -> bytes:
    texts = {"chain": certificate.chain.decode(), "key": certificate.key.decode()}
    return json.dumps({**texts, "handed_in": handed_in}).encode()


def _password(store: OpenStore) -> str:
    if store.secret.strong and (found := store.secret.get(_password_name(store))) is not None:
        return found.decode()
    return (store.read(settings.get, _PASSWORD) or b"").decode()


def _password_name(store: OpenStore) -> str:
    return "proxy-" + sha256(str(store.folder.absolute()).encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
