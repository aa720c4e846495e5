"""What the office decides itself: grants, refusals, withdrawals, and certificates that it issues.

All of it works without a network: the number comes from a leased block, the code is signed by this
computer under the province's word, and what was done is reported with the next connection.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casework import authority, filling, link
from casework.authority import Authority
from casework.errors import (
    NoCertificateNumbers,
    NotOursToDecide,
    OfMovedOffice,
    ReasonNeeded,
    WrongState,
)
from casework.four_eyes import Second, confirmed_by
from casework.office import Office
from casework.rights import needs
from forms.service import CertificatePlan, ServicePackage, certificate_fields
from forms.validity import last_day
from printing import issue, seal
from store import cases, certificates, issuing, numbers, operators
from store.errors import NumbersUsedUp
from store.issuing import Act, Issued, Sign
from store.outbox import FOREIGN
from store.standing import OPEN
from store.views import CaseFile, CertificateView


@needs("read_cases")
def lies_with_us(office: Office, file: CaseFile) -> bool:
    """Whether this office, and not the province, decides a case that waits for its decision."""
    package = office.catalogue.get(file.row.service_id, file.row.service_version)
    here = package.decision.lies_with(office.division) and not file.former_office
    return here and file.row.status in issuing.LEFT


@needs("decide")
def grant(office: Office, case_id: UUID, reason: str = "") -> str:
    """Grant an application and issue its certificate; the number, or "". Slow.

    Raises:
        NotAllowed: The role does not decide.
        NotOursToDecide: The province decides this service.
        NoAuthority: The province has not allowed this computer to sign such certificates today.
        NoCertificateNumbers: No leased number is left; nothing was changed.
        store.errors.AlreadyDecided: There is a decision.
    """
    file, package = _ours(office, case_id)
    sign = _signing(office, file, package) if package.certificate else None
    act = _act(office, file, reason)
    try:
        number: str = office.store.writer.submit(
            issuing.decide, act, "decided_granted", sign, office.now()
        ).result()
    except NumbersUsedUp:
        raise NoCertificateNumbers from None
    return number


@needs("decide")
def refuse(office: Office, case_id: UUID, reason: str) -> None:
    """Refuse an application.

    Raises:
        NotAllowed, NotOursToDecide, store.errors.AlreadyDecided: As `grant`.
        ReasonNeeded: The applicant must be told why.
    """
    file, _package = _ours(office, case_id)
    act = _act(office, file, _demand(reason))
    office.store.writer.submit(issuing.decide, act, "decided_refused", None, office.now()).result()


def can_withdraw(file: CaseFile) -> bool:
    """Whether a case may still be withdrawn here."""
    elsewhere = file.former_office or file.row.service_id.startswith(FOREIGN)
    return not elsewhere and file.row.status in OPEN


@needs("withdraw")
def withdraw(office: Office, case_id: UUID, reason: str) -> None:
    """Withdraw an application at the applicant's wish; it goes out with the next connection.

    Where the province has decided meanwhile, its decision stands.

    Raises:
        NotAllowed: The role does not withdraw.
        ReasonNeeded: Why stands on record.
        WrongState: It was sent to another server, which knows no withdrawing.
        OfMovedOffice: The case belongs to the office of before.
        store.errors.AlreadyDecided: There is a decision, or the case has ended otherwise.
        store.errors.CorrectionBegun: A correction of it is begun.
    """
    why = _demand(reason)
    file = _of_this_office(office, case_id)
    if file.row.service_id.startswith(FOREIGN):
        raise WrongState
    office.store.writer.submit(issuing.withdraw, _act(office, file, why), office.now()).result()


@needs("void")
def void(office: Office, number: str, reason: str, second: Second | None = None) -> None:
    """Void a certificate that this office issued; a second person confirms.

    Raises:
        NotAllowed: The role does not void.
        NotOursToDecide: The province issued it.
        ReasonNeeded: Why stands on record.
        SecondNeeded, SecondRefused, store.errors.WrongPassword: As `four_eyes.confirmed_by`.
        store.errors.CertificateGone: No such certificate here, or it is void already.
    """
    file, _held, act = _ending(office, number, reason, second)
    del file
    office.store.writer.submit(issuing.void, act, number, office.now()).result()


@needs("void")
def replace(office: Office, number: str, reason: str, second: Second | None = None) -> str:
    """Void a certificate and issue the one that takes its place; its number. Slow.

    Raises:
        NoAuthority, NoCertificateNumbers: As `grant`; the old one stays valid.
        NotAllowed, NotOursToDecide, ReasonNeeded, SecondNeeded, SecondRefused: As `void`.
        store.errors.WrongPassword, store.errors.CertificateGone: As `void`.
    """
    row = _held_case(office, number).row
    package = office.catalogue.get(row.service_id, row.service_version)
    authority.for_service(office, package)  # before anybody types a password
    if not office.store.read(numbers.left, issuing.KIND):
        raise NoCertificateNumbers
    file, held, act = _ending(office, number, reason, second)
    sign = _signing(office, file, package, replaces=held.number)
    try:
        fresh: str = office.store.writer.submit(
            issuing.replace, act, number, sign, office.now()
        ).result()
    except NumbersUsedUp:
        raise NoCertificateNumbers from None
    return fresh


def _of_this_office(office: Office, case_id: UUID) -> CaseFile:
    file = office.store.read(cases.get_case, case_id)
    if file.former_office:
        raise OfMovedOffice(office=file.former_office)
    return file


def _ours(office: Office, case_id: UUID) -> tuple[CaseFile, ServicePackage]:
    file = _of_this_office(office, case_id)
    package = office.catalogue.get(file.row.service_id, file.row.service_version)
    if not package.decision.lies_with(office.division):
        raise NotOursToDecide
    return file, package


def _held_case(office: Office, number: str) -> CaseFile:
    held = office.store.read(certificates.get, number)
    return office.store.read(cases.get_case, held.case_id)


def _ending(
    office: Office, number: str, reason: str, second: Second | None
) -> tuple[CaseFile, CertificateView, Act]:
    held = office.store.read(certificates.get, number)
    if not seal.is_delegated(held.credential):
        raise NotOursToDecide
    file, _package = _ours(office, held.case_id)
    why = _demand(reason)
    login = confirmed_by(office, second)
    name = office.store.read(operators.get_active, login).name
    return file, held, _act(office, file, why, name, login)


def _act(
    office: Office, file: CaseFile, reason: str, second: str = "", second_login: str = ""
) -> Act:
    me = office.store.operator
    return Act(
        case_id=file.row.id,
        submission_id=file.submission_id,
        event_id=office.new_id(),
        by=me.name,
        login=me.login,
        reason=reason.strip(),
        second=second,
        second_login=second_login,
    )


def _signing(office: Office, file: CaseFile, package: ServicePackage, replaces: str = "") -> Sign:
    """Makes the certificate of a number; all that is slow is done before a number is taken."""
    plan, word = package.certificate, authority.for_service(office, package)
    if plan is None:
        raise NotOursToDecide
    sent = office.store.read(cases.get_submission, file.submission_id)
    form = office.catalogue.form(package.id, package.version)
    session = form.resume(sent.xml, **filling.around(office))
    answered = certificate_fields(package, session)
    private, now = link.identity(office.store).private_key, office.now()

    def sign(number: str) -> Issued:
        fields = answered | _dates(plan, word, number, now) | _replacing(replaces)
        claims = issue.Claims(
            number=number,
            template=plan.template,
            holder_name=file.row.applicant,
            id_last4=file.applicant_id_no[-4:],
            issued_on=fields["issued_on"],
            valid_until=fields["valid_until"] or None,
            fields=fields,
        )
        return Issued(
            template=plan.template,
            template_version=sent.service_version,
            fields=fields,
            issued_on=fields["issued_on"],
            valid_until=fields["valid_until"],
            credential=issue.write(claims, private, word.raw),
        )

    return sign


def _dates(plan: CertificatePlan, word: Authority, number: str, now: datetime) -> dict[str, str]:
    until = last_day(now.date(), plan.valid_months)
    return {
        "number": number,
        "issuer": word.word.office,
        "issued_on": now.date().isoformat(),
        "valid_until": until.isoformat() if until else "",
    }


def _replacing(number: str) -> dict[str, str]:
    return {"replaces": number} if number else {}


def _demand(reason: str) -> str:
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()
