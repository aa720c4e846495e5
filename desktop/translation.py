"""Interface languages: the `.ts` files are read as they are, so that nothing has to be compiled.

Source strings are English. A string is looked up in its own context first (the class that
says it), then in any context, so that a base class or a helper may say it too.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

_QT_TRANSLATIONS = QLibraryInfo.LibraryPath.TranslationsPath
LANGUAGES = {"zh_CN": "中文", "en": "English"}


class TsTranslator(QTranslator):
    """Answers from the text of one `.ts` file."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self._exact, self._anywhere = read_ts(source)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """Whether there is nothing to say."""
        return not self._anywhere

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - Qt's name
        disambiguation: str | None = None,  # noqa: ARG002
        n: int = -1,  # noqa: ARG002
    ) -> Any:  # text, or None: then Qt asks the next translator
        """The translation; the English source where there is none.

        What Qt's own dialogs say is left to Qt's own translator.
        """
        if context.startswith("Q"):
            return None
        exact = self._exact.get((context, sourceText))
        return exact or self._anywhere.get(sourceText) or sourceText


def read_ts(source: bytes) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Finished translations of a `.ts` file, by (context, source) and by source alone."""
    exact: dict[tuple[str, str], str] = {}
    anywhere: dict[str, str] = {}
    for context in ElementTree.fromstring(source).iter("context"):  # noqa: S314 - our own file
        name = context.findtext("name", "")
        for message in context.iter("message"):
            english, target = message.findtext("source", ""), message.find("translation")
            if target is not None and target.text and target.get("type") != "unfinished":
                exact[name, english] = target.text
                anywhere.setdefault(english, target.text)
    return exact, anywhere


class Interpreter:
    """Keeps the installed translators: Qt's and ours. Lives as long as the application."""

    def __init__(self) -> None:
        self._installed: list[QTranslator] = []
        self.language = "en"

    def speak(self, language: str) -> None:
        """Switch the interface; every window hears a LanguageChange."""
        while self._installed:
            QCoreApplication.removeTranslator(self._installed.pop())
        self.language = language
        drawer = files("resources") / "i18n" / f"lastmile_{language}.ts"
        if language == "en" or not drawer.is_file():
            return
        qt = QTranslator()
        if qt.load(f"qtbase_{language}", QLibraryInfo.path(_QT_TRANSLATIONS)):
            self._installed.append(qt)
        self._installed.append(TsTranslator(drawer.read_bytes()))
        for translator in self._installed:  # the last one is asked first
            QCoreApplication.installTranslator(translator)
