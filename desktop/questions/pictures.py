"""Pictures from bytes, in memory only, at most as large as asked."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPixmap

_MAX_DECODED_MB = 128


def thumbnail(data: bytes, edge_px: int) -> QPixmap | None:
    """The picture in `data`, its longer edge at most `edge_px`; None when it is no picture."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_MAX_DECODED_MB)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > edge_px:
        reader.setScaledSize(size.scaled(edge_px, edge_px, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)


def to_png(image: QImage) -> bytes:
    """`image` as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())
