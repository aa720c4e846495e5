"""A program that prints all results of one thing until it is killed: FOLDER FIRST-CASE."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtWidgets import QApplication

from casework.office import RESOURCES, Office, Resources, local_now
from desktop.batch import Batch, Tally, Target
from desktop.gui_thread import GuiThread
from desktop.office_desk import OfficeDesk
from store.open import unlock
from store.secrets import FileBox
from sync.loop import SyncState
from tests.casework.hall import PASSWORD


def main(folder: Path, first: str) -> int:
    """Print what is ready, and say each step."""
    app = QApplication([])
    store = unlock(
        folder / "hall", "li", PASSWORD, secret=FileBox(folder / "device"), now=local_now()
    )
    office = Office(store, Resources(RESOURCES))
    workers = ThreadPoolExecutor(2)
    desk = OfficeDesk(office, workers, language=lambda: "en", state=SyncState, send=lambda: None)
    together = desk.case(first).together
    assert together is not None
    batch = Batch(desk, GuiThread(), workers)

    def say(tally: Tally) -> None:
        stages = [fate.stage for fate in tally.fates.values()]
        sys.stdout.write(f"{' '.join(stages)}\n")
        sys.stdout.flush()

    batch.moved.connect(say)
    batch.ended.connect(lambda _tally: app.quit())
    batch.start(together.ready, Target("Raw"))
    app.exec()
    workers.shutdown()
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
