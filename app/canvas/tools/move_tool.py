"""Moving: a drag pushes the drawing around, which the canvas does by itself while it has no tool."""

from app.canvas.tools.spec import ToolSpec
from app.language.marking import QT_TRANSLATE_NOOP

SPEC = ToolSpec(
    "move",
    QT_TRANSLATE_NOOP("Actions", "Mo&ve"),
    QT_TRANSLATE_NOOP("Actions", "Push the drawing around"),
    "V",
    needs="",
)
