"""Add a project of ODK Central, KoboToolbox or Ona: by its settings code, or by its address.

What the code says is shown before anything is kept: the project, its server, its user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QWidget

from desktop import messages, parts, theme
from desktop.folder_dialog import ask_for_file
from desktop.gui_thread import GuiThread
from desktop.project_desk import FetchedForms, FoundProject, ProjectDesk
from desktop.windows.new_password import secret_line

_MOST_BYTES = 30_000_000  # of a picture


class AddProject(QDialog):
    """Reads, shows, tries and adds one project.

    Signals:
        added: (FetchedForms). The project is kept and its forms are here.
    """

    added = Signal(object)

    def __init__(self, desk: ProjectDesk, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._gui = desk, gui
        self.found: FoundProject | None = None
        self.setMinimumWidth(640)
        self.setAcceptDrops(True)
        self.setWindowTitle(self.tr("Add an ODK project"))
        self.picture = parts.button(
            self.tr("Picture of the code ..."), icon="folder", clicked=self._ask_picture
        )
        self.paste = parts.button(self.tr("From the clipboard"), clicked=self._from_clipboard)
        self.url, self.login, self.secret = QLineEdit(), QLineEdit(), secret_line()
        self.use = parts.button(self.tr("Use this address"), clicked=self._use_typed)
        self.card = parts.Card(self.tr("What was found"))
        self.card.setProperty("ground", "page")
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(theme.XL)
        self.facts.setColumnStretch(1, 1)
        self.card.body.addLayout(self.facts)
        self.card.hide()
        self.banner = parts.Banner()
        self.cancel = parts.button(self.tr("Cancel"), clicked=self.reject)
        self.trial = parts.button(self.tr("Test the connection"), clicked=self._try)
        self.keep = parts.button(self.tr("Add the project"), "primary", clicked=self._add)
        self._lay_out()
        for field in (self.url, self.login, self.secret):
            field.returnPressed.connect(self._use_typed)
        self._offer()

    def _lay_out(self) -> None:
        why = parts.label(
            self.tr(
                "ODK Central, KoboToolbox, Ona: the project's settings code is a QR code. "
                "Choose its picture, drop it here, or paste picture or text."
            ),
            "muted",
            wrap=True,
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.M)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 1)
        self.url.setPlaceholderText("https://")
        names = (
            (self.tr("Address"), self.url, 0, 0),
            (self.tr("Login"), self.login, 1, 0),
            (self.tr("Password or token"), self.secret, 1, 2),
        )
        for text, field, line, at in names:
            name = parts.label(text, "strong")
            name.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(name, line, at)
            grid.addWidget(field, line, at + 1, 1, 3 if line == 0 else 1)
        column = parts.column(
            parts.label(self.windowTitle(), "title"),
            why,
            parts.row(self.picture, self.paste, -1, space=theme.M),
            parts.rule(),
            parts.label(self.tr("Without a code, by the project's address:"), "muted"),
            grid,
            parts.row(-1, self.use),
            self.card,
            self.banner,
            parts.row(self.cancel, -1, self.trial, self.keep, space=theme.M),
            space=theme.M,
            margin=theme.XL,
        )
        self.setLayout(column)

    # --- what is brought ---

    def _ask_picture(self) -> None:
        kinds = self.tr("Pictures and files of settings")
        ask_for_file(
            self,
            self.tr("Picture of the settings code"),
            self.tr("Choose"),
            f"{kinds} (*.png *.jpg *.jpeg *.bmp *.webp *.tif *.tiff *.pdf *.json *.settings *.txt)",
            lambda path: self.take_file(Path(path)),
        )

    def take_file(self, path: Path) -> None:
        """Read the settings in a file."""
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES)
        except OSError:
            data = b""
        self._read(data)

    def _from_clipboard(self) -> None:
        clipboard = QGuiApplication.clipboard()
        # The code holds a key or a password: it is not left lying there.
        self._take(clipboard.mimeData(), clipboard.clear)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files, pictures and texts."""
        mime = event.mimeData()
        if mime.hasUrls() or mime.hasImage() or mime.hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Read what was dropped."""
        self._take(event.mimeData(), lambda: None)

    def _take(self, mime: QMimeData, taken: Callable[[], object]) -> None:
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self.take_file(files[0])
        elif mime.hasImage():
            self._read(_as_png(QImage(mime.imageData())), taken)
        else:
            self._read(mime.text().encode(), taken)

    def _read(self, data: bytes, taken: Callable[[], object] = lambda: None) -> None:
        self._busy(self.tr("Reading the code ..."))

        def done(found: FoundProject) -> None:
            taken()
            self._show(found)

        self._gui.deliver(self._desk.read(data), to=self, done=done, failed=self._refused)

    def _use_typed(self) -> None:
        if not self.url.text().strip():
            self.banner.say(self.tr("Type the project's address."), "warning")
            self.url.setFocus()
            return
        self._show(self._desk.typed(self.url.text(), self.login.text().strip(), self.secret.text()))

    # --- what was found ---

    def _show(self, found: FoundProject) -> None:
        self.found = found
        parts.clear(self.facts)
        lines = (
            (self.tr("Project"), found.name or found.host),
            (self.tr("Server"), found.host),
            (self.tr("User"), found.login or self.tr("by a key, without a login")),
        )
        for at, (name, value) in enumerate(lines):
            self.facts.addWidget(parts.label(name, "caption"), at, 0)
            self.facts.addWidget(parts.label(value, "strong"), at, 1)
        self.card.setAccessibleName("; ".join(f"{name}: {value}" for name, value in lines))
        self.card.show()
        self._busy("")
        self.adjustSize()
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        if self.found is None:
            return
        self._busy(self.tr("Asking the server ..."))

        def done(names: Sequence[str]) -> None:
            self._busy("")
            said = self.tr("The server answers and offers {n} forms: {names}")
            shown = "、".join(names[:5]) + (" …" if len(names) > 5 else "")
            self.banner.say(said.format(n=len(names), names=shown or "-"), "success")

        self._gui.deliver(self._desk.try_out(self.found), to=self, done=done, failed=self._refused)

    def _add(self) -> None:
        if self.found is None:
            return
        self._busy(self.tr("Fetching the project's forms ..."))

        def done(fetched: FetchedForms) -> None:
            self.secret.clear()
            self.found = None
            self.added.emit(fetched)
            self.accept()

        self._gui.deliver(self._desk.add(self.found), to=self, done=done, failed=self._refused)

    def _refused(self, error: Exception) -> None:
        self._busy("")
        self.banner.say(messages.say(error), "danger")

    def _busy(self, text: str) -> None:
        self.banner.say(text)
        for button in (self.picture, self.paste, self.use, self.trial, self.keep):
            button.setEnabled(not text)
        self._offer(busy=bool(text))

    def _offer(self, *, busy: bool = False) -> None:
        for button in (self.trial, self.keep):
            button.setEnabled(self.found is not None and not busy)


def _as_png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(held.data())
