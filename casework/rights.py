"""Who may do what: the one table of rights, enforced by the verbs and not by windows.

A verb is a public function of `casework` that takes an `Office` first. Each carries
`@needs(right)`; a test walks them all and calls each as every role that lacks its right.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from casework.errors import NotAllowed
from store.views import OperatorView

if TYPE_CHECKING:
    from casework.office import Office

P = ParamSpec("P")
T = TypeVar("T")
ROLES = ("clerk", "village_officer", "supervisor", "administrator", "auditor")
_CASEWORK = frozenset({"clerk", "village_officer", "supervisor"})
_SUPERVISOR = frozenset({"supervisor"})
_IT = frozenset({"administrator"})
RIGHTS: dict[str, frozenset[str]] = {
    "anybody": frozenset(ROLES),
    # Cases
    "fill": _CASEWORK,
    "accept": _CASEWORK,
    "withdraw": _CASEWORK,
    "deliver": _CASEWORK,
    "print": _CASEWORK,
    "relay": _CASEWORK,
    "relay_carry": _CASEWORK | {"administrator"},
    "read_cases": _CASEWORK | {"auditor"},
    "reveal": _CASEWORK,
    "consent": _CASEWORK,
    "residents": _CASEWORK,
    "residents_edit": _CASEWORK,
    "residents_join": _SUPERVISOR,
    "take_over": _SUPERVISOR,
    # What two people do together: one asks, the other confirms with a password of their own
    "discard_unsent": _CASEWORK,
    "decide": _SUPERVISOR,
    "void": _SUPERVISOR,
    "seal": frozenset({"clerk", "supervisor"}),
    "design": _SUPERVISOR | _IT,
    "seal_keep": _SUPERVISOR,
    "reissue": _CASEWORK,
    "export": _SUPERVISOR | {"auditor"},
    "confirm": _SUPERVISOR | _IT,
    # Rights of the people whose data are here
    "person": _SUPERVISOR,
    # The office itself
    "send": _CASEWORK | _IT,
    "operators": _SUPERVISOR | _IT,
    "unlock_login": _SUPERVISOR | _IT,
    "enrol": _IT,
    "backup": _IT,
    "keys": _IT,
    "policy": _IT,
    "read_audit": _SUPERVISOR | _IT | {"auditor"},
}
VERBS: dict[str, str] = {}


def needs(
    right: str,
) -> Callable[[Callable[Concatenate[Office, P], T]], Callable[Concatenate[Office, P], T]]:
    """Mark a verb with the right that it demands before anything else happens.

    The verb raises NotAllowed where the role of who is signed in does not carry the right.
    """
    roles = RIGHTS[right]

    def mark(
        verb: Callable[Concatenate[Office, P], T],
    ) -> Callable[Concatenate[Office, P], T]:
        @wraps(verb)
        def guarded(office: Office, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if office.store.operator.role not in roles:
                raise NotAllowed
            return verb(office, *args, **kwargs)

        VERBS[f"{verb.__module__}.{verb.__qualname__}"] = right
        return guarded

    return mark


def may(operator: OperatorView, right: str) -> bool:
    """Whether the operator's role carries the right."""
    return operator.role in RIGHTS[right]


def of(operator: OperatorView) -> frozenset[str]:
    """All rights of the operator's role."""
    return frozenset(right for right, roles in RIGHTS.items() if operator.role in roles)


def demand(operator: OperatorView, right: str) -> None:
    """Refuse what the role does not carry, inside a verb that needs a second right.

    Raises:
        NotAllowed: It does not.
    """
    if not may(operator, right):
        raise NotAllowed
