"""The swatches of reference pictures: the colors a colorist would pick from them.

Colors are sRGB, 8 bits a channel, unless they are called Lab: CIELAB (D65) with L in [0, 100]. Differences are
CIEDE2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine.color import figure, names
from engine.color.difference import ciede2000
from engine.color.figure import Figure
from engine.errors import RequestError
from engine.palette import Color, Palette, Swatch
from engine.request import Reference

LIMIT_DEFAULT = 32
PAPER = "Paper"
WHITE = (255, 255, 255)

_GRID = (64, 128, 128)  # cells of the Lab space, about 1.6×2×2 wide
_CORE, _SHELL = 2.5, 4.5  # CIEDE2000 around a flat color: nearly all of it within, nearly nothing between
_REACH = 8.0  # CIEDE2000 that one swatch of a gradient stands for
_AREA, _AREA_DISTANCE = 0.0015, 9.0  # of the figure: the area of a flat color this far from all others
_SOFT_FACTOR = 5.0  # how much more a part of a gradient needs
_CHIP_AREA = 0.0003  # of the figure, of which a color chip makes a swatch
_LINE_COLOR = 0.05  # a color of which less is beside the lines is the lines' own

Floats = NDArray[np.float64]


def find_swatches(references: Sequence[Reference], limit: int = LIMIT_DEFAULT) -> Palette:
    """The colors of the reference pictures, the largest area first, at most `limit` of them.

    Flat colors come first: every color that is concentrated in the color space, so that a cel's shadow is a swatch
    beside its light, but a gradient is none. Where there is color far from all of these (soft shading, an eye), the
    densest parts of it follow. The nearer a color is to those already found, the more of it there must be: 0.15 % of
    the figure at a CIEDE2000 of 9, more if it is nearer, less if it is further. Lines do not count, nor a color that
    only lines have.

    White that reaches the border of its picture is background and no color. White anywhere else (a shirt, the eyes; or
    a gap between arm and body, which looks the same) is the swatch "Paper". A picture that is white all over gives
    "Paper" too. Every picture counts by its weight, whatever its size; one of weight 0 not at all.
    A color that a chip on a sheet has is exactly the chip's, and one of which the figure has too little by itself is a
    swatch by its chip. Raises RequestError without a reference, ValueError for a limit below 1.
    """
    if limit < 1:
        raise ValueError(f"the limit is {limit}; at least one swatch can be asked for")
    pixels = _Pixels.of(references)
    everything = pixels.colored()
    centers = _flat_colors(pixels.cells([one.flat for one in pixels.figures]))
    centers += _soft_colors(pixels.cells(_unexplained(pixels, everything, centers)), centers)
    centers = _without_line_colors(centers, everything, pixels.cells([one.line for one in pixels.figures]))
    if not centers:
        centers = [everything.lab[int(everything.density.argmax())]]
    colors = np.unique(_colors_at(pixels, everything, centers), axis=0)
    colors = _with_chips(colors, everything, [chip for one in references if one.weight > 0.0 for chip in one.chips])
    of_one = len(references) == 1 or (len({one.name for one in references}) == 1 and references[0].whole)
    return _palette(colors, _areas(everything, colors), limit, references[0].name if of_one else "")


def _with_chips(colors: NDArray[np.uint8], cells: _Cells, chips: Sequence[Color]) -> NDArray[np.uint8]:
    for chip in dict.fromkeys(chips):
        lab = figure.to_lab(np.asarray([chip], np.uint8)).astype(np.float64)
        difference = ciede2000(figure.to_lab(colors).astype(np.float64), lab)
        if difference.min() <= _SHELL:
            colors[int(difference.argmin())] = chip
        elif cells.areas[_near(cells, lab[0], _SHELL)[0]].sum() >= _CHIP_AREA:
            colors = np.concatenate([colors, np.asarray([chip], np.uint8)])
    return np.unique(colors, axis=0)


def with_paper(palette: Palette) -> Palette:
    """The palette with pure white: a "Paper" that is nearly white becomes it, else it is added after the swatches.

    An empty palette stays as it is.
    """
    if not palette.swatches or (palette.colors() == 255).all(axis=1).any():
        return palette
    whites = figure.is_paper(figure.to_lab(palette.colors()))
    for number, swatch in enumerate(palette.swatches):
        if swatch.name == PAPER and whites[number]:
            return palette.with_color(number, WHITE)
    return replace(palette, swatches=(*palette.swatches, Swatch(PAPER, WHITE)))


def shares(references: Sequence[Reference], palette: Palette) -> Floats:
    """Of each swatch the share in [0, 1] of the figures' area that is nearest to it, lines and background left out.

    Raises RequestError without a reference.
    """
    return _areas(_Pixels.of(references).colored(), palette.colors())


def _palette(colors: NDArray[np.uint8], areas: Floats, limit: int, name: str) -> Palette:
    order = np.argsort(-areas, kind="stable")[:limit]
    chosen = [tuple(color) for color in colors[order].tolist()]
    papers = figure.is_paper(figure.to_lab(colors[order]))
    labels = names.unique(
        [PAPER if white else names.name_of(color) for color, white in zip(chosen, papers, strict=True)]
    )
    return Palette(tuple(Swatch(label, color) for label, color in zip(labels, chosen, strict=True)), name)


@dataclass(frozen=True, eq=False)
class _Pixels:
    """The pixels of all pictures, sorted into the cells of the Lab space.

    Of each figure, labs: H×W×3 uint8, as OpenCV packs Lab; indices: H×W, which of the cells; weights: of one pixel,
    such that each figure has its reference's share of all weights. places: where the cells are in the grid, ascending.
    """

    figures: list[Figure]
    labs: list[NDArray[np.uint8]]
    indices: list[NDArray[np.intp]]
    weights: list[float]
    places: NDArray[np.intp]

    @classmethod
    def of(cls, references: Sequence[Reference]) -> _Pixels:
        references = [reference for reference in references if reference.weight > 0.0]
        if not references:
            raise RequestError("There is no reference picture to take colors from; add one first.")
        figures = [figure.of(reference) for reference in references]
        labs = [np.asarray(cv2.cvtColor(one.pixels, cv2.COLOR_RGB2LAB), np.uint8) for one in figures]
        steps = [(lab >> np.asarray([2, 1, 1], np.uint8)).astype(np.intp) for lab in labs]
        cells = [np.ravel_multi_index(tuple(np.moveaxis(step, 2, 0)), _GRID) for step in steps]
        used = np.zeros(int(np.prod(_GRID)), np.bool_)
        for cell in cells:
            used[cell] = True
        number = np.cumsum(used) - 1
        total = sum(reference.weight for reference in references)
        weights = [
            reference.weight / (total * int(one.colored.sum()))
            for reference, one in zip(references, figures, strict=True)
        ]
        return cls(figures, labs, [number[cell] for cell in cells], weights, np.flatnonzero(used))

    def colored(self) -> _Cells:
        """The cells of all figures without their lines."""
        return self.cells([one.colored for one in self.figures])

    def cells(self, masks: Sequence[NDArray[np.bool_]]) -> _Cells:
        """The cells of those pixels that the masks, one a figure, show."""
        count = len(self.places)
        areas, sums = np.zeros(count), np.zeros((3, count))
        for lab, index, weight, mask in zip(self.labs, self.indices, self.weights, masks, strict=True):
            chosen = index[mask]
            areas += np.bincount(chosen, minlength=count) * weight
            for axis, values in enumerate(lab[mask].T):
                sums[axis] += np.bincount(chosen, values, count) * weight
        held = np.flatnonzero(areas)
        packed = (sums[:, held] / areas[held]).T
        lab = (packed - [0.0, 128.0, 128.0]) * [100.0 / 255.0, 1.0, 1.0]
        return _Cells(held, lab, areas[held], *_density(self.places[held], areas[held]))


@dataclass(frozen=True, eq=False)
class _Cells:
    """The n cells of the Lab space that hold a color.

    index: n, which cells of the `_Pixels`. lab: n×3 mean. areas: n weights. density: n, `areas` blurred over
    neighboring cells. peak: n, where no neighbor is denser.
    """

    index: NDArray[np.intp]
    lab: Floats
    areas: Floats
    density: Floats
    peak: NDArray[np.bool_]


def _density(places: NDArray[np.intp], areas: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The `areas` blurred over the grid, and where this is the largest of its surroundings."""
    if not places.size:
        return np.zeros(0), np.zeros(0, np.bool_)
    steps = np.stack(np.unravel_index(places, _GRID))
    inside = tuple(steps - steps.min(axis=1, keepdims=True))
    grid = np.zeros([int(side.max()) + 1 for side in inside], np.float32)
    grid[inside] = areas
    blurred = ndimage.gaussian_filter(grid, 0.7, mode="constant", truncate=2.0)
    peaks = blurred >= ndimage.maximum_filter(blurred, 3, mode="constant")
    return blurred[inside].astype(np.float64), peaks[inside]


def _needed(distance: float) -> float:
    """The area of the figure from which a flat color is a swatch that is `distance` away from all others."""
    return _AREA * (_AREA_DISTANCE / distance) ** 3


def _distance(center: Floats, others: Sequence[Floats]) -> float:
    return float(ciede2000(np.asarray(others), center).min()) if others else 100.0


def _flat_colors(cells: _Cells) -> list[Floats]:
    """Lab of the colors around which the pixels crowd.

    Modes of the density are visited from the densest down. A gradient has as much beside a mode as in it, the flank of
    another mode even more; a flat color has nearly all within `_CORE`.
    """
    found: list[Floats] = []
    for peak in _by_density(cells):
        near, _ = _near(cells, cells.lab[peak], _CORE)
        center = np.average(cells.lab[near], axis=0, weights=cells.areas[near])  # one step of mean shift
        near, difference = _near(cells, center, _SHELL)
        inside = difference <= _CORE
        core, shell = cells.areas[near[inside]].sum(), cells.areas[near[~inside]].sum()
        distance = _distance(center, found)
        if core >= 2.0 * shell and distance > _SHELL and core >= _needed(distance):
            found.append(center)
    return found


def _by_density(cells: _Cells) -> NDArray[np.intp]:
    """The modes of the density, the densest first."""
    index = np.flatnonzero(cells.peak)
    return index[np.argsort(-cells.density[index], kind="stable")]


def _near(cells: _Cells, center: Floats, reach: float) -> tuple[NDArray[np.intp], Floats]:
    """The cells no further than `reach` from a Lab color, and their differences."""
    # A step of CIEDE2000 is at most 1.75 of L, and where colors are strongest about 6 of a and b. Most cells are
    # further, and this costs less than to find out how far.
    step = np.abs(cells.lab - center)
    index = np.flatnonzero((step[:, 0] <= 1.75 * reach) & (step[:, 1] <= 6.0 * reach) & (step[:, 2] <= 6.0 * reach))
    difference = ciede2000(cells.lab[index], center)
    inside = difference <= reach
    return index[inside], difference[inside]


def _without_line_colors(centers: list[Floats], colored: _Cells, lines: _Cells) -> list[Floats]:
    """The `centers` of which there is enough outside of lines."""
    kept = []
    for center in centers:
        outside, inside = (cells.areas[_near(cells, center, _SHELL)[0]].sum() for cells in (colored, lines))
        if outside >= _LINE_COLOR * (outside + inside):
            kept.append(center)
    return kept


def _unexplained(pixels: _Pixels, cells: _Cells, known: list[Floats]) -> list[NDArray[np.bool_]]:
    """Where the figures have color far from all `known` ones, and more of it than edges have."""
    far = np.zeros(len(pixels.places), np.uint8)
    far[cells.index] = _nearest(cells, known)[1] > _REACH if known else 1
    result = []
    for one, index in zip(pixels.figures, pixels.indices, strict=True):
        left = far[index] & one.colored.astype(np.uint8)
        result.append(np.asarray(cv2.morphologyEx(left, cv2.MORPH_OPEN, figure.edge_square(left.shape))) > 0)
    return result


def _soft_colors(cells: _Cells, known: list[Floats]) -> list[Floats]:
    """Lab of the main colors of `cells`."""
    found: list[Floats] = []
    left = np.ones(len(cells.areas), np.bool_)
    for peak in _by_density(cells):
        if not left[peak]:
            continue
        center = cells.lab[peak]
        near, _ = _near(cells, center, _REACH)
        near = near[left[near]]
        if cells.areas[near].sum() >= _SOFT_FACTOR * _needed(_distance(center, known + found)):
            found.append(center)
            left[near] = False
    return found


def _nearest(cells: _Cells, colors: Sequence[Floats]) -> tuple[NDArray[np.intp], Floats]:
    """Of each cell the nearest of the Lab `colors`, and the difference."""
    difference = ciede2000(cells.lab[:, None], np.asarray(colors)[None])
    return difference.argmin(axis=1), difference.min(axis=1)


def _colors_at(pixels: _Pixels, cells: _Cells, centers: list[Floats]) -> NDArray[np.uint8]:
    """Of each Lab center the median sRGB color around it: exactly a flat color, the middle of a noisy one."""
    difference = ciede2000(cells.lab[:, None], np.asarray(centers)[None])
    nearest = np.where(difference.min(axis=1) <= _CORE, difference.argmin(axis=1), len(centers))
    nearest[difference.argmin(axis=0)] = np.arange(len(centers))  # the cell next to a center is its own at any rate
    label = np.full(len(pixels.places), len(centers))
    label[cells.index] = nearest
    counts = np.zeros((3, len(centers) + 1, 256))
    for one, index, weight in zip(pixels.figures, pixels.indices, pixels.weights, strict=True):
        rows = label[index[one.colored]] * 256
        for channel, values in enumerate(one.pixels[one.colored].T):
            found = np.bincount(rows + values, minlength=counts[channel].size)
            counts[channel] += found.reshape(-1, 256) * weight
    sums = counts[:, :-1].cumsum(axis=2)
    return (sums < sums[..., -1:] / 2.0).sum(axis=2).T.astype(np.uint8)


def _areas(cells: _Cells, colors: NDArray[np.uint8]) -> Floats:
    """The area nearest to each of the k×3 `colors`."""
    if not len(colors):
        return np.zeros(0)
    nearest, _ = _nearest(cells, list(figure.to_lab(colors).astype(np.float64)))
    return np.asarray(np.bincount(nearest, cells.areas, len(colors)), np.float64)
