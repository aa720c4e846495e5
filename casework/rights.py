"""Who may do what: the one table of rights, enforced by the verbs and not by windows."""

from __future__ import annotations

from casework.errors import NotAllowed
from store.views import OperatorView

ROLES = ("clerk", "village_officer", "supervisor", "administrator", "auditor")
_CASEWORK = frozenset({"clerk", "village_officer", "supervisor"})
RIGHTS: dict[str, frozenset[str]] = {
    "fill": _CASEWORK,
    "accept": _CASEWORK,
    "withdraw": _CASEWORK,
    "deliver": _CASEWORK,
    "print": _CASEWORK,
    "read_cases": _CASEWORK | {"auditor"},
    "take_over": frozenset({"supervisor"}),
    "operators": frozenset({"administrator", "supervisor"}),
    "unlock_login": frozenset({"administrator", "supervisor"}),
    "enrol": frozenset({"administrator"}),
    "backup": frozenset({"administrator"}),
    "read_audit": frozenset({"auditor", "administrator", "supervisor"}),
}


def may(operator: OperatorView, right: str) -> bool:
    """Whether the operator's role carries the right."""
    return operator.role in RIGHTS[right]


def of(operator: OperatorView) -> frozenset[str]:
    """All rights of the operator's role."""
    return frozenset(right for right, roles in RIGHTS.items() if operator.role in roles)


def demand(operator: OperatorView, right: str) -> None:
    """Refuse what the role does not carry.

    Raises:
        NotAllowed: It does not.
    """
    if not may(operator, right):
        raise NotAllowed
