"""The actions of projects, their drawings and their history, rows of the table in `app/window/actions.py`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.window.action_spec import ActionSpec, State

translate = QCoreApplication.translate


def _has_result(state: State) -> bool:
    return state.has_result


def rows() -> tuple[ActionSpec, ...]:
    """In the language of now."""
    first = translate("Actions", "Color a drawing first.")
    return (
        ActionSpec(
            "new_project",
            translate("Actions", "&New Project"),
            translate("Actions", "Begin with an empty project"),
            "Ctrl+N",
            icon="new",
        ),
        ActionSpec(
            "save",
            translate("Actions", "&Save Project"),
            translate("Actions", "Save drawings, references, palette, corrections and results in one file"),
            "Ctrl+S",
            icon="save",
        ),
        ActionSpec(
            "save_as",
            translate("Actions", "Save Project &As…"),
            translate("Actions", "Save the project under another name"),
            "Ctrl+Shift+S",
        ),
        ActionSpec(
            "export",
            translate("Actions", "&Export Picture"),
            translate("Actions", "Save the colored picture, flattened or in layers; the button can be dragged out"),
            "Ctrl+E",
            icon="export",
            when=_has_result,
            why=first,
        ),
        ActionSpec(
            "export_as",
            translate("Actions", "Export Picture As…"),
            translate("Actions", "Save the colored picture under another name"),
            "Ctrl+Shift+E",
            when=_has_result,
            why=first,
        ),
        ActionSpec(
            "undo",
            translate("Actions", "&Undo"),
            translate("Actions", "Take back the last step"),
            "Ctrl+Z",
            icon="undo",
            when=lambda state: state.can_undo,
        ),
        ActionSpec(
            "redo",
            translate("Actions", "&Redo"),
            translate("Actions", "Take the step again that was taken back last"),
            "Ctrl+Shift+Z",
            icon="redo",
            when=lambda state: state.can_redo,
        ),
        ActionSpec(
            "remove_drawing",
            translate("Actions", "Remove &Drawing"),
            translate("Actions", "Take the drawing that is shown out of the project"),
            icon="remove",
            when=lambda state: state.has_drawing,
        ),
        ActionSpec(
            "share_references",
            translate("Actions", "Use for &All Drawings"),
            translate("Actions", "Let the references that are for this drawing alone count for every drawing"),
            when=lambda state: state.has_own_references,
            why=translate("Actions", "No reference is for this drawing alone."),
        ),
        ActionSpec(
            "reference_here_only",
            translate("Actions", "&Only for This Drawing"),
            translate("Actions", "Let the selected references count for this drawing and no other"),
            when=lambda state: state.has_selected_shared,
            why=translate("Actions", "Select a reference that counts for other drawings, too."),
        ),
        ActionSpec(
            "next_drawing",
            translate("Actions", "Nex&t Drawing"),
            translate("Actions", "Show the next drawing of the project"),
            "Ctrl+PgDown",
            when=lambda state: state.has_drawings,
            why=translate("Actions", "There is but one drawing in the project."),
        ),
        ActionSpec(
            "previous_drawing",
            translate("Actions", "Previous Dra&wing"),
            translate("Actions", "Show the drawing of the project before this one"),
            "Ctrl+PgUp",
            when=lambda state: state.has_drawings,
            why=translate("Actions", "There is but one drawing in the project."),
        ),
        ActionSpec(
            "color_all",
            translate("Actions", "Color All Dra&wings"),
            translate("Actions", "Color every drawing of the project that has no colors yet, one after another"),
            "Ctrl+Shift+Return",
            icon="color_all",
            when=lambda state: state.has_uncolored,
            why=translate("Actions", "Every drawing that has references is colored."),
        ),
    )
