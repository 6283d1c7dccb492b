"""Mistakes that can be seen: references without colors, line art for a reference, drawing and reference swapped."""

import numpy as np

from engine.color import figure
from engine.images import Picture
from engine.line_art.detection import detect
from engine.request import ColorizeRequest, Reference
from engine.sentences import Sentence

_SEEN = 512  # pixels that are looked at on the longer side
_CHROMA, _SHARE = 6.0, 0.003  # CIELAB chroma from which a pixel has a color, and the share of the figure that has one


def is_colorless(reference: Reference) -> bool:
    """Whether there is no color in the figure: a gray picture, black lines on white, a blank page."""
    step = max(1, max(reference.pixels.shape[:2]) // _SEEN)
    pixels = reference.pixels[::step, ::step].reshape(-1, 3)
    counted = np.ones(len(pixels), np.bool_)
    for mask in (reference.mask, reference.figure):
        if mask is not None:
            counted &= mask[::step, ::step].reshape(-1)
    lab = figure.to_lab(pixels[counted])
    shown = ~figure.is_paper(lab)
    if not shown.any():
        return True
    colored = np.hypot(lab[shown][:, 1], lab[shown][:, 2]) > _CHROMA
    return float(colored.mean()) < _SHARE


def is_line_art(reference: Reference) -> bool:
    """Whether a reference is a drawing that has no colors to take, as far as `detect` can tell."""
    return detect(Picture(reference.pixels, None, None, None, reference.name)) == "line_art"


def swapped(request: ColorizeRequest) -> list[int]:
    """Which references look like the drawing, by their number from 0, where the drawing is a color picture."""
    if not request.line_art.extracted:
        return []
    return [number for number, one in enumerate(request.references) if one.weight > 0.0 and is_line_art(one)]


def mistakes(request: ColorizeRequest) -> list[str]:
    """Sentences for the person: each reference that gives no colors, and whether it looks like the drawing."""
    found: list[str] = []
    for reference in request.heeded:
        # Whether it is line art takes long to tell, and is told only where something hangs on it.
        drawn = is_line_art(reference) if request.line_art.extracted else None
        if drawn:
            found.append(
                Sentence(
                    "{0} is line art and the drawing is a color picture; swap them if they are mixed up.",
                    reference.name,
                )
            )
        else:
            found += lacking(reference, drawn=drawn)
    return found


def lacking(reference: Reference, *, drawn: bool | None = None) -> list[str]:
    """A sentence where a reference has no colors to take. drawn: whether it is line art, where that is known."""
    if not is_colorless(reference):
        return []  # a colored sketch gives its colors
    if is_line_art(reference) if drawn is None else drawn:
        return [Sentence("{0} is line art without colors; did you mean it as the drawing?", reference.name)]
    return [Sentence("{0} has no colors; add a color picture of the character.", reference.name)]
