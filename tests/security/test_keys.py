"""Attacks on keys: what a thief, a colleague or a dismissed operator can make of the files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import keyring
import keyring.errors
import pytest

from casework import filling, people, record
from casework.office import local_now, new_id
from province import recovery as province_recovery
from province.errors import RecoveryRefused
from store import audit, backup, cases, hybrid, keys, members, regain, secrets, slots, snapshots
from store.door import try_password
from store.engine import open_engine
from store.errors import (
    AnswerRefused,
    AttachmentDamaged,
    DeviceSecretMissing,
    KeysDamaged,
    KeysRolledBack,
    KeyStoreLocked,
    NoRecovery,
    StoreDamaged,
    WrongPassword,
)
from store.keys import Cost
from store.open import create_store, unlock
from store.secrets import FileBox, KeyringBox, system_box
from store.suites import SM
from tests.casework.hall import PASSWORD, Hall, filled

NEW = "ganz-neues-wort-6"
CHEAP = Cost(64, 1)
ROOT = Path(__file__).parents[2]


def edit(hall: Hall, change: Callable[[dict[str, Any]], None]) -> None:
    path = hall.folder / keys.NAME
    facts = json.loads(path.read_bytes())
    change(facts)
    path.write_text(json.dumps(facts), encoding="utf-8")


def enter(hall: Hall, login: str, password: str = PASSWORD) -> None:
    unlock(hall.folder, login, password, secret=hall.box, now=local_now()).close()


def dek_of(hall: Hall, login: str) -> bytes:
    file = keys.load(hall.folder)
    return try_password(hall.folder, file, login, PASSWORD, hall.box, local_now()).dek


# What lies on the disk ------------------------------------------------------------------------


def test_a_copied_profile_and_the_right_password_open_nothing_elsewhere(
    hall: Hall, tmp_path: Path
) -> None:
    hall.leave()
    stolen = tmp_path / "stick"
    shutil.copytree(hall.folder, stolen)
    with pytest.raises(DeviceSecretMissing):
        unlock(stolen, "li", PASSWORD, secret=FileBox(tmp_path / "thief"), now=local_now())
    guessed = FileBox(tmp_path / "thief")
    guessed.put(keys.load(stolen).store_id, os.urandom(32))
    with pytest.raises(WrongPassword):
        unlock(stolen, "li", PASSWORD, secret=guessed, now=local_now())


def test_a_stolen_backup_opens_with_no_key_that_lies_beside_it(hall: Hall, tmp_path: Path) -> None:
    office = hall.enter("admin")
    made = backup.make(office.store, local_now())
    stolen = backup.copy_to(office.store, made, tmp_path / "usb")
    hall.leave()
    material = (stolen / keys.NAME).read_bytes()
    file = keys.load(stolen)
    candidates = [bytes(32), sha256(material).digest(), sha256(PASSWORD.encode()).digest()]
    candidates += [
        bytes.fromhex(text)[:32].ljust(32, b"\0")
        for slot in file.slots
        for text in (slot.salt, slot.sealed, slot.nonce)
    ]
    for candidate in candidates:
        with pytest.raises(StoreDamaged):
            open_engine(stolen / made.name, keys.derive(candidate, "db"))


# Editing the key file ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f["slots"][0].update(memory_kib=8),
        lambda f: f["slots"][0].update(login="wang2"),
        lambda f: f["slots"][0].update(must_change=True),
        lambda f: f["slots"][0].update(wrapped=f["slots"][1]["wrapped"]),
        lambda f: f["slots"][0].update(suite="none"),
        lambda f: f["slots"].pop(1),
        lambda f: f["slots"].append({**f["slots"][0], "id": "x"}),
        lambda f: f.update(revision=99),
        lambda f: f.update(store_id="00" * 8),
        lambda f: f.update(extra={"a": "b"}),
    ],
    ids=[
        "cost",
        "login",
        "flag",
        "swap",
        "suite",
        "removed",
        "added",
        "revision",
        "store",
        "extra",
    ],
)
def test_an_edited_key_file_opens_nothing(
    hall: Hall, change: Callable[[dict[str, Any]], None]
) -> None:
    hall.leave()
    edit(hall, change)
    with pytest.raises((KeysDamaged, WrongPassword, DeviceSecretMissing)):
        enter(hall, "admin")


def test_a_store_of_the_thief_s_own_is_not_slipped_under_the_operator(hall: Hall) -> None:
    hall.leave()
    theirs = os.urandom(32)
    file = keys.load(hall.folder)
    forged = tuple(
        replace(
            slot,
            wrapped=slots._b64(
                hybrid.seal(
                    slots._from_b64(slot.public),
                    theirs,
                    slots._purpose(slot, file.store_id),
                )
            ),
        )
        for slot in file.slots
    )
    keys.save(hall.folder, replace(file, slots=forged), theirs)  # with a MAC that holds
    with pytest.raises(KeysDamaged):
        enter(hall, "li")


def test_an_old_key_file_put_back_is_refused(hall: Hall) -> None:
    office = hall.enter("admin")
    old = (hall.folder / keys.NAME).read_bytes()
    people.remove_operator(office, "wang")
    hall.leave()
    enter(hall, "admin")
    (hall.folder / keys.NAME).write_bytes(old)
    with pytest.raises(KeysRolledBack):
        enter(hall, "wang")


def test_key_files_of_the_first_format_open_and_are_renewed(tmp_path: Path) -> None:
    folder = ROOT / "tests/data/keys"
    file = keys.load(folder)
    device = bytes.fromhex((folder / "device.hex").read_text())
    dek = keys.open_slot(file, "li", "correct horse 9", device)
    assert sha256(dek).hexdigest() == (folder / "dek.sha256").read_text().strip()
    assert keys.open_code(file, "C9D2-9XQT-9765-AB63-WH6J-KQ5H-SYJC").dek == dek
    slot = keys.find(file, "li")
    assert slot is not None
    assert slot.to_renew
    kept = keys.save(tmp_path, keys.renew(file, dek, "li", "correct horse 9", device), dek)
    renewed = keys.find(kept, "li")
    assert renewed is not None
    assert not renewed.to_renew
    assert keys.open_slot(keys.load(tmp_path), "li", "correct horse 9", device) == dek


# Changing the data key ------------------------------------------------------------------------


def test_a_dismissed_operator_opens_no_later_copy_and_the_others_notice_nothing(
    hall: Hall, tmp_path: Path
) -> None:
    office = hall.enter("li")
    case = filling.accept(office, filled(office)).result()
    hall.leave()
    known_to_wang = dek_of(hall, "wang")
    office = hall.enter("admin")
    backup.make(office.store, local_now())
    people.dismiss_operator(office, "wang")
    hall.leave()
    enter(hall, "zhao")
    assert dek_of(hall, "zhao") != known_to_wang
    for path in (hall.folder / "store.db", *snapshots.listed(hall.folder)):
        with pytest.raises(StoreDamaged):
            open_engine(path, keys.derive(known_to_wang, "db"))
    with pytest.raises(WrongPassword):
        enter(hall, "wang")
    office = hall.enter("li")
    file = office.store.read(cases.get_case, case)
    for each in office.store.read(cases.get_submission, file.submission_id).files:
        assert office.store.blobs.get(each.blob)
        stale = type(office.store.blobs)(hall.folder / "blobs", known_to_wang)
        with pytest.raises(AttachmentDamaged):
            stale.get(each.blob)
    acts = [r.action for r in record.list_rows(hall.enter("zhao"))]
    assert "rekey_begun" in acts
    assert "rekeyed" in acts
    assert record.prove(hall.enter("zhao")).first_bad is None


def test_a_restored_backup_after_the_change_still_opens(hall: Hall) -> None:
    office = hall.enter("admin")
    made = backup.make(office.store, local_now())
    people.change_data_key(office)
    hall.leave()
    enter(hall, "admin")
    backup.restore(hall.folder, made, "admin", PASSWORD, secret=hall.box, now=local_now())
    enter(hall, "li")


def kill_while_rekeying(hall: Hall, pause_s: float) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.security.sign_in_child", str(hall.folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "LASTMILE_PASSWORD": PASSWORD},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    time.sleep(pause_s)
    child.send_signal(signal.SIGKILL)
    child.stdout.close()
    child.wait(20)


def test_a_change_of_the_data_key_killed_anywhere_is_finished_at_the_next_sign_in(
    hall: Hall,
) -> None:
    """`LASTMILE_KILLS=60` runs the long version."""
    office = hall.enter("li")
    made = filled(office)
    for i in range(8):
        filling.attach(
            office,
            made,
            "/data/papers/id_copy",
            name="a.bin",
            media_type="application/octet-stream",
            data=bytes([i]) * 1_500_000,
        )
    case = filling.accept(office, made).result()
    office = hall.enter("admin")
    backup.make(office.store, local_now())
    hall.leave()
    kills = max(2, int(os.environ.get("LASTMILE_KILLS", "8")) // 4)
    for n in range(kills):
        if not keys.load(hall.folder).following:
            people.change_data_key(hall.enter("admin"))
            hall.leave()
        kill_while_rekeying(hall, 0.35 * n / kills)
        office = hall.enter("li")
        assert not keys.load(hall.folder).following
        assert office.store.read(cases.get_case, case).row.number
        for blob in (hall.folder / "blobs").glob("??/*"):
            office.store.blobs.get(blob.name)
        hall.leave()
        enter(hall, "zhao")


def test_an_office_that_must_use_sm_algorithms_does_and_names_them(
    hall: Hall, tmp_path: Path
) -> None:
    box = FileBox(tmp_path / "sm-device")
    create_store(
        tmp_path / "sm",
        login="li",
        name="li",
        password=PASSWORD,
        role="clerk",
        secret=box,
        operator_id=new_id(),
        now=local_now(),
        cost=CHEAP,
        suite=SM,
    )
    file = keys.load(tmp_path / "sm")
    assert file.suite_name == "hkdf-sm3+sm4-gcm"
    assert all("sm3+sm4-gcm" in slot.suite for slot in file.slots)
    store = unlock(tmp_path / "sm", "li", PASSWORD, secret=box, now=local_now())
    blob = store.blobs.put(b"x" * 3_000_000)
    assert store.blobs.get(blob) == b"x" * 3_000_000
    path = next((tmp_path / "sm/blobs").glob("??/*"))
    sealed = path.read_bytes()
    assert sealed[:4] == b"LMB2"
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(AttachmentDamaged):
        store.blobs.get(blob)
    store.close()
    with pytest.raises(WrongPassword):
        unlock(tmp_path / "sm", "li", "falsch-geraten", secret=box, now=local_now())
    people.change_data_key(hall.enter("admin"), SM.name)
    hall.leave()
    office = hall.enter("li")
    assert keys.load(hall.folder).suite == SM
    assert office.store.blobs.get(office.store.blobs.put(b"y")) == b"y"


# A lost password ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def province_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    folder = tmp_path_factory.mktemp("recovery")
    province_recovery.new_key(folder, folder / "safe.key", "zwei-in-den-tresor")
    return folder / "safe.key", (folder / province_recovery.PUBLIC).read_bytes()


def helped(key: Path, request: bytes, **other: str) -> tuple[bytes, str]:
    who = {"it": "zhang", "supervisor": "wang", "why": "vergessen", **other}
    return province_recovery.open_request(
        key, "zwei-in-den-tresor", request, province_recovery.Reason(**who), now_ms=0
    )


def test_it_and_supervisor_together_recover_a_lost_password_on_record(
    hall: Hall, tmp_path: Path, province_key: tuple[Path, bytes]
) -> None:
    key, public = province_key
    office = hall.enter("admin")
    hall.leave()
    with pytest.raises(NoRecovery):
        regain.ask(hall.folder, "zhao", local_now())
    office = hall.enter("admin")
    members.set_recovery(office.store, province_recovery.kid_of(public), public, local_now())
    hall.leave()
    stolen = tmp_path / "new-computer"
    shutil.copytree(hall.folder, stolen)
    box = FileBox(tmp_path / "new-device")
    request = regain.ask(stolen, "zhao", local_now())
    answer, code = helped(key, request)
    new = regain.NewPassword("zhao", NEW)

    def take(given: bytes, told: str, who: regain.NewPassword = new) -> None:
        regain.take(stolen, given, told, who, secret=box, now=local_now(), cost=CHEAP)

    for given, told, who in (
        (answer, "2222-" * 6 + "2222", new),  # IT alone
        (json.dumps({"v": 1, "sealed": ""}).encode(), code, new),  # the supervisor alone
        (answer[:-9] + b'AAAAAAA"}', code, new),
        (answer, code, regain.NewPassword("admin", NEW)),  # not who was asked for
        (helped(key, request[:-1] + b" }")[0], code, new),  # for another request
    ):
        with pytest.raises(AnswerRefused):
            take(given, told, who)
    take(answer, code)
    store = unlock(stolen, "zhao", NEW, secret=box, now=local_now())
    rows = store.read(lambda s: list(audit.rows(s)))
    store.close()
    [noted] = [json.loads(r.detail) for r in rows if r.action == "password_recovered"]
    assert (noted["it"], noted["supervisor"], noted["reason"]) == ("zhang", "wang", "vergessen")
    logged = [json.loads(line) for line in key.with_suffix(".log").read_text().splitlines()]
    assert logged[0]["supervisor"] == "wang"
    with pytest.raises(AnswerRefused):
        take(answer, code)  # an answer serves once


def test_the_province_opens_for_two_people_with_a_reason_and_for_no_other_province(
    hall: Hall, tmp_path: Path, province_key: tuple[Path, bytes]
) -> None:
    key, public = province_key
    members.set_recovery(
        hall.enter("admin").store, province_recovery.kid_of(public), public, local_now()
    )
    request = regain.ask(hall.folder, "zhao", local_now())
    for bad in ({"it": "wang"}, {"why": ""}, {"supervisor": ""}):
        with pytest.raises(RecoveryRefused):
            helped(key, request, **bad)
    province_recovery.new_key(tmp_path, tmp_path / "other.key", "zwei-in-den-tresor")
    with pytest.raises(RecoveryRefused):
        helped(tmp_path / "other.key", request)
    with pytest.raises(RecoveryRefused):
        province_recovery.open_request(
            key, "geraten-geraten", request, province_recovery.Reason("a", "b", "c"), now_ms=0
        )


def test_the_office_code_gives_a_new_password_also_on_another_computer(tmp_path: Path) -> None:
    code = create_store(
        tmp_path / "p",
        login="admin",
        name="admin",
        password=PASSWORD,
        role="administrator",
        secret=FileBox(tmp_path / "lost"),
        operator_id=uuid4(),
        now=local_now(),
        cost=CHEAP,
    )
    box = FileBox(tmp_path / "new")
    new = regain.NewPassword("admin", NEW)
    with pytest.raises(WrongPassword):
        regain.by_code(tmp_path / "p", "ABCD" * 7, new, secret=box, now=local_now())
    regain.by_code(tmp_path / "p", code.lower(), new, secret=box, now=local_now(), cost=CHEAP)
    unlock(tmp_path / "p", "admin", NEW, secret=box, now=local_now()).close()


# The system's key store -----------------------------------------------------------------------


class Vault:
    """A key store in memory that can be locked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.trouble: Exception | None = None

    def get_password(self, service: str, name: str) -> str | None:
        if self.trouble:
            raise self.trouble
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        if self.trouble:
            raise self.trouble
        self.kept[service, name] = value


def a_vault(module: str) -> Vault:
    made: Vault = type("Keyring", (Vault,), {"__module__": module})()
    return made


@pytest.mark.parametrize(
    "trouble",
    [
        keyring.errors.NoKeyringError("none"),
        keyring.errors.InitError("Prompt dismissed"),
        keyring.errors.KeyringLocked("locked"),
    ],
    ids=["absent", "dismissed", "locked"],
)
def test_a_key_store_that_does_not_answer_is_replaced_before_and_waited_for_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    vault = a_vault("keyring.backends.SecretService")
    monkeypatch.setattr(keyring, "get_keyring", lambda: vault)
    vault.trouble = trouble
    box = system_box(tmp_path)
    assert isinstance(box, FileBox), "a store is made all the same, marked weak"
    box.put("one", b"1" * 32)
    vault.trouble = None
    strong = system_box(tmp_path)
    assert isinstance(strong, KeyringBox)
    assert strong.get("one") == b"1" * 32
    assert list(tmp_path.glob("*.secret")) == [], "what lay in a file moved up"
    assert strong.get("one") == b"1" * 32
    vault.trouble = trouble
    with pytest.raises(KeyStoreLocked):
        strong.get("one")
    with pytest.raises(KeyStoreLocked):
        system_box(tmp_path).get("one")


@pytest.mark.parametrize(
    "module", ["keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail"]
)
def test_a_key_store_that_keeps_secrets_in_clear_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    plain = a_vault(module)
    monkeypatch.setattr(keyring, "get_keyring", lambda: plain)
    box = system_box(tmp_path)
    assert not box.strong
    assert plain.kept == {}
    real = a_vault("keyring.backends.kwallet")
    chain = type("ChainerBackend", (), {"backends": [plain, real]})()
    assert secrets.real_backend(chain) is real
