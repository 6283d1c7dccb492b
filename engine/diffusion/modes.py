"""The modes of a painting: which parts of the network act, when each is right, and how one is chosen. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import RequestError
from engine.options import PaintingMode
from engine.sentences import Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Mode = PaintingMode

_SIMPLE = 9.0  # CIELAB: mean distance of a background from its median color, up to which it is plain


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

NAMES: dict[str, Sentence] = {
    "auto": Sentence("Auto"),
    "vanilla": Sentence("Vanilla"),
    "bg2fig": Sentence("Bg2Fig"),
    "fig2fig": Sentence("Fig2Fig"),
}
WHEN: dict[str, Sentence] = {
    "auto": Sentence("Looks at drawing and references, and chooses one of the others; the result says which."),
    "vanilla": Sentence("For landscapes, and wherever there is no figure: all of the drawing looks at all references."),
    "bg2fig": Sentence("For references with a figure before a busy background: the figure looks out for itself."),
    "fig2fig": Sentence(
        "For figures on a plain background: figure looks at figure, background at background, which mixes them least."
    ),
}


def which(mode: Mode) -> Active:
    """What acts in a mode. Raises RequestError for "auto", which has to be decided before, and for any other word."""
    if mode not in _ACTIVE:
        raise RequestError("'{0}' is no mode to paint in: choose {1}.", mode, " or ".join(_ACTIVE))
    return _ACTIVE[mode]


def choose(
    figure: NDArray[np.float32] | None,
    references: Sequence[tuple[NDArray[np.uint8], NDArray[np.float32] | None]],
) -> Mode:
    """The mode for a drawing whose figure is here (None: nowhere), and references, each with where its figure is.

    Without a figure in the drawing or in any reference "vanilla". Else "bg2fig" where what is behind the figures of
    the references is busy, and "fig2fig" where it is plain.
    """
    known = [(pixels, mask) for pixels, mask in references if mask is not None]
    if figure is None or not known:
        return "vanilla"
    busy = sum(_unrest(pixels, mask) > _SIMPLE for pixels, mask in known)
    return "bg2fig" if 2 * busy > len(known) else "fig2fig"


def _unrest(pixels: NDArray[np.uint8], mask: NDArray[np.float32]) -> float:
    """How far the colors behind a figure are from one color, in CIELAB."""
    import numpy as np

    from engine.color.figure import to_lab

    behind = pixels[mask < 0.5]
    if not len(behind):
        return 0.0
    lab = to_lab(np.ascontiguousarray(behind[:: max(1, len(behind) // 4096)]))
    return float(np.linalg.norm(lab - np.median(lab, axis=0), axis=1).mean())
