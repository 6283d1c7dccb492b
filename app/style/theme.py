"""Dark and light: a palette for Fusion and a small style sheet, from resources/themes. Neutral greys throughout,
so that colors on the canvas are judged right."""

import json
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app import paths

ThemeChoice = Literal["system", "dark", "light"]
THEME_CHOICES: tuple[ThemeChoice, ...] = ("system", "dark", "light")


@dataclass(frozen=True)
class Theme:
    """Named colors of one theme, as "#rrggbb"."""

    name: str
    colors: dict[str, str]

    def color(self, name: str) -> QColor:
        """One color by its name in the theme file."""
        return QColor(self.colors[name])


def read(name: str) -> Theme:
    """The theme of resources/themes/NAME.json."""
    text = (paths.resources() / "themes" / f"{name}.json").read_text(encoding="utf-8")
    return Theme(name, json.loads(text))


def palette_of(theme: Theme) -> QPalette:
    """The palette that makes Fusion wear the theme."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette(theme.color("button"), theme.color("window"))
    for roles, name in (
        ((role.Window, role.AlternateBase), "window"),
        ((role.Base,), "base"),
        ((role.Button,), "button"),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), "text"),
        ((role.ToolTipBase,), "raised"),
        ((role.Highlight, role.Link, role.Accent), "accent"),
        ((role.HighlightedText,), "accent_text"),
        ((role.PlaceholderText,), "muted"),
        ((role.Mid, role.Dark, role.Shadow), "border"),
        ((role.Light, role.Midlight), "line"),
    ):
        for one in roles:
            palette.setColor(one, theme.color(name))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, one, theme.color("disabled"))
    palette.setColor(group.Disabled, role.Highlight, theme.color("line"))
    return palette


def style_sheet_of(theme: Theme) -> str:
    """The style sheet with the theme's colors filled in."""
    sheet = (paths.resources() / "themes" / "style.qss").read_text(encoding="utf-8")
    for name, value in theme.colors.items():
        sheet = sheet.replace("{" + name + "}", value)
    return sheet


@runtime_checkable
class Themed(Protocol):
    """A widget that paints itself in the colors of the theme."""

    def set_theme(self, theme: Theme) -> None: ...


class ThemeManager(QObject):
    """Applies the theme a person chose and follows the system's where they chose nothing."""

    changed = Signal(object)  # the Theme

    def __init__(self, app: QApplication, choice: ThemeChoice = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice: ThemeChoice = choice
        self._applying = False
        self.theme = read("dark")
        app.setStyle("Fusion")
        self.choose(choice)
        app.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Wear this theme from now on."""
        self._choice = choice
        scheme = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}.get(choice, Qt.ColorScheme.Unknown)
        self._applying = True
        # Tells the platform too, so that title bars and native file dialogs follow.
        self._app.styleHints().setColorScheme(scheme)
        self._applying = False
        self._apply(self._app.styleHints().colorScheme())

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self._choice == "system" and not self._applying:
            self._apply(scheme)

    def _apply(self, scheme: Qt.ColorScheme) -> None:
        # A system that says nothing gets dark, as painting programs have it.
        system = "light" if scheme == Qt.ColorScheme.Light else "dark"
        name = system if self._choice == "system" else self._choice
        self.theme = read(name)
        self._app.setPalette(palette_of(self.theme))
        self._app.setStyleSheet(style_sheet_of(self.theme))
        self.changed.emit(self.theme)
