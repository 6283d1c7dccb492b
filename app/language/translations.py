"""The languages on screen: Qt Linguist files in resources/translations, switched while the program runs."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from app import paths

LanguageChoice = Literal["system", "en", "ja"]
LANGUAGE_CHOICES: tuple[LanguageChoice, ...] = ("system", "en", "ja")
SOURCE = "en"  # the language the sources are written in; it needs no file


class LanguageManager(QObject):
    """Speaks the language a person chose, or the system's where Nurie knows it, else English."""

    changed = Signal()  # texts made from now on are in another language

    def __init__(self, app: QApplication, choice: LanguageChoice = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice: LanguageChoice = choice
        self._language = SOURCE
        self._translators: list[QTranslator] = []
        self._speak(self._wanted())

    @property
    def choice(self) -> LanguageChoice:
        """What the person chose."""
        return self._choice

    @property
    def language(self) -> str:
        """What is spoken now: "en" or "ja"."""
        return self._language

    def choose(self, choice: LanguageChoice) -> None:
        """Speak this language from now on."""
        self._choice = choice
        wanted = self._wanted()
        if wanted != self._language:
            self._speak(wanted)
            self.changed.emit()

    def _wanted(self) -> str:
        if self._choice != "system":
            return self._choice
        spoken = (language.partition("-")[0] for language in QLocale.system().uiLanguages())
        return next((language for language in spoken if language in LANGUAGE_CHOICES), SOURCE)

    def _speak(self, language: str) -> None:
        for translator in self._translators:
            self._app.removeTranslator(translator)
        self._translators = []
        self._language = language
        # Numbers are written as the system does where it speaks this language, or nobody chose another.
        system = QLocale.system()
        QLocale.setDefault(system if self._choice == "system" or system.name()[:2] == language else QLocale(language))
        if language == SOURCE:
            return
        own = str(paths.resources() / "translations")
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        # Qt's own file has the buttons of dialogs and the texts of file choosers.
        for name, folder in ((f"qtbase_{language}", qt), (f"nurie_{language}", own)):
            translator = QTranslator(self)
            if translator.load(name, folder):
                self._app.installTranslator(translator)
                self._translators.append(translator)
