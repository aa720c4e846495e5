"""The sentences behind the codes of the link to the province; see `message_table.py`."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "C185": (
        "This setting of the network does not exist or takes no such value: {name}",
        "See lastmile-admin network set --help.",
    ),
    "S101": (
        "The province cannot be reached.",
        "Work goes on; sending goes on by itself once there is a network.",
    ),
    "S102": (
        "This network wants you to sign in before it lets anything through.",
        "Open the sign-in page, sign in there, and sending goes on by itself.",
    ),
    "S104": (
        "The connection to the province is not safe, so nothing was sent.",
        "Call IT staff; the cases stay here until then.",
    ),
    "S105": (
        "The province no longer accepts this computer.",
        "Call IT staff for a new enrolment code.",
    ),
    "S109": (
        "The province is busy.",
        "It is tried again by itself in {wait_s} seconds.",
    ),
    "S110": (
        "The province had a fault of its own ({status}).",
        "It is tried again by itself.",
    ),
    "S111": (
        "The province gave an answer that this program does not understand ({status}).",
        "Call the helpdesk; the case stays here.",
    ),
    "S116": (
        "The proxy of this network cannot be reached, or lets nothing through to the province.",
        "Call IT staff about the proxy.",
    ),
    "S194": (
        "The province has lost a file of this record that lies at another computer: {name}",
        "Nothing to do here: it goes on once that computer has sent the file again.",
    ),
    "S118": (
        "The province's address is not a safe one.",
        "Ask IT staff for an address that begins with https://.",
    ),
    "S130": (
        "The province's certificate is not valid now, only from {since} to {until}.",
        "Nothing was sent. Tell IT staff; the province has to renew it.",
    ),
    "S131": (
        "Another computer answers in place of {host}.",
        "Nothing was sent. Use another network, or call IT staff.",
    ),
    "S132": (
        "This computer does not know who issued the province's certificate.",
        "Nothing was sent. Use another network, or call IT staff to add the issuer.",
    ),
    "S133": (
        "The clock of this computer is wrong: it says {ours}, the province says {theirs}.",
        "Set date and time of this computer, then send again.",
    ),
    "S134": (
        "The province asks for a certificate of this computer and does not take the one it has.",
        "Call IT staff for a new one.",
    ),
    "S135": (
        "This computer and the province have no kind of safe connection in common.",
        "Call IT staff; a device between the two may be out of date.",
    ),
    "S136": (
        "The proxy of this network wants a name and a password.",
        "Call IT staff to enter them.",
    ),
    "S137": (
        "The province waited too long for what this computer was sending.",
        "It is tried again by itself, in smaller pieces.",
    ),
    "S138": (
        "The province does not know what this computer asked for ({status}).",
        "Call the helpdesk with the case number; the case stays here.",
    ),
    "S139": (
        "The province does not have this version of the service yet.",
        "Nothing to do: it is asked again every day.",
    ),
    "S146": (
        "The province has the case; {files} files ({mb} MB) wait for a better network.",
        "They go by themselves on a network that costs nothing; or press Send files now.",
    ),
    "S147": (
        "The province has the case; {files} files ({mb} MB) wait until {until}.",
        "They go by themselves after the busy hours; or press Send files now.",
    ),
    "S151": (
        "This computer's room for files at the province is used up: files wait, cases go on.",
        "Nothing to do: they go by themselves once there is room; if it lasts days, tell IT staff.",
    ),
    "S152": (
        "The province has no room for files at the moment: files wait, cases go on.",
        "Nothing to do: they go by themselves once there is room; if it lasts days, tell IT staff.",
    ),
    "S153": (
        "The province has no room for this bundle at the moment.",
        "Nothing on the stick is lost: hand it over again later.",
    ),
    "S142": (
        "The province asks for a certificate of this computer.",
        "Nothing to do: it is fetched by itself.",
    ),
    "S143": (
        "This computer has no network.",
        "Look at the cable or the Wi-Fi. Work goes on; sending goes on by itself.",
    ),
    "S144": (
        "A computer answers at the province's address, but it is not the province.",
        "Call IT staff to look at the address.",
    ),
    "S148": (
        "This file holds no certificate with its key, or the password is another.",
        "Choose the file that IT staff were given, PEM or PKCS #12.",
    ),
    "S145": (
        "The file with the issuers that this computer believes cannot be read.",
        "Call IT staff: lastmile-admin network show.",
    ),
}
