"""The dark half of the windows before the desk: who this is and what can be relied upon."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QWidget

from desktop import parts, theme
from desktop.translation import LANGUAGES


class Brand(QFrame):
    """Name, promise and three assurances."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "nav")
        self.setFixedWidth(440)
        mark = parts.label()
        mark.setPixmap(QIcon(theme.pixmap("mark", "text", 56)).pixmap(56, 56))
        self.product, self.promise = parts.label("", "display"), parts.label("", "lead", wrap=True)
        self.assurances = [parts.label("", "caption", wrap=True) for _ in range(3)]
        lines = []
        for name, text in zip(("offline", "shield", "print"), self.assurances, strict=True):
            sign = parts.label()
            sign.setPixmap(theme.pixmap(name, "nav_muted", 20))
            line = parts.row(sign, text, space=theme.M)
            line.setStretch(1, 1)
            lines.append(line)
        self.setLayout(
            parts.column(
                -1, mark, 8, self.product, self.promise, 24, *lines, -1, space=12, margin=48
            )
        )
        self.retranslate()

    def retranslate(self) -> None:
        """Say all words in the language of the moment."""
        self.product.setText(self.tr("Lastmile"))
        self.promise.setText(self.tr("The service window that works without a network"))
        for shown, text in zip(
            self.assurances,
            (
                self.tr("Fill, accept and print offline; it is sent once there is a network"),
                self.tr("Data stays encrypted on this computer; your password opens it"),
                self.tr("Receipts and certificates print at once, and can be verified"),
            ),
            strict=True,
        ):
            shown.setText(text)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def language_box() -> QComboBox:
    """A choice of the interface's language, wide enough for the names."""
    made = QComboBox()
    for code, name in LANGUAGES.items():
        made.addItem(name, code)
    made.setMaximumWidth(120)
    return made


def centred(card: QWidget) -> QWidget:
    """A card a little above the middle of what is left."""
    made = QWidget()
    made.setLayout(parts.column(-1, parts.row(-1, card, -1), -1, 60, space=0))
    return made


def halves(language: QComboBox, body: QWidget) -> QHBoxLayout:
    """Who this is on the left; the language above what is asked on the right."""
    asked = QWidget()
    asked.setLayout(parts.column(parts.row(-1, language), body, space=0, margin=theme.L))
    made = parts.row(Brand(), asked, space=0)
    made.setStretch(1, 1)
    return made
