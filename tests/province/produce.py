"""An office that decides a service itself: its application, and what its device says of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import httpx

from forms.answers import give_sample
from forms.service import certificate_fields
from forms.views import Submission
from printing.issue import Claims, write
from province.encoding import from_b64, to_b64
from province.packages import CertificatePlan, Service, Services, load_service
from tests.province.shapes import TestDevice

RESOURCES = Path(__file__).parents[2] / "resources"
NAME, ID_NO = "陈样例", "519999199309224097"


@cache
def services() -> Services:
    """One service that offices decide, and one that the province does."""
    found = {}
    for folder in ("zichan-zixiao", "juzhu-zhengming"):
        service = load_service(RESOURCES / "services" / folder)
        found[service.id, service.version] = service
    return Services(found)


def service(name: str = "zichan-zixiao") -> Service:
    (one,) = services().versions(name)
    return one


@cache
def document(name: str = "zichan-zixiao") -> bytes:
    """A filled application of the service."""
    chosen = service(name)
    session = chosen.package.open_form(
        {"divisions.csv": (RESOURCES / "codes/divisions.csv").read_bytes()}
    ).new_session(
        now=lambda: datetime(2026, 11, 25, tzinfo=UTC),
        today=lambda: date(2026, 11, 25),
        new_id=lambda: str(uuid4()),
        random=lambda: 0.5,
    )
    give_sample(chosen.package, session)
    done = session.finalise(datetime(2026, 11, 25, tzinfo=UTC))
    assert isinstance(done, Submission)
    return done.xml


class OfficeDevice(TestDevice):
    """A device that submits, signs and reports."""

    __test__ = False

    def apply(self, name: str = "zichan-zixiao") -> tuple[str, str]:
        """Case and submission of a new application."""
        case, ident, xml = str(uuid4()), str(uuid4()), document(name)
        answer = self.call(
            "PUT",
            f"/cases/{case}/submissions/{ident}",
            json={
                "number": case[:8],
                "service": name,
                "service_version": service(name).version,
                "accepted_at": "2026-11-25T02:00:00Z",
                "applicant": {"name": NAME, "id_no": ID_NO},
                "sha256": sha256(xml).hexdigest(),
                "xml": to_b64(xml),
            },
        )
        assert answer.status_code == 201, answer.text
        return case, ident

    def lease(self, kind: str = "certificate") -> dict[str, object]:
        asked = {"id": str(uuid4()), "kind": kind, "size": 50}
        block: dict[str, object] = self.call("POST", "/number-blocks", json=asked).json()
        return block

    def word(self, template: str = "certificate-general") -> bytes:
        words = self.call("GET", "/delegations").json()["delegations"]
        (found,) = [each for each in words if each["template"] == template]
        return from_b64(found["delegation"])

    def certificate(
        self,
        number: str,
        *,
        word: bytes | None = None,
        day: str = "",
        name: str = NAME,
        **fields: str,
    ) -> dict[str, object]:
        """A certificate as the office issues it; `fields` alter what is printed."""
        chosen = service()
        plan = chosen.plan(document())
        assert plan is not None
        issued = date.fromisoformat(day) if day else datetime.now(UTC).astimezone().date()
        until = plan.valid_until(issued)
        printed = _printed(chosen, plan, number, issued, until) | fields
        claims = Claims(
            number=number,
            template=plan.template,
            holder_name=name,
            id_last4=ID_NO[-4:],
            issued_on=issued.isoformat(),
            valid_until=until.isoformat() if until else None,
            fields=printed,
        )
        return {
            "number": number,
            "template": plan.template,
            "template_version": chosen.version,
            "fields": printed,
            "issued_on": claims.issued_on,
            "valid_until": claims.valid_until,
            "credential": write(
                claims, self.key.private_bytes_raw(), self.word() if word is None else word
            ),
        }

    def say(
        self, case: str, submission: str, kind: str, *, event: str = "", **data: object
    ) -> httpx.Response:
        """Report an event of the office."""
        body = {
            "kind": kind,
            "at": "2026-11-25T02:30:00Z",
            "by": "赵主任",
            "submission": submission,
            "data": data,
        }
        return self.call("PUT", f"/cases/{case}/events/{event or uuid4()}", json=body)


def number_of(block: dict[str, object], position: int = 0) -> str:
    return f"LM2026-{block['prefix']}T{int(str(block['first'])) + position:06d}"


def state_of(http: httpx.Client, credential: object) -> str:
    """What the public says of a credential."""
    return str(http.get("/api/v1/verify", params={"code": str(credential)}).json()["state"])


def _printed(
    chosen: Service, plan: CertificatePlan, number: str, issued: date, until: date | None
) -> dict[str, str]:
    assert plan.fields == certificate_fields(chosen.package, chosen.resume(document()))
    return {
        **plan.fields,
        "number": number,
        "issuer": "青山镇便民服务中心",
        "issued_on": issued.isoformat(),
        "valid_until": until.isoformat() if until else "",
    }
