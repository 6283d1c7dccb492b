"""Moving: a drag pushes the drawing around, which the canvas does by itself while it has no tool."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.canvas.tools.spec import ToolSpec

SPEC = ToolSpec(
    "move",
    QT_TRANSLATE_NOOP("Actions", "Mo&ve"),
    QT_TRANSLATE_NOOP("Actions", "Push the drawing around"),
    "V",
    needs="",
)
