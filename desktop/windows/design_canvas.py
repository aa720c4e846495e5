"""A page in millimetres on which fields are dragged and stretched."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSceneMouseEvent,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from casework.designs import Placed

GRIP = 3.0  # mm at the lower right corner that stretch a field
STEP = 0.5  # mm that dragging keeps to
SMALLEST = 3.0


class FieldItem(QGraphicsRectItem):
    """One placed field; its rectangle is in millimetres of the page."""

    def __init__(self, placed: Placed, canvas: Canvas) -> None:
        super().__init__(0, 0, placed.width, placed.height)
        self.placed, self._canvas = placed, canvas
        self._stretching = False
        self.setPos(placed.x, placed.y)
        self.setFlags(
            QGraphicsItem.GraphicsItemFlag.ItemIsMovable
            | QGraphicsItem.GraphicsItemFlag.ItemIsSelectable
            | QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges
        )

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to stretch at the grip, else to move."""
        corner = self.rect().bottomRight()
        near = corner - event.pos()
        self._stretching = near.x() <= GRIP and near.y() <= GRIP
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Stretch or move."""
        if not self._stretching:
            super().mouseMoveEvent(event)
            return
        width, height = _snap(event.pos().x()), _snap(event.pos().y())
        self.setRect(0, 0, max(SMALLEST, width), max(SMALLEST, height))

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        """Say where the field is now."""
        super().mouseReleaseEvent(event)
        self._stretching = False
        self.setPos(_snap(self.x()), _snap(self.y()))
        size = self.rect().size()
        self.placed = replace(
            self.placed, x=self.x(), y=self.y(), width=size.width(), height=size.height()
        )
        self._canvas.moved.emit(self.placed.name)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """A frame with the field's name."""
        del option, widget
        chosen = self.isSelected()
        colour = QColor("#c2410c" if chosen else "#1d4ed8")
        painter.setPen(QPen(colour, 0.5 if chosen else 0.3))
        painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 28))
        painter.drawRect(self.rect())
        font = painter.font()
        font.setPointSizeF(3.0)
        painter.setFont(font)
        words = self.placed.label or self.placed.name
        painter.drawText(self.rect().adjusted(1, 0, -1, 0), Qt.AlignmentFlag.AlignVCenter, words)
        if chosen:
            corner = self.rect().bottomRight() - QPointF(GRIP, GRIP)
            painter.fillRect(QRectF(corner, self.rect().bottomRight()), colour)


class Canvas(QGraphicsView):
    """The page. The scene's unit is a millimetre.

    Signals:
        chosen: (name, or ""). moved: (name) dragged or stretched to its end.
    """

    chosen = Signal(str)
    moved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._scene.selectionChanged.connect(self._selected)
        self.items_by_name: dict[str, FieldItem] = {}

    def show_page(self, width: float, height: float, background: bytes) -> None:
        """Show an empty page of this size on a background."""
        self.items_by_name.clear()
        self._scene.clear()
        self._scene.setSceneRect(0, 0, width, height)
        edge = QPen(QColor("#888888"), 0.2)
        sheet = self._scene.addRect(0, 0, width, height, edge, QColor("#ffffff"))
        sheet.setZValue(-2)
        picture = QPixmap()
        if background and picture.loadFromData(background):
            item = QGraphicsPixmapItem(picture)
            item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
            item.setScale(width / picture.width())
            item.setZValue(-1)
            self._scene.addItem(item)
        self._fit()

    def put(self, placed: Placed) -> None:
        """Place a field, in place of one of the same name."""
        old = self.items_by_name.pop(placed.name, None)
        if old is not None:
            self._scene.removeItem(old)
        item = FieldItem(placed, self)
        self.items_by_name[placed.name] = item
        self._scene.addItem(item)

    def take(self, name: str) -> None:
        """Take a field away."""
        item = self.items_by_name.pop(name, None)
        if item is not None:
            self._scene.removeItem(item)

    def choose(self, name: str) -> None:
        """Select a field."""
        self._scene.clearSelection()
        if name in self.items_by_name:
            self.items_by_name[name].setSelected(True)

    def placed(self) -> tuple[Placed, ...]:
        """All fields in the order in which they were placed."""
        return tuple(item.placed for item in self.items_by_name.values())

    def _selected(self) -> None:
        for item in self._scene.selectedItems():
            if isinstance(item, FieldItem):
                self.chosen.emit(item.placed.name)
                return
        self.chosen.emit("")

    def _fit(self) -> None:
        self.fitInView(self._scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the whole page in sight."""
        super().resizeEvent(event)
        self._fit()


def _snap(value: float) -> float:
    return round(value / STEP) * STEP
