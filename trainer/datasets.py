"""Colour pictures → training samples (line art, reference, the reference's line art, target).

Sample i of a run depends on the seed and i alone, so a run that stops and goes on sees the same samples.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from engine.errors import TrainingError
from engine.line_art.xdog import gray_of, xdog
from trainer import augmentation as augment

log = logging.getLogger(__name__)

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}
STORED_SIDE = 384  # the longer side of a picture kept in memory
SIGMAS = (0.3, 0.4, 0.5)
CANVASES = ((1.0, 1.0), (1.0, 0.5), (1.0, 0.75), (0.75, 1.0))  # height and width over the longer side
CANVAS_SHARES = (0.5, 0.2, 0.2, 0.1)


@dataclass(frozen=True)
class Source:
    """One colour drawing.

    line: the artist's own line layer, registered. character: drawings that share it match. collection, share: the data
    folder it is from, and how many samples come from all of that folder, relative to the other folders' shares.
    """

    color: Path
    line: Path | None = None
    character: str | None = None
    collection: str = ""
    share: float = 1.0


def find_sources(folder: Path, share: float = 1.0) -> list[Source]:
    """Every drawing of a data folder, which gets `share` of the samples.

    Layout: `pairs/color/X` with `pairs/line/X.png`; `characters/<name>/` and `sequences/<name>_<clip>/` (frames of
    one character); any other picture below `folder`, except `val/`, stands alone.
    """
    if not folder.is_dir():
        raise TrainingError(f"The data folder {folder} is not there: give a folder of colour pictures.")
    sources = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix.lower() not in SUFFIXES or parts[0] == "val":
            continue
        if parts[:2] == ("pairs", "line") or path.name.startswith("line_"):
            continue
        if parts[:2] == ("pairs", "color"):
            line = folder / "pairs" / "line" / (path.stem + ".png")
            found = Source(path, line if line.exists() else None)
        elif parts[0] in {"characters", "sequences"} and len(parts) > 2:
            line = path.with_name(f"line_{path.stem}.png")
            found = Source(path, line if line.exists() else None, f"{folder}/{parts[0]}/{parts[1]}")
        else:
            found = Source(path)
        sources.append(replace(found, collection=str(folder), share=share))
    if not sources:
        raise TrainingError(f"There are no pictures in {folder}: give a folder of colour pictures.")
    return sources


def read_square(path: Path, flags: int, side: int = STORED_SIDE) -> NDArray[np.uint8] | None:
    """A picture on white with its longer side at most `side`, or None where it cannot be read."""
    picture = cv2.imdecode(np.fromfile(path, np.uint8), flags)
    if picture is None:
        return None
    longest = max(picture.shape[:2])
    if longest > side:
        factor = side / longest
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB) if picture.ndim == 3 else picture  # type: ignore[return-value]


class Samples(Dataset[dict[str, Tensor]]):
    """Endless random samples of one size. All pictures are kept in memory, small.

    Every `batch` samples in a row have canvases of the same shapes, so that they can be stacked.
    """

    def __init__(
        self, sources: Sequence[Source], size: int, seed: int, batch: int = 16, cross_share: float = 0.45
    ) -> None:
        """size: the longer side; cross_share: how many samples take another drawing of the character as reference."""
        self.size = size
        self.batch = batch
        self.seed = seed
        self.cross_share = cross_share
        self.pictures: list[NDArray[np.uint8]] = []
        self.lines: list[NDArray[np.uint8] | None] = []
        self.boxes: list[tuple[slice, slice]] = []
        self.skipped: list[Path] = []
        kept: list[Source] = []
        groups: dict[str, list[int]] = {}
        for source in sources:
            picture = read_square(source.color, cv2.IMREAD_COLOR)
            if picture is None:
                self.skipped.append(source.color)
                continue
            line = read_square(source.line, cv2.IMREAD_GRAYSCALE) if source.line else None
            if source.character:
                groups.setdefault(source.character, []).append(len(self.pictures))
            kept.append(source)
            self.pictures.append(picture)
            self.boxes.append(_content_box(picture))
            self.lines.append(line if line is not None and line.shape == picture.shape[:2] else None)
        if not self.pictures:
            raise TrainingError("None of the pictures can be read: give a folder of PNG, JPEG or WebP pictures.")
        if self.skipped:
            log.warning("%d pictures cannot be read and are left out, first %s", len(self.skipped), self.skipped[0])
        self.groups = [members for members in groups.values() if len(members) > 1]
        # Faces whose angle never changes teach little: the more a character's drawings differ, the more it is shown.
        distances = np.array([_distance_of(self.pictures, members) for members in self.groups])
        self.group_weights = _shared([kept[members[0]] for members in self.groups], distances)
        self.picture_weights = _shared(kept, np.ones(len(kept)))

    def __len__(self) -> int:
        return 2**31

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        rng = np.random.default_rng((self.seed, self.size, index))
        drawing_canvas, reference_canvas = self._canvases(index // self.batch)
        if self.groups and rng.random() < self.cross_share:
            members = self.groups[int(rng.choice(len(self.groups), p=self.group_weights))]
            target, reference = (int(i) for i in rng.choice(members, 2, replace=False))
            warped = rng.random() < 0.3
        else:
            target = reference = int(rng.choice(len(self.pictures), p=self.picture_weights))
            warped = True
        color, line = self._target(target, drawing_canvas, rng)
        source = self._reference(reference, reference_canvas, rng, warped)
        source_line = _extract(source, rng)
        color, source = augment.recolor([color, source], rng)
        return {
            "line": _to_tensor(augment.vary_line(line, rng)),
            "target": _to_tensor(color),
            "reference": _to_tensor(source),
            "reference_line": _to_tensor(source_line),
        }

    def _canvases(self, batch: int) -> tuple[augment.Size, augment.Size]:
        """Shapes of drawing and reference in a batch; square half of the time."""
        rng = np.random.default_rng((self.seed, self.size, batch, 1))
        drawing, reference = (CANVASES[int(rng.choice(len(CANVASES), p=CANVAS_SHARES))] for _ in range(2))
        return self._scaled(drawing), self._scaled(reference)

    def _scaled(self, canvas: tuple[float, float]) -> augment.Size:
        return round(self.size * canvas[0]), round(self.size * canvas[1])

    def _target(
        self, index: int, canvas: augment.Size, rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        picture, own_line = self.pictures[index], self.lines[index]
        matrix = augment.affine(picture.shape[:2], canvas, rng, scale=(0.75, 1.5), turn=12.0)
        color = augment.place(picture, matrix, canvas)
        if own_line is not None and rng.random() < 0.5:
            return color, augment.place(own_line, matrix, canvas)
        return color, _extract(color, rng)

    def _reference(self, index: int, canvas: augment.Size, rng: np.random.Generator, warped: bool) -> NDArray[np.uint8]:
        picture = self.pictures[index]
        if rng.random() < 0.5:
            # Artists crop their references close: hardly any paper is left to take "paper" from.
            picture = picture[self.boxes[index]]
        turn = 30.0 if warped else 12.0
        matrix = augment.affine(picture.shape[:2], canvas, rng, scale=(0.75, 1.25), turn=turn)
        placed = augment.place(picture, matrix, canvas)
        if warped:
            placed = augment.warp(placed, augment.thin_plate_warp(canvas, rng, rng.uniform(0.05, 0.22)))
        return placed


def _content_box(picture: NDArray[np.uint8]) -> tuple[slice, slice]:
    """Rows and columns of what is not white."""
    drawn = picture.min(axis=2) < 245
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return slice(None), slice(None)
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _shared(sources: Sequence[Source], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities from weights, such that each collection gets its share."""
    shares = {source.collection: source.share for source in sources}
    result = weights.copy()
    for collection, share in shares.items():
        of_it = np.array([source.collection == collection for source in sources])
        result[of_it] *= share / weights[of_it].sum()
    return result / max(result.sum(), np.finfo(np.float64).tiny)


def _distance_of(pictures: list[NDArray[np.uint8]], members: list[int]) -> float:
    """How much a character's drawings differ: the mean grey difference of neighbours at 32×32, plus a floor."""
    small = [cv2.resize(gray_of(pictures[i]), (32, 32), interpolation=cv2.INTER_AREA) for i in members]
    return 0.02 + float(np.mean([np.abs(a - b).mean() for a, b in pairwise(small)]))


def _extract(color: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    return (xdog(gray_of(color), float(rng.choice(SIGMAS))) * 255.0).astype(np.uint8)


def _to_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    """H×W or H×W×3 uint8 → C×H×W float32 in [-1, 1]."""
    array = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(array)).float().div_(127.5).sub_(1.0)
