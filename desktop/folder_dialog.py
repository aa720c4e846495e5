"""Asking for a folder, such as a stick, or for a file, without blocking the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_for_folder(parent: QWidget, title: str, accept: str, use: Callable[[str], object]) -> None:
    """Open a dialog over `parent`; `use` gets the path once a folder is chosen.

    Args:
        parent: The window it belongs to.
        title: What is asked for.
        accept: Word on the button.
        use: Not called when the dialog is left.
    """
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, on=True)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, accept)
    # A typed path arrives as the last of several: Qt counts the folders above it as selected too.
    dialog.filesSelected.connect(lambda paths: use(paths[-1]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def ask_for_file(
    parent: QWidget, title: str, accept: str, kinds: str, use: Callable[[str], object]
) -> None:
    """Open a dialog over `parent`; `use` gets the path once a file is chosen.

    Args:
        parent: The window it belongs to.
        title: What is asked for.
        accept: Word on the button.
        kinds: A Qt name filter.
        use: Not called when the dialog is left.
    """
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, accept)
    dialog.filesSelected.connect(lambda paths: use(paths[-1]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
