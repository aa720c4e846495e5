"""The sentences behind the codes of packages and versions; see `message_table.py`."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "S180": (
        "The province's signatures over its services have run out; nothing new is taken over.",
        "Work goes on with the services held here. Tell the province if it stays so for days.",
    ),
    "S181": (
        "A service or program that came is not as the province's keys say: it was not taken over.",
        "Work goes on with the services held here. Tell IT staff this code.",
    ),
    "S182": (
        "The province offers a version of a service that it has not published.",
        "Work goes on with the version held here; it is asked for again by itself.",
    ),
    "S183": (
        "A service is still on its way.",
        "It goes on by itself.",
    ),
    "S184": (
        "What came as the province's list of services is not signed by it, or is another office's.",
        "The services offered here stay as they are. Tell IT staff this code.",
    ),
    "S185": (
        "What came as the province's list of services is an old one, told again.",
        "The services offered here stay as they are. Tell IT staff this code if it comes again.",
    ),
    "S186": (
        "The stick does not hold the newest program for this computer.",
        "Let IT staff write it anew at a computer with a network.",
    ),
    "S187": (
        "The stick cannot be read, or was pulled out.",
        "Push it in again, or take another one, and repeat. Nothing is lost.",
    ),
    "C134": (
        "There is not room enough on the stick: {mb} MB are needed, {free} MB are free.",
        "Take a larger stick, or delete what is not needed from it.",
    ),
    "C180": (
        "This was begun on a version of the form that is not on this computer.",
        "It comes by itself with the next exchange with the province; nothing is lost.",
    ),
    "C181": (
        "A new version of “{name}” cannot be used by this program.",
        "Work goes on with the version before. Tell IT staff: a newer program may be needed.",
    ),
}
