"""Which pictures of which characters become samples for the network that matches parts, and how they are varied.

Sources of a folder of drawings: `characters/` and `sequences/` (several drawings of one character), `characters3d/`
(line art with labels, colored here at random), `train/` and `pairs/` (single pictures, matched with warps of
themselves). All random choices depend on the seed and the character's name alone.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import images
from engine.color.figure import to_lab
from engine.errors import NurieError, TrainingError
from engine.line_art.xdog import gray_of, xdog
from trainer import augmentation, characters3d
from trainer.drawn_characters import Part
from trainer.drawn_characters.generation import PARTS
from trainer.parts.samples import Shown

LONGEST = 448  # pixels of a picture on the longer side; parts are looked at in less
SIGMAS = (0.3, 0.35, 0.4, 0.4, 0.4, 0.45, 0.5)
_CLOSE_UP = 0.2  # of drawings that show a part of the figure only
_PER_SOURCE = {"bmr": 1000, "gopherpencil": 1000, "noto": 120, "dicebear": 120, "robohash": 120, "openmoji": 80}
_PAINTED = ("bmr", "gopherpencil")  # single pictures in ink and watercolor or pencil, which are rare: used often
_PAINTED_TIMES = 8

Pixels = NDArray[np.uint8]
Generator = np.random.Generator


@dataclass(frozen=True)
class Source:
    """One character, or one single picture. group: of its kind; visit: how often it was used before."""

    name: str
    group: str
    pictures: Callable[[Generator], "Sheet"]
    visit: int = 0

    @property
    def file(self) -> str:
        """Of its samples, below the cache."""
        return f"{self.group}/{self.name}.{self.visit}.npz"

    def rng(self, seed: int) -> Generator:
        """Random numbers of this source."""
        return np.random.default_rng((seed, zlib.crc32(self.name.encode()), self.visit))


@dataclass(frozen=True, eq=False)
class Sheet:
    """Pictures of one character: drawings to color, references, and which are matched (the first gives the guess).

    named: the colors of named parts, see `Samples`.
    """

    drawings: Sequence[Shown]
    references: Sequence[Pixels]
    couples: Sequence[tuple[int, int]]
    named: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture in color, and its own line art H×W where it has one."""

    color: Pixels
    line: Pixels | None = None


def drawn_sources(folder: Path, group: str) -> list[Source]:
    """Characters of a folder that `python -m trainer.drawn_characters` filled."""
    found = sorted(path for path in (folder / "characters").iterdir() if path.is_dir())
    return [Source(path.name, group, partial(_of_folder, path, 5, 2, 0.3)) for path in found]


def art_sources(folder: Path) -> list[Source]:
    """Everything of a folder of artists' drawings, see the module."""
    found: list[Source] = []
    for kind, group in (("characters", "characters"), ("sequences", "sequences")):
        if (folder / kind).is_dir():
            chosen = sorted(path for path in (folder / kind).iterdir() if path.is_dir())
            found += [
                Source(path.name, group, partial(_of_folder, path, 9, 3, 0.2), visit)
                for path in chosen
                for visit in range(3 if path.name.startswith("bmr") else 1)
            ]
    if (folder / "characters3d").is_dir():
        chosen = sorted(path for path in (folder / "characters3d").iterdir() if characters3d.is_character(path))
        found += [Source(path.name, "3d", partial(_of_3d, path), visit) for visit in range(2) for path in chosen]
    return found + _single_sources(folder)


def _single_sources(folder: Path) -> list[Source]:
    files = sorted((folder / "train").glob("*.webp")) + sorted((folder / "pairs" / "color").glob("*.webp"))
    by_kind: dict[str, list[Path]] = {}
    for path in files:
        by_kind.setdefault(f"{path.parent.name}/{path.stem.split('_')[0]}", []).append(path)
    found = []
    for kind, paths in sorted(by_kind.items()):
        name = kind.split("/")[1]
        order = np.random.default_rng(zlib.crc32(kind.encode())).permutation(len(paths))[: _PER_SOURCE.get(name, 60)]
        painted = name in _PAINTED
        found += [
            Source(paths[index].stem, "painted" if painted else "self", partial(_of_single, paths[index]), visit)
            for visit in range(_PAINTED_TIMES if painted else 1)
            for index in sorted(order)
        ]
    return found


def _read(path: Path) -> Pixels:
    try:
        pixels = images.for_reference(images.read(path)).pixels
    except NurieError as error:
        raise TrainingError("{0}: {1}", path.name, error) from error
    return fitted(pixels)


def fitted(pixels: Pixels) -> Pixels:
    """At the size in which parts are looked at; smaller ones as they are."""
    scale = LONGEST / max(pixels.shape[:2])
    if scale >= 1.0:
        return pixels
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _of_folder(folder: Path, drawings: int, references: int, own_line: float, rng: Generator) -> Sheet:
    """Pictures of one character; own_line: how often its line layer is the drawing, where there is one."""
    paths = sorted(path for path in folder.glob("*.webp"))
    if len(paths) > drawings + references:
        paths = [paths[index] for index in sorted(rng.permutation(len(paths))[: drawings + references])]
    pictures = []
    for path in paths:
        color = _read(path)
        line = folder / f"line_{path.stem}.png"
        drawn = None
        if line.exists() and rng.random() < own_line:
            drawn = fitted(np.asarray(cv2.imread(str(line), cv2.IMREAD_GRAYSCALE), np.uint8))
            drawn = drawn if drawn.shape == color.shape[:2] else None
        pictures.append(Drawn(color, drawn))
    return replace(_sheet(pictures, drawings, references, rng), named=named_parts(folder))


def named_parts(folder: Path) -> NDArray[np.float32] | None:
    """n×3 CIELAB of a character that `trainer.drawn_characters` drew, in the order of `Part`; None for any other."""
    path = folder / PARTS
    if not path.is_file():
        return None
    try:
        colors = json.loads(path.read_text(encoding="utf-8"))
        table = np.array([colors[part.name.lower()] for part in Part], np.uint8)
        return to_lab(table.reshape(-1, 3)).astype(np.float32)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError("{0} is damaged: delete it, and draw the characters again.", path) from error


def _of_3d(folder: Path, rng: Generator) -> Sheet:
    """Seven renderings, colored by a palette of which a random share is drawn anew."""
    colors, kept = characters3d.palette_of(folder), rng.choice([0.1, 0.5, 0.9])
    table = characters3d.table_of(colors)
    for label in colors:
        if rng.random() >= kept:
            table[label] = rng.integers(15, 255, 3)
    files = characters3d.renderings(folder)
    chosen = [0, *(int(index) + 1 for index in rng.permutation(len(files) - 1)[:6])]
    pictures = []
    for index in chosen:
        color, line = characters3d.read(files[index], table)
        pictures.append(Drawn(fitted(color), fitted(line) if rng.random() < 0.5 else None))
    return _sheet(pictures, 7, 3, rng)


def _of_single(path: Path, rng: Generator) -> Sheet:
    """One picture as the reference, and two warps of it as drawings."""
    color = _read(path)
    close = rng.random() < 0.3
    still = _warped([color], rng, 0.0, 5.0, (1.1, 1.9) if close else (0.9, 1.0))[0]
    drawings = []
    for _ in range(2):
        scale = (0.4, 1.0) if close else (0.5, 2.5)
        warped = _warped([color], rng, float(rng.uniform(0.04, 0.18)), 20.0, scale)[0]
        # Its line art in other light, so that lines are not the same either.
        light = (np.float32(255) * (warped / np.float32(255)) ** rng.uniform(0.75, 1.3)).astype(np.uint8)
        drawings.append(Shown(warped, xdog(gray_of(light), float(rng.choice(SIGMAS)))))
    return Sheet(drawings, [still], [(0, 0), (1, 0)])


def _sheet(pictures: list[Drawn], drawings: int, references: int, rng: Generator) -> Sheet:
    """Some of the pictures as references, the others (and those with another reference) as varied drawings."""
    shown, known = [], [picture.color for picture in pictures[:1]]
    places = [0, *(int(index) + 1 for index in rng.permutation(len(pictures) - 1)[: references - 1])]
    known = [pictures[place].color for place in places]
    couples = []
    for place in rng.permutation(len(pictures))[:drawings]:
        mine = [number for number, other in enumerate(places) if other != place]
        if not mine:
            continue
        rng.shuffle(mine)
        couples += [(len(shown), number) for number in mine]
        shown.append(varied(pictures[place], rng))
    return Sheet(shown, known, couples)


def varied(picture: Drawn, rng: Generator) -> Shown:
    """Another drawing of the same: mirrored, bent a little, perhaps only a part of it, with line art of its own."""
    strength = float(rng.uniform(0.03, 0.12)) if rng.random() < 0.4 else 0.0
    planes = [picture.color] if picture.line is None else [picture.color, np.repeat(picture.line[..., None], 3, 2)]
    if rng.random() < _CLOSE_UP:
        planes = _close_up(planes, rng)
    planes = _warped(planes, rng, strength, 8.0, (0.95, 1.0))
    if len(planes) == 2:
        return Shown(planes[0], planes[1][..., 0].astype(np.float32) / np.float32(255.0))
    return Shown(planes[0], xdog(gray_of(planes[0]), float(rng.choice(SIGMAS))))


def _close_up(planes: list[Pixels], rng: Generator) -> list[Pixels]:
    """A window of 0.35 to 0.7 of the figure, more often of its upper part."""
    drawn = planes[0].min(axis=2) < 200
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return planes
    tall, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    side = max(48, round(max(tall, wide) * rng.uniform(0.35, 0.7)))
    top = rows[0] + round((tall - side) * rng.beta(1.0, 2.0)) if tall > side else rows[0] - (side - tall) // 2
    left = columns[0] + round((wide - side) * rng.random()) if wide > side else columns[0] - (side - wide) // 2
    box = slice(max(0, top), max(0, top) + side), slice(max(0, left), max(0, left) + side)
    return [plane[box] for plane in planes]


def _warped(
    planes: Sequence[Pixels], rng: Generator, strength: float, turn: float, scale: tuple[float, float]
) -> list[Pixels]:
    """The same random placement and thin-plate warp of pictures of one size, on a square of paper."""
    canvas = LONGEST, LONGEST
    factor = float(np.exp(rng.uniform(np.log(scale[0]), np.log(scale[1]))))
    height, width = planes[0].shape[:2]
    matrix = augmentation.affine((height, width), canvas, rng, scale=(factor, factor), turn=turn)
    placed = [augmentation.place(plane, matrix, canvas) for plane in planes]
    if strength > 0.0:
        maps = augmentation.thin_plate_warp(canvas, rng, strength)
        placed = [augmentation.warp(plane, maps) for plane in placed]
    return placed


def in_turn(sources: Sequence[Source]) -> Iterator[Source]:
    """All sources, the groups taking turns by their sizes, so that what is ready at any time is a fair part."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(source.group, []).append(source)
    placed = [
        ((number + 0.5) / len(members), group, number)
        for group, members in groups.items()
        for number in range(len(members))
    ]
    return (groups[group][number] for _, group, number in sorted(placed))
