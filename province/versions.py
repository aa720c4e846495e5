"""Versions of a case: what replaces what, which stand side by side, and one of them given back.

docs/protocol.md section 17.
"""

from __future__ import annotations

import json
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from province import together
from province.encoding import to_b64
from province.errors import Unknown
from province.models import Case, ProvisionalNumber, Submission


def heads(session: Session, case: Case) -> list[str]:
    """Complete submissions of the case that no other one comes in place of, oldest first."""
    session.flush()
    rows = session.execute(
        select(Submission.id, Submission.replaces, Submission.accepted_at).where(
            Submission.office_id == case.office_id,
            Submission.case_id == case.id,
            Submission.receipt.is_not(None),
        )
    ).all()
    gone = {each for _id, replaces, _at in rows for each in json.loads(replaces)}
    return [each for each, _r, _at in sorted(rows, key=lambda r: (r[2], r[0])) if each not in gone]


def find(session: Session, office_id: str, number: str) -> dict[str, str]:
    """Case and counting submission behind a case number of the office, a provisional one too.

    Raises:
        Unknown: The office has no complete case of this number.
    """
    provisional = select(ProvisionalNumber.case_id).where(
        ProvisionalNumber.office_id == office_id, ProvisionalNumber.number == number
    )
    row = session.execute(
        select(Case.id, Case.submission_id)
        .where(Case.office_id == office_id, (Case.number == number) | Case.id.in_(provisional))
        .order_by(Case.received_ms.desc())
        .limit(1)
    ).first()
    if row is None or row[1] is None:
        raise Unknown
    return {"case": row[0], "submission": row[1]}


def written(
    session: Session, office_id: str, case_id: str, submission_id: str
) -> dict[str, object]:
    """A complete submission of the office as the body that brought it (section 5).

    Raises:
        Unknown: The office has no such submission.
    """
    row = session.get(Submission, (office_id, submission_id))
    case = session.get(Case, (office_id, case_id))
    if row is None or case is None or row.case_id != case_id or row.receipt is None:
        raise Unknown
    replaces, *merges = json.loads(row.replaces)
    applicant = json.loads(row.applicant or "null")
    came_with = together.written(session, office_id, case_id)
    return {
        **({"together": came_with} if came_with else {}),
        "number": case.number,
        "service": case.service,
        "service_version": row.service_version,
        "language": row.language,
        "accepted_at": row.accepted_at,
        "accepted_by": row.accepted_by,
        "replaces": replaces,
        "merges": merges,
        "applicant": applicant or {"name": case.applicant, "id_no": case.id_no},
        "sha256": sha256(row.xml).hexdigest(),
        "xml": to_b64(row.xml),
        "attachments": json.loads(row.manifest),
    }
