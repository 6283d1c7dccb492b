"""Color pictures → training samples (line art, reference, the reference's line art, target).

Sample i of a run depends on the seed, the size and i alone, so a run that stops and goes on sees the same samples.
"""

from collections.abc import Sequence
from functools import lru_cache
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
from trainer.config import DataConfig
from trainer.pictures import Decoded, PictureStore
from trainer.sources import Source, find_sources, split

Pixels = NDArray[np.uint8]

STORED_SIDE = 384  # the longer side of a picture for varied samples, whatever their size
CANVASES = ((1.0, 1.0), (1.0, 0.5), (1.0, 0.75), (0.75, 1.0))  # height and width over the longer side
CANVAS_SHARES = (0.5, 0.2, 0.2, 0.1)
_ENDLESS = 2**31
_PAPER = 245  # a pixel is drawn on where one of its channels is darker


def open_pictures(data: DataConfig, seed: int, side: int) -> PictureStore:
    """The pictures to train on: those of all folders, without the ones held out, all decoded once.

    seed: of the run, it decides what is held out. side: pixels, the largest size of any stage.
    Raises TrainingError where a folder cannot be used or no picture can be read.
    """
    if not data.folders:
        raise TrainingError("There is nothing to train on: name a folder of color pictures.")
    if data.protocol == "paper" and len(set(data.shares)) > 1:
        raise TrainingError(
            "The protocol 'paper' shows every picture once an epoch: leave out the shares, or choose 'varied'."
        )
    shares = data.shares or (1.0,) * len(data.folders)
    sources = [
        source
        for folder, share in zip(data.folders, shares, strict=True)
        for source in find_sources(Path(folder), share)
    ]
    training, _ = split(sources, data.held_out, seed)
    return PictureStore(training, STORED_SIDE if data.protocol == "varied" else side, data.memory)


def make_samples(
    data: DataConfig, store: PictureStore, size: int, batch: int, seed: int, reference_line: bool = True
) -> Dataset[dict[str, Tensor]]:
    """Endless samples of the protocol of `data`, made from the pictures in `store`.

    Each has line (1×H×W), target (3×H×W), reference (3×h×w) and, where asked for, reference_line (1×h×w), float32 in
    [-1, 1]; all other values are the same without it. Where a batch has more references, further_references (M×3×h×w)
    and further_reference_lines (M×1×h×w) hold the others. size: the longer side in pixels. batch: so many samples in a
    row, from a multiple of it on, can be stacked.
    """
    if data.protocol == "paper":
        return PaperSamples(store, size, seed, data.sigmas, reference_line)
    return VariedSamples(
        store, size, batch, seed, data.sigmas, data.cross_share, reference_line, references=data.references
    )


class PaperSamples(Dataset[dict[str, Tensor]]):
    """The published samples (Li et al., ECCV 2022, section 4.1): every picture once an epoch, in random order.

    A picture is fitted into a square, on paper where it is not one. Its XDoG is the line art, the picture with jittered
    colors the target, and a thin-plate warp of the target the reference.
    """

    def __init__(
        self, store: PictureStore, size: int, seed: int, sigmas: Sequence[float], reference_line: bool
    ) -> None:
        """sigmas: of the XDoG, one is drawn for each line art; the others: see `make_samples`."""
        self.store = store
        self.size = size
        self.seed = seed
        self.sigmas = tuple(sigmas)
        self.reference_line = reference_line

    def __len__(self) -> int:
        return _ENDLESS

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        picture, line, rng = self._drawing(index)
        target = _squared(augment.jitter(picture, rng))
        reference = augment.warp(target, augment.diagonal_warp(self.size, rng))
        sample = {
            "line": _to_tensor(_squared(line)),
            "target": _to_tensor(target),
            "reference": _to_tensor(reference),
        }
        if self.reference_line:
            sample["reference_line"] = _to_tensor(_extract(reference, rng.choice(self.sigmas)))
        return sample

    def natural(self, index: int) -> tuple[Tensor, Tensor]:
        """Line art 1×H×W and the picture in its own colors 3×H×W of a sample."""
        picture, line, _ = self._drawing(index)
        return _to_tensor(_squared(line)), _to_tensor(_squared(picture))

    def _drawing(self, index: int) -> tuple[Pixels, Pixels, np.random.Generator]:
        """A picture, its line art, and where the sample's random numbers stand then."""
        rng = np.random.default_rng((self.seed, self.size, index))
        epoch, place = divmod(index, len(self.store))
        number = int(_order(self.seed, epoch, len(self.store))[place])
        picture = _fitted(self.store.picture(number).color, self.size)
        return picture, _extract(picture, rng.choice(self.sigmas)), rng


class VariedSamples(Dataset[dict[str, Tensor]]):
    """Random samples: canvases of several shapes, strong changes of color and shape, and other drawings as references.

    Every `batch` samples in a row have canvases of the same shapes, so that they can be stacked.
    """

    def __init__(
        self,
        store: PictureStore,
        size: int,
        batch: int,
        seed: int,
        sigmas: Sequence[float],
        cross_share: float,
        reference_line: bool,
        *,
        references: int = 1,
    ) -> None:
        """cross_share: how many samples take another drawing of the character as reference. references: at most."""
        self.store = store
        self.size = size
        self.batch = batch
        self.seed = seed
        self.sigmas = tuple(sigmas)
        self.cross_share = cross_share
        self.references = references
        self.reference_line = reference_line
        characters: dict[str, list[int]] = {}
        for number, source in enumerate(store.sources):
            if source.character in store.variety:
                characters.setdefault(source.character, []).append(number)
        self.groups = list(characters.values())
        # Faces whose angle never changes teach little: the more a character's drawings differ, the more it is shown.
        variety = np.array([store.variety[name] for name in characters])
        self.group_weights = _shared([store.sources[members[0]] for members in self.groups], variety)
        self.picture_weights = _shared(store.sources, np.ones(len(store)))

    def __len__(self) -> int:
        return _ENDLESS

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        rng = np.random.default_rng((self.seed, self.size, index))
        drawing_canvas, reference_canvas = self._canvases(index // self.batch)
        if self.groups and rng.random() < self.cross_share:
            members = self.groups[int(rng.choice(len(self.groups), p=self.group_weights))]
            target, reference = (int(i) for i in rng.choice(members, 2, replace=False))
            others = [number for number in members if number not in (target, reference)]
            warped = rng.random() < 0.3
        else:
            target = reference = int(rng.choice(len(self.store), p=self.picture_weights))
            others, warped = list[int](), True
        color, line = self._target(self.store.picture(target), drawing_canvas, rng)
        source = self._reference(self.store.picture(reference).color, reference_canvas, rng, warped)
        sigma = rng.choice(self.sigmas)  # drawn in any case: what follows must not hang on it
        source_line = _extract(source, sigma) if self.reference_line else None
        further = self._further(index, [*others, reference], reference_canvas)
        further_lines = [_extract(one, sigma) for one in further] if self.reference_line else []
        color, source, *further = augment.recolor([color, source, *further], rng)
        sample = {
            "line": _to_tensor(augment.vary_line(line, rng)),
            "target": _to_tensor(color),
            "reference": _to_tensor(source),
        }
        if source_line is not None:
            sample["reference_line"] = _to_tensor(source_line)
        if further:
            sample["further_references"] = torch.stack([_to_tensor(one) for one in further])
        if further_lines:
            sample["further_reference_lines"] = torch.stack([_to_tensor(one) for one in further_lines])
        return sample

    def _further(self, index: int, numbers: Sequence[int], canvas: augment.Size) -> list[Pixels]:
        """The second and further references of a sample: other drawings of `numbers` as far as there are, then strong
        warps of the last. A stream of random numbers of their own, so that all else is as with one reference."""
        if self.references == 1:
            return []
        batch = np.random.default_rng((self.seed, self.size, index // self.batch, 2))
        rng = np.random.default_rng((self.seed, self.size, index, 3))
        count = int(batch.integers(0, self.references))
        order = [int(number) for number in rng.permutation(np.array(numbers[:-1], np.intp))]
        chosen = [(number, False) for number in order[:count]]
        chosen += [(numbers[-1], True)] * (count - len(chosen))
        return [self._reference(self.store.picture(number).color, canvas, rng, warped) for number, warped in chosen]

    def _canvases(self, batch: int) -> tuple[augment.Size, augment.Size]:
        """Shapes of drawing and reference in a batch; square half of the time."""
        rng = np.random.default_rng((self.seed, self.size, batch, 1))
        drawing, reference = (CANVASES[int(rng.choice(len(CANVASES), p=CANVAS_SHARES))] for _ in range(2))
        return self._scaled(drawing), self._scaled(reference)

    def _scaled(self, canvas: tuple[float, float]) -> augment.Size:
        return round(self.size * canvas[0]), round(self.size * canvas[1])

    def _target(self, picture: Decoded, canvas: augment.Size, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        matrix = augment.affine(picture.color.shape[:2], canvas, rng, scale=(0.75, 1.5), turn=12.0)
        color = augment.place(picture.color, matrix, canvas)
        if picture.line is not None and rng.random() < 0.5:
            return color, augment.place(picture.line, matrix, canvas)
        return color, _extract(color, rng.choice(self.sigmas))

    def _reference(self, picture: Pixels, canvas: augment.Size, rng: np.random.Generator, warped: bool) -> Pixels:
        if rng.random() < 0.5:
            # Artists crop their references close: hardly any paper is left to take "paper" from.
            picture = picture[_content_box(picture)]
        turn = 30.0 if warped else 12.0
        matrix = augment.affine(picture.shape[:2], canvas, rng, scale=(0.75, 1.25), turn=turn)
        placed = augment.place(picture, matrix, canvas)
        if warped:
            placed = augment.warp(placed, augment.thin_plate_warp(canvas, rng, rng.uniform(0.05, 0.22)))
        return placed


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """The order of `count` pictures in an epoch."""
    return np.random.default_rng((seed, epoch)).permutation(count)


def _fitted(picture: Pixels, size: int) -> Pixels:
    """The picture with its longer side at `size`, never squashed."""
    height, width = picture.shape[:2]
    factor = size / max(height, width)
    if factor == 1.0:
        return picture
    canvas = max(1, round(width * factor)), max(1, round(height * factor))
    how = cv2.INTER_AREA if factor < 1.0 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, canvas, interpolation=how), np.uint8)


def _squared(pixels: Pixels) -> Pixels:
    """H×W×3 or H×W pixels in the middle of a white square."""
    height, width = pixels.shape[:2]
    down, across = max(0, width - height), max(0, height - width)
    if not (down or across):
        return pixels
    edges = down // 2, down - down // 2, across // 2, across - across // 2
    return np.asarray(cv2.copyMakeBorder(pixels, *edges, cv2.BORDER_CONSTANT, value=(255, 255, 255)), np.uint8)


def _content_box(picture: Pixels) -> tuple[slice, slice]:
    """Rows and columns of what is not white."""
    paper = cv2.inRange(picture, (_PAPER, _PAPER, _PAPER), (255, 255, 255))
    left, top, width, height = cv2.boundingRect(cv2.bitwise_not(paper))
    if not width:
        return slice(None), slice(None)
    return slice(top, top + height), slice(left, left + width)


def _shared(sources: Sequence[Source], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities from weights, such that each collection gets its share."""
    shares = {source.collection: source.share for source in sources}
    result = weights.copy()
    for collection, share in shares.items():
        of_it = np.array([source.collection == collection for source in sources])
        result[of_it] *= share / weights[of_it].sum()
    return result / max(result.sum(), np.finfo(np.float64).tiny)


def _extract(color: Pixels, sigma: float) -> Pixels:
    """Line art of a picture, H×W uint8, 0 ink, 255 paper."""
    return (xdog(gray_of(color), float(sigma)) * 255.0).astype(np.uint8)


def _to_tensor(pixels: Pixels) -> Tensor:
    """H×W or H×W×3 uint8 → C×H×W float32 in [-1, 1]."""
    array = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(array)).float().div_(127.5).sub_(1.0)
