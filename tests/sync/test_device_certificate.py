"""Mutual TLS between a device and `lastmile-province serve --device-certificates`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization as keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from casework.office import RESOURCES
from province import accounts
from province.app import open_province, system_now_ms
from province.device_ca import DAYS, load_device_ca
from province.errors import CertificateNeeded, Malformed
from province.packages import Services
from sync import certificate as certificates
from sync.certificate import new_request, read_file, renewal_due
from sync.enrol import EnrolmentView, enrol, new_private_key
from sync.errors import CertificateUnreadable, DeviceCertificateRefused
from sync.http import Link
from sync.providers.session import DeviceSession
from sync.route import DeviceCertificate, Route
from tests.sync.crossing import Issuer

ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC)


class Served:
    """A province with TLS that asks its devices for certificates, and two devices of its office."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.issuer = folder / "province", Issuer(folder)
        opened = open_province(self.folder, services=Services({}))
        opened.database.write(
            lambda session: accounts.add_office(session, "qingshan", "青山镇", "530102101")
        )
        codes = [
            opened.database.write(accounts.new_enrol_code, "qingshan", now_ms=system_now_ms())
            for _ in range(2)
        ]
        opened.database.close()
        made = self.issuer.files()
        command = [sys.executable, "-m", "province.cli", "serve", "--folder", str(self.folder)]
        command += ["--port", "0", "--host", "127.0.0.1", "--device-certificates"]
        command += ["--services", str(RESOURCES / "services")]
        command += ["--tls-cert", str(made), "--tls-key", str(made)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        port = json.loads(self.process.stdout.readline())["url"].rpartition(":")[2]
        self.url = f"https://localhost:{port}"
        self.route = Route(ca=self.issuer.file, pinned=True)
        self.devices = [self._enrol(code) for code in codes]

    def _enrol(self, code: str) -> EnrolmentView:
        return enrol(
            self.url,
            code,
            device=uuid4(),
            private_key=new_private_key(),
            device_name="window",
            route=self.route,
        )

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Device:
    """A device with its kept certificates."""

    def __init__(self, served: Served, number: int = 0) -> None:
        self.served, self.identity = served, served.devices[number].identity
        self.kept: list[DeviceCertificate] = []

    def session(
        self, shown: DeviceCertificate | None = None, *, keeps: bool = True
    ) -> DeviceSession:
        route = replace(self.served.route, certificate=shown)
        keep = self.kept.append if keeps else None
        return DeviceSession(self.identity, Link(self.served.url, route), keep)

    def ask(self, shown: DeviceCertificate | None = None) -> str:
        """The id of the device that the province sees."""
        session = self.session(shown)
        try:
            return str(session.ask("GET", "/device").json()["device"])
        finally:
            session.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("mutual"))
    yield made
    made.close()


@pytest.fixture
def device(served: Served) -> Device:
    return Device(served)


def subject(certificate: DeviceCertificate) -> str:
    return x509.load_pem_x509_certificate(certificate.chain).subject.rfc4514_string()


def test_a_device_fetches_its_certificate_when_it_is_asked_for_one(device: Device) -> None:
    assert device.ask() == str(device.identity.device)
    [mine] = device.kept
    assert subject(mine) == f"CN={device.identity.device}"
    assert device.ask(mine) == str(device.identity.device)
    assert len(device.kept) == 1  # it is shown from then on


def test_several_threads_fetch_one_certificate(device: Device) -> None:
    session = device.session()
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(session.ask, "GET", "/device") for _ in range(9)]
        assert {each.result().status for each in asked} == {200}
    session.close()
    assert len(device.kept) == 1


def test_nothing_is_told_to_a_token_without_its_own_certificate(served: Served) -> None:
    one, other = Device(served, 0), Device(served, 1)
    one.ask()
    other.ask()
    session = one.session(one.kept[0])
    token = session._signed_in()
    session.close()
    for shown in (None, other.kept[0]):
        link = Link(served.url, replace(served.route, certificate=shown))
        answer = link.send("GET", "/events", token=token)
        assert answer.status == 403
        assert answer.json()["type"] == "urn:lastmile:problem:certificate-needed"
        link.close()
    link = Link(served.url, served.route)
    assert link.send("GET", "/events", headers={"Client-Cert": ":AAAA:"}, token=token).status == 403
    assert link.send("GET", "/meta").status == 200
    link.close()


def test_a_certificate_that_is_not_taken_is_left_and_fetched_anew(
    device: Device, served: Served, tmp_path: Path
) -> None:
    foreign = Issuer(tmp_path, "foreign").device()
    assert device.ask(foreign) == str(device.identity.device)
    assert subject(device.kept[0]) == f"CN={device.identity.device}"
    session = device.session(foreign, keeps=False)  # people handed it in: theirs to mend
    with pytest.raises(DeviceCertificateRefused):
        session.ask("GET", "/device")
    session.close()


def test_a_certificate_is_renewed_once_two_thirds_of_its_time_are_over(
    device: Device, served: Served
) -> None:
    ca, (request, key) = load_device_ca(served.folder), new_request()
    chain, until = ca.issue(request, str(device.identity.device), NOW - timedelta(days=21))
    old = DeviceCertificate(chain, key)
    assert until - NOW < timedelta(days=DAYS - 20)
    assert renewal_due(old, NOW)
    assert not renewal_due(old, NOW - timedelta(days=5))
    assert device.ask(old) == str(device.identity.device)
    [fresh] = device.kept
    assert not renewal_due(fresh, NOW)


def test_the_issuer_proves_what_it_signs_and_what_it_is_shown(tmp_path: Path) -> None:
    ca, (request, key) = load_device_ca(tmp_path), new_request()
    chain, until = ca.issue(request, "d", NOW)
    der = x509.load_pem_x509_certificate(chain).public_bytes(keys.Encoding.DER)
    assert load_device_ca(tmp_path).device_of(der, NOW) == "d"
    other = der[:-1] + bytes([der[-1] ^ 1])
    for shown, at in ((der, until + timedelta(seconds=1)), (b"", NOW), (other, NOW)):
        with pytest.raises(CertificateNeeded):
            ca.device_of(shown, at)
    (tmp_path / "other").mkdir()
    with pytest.raises(CertificateNeeded):
        load_device_ca(tmp_path / "other").device_of(der, NOW)
    forged = bytearray(request)
    forged[-3] ^= 1
    for bad in (bytes(forged), b"", b"not a request"):
        with pytest.raises(Malformed):
            ca.issue(bad, "d", NOW)
    assert (tmp_path / "device-ca.key").stat().st_mode & 0o077 == 0
    del key


def test_a_certificate_is_read_from_what_it_staff_are_given(tmp_path: Path) -> None:
    made = Issuer(tmp_path).device()
    key = keys.load_pem_private_key(made.key, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own = x509.load_pem_x509_certificate(made.chain)
    secret = keys.BestAvailableEncryption(b"geheim")
    sealed = key.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.PKCS8, secret) + made.chain
    bundle = pkcs12.serialize_key_and_certificates(b"w", key, own, None, secret)
    for data, password in ((made.chain + made.key, ""), (sealed, "geheim"), (bundle, "geheim")):
        assert read_file(data, password) == made
    for data, password in ((sealed, "other"), (bundle, ""), (b"?", ""), (made.key, "")):
        with pytest.raises(CertificateUnreadable):
            read_file(data, password)
    other = certificates.new_request()[1]
    with pytest.raises(CertificateUnreadable):
        read_file(made.chain + other, "")
