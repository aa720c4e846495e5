"""Sentences about what the office decides itself: (what happened, what to do)."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "C190": (
        "The province has not allowed this computer to sign such certificates today.",
        "Connect to the province once, then issue it; check the date of this computer.",
    ),
    "C191": (
        "This is not for the office to decide: the province decides or issued it.",
        "Ask the department at the province.",
    ),
    "C192": (
        "This computer has no numbers for certificates left, so none was issued.",
        "Connect to the province once: it gets new numbers by itself. Nothing was changed.",
    ),
    "D160": (
        "The case has its decision already.",
        "Look at what happened to the case.",
    ),
    "D161": (
        "A correction of this case is begun and not sent yet.",
        "Finish it or delete its draft, then withdraw the case.",
    ),
    "S190": (
        "This case had been decided before.",
        "What was decided comes with the next exchange; then open the case.",
    ),
    "S195": (
        "{by} decided this case first, on {at}: {what}.",
        "A supervisor opens the case and lets that stand; yours stays in its history.",
    ),
    "S196": (
        "{by} decided this case first, on {at}: {what}. Certificate {papers} was given out here.",
        "Take it back; then a supervisor opens the case and lets the first decision stand.",
    ),
    "S191": (
        "The case was corrected at two windows, and the versions are not merged yet.",
        "Merge them on the conflict desk; the decision then goes out by itself.",
    ),
    "S192": (
        "The province does not leave this decision to the office.",
        "Take back and void a certificate that was printed here for it, then ask the province.",
    ),
    "S193": (
        "The province does not accept the certificate of this case ({member}).",
        "Take it back and void it, then call IT staff with this code.",
    ),
}
