"""What every page of the shell shares: titles, live language, errors in words."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import messages, parts, theme
from desktop.windows.lines import Lines


class Page(QWidget):
    """A page with a headline; subclasses fill `content` and say their words in `retranslate`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "page")
        self.headline = parts.label("", "headline")
        self.banner = parts.Banner()
        self.head = parts.row(self.headline, -1, space=theme.M)
        self.content = QVBoxLayout()
        self.content.setSpacing(theme.L)
        outer = parts.column(self.head, self.banner, self.content, space=theme.M, margin=theme.XL)
        outer.setStretch(2, 1)
        self.setLayout(outer)

    def retranslate(self) -> None:
        """Say all fixed words again in the language of the moment."""

    def refresh(self) -> None:
        """Read again what is shown. Called on show and after each change of the store."""

    def explain(self, error: Exception) -> None:
        """Show an error in words, with its code."""
        self.banner.say(messages.say(error), "danger")

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            for lines in self.findChildren(Lines):
                lines.forget()
            self.refresh()
        super().changeEvent(event)
