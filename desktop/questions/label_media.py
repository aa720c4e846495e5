"""What a label brings beside its words: a picture, a sound, a film."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from PySide6.QtCore import QDir, Qt, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.questions.pictures import thumbnail
from forms.views import Media

_PICTURE_PX = 480
_LARGE_PX = 1400
# What a player plays. Nothing else of a form is ever handed to another program.
_SOUNDS = frozenset((".mp3", ".m4a", ".wav", ".ogg", ".opus", ".aac", ".amr", ".flac"))
_FILMS = frozenset((".mp4", ".m4v", ".mov", ".webm", ".mkv", ".3gp", ".avi", ".mpg"))

Find = Callable[[str], bytes | None]
Play = Callable[[QUrl], bool]


class LabelMedia(QWidget):
    """Picture, sound and film of one label; hidden while there are none.

    Sounds and films are opened by the program that this computer has for them; they come with the
    form and hold nothing of a citizen.

    Args:
        find: Bytes of a file of the form by its `jr://` name; None when the form lacks it.
        play: Opens a file with its program.
    """

    def __init__(
        self, find: Find, parent: QWidget | None = None, *, play: Play = QDesktopServices.openUrl
    ) -> None:
        super().__init__(parent)
        self._find, self._play = find, play
        self._media = Media()
        self._folder: QTemporaryDir | None = None
        self.picture = QLabel(self)
        self.larger = QPushButton(self.tr("Show larger"), self)
        self.sound = QPushButton(self.tr("Play the sound"), self)
        self.film = QPushButton(self.tr("Show the film"), self)
        self.larger.clicked.connect(self._enlarge)
        self.sound.clicked.connect(lambda: self._open(self._media.audio))
        self.film.clicked.connect(lambda: self._open(self._media.video))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignLeading)
        row = QHBoxLayout()
        row.setSpacing(theme.S)
        for button in (self.larger, self.sound, self.film):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._show_parts()

    def show_media(self, media: Media) -> None:
        """Show what `media` names."""
        if media != self._media:
            self._media = media
            self._show_parts()

    def _show_parts(self) -> None:
        media = self._media
        data = self._find(media.image) if media.image else None
        shown = thumbnail(data, _PICTURE_PX) if data else None
        self.picture.setVisible(shown is not None)
        if shown is not None:
            self.picture.setPixmap(shown)
        large = bool(media.big_image and self._find(media.big_image))
        self.larger.setVisible(large)
        self.sound.setVisible(_plays(media.audio, _SOUNDS) and self._there(media.audio))
        self.film.setVisible(_plays(media.video, _FILMS) and self._there(media.video))
        parts = (self.picture, self.larger, self.sound, self.film)
        self.setVisible(any(not part.isHidden() for part in parts))

    def _there(self, name: str | None) -> bool:
        return bool(name and self._find(name))

    def _enlarge(self) -> None:
        data = self._find(self._media.big_image or "")
        picture = thumbnail(data, _LARGE_PX) if data else None
        if picture is None:
            return
        dialog = QDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Picture"))
        label = QLabel(dialog)
        label.setPixmap(picture)
        QVBoxLayout(dialog).addWidget(label)
        dialog.open()

    def _open(self, name: str | None) -> None:
        data = self._find(name) if name else None
        if data is None or name is None:
            return
        if self._folder is None:
            self._folder = QTemporaryDir()  # goes when this label goes
        path = QDir(self._folder.path()).filePath(f"media{_ending(name)}")
        Path(path).write_bytes(data)
        self._play(QUrl.fromLocalFile(path))


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _plays(name: str | None, endings: frozenset[str]) -> bool:
    return name is not None and _ending(name) in endings
