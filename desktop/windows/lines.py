"""Lines of a page that are built anew only when what they show has changed.

A page reads again after every change of the store, many times a minute while cases go up. A line
that stays the same must not be replaced under the hand that is pressing its button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from desktop import parts, theme

Builder = Callable[[], Iterable[QWidget | QLayout]]


class Lines(QBoxLayout):
    """Widgets in a row or a column, made from plain values."""

    def __init__(
        self,
        direction: QBoxLayout.Direction = QBoxLayout.Direction.TopToBottom,
        *,
        space: int = theme.S,
    ) -> None:
        super().__init__(direction)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(space)
        self._shown: object = None

    def show(self, values: object, build: Builder) -> None:
        """Fill with what `build` gives, unless `values` and the look are those of before.

        The focus stays on the widget with the same accessible name.
        """
        wanted = (values, theme.current())
        if wanted == self._shown:
            return
        self._shown = wanted
        focus = next((w.accessibleName() for w in _widgets(self) if w.hasFocus()), "")
        parts.clear(self)
        for item in build():
            if isinstance(item, QWidget):
                self.addWidget(item)
            else:
                self.addLayout(item)
        for widget in _widgets(self):
            if focus and widget.accessibleName() == focus:
                widget.setFocus()

    def forget(self) -> None:
        """Build anew next time: the language has changed."""
        self._shown = None


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        if isinstance(item, QLayout):
            yield from _widgets(item)
        elif (widget := item.widget()) is not None:
            yield widget
            yield from widget.findChildren(QWidget)
