"""What the windows ask of decisions that the office takes itself."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

Second = tuple[str, str]  # login and password of who confirms


class DecisionDesk(Protocol):
    """Grants, refusals and certificates of this office. Futures fail with errors with a code."""

    def grant(self, case_id: str, reason: str) -> Future[str]:
        """Grant a case; the number of the certificate issued, or ""."""
        ...

    def refuse(self, case_id: str, reason: str) -> Future[None]:
        """Refuse a case."""
        ...

    def withdraw(self, case_id: str, reason: str) -> Future[None]:
        """Withdraw a case at the applicant's wish."""
        ...

    def accept_first(self, case_id: str, second: Second | None) -> Future[None]:
        """Let stand what another window decided first; two people where paper is taken back."""
        ...

    def void(self, number: str, reason: str, second: Second | None) -> Future[None]:
        """Void a certificate of this office; two people do it."""
        ...

    def replace(self, number: str, reason: str, second: Second | None) -> Future[str]:
        """Void a certificate and issue the one in its place; the new number."""
        ...
