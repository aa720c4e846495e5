"""Small parts that every window is put together from: cards, badges, banners, empty states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import theme

Kind = Literal["primary", "secondary", "danger", "quiet"]
Tone = Literal["neutral", "info", "success", "warning", "danger"]
Role = Literal[
    "body", "caption", "muted", "strong", "lead", "title", "headline", "display", "problem"
]
_BANNER_ICON = {
    "neutral": ("info", "muted"),
    "info": ("info", "info"),
    "success": ("check-circle", "success"),
    "warning": ("warning", "warning"),
    "danger": ("error", "danger"),
}


def button(
    text: str = "",
    kind: Kind = "secondary",
    *,
    icon: str | None = None,
    clicked: Callable[[], object] | None = None,
    small: bool = False,
) -> QPushButton:
    """A push button of one of the four kinds; `clicked` is called without arguments."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    if small:
        made.setProperty("size", "small")
    made.setAccessibleName(text.replace("&", ""))
    if icon is not None:
        roles = {"primary": "on_accent", "danger": "danger", "quiet": "accent"}
        made.setIcon(theme.icon(icon, roles.get(kind, "text")))
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def label(text: str = "", role: Role = "body", *, wrap: bool = False) -> QLabel:
    """Plain text (never interpreted as HTML) in one of the roles of the type scale."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


class Elided(QLabel):
    """One line of plain text that ends in "..." where there is no room, and then has a tool tip."""

    def __init__(self, text: str, role: Role = "body") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrower than the text."""
        return QSize(self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the whole text where it is cut."""
        super().resizeEvent(event)
        self.setToolTip(self.text() if self.shown() != self.text() else "")

    def shown(self) -> str:
        """The text as far as there is room for it."""
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what there is room for."""
        if self.shown() == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            self.shown(),
            self.foregroundRole(),
        )


def badge(text: str = "", tone: Tone = "neutral") -> QLabel:
    """A short state in a rounded ground."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("part", "badge")
    made.setProperty("tone", tone)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def rule() -> QFrame:
    """A hairline across."""
    made = QFrame()
    made.setProperty("part", "rule")
    made.setFixedHeight(1)
    return made


def column(
    *items: QWidget | QLayout | int, space: int = theme.S, margin: int | tuple[int, ...] = 0
) -> QVBoxLayout:
    """Items below each other; a number is a gap, -1 a stretch."""
    made = QVBoxLayout()
    _fill(made, items, space, margin)
    return made


def row(
    *items: QWidget | QLayout | int, space: int = theme.S, margin: int | tuple[int, ...] = 0
) -> QHBoxLayout:
    """Items beside each other; a number is a gap, -1 a stretch."""
    made = QHBoxLayout()
    _fill(made, items, space, margin)
    return made


def _fill(
    layout: QBoxLayout,
    items: tuple[QWidget | QLayout | int, ...],
    space: int,
    margin: int | tuple[int, ...],
) -> None:
    sides = (margin,) * 4 if isinstance(margin, int) else margin
    layout.setContentsMargins(*sides)
    layout.setSpacing(space)
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        elif item < 0:
            layout.addStretch(1)
        else:
            layout.addSpacing(item)


class Scrolled(QWidget):
    """What a scroll area shows: never lower than its wrapped lines need at its width."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "none")

    def event(self, event: QEvent) -> bool:
        """Keep the height up with the width and with what is inside."""
        done = super().event(event)
        inside = self.layout()
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and inside is not None:
            self.setMinimumHeight(max(0, inside.totalMinimumHeightForWidth(self.width())))
        return done


class Card(QFrame):
    """A bordered surface with a column of content.

    Attributes:
        body: Where content goes.
    """

    def __init__(self, title: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        self.body.setSpacing(theme.S)
        self.heading = label(title, "title")
        self.heading.setVisible(bool(title))
        self.body.addWidget(self.heading)

    def set_title(self, title: str) -> None:
        """Show `title` above the content; nothing when empty."""
        self.heading.setText(title)
        self.heading.setVisible(bool(title))


class Banner(QFrame):
    """What happened and what to do, in a tone, with at most one action."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "banner")
        self._sign = QLabel()
        self.text = label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = button("", "secondary", small=True)
        self.action.hide()
        line = row(self._sign, self.text, self.action, space=theme.M, margin=(12, 8, 12, 8))
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()

    def say(self, text: str, tone: Tone = "info") -> None:
        """Show `text`; empty text hides the banner."""
        name, role = _BANNER_ICON[tone]
        self._sign.setPixmap(theme.pixmap(name, role, 20))
        self.text.setText(text)
        self.setAccessibleName(text)
        theme.restyle(self, tone=tone)
        self.setVisible(bool(text))


class EmptyState(QWidget):
    """Shown in place of an empty list: what would be here and what to do next."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = label("", "title")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = label("", "muted", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.action = button("", "primary")
        self.action.hide()
        inner = column(
            -1,
            self._picture,
            self.title,
            self.text,
            row(-1, self.action, -1),
            -1,
            space=theme.M,
            margin=theme.XL,
        )
        self.setLayout(inner)

    def say(self, title: str, text: str, action: str = "") -> None:
        """Show a title, a sentence, and the words of the button (none when empty)."""
        self._picture.setPixmap(theme.pixmap(self._icon, "muted", 40))
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.action.setText(action)
        self.action.setAccessibleName(action)
        self.action.setVisible(bool(action))


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let go of it."""
    while layout.count():
        item = layout.takeAt(0)
        widget: QWidget | None = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif isinstance(item, QLayout):
            clear(item)
