"""Binding this device to an office of a province, with a one-time code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.errors import Unexpected, WrongProvince
from sync.http import Link
from sync.problems import to_error
from sync.providers.province import ProvinceProvider
from sync.providers.sending import Terms
from sync.providers.session import Identity, read_keys
from sync.relay import RelayKey, read_relay_key
from sync.route import DeviceCertificate, Route
from sync.wire import to_b64


@dataclass(frozen=True)
class EnrolmentView:
    """What enrolment gave. `identity` is secret and belongs into the encrypted store.

    Attributes:
        relay_key: What bundles for the province are sealed to; None where it offers none.
    """

    identity: Identity
    office_id: str
    office_name: str
    division: str
    province_name: str
    relay_key: RelayKey | None = None


def new_private_key() -> bytes:
    """A private key for a device, 32 bytes Ed25519."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def plain_code(code: str) -> str:
    """A one-time code as it is sent, however it was typed."""
    return code.replace(" ", "").replace("-", "").upper()


def enrol(
    url: str,
    code: str,
    *,
    device: UUID,
    private_key: bytes,
    device_name: str,
    expected: Mapping[str, bytes] | None = None,
    route: Route | None = None,
) -> EnrolmentView:
    """Enrol; repeating it with the same device and key after a lost answer is harmless.

    Keep `device` and `private_key` before calling, so that a crash in between loses nothing.

    Args:
        url: Address of the province.
        code: The one-time code as read out or pasted.
        device: Id of this installation, made once.
        private_key: 32 bytes from `new_private_key`.
        device_name: What the province's staff see.
        expected: Keys by kid in hex that the answer must have, as an enrolment file names them.
        route: How requests leave this computer.

    Raises:
        SyncError: EnrolmentRefused for a bad code, WrongProvince where `expected` keys are missing;
            else as for every request.
    """
    plain = plain_code(code)
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    link = Link(url, route)
    try:
        answer = link.send(
            "POST",
            "/devices",
            body={
                "code": plain,
                "device": str(device),
                "public_key": to_b64(key.public_key().public_bytes_raw()),
                "name": device_name,
                "proof": to_b64(key.sign(f"lastmile/1 enrol\n{plain}\n{device}".encode())),
            },
        )
    finally:
        link.close()
    if answer.status not in (200, 201):
        raise to_error(answer)
    view = _read(url, device, private_key, answer.json())
    for kid, public_key in (expected or {}).items():
        if view.identity.keys.get(kid) != public_key:
            raise WrongProvince
    return view


def open_provider(
    identity: Identity,
    route: Route | None = None,
    terms: Terms | None = None,
    keep: Callable[[DeviceCertificate], None] | None = None,
) -> ProvinceProvider:
    """A provider for an enrolled device.

    Args:
        identity: Who this device is.
        route: How requests leave this computer.
        terms: How files go.
        keep: Keeps certificates that the province issues; see `DeviceSession`.
    """
    return ProvinceProvider(identity, Link(identity.url, route), terms, keep)


def _read(url: str, device: UUID, private_key: bytes, got: dict[str, object]) -> EnrolmentView:
    office, province = got.get("office"), got.get("province")
    if not isinstance(office, dict) or not isinstance(province, dict):
        raise Unexpected(status=201)
    keys = read_keys(province.get("keys"))
    return EnrolmentView(
        identity=Identity(url, device, private_key, keys),
        office_id=str(office.get("id", "")),
        office_name=str(office.get("name", "")),
        division=str(office.get("division", "")),
        province_name=str(province.get("name", "")),
        relay_key=read_relay_key(province.get("relay"), keys),
    )
