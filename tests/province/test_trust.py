"""The list that papers are checked by: keys that change, certificates that are void."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session

from printing import trust as belief
from printing.errors import KeyRevoked, TrustRefused, Voided
from province import trust
from province.app import Province, create_app, open_province
from province.errors import Malformed, Unknown
from province.keys import Credential
from province.models import Case, Certificate, Office
from province.packages import Services

DAY = date(2026, 11, 25)
NOON_MS = 1_795_579_200_000
CONTENT = Credential(
    "省级政务服务平台", "LM2026-1", "residence-proof", "张三", "001X", "2026-11-24", None, bytes(16)
)


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    made = open_province(tmp_path, services=Services({}), now_ms=lambda: NOON_MS)
    made.database.write(_give, made.ring)
    yield made
    made.database.close()


def _give(session: Session, ring: trust.Ring) -> None:
    add = session.add_all
    add([Office(id="o", name="玉龙镇", division="530102101")])
    session.flush()
    case = dict.fromkeys(("service", "service_name", "service_name_en", "department"), "x")
    add(
        [
            Case(
                id="c",
                office_id="o",
                number="n",
                status="decided_granted",
                received_ms=1,
                applicant="张三",
                id_no="x",
                **case,
            )
        ]
    )
    session.flush()
    add(
        [
            Certificate(
                number=CONTENT.number,
                office_id="o",
                case_id="c",
                template="residence-proof",
                holder="张三",
                issued_on="2026-11-24",
                credential=ring.current.credential(CONTENT),
            )
        ]
    )


def _void(session: Session) -> None:
    row = session.get_one(Certificate, CONTENT.number)
    row.voided_ms = NOON_MS


def test_a_void_that_becomes_visible_late_is_told_to_who_holds_a_newer_one(
    province: Province,
) -> None:
    held = belief.read_list(fetched(province), enrolled(province))

    def void_another(session: Session) -> None:
        row = session.get_one(Certificate, CONTENT.number)
        copied = {c.name: getattr(row, c.name) for c in Certificate.__table__.columns}
        late = {"number": "LM2026-2", "voided_ms": NOON_MS + 5}
        session.add(Certificate(**{**copied, **late}))

    province.database.write(void_another)
    held = belief.read_list(fetched(province, held.sequence), held)
    province.database.write(_void)  # begun before, at an earlier time, and committed after
    fresh = belief.read_list(fetched(province, held.sequence), held)
    with pytest.raises(Voided):
        belief.check(province.key.credential(CONTENT), fresh)


def get(province: Province, path: str, **params: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(province))
        async with httpx.AsyncClient(transport=transport, base_url="http://province") as client:
            return await client.get(path, params=params)

    return asyncio.run(ask())


def fetched(province: Province, held: int = 0) -> bytes:
    answer = get(province, "/api/v1/trust", held=str(held))
    assert answer.status_code == (200 if answer.content else 204)
    return answer.content


def enrolled(province: Province) -> belief.Trust:
    keys = (province.ring.current, province.ring.following)
    return belief.pinned({key.kid: key.public for key in keys})


def test_a_void_certificate_is_known_to_a_device_and_to_everybody(province: Province) -> None:
    code = province.key.credential(CONTENT)
    held = belief.read_list(fetched(province), enrolled(province))
    assert belief.check(code, held).number == CONTENT.number
    assert fetched(province, held.sequence) == b"", "nothing new, nothing sent"
    province.database.write(_void)
    fresh = belief.read_list(fetched(province, held.sequence), held)
    with pytest.raises(Voided) as caught:
        belief.check(code, fresh)
    assert caught.value.fields["voided_on"] in {"2026-11-25", "2026-11-26"}
    with pytest.raises(TrustRefused):
        belief.read_list(json.dumps({"list": "", "signatures": []}).encode(), fresh)
    page = get(province, "/verify", code=code)
    assert 'data-state="void"' in page.text
    assert "<script" not in page.text


def test_after_a_rotation_devices_believe_the_new_key_and_what_the_old_one_signed(
    province: Province, tmp_path: Path
) -> None:
    before, old = enrolled(province), province.key.credential(CONTENT)
    assert trust.rotate(tmp_path, today=DAY, now_ms=NOON_MS) == province.ring.following.kid.hex()
    turned = replace(province, ring=trust.load_ring(tmp_path))
    fresh = belief.read_list(fetched(turned), before)
    new = turned.key.credential(replace(CONTENT, issued_on="2026-11-26"))
    assert belief.check(old, fresh).number == belief.check(new, fresh).number
    for code in (old, new):
        assert turned.ring.read_credential(code).holder == "张三"
    late = province.key.credential(replace(CONTENT, issued_on="2026-11-26"))
    with pytest.raises(Malformed):
        turned.ring.read_credential(late)


def test_a_stolen_key_is_revoked_and_devices_learn_it_through_the_next_one(
    province: Province, tmp_path: Path
) -> None:
    before, kid = enrolled(province), province.key.kid.hex()
    with pytest.raises(Unknown):
        trust.revoke(tmp_path, kid, now_ms=NOON_MS)
    trust.rotate(tmp_path, today=DAY, now_ms=NOON_MS)
    trust.revoke(tmp_path, kid, now_ms=NOON_MS + 1)
    assert not (tmp_path / f"old-{kid}.key").exists()
    turned = replace(province, ring=trust.load_ring(tmp_path))
    fresh = belief.read_list(fetched(turned), before)
    with pytest.raises(KeyRevoked):
        belief.check(province.key.credential(CONTENT), fresh)
    with pytest.raises(Malformed):
        turned.ring.read_credential(province.key.credential(CONTENT))
