"""Where everything of the window stands: docks, menus and tool bars, as tables.

A new panel is its file, its presenter, and a row of `DOCKS`. Texts are marked here and translated when they are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.canvas.tools import GROUPS
from app.language.marking import QT_TRANSLATE_NOOP
from app.panels.check_panel import CheckPanel
from app.panels.drawings_panel import DrawingsPanel
from app.panels.finish_panel import FinishPanel
from app.panels.history_panel import HistoryPanel
from app.panels.jobs_panel import JobsPanel
from app.panels.layers_panel import LayersPanel
from app.panels.line_art_panel import LineArtPanel
from app.panels.model_panel import ModelPanel
from app.panels.palette_panel import PalettePanel
from app.panels.reference_strip import ReferenceStrip
from app.panels.reference_view import ReferencePanel
from app.window.actions import Actions

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
LEFT_WIDTH, RIGHT_WIDTH, STRIP_HEIGHT = 272, 280, 168
LAST = 100


@dataclass(frozen=True)
class DockSpec:
    """A panel in a dock. tab: its place in the order in which the Tab key goes through the panels."""

    name: str
    title: str
    make: Callable[[Actions, QWidget], QWidget]
    area: Qt.DockWidgetArea
    tab: int = LAST


DOCKS = (
    DockSpec(
        "paletteDock",
        QT_TRANSLATE_NOOP("MainWindow", "Palette"),
        lambda actions, parent: PalettePanel(actions.some("load_palette save_palette reset_palette"), parent),
        LEFT,
        6,
    ),
    DockSpec(
        "checksDock",
        QT_TRANSLATE_NOOP("MainWindow", "To check"),
        lambda actions, parent: CheckPanel(actions["settle_check"], parent),
        LEFT,
        7,
    ),
    DockSpec(
        "lineArtDock",
        QT_TRANSLATE_NOOP("MainWindow", "Line art"),
        lambda _, parent: LineArtPanel(parent),
        RIGHT,
        3,
    ),
    DockSpec(
        "finishDock",
        QT_TRANSLATE_NOOP("MainWindow", "Finish"),
        lambda _, parent: FinishPanel(parent),
        RIGHT,
        5,
    ),
    DockSpec(
        "colorDock",
        QT_TRANSLATE_NOOP("MainWindow", "Color"),
        lambda actions, parent: ModelPanel(
            actions["color"], actions["auto_color"], actions["adapt"], actions["models"], parent
        ),
        RIGHT,
        4,
    ),
    DockSpec(
        "referencesDock",
        QT_TRANSLATE_NOOP("MainWindow", "References"),
        lambda actions, parent: ReferenceStrip(
            actions["open_references"],
            actions["remove_references"],
            actions.some("share_references reference_here_only"),
            parent,
        ),
        BOTTOM,
        0,
    ),
    DockSpec(
        "drawingsDock",
        QT_TRANSLATE_NOOP("MainWindow", "Drawings"),
        lambda actions, parent: DrawingsPanel(actions.some("open_drawing remove_drawing color_all"), parent),
        BOTTOM,
        1,
    ),
    DockSpec(
        "historyDock",
        QT_TRANSLATE_NOOP("MainWindow", "History"),
        lambda actions, parent: HistoryPanel(actions["undo"], actions["redo"], parent),
        LEFT,
        2,
    ),
    DockSpec(
        "layersDock",
        QT_TRANSLATE_NOOP("MainWindow", "Layers"),
        lambda _, parent: LayersPanel(parent),
        LEFT,
        8,
    ),
    DockSpec(
        "jobsDock",
        QT_TRANSLATE_NOOP("MainWindow", "Jobs"),
        lambda _, parent: JobsPanel(parent),
        BOTTOM,
        10,
    ),
    DockSpec(
        "referenceViewDock",
        QT_TRANSLATE_NOOP("MainWindow", "Reference view"),
        lambda _, parent: ReferencePanel(parent),
        RIGHT,
        9,
    ),
)
TABBED = (("checksDock", "layersDock", "historyDock"), ("colorDock", "referenceViewDock"))  # the first is on top


def _tools_of_menu() -> str:
    """The tools in groups, and those apart that need something else than the tools before them."""
    parts: list[str] = []
    for group in GROUPS:
        needs = None
        for spec in group:
            if spec.needs != needs and parts:
                parts.append("|")
            parts.append(spec.action)
            needs = spec.needs
    return " ".join(parts)


# The ids of actions; | is a line between them, and * a menu of its own that the window makes.
MENUS = (
    (
        QT_TRANSLATE_NOOP("MainWindow", "&File"),
        "new_project open_drawing *recent | open_references open_sample | save save_as "
        "| export export_as batch scene | quit",
    ),
    (
        QT_TRANSLATE_NOOP("MainWindow", "&Edit"),
        "undo redo | paste_drawing paste_reference copy_result "
        "| use_whole remove_references share_references reference_here_only | remove_drawing | preferences",
    ),
    (
        QT_TRANSLATE_NOOP("MainWindow", "&Color"),
        "color color_all auto_color | adapt finetune models | load_palette save_palette reset_palette | cancel",
    ),
    (
        QT_TRANSLATE_NOOP("MainWindow", "&View"),
        "show_colored show_lines show_compare show_regions show_confidence show_side_by_side show_with_reference "
        "show_figure blink | zoom_in zoom_out fit actual_size "
        "| turn_left turn_right mirror reset_view pixel_grid | previous_drawing next_drawing "
        "| hide_panels full_screen "
        "| *theme *language *docks",
    ),
    (
        QT_TRANSLATE_NOOP("MainWindow", "&Tools"),
        f"{_tools_of_menu()} | tool_color brush_smaller brush_larger | select_same fill_selection deselect "
        "| next_check settle_check | carry_over clear_corrections find_figure",
    ),
    (QT_TRANSLATE_NOOP("MainWindow", "&Help"), "guide shortcuts | about"),
)
SUBMENUS = {
    "*theme": (QT_TRANSLATE_NOOP("MainWindow", "T&heme"), "theme_system theme_dark theme_light"),
    "*language": (QT_TRANSLATE_NOOP("MainWindow", "Languag&e"), "language_system language_en language_ja"),
}

TOOL_BAR = (
    "open_drawing open_references save export | undo redo | color "
    "| show_colored show_lines show_compare show_regions show_confidence show_side_by_side show_with_reference "
    "| zoom_out zoom_in fit actual_size"
)
PAINT_BAR = " | ".join(" ".join(spec.action for spec in group) for group in GROUPS)
# Buttons of the tool bar with a word beside the icon.
WITH_TEXT = {
    "open_drawing": QT_TRANSLATE_NOOP("MainWindow", "Open"),
    "open_references": QT_TRANSLATE_NOOP("MainWindow", "References"),
    "export": QT_TRANSLATE_NOOP("MainWindow", "Export"),
    "color": QT_TRANSLATE_NOOP("MainWindow", "Color"),
}
