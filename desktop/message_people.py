"""What is said of residents and their licences: (what happened, what to do)."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "C160": (
        "A value cannot be right for a resident.",
        "Look at the marked field, correct it and save again.",
    ),
    "C161": (
        "Somebody with this ID number is in the resident base already.",
        "Find the person by the ID number and edit there.",
    ),
    "C162": (
        "A licence replaces a paper only with the citizen's consent.",
        "Ask the citizen, record the consent, then use the licence.",
    ),
    "C163": (
        "This licence cannot be used: it is another person's or no longer in force.",
        "Ask for the paper instead.",
    ),
    "D128": (
        "This person is not in the resident base of this office any more.",
        "Search again; the province may have moved the person elsewhere.",
    ),
    "D129": (
        "This licence is not held any more.",
        "Ask for the paper instead.",
    ),
    "S150": (
        "The province does not have this person in this township.",
        "Your change is kept here. Ask the province where the person is registered now.",
    ),
}
