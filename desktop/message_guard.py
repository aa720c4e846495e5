"""The sentences behind the codes of keys, rights and personal data; see `message_table.py`."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "D119": (
        "The system's key store, which holds this computer's half of the keys, does not give it.",
        "Unlock the system's key store (sign in to the computer again), then try again.",
    ),
    "D140": (
        "The province cannot help to open this data: it holds no key for it.",
        "Use the office code from the safe.",
    ),
    "D141": (
        "The province's answer does not fit this request, or the code is wrong.",
        "Check the code with the supervisor; else make a new request.",
    ),
    "C140": (
        "These algorithms are not known.",
        "Use a name from the administrator's guide.",
    ),
    "C141": (
        "The second person is the same, or may not confirm this.",
        "Ask a supervisor or IT staff to sign in here.",
    ),
    "D142": (
        "The sealed file does not open.",
        "Check the pass-phrase; ask for the file anew if it stays so.",
    ),
    "D143": (
        "There is no such consent here.",
        "Look for the person again.",
    ),
    "C142": (
        "Two people do this together.",
        "Let a supervisor or IT staff confirm with a password of their own.",
    ),
    "C143": (
        "This stands on record with a reason, and none was given.",
        "Give the reason in a few words.",
    ),
    "C144": (
        "An answer holds characters that nobody sees or that turn the writing around.",
        "Delete the answer and type it by hand.",
    ),
    "D144": (
        "The role kept here is not the one that the record says was given.",
        "Do not work on. Tell the supervisor: somebody changed the data past the program.",
    ),
}
