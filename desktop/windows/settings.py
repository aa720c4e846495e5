"""Language, looks, printer, scanner folder; and what this program is."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from desktop import parts, printer, theme
from desktop.folder_dialog import ask_for_folder
from desktop.settings import Settings
from desktop.translation import LANGUAGES
from desktop.windows.base import Page


class SettingsPage(Page):
    """Choices take effect at once.

    Signals:
        changed: (Settings). password_wanted: (). calibration_wanted: (). projects_wanted: ().
    """

    changed = Signal(object)
    password_wanted = Signal()
    calibration_wanted = Signal()
    projects_wanted = Signal()

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        announced: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__(parent)
        self.settings, self._announced = settings, announced
        self.looks, self.devices, self.links, self.about = (parts.Card(" ") for _ in range(4))
        self.projects = parts.button("", icon="sync", clicked=self.projects_wanted.emit)
        self.projects_text = parts.label("", "muted", wrap=True)
        self.language, self.appearance, self.printer = QComboBox(), QComboBox(), QComboBox()
        self.large, self.folder = QCheckBox(), QLineEdit(settings.scan_folder)
        self.folder.setReadOnly(True)
        self.choose = parts.button("", icon="folder", clicked=self._choose_folder)
        self.calibrate = parts.button("", icon="print", clicked=self.calibration_wanted.emit)
        self.idle = QComboBox()
        self.own_password = parts.button("", icon="lock", clicked=self.password_wanted.emit)
        self.names = [parts.label("", "body") for _ in range(5)]
        self.metered, self.metered_name = QComboBox(), parts.label("", "body")
        self.version = parts.label("", "muted", wrap=True)
        self.newer = parts.label("", "strong", wrap=True)
        self._lay_out()
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self._fill()
        self.language.activated.connect(lambda _at: self._take(language=self._data(self.language)))
        self.appearance.activated.connect(
            lambda _at: self._take(appearance=self._data(self.appearance))
        )
        self.printer.activated.connect(lambda _at: self._take(printer=self._data(self.printer)))
        self.idle.activated.connect(lambda _at: self._take(idle_lock_minutes=self._data(self.idle)))
        self.metered.activated.connect(lambda _at: self._take(metered=self._data(self.metered)))
        self.large.toggled.connect(lambda on: self._take(large_type=on))
        self.retranslate()

    def _lay_out(self) -> None:
        looks, devices = _grid(), _grid()
        for at, field in enumerate((self.language, self.appearance, self.idle)):
            _add(looks, field, self.names[at])
        _add(looks, self.large)
        _add(looks, parts.row(self.own_password, -1))
        _add(devices, self.printer, self.names[3])
        _add(devices, parts.row(self.folder, self.choose), self.names[4])
        _add(devices, parts.row(self.calibrate, -1))
        _add(devices, self.metered, self.metered_name)
        self.looks.body.addLayout(looks)
        self.devices.body.addLayout(devices)
        self.about.body.addWidget(self.version)
        self.about.body.addWidget(self.newer)
        line = parts.row(self.projects_text, self.projects, space=theme.M)
        line.setStretch(0, 1)
        self.links.body.addLayout(line)
        cards = (self.looks, self.devices, self.links, self.about)
        for card in cards:
            card.setMaximumWidth(720)
        inner = QWidget()
        inner.setProperty("ground", "none")
        inner.setLayout(parts.column(*cards, -1, space=theme.L))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inner)
        self.content.addWidget(self.area, 1)
        for box in (self.language, self.appearance, self.idle, self.printer, self.metered):
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A wheel over a box that has no focus scrolls the page, not the choice."""
        wheel = event.type() == QEvent.Type.Wheel
        if wheel and isinstance(watched, QComboBox) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _data(box: QComboBox) -> object:
        return box.currentData()

    def _fill(self) -> None:
        looks = {
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "system": self.tr("As the system"),
        }
        minutes = {0: self.tr("Never")} | {
            n: self.tr("after {n} minutes").format(n=n) for n in (5, 10, 20, 30)
        }
        printers = {"": self.tr("The system's default")} | {name: name for name in printer.names()}
        costs = {
            "": self.tr("As the system says"),
            "always": self.tr("Paid by data: files wait, cases go"),
            "never": self.tr("Not paid by data: everything goes"),
        }
        for box, entries, chosen in (
            (self.metered, costs, self.settings.metered),
            (self.appearance, looks, self.settings.appearance),
            (self.idle, minutes, self.settings.idle_lock_minutes),
            (self.printer, printers, self.settings.printer),
        ):
            box.clear()
            for value, name in entries.items():
                box.addItem(name, value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
        self.language.setCurrentIndex(max(0, self.language.findData(self.settings.language)))
        self.large.setChecked(self.settings.large_type)

    def _take(self, **changes: object) -> None:
        fresh = self.settings.changed(**changes)
        if fresh != self.settings:
            self.settings = fresh
            self.changed.emit(fresh)

    def _choose_folder(self) -> None:
        title = self.tr("Folder of the camera or scanner")
        ask_for_folder(self, title, self.tr("Choose"), self.take_folder)

    def take_folder(self, folder: str) -> None:
        """Use the folder that a camera or scanner writes into."""
        self.folder.setText(folder)
        self._take(scan_folder=folder)

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Settings"))
        self.looks.set_title(self.tr("Language and looks"))
        self.devices.set_title(self.tr("Devices"))
        self.links.set_title(self.tr("Forms of other servers"))
        self.projects_text.setText(self.tr("Projects of ODK Central, KoboToolbox and Ona"))
        self.projects.setText(self.tr("ODK projects ..."))
        self.projects.setAccessibleName(self.tr("ODK projects"))
        self.about.set_title(self.tr("About"))
        words = (
            self.tr("Language"),
            self.tr("Appearance"),
            self.tr("Lock when idle"),
            self.tr("Printer"),
            self.tr("Scanner folder"),
        )
        fields = (self.language, self.appearance, self.idle, self.printer, self.folder)
        for name, text, field in zip(self.names, words, fields, strict=True):
            name.setText(text)
            field.setAccessibleName(text)
        self.metered_name.setText(self.tr("Network"))
        self.metered.setAccessibleName(self.metered_name.text())
        self.large.setText(self.tr("Large type"))
        self.large.setAccessibleName(self.large.text())
        self.own_password.setText(self.tr("Change my password ..."))
        self.own_password.setAccessibleName(self.own_password.text())
        self.calibrate.setText(self.tr("Calibrate a printer ..."))
        self.calibrate.setAccessibleName(self.tr("Calibrate a printer"))
        self.choose.setText(self.tr("Choose ..."))
        self.choose.setAccessibleName(self.tr("Choose the scanner folder"))
        about = self.tr("Lastmile {version}. Free software under the Apache Licence 2.0.")
        self.version.setText(about.format(version=_version()))
        self._fill()
        self.refresh()

    def refresh(self) -> None:
        """Say again whether a newer program is announced."""
        version = self._announced()
        text = self.tr(
            "The province announces version {version}. IT staff install it; without a network they"
            " bring it by stick."
        )
        self.newer.setText(text.format(version=version))
        self.newer.setVisible(bool(version))


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.XL)
    grid.setVerticalSpacing(theme.M)
    grid.setColumnMinimumWidth(0, 150)
    grid.setColumnStretch(1, 1)
    return grid


def _add(grid: QGridLayout, field: QWidget | QLayout, name: QLabel | None = None) -> None:
    row = grid.rowCount()
    if name is not None:
        grid.addWidget(name, row, 0)
    if isinstance(field, QWidget):
        grid.addWidget(field, row, 1)
        if name is not None:
            name.setBuddy(field)
    else:
        grid.addLayout(field, row, 1)


def _version() -> str:
    try:
        return metadata.version("lastmile")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "dev"
