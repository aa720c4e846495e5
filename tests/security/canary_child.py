"""Does everything that touches a citizen's data, over and over, until it is killed."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from casework import documents, exports, filling, grades, persons
from casework.cases import deliver
from casework.errors import CaseworkError
from casework.four_eyes import Second
from casework.office import RESOURCES, Office, Resources, local_now
from desktop import unforeseen
from printing import raster
from store import backup
from store.cases import Wanted
from store.open import unlock
from store.secrets import FileBox
from tests.casework.hall import PASSWORD, filled
from tests.security.canaries import ID_NO, NAME

profile = Path(sys.argv[1])
unforeseen.log_to(profile / "logs")
log = logging.getLogger("canary")
box = FileBox(profile.with_name("device"))
store = unlock(profile, "zhao", PASSWORD, secret=box, now=local_now())
office = Office(store, Resources(RESOURCES))


def once() -> None:
    made = filled(office)
    made.session.answer("/data/applicant/name", NAME)
    filling.autosave(office, made).result()
    filling.attach(
        office,
        made,
        "/data/papers/id_copy",
        name=f"{NAME}.pdf",
        media_type="application/pdf",
        data=f"%PDF-1.4 {NAME} {ID_NO}".encode(),
    )
    case = filling.accept(office, made).result()
    pdf = documents.pdf(office, f"receipt:{case}")
    next(iter(raster.pages(pdf, 72)))
    grades.reveal(office, case, "proof")
    persons.correct(office, case, "applicant_id_no", ID_NO, "proof")
    persons.copy_of(office, ID_NO, reason="proof", phrase="twelve and more")
    sealed_list = exports.export_cases(
        office,
        Wanted(),
        phrase="twelve and more",
        reason="proof",
        second=Second("admin", PASSWORD),
        whole=True,
    )
    (profile / "list.lmx").write_bytes(sealed_list)
    backup.make(store, local_now())
    try:
        deliver(office, case)
    except CaseworkError as error:
        log.warning("refused: %s", error, exc_info=True)


for _ in range(1000):
    once()
    sys.stdout.write("done\n")
    sys.stdout.flush()
