"""The modes of a painting: which parts of the network act. Imports no torch."""

from dataclasses import dataclass
from typing import Literal

from engine.errors import RequestError

Mode = Literal["auto", "vanilla", "bg2fig", "fig2fig"]


@dataclass(frozen=True)
class Active:
    """What acts in a painting. split: figure and background ask tokens of their own; figure_lora, background_lora:
    their changes of the attention; recovery: the background asks what was recovered behind the reference's figure."""

    split: bool = False
    figure_lora: bool = False
    background_lora: bool = False
    recovery: bool = False


_ACTIVE: dict[str, Active] = {
    "vanilla": Active(),
    "bg2fig": Active(split=True, figure_lora=True),
    "fig2fig": Active(split=True, figure_lora=True, background_lora=True, recovery=True),
}


def which(mode: Mode) -> Active:
    """What acts in a mode. Raises RequestError for "auto", which has to be decided before, and for any other word."""
    if mode not in _ACTIVE:
        raise RequestError("'{0}' is no mode to paint in: choose {1}.", mode, " or ".join(_ACTIVE))
    return _ACTIVE[mode]
