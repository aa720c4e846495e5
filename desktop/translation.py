"""Interface languages: the `.ts` files are read as they are, so that nothing has to be compiled.

Source strings are English. A string is looked up in its own context first (the class that
says it), then in any context, so that a base class or a helper may say it too.
"""

from __future__ import annotations

from importlib.resources import files
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QTranslator

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
    ) -> str:
        """The translation; the English source where there is none."""
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
    """Keeps the one installed translator. Lives as long as the application."""

    def __init__(self) -> None:
        self._installed: TsTranslator | None = None
        self.language = "en"

    def speak(self, language: str) -> None:
        """Switch the interface; every window hears a LanguageChange."""
        if self._installed is not None:
            QCoreApplication.removeTranslator(self._installed)
            self._installed = None
        self.language = language
        drawer = files("resources") / "i18n" / f"lastmile_{language}.ts"
        if language != "en" and drawer.is_file():
            self._installed = TsTranslator(drawer.read_bytes())
            QCoreApplication.installTranslator(self._installed)
