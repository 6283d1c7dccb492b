"""Verbs that only note what was asked of them, and a drawing of four regions to ask it on."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.canvas.outlines import RegionOutlines
from app.canvas.tools.context import ToolContext
from engine.line_art.regions import RegionMap


class RecordingVerbs:
    """`asked`: the verbs in their order, each with what it was given."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self.asked.append((name, *given))


def four_regions(width: int = 200, height: int = 100) -> RegionMap:
    """Labels 1 2 / 3 4."""
    labels = np.ones((height, width), np.int32)
    labels[:, width // 2 :] += 1
    labels[height // 2 :] += 2
    return RegionMap(labels, 4, 3, False, np.bincount(labels.reshape(-1))[1:])


def context_of(verbs: Any) -> ToolContext:
    """What tools know of a drawing with these regions."""
    context = ToolContext(verbs)
    context.outlines = RegionOutlines(four_regions())
    context.look_up = lambda x, y: (x, y, 7)
    return context
