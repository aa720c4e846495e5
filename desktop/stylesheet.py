"""The one style sheet, made of the tokens in `desktop/theme.py`."""

from __future__ import annotations

from typing import Protocol


class _Colours(Protocol):
    """Any object that has the colour roles as attributes."""


class _Sizes(Protocol):
    """Any object that has the type sizes as attributes."""


def stylesheet(colours: _Colours, sizes: _Sizes, icons: str) -> str:
    """Fill the tokens into the sheet.

    Args:
        colours: The colour roles.
        sizes: The type scale.
        icons: Folder of the drawings, for the arrows and ticks that only a file can supply.
    """
    values = {f"@{name}@": str(value) for name, value in vars(colours).items()}
    values |= {f"@{name}_px@": f"{value}px" for name, value in vars(sizes).items()}
    shade = "dark" if str(vars(colours)["page"]) < "#8" else "light"
    values |= {"@icons@": icons.replace("\\", "/"), "@shade@": shade}
    sheet = _SHEET
    for token, value in values.items():
        sheet = sheet.replace(token, value)
    return sheet


_SHEET = """
QWidget { color: @text@; }
QMainWindow, QDialog, QWidget[ground="page"] { background: @page@; }
QWidget[ground="surface"] { background: @surface@; }
QToolTip { background: @text@; color: @surface@; border: 0; padding: 6px 8px; }

QLabel { background: transparent; }
QLabel[role="caption"] { font-size: @caption_px@; color: @muted@; }
QLabel[role="muted"] { color: @muted@; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="lead"] { font-size: @lead_px@; }
QLabel[role="title"] { font-size: @title_px@; font-weight: 600; }
QLabel[role="headline"] { font-size: @headline_px@; font-weight: 600; }
QLabel[role="display"] { font-size: @display_px@; font-weight: 600; }
QLabel[role="source"] { font-size: @caption_px@; color: @info@; }
QLabel[role="problem"] { color: @danger@; }
QLabel[role="required"] { color: @danger@; font-weight: 600; }

QFrame[part="card"] {
    background: @surface@; border: 1px solid @line@; border-radius: 8px;
}
QFrame[part="card"][problem="true"] { border: 1px solid @danger@; }
QFrame[part="rule"] { background: @line@; border: 0; max-height: 1px; min-height: 1px; }

QPushButton {
    background: @surface@; color: @text@; border: 1px solid @edge@; border-radius: 6px;
    padding: 0 15px; min-height: 34px; min-width: 40px;
}
QPushButton:hover { background: @raised@; }
QPushButton:pressed { background: @accent_soft@; }
QPushButton:focus { border: 2px solid @accent@; padding: 0 14px; min-height: 32px; }
QPushButton:disabled { color: @muted@; border-color: @line@; background: @raised@; }
QPushButton[kind="primary"] {
    background: @accent@; color: @on_accent@; border-color: @accent@; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: @accent_hover@; border-color: @accent_hover@; }
QPushButton[kind="primary"]:pressed { background: @accent_hover@; }
QPushButton[kind="primary"]:focus { border: 2px solid @text@; }
QPushButton[kind="primary"]:disabled {
    background: @raised@; color: @muted@; border-color: @line@;
}
QPushButton[kind="danger"] { background: @surface@; color: @danger@; border-color: @danger@; }
QPushButton[kind="danger"]:hover { background: @danger_soft@; }
QPushButton[kind="danger"]:focus { border: 2px solid @danger@; }
QPushButton[kind="danger"]:disabled { color: @muted@; border-color: @line@; background: @raised@; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: @accent@; }
QPushButton[kind="quiet"]:hover { background: @accent_soft@; }
QPushButton[kind="quiet"]:focus { border: 2px solid @accent@; }
QPushButton[kind="quiet"]:disabled { color: @muted@; background: transparent; }
QPushButton[size="small"] { min-height: 26px; padding: 0 9px; font-size: @caption_px@; }
QPushButton[size="small"]:focus { min-height: 24px; padding: 0 8px; }
QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px;
}
QToolButton:hover { background: @raised@; }
QToolButton:focus { border: 2px solid @accent@; padding: 4px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit,
QDateTimeEdit, QComboBox {
    background: @surface@; color: @text@; border: 1px solid @edge@; border-radius: 6px;
    padding: 0 9px; min-height: 34px; selection-background-color: @accent@;
    selection-color: @on_accent@;
}
QPlainTextEdit, QTextEdit { padding: 6px 9px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QTimeEdit:focus, QDateTimeEdit:focus, QComboBox:focus {
    border: 2px solid @accent@; padding: 0 8px; min-height: 32px;
}
QPlainTextEdit:focus, QTextEdit:focus { padding: 5px 8px; }
QLineEdit:disabled, QComboBox:disabled { background: @raised@; color: @muted@;
    border-color: @line@; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: @raised@; border-color: @line@; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"],
QDateEdit[problem="true"], QSpinBox[problem="true"], QDoubleSpinBox[problem="true"] {
    border: 2px solid @danger@; padding: 0 8px; min-height: 32px;
}
QPlainTextEdit[problem="true"] { padding: 5px 8px; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down {
    border: 0; width: 28px; subcontrol-origin: padding; subcontrol-position: center right;
}
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow {
    image: url("@icons@/arrow-down-@shade@.svg"); width: 14px; height: 14px;
}
QComboBox QAbstractItemView {
    background: @surface@; border: 1px solid @edge@; outline: 0;
    selection-background-color: @accent_soft@; selection-color: @text@; padding: 4px;
}
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 8px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button { width: 0; border: 0; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 28px; background: transparent; }
QCheckBox::indicator, QListView::indicator, QTableView::indicator,
QRadioButton::indicator {
    width: 18px; height: 18px; border: 1px solid @edge@; background: @surface@;
}
QCheckBox::indicator, QListView::indicator, QTableView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 10px; }
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked {
    background: @accent@; border-color: @accent@;
    image: url("@icons@/tick-@shade@.svg"); }
QRadioButton::indicator:checked { border: 6px solid @accent@; width: 8px; height: 8px;
    background: @on_accent@; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent@; }
QCheckBox:focus, QRadioButton:focus { color: @accent@; text-decoration: underline; }
QCheckBox::indicator:focus { border: 2px solid @accent@; width: 16px; height: 16px; }
QCheckBox:disabled, QRadioButton:disabled { color: @muted@; }

QGroupBox { border: 1px solid @line@; border-radius: 8px; margin-top: 12px; padding: 12px;
    background: @surface@; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; padding: 0 4px; }

QTableView, QTreeView, QListView {
    background: @surface@; border: 1px solid @line@; border-radius: 8px; outline: 0;
    gridline-color: @line@; alternate-background-color: @surface@;
    selection-background-color: @accent_soft@; selection-color: @text@;
}
QTableView:focus, QTreeView:focus, QListView:focus { border: 2px solid @accent@; }
QTableView::item { padding: 0 8px; border-bottom: 1px solid @line@; }
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {
    background: @accent_soft@; color: @text@; }
QTableView::item:hover, QListView::item:hover { background: @raised@; }
QTableView::item:selected:hover, QListView::item:selected:hover { background: @accent_soft@; }
QListView::item { border-radius: 4px; min-height: 34px; padding: 0 8px; }
QTableView[bare="true"], QListView[bare="true"] { border: 0; background: transparent; }
QHeaderView { background: @raised@; border: 0; border-top-left-radius: 8px;
    border-top-right-radius: 8px; }
QHeaderView::section {
    background: @raised@; color: @muted@; border: 0; border-bottom: 1px solid @line@;
    padding: 0 10px; min-height: 36px; font-size: @caption_px@; font-weight: 600;
}
QTableCornerButton::section { background: @raised@; border: 0; }

QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget[ground="none"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @edge@; border-radius: 4px; margin: 2px; min-height: 32px;
    min-width: 32px; }
QScrollBar::handle:hover { background: @muted@; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: @raised@; border: 0; border-radius: 3px; max-height: 6px;
    min-height: 6px; }
QProgressBar::chunk { background: @accent@; border-radius: 3px; }
QTabBar::tab { padding: 8px 16px; color: @muted@; border-bottom: 2px solid transparent;
    background: transparent; }
QTabBar::tab:selected { color: @accent@; border-bottom: 2px solid @accent@; font-weight: 600; }
QTabBar::tab:focus { color: @text@; }
QTabWidget::pane { border: 0; border-top: 1px solid @line@; }
QMenu { background: @surface@; border: 1px solid @edge@; padding: 4px; }
QMenu::item { padding: 7px 24px 7px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accent_soft@; }
QSplitter::handle { background: @line@; }
QTextBrowser { background: transparent; border: 0; padding: 0; }
QTextBrowser:focus { border: 2px solid @accent@; border-radius: 6px; }

QLabel[part="badge"] {
    font-size: @caption_px@; font-weight: 600; border-radius: 10px; padding: 2px 9px;
    background: @raised@; color: @muted@;
}
QLabel[part="badge"][tone="info"] { background: @info_soft@; color: @info@; }
QLabel[part="badge"][tone="success"] { background: @success_soft@; color: @success@; }
QLabel[part="badge"][tone="warning"] { background: @warning_soft@; color: @warning@; }
QLabel[part="badge"][tone="danger"] { background: @danger_soft@; color: @danger@; }
QFrame[part="banner"] { border: 0; border-left: 4px solid @edge@; border-radius: 4px;
    background: @raised@; }
QFrame[part="banner"][tone="info"] { border-left-color: @info@; background: @info_soft@; }
QFrame[part="banner"][tone="success"] { border-left-color: @success@;
    background: @success_soft@; }
QFrame[part="banner"][tone="warning"] { border-left-color: @warning@;
    background: @warning_soft@; }
QFrame[part="banner"][tone="danger"] { border-left-color: @danger@; background: @danger_soft@; }

QFrame[part="nav"] { background: @nav@; border: 0; }
QFrame[part="nav"] QLabel { color: @nav_text@; }
QFrame[part="nav"] QLabel[role="caption"] { color: @nav_muted@; }
QFrame[part="nav"] QPushButton {
    background: transparent; color: @nav_muted@; border: 2px solid transparent; text-align: left;
    padding: 0 12px; min-height: 38px; border-radius: 6px; font-weight: 400;
}
QFrame[part="nav"] QPushButton:hover { color: @nav_text@; background: @nav_selected@; }
QFrame[part="nav"] QPushButton:checked { color: @nav_text@; background: @nav_selected@;
    font-weight: 600; }
QFrame[part="nav"] QPushButton:focus { border: 2px solid @nav_text@; padding: 0 12px;
    min-height: 38px; }
QFrame[part="topbar"] { background: @surface@; border: 0; border-bottom: 1px solid @line@; }
QPushButton[part="tile"] {
    text-align: left; border: 1px solid @line@; border-radius: 8px; background: @surface@;
    padding: 0; min-height: 96px;
}
QPushButton[part="tile"]:hover { border: 1px solid @accent@; background: @surface@; }
QPushButton[part="tile"]:focus { border: 2px solid @accent@; padding: 0; min-height: 94px; }
"""
