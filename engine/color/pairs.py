"""Swatches of references that are one material: its base in the light, and its shadows; flats of bases alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color import figure
from engine.color.difference import ciede2000
from engine.color.figure import Figure
from engine.color.shading import Shading
from engine.color.swatch_choice import Choice
from engine.color.swatches import shares
from engine.line_art.regions import RegionMap
from engine.palette import Palette, Swatch
from engine.request import Reference

_OF_SWATCH = 16.0  # CIEDE2000 from a swatch within which a pixel is of it
_DARKER = 4.0  # L by which a shadow is darker than what it is the shadow of
_DARKEST = 28.0  # L by which it is darker at most, one step of a gradient
_HUE = 42.0  # degrees by which a shadow turns at most
_GRAY, _NO_HUE = 6.0, 3.0  # chroma below which both are gray, whatever their hue, and below which there is none
_STRONGER = 25.0  # chroma by which a shadow is stronger at most, as that of pale skin is
_BRIGHTER = 32  # levels by which light that is thrown back brightens one channel of a shadow at most
_OF_BASE = 33.0  # L by which the darkest shadow of a base is darker than that
_LIT = 0.25  # of a material's area, the lightest, are its lights; the tone in which this ends is its base
_CONTACT = 0.55  # of the border of a shadow, lines left out, the part that is beside its base
_LEAST = 0.02  # of the longer side: the length of that border at least
_PAPER = 99.0  # L from which a color is paper
_ACROSS = 2  # pixels over which an edge is blurred


@dataclass(frozen=True, eq=False)
class Pairs:
    """Which swatch each of n swatches is a shadow of.

    base: n intp, the number of the base, its own where it is one itself; a base's base is itself.
    """

    base: NDArray[np.intp]

    @property
    def shadows(self) -> NDArray[np.bool_]:
        """Which swatches are shadows: n."""
        return self.base != np.arange(len(self.base))


def find_pairs(references: Sequence[Reference], palette: Palette) -> Pairs:
    """The shadows of a palette and their bases, as the references of it show them.

    A shadow is darker than its base, of nearly its hue, and lies beside it without a line between, which is how it
    differs from another material; the darkest shadow of a gradient belongs to the one before it, and so to the base.
    A palette that is not of these references has no pairs.
    """
    colors = palette.colors()
    count = len(colors)
    contact, border = np.zeros((count, count)), np.zeros(count)
    sides = []
    for reference in references:
        if reference.weight > 0.0:
            one = figure.of(reference)
            sides.append(max(one.pixels.shape[:2]))
            _touch(one, colors, contact, border)
    base = np.arange(count)
    if not sides:
        return Pairs(base)
    lab = figure.to_lab(colors).astype(np.float64)
    allowed = _may_be_shadow(lab, colors)
    # In a gradient a tone lies between a lighter one and its own shadows, which say nothing of what it belongs to; nor
    # does paper, which is seen through every gap.
    beside = np.where((lab[:, 0] > _PAPER) & ~allowed, 0.0, contact)
    others = beside.sum(axis=1) - np.where(allowed.T, beside, 0.0).sum(axis=1)
    enough = allowed & (contact >= _LEAST * max(sides))
    lighter = np.where(enough, contact / np.maximum(others[:, None], 1.0), 0.0)
    before = np.where(lighter.sum(axis=1) >= _CONTACT, lighter.argmax(axis=1), base)
    areas = shares(references, palette)
    return Pairs(_bases(before, lab[:, 0], areas))


def _bases(before: NDArray[np.intp], lightness: NDArray[np.float64], areas: NDArray[np.float64]) -> NDArray[np.intp]:
    """The base of each of n tones. before: the lighter tone beside each, itself where there is none."""
    root = np.arange(len(before))
    largest = root.copy()  # of the tones of a root so far, which says how light it is: a glint does not
    for tone in np.argsort(-lightness, kind="stable"):
        lightest = root[before[tone]]
        if tone != lightest and lightness[largest[lightest]] - lightness[tone] <= _OF_BASE:
            root[tone] = lightest
            if areas[tone] > areas[largest[lightest]]:
                largest[lightest] = tone
    base = root.copy()
    for one in np.unique(root):
        tones = np.flatnonzero(root == one)
        tones = tones[np.argsort(-lightness[tones], kind="stable")]
        reached = np.cumsum(areas[tones]) >= _LIT * areas[tones].sum()
        base[tones] = tones[int(reached.argmax())]
    return base


def _may_be_shadow(lab: NDArray[np.float64], colors: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """n×n: whether the color of the row may be a shadow of that of the column."""
    darker = lab[None, :, 0] - lab[:, None, 0]
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    turned = np.abs((hue[:, None] - hue[None] + 180.0) % 360.0 - 180.0)
    grayish = np.maximum(chroma[:, None], chroma[None]) < _GRAY
    of_hue = (turned <= _HUE) & (np.minimum(chroma[:, None], chroma[None]) >= _NO_HUE)
    stronger = chroma[:, None] - chroma[None] <= _STRONGER
    brighter = (colors[:, None].astype(np.int16) - colors[None].astype(np.int16)).max(axis=2)
    dark = (darker >= _DARKER) & (darker <= _DARKEST)
    return dark & (of_hue | grayish) & stronger & (brighter <= _BRIGHTER)


def _touch(one: Figure, colors: NDArray[np.uint8], contact: NDArray[np.float64], border: NDArray[np.float64]) -> None:
    """Add how long each swatch (row) is beside each other one without a line between, and beside any other."""
    label = _labels(one, colors)
    for axis in (0, 1):
        for step in range(1, _ACROSS + 2):
            near = np.roll(label, -step, axis)[tuple(slice(None, -step) if a == axis else slice(None) for a in (0, 1))]
            here = label[tuple(slice(None, -step) if a == axis else slice(None) for a in (0, 1))]
            between = np.ones(here.shape, np.bool_)
            for inner in range(1, step):
                rolled = np.roll(label, -inner, axis)
                between &= rolled[tuple(slice(None, -step) if a == axis else slice(None) for a in (0, 1))] == 0
            met = between & (here > 0) & (near > 0) & (here != near)
            pairs = here[met].astype(np.int64) - 1, near[met].astype(np.int64) - 1
            np.add.at(contact, pairs, 1.0)
            np.add.at(contact, pairs[::-1], 1.0)
    border[:] = contact.sum(axis=1)


def _labels(one: Figure, colors: NDArray[np.uint8]) -> NDArray[np.int32]:
    """H×W: the number of each pixel's swatch plus 1, 0 for a mixed one at an edge, -1 for lines and background."""
    lab = figure.to_lab(one.pixels.reshape(-1, 3))
    wanted = figure.to_lab(colors)
    packed, place = np.unique(np.rint(lab).astype(np.int16), axis=0, return_inverse=True)
    nearest, reach = np.empty(len(packed), np.int32), np.empty(len(packed), np.float32)
    for top in range(0, len(packed), 4096):
        difference = ciede2000(packed[top : top + 4096, None].astype(np.float32), wanted[None])
        nearest[top : top + 4096], reach[top : top + 4096] = difference.argmin(axis=1), difference.min(axis=1)
    label = np.where(reach <= _OF_SWATCH, nearest + 1, 0)[place.reshape(-1)].reshape(one.pixels.shape[:2])
    line = cv2.dilate(one.line.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    label = np.where(one.colored & ~line, label, 0)
    return np.where(one.line | ~(one.colored | line), -1, label).astype(np.int32)


def with_wishes(pairs: Pairs, palette: Palette, wishes: Sequence[tuple[Swatch, Swatch]]) -> Pairs:
    """The pairs as a person wants them. wishes: shadow and base; a swatch with itself is no shadow."""
    number = {swatch: index for index, swatch in enumerate(palette.swatches)}
    by_color = {swatch.color: index for index, swatch in enumerate(palette.swatches)}
    base = pairs.base.copy()
    for shadow, wanted in wishes:
        one = number.get(shadow, by_color.get(shadow.color))
        other = number.get(wanted, by_color.get(wanted.color))
        if one is not None and other is not None:
            base[one] = one if one == other else base[other]
            base[base == one] = base[one]
    return Pairs(base)


def in_bases(choice: Choice, palette: Palette, pairs: Pairs) -> Choice:
    """The same choice, but that a region whose swatch is a shadow has its base."""
    swatch = pairs.base[choice.swatch]
    return replace(choice, swatch=swatch, colors=palette.colors()[swatch])


def with_shadows(
    shading: Shading | None, regions: RegionMap, palette: Palette, before: NDArray[np.intp], after: NDArray[np.intp]
) -> Shading | None:
    """The shading with the shadows that flats lost, in the regions that had them. before, after: count swatches."""
    lost = before != after
    if not lost.any():
        return shading
    colors = palette.colors().astype(np.float32)
    share = np.clip(colors[before] / np.maximum(colors[after], 1.0), 0.0, 1.0)
    table = np.full((regions.count + 1, 3), 255.0, np.float32)
    table[1:][lost] = share[lost] * 255.0
    laid = np.rint(table).astype(np.uint8)[regions.labels]
    if shading is None:
        return Shading(laid, np.zeros_like(laid))
    multiply = cv2.multiply(shading.multiply, laid, scale=1.0 / 255.0)
    return replace(shading, multiply=np.asarray(multiply, np.uint8))
