"""What a tool is beside its work: its name, words, key, and what it needs. One row of `app.canvas.tools.GROUPS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.canvas.tools.context import ToolContext
from app.canvas.tools.tool import Tool


@dataclass(frozen=True)
class ToolSpec:
    """Actions, icon, menu and paint bar follow from it; the icon is resources/icons/tool_NAME.svg.

    text, tip: marked with QT_TRANSLATE_NOOP("Actions", …), translated when they are shown.
    needs: what must be there before the tool can be chosen.
    make: the tool of the canvas; None where a drag moves the canvas, and the tool works elsewhere if at all.
    """

    name: str
    text: str
    tip: str
    shortcut: str
    needs: Literal["", "regions", "references"] = "regions"
    make: Callable[[ToolContext], Tool] | None = None

    @property
    def action(self) -> str:
        """The id of the action that chooses it."""
        return f"tool_{self.name}"
