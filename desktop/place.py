"""Where this computer stands: its numbers, its way to another office, whether it is let in."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from casework import link, moving, number_blocks
from casework.office import Office
from desktop.desk import Place
from desktop.parts import Tone
from desktop.sentences import joined
from store.views import CaseFile


def place_of(office: Office) -> Place:
    """How the office of this computer stands now."""
    to, hanging = moving.standing(office)
    return Place(
        connected=link.is_connected(office.store),
        shut_out=moving.is_shut_out(office),
        numbers_left=number_blocks.left(office),
        moving_to=to.name if to else "",
        unsent=hanging.unsent,
        refused=hanging.refused,
        corrections=hanging.corrections,
    )


def say_place(place: Place) -> list[tuple[str, Tone, str]]:
    """Sentence, tone and caption of each thing to know; nothing where all is as usual."""
    said: list[tuple[str, Tone, str]] = []
    if place.shut_out:
        said.append((_tr("The province has shut this computer out"), "danger", say_shut_out()))
    if place.moving_to:
        first = _tr("This computer moves to {office}").format(office=place.moving_to)
        said.append((first, "warning", say_hanging(place)))
    if place.connected and not place.numbers_left and not place.shut_out:
        said.append(
            (
                _tr("No case numbers left"),
                "warning",
                _tr("Slips bear provisional numbers; final ones come with the next exchange."),
            )
        )
    return said


def say_shut_out() -> str:
    """What to do where the province lets this computer in no more."""
    return _tr(
        "Work goes on and nothing is lost. IT staff connect it anew with a fresh file or code of "
        "this office; what waits is then sent."
    )


def say_hanging(place: Place) -> str:
    """What must still be done before the move, in words."""
    if not (place.unsent or place.corrections):
        return _tr("Everything is sent; it moves with the next exchange.")
    lines = [_tr("Nothing new is accepted until then; forms are kept as drafts.")]
    if place.unsent:
        lines.append(_tr("{n} not sent yet.").format(n=place.unsent))
    if place.refused:
        lines.append(_tr("{n} of them need a person: see the outbox.").format(n=place.refused))
    if place.corrections:
        lines.append(_tr("{n} corrections to finish first.").format(n=place.corrections))
    return joined(*lines)


def note(file: CaseFile) -> str:
    """What to know of a case's number and office; "" where there is nothing."""
    said = []
    if file.former_office:
        said.append(
            _tr(
                "Accepted at {office}, where this computer worked before; it goes on there."
            ).format(office=file.former_office)
        )
    if file.first_number:
        text = _tr("Accepted under the provisional number {number}; both lead here.")
        said.append(text.format(number=file.first_number))
    elif number_blocks.is_provisional(file.row) and not file.former_office:
        said.append(_tr("A provisional number: the final one comes with the next exchange."))
    return joined(*said)


def _tr(text: str) -> str:
    return QCoreApplication.translate("place", text)
