"""A reference that is a sheet (a turnaround, poses, color chips, notes) as references: one for each of its figures."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import narrow
from engine.color import sheet_pieces
from engine.color.figure import to_lab
from engine.color.sheet_pieces import Aside, Sheet
from engine.request import ColorizeRequest, Reference
from engine.sentences import Sentence

if TYPE_CHECKING:
    from collections import Counter

Mask = NDArray[np.bool_]

_MARGIN = 0.03  # of a figure's longer side, that is left around it
_EDGE = 2  # pixels, as the sheet was looked at, in which a figure's edge is mixed with the ground
_GROUND = 12.0  # CIELAB from the ground beside it, up to which such a pixel is the ground's
_GAP_COLOR, _GAP = 4.0, 0.03  # CIELAB from the ground, and share of a figure's box, of a gap within it
_DARK = 30.0  # CIELAB L up to which the ground has the color of lines
_TRANSPARENT = 0.01  # of a picture's pixels; with fewer its transparency is no figure's outline


@dataclass(frozen=True, eq=False)
class Cut:
    """What a reference is made of. figures: the reference itself where it is no sheet. aside: what was left out."""

    figures: tuple[Reference, ...]
    aside: Counter[Aside] | None = None

    @property
    def is_sheet(self) -> bool:
        """Whether anything was cut out."""
        return self.aside is not None


_known: weakref.WeakKeyDictionary[Reference, Cut | None] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def cut(reference: Reference) -> Cut:
    """The figures of a reference; the answer is kept for as long as the reference is.

    A reference that a person wants as one picture (`Reference.whole`), or masks the figure of, or of which this is not
    sure, is its own figure.
    """
    itself = Cut((reference,))
    if reference.whole or reference.figure_mask is not None:
        return itself
    with _lock:
        if reference in _known:
            return _known[reference] or itself
    found = _sheet_of(reference)
    made = None if found is None else Cut(_figures(reference, found), found.aside)
    with _lock:
        return _known.setdefault(reference, made) or itself


def figures_of(references: Sequence[Reference], mode: str = "auto") -> tuple[Reference, ...]:
    """All the figures of references; mode: "off" for the pictures as they are."""
    if mode == "off":
        return tuple(references)
    return tuple(one for reference in references for one in cut(reference).figures)


def figures_for(request: ColorizeRequest) -> tuple[Reference, ...]:
    """The figures of the references that a request heeds."""
    return figures_of(request.heeded, request.sheet)


def notes(references: Sequence[Reference], mode: str = "auto") -> tuple[str, ...]:
    """A sentence for each reference that was cut."""
    if mode == "off":
        return ()
    cuts = ((reference.name, cut(reference)) for reference in references)
    return tuple(_note(name, one.figures, one.aside) for name, one in cuts if one.aside is not None)


def _note(name: str, figures: Sequence[Reference], aside: Counter[Aside]) -> Sentence:
    what = _listed(_aside_words(aside))
    if len(figures) == 1:
        return Sentence(
            "{0} is a sheet; set aside: {1}. To use it as one picture: --sheet off, or the reference's menu.",
            name,
            what,
        )
    if not aside:
        return Sentence(
            "{0} was cut into its {1} figures. To use it as one picture: --sheet off, or the reference's menu.",
            name,
            len(figures),
        )
    return Sentence(
        "{0} was cut into its {1} figures; set aside: {2}. To use it as one picture: --sheet off, or the reference's "
        "menu.",
        name,
        len(figures),
        what,
    )


def _aside_words(aside: Counter[Aside]) -> list[Sentence]:
    words = []
    kinds: tuple[tuple[Aside, Sentence, str], ...] = (
        ("band", Sentence("a title band"), "{0} bands"),
        ("chip", Sentence("a color chip"), "{0} color chips"),
        ("frame", Sentence("a frame"), "{0} frames"),
    )
    for kind, one, many in kinds:
        if count := aside[kind]:
            words.append(one if count == 1 else Sentence(many, count))
    if aside["lettering"]:
        words.append(Sentence("lettering"))
    if aside["mark"]:
        words.append(Sentence("small marks"))
    return words


def _listed(words: Sequence[Sentence]) -> Sentence:
    if not words:
        return Sentence("nothing")
    listed = words[0]
    for one in words[1:-1]:
        listed = Sentence("{0}, {1}", listed, one)
    return Sentence("{0} and {1}", listed, words[-1]) if len(words) > 1 else listed


def _sheet_of(reference: Reference) -> Sheet | None:
    seen = sheet_pieces.shrunk(reference.pixels)
    opaque, counted = (
        None if mask is None else _resized(mask, seen.shape[:2]) for mask in (reference.figure, reference.mask)
    )
    if opaque is not None and opaque.mean() > 1.0 - _TRANSPARENT:
        opaque = None
    return sheet_pieces.find(seen, opaque, counted)


def _resized(mask: Mask, size: tuple[int, ...]) -> Mask:
    return np.asarray(cv2.resize(mask.astype(np.uint8), size[::-1], interpolation=cv2.INTER_NEAREST)) > 0


def _figures(reference: Reference, sheet: Sheet) -> tuple[Reference, ...]:
    """A reference for each figure: what is around it, with all else painted white."""
    pixels = reference.pixels
    scale = pixels.shape[0] / sheet.labels.shape[0]
    on_paper = reference.figure is not None or sheet_pieces.is_on_paper(sheet_pieces.shrunk(pixels), sheet.labels)
    ground = None if on_paper else _ground_colors(sheet_pieces.shrunk(pixels), sheet.labels)
    made = []
    for number in range(1, sheet.figures + 1):
        box = _box(sheet.labels == number, pixels.shape[:2])
        shown = (
            _without_others(reference, sheet, number, box, scale)
            if ground is None
            else _without_ground(reference, sheet, number, box, ground)
        )
        made.append(
            replace(
                reference,
                pixels=np.where(shown[..., None], pixels[box], np.uint8(255)),
                mask=None if reference.mask is None else np.ascontiguousarray(reference.mask[box]),
                figure=None if reference.figure is None else reference.figure[box] & shown,
                chips=sheet.chips,
                whole=True,
            )
        )
    return tuple(made)


def _box(inside: Mask, size: tuple[int, ...]) -> tuple[slice, slice]:
    """The rows and columns, in a picture of this height and width, around a figure as it was looked at."""
    scale = size[0] / inside.shape[0], size[1] / inside.shape[1]
    spans = [np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0)]
    margin = _MARGIN * max((at[-1] - at[0] + 1) * factor for at, factor in zip(spans, scale, strict=True)) + 2
    return tuple(  # type: ignore[return-value]
        slice(max(0, round(at[0] * factor - margin)), min(most, round((at[-1] + 1) * factor + margin)))
        for at, factor, most in zip(spans, scale, size, strict=True)
    )


def _at(labels: NDArray, box: tuple[slice, slice], size: tuple[int, ...]) -> NDArray:
    """What a map of the sheet as it was looked at says of the pixels of a box."""
    rows, columns = (
        (np.arange(span.start, span.stop) * few // many).clip(0, few - 1)
        for span, few, many in zip(box, labels.shape, size, strict=False)
    )
    return labels[rows[:, None], columns]


def _grown(mask: Mask, pixels: float) -> Mask:
    width = 2 * max(1, round(pixels)) + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((width, width), np.uint8))) > 0


def _without_others(reference: Reference, sheet: Sheet, number: int, box: tuple[slice, slice], scale: float) -> Mask:
    """What of a box on paper is left: all but other figures and what was set aside, with their mixed edges."""
    labels = _at(sheet.labels, box, reference.pixels.shape)
    others = _grown((labels != 0) & (labels != number), _EDGE * scale)
    return ~others | (labels == number)


def _without_ground(
    reference: Reference, sheet: Sheet, number: int, box: tuple[slice, slice], ground: NDArray[np.uint8]
) -> Mask:
    """What of a box on a colored ground is left: the figure, its edge as far as it is not of the ground's color."""
    size = reference.pixels.shape
    inside = (sheet.labels == number).astype(np.uint8)
    core = cv2.erode(inside, np.ones((2 * _EDGE + 1, 2 * _EDGE + 1), np.uint8))
    own, deep = _at(inside, box, size) > 0, _at(np.asarray(core), box, size) > 0
    beside = to_lab(_at(ground, box, size))
    far = narrow.length(to_lab(reference.pixels[box]) - beside)
    return own & (deep | (far >= _GROUND)) & ~_gaps(own & (far < _GAP_COLOR) & (beside[..., 0] > _DARK))


def _gaps(like: Mask) -> Mask:
    """Small areas of the ground's color within a figure: between an arm and the body."""
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(like.astype(np.uint8), connectivity=4)
    small = statistics[:, cv2.CC_STAT_AREA] < _GAP * like.size
    small[0] = False
    return small[np.asarray(labels, np.int32)] if count > 1 else np.zeros(like.shape, np.bool_)


def _ground_colors(seen: NDArray[np.uint8], labels: NDArray[np.int32]) -> NDArray[np.uint8]:
    """At every pixel the color of the nearest ground."""
    other = (labels != 0).astype(np.uint8)
    nearest = cv2.distanceTransformWithLabels(other, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)[1]
    number = np.asarray(nearest, np.intp) - 1  # OpenCV numbers the ground row by row, from 1
    return np.take(seen[other == 0], number, axis=0)
