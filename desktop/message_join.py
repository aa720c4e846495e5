"""Sentences about connecting, moving and numbering a computer; joined in `message_table`."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "S140": (
        "This computer's data is older than the numbers that it has given out.",
        "Nothing to do: it asks for new numbers by itself.",
    ),
    "S221": (
        "This is no enrolment file, or it was altered after the province signed it.",
        "Do not use it. Ask the province for a new one.",
    ),
    "S222": (
        "The enrolment file was good until {on}.",
        "See whether this computer's date is right; otherwise ask the province for a new file.",
    ),
    "S223": (
        "What answers is not the province that the enrolment file was signed by.",
        "Nothing of this office was sent. Call the province's helpdesk at once.",
    ),
    "C170": (
        "This computer belongs to another province than the one that answers.",
        "Its cases stay where they are. Set up a new profile for the other province.",
    ),
    "C171": (
        "It still holds work of {office}: {unsent} cases unsent, {corrections} corrections begun.",
        "Ask for an enrolment of that office, or let the province send the computer over.",
    ),
    "C172": (
        "This case belongs to {office}, where this computer worked before.",
        "Read it here; that office corrects it.",
    ),
    "C173": (
        "No enrolment file lies here, or there are several.",
        "Put exactly one beside the program, or name it.",
    ),
    "D150": (
        "This computer is on its way to another office, so nothing new is accepted now.",
        "The form is kept as a draft. Accept it when the move is done.",
    ),
}
