"""`desktop.decisions.DecisionDesk` over casework."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TypeVar
from uuid import UUID

from casework import deciding, late
from casework.four_eyes import Second
from casework.office import Office

T = TypeVar("T")


class OfficeDecisions:
    """Every step runs on `workers`; what was decided goes out at once where there is a network."""

    def __init__(self, office: Office, workers: Executor, send: Callable[[], None]) -> None:
        self._office, self._workers, self._send = office, workers, send

    def grant(self, case_id: str, reason: str) -> Future[str]:
        """Grant a case; the number of the certificate."""
        return self._do(lambda: deciding.grant(self._office, UUID(case_id), reason))

    def refuse(self, case_id: str, reason: str) -> Future[None]:
        """Refuse a case."""
        return self._do(lambda: deciding.refuse(self._office, UUID(case_id), reason))

    def withdraw(self, case_id: str, reason: str) -> Future[None]:
        """Withdraw a case."""
        return self._do(lambda: deciding.withdraw(self._office, UUID(case_id), reason))

    def accept_first(self, case_id: str, second: tuple[str, str] | None) -> Future[None]:
        """Let stand what another window decided first."""
        who = Second(*second) if second else None
        return self._do(lambda: late.accept_first(self._office, UUID(case_id), who))

    def void(self, number: str, reason: str, second: tuple[str, str] | None) -> Future[None]:
        """Void a certificate."""
        who = Second(*second) if second else None
        return self._do(lambda: deciding.void(self._office, number, reason, who))

    def replace(self, number: str, reason: str, second: tuple[str, str] | None) -> Future[str]:
        """Void a certificate and issue the one in its place."""
        who = Second(*second) if second else None
        return self._do(lambda: deciding.replace(self._office, number, reason, who))

    def _do(self, act: Callable[[], T]) -> Future[T]:
        def run() -> T:
            done = act()
            self._send()
            return done

        return self._workers.submit(run)
