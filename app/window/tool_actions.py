"""The actions of the tools and of the view, in one table."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.window.action_spec import ActionSpec, State

translate = QCoreApplication.translate

TOOLS = ("move", "hint", "pick", "fill", "split", "merge", "gap", "remove", "mask")


def _has_drawing(state: State) -> bool:
    return state.has_drawing


def _has_regions(state: State) -> bool:
    return state.has_regions


def tools() -> tuple[ActionSpec, ...]:
    """What the pointer does, one at a time; in the language of now."""
    needs_flats = translate("Actions", "Color a drawing with flats on first.")
    of_regions = (
        (
            "hint",
            "H",
            translate("Actions", "Color &Hint"),
            translate("Actions", "Say which color a region has; doubtful regions like it follow. Alt takes a color"),
        ),
        (
            "pick",
            "I",
            translate("Actions", "P&ick From Reference"),
            translate("Actions", "Click a place in the reference view, then the regions that are this color"),
        ),
        (
            "fill",
            "F",
            translate("Actions", "&Fill"),
            translate("Actions", "Fill a region with the current color. Alt takes a color"),
        ),
        (
            "split",
            "X",
            translate("Actions", "&Split Regions"),
            translate("Actions", "Draw a stroke along which regions are cut"),
        ),
        (
            "merge",
            "J",
            translate("Actions", "&Merge Regions"),
            translate("Actions", "Drag from one region to another to make them one"),
        ),
        (
            "gap",
            "G",
            translate("Actions", "Close a &Gap"),
            translate("Actions", "Draw a short line between two ends; it is not seen, but color stops there"),
        ),
        (
            "remove",
            "E",
            translate("Actions", "Remove &Correction"),
            translate("Actions", "Click a hint, a cut, a join or a closed gap to take it away"),
        ),
    )
    return (
        ActionSpec(
            "tool_move",
            translate("Actions", "Mo&ve"),
            translate("Actions", "Push the drawing around"),
            "V",
            icon="tool_move",
            checkable=True,
            group="tool",
        ),
        *(
            ActionSpec(
                f"tool_{name}",
                text,
                tip,
                key,
                icon=f"tool_{name}",
                when=_has_regions,
                why=needs_flats,
                checkable=True,
                group="tool",
            )
            for name, key, text, tip in of_regions
        ),
        ActionSpec(
            "tool_mask",
            translate("Actions", "Mas&k Reference"),
            translate("Actions", "Paint over the parts of a reference that are not to count"),
            "K",
            icon="tool_mask",
            when=lambda state: state.has_references,
            why=translate("Actions", "Add a reference first."),
            checkable=True,
            group="tool",
        ),
        ActionSpec(
            "tool_color",
            translate("Actions", "C&urrent Color…"),
            translate("Actions", "Choose the color of hints and fills"),
            "C",
        ),
        ActionSpec(
            "next_doubt",
            translate("Actions", "&Next Doubtful Region"),
            translate("Actions", "Show the next region whose color is in doubt"),
            "N",
            icon="next_doubt",
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
    """How the drawing is seen; in the language of now."""
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
            "blink",
            translate("Actions", "Blin&k"),
            translate("Actions", "Show lines and colors in turn; holding B on the canvas shows the lines for a moment"),
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
            "pixel_grid",
            translate("Actions", "Pi&xel Grid"),
            translate("Actions", "Show a grid between pixels from 800 % on"),
            "Ctrl+G",
            checkable=True,
        ),
    )
