"""Plainly invented residents and licences, so that a demo has somebody to find.

Their ID numbers begin with 519999, a county that does not exist, and have right check digits.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from province import records, residents
from province.models import Slice

_IDS = UUID("6e9f1f2a-58a4-4c07-9f43-0d2f6a0c1b11")
_FAMILIES = ("欧阳", "赵", "钱", "孙", "周", "吴", "郑", "冯")
_VILLAGES = ("示例村", "样板村", "核桃村")
# given name, born, serial (odd: a man), relation to the head, nation
_MEMBERS = (
    ("示例", "19500307", "001", "02", "01"),
    ("小样", "19521112", "002", "10", "01"),
    ("大范", "19780605", "003", "20", "05"),
)


def fill(session: Session, division: str, now_ms: int) -> None:
    """Add households of three, their heads with an electronic identity card; once a township."""
    if session.get(Slice, (residents.KIND, division[: residents.TOWNSHIP])) is not None:
        return  # filling it again would be the register changing people back
    people, licences = [], []
    for n, family in enumerate(_FAMILIES):
        for at, (given, born, serial, relation, nation) in enumerate(_MEMBERS):
            seventeen = f"519999{born}{int(serial) + 10 * n:03d}"
            id_no = seventeen + residents.check_digit(seventeen)
            ident = str(uuid5(_IDS, id_no))
            facts: dict[str, object] = {
                "name": family + given,
                "id_no": id_no,
                "sex": "1" if int(serial) % 2 else "2",
                "birth": f"{born[:4]}-{born[4:6]}-{born[6:]}",
                "nation": nation,
                "phone": f"1390000{n:02d}{at:02d}",
                "village": _VILLAGES[n % len(_VILLAGES)],
                "household": f"示例户{n + 1}",
                "relation": relation,
                "address": f"{_VILLAGES[n % len(_VILLAGES)]}{n + 1}组示例路{n + 1}号",
            }
            people.append((ident, facts))
            if at == 0:
                licences.append((str(uuid5(_IDS, f"card {id_no}")), _card(id_no, n)))
    records.put_records(session, residents.KIND, division, people, now_ms=now_ms)
    records.put_records(session, "licences", division, licences, now_ms=now_ms)


def _card(id_no: str, n: int) -> dict[str, object]:
    return {
        "holder_id_no": id_no,
        "kind": "id-card",
        "name": "居民身份证",
        "number": f"SAMPLE-{n + 1:06d}",
        "issuer": "示例县公安局",
        "issued_on": "2020-01-01",
        "valid_until": "",
    }
