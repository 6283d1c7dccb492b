"""Folders of colored frames → samples of a scene: two key frames, and a frame to be colored.

A folder of clips has a folder each: its pictures in the order of their numbers, and beside NAME.png the drawing
line_NAME.png where there is one. Sample i of a run depends on the seed, the size, the clips and i alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from engine import images
from engine.errors import PictureError, TrainingError
from engine.export import formats
from engine.line_art.xdog import gray_of, xdog
from engine.video import files
from trainer import augmentation as augment

Pixels = NDArray[np.uint8]

STORED_SIDE = 320  # pixels of the longer side of a frame that is kept
GAP = 12  # frames between the key frames of a sample, at most
LINE = "line_"  # what the name of a drawing begins with
_ALONE, _OUTSIDE = 0.3, 0.25  # share of batches with one key frame; of samples whose frame lies outside its key frames
_ENDLESS = 2**31


@dataclass(frozen=True)
class Clip:
    """Frames of one scene, in their order. colored: H×W×3 uint8; lines: H×W uint8, None where there is no drawing."""

    name: str
    colored: list[Pixels]
    lines: list[Pixels | None]


@dataclass
class ClipStore:
    """Clips to learn from, all decoded."""

    clips: list[Clip]
    skipped: list[Path] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(clip.colored) for clip in self.clips)


def open_clips(folders: Sequence[str], held_out: float = 0.0, seed: int = 1) -> ClipStore:
    """The clips of all folders but the share that the seed holds out.

    Raises TrainingError where there is none with two frames.
    """
    store = ClipStore([])
    for folder in folders:
        if not Path(folder).is_dir():
            raise TrainingError("There is no folder {0} to learn from.", folder)
        for place in sorted(one for one in Path(folder).iterdir() if one.is_dir()):
            clip = _clip(place, store.skipped)
            if clip is not None:
                store.clips.append(clip)
    if not store.clips:
        raise TrainingError(
            "There is no scene to learn from: name a folder (--data) with a folder of colored frames for each scene."
        )
    order = np.random.default_rng((seed, len(store.clips))).permutation(len(store.clips))
    kept = sorted(order[int(held_out * len(order)) :].tolist())
    store.clips = [store.clips[one] for one in kept]
    return store


def _clip(folder: Path, skipped: list[Path]) -> Clip | None:
    if not any(formats.can_open(one) for one in folder.iterdir()):
        return None
    paths = [one for one in files.open_frames(folder).files if not one.name.startswith(LINE)]
    clip = Clip(folder.name, [], [])
    for path in paths:
        drawing = folder / f"{LINE}{path.stem}.png"
        try:
            colored = _stored(images.read(path).pixels)
            line = _stored(images.read(drawing).pixels[..., 1]) if drawing.exists() else None
        except PictureError:
            skipped.append(path)
            continue
        if clip.colored and colored.shape != clip.colored[0].shape:
            skipped.append(path)
            continue
        clip.colored.append(colored)
        clip.lines.append(line if line is None or line.shape == colored.shape[:2] else None)
    return clip if len(clip.colored) > 1 else None


def _stored(pixels: Pixels) -> Pixels:
    scale = min(1.0, STORED_SIDE / max(pixels.shape[:2]))
    if scale == 1.0:
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


class SceneSamples(Dataset[dict[str, Tensor]]):
    """Samples as `trainer.datasets` has them: line, target, reference, and as a further reference the second key.

    The first key comes before the second in time, and the frame mostly between them. All three have their colors and
    their place changed alike. Of `_ALONE` of the batches samples have the first key alone, unless there are always two.
    """

    def __init__(
        self, store: ClipStore, size: int, batch: int, seed: int, sigmas: Sequence[float], *, always_two: bool
    ) -> None:
        """The others: see `trainer.datasets.make_samples`."""
        self.store, self.size, self.batch, self.seed = store, size, batch, seed
        self.sigmas, self.always_two = tuple(sigmas), always_two
        weights = np.sqrt([len(clip.colored) for clip in store.clips])
        self.weights = weights / weights.sum()

    def __len__(self) -> int:
        return _ENDLESS

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        rng = np.random.default_rng((self.seed, self.size, index))
        clip = self.store.clips[int(rng.choice(len(self.store.clips), p=self.weights))]
        first, frame, last = _drawn_frames(len(clip.colored), rng)
        canvas = self.size, self.size
        matrix = augment.affine(clip.colored[0].shape[:2], canvas, rng, scale=(0.85, 1.5), turn=8.0)
        pictures = [augment.place(clip.colored[one], matrix, canvas) for one in (first, frame, last)]
        sigma, own = float(rng.choice(self.sigmas)), rng.random() < 0.7
        lines = []
        for number, picture in zip((first, frame, last), pictures, strict=True):
            line = clip.lines[number]
            is_own = own and line is not None
            lines.append(
                augment.place(line, matrix, canvas) if is_own and line is not None else _extract(picture, sigma)
            )
        pictures = augment.recolor(pictures, rng)
        sample = {
            "line": _to_tensor(augment.vary_line(lines[1], rng)),
            "target": _to_tensor(pictures[1]),
            "reference": _to_tensor(pictures[0]),
            "reference_line": _to_tensor(lines[0]),
        }
        if self.always_two or not self._alone(index // self.batch):
            sample["further_references"] = _to_tensor(pictures[2])[None]
            sample["further_reference_lines"] = _to_tensor(lines[2])[None]
        return sample

    def _alone(self, batch: int) -> bool:
        return np.random.default_rng((self.seed, self.size, batch, 1)).random() < _ALONE


def _drawn_frames(count: int, rng: np.random.Generator) -> tuple[int, int, int]:
    """First key, frame, second key: numbers of frames."""
    gap = int(rng.integers(1, min(GAP, count - 1) + 1))
    first = int(rng.integers(0, count - gap))
    last = first + gap
    if rng.random() < _OUTSIDE or gap == 1:
        return first, int(rng.integers(max(0, first - GAP), min(count, last + GAP))), last
    return first, int(rng.integers(first + 1, last)), last


def _extract(color: Pixels, sigma: float) -> Pixels:
    return (xdog(gray_of(color), sigma) * 255.0).astype(np.uint8)


def _to_tensor(pixels: Pixels) -> Tensor:
    """H×W or H×W×3 uint8 → C×H×W float32 in [-1, 1]."""
    array = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(array)).float().div_(127.5).sub_(1.0)
