"""Nobody brings back an older or weaker thing: package lists, stores, key files, algorithms."""

from __future__ import annotations

import json

import pytest

from casework.office import local_now
from store import keys
from store.errors import KeysDamaged, StoreNewer, WrongPassword
from store.open import unlock
from store.slots import FIRST_SUITE
from store.steps import STEPS
from tests.casework.hall import PASSWORD, Hall


def test_a_store_of_a_newer_program_is_not_opened_by_an_older_one(hall: Hall) -> None:
    office = hall.enter("li")
    with office.store.engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {len(STEPS) + 1}")
    hall.leave()
    with pytest.raises(StoreNewer):
        unlock(hall.folder, "li", PASSWORD, secret=hall.box, now=local_now())


@pytest.mark.parametrize("suite", [FIRST_SUITE, "argon2id+none", "", "hkdf-sm3+sm4-gcm"])
def test_the_algorithms_of_a_slot_cannot_be_renamed(hall: Hall, suite: str) -> None:
    hall.leave()
    path = hall.folder / keys.NAME
    facts = json.loads(path.read_bytes())
    for slot in facts["slots"]:
        slot["suite"] = suite
    path.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises((KeysDamaged, WrongPassword)):
        hall.enter("li")


@pytest.mark.parametrize("gone", ["tag", "bond", "public", "wrapped"])
def test_a_slot_stripped_to_an_older_format_opens_nothing(hall: Hall, gone: str) -> None:
    hall.leave()
    path = hall.folder / keys.NAME
    facts = json.loads(path.read_bytes())
    for slot in facts["slots"]:
        del slot[gone]
    path.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises((KeysDamaged, WrongPassword)):
        hall.enter("li")
