"""A clerk's process that is killed at any moment; says what it was told is durable."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from casework import filling, link
from casework.office import RESOURCES, Office, Resources, local_now
from desktop.demo import CLERK, PASSWORD
from forms.answers import give_sample
from store.open import unlock
from store.secrets import FileBox
from sync.round import run_round

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200_000)


def say(**facts: str) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    store = unlock(
        folder / "office", CLERK, PASSWORD, secret=FileBox(folder / "device"), now=local_now()
    )
    office = Office(store, Resources(RESOURCES))
    form = office.catalogue.form("juzhu-zhengming")
    provider = link.provider(store)
    say(ready="yes")
    while True:
        made = filling.begin(office, "juzhu-zhengming", form, language="zh_CN")
        for step in range(3):
            made.session.answer("/data/stay/landlord", f"房东{step}")
            filling.autosave(office, made).result()
            say(draft=str(made.id), saved=str(step))
        give_sample(made.package, made.session)
        for ref in ("/data/papers/id_copy", "/data/papers/home_proof"):
            data = PICTURE + made.id.bytes + ref.encode()
            name = filling.attach(
                office, made, ref, name="x.pdf", media_type="application/pdf", data=data
            )
            made.session.answer(ref, name)
        case = filling.accept(office, made).result()
        say(draft=str(made.id), accepted=str(case))
        run_round(link.StoreLedger(store), provider, now=office.now)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
