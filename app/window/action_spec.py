"""What an action is: a row of the table in `app/window/actions.py`, and what enabling one depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """What enabling an action depends on."""

    has_drawing: bool = False
    has_lines: bool = False
    has_references: bool = False
    can_adapt: bool = True
    has_selected_references: bool = False
    has_selected_shared: bool = False
    has_own_references: bool = False
    has_selected_sheets: bool = False
    has_result: bool = False
    has_regions: bool = False
    has_palette: bool = False
    has_own_palette: bool = False
    is_busy: bool = False
    has_sample: bool = False
    has_drawings: bool = False
    has_uncolored: bool = False
    can_undo: bool = False
    can_redo: bool = False


def always(_: State) -> bool:
    """Enabled at all times."""
    return True


@dataclass(frozen=True)
class ActionSpec:
    """One row of the table. group: of these one is checked at a time.

    why: what is missing while it is disabled; where it may be this or that, a function tells.
    """

    id: str
    text: str
    tip: str
    shortcut: str = ""
    icon: str = ""
    when: Callable[[State], bool] = always
    why: str | Callable[[State], str] = ""
    checkable: bool = False
    group: str = ""
