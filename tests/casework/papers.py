"""A case with a certificate in a hall, as if its province had decided; the key is everybody's."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from casework import filling, link
from casework.office import Office
from printing.trust import pinned, write_list
from store import cases, settings
from store.views import RemoteEvent
from tests.casework.hall import filled
from tests.printing.credentials import KID, NUMBER, PUBLIC, credential

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)


def believe(office: Office) -> None:
    """Believe in the tests' key, as after an enrolment."""
    known = write_list(pinned({KID: PUBLIC}))
    office.store.writer.submit(settings.put, link.TRUST_LIST, known).result()


def fields(number: str, name: str) -> dict[str, str]:
    """The texts of a proof of residence."""
    return {
        "number": number,
        "issuer": "玉龙镇人民政府",
        "issued_on": "2026-11-24",
        "valid_until": "",
        "holder_name": name,
        "holder_sex": "男",
        "holder_nation": "汉族",
        "holder_birth": "1990-01-01",
        "holder_id": "510104199001010014",
        "address": "玉龙镇清水村3组12号",
        "body": "兹证明上述人员现居住于玉龙镇清水村。",
    }


def granted(office: Office, number: str = NUMBER, name: str = "李𠂇明") -> UUID:
    """Accept the sample and let its decision bring a certificate; the case's id."""
    case = filling.accept(office, filled(office)).result()
    grant(office, case, number, name)
    return case


def grant(office: Office, case: UUID, number: str, name: str) -> None:
    """Let a decision bring another certificate to a case."""
    said = fields(number, name)
    event = RemoteEvent(
        uuid4(),
        case,
        "decided_granted",
        AT,
        "民政办",
        {
            "certificate": {
                "number": number,
                "template": "residence-proof",
                "template_version": "1",
                "fields": said,
                "issued_on": "2026-11-24",
                "valid_until": None,
                "credential": credential(number=number, name=name, fields=said),
            }
        },
    )
    office.store.writer.submit(cases.apply_events, [event], f"1:{uuid4().int}", AT).result()


def void(office: Office, case: UUID, number: str) -> None:
    """Let the province void a certificate."""
    data = {"number": number, "reason": "示例：信息有误"}
    event = RemoteEvent(uuid4(), case, "certificate_voided", AT, "民政办", data)
    office.store.writer.submit(cases.apply_events, [event], f"1:{uuid4().int}", AT).result()
