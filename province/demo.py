"""A province with invented people, to try the product without anybody's data."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from province import accounts
from province.app import Province
from province.shelf import set_up

OFFICES = (
    ("qingshan", "青山镇便民服务中心", "530102101"),
    ("hongqi", "红旗乡便民服务中心", "530102201"),
)
REVIEWER = "reviewer"
KEYS_PASSWORD = "lastmile-demo"  # noqa: S105 - nothing in a demo is secret


def fill(province: Province, *, password: str = "") -> dict[str, str]:
    """Add invented offices, one reviewer and a repository. What a person needs to begin.

    Args:
        province: An open province; filling it twice makes a new code and password.
        password: The reviewer's; made up when empty.

    Returns:
        `enrol_code`, `desk_user`, `desk_password`.
    """
    chosen = password or secrets.token_urlsafe(9)
    _publish(province)
    code = province.database.write(_fill, chosen, province.now_ms())
    return {"enrol_code": code, "desk_user": REVIEWER, "desk_password": chosen}


def _publish(province: Province) -> None:
    repository = province.shelf.repository
    if not repository.exists():
        keys = province.folder / "keys"
        set_up(repository, province.folder, keys, KEYS_PASSWORD, memory_kib=64)
        province.shelf.tend()


def _fill(session: Session, password: str, now_ms: int) -> str:
    for office_id, name, division in OFFICES:
        accounts.add_office(session, office_id, name, division)
    session.flush()
    accounts.add_reviewer(session, REVIEWER, "周审查", "", password)
    return accounts.new_enrol_code(session, OFFICES[0][0], now_ms=now_ms)
