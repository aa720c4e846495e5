"""Place fields on a form, and see the page and its faults; redrawn whenever a file is saved."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from casework.designs import ALIGNS, KINDS, ROLES, Design, Placed, design_of, files_of
from casework.errors import BadDesign
from desktop import parts, printer, theme
from desktop.desk import Desk
from desktop.gui_thread import GuiThread
from desktop.windows.base import Page
from desktop.windows.design_canvas import Canvas
from desktop.windows.preview import Rasterise
from printing.lint import Finding

PAPERS = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "16K": (184.0, 260.0)}
PAUSE_MS = 400
DPI = 144


class Designer(Page):
    """Fields on the left, one field's properties in the middle, the page as it prints on the right.

    Signals:
        back_wanted: ().
    """

    back_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        gui: GuiThread,
        workers: Executor,
        rasterise: Rasterise,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._board, self._gui = desk.drawing_board(), gui
        self._workers, self._rasterise = workers, rasterise
        self._design: Design | None = Design("form-1", "")
        self._folder: Path | None = None
        self._shown = ""
        self._asked = 0
        self._picture = QPixmap()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._draw)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda _path: self._pause.start())
        self._watcher.directoryChanged.connect(lambda _path: self._pause.start())
        self.back = parts.button("", "quiet", icon="back", clicked=self.back_wanted.emit)
        self.head.insertWidget(0, self.back)
        self.templates = QComboBox()
        self.templates.activated.connect(lambda at: self.open(self.templates.itemData(at)))
        self.ground = parts.button("", icon="folder", clicked=self._choose_background)
        self.save = parts.button("", "primary", icon="save", clicked=self._save)
        for widget in (self.templates, self.ground, self.save):
            self.head.addWidget(widget)
        self.canvas = Canvas()
        self.canvas.chosen.connect(self._choose)
        self.canvas.moved.connect(self._moved)
        self.side = self._properties()
        self.sheet, self.faults = parts.label(), parts.label("", "problem", wrap=True)
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        paper = QWidget()
        paper.setProperty("ground", "none")
        paper.setLayout(parts.column(self.faults, self.sheet, -1, space=theme.S))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(paper)
        line = parts.row(self.canvas, self.side, self.area, space=theme.M)
        line.setStretch(0, 5)
        line.setStretch(2, 5)
        self.content.addLayout(line, 1)
        self.retranslate()
        self._show_design()

    def _properties(self) -> parts.Card:
        side = parts.Card(" ")
        side.setFixedWidth(300)
        self.id, self.title_line = QLineEdit(), QLineEdit()
        self.paper, self.preprinted = QComboBox(), QCheckBox()
        self.paper.addItems(list(PAPERS))
        self.name, self.label, self.sample = QLineEdit(), QLineEdit(), QLineEdit()
        self.kind, self.role, self.align = QComboBox(), QComboBox(), QComboBox()
        self.required = QCheckBox()
        self.numbers = {n: self._spin() for n in ("x", "y", "width", "height", "size")}
        for box, values in ((self.kind, KINDS), (self.role, ROLES), (self.align, ALIGNS)):
            for value in values:
                box.addItem("", value)
            box.activated.connect(lambda _at: self._change())
        for line in (self.id, self.title_line, self.name, self.label, self.sample):
            line.editingFinished.connect(self._change)
        self.paper.activated.connect(lambda _at: self._resize())
        for tick in (self.required, self.preprinted):
            tick.toggled.connect(lambda _on: self._change())
        self._rows = [parts.label("", "caption") for _ in range(14)]
        self._fields: tuple[QWidget, ...] = (
            self.id, self.title_line, self.paper, self.name, self.label, self.kind,
            *self.numbers.values(), self.role, self.align, self.sample,
        )  # fmt: skip
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.setHorizontalSpacing(theme.S)
        # two fields side by side, the long ones across
        places = [(0, 0, 1), (0, 1, 1), (1, 0, 1), (2, 0, 1), (2, 1, 1), (1, 1, 1),
                  (3, 0, 1), (3, 1, 1), (4, 0, 1), (4, 1, 1), (5, 0, 1), (5, 1, 1),
                  (6, 0, 1), (6, 1, 1)]  # fmt: skip
        for word, each, (row, column, span) in zip(self._rows, self._fields, places, strict=True):
            word.setBuddy(each)
            grid.addWidget(word, 2 * row, column, 1, span)
            grid.addWidget(each, 2 * row + 1, column, 1, span)
        self.add = parts.button("", icon="plus", small=True, clicked=self.add_field)
        self.remove = parts.button("", icon="trash", small=True, clicked=self._remove)
        side.body.addLayout(grid)
        side.body.addWidget(self.required)
        side.body.addWidget(self.preprinted)
        side.body.addLayout(parts.row(self.add, self.remove, -1))
        side.body.addStretch(1)
        return side

    def _spin(self) -> QDoubleSpinBox:
        made = QDoubleSpinBox()
        made.setRange(0.0, 600.0)
        made.setDecimals(1)
        made.setSingleStep(0.5)
        made.setSuffix(" mm")
        made.valueChanged.connect(lambda _value: self._change())
        return made

    def retranslate(self) -> None:
        """Say all fixed words."""
        self.headline.setText(self.tr("Templates"))
        self.back.setText(self.tr("Certificates"))
        self.back.setAccessibleName(self.tr("Back to the certificates"))
        self.side.set_title(self.tr("Field"))
        words = (
            self.tr("Template"), self.tr("Title"), self.tr("Paper"), self.tr("Name"),
            self.tr("Called"), self.tr("Kind"), self.tr("From the left"), self.tr("From above"),
            self.tr("Width"), self.tr("Height"), self.tr("Type size"), self.tr("Font"),
            self.tr("Alignment"), self.tr("Sample"),
        )  # fmt: skip
        for word, text, each in zip(self._rows, words, self._fields, strict=True):
            word.setText(text)
            each.setAccessibleName(text)
        said = {
            "text": self.tr("One line"), "paragraph": self.tr("Paragraph"), "date": self.tr("Date"),
            "qr": self.tr("QR code"), "seal": self.tr("Seal"), "song": self.tr("Song"),
            "hei": self.tr("Hei"), "kai": self.tr("Kai"), "start": self.tr("Left"),
            "middle": self.tr("Middle"), "end": self.tr("Right"),
        }  # fmt: skip
        for box in (self.kind, self.role, self.align):
            for at in range(box.count()):
                box.setItemText(at, said[box.itemData(at)])
        self.required.setText(self.tr("Must be filled"))
        self.preprinted.setText(self.tr("The paper is pre-printed"))
        self.add.setText(self.tr("Add a field"))
        self.remove.setText(self.tr("Remove"))
        self.ground.setText(self.tr("Scan or PDF ..."))
        self.save.setText(self.tr("Save"))
        self.templates.setAccessibleName(self.tr("Templates"))
        self.canvas.setAccessibleName(self.tr("Page with its fields"))
        self.area.setAccessibleName(self.tr("Page as it prints"))
        for each in (self.add, self.remove, self.ground, self.save):
            each.setAccessibleName(each.text().rstrip(" .…"))

    def begin(self) -> None:
        """Read which templates there are."""
        self.banner.say("")
        self.templates.clear()
        self.templates.addItem(self.tr("A new template"), None)
        for folder in self._board.folders():
            self.templates.addItem(folder.name, folder)
        self._show_design()

    def open(self, folder: Path | None) -> None:
        """Show a template's folder, or begin a new one."""
        self._folder = folder
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        if folder is None:
            self._design = Design("form-1", "")
        else:
            files = self._board.read(folder)
            self._design = design_of(files)
            self._watcher.addPaths([str(folder), *(str(folder / name) for name in files)])
        self._show_design()

    def _show_design(self) -> None:
        design = self._design
        own = design is not None
        for widget in (self.canvas, self.side, self.ground, self.save):
            widget.setVisible(own)
        if design is not None:
            self.canvas.show_page(design.width, design.height, design.background)
            for placed in design.placed:
                self.canvas.put(placed)
            self._fill_in(Placed("", ""))
            self.id.setText(design.id)
            self.title_line.setText(design.title)
            self.preprinted.setChecked(design.preprinted)
        else:
            self.banner.say(
                self.tr("Drawn elsewhere: edit its SVG there; the page follows each save."), "info"
            )
        self._choose("")
        self._draw()

    def add_field(self) -> None:
        """Place a new field."""
        taken = self.canvas.items_by_name
        name = next(f"field_{n}" for n in range(1, 999) if f"field_{n}" not in taken)
        at = 20.0 + 10.0 * (len(taken) % 20)
        self.canvas.put(Placed(name, "", y=at, sample=self.tr("Sample")))
        self.canvas.choose(name)
        self._pause.start()

    def _remove(self) -> None:
        self.canvas.take(self._shown)
        self._choose("")
        self._pause.start()

    def _choose(self, name: str) -> None:
        self._shown = name
        item = self.canvas.items_by_name.get(name)
        self.remove.setEnabled(item is not None)
        for each in self._fields[3:]:
            each.setEnabled(item is not None)
        self.required.setEnabled(item is not None)
        if item is not None:
            self._fill_in(item.placed)

    def _fill_in(self, placed: Placed) -> None:
        every = (*self._fields, self.required, self.preprinted)
        for each in every:
            each.blockSignals(True)  # noqa: FBT003 - Qt's own switch
        self.name.setText(placed.name)
        self.label.setText(placed.label)
        self.sample.setText(placed.sample)
        for box, value in (
            (self.kind, placed.kind),
            (self.role, placed.role),
            (self.align, placed.align),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        self.required.setChecked(placed.required)
        for name, spin in self.numbers.items():
            spin.setValue(float(getattr(placed, name)))
        for each in every:
            each.blockSignals(False)  # noqa: FBT003

    def _moved(self, name: str) -> None:
        if name == self._shown:
            self._fill_in(self.canvas.items_by_name[name].placed)
        self._pause.start()

    def _change(self) -> None:
        item = self.canvas.items_by_name.get(self._shown)
        if item is not None:
            numbers = {name: spin.value() for name, spin in self.numbers.items()}
            placed = Placed(
                name=self.name.text().strip(),
                label=self.label.text().strip(),
                kind=str(self.kind.currentData()),
                role=str(self.role.currentData()),
                align=str(self.align.currentData()),
                required=self.required.isChecked(),
                sample=self.sample.text(),
                **numbers,
            )
            if placed == item.placed:
                return
            self.canvas.take(self._shown)
            self.canvas.put(placed)
            self.canvas.choose(placed.name)
        self._pause.start()

    def _resize(self) -> None:
        if self._design is not None:
            width, height = PAPERS[self.paper.currentText()]
            self._design = replace(self.design(), width=width, height=height, background=b"")
            self._show_design()

    def design(self) -> Design:
        """The design as it stands."""
        assert self._design is not None
        return replace(
            self._design,
            id=self.id.text().strip(),
            title=self.title_line.text().strip(),
            preprinted=self.preprinted.isChecked(),
            placed=self.canvas.placed(),
        )

    def _files(self) -> Mapping[str, bytes]:
        if self._design is not None:
            return files_of(self.design())
        assert self._folder is not None
        return self._board.read(self._folder)

    def _draw(self) -> None:
        try:
            files = self._files()
        except (BadDesign, OSError) as error:
            self.faults.setText("")
            self.explain(error)
            return
        self._asked += 1
        asked = self._asked
        self._gui.deliver(
            self._board.try_out(files),
            to=self,
            done=lambda made: self._tried(asked, *made),
            failed=self.explain,
        )

    def _tried(self, asked: int, pdf: bytes, found: tuple[Finding, ...]) -> None:
        if asked != self._asked:  # something newer is on its way
            return
        self._show_faults(found)
        if not pdf:
            return
        self._gui.deliver(
            self._workers.submit(lambda: next(iter(self._rasterise(pdf, DPI)))),
            to=self,
            done=lambda page: self._drawn(asked, page),
            failed=self.explain,
        )

    def _drawn(self, asked: int, page: printer.Picture) -> None:
        if asked == self._asked:
            self._picture = QPixmap.fromImage(printer.image(page))
            self._fit()

    def _fit(self) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = max(240, self.area.viewport().width() - theme.S)
        shown = self._picture.scaledToWidth(
            round(room * ratio), Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self.sheet.setPixmap(shown)

    def _show_faults(self, found: tuple[Finding, ...]) -> None:
        lines = [f"{each.line or '-'}: {each.what} {each.detail}" for each in found[:8]]
        self.faults.setText("\n".join(lines))
        self.faults.setVisible(bool(lines))

    def _choose_background(self) -> None:
        dialog = QFileDialog(self, self.tr("Scan or PDF of the form"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("*.png *.jpg *.jpeg *.pdf")
        dialog.fileSelected.connect(self.take_background)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def take_background(self, path: str) -> None:
        """Lay a scan or a PDF beneath the fields."""
        design = self.design()
        self._gui.deliver(
            self._board.background(Path(path).read_bytes(), (design.width, design.height)),
            to=self,
            done=lambda made: self._laid(design, *made),
            failed=self.explain,
        )

    def _laid(self, design: Design, png: bytes, size: tuple[float, float]) -> None:
        self._design = replace(design, background=png, width=size[0], height=size[1])
        self._show_design()

    def _save(self) -> None:
        self._gui.deliver(
            self._board.save(self.design()), to=self, done=self._saved, failed=self.explain
        )

    def _saved(self, folder: Path) -> None:
        self.banner.say(self.tr("Saved as {name}.").format(name=folder.name), "success")
