"""A signature, drawn with pen, finger or mouse; attached as PNG."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QTabletEvent,
)
from PySide6.QtWidgets import QPushButton, QWidget

from desktop import theme
from desktop.questions.base import QuestionWidget, show_row
from desktop.questions.pictures import thumbnail, to_png
from forms.views import NodeView

_PAPER = QSize(560, 180)
_INK = QColor("#101418")  # on white paper in both themes: it is printed as it is drawn
_WIDTH_PX = 2.4


class Pad(QWidget):
    """White paper to sign on.

    Signals:
        drawn: A stroke was finished.
    """

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_PAPER)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.strokes: list[list[QPointF]] = []
        self.saved: QPixmap | None = None

    def clear(self) -> None:
        """Blank paper."""
        self.strokes = []
        self.saved = None
        self.update()

    def image(self) -> QImage:
        """The signature at twice its size on screen."""
        image = QImage(_PAPER * 2, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.scale(2, 2)
        self._draw(painter)
        painter.end()
        return image

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paper, line to sign on, strokes, and a frame that shows the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self.saved is not None and not self.strokes:
            at = self.rect().center() - self.saved.rect().center()
            painter.drawPixmap(at, self.saved)
        else:
            painter.setPen(QPen(QColor(theme.LIGHT.line), 1, Qt.PenStyle.DashLine))
            painter.drawLine(24, self.height() - 36, self.width() - 24, self.height() - 36)
            self._draw(painter)
        colours = theme.current().colours
        frame = colours.accent if self.hasFocus() else colours.edge
        painter.setPen(QPen(QColor(frame), 2 if self.hasFocus() else 1))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with the stroke."""
        if event.buttons() & Qt.MouseButton.LeftButton and self.strokes:
            self.strokes[-1].append(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton and self.strokes:
            self.drawn.emit()

    def tabletEvent(self, event: QTabletEvent) -> None:  # noqa: N802 - Qt's name
        """Let Qt make mouse events of the pen."""
        event.ignore()

    def _begin(self, at: QPointF) -> None:
        self.saved = None
        self.strokes.append([at])
        self.update()

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_INK, _WIDTH_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for stroke in self.strokes:
            painter.drawPolyline(stroke if len(stroke) > 1 else stroke * 2)


class SignatureQuestion(QuestionWidget):
    """Paper to sign on. The picture is offered when the person says it is done."""

    def build(self) -> None:
        """Make paper and buttons."""
        self._shown_name: str | None = None
        self.pad = Pad(self)
        self.done = QPushButton(self.tr("Use this signature"), self)
        self.clear = QPushButton(self.tr("Clear"), self)
        self.pad.drawn.connect(lambda: self._mark(drawn=True))
        self.done.clicked.connect(self.commit)
        self.clear.clicked.connect(self._clear)
        self._drawn = False
        self.add_field(self.pad, stretch=False)
        self.add_field(show_row(self.done, self.clear), stretch=False)
        self._mark(drawn=False)

    def fields(self) -> tuple[QWidget, ...]:
        """Paper and buttons."""
        return (self.pad, self.done, self.clear)

    def show_answer(self, view: NodeView) -> None:
        """Show the signature that is attached."""
        if view.answer == self._shown_name:
            return
        self._shown_name = view.answer
        if not view.answer:
            if not self._drawn:
                self.pad.clear()
            return
        data = self.around.attachment(view.answer)
        picture = thumbnail(data, _PAPER.width()) if data else None
        if picture is not None:
            self.pad.clear()
            self.pad.saved = picture

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - Qt's own manner
        """No pen on a signature that is only shown."""
        self.pad.setEnabled(not read_only)
        self.done.setEnabled(not read_only and self._drawn)
        self.clear.setEnabled(not read_only)

    def commit(self) -> None:
        """Offer what was drawn, once."""
        if self._drawn:
            self._mark(drawn=False)
            self._shown_name = None
            self.offered.emit(self.ref, "signature.png", "image/png", to_png(self.pad.image()))

    def _mark(self, *, drawn: bool) -> None:
        self._drawn = drawn
        self.done.setEnabled(drawn)

    def _clear(self) -> None:
        self._mark(drawn=False)
        self.pad.clear()
        if self.view.answer:
            self.answered.emit(self.ref, "")
