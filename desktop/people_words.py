"""What the fields of a resident are called on screen, and the papers that changes rest on."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

FIELDS: dict[str, str] = {
    "name": cast("str", QT_TRANSLATE_NOOP("people", "Name")),
    "id_no": cast("str", QT_TRANSLATE_NOOP("people", "ID number")),
    "sex": cast("str", QT_TRANSLATE_NOOP("people", "Sex")),
    "birth": cast("str", QT_TRANSLATE_NOOP("people", "Date of birth")),
    "nation": cast("str", QT_TRANSLATE_NOOP("people", "Nationality")),
    "phone": cast("str", QT_TRANSLATE_NOOP("people", "Telephone")),
    "village": cast("str", QT_TRANSLATE_NOOP("people", "Village")),
    "household": cast("str", QT_TRANSLATE_NOOP("people", "Household number")),
    "relation": cast("str", QT_TRANSLATE_NOOP("people", "Relation to the head")),
    "address": cast("str", QT_TRANSLATE_NOOP("people", "Address")),
    "same_as": cast("str", QT_TRANSLATE_NOOP("people", "Joined with record")),
}
MATERIALS: tuple[str, ...] = (
    cast("str", QT_TRANSLATE_NOOP("people", "Identity card")),
    cast("str", QT_TRANSLATE_NOOP("people", "Household register")),
    cast("str", QT_TRANSLATE_NOOP("people", "Said in person")),
    cast("str", QT_TRANSLATE_NOOP("people", "Asked by telephone")),
    cast("str", QT_TRANSLATE_NOOP("people", "Seen on a home visit")),
)


def field(name: str) -> str:
    """What a field is called; its own name where it has no words."""
    return QCoreApplication.translate("people", FIELDS[name]) if name in FIELDS else name


def materials() -> tuple[str, ...]:
    """Usual papers and ways of knowing."""
    return tuple(QCoreApplication.translate("people", each) for each in MATERIALS)
