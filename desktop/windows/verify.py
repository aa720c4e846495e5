"""Check a certificate: scan its code, or bring a picture or a PDF. No network is needed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLineEdit, QWidget

from desktop import parts, theme, words
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.print_errors import NotReadable
from desktop.questions.pictures import to_png
from desktop.windows.base import Page

MOST_BYTES = 64 * 1024 * 1024
PICTURES = "*.png *.jpg *.jpeg *.tif *.tiff *.bmp *.webp *.pdf"


class Certificates(Page):
    """Verification of certificates, and the ways to paper that concern many or none.

    Signals:
        many_wanted: () print many at once. templates_wanted: () look after templates.
    """

    many_wanted = Signal()
    templates_wanted = Signal()

    def __init__(self, desk: Desk, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._gui = desk, gui
        self.setAcceptDrops(True)
        self.many = parts.button("", icon="print", clicked=self.many_wanted.emit)
        self.templates = parts.button("", icon="edit", clicked=self.templates_wanted.emit)
        self.head.addWidget(self.many)
        self.head.addWidget(self.templates)
        self.card, self.result = parts.Card(" "), parts.Card()
        self.hint = parts.label("", "muted", wrap=True)
        self.code = QLineEdit()
        self.code.returnPressed.connect(self._check)
        self.check = parts.button("", "primary", icon="shield", clicked=self._check)
        self.choose = parts.button("", icon="folder", clicked=self._choose)
        self.paste = parts.button("", icon="scan", clicked=self.take_clipboard)
        line = parts.row(self.code, self.check)
        line.setStretch(0, 1)
        self.no_camera = parts.label("", "caption", wrap=True)
        self.card.body.addWidget(self.hint)
        self.card.body.addLayout(line)
        self.card.body.addLayout(parts.row(self.choose, self.paste, -1))
        self.card.body.addWidget(self.no_camera)
        self._lines = QFormLayout()
        self._lines.setHorizontalSpacing(theme.XL)
        self.result.body.addLayout(self._lines)
        self.result.hide()
        self.known = parts.label("", "caption", wrap=True)
        self.load = parts.button("", small=True, clicked=self._choose_list)
        foot = parts.row(self.known, self.load)
        foot.setStretch(0, 1)
        below = QWidget()
        below.setProperty("ground", "none")
        below.setLayout(foot)
        for widget in (self.card, self.result, below):
            widget.setMaximumWidth(720)
            self.content.addWidget(widget)
        self.content.addStretch(1)
        paste = QShortcut(QKeySequence.StandardKey.Paste, self, self._pasted)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setFocusProxy(self.code)
        self.retranslate()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Certificates"))
        self.templates.setText(self.tr("Templates ..."))
        self.card.set_title(self.tr("Verify a certificate"))
        self.hint.setText(
            self.tr(
                "Scan the code on the certificate, or bring a photo, a scan or the PDF: choose it,"
                " paste it, or drop it here. No network is needed."
            )
        )
        self.code.setAccessibleName(self.tr("Code of the certificate"))
        self.code.setPlaceholderText(self.tr("Code that begins with LM1:"))
        self.check.setText(self.tr("Verify"))
        self.choose.setText(self.tr("Picture or PDF ..."))
        self.paste.setText(self.tr("Paste a picture"))
        self.no_camera.setText(
            self.tr(
                "This program does not open cameras itself: take the photo with the system's"
                " camera program and paste it here, or use a scanner."
            )
        )
        self.load.setText(self.tr("Load a list ..."))
        self.load.setAccessibleName(self.tr("Load a list of keys and void certificates"))
        for each in (self.templates, self.check, self.choose, self.paste):
            each.setAccessibleName(each.text().rstrip(" .…"))
        self.refresh()

    def refresh(self) -> None:
        """Say how fresh the knowledge is."""
        held = self._desk.beliefs()
        if held.seen_at is None:
            said = self.tr("Void certificates are not known here yet: no list was taken over.")
        else:
            said = self.tr("Known: {keys} keys, {voided} void certificates, as of {when}.").format(
                keys=held.keys, voided=held.voided, when=words.moment(held.seen_at)
            )
        self.known.setText(said)
        waiting = self._desk.figures().to_print
        text = self.tr("Print many ({n}) ...").format(n=waiting)
        self.many.setText(text if waiting else self.tr("Print many ..."))
        self.many.setAccessibleName(self.many.text().rstrip(" .…"))
        self.many.setVisible("print" in self._desk.operator.rights)

    def _check(self) -> None:
        text = self.code.text().strip()
        self.result.hide()
        if not text:
            self.banner.say(self.tr("Scan or paste the code first."), "warning")
            self.code.setFocus()
            return
        self._verifying()
        self._gui.deliver(
            self._desk.verify(text), to=self, done=self._verified, failed=self._refused
        )

    def _verifying(self) -> None:
        self.result.hide()
        self.banner.say(self.tr("Verifying ..."), "info")

    def take_file(self, path: str) -> None:
        """Verify what a picture or a PDF shows."""
        try:
            data = _read(Path(path))
        except NotReadable as error:
            self.explain(error)
            return
        self.take_bytes(data)

    def take_bytes(self, data: bytes) -> None:
        """Verify what the bytes of a picture or a PDF show."""
        self._verifying()
        self._gui.deliver(
            self._desk.verify_file(data), to=self, done=self._verified, failed=self._refused
        )

    def take_clipboard(self) -> None:
        """Verify the picture or the text that was copied."""
        copied = QGuiApplication.clipboard().mimeData()
        if copied.hasImage():
            self.take_bytes(to_png(QGuiApplication.clipboard().image()))
        elif copied.hasUrls() and copied.urls()[0].isLocalFile():
            self.take_file(copied.urls()[0].toLocalFile())
        elif copied.hasText():
            self.code.setText(copied.text().strip())
            self._check()
        else:
            self.banner.say(self.tr("Copy a picture first, then paste it here."), "warning")

    def _pasted(self) -> None:
        copied = QGuiApplication.clipboard().mimeData()
        if copied.hasImage() or copied.hasUrls():
            self.take_clipboard()
        else:
            self.code.paste()

    def _refused(self, error: Exception) -> None:
        self.explain(error)
        self.code.selectAll()
        self.code.setFocus()

    def _verified(self, lines: tuple[tuple[str, str], ...]) -> None:
        while self._lines.rowCount():
            self._lines.removeRow(0)
        for name, value in lines:
            self._lines.addRow(parts.label(name, "muted"), parts.label(value, "strong"))
        self.result.set_title(self.tr("Compare the paper with this"))
        self.result.show()
        self.banner.say(self.tr("Genuine and unchanged."), "success")
        self.code.selectAll()

    def _choose(self) -> None:
        self._ask(
            self.tr("Picture or PDF of a certificate"),
            self.tr("Pictures and PDF ({kinds})").format(kinds=PICTURES),
            self.take_file,
        )

    def _choose_list(self) -> None:
        self._ask(self.tr("List of keys and void certificates"), "JSON (*.json)", self.take_list)

    def _ask(self, title: str, kinds: str, then: object) -> None:
        dialog = QFileDialog(self, title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(kinds)
        dialog.fileSelected.connect(then)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def take_list(self, path: str) -> None:
        """Take over a signed list that was carried here."""
        try:
            data = _read(Path(path))
        except NotReadable as error:
            self.explain(error)
            return
        self._gui.deliver(
            self._desk.take_list(data), to=self, done=self._list_taken, failed=self.explain
        )

    def _list_taken(self, _none: object) -> None:
        self.refresh()
        self.banner.say(self.tr("The list was taken over."), "success")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Let files and pictures be dropped."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Verify what was dropped."""
        data = event.mimeData()
        if data.hasUrls() and data.urls()[0].isLocalFile():
            self.take_file(data.urls()[0].toLocalFile())
        elif data.hasImage():
            self.take_bytes(to_png(QImage(data.imageData())))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NotReadable
        return path.read_bytes()
    except OSError:
        raise NotReadable from None
