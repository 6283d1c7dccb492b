import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app import paths
from app.style import icons, theme
from app.style.theme import ThemeManager


@pytest.fixture
def manager(qapp: QApplication) -> Iterator[ThemeManager]:
    made = ThemeManager(qapp)
    yield made
    made.choose("system")
    made.deleteLater()


def luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2 contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_text_can_be_read(name: str) -> None:
    worn = theme.read(name)
    pairs = {
        ("text", "window"): 7,
        ("text", "base"): 7,
        ("text", "button"): 7,
        ("text", "offer"): 4.5,
        ("muted", "window"): 4.5,
        ("muted", "base"): 4.5,
        ("accent_text", "accent"): 4.5,
        ("canvas_text", "canvas"): 4.5,
        ("error", "window"): 4.5,
    }
    for (front, back), least in pairs.items():
        assert contrast(worn.color(front), worn.color(back)) >= least, (front, back)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_ground_colors_are_judged_on_is_neutral(name: str) -> None:
    assert theme.read(name).color("canvas").hsvSaturation() == 0
    assert theme.read(name).color("window").hsvSaturation() == 0


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_style_sheet_is_filled_in(name: str) -> None:
    assert re.findall(r"\{[a-z_]+\}", theme.style_sheet_of(theme.read(name))) == []


def test_choosing(manager: ThemeManager, qapp: QApplication) -> None:
    worn: list[str] = []
    manager.changed.connect(lambda new: worn.append(new.name))
    manager.choose("light")
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.read("light").color("window")
    manager.choose("dark")
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.read("dark").color("window")
    assert worn == ["light", "dark"]


def test_follows_the_system_unless_told_otherwise(manager: ThemeManager, qapp: QApplication) -> None:
    manager.choose("system")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert manager.theme.name == "light"
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert manager.theme.name == "dark"
    manager.choose("dark")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert manager.theme.name == "dark"


def test_every_icon_draws_something(qapp: QApplication) -> None:
    for path in sorted((paths.resources() / "icons").glob("*.svg")):
        image = icons.pixmap(path.stem, 24, QColor("red"), 2.0).toImage()
        assert image.width() == 48
        drawn = sum(image.pixelColor(x, y).alpha() > 0 for x in range(48) for y in range(48))
        assert drawn > 60, path.name


def test_icons_of_disabled_actions_look_so(qapp: QApplication) -> None:
    icon = icons.themed("save", QColor("#ffffff"), QColor("#333333"))
    normal = icon.pixmap(20).toImage()
    disabled = icon.pixmap(20, icon.Mode.Disabled).toImage()
    assert normal != disabled
