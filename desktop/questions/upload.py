"""Files: chosen, dropped, pasted, or taken from the folder of a camera or scanner."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QMimeData, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from desktop.questions.base import QuestionWidget, show_row
from desktop.questions.pictures import thumbnail, to_png
from forms.views import NodeView

_PREVIEW_PX = 160
_SETTLE_MS = 400  # a scanner writes for a while after the file has appeared


class UploadQuestion(QuestionWidget):
    """One attached file. It is offered as bytes; the name comes back as the answer."""

    def build(self) -> None:
        """Make picture, name and buttons."""
        self.setAcceptDrops(True)
        self._seen: dict[Path, float] = {}
        self._shown_name: str | None = None
        self.preview = QLabel(self)
        self.preview.hide()
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.choose = QPushButton(self.tr("Choose a file…"), self)
        self.paste = QPushButton(self.tr("Paste"), self)
        self.latest = QPushButton(self.tr("From camera or scanner"), self)
        self.remove = QPushButton(self.tr("Remove"), self)
        self.choose.clicked.connect(self._choose)
        self.paste.clicked.connect(self.paste_clipboard)
        self.latest.clicked.connect(self.take_latest)
        self.remove.clicked.connect(self._remove)
        self.add_field(self.preview, stretch=False)
        self.add_field(self.name)
        self.add_field(show_row(*self.fields()), stretch=False)
        folder = self.around.watch_folder
        self._watcher = QFileSystemWatcher(self)
        if folder:
            self._watcher.addPath(str(folder))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._name_latest)
        self._watcher.directoryChanged.connect(lambda _path: self._settle.start())
        self.latest.setVisible(folder is not None)

    def fields(self) -> tuple[QWidget, ...]:
        """The buttons."""
        return (self.choose, self.paste, self.latest, self.remove)

    def show_answer(self, view: NodeView) -> None:
        """Show name and picture of the file."""
        self.remove.setVisible(bool(view.answer))
        if view.answer:
            self.name.setText(view.answer)
        else:
            self.name.setText(self.tr("No file yet. Drop one here, or choose, paste or scan it."))
        if view.answer == self._shown_name:
            return
        self._shown_name = view.answer
        data = self.around.attachment(view.answer) if view.answer else None
        picture = thumbnail(data, _PREVIEW_PX) if data and self._is_picture(view) else None
        self.preview.setVisible(picture is not None)
        if picture is not None:
            self.preview.setPixmap(picture)

    def offer_file(self, path: Path) -> None:
        """Offer the file at `path`, if it is of the right kind and size."""
        try:
            size = path.stat().st_size
            data = path.read_bytes() if size <= self.around.max_upload_bytes else b""
        except OSError:
            self.complain(self.tr("This file cannot be read. Choose it again."))
            return
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.offer(path.name, media_type, data, size=size)

    def offer(self, name: str, media_type: str, data: bytes, *, size: int | None = None) -> None:
        """Offer `data`; says in words why it will not do."""
        size = len(data) if size is None else size
        if size > self.around.max_upload_bytes:
            most = self.around.max_upload_bytes // (1024 * 1024)
            words = self.tr("This file is too large: at most {most} MB.")
            self.complain(words.format(most=most))
            return
        if size == 0:
            self.complain(self.tr("This file is empty."))
            return
        if not accepts(self.view.media_accept, media_type, name):
            words = self.tr("This question takes other files: {kinds}.")
            self.complain(words.format(kinds=self.view.media_accept))
            return
        self.complain("")
        self._shown_name = None  # the same name may hold another picture now
        self.offered.emit(self.ref, name, media_type, data)

    def paste_clipboard(self) -> None:
        """Offer the picture or file in the clipboard."""
        self._offer_mime(QGuiApplication.clipboard().mimeData())

    def take_latest(self) -> None:
        """Offer the newest file of the watched folder."""
        newest = self._newest()
        if newest is None:
            self.complain(self.tr("The folder of the camera or scanner is empty."))
            return
        self.offer_file(newest)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files and pictures."""
        mime = event.mimeData()
        if not self.view.read_only and (mime.hasUrls() or mime.hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Offer what was dropped."""
        self._offer_mime(event.mimeData())
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+V pastes."""
        if event.matches(QKeySequence.StandardKey.Paste) and not self.view.read_only:
            self.paste_clipboard()
            return
        super().keyPressEvent(event)

    def _offer_mime(self, mime: QMimeData) -> None:
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self.offer_file(files[0])
        elif mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.offer("picture.png", "image/png", to_png(image))
        else:
            self.complain(self.tr("There is no picture or file to paste."))

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.offer_file(Path(path)))
        dialog.open()

    def _remove(self) -> None:
        self.complain("")
        self.answered.emit(self.ref, "")
        self.choose.setFocus()

    def _newest(self) -> Path | None:
        folder = self.around.watch_folder
        if folder is None or not folder.is_dir():
            return None
        files = [path for path in folder.iterdir() if path.is_file()]
        return max(files, key=lambda path: path.stat().st_mtime, default=None)

    def _name_latest(self) -> None:
        newest = self._newest()
        self.latest.setToolTip(newest.name if newest else "")

    def _is_picture(self, view: NodeView) -> bool:
        guessed = mimetypes.guess_type(view.answer)[0] or ""
        return view.media_accept.startswith("image") or guessed.startswith("image/")


def accepts(wanted: str, media_type: str, name: str) -> bool:
    """Whether a file fits `mediatype` of an upload ("image/*", "image/*,.pdf", "" for all)."""
    for part in (part.strip().lower() for part in wanted.split(",")):
        if part in ("", "*/*", "application/*"):
            return True
        if part.startswith(".") and name.lower().endswith(part):
            return True
        if part.endswith("/*") and media_type.startswith(part[:-1]):
            return True
        if part == media_type:
            return True
    return False
