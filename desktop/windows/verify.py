"""Check a certificate: scan its code with a wedge scanner, or paste it."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from desktop import parts, theme
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.windows.base import Page


class Certificates(Page):
    """Verification of printed certificates, without a network."""

    def __init__(self, desk: Desk, gui: GuiThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._gui = desk, gui
        self.card = parts.Card(" ")
        self.card.setMaximumWidth(720)
        self.hint = parts.label("", "muted", wrap=True)
        self.code = QLineEdit()
        self.code.returnPressed.connect(self._check)
        self.check = parts.button("", "primary", icon="shield", clicked=self._check)
        line = parts.row(self.code, self.check)
        line.setStretch(0, 1)
        self.card.body.addWidget(self.hint)
        self.card.body.addLayout(line)
        self.content.addWidget(self.card)
        self.result = parts.Card()
        self.result.setMaximumWidth(720)
        self._lines = QFormLayout()
        self._lines.setHorizontalSpacing(theme.XL)
        self.result.body.addLayout(self._lines)
        self.result.hide()
        self.content.addWidget(self.result)
        self.content.addStretch(1)
        self.setFocusProxy(self.code)
        self.retranslate()

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Certificates"))
        self.card.set_title(self.tr("Verify a certificate"))
        self.hint.setText(
            self.tr("Scan the code on the certificate, or paste what a scanner read. No network.")
        )
        self.code.setAccessibleName(self.tr("Code of the certificate"))
        self.code.setPlaceholderText("LM1:...")
        self.check.setText(self.tr("Verify"))
        self.check.setAccessibleName(self.check.text())

    def _check(self) -> None:
        text = self.code.text().strip()
        self.result.hide()
        if not text:
            self.banner.say(self.tr("Scan or paste the code first."), "warning")
            self.code.setFocus()
            return
        self.banner.say(self.tr("Verifying ..."), "info")
        self._gui.deliver(
            self._desk.verify(text), to=self, done=self._verified, failed=self.explain
        )

    def _verified(self, lines: tuple[tuple[str, str], ...]) -> None:
        while self._lines.rowCount():
            self._lines.removeRow(0)
        for name, value in lines:
            self._lines.addRow(parts.label(name, "muted"), parts.label(value, "strong"))
        self.result.show()
        self.banner.say(self.tr("Genuine and unchanged."), "success")
        self.code.selectAll()
