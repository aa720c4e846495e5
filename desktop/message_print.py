"""The sentences behind the codes of `printing`; see `message_table.py`."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "P100": (
        "The document could not be made.",
        "Try again; call the helpdesk if it stays.",
    ),
    "P101": (
        "Nothing was printed, because no font has: {characters}",
        "Call IT staff to add a font that has them.",
    ),
    "P102": (
        "The template of this document cannot be used: {reason}",
        "Call IT staff; the service's package needs mending.",
    ),
    "P103": (
        "A value that this document needs is missing.",
        "Open the case, complete it and print again.",
    ),
    "P104": (
        "A text is too long for its place on paper: {field}",
        "Shorten the text, or call IT staff.",
    ),
    "P105": (
        "The finished page does not read as it should, so it was not handed out.",
        "Call IT staff; do not use the page.",
    ),
    "P106": (
        "The fonts of this program are incomplete: {name}",
        "Install the program again.",
    ),
    "P107": (
        "The part that draws pages is of an unknown version.",
        "Install the program again.",
    ),
    "P108": (
        "The photo or seal cannot be printed.",
        "Use a PNG or JPEG picture of the usual size.",
    ),
    "P109": (
        "This font or drawing cannot be used: {reason}",
        "Read in the guide for administrators what a font and a drawn character must be.",
    ),
    "P150": (
        "The file is not an OFD, or it is damaged.",
        "Ask for the file again.",
    ),
    "P151": (
        "The OFD unpacks to more than it should; it was not opened.",
        "Ask where it comes from before you open it elsewhere.",
    ),
    "P140": (
        "The file carries no signature that can be checked.",
        "Ask for the signed file.",
    ),
    "P141": (
        "The file was changed after it was signed.",
        "Do not accept it; ask for the original.",
    ),
    "P142": (
        "The file is whole, but it was signed by nobody this office knows.",
        "Ask the office that issued it.",
    ),
    "P110": (
        "The certificate cannot be accepted.",
        "Ask for the original, or check on the province's page.",
    ),
    "P111": (
        "This certificate was not issued by the authority it names.",
        "Do not accept it; tell your supervisor.",
    ),
    "P112": (
        "The code cannot be read as a certificate, or the certificate was changed.",
        "Scan it once more; if it stays, do not accept it.",
    ),
    "P113": (
        "The certificate is genuine but was valid only until {valid_until}.",
        "Ask for a new one.",
    ),
    "P114": (
        "This office does not hold the key of the authority that issued it.",
        "Connect to the province once, then verify again.",
    ),
    "P115": (
        "Certificate {number} is genuine, but it was voided on {voided_on}.",
        "Do not accept it; ask the holder for the one that replaces it.",
    ),
    "P116": (
        "The key that signed this certificate was revoked.",
        "Do not accept it; ask the authority that issued it.",
    ),
    "P117": (
        "No code was found on it.",
        "Take the picture closer and straight, with the whole code in it, or use a scanner.",
    ),
    "P118": (
        "The file is neither a picture nor a PDF that can be opened.",
        "Choose a PNG, a JPEG or a PDF.",
    ),
    "P119": (
        "The list of keys and void certificates is older than ours, or signed by no key we know.",
        "Fetch a newer one from the province; if it stays, tell IT.",
    ),
    "P120": (
        "The scan does not show the whole calibration sheet.",
        "Scan it at 300 dpi with something dark behind it, so that all four edges are seen.",
    ),
    "P121": (
        "Cross {number} of the calibration sheet was not found in the scan.",
        "See that it was printed whole and is clean, and scan again; or measure with a ruler.",
    ),
    "P122": (
        "No printer strays as far as these values say.",
        "Measure again from the left and the upper edge, in the order of the numbers on the sheet.",
    ),
    "P123": (
        "The office that signed this certificate was not allowed to issue it on that day.",
        "Do not accept it; ask the province.",
    ),
    "P124": (
        "The computer that signed this certificate had been shut out by the province by then.",
        "Do not accept it; ask the office that is named on it.",
    ),
    "W025": (
        "Nothing came out of the printer, as the window saw.",
        "Look at the printer, then print again.",
    ),
    "W026": (
        "The file cannot be read.",
        "Choose another one; pictures and PDFs up to 64 MB are taken.",
    ),
}
