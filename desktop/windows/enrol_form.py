"""Connecting this computer: an enrolment file that is looked at first, or a one-time code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QWidget,
)

from desktop import messages, parts, theme
from desktop.care import Care, LinkLine, OfferLine
from desktop.gui_thread import GuiThread

T = TypeVar("T")
ASK, OFFER, DONE = range(3)


class DropPlace(QFrame):
    """Where an enrolment file is dropped or chosen.

    Signals:
        given: (path).
    """

    given = Signal(str)

    def __init__(self, choose: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.setAcceptDrops(True)
        self.choose = parts.button("", icon="folder", clicked=choose)
        self.hint = parts.label("", "caption", wrap=True)
        self.found = parts.button("", "quiet", icon="save")
        self.found.hide()
        line = parts.row(self.choose, self.hint, space=theme.M)
        line.setStretch(1, 1)
        self.setLayout(parts.column(line, self.found, margin=theme.M))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take one file."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the file."""
        event.acceptProposedAction()
        self.given.emit(event.mimeData().urls()[0].toLocalFile())


class EnrolForm(QWidget):
    """Asks how to connect, shows what a file offers, and says what became of it.

    Signals:
        busy: (what is being done, or ""). said: (text, tone). connected: (LinkLine).
        turned: (): another of its pages is shown.
    """

    busy = Signal(str)
    said = Signal(str, str)
    connected = Signal(object)
    turned = Signal()

    def __init__(self, care: Callable[[], Care | None], gui: GuiThread) -> None:
        super().__init__()
        self._care, self._gui = care, gui
        self._path = self._lying = ""
        self._running = False
        self.place = DropPlace(self._choose)
        self.place.given.connect(self.look_at)
        self.place.found.clicked.connect(lambda: self.look_at(self._lying))
        self.names = [parts.label("", "strong") for _ in range(2)]
        self.url, self.once = QLineEdit(), QLineEdit()
        self.url.setPlaceholderText("https://")
        self.or_code = parts.label("", "muted")
        self.once.returnPressed.connect(self.go_on)
        ask = self._ask_page()
        self.facts = [parts.label("", "body", wrap=True) for _ in range(6)]
        self.fact_names = [parts.label("", "muted") for _ in range(6)]
        self.compare = parts.label("", "caption", wrap=True)
        self.again = parts.label("", "caption", wrap=True)
        offer = self._offer_page()
        self.secret = parts.label("", "body", wrap=True)
        self.delete = parts.button("", "danger", icon="trash", clicked=self._delete)
        self.pages = (ask, offer, self._done_page())
        self.at = ASK
        self.setLayout(parts.column(*self.pages))
        self._turn(ASK)
        self.retranslate()

    def _ask_page(self) -> QWidget:
        page = QWidget()
        lines: list[QWidget | int] = [self.place, 4, self.or_code]
        for name, field in zip(self.names, (self.url, self.once), strict=True):
            name.setBuddy(field)
            lines += [name, field]
        page.setLayout(parts.column(*lines))
        return page

    def _offer_page(self) -> QWidget:
        page, form = QWidget(), QFormLayout()
        form.setHorizontalSpacing(theme.L)
        form.setVerticalSpacing(theme.S)
        for name, fact in zip(self.fact_names, self.facts, strict=True):
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(name, fact)
        page.setLayout(parts.column(form, 4, self.compare, self.again))
        return page

    def _done_page(self) -> QWidget:
        page = QWidget()
        page.setLayout(parts.column(self.secret, parts.row(self.delete, -1)))
        return page

    @property
    def offers(self) -> bool:
        """Whether a file's content is being shown."""
        return self.at == OFFER

    @property
    def finishing(self) -> bool:
        """Whether a used file waits to be deleted."""
        return self.at == DONE and self.pages[DONE].isVisibleTo(self)

    # --- acts ---

    def begin(self) -> None:
        """Start afresh, and see whether a file lies on a stick."""
        self._turn(ASK)
        care = self._care()
        if care is not None:
            self._gui.deliver(
                care.enrolment_files(), to=self, done=self._found, failed=lambda _error: None
            )

    def look_at(self, path: str) -> None:
        """Show what a file says; nothing is sent."""
        care = self._care()
        if care is None or self._running:
            return
        self._path = path
        self._await(care.look_at(path), self.tr("Reading the file ..."), self._offer)

    def go_on(self) -> None:
        """Connect: by the file that is shown, else by address and code."""
        care = self._care()
        url, code = self.url.text().strip(), self.once.text().strip()
        if care is None or self._running:
            return
        what = self.tr("Connecting to the province ...")
        if self.offers:
            self._await(care.connect_by_file(self._path), what, self._connected)
        elif url and code:
            self._path = ""
            self._await(care.connect(url, code), what, self._connected)
        else:
            self.said.emit(
                self.tr("Choose an enrolment file, or type the address and the one-time code."),
                "warning",
            )

    def go_back(self) -> None:
        """From what a file says back to the choice."""
        self.said.emit("", "info")
        self._turn(ASK)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Enrolment file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Enrolment files") + " (*.lmenrol)")
        dialog.filesSelected.connect(lambda paths: self.look_at(paths[-1]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _delete(self) -> None:
        care = self._care()
        if care is not None:
            self._await(care.delete_file(self._path), self.tr("Deleting the file ..."), self._gone)

    def _await(self, future: Future[T], what: str, done: Callable[[T], None]) -> None:
        self._running = True
        self.busy.emit(what)

        def finished(result: T) -> None:
            self._end()
            done(result)

        self._gui.deliver(future, to=self, done=finished, failed=self._refused)

    def _end(self) -> None:
        self._running = False
        self.busy.emit("")

    def _refused(self, error: Exception) -> None:
        self._end()
        self.said.emit(messages.say(error), "danger")

    # --- what came of it ---

    def _found(self, paths: Sequence[str]) -> None:
        self._lying = paths[0] if len(paths) == 1 else ""
        self.place.found.setVisible(bool(self._lying))
        self._name_found()

    def _offer(self, offer: OfferLine) -> None:
        place = f"{offer.place}  {offer.division}".strip()
        said = (offer.province, offer.office, place, offer.url, offer.until, offer.fingerprint)
        for label, name, text in zip(self.facts, self.fact_names, said, strict=True):
            label.setText(text)
            label.setAccessibleName(f"{name.text()}: {text}")
        self.again.setVisible(offer.again)
        self.said.emit("", "info")
        self._turn(OFFER)

    def _connected(self, link: LinkLine) -> None:
        self.once.clear()
        self._turn(DONE)
        self.pages[DONE].setVisible(bool(self._path))
        text = self.tr("Connected to {province} as {office}.")
        self.said.emit(text.format(province=link.province, office=link.office), "success")
        self.connected.emit(link)

    def _gone(self, _none: None) -> None:
        self.pages[DONE].hide()
        self.said.emit(self.tr("The enrolment file is deleted."), "success")

    def _turn(self, at: int) -> None:
        self.at = at
        for n, page in enumerate(self.pages):
            page.setVisible(n == at)
        self.turned.emit()

    def _name_found(self) -> None:
        name = Path(self._lying).name
        self.place.found.setText(self.tr("Use {name}, found here").format(name=name))
        self.place.found.setAccessibleName(self.place.found.text())

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.place.choose.setText(self.tr("Choose an enrolment file ..."))
        self.place.choose.setAccessibleName(self.tr("Choose an enrolment file"))
        self.place.hint.setText(self.tr("or drop it here"))
        self._name_found()
        self.or_code.setText(self.tr("Without a file: address and one-time code"))
        for name, field, text in zip(
            self.names,
            (self.url, self.once),
            (self.tr("Address of the province"), self.tr("One-time code")),
            strict=True,
        ):
            name.setText(text)
            field.setAccessibleName(text)
        _say(
            self.fact_names,
            self.tr("Province"),
            self.tr("Office"),
            self.tr("Division"),
            self.tr("Address"),
            self.tr("Serves until"),
            self.tr("Fingerprint"),
        )
        self.compare.setText(
            self.tr(
                "Compare the fingerprint with the one that the province has made known. "
                "Nothing has been sent yet."
            )
        )
        self.again.setText(
            self.tr("This computer is connected already. It gets a new key; no case is lost.")
        )
        self.secret.setText(
            self.tr("The file holds a secret. It has served its purpose: delete it.")
        )
        self.delete.setText(self.tr("Delete the enrolment file"))
        self.delete.setAccessibleName(self.delete.text())


def _say(labels: Sequence[QLabel], *texts: str) -> None:
    for label, text in zip(labels, texts, strict=True):
        label.setText(text)
