"""The sentences behind the codes: (what happened, what to do)."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QT_TRANSLATE_NOOP

TABLE: dict[str, tuple[str, str]] = {
    "W001": (
        cast("str", QT_TRANSLATE_NOOP("errors", "No printer is set up on this computer.")),
        cast("str", QT_TRANSLATE_NOOP("errors", "Save the document as a PDF, or add a printer.")),
    ),
    "W002": (
        cast("str", QT_TRANSLATE_NOOP("errors", "The printer did not take the job.")),
        cast(
            "str",
            QT_TRANSLATE_NOOP("errors", "Look at paper and cable, then print again."),
        ),
    ),
    "W003": (
        cast("str", QT_TRANSLATE_NOOP("errors", "The file could not be written.")),
        cast("str", QT_TRANSLATE_NOOP("errors", "Choose another folder and save again.")),
    ),
    "W004": (
        cast("str", QT_TRANSLATE_NOOP("errors", "This office's profile is already open.")),
        cast("str", QT_TRANSLATE_NOOP("errors", "Use the window that is open.")),
    ),
}
