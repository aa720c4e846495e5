"""A role is what the record says was given, whatever stands in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework import people, record
from casework.errors import NotAllowed
from store import audit, keys
from store.engine import open_engine
from store.errors import RoleAltered, StoreDamaged
from tests.casework.hall import PASSWORD, Hall
from tests.province.process import ProvinceProcess
from tests.security.test_keys import dek_of
from tests.security.test_record import be_witnessed, enrol, prove, tamper, write_anew


def promoted(session: Session) -> None:
    session.execute(text("UPDATE operator SET role = 'administrator' WHERE login = 'li'"))


def test_a_role_edited_in_the_database_lets_nobody_in(hall: Hall) -> None:
    office = hall.enter("zhao")
    office.store.writer.submit(promoted).result()
    with pytest.raises(RoleAltered):
        hall.enter("li")
    hall.enter("wang")


def test_who_rewrites_the_record_to_match_is_named_by_the_province(
    hall: Hall, province: ProvinceProcess
) -> None:
    enrol(hall.enter("admin"), province)
    office = hall.enter("zhao")
    be_witnessed(office)
    rows = [r for r in record.list_rows(office) if r.action == "operator_added"]
    [row] = [r for r in rows if r.subject == "li"]

    def forged(session: Session) -> None:
        promoted(session)
        session.execute(
            text("UPDATE audit SET detail = :d WHERE seq = :s"),
            {"d": '{"role": "administrator"}', "s": row.seq},
        )

    tamper(office.store, forged, write_anew)
    assert hall.enter("li").store.operator.role == "administrator", "the record agrees"
    found = prove(hall.enter("zhao")).first_bad
    assert found == audit.Break(row.seq, "altered")


def test_without_the_data_key_no_page_can_be_edited(hall: Hall) -> None:
    hall.leave()
    path = hall.folder / "store.db"
    content = bytearray(path.read_bytes())
    for at in range(64, len(content), 4096):
        content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        open_engine(path, keys.derive(dek_of(hall, "li"), "db"))


def test_a_supervisor_can_neither_make_reset_nor_remove_an_administrator(hall: Hall) -> None:
    office = hall.enter("zhao")
    with pytest.raises(NotAllowed):
        people.add_operator(office, people.NewOperator("neu", "neu", "administrator", PASSWORD))
    with pytest.raises(NotAllowed):
        people.reset_password(office, "admin", PASSWORD)
    for refused in (people.remove_operator, people.dismiss_operator, people.change_data_key):
        with pytest.raises(NotAllowed):
            refused(office, "admin")
