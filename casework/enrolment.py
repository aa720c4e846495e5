"""Enrolment files: looked at before anything is sent, then used, then deleted."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework import link
from casework.errors import NoEnrolmentFile, StickFailed
from casework.office import Office, Resources
from casework.rights import needs
from store.offices import OfficeView
from sync.enrol import EnrolmentView
from sync.enrolment_file import MOST_BYTES, EnrolmentFile, read_enrolment_file
from sync.errors import WrongProvince

ENDING = ".lmenrol"


@dataclass(frozen=True)
class Offer:
    """What a file would do, for a person to agree to. `expires_at` is aware.

    Attributes:
        place: What the division is called, from the province down.
        fingerprint: Of the key that signed; to be compared with what the province made known.
        again: This computer is connected already and would get a new key.
    """

    province: str
    office: str
    division: str
    place: str
    url: str
    fingerprint: str
    expires_at: datetime
    again: bool


@needs("enrol")
def look_at(office: Office, path: Path) -> Offer:
    """What an enrolment file says, once its signature holds; nothing is sent.

    Raises:
        StickFailed: The file cannot be read.
        EnrolmentFileForged, EnrolmentFileOver: As `read_enrolment_file`.
        AnotherProvince, StillHanging: As `link.check_office`.
    """
    file = _read(office, path)
    return Offer(
        province=file.province,
        office=file.office_name,
        division=file.division,
        place=place_of(office.resources, file.division),
        url=file.url,
        fingerprint=file.fingerprint,
        expires_at=file.expires_at,
        again=link.is_connected(office.store),
    )


@needs("enrol")
def enrol_by_file(office: Office, path: Path, *, device_name: str) -> EnrolmentView:
    """Connect this computer by a file; slow, call it on a worker. Again changes nothing.

    Raises:
        SyncError, CaseworkError: As `look_at` and `link.enrol_office`.
    """
    file = _read(office, path)
    return link.enrol_office(
        office, file.url, file.code, device_name=device_name, expected=file.keys
    )


@needs("enrol")
def delete_file(_office: Office, path: Path) -> None:
    """Take a used file off the disk or stick, since it holds a secret.

    Raises:
        StickFailed: It cannot be written over or deleted; it has to be destroyed by hand.
    """
    try:
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except OSError:
        raise StickFailed from None


def check_fingerprint(offer: Offer, wanted: str) -> None:
    """Refuse a file that another key signed than the one made known; blanks and case are free.

    Raises:
        WrongProvince: It did.
    """
    if "".join(wanted.split()).lower() != offer.fingerprint.replace(" ", ""):
        raise WrongProvince


def find_file(folders: Iterable[Path]) -> Path:
    """The one enrolment file that lies in the first of the folders that has any.

    Raises:
        NoEnrolmentFile: There is none, or more than one: nobody can know which is meant.
    """
    for folder in folders:
        found = sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []
        if found:
            if len(found) > 1:
                break
            return found[0]
    raise NoEnrolmentFile


def place_of(resources: Resources, division: str) -> str:
    """What a division is called, such as 云南省昆明市五华区; as far down as the list knows it."""
    rows = csv.DictReader(io.StringIO(resources.lists["divisions.csv"].decode("utf-8")))
    known = {row["name"]: (row["label"], row["parent"]) for row in rows}
    codes = [division, division[:9], division[:6], division[:4] + "00", division[:2] + "0000"]
    at = next((code for code in codes if code in known), "")
    names: list[str] = []
    while at in known and len(names) < len(codes):
        label, at = known[at]
        names.append(label)
    return "".join(reversed(names))


def _read(office: Office, path: Path) -> EnrolmentFile:
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError:
        raise StickFailed from None
    file = read_enrolment_file(data, office.now())
    to = OfficeView(file.office_id, file.office_name, file.division)
    link.check_office(office, to, file.keys)
    return file
