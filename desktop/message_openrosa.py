"""The sentences behind the codes of ODK projects: (what happened, what to do)."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "C270": (
        "Something of this project is not finished: {drafts} drafts, {unsent} unsent submissions.",
        "Finish and send them first, then remove the project.",
    ),
    "C271": (
        "The project was removed from this computer.",
        "IT staff can add it again with its settings code.",
    ),
    "C272": (
        "The answers are sealed for whoever holds the project's key.",
        "Nobody can open them on this computer; ask whoever runs the project.",
    ),
    "C273": (
        "No ODK project is set up on this computer.",
        "IT staff can add one with its settings code.",
    ),
    "S200": (
        "The project's server cannot be reached.",
        "Work goes on; sending goes on by itself once there is a network.",
    ),
    "S201": (
        "At this address there is no project: {host}",
        "Look at the address, or ask for a new settings code.",
    ),
    "S202": (
        "The project's server does not accept this login or key.",
        "Ask whoever runs the project for a new settings code. What waits stays here.",
    ),
    "S203": (
        "The project's server did not take this submission. It says: {reason}",
        "Tell whoever runs the project what it says; then press Send again.",
    ),
    "S204": (
        "A file is larger than can be sent to or fetched from the server ({size_mb} MB).",
        "Take the picture again at a lower resolution, or ask whoever runs the project.",
    ),
    "S205": (
        "Something else answers in the server's place, perhaps a log-in page of the network.",
        "Look at the address; open a browser and log in to the network, then try again.",
    ),
    "S206": (
        "The project's server is busy.",
        "It is tried again by itself in {wait_s} seconds.",
    ),
    "S207": (
        "The project's server had a fault of its own ({status}).",
        "It is tried again by itself.",
    ),
    "S208": (
        "This holds no settings of an ODK project.",
        "Take the QR code from the project's page of app users, or paste its text.",
    ),
    "S209": (
        "The server sends on to another address: {host}",
        "If that is right, add the project with that address.",
    ),
    "S210": (
        "The connection to the project's server is not safe, so nothing was sent.",
        "Check this computer's date; otherwise call IT staff.",
    ),
    "S211": (
        "The address of the project is not a safe one.",
        "Ask for an address that begins with https://.",
    ),
    "S212": (
        "The project's server did not answer what was asked of it. It says: {reason}",
        "Tell whoever runs the project what it says.",
    ),
    "S213": (
        "The project's server is still busy with this submission.",
        "Nothing to do: it is sent again by itself.",
    ),
    "S214": (
        "The clock of this computer is wrong: it says {ours}, the project's server says {theirs}.",
        "Set date and time of this computer, then try again.",
    ),
    "S215": (
        "This computer does not know who issued the certificate of the project's server.",
        "Nothing was sent. Use another network, or call IT staff to add the issuer.",
    ),
}
