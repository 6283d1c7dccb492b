"""One palette for many drawings: a color that several references have is one and the same swatch in all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from engine.color import names
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.palette import Color, Palette, Swatch

SAME = 4.0  # CIEDE2000 below which two references mean one color; flat colors of one reference are further apart


def shared(palettes: Sequence[Palette]) -> list[Palette]:
    """The palettes, in which a color that an earlier one has within a CIEDE2000 of `SAME` is that one's swatch.

    So the same character has the same colors from any of her pictures, and no palette gets a color that its own
    references lack. Within one palette two swatches stay two.
    """
    known: list[Swatch] = []
    result = []
    for palette in palettes:
        taken = _matches(palette, known)
        chosen = [
            swatch if place is None else known[place] for swatch, place in zip(palette.swatches, taken, strict=True)
        ]
        known += [swatch for swatch, place in zip(palette.swatches, taken, strict=True) if place is None]
        titles = names.unique([swatch.name for swatch in chosen])
        named = (replace(swatch, name=title) for swatch, title in zip(chosen, titles, strict=True))
        result.append(replace(palette, swatches=tuple(named)))
    return result


def with_colors(palette: Palette, colors: Iterable[Color]) -> Palette:
    """A palette that was found in references, and after its swatches the colors that a person gave and it lacks."""
    for color in colors:
        if all(one.color != color for one in palette.swatches):
            title = names.unique([*(one.name for one in palette.swatches), names.name_of(color)])[-1]
            palette = replace(palette, swatches=(*palette.swatches, Swatch(title, color)))
    return palette


def _matches(palette: Palette, known: Sequence[Swatch]) -> list[int | None]:
    """Of each swatch the place of the one in `known` that it is; each of those is given once, to the nearest."""
    taken: list[int | None] = [None] * len(palette.swatches)
    if not known or not palette.swatches:
        return taken
    wanted = to_lab(palette.colors())
    difference = ciede2000(wanted[:, None], to_lab(Palette(tuple(known)).colors())[None])
    given: set[int] = set()
    for flat in np.argsort(difference, axis=None, kind="stable").tolist():
        own, other = divmod(flat, len(known))
        if difference[own, other] > SAME:
            break
        if taken[own] is None and other not in given:
            taken[own] = other
            given.add(other)
    return taken
