"""Drawn characters repainted as ink and watercolor: pigment that thins to paper, and hatching along the form."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.drawn_characters.character import Character, character_of
from trainer.drawn_characters.rendering import Look

Picture = NDArray[np.float32]
Generator = np.random.Generator

_OCTAVES = ((6, 0.5), (18, 0.35), (60, 0.15))  # cells along a side of the pigment's noise, and their shares
_TONE = 0.2, 0.6  # darkness of a hatch stroke, as a factor of what it crosses
_LENGTH = 4.0, 16.0  # pixels of a hatch stroke
_THICKEST = 1.5  # pixels of the pen, which is finer than a cartoonist's
_NEXT_CHARACTER = 1_000_003  # steps between seeds of characters until one is a creature


@dataclass(frozen=True)
class Wash:
    """How an artist paints one character. thinned, light: how far pigment varies and how pale it is; wet: how far, as a
    share of the side, color runs over the lines; strokes: hatching for a drawing that is all figure; sketchy: whether
    the pen searches."""

    thinned: float
    light: float
    wet: float
    strokes: int
    sketchy: bool


def wash_of(character_seed: int) -> Wash:
    """The manner of a seed."""
    rng = np.random.default_rng((character_seed, 43))
    thinned, light = rng.uniform(0.15, 0.6), rng.uniform(0.0, 0.45)
    wet = rng.uniform(0.0, 0.02) if rng.random() < 0.7 else 0.0
    return Wash(float(thinned), float(light), float(wet), int(rng.integers(0, 1000)), rng.random() < 0.4)


def creature_of(character_seed: int) -> Character:
    """The first character from a seed on that has a muzzle or a tail, or, for every third seed, the next one."""
    seed = character_seed
    who = character_of(seed)
    while not (who.muzzle or who.tail != "none" or seed % 3 == 0):
        seed += _NEXT_CHARACTER
        who = character_of(seed)
    return who


def look_for(wash: Wash, look: Look) -> Look:
    """A look with the pen and the shading of this manner."""
    line = replace(look.line, sketchy=wash.sketchy, thickness=min(look.line.thickness, _THICKEST))
    return replace(look, shading="watercolor", line=line)


def washed(
    color: NDArray[np.uint8], line: NDArray[np.uint8], regions: NDArray[np.int32], wash: Wash, rng: Generator
) -> NDArray[np.uint8]:
    """A drawing (color H×W×3, its line layer H×W, its labels with 0 for the background) repainted: H×W×3 uint8."""
    inside = regions > 0
    ink = line.astype(np.float32)[..., None] / 255.0
    painted = _run_over(color.astype(np.float32), ink, wash.wet * max(line.shape))
    pigment = np.clip(1.0 - wash.light - wash.thinned * (_noise(inside.shape, rng) - 0.35) * 1.6, 0.25, 1.0)[..., None]
    thinned = (255.0 - (255.0 - painted) * pigment) * ink + painted * (1.0 - ink)
    painted = np.ascontiguousarray(np.where(inside[..., None], thinned, painted), np.float32)
    _hatch(painted, inside & (line >= 128), wash.strokes, rng)
    grain = rng.normal(0.0, 2.0, painted.shape) * inside[..., None]
    return np.clip(np.rint(painted + grain), 0, 255).astype(np.uint8)


def _run_over(painted: Picture, ink: Picture, reach: float) -> Picture:
    """Colors that have run into each other over a standard deviation of `reach` pixels; the lines stay."""
    if reach < 0.5:
        return painted
    paint = cv2.GaussianBlur(painted * ink, (0, 0), reach)
    share = cv2.GaussianBlur(ink, (0, 0), reach)[..., None]
    return np.asarray(paint / np.maximum(share, 1e-3) * ink + painted * (1.0 - ink), np.float32)


def _noise(shape: tuple[int, ...], rng: Generator) -> Picture:
    """Smooth noise in about [0, 1]."""
    total = np.zeros(shape, np.float32)
    for cells, share in _OCTAVES:
        coarse = rng.random((cells, cells), np.float32)
        total += share * np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC))
    return total


def _hatch(painted: Picture, where: NDArray[np.bool_], strokes: int, rng: Generator) -> None:
    """Short curved strokes along a smooth field of directions, in a darker tone of what they cross, in place."""
    rows, columns = np.nonzero(where)
    if not len(rows):
        return
    field = rng.uniform(0.0, 2.0 * np.pi, (5, 5)).astype(np.float32)
    angles = np.asarray(cv2.resize(field, where.shape[::-1], interpolation=cv2.INTER_CUBIC))
    for index in rng.integers(0, len(rows), round(strokes * float(where.mean()))):
        y, x = int(rows[index]), int(columns[index])
        half = rng.uniform(*_LENGTH) / 2.0
        first = angles[y, x] + rng.normal(0.0, 0.3)
        second = first + rng.normal(0.0, 0.5)
        middle = x + half * np.cos(first), y + half * np.sin(first)
        end = middle[0] + half * np.cos(second), middle[1] + half * np.sin(second)
        tone = (painted[y, x] * rng.uniform(*_TONE)).tolist()
        points = np.rint(np.asarray([(x, y), middle, end], np.float32)).astype(np.int32)
        cv2.polylines(painted, [points], False, tone, 1, cv2.LINE_AA)
