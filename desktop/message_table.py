"""The sentences behind the codes: (what happened, what to do)."""

from __future__ import annotations

from desktop import (
    message_decision,
    message_guard,
    message_join,
    message_link,
    message_openrosa,
    message_packages,
    message_people,
    message_print,
)

TABLE: dict[str, tuple[str, str]] = {
    **message_decision.TABLE,
    **message_guard.TABLE,
    **message_join.TABLE,
    **message_link.TABLE,
    **message_people.TABLE,
    **message_print.TABLE,
    **message_openrosa.TABLE,
    **message_packages.TABLE,
    "W001": (
        "No printer is set up on this computer.",
        "Save the document as a PDF, or add a printer.",
    ),
    "W002": (
        "The printer did not take the job.",
        "Look at paper and cable, then print again.",
    ),
    "W003": (
        "The file could not be written.",
        "Choose another folder and save again.",
    ),
    "W004": (
        "This office's profile is already open.",
        "Use the window that is open.",
    ),
    "W005": (
        "The password is not right.",
        "Type it again; mind capital letters.",
    ),
    "W010": (
        "The print job was cancelled; it does not count as printed.",
        "Destroy any sheet that came out, then print again.",
    ),
    "W011": (
        "The print system gave the job up; it does not count as printed.",
        "Look at the printer and destroy any spoilt sheet, then print again.",
    ),
    "W012": (
        "The print system no longer knows the job, so it is not known whether a sheet came out.",
        "Look at the printer, then say here whether the sheet came out.",
    ),
    "W013": (
        "The print system of this computer does not answer.",
        "Wait a moment; restart the computer if it stays so. The copy stays counted.",
    ),
    "W014": (
        "The job is still waiting in the printer's queue.",
        "Look at the printer, or take the job back. It prints by itself when its turn comes.",
    ),
    "W015": (
        "The printer has stopped.",
        "Look at its display. The job goes on once the printer does; or take it back.",
    ),
    "W016": (
        "The printer is paused.",
        "Let it go on in the computer's printer settings; or take the job back.",
    ),
    "W017": (
        "The printer is out of paper.",
        "Put paper in; the job then goes on by itself.",
    ),
    "W018": (
        "Paper is jammed in the printer.",
        "Take the jammed sheet out and see which pages came out.",
    ),
    "W019": (
        "A cover of the printer is open.",
        "Close it; the job then goes on by itself.",
    ),
    "W020": (
        "The printer is out of toner or ink.",
        "Change the cartridge; the job then goes on by itself.",
    ),
    "W021": (
        "The printer cannot be reached.",
        "Switch it on and look at its cable or network; the job then goes on by itself.",
    ),
    "W022": (
        "This printer has no paper of the document's size.",
        "Choose another printer, or set the size up in the computer's printer settings.",
    ),
    "W023": (
        "The document has no such pages.",
        "Type pages such as 1-2,4 or leave the field empty for all.",
    ),
    "W024": (
        "The job could not be taken back; it may have ended already.",
        "Look at the printer.",
    ),
    "S100": (
        "The exchange with the province failed.",
        "It is tried again by itself.",
    ),
    "S103": (
        "The province returned this record: {reason}",
        "Open the record, correct it and submit it again.",
    ),
    "S106": (
        "At the province this case belongs to another office.",
        "Call the helpdesk with the case number.",
    ),
    "S107": (
        "The province holds another content under this case's id.",
        "Nothing was overwritten. Call the helpdesk with the case number.",
    ),
    "S108": (
        "The record or a file is larger than the province takes.",
        "Scan the papers again at a lower resolution.",
    ),
    "S112": (
        "The receipt was not signed by the province, so the case counts as not sent.",
        "Call IT staff at once.",
    ),
    "S113": (
        "The enrolment code is unknown, over, or was used by another computer.",
        "Ask the province for a new code or file.",
    ),
    "S114": (
        "This computer has not been enrolled with the province.",
        "Enter the enrolment code in the settings.",
    ),
    "S115": (
        "A file of this record is missing or was changed: {name}",
        "Open the case and attach the file again.",
    ),
    "S117": (
        "The province asks to read its messages from the beginning.",
        "Nothing to do: this happens by itself.",
    ),
    "S119": (
        "This file is no relay file, or it arrived damaged.",
        "Copy it again from the computer that wrote it.",
    ),
    "S120": (
        "This answer belongs to another computer.",
        "Take it to the computer that wrote the bundle.",
    ),
    "S121": (
        "A single file of {needed_mb} MB does not fit on this stick.",
        "Use a larger stick, or send this case over a network.",
    ),
    "S122": (
        "The province has not told this computer its key for relay files yet.",
        "Connect to a network once; it is fetched by itself.",
    ),
    "S123": (
        "The province took no group of cases at once.",
        "Nothing to do: they go one by one.",
    ),
    "F000": (
        "The form cannot be used.",
        "Call IT staff with this code.",
    ),
    "F101": (
        "The form or draft is damaged and cannot be read.",
        "Call IT staff with this code.",
    ),
    "F102": (
        "The form is larger than any form needs to be.",
        "Call IT staff with this code.",
    ),
    "F110": (
        "The form has a fault at line {line}: {reason}",
        "Call IT staff; the service's package needs mending.",
    ),
    "F111": (
        "The form needs something that is not supported yet: {feature}",
        "Call IT staff; the form has to be changed.",
    ),
    "F112": (
        "Calculations of the form wait for each other.",
        "Call IT staff; the form has to be changed.",
    ),
    "F113": (
        "A list that the form needs is missing: {name}",
        "Install the service's package again.",
    ),
    "F120": (
        "A rule of the form cannot be read.",
        "Call IT staff; the form has to be changed.",
    ),
    "F121": (
        "A rule of the form uses an unknown function: {name}",
        "Call IT staff; the form has to be changed.",
    ),
    "F122": (
        "A rule of the form does not work on these answers.",
        "What you entered is kept. Call IT staff.",
    ),
    "F123": (
        "The form asks for too much work at once.",
        "What you entered is kept. Call IT staff; the form has to be changed.",
    ),
    "F130": (
        "The answer is not of the kind that is asked for.",
        "Correct the answer.",
    ),
    "F131": (
        "This question is not in the form now.",
        "Go on with the questions that are shown.",
    ),
    "F132": (
        "The form does not allow this here.",
        "Go on with the other questions.",
    ),
    "D100": (
        "This office is not set up on this computer yet.",
        "Set it up first, or choose its folder.",
    ),
    "D101": (
        "An office is set up in this folder already.",
        "Nothing was changed. Sign in, or choose another folder.",
    ),
    "D102": (
        "The office's data is open in another window or program.",
        "Close it there, then try again.",
    ),
    "D103": (
        "The data was written by a newer version of Lastmile.",
        "Nothing was changed. Ask IT staff to update the program.",
    ),
    "D104": (
        "The data file is damaged.",
        "Sign in again: it is made anew from backup and journal. If it stays so, call IT staff.",
    ),
    "D105": (
        "The data folder cannot be written to.",
        "Call IT staff: the folder's permissions must be mended.",
    ),
    "D106": (
        "The disk is full.",
        "What was saved is safe. Free some space, then repeat the last step.",
    ),
    "D107": (
        "The disk could not read or write.",
        "What was saved is safe. Repeat the last step; if it fails again, call IT staff.",
    ),
    "D108": (
        "The disk is almost full ({free_mib} MB left), so nothing new is begun.",
        "What is open can still be saved and sent. Free some space; work then goes on by itself.",
    ),
    "D109": (
        "The data folder lies on a network drive, where it is not safe.",
        "Nothing was changed. Choose a folder on this computer's own disk.",
    ),
    "D110": (
        "Login or password is not right.",
        "Type both again; mind capital letters.",
    ),
    "D111": (
        "Too many wrong tries.",
        "Wait {wait_s} seconds, then try again.",
    ),
    "D112": (
        "This login is locked after too many wrong tries.",
        "Ask the supervisor to unlock it.",
    ),
    "D113": (
        "This data belongs to another computer.",
        "IT staff can bind it to this one with the office code from the safe.",
    ),
    "D114": (
        "The key file is damaged or was altered.",
        "Do not delete anything. Call IT staff.",
    ),
    "D115": (
        "An older key file was put in place of the newest one.",
        "Call IT staff: the newest key file must be put back.",
    ),
    "D116": (
        "The password is too easy to guess.",
        "Take at least {least} characters that nobody would guess.",
    ),
    "D117": (
        "This login is taken.",
        "Choose another login.",
    ),
    "D118": (
        "This is the last administrator.",
        "Make somebody else administrator first.",
    ),
    "D120": (
        "This draft is not here any more.",
        "It was accepted or deleted meanwhile; look among the cases.",
    ),
    "D121": (
        "This case is not on this computer.",
        "Search by its number, or ask at the window that accepted it.",
    ),
    "D122": (
        "This draft belongs to another operator.",
        "Take it over first; that is put on record.",
    ),
    "D123": (
        "No leased numbers are left.",
        "Connect to the province to get new ones.",
    ),
    "D124": (
        "A file of this case is not here any more.",
        "Add the file again.",
    ),
    "D125": (
        "A file of this case is damaged.",
        "Add the file again.",
    ),
    "D126": (
        "This certificate is not on this computer.",
        "Check the number, or send and receive once more.",
    ),
    "D127": (
        "Nobody knows yet what became of the last copy of this document.",
        "Open it and say whether the sheet came out; then print.",
    ),
    "D130": (
        "The backup cannot be used.",
        "Nothing was changed. Try an older backup.",
    ),
    "D131": (
        "Going back would put {count} unsent cases aside that the backup does not have.",
        "Nothing was changed. Send them first, or restore without --exactly.",
    ),
    "C101": (
        "There is no such service here.",
        "Search for it by name, or ask IT staff to install it.",
    ),
    "C102": (
        "Your role may not do this.",
        "Ask a supervisor.",
    ),
    "C103": (
        "Something is still missing in this application.",
        "Complete what is marked, then accept again.",
    ),
    "C104": (
        "This cannot be done with the case as it stands.",
        "Look at what has happened to the case, then choose another step.",
    ),
    "C105": (
        "This document is not here.",
        "Open the case and choose the document again.",
    ),
    "C106": (
        "This office is not connected to a province.",
        "Ask IT staff for an enrolment code.",
    ),
    "C107": (
        "A certificate without a valid signature is not printed.",
        "Call the helpdesk with the certificate's number.",
    ),
    "F140": (
        "The service package has no file {file}.",
        "Ask whoever made the package to complete it.",
    ),
    "F141": (
        "The service package cannot be read: {file}, {place}.",
        "Ask whoever made the package to mend it.",
    ),
    "C100": (
        "The working days of {year} are not published yet.",
        "The date is shown once the calendar has been updated.",
    ),
    "C108": (
        "This login or name cannot be used.",
        "Give a name, and a login of 2 to 32 small letters, digits, dots or hyphens.",
    ),
    "C131": (
        "The stick cannot be read or written.",
        "Push it in again, or take another one, and repeat. Nothing is lost.",
    ),
    "C132": (
        "This picture cannot be read, or is far too large.",
        "Photograph or scan the paper again.",
    ),
    "C133": (
        "This case is in no conflict any more.",
        "Somebody else has settled it. Look at the case again.",
    ),
    "C150": (
        "The template cannot be saved: a name is empty, taken, or not of letters and digits.",
        "Give the template and each field a name of its own, such as holder_name.",
    ),
}
