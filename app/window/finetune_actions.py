"""The actions of fine-tuning and models, rows of the table in `app/window/actions.py`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.window.action_spec import ActionSpec, State

translate = QCoreApplication.translate


def rows() -> tuple[ActionSpec, ...]:
    """The texts are in the current language."""
    return (
        ActionSpec(
            "adapt",
            translate("Actions", "A&dapt to These References"),
            translate(
                "Actions", "Let the model learn from the references for about a minute, and judge whether it helps"
            ),
            when=lambda state: state.can_adapt and state.has_references,
            why=_why_not,
        ),
        ActionSpec(
            "finetune",
            translate("Actions", "Adapt to a C&haracter…"),
            translate("Actions", "Let a model learn from pictures of one character, step by step"),
            "Ctrl+Shift+T",
            when=lambda state: state.can_adapt,
            why=_why_not,
        ),
        ActionSpec(
            "models",
            translate("Actions", "&Models…"),
            translate("Actions", "See which models there are, install one, delete an adapted one"),
        ),
    )


def _why_not(state: State) -> str:
    """Why nothing can be adapted now."""
    if not state.can_adapt:
        return translate("Actions", "This kind of model cannot be adapted; choose another one in the Color panel.")
    return translate("Actions", "Add a reference first.")
