"""The actions of the tools and of the view, in one table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.canvas.tools import TOOLS
from app.window.action_spec import ActionSpec, State, always

translate = QCoreApplication.translate


def _has_drawing(state: State) -> bool:
    return state.has_drawing


def _has_regions(state: State) -> bool:
    return state.has_regions


def tools() -> tuple[ActionSpec, ...]:
    """The tools of the pointer, one at a time; texts in the current language."""
    needs_flats = translate("Actions", "Color a drawing with flats on first.")
    needs: dict[str, tuple[Callable[[State], bool], str]] = {
        "": (always, ""),
        "regions": (_has_regions, needs_flats),
        "references": (lambda state: state.has_references, translate("Actions", "Add a reference first.")),
    }
    return (
        *(
            ActionSpec(
                spec.action,
                translate("Actions", spec.text),
                translate("Actions", spec.tip),
                spec.shortcut,
                icon=spec.action,
                when=needs[spec.needs][0],
                why=needs[spec.needs][1],
                checkable=True,
                group="tool",
            )
            for spec in TOOLS.values()
        ),
        ActionSpec(
            "tool_color",
            translate("Actions", "C&urrent Color…"),
            translate("Actions", "Choose the color of hints and fills"),
            "C",
        ),
        ActionSpec(
            "brush_smaller",
            translate("Actions", "Smaller Brush"),
            translate("Actions", "Paint with a smaller brush"),
            "[",
        ),
        ActionSpec(
            "brush_larger",
            translate("Actions", "Larger Brush"),
            translate("Actions", "Paint with a larger brush"),
            "]",
        ),
        ActionSpec(
            "fill_selection",
            translate("Actions", "Fill Selec&tion"),
            translate("Actions", "Give the current color to all regions that are selected"),
            "Shift+F",
            when=_has_regions,
            why=needs_flats,
        ),
        ActionSpec(
            "select_same",
            translate("Actions", "Select All of This Color"),
            translate(
                "Actions", "Select every region that has the color of the selected ones, or else the current color"
            ),
            "Shift+W",
            when=_has_regions,
            why=needs_flats,
        ),
        ActionSpec(
            "deselect",
            translate("Actions", "Select &None"),
            translate("Actions", "Let nothing be selected"),
            "Ctrl+D",
            when=_has_regions,
            why=needs_flats,
        ),
        ActionSpec(
            "next_check",
            translate("Actions", "Ne&xt to Check"),
            translate("Actions", "Show the next place that is to be checked"),
            "N",
            icon="next_doubt",
            when=_has_regions,
            why=needs_flats,
        ),
        ActionSpec(
            "settle_check",
            translate("Actions", "&Right, Next"),
            translate("Actions", "What is looked at is right: never ask again, and show the next place"),
            "Y",
            icon="settle_check",
            when=_has_regions,
            why=needs_flats,
        ),
        ActionSpec(
            "carry_over",
            translate("Actions", "Carry Corrections &Over…"),
            translate("Actions", "Color the matching regions of the project's other drawings, too"),
            "Ctrl+Shift+C",
            when=_has_regions,
            why=needs_flats,
        ),
        ActionSpec(
            "clear_corrections",
            translate("Actions", "C&lear Corrections"),
            translate("Actions", "Take back all hints, fills, cuts, joins and closed gaps of this drawing"),
            when=_has_regions,
            why=needs_flats,
        ),
    )


def views() -> tuple[ActionSpec, ...]:
    """The ways to view the drawing; texts in the current language."""
    return (
        ActionSpec(
            "show_side_by_side",
            translate("Actions", "Si&de by Side"),
            translate("Actions", "Show lines at the left and colors at the right, moved together"),
            "6",
            icon="side_by_side",
            when=_has_drawing,
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "show_with_reference",
            translate("Actions", "&Beside Reference"),
            translate(
                "Actions",
                "Show the selected reference at the left and colors at the right; a click there takes a color",
            ),
            "7",
            icon="with_reference",
            when=_has_drawing,
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "blink",
            translate("Actions", "Blin&k"),
            translate("Actions", "Show lines and colors in turn; holding B on the canvas shows the lines for a moment"),
            "Shift+B",
            when=_has_drawing,
            checkable=True,
        ),
        ActionSpec(
            "turn_left",
            translate("Actions", "Turn &Left"),
            translate("Actions", "Turn the view; R held on the canvas turns it with the mouse or the wheel"),
            "Ctrl+[",
            icon="turn_left",
            when=_has_drawing,
        ),
        ActionSpec(
            "turn_right",
            translate("Actions", "Turn Ri&ght"),
            translate("Actions", "Turn the view; R held on the canvas turns it with the mouse or the wheel"),
            "Ctrl+]",
            icon="turn_right",
            when=_has_drawing,
        ),
        ActionSpec(
            "mirror",
            translate("Actions", "&Mirror"),
            translate("Actions", "Exchange left and right of the view, not of the drawing"),
            "M",
            icon="mirror",
            when=_has_drawing,
            checkable=True,
        ),
        ActionSpec(
            "reset_view",
            translate("Actions", "Reset &View"),
            translate("Actions", "Upright, not mirrored, the whole drawing"),
            "Ctrl+2",
            when=_has_drawing,
        ),
        ActionSpec(
            "hide_panels",
            translate("Actions", "Hide the Panels"),
            translate("Actions", "Leave the drawing alone on the screen; Tab on the canvas does it, too"),
            "Ctrl+Tab",
            checkable=True,
        ),
        ActionSpec(
            "full_screen",
            translate("Actions", "Full Screen"),
            translate("Actions", "Without title and frame"),
            "F11",
            checkable=True,
        ),
        ActionSpec(
            "pixel_grid",
            translate("Actions", "Pi&xel Grid"),
            translate("Actions", "Show a grid between pixels from 800 % on"),
            "Ctrl+G",
            checkable=True,
        ),
    )
