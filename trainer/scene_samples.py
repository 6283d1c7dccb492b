"""Samples of drawn characters before drawn backgrounds, with true masks: what a painting engine learns from.

The drawing has a character in one pose before one background; the reference has the same character in another pose
before another background. The drawing's surfaces are of the colors that those of the same role have in the reference,
so all colors can be copied and none can be guessed. Half of the samples stay figures on paper.

Sample i depends on the seed, the size and i alone. What is drawn is kept, as drawing a character takes ten times as
long as all the rest; how much is kept changes nothing.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from engine.line_art.xdog import gray_of, xdog
from trainer import augmentation as augment
from trainer.datasets import CANVAS_SHARES, CANVASES
from trainer.drawn_backgrounds import FAMILIES, draw_background, palette_of
from trainer.drawn_characters import figure as body
from trainer.drawn_characters.character import Color, character_of
from trainer.drawn_characters.drawing import Canvas, LineStyle
from trainer.drawn_characters.pose import pose_of, skeleton_of
from trainer.drawn_characters.rendering import inked, look_of, render_apart
from trainer.drawn_characters.washing import creature_of, look_for, wash_of, washed

Pixels = NDArray[np.uint8]
Generator = np.random.Generator
Size = tuple[int, int]

TRAINING, HELD_OUT = 60_000_000, 80_000_000  # first seeds of characters that are trained on, and that are not

_ENDLESS = 2**31
_WASHED = 4  # every such character is in ink and watercolor
_NEW_PLACE = 0.3  # of the scenes: the reference's place in other shapes is then another kind of place
_PAPER_DRAWING = 0.12  # of the scenes: only the reference has a background, and paper has to stay paper
_CROSS = 0.75  # of all: the reference is another pose, else the same one, bent
_OWN_LINE = 0.6  # of all: the artist's own line layer, else lines extracted from the picture
_LINELESS = 0.15  # of the backgrounds of references are painted without lines
_INK = 160  # a figure reaches as far as its ink is darker
_FRAME_SCALE, _FRAME_TURN = (0.75, 1.25), 8.0
_WET = ((5, 0.6), (17, 0.4))  # cells along the longer side of a wash's noise, and their shares
_PAPERS = 0.9  # of the figures on paper stand on white
_WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Figure:
    """A character as it was drawn, S×S uint8. line: 0 ink, 255 paper; paint: S×S×3, no lines, on white; cover: how much
    of a pixel is painted; mask: 255 where the figure is, its outline too. ink_color, style: of its lines."""

    line: Pixels
    paint: Pixels
    cover: Pixels
    mask: Pixels
    ink_color: Color
    style: LineStyle

    @property
    def nbytes(self) -> int:
        """Of its pictures."""
        return self.line.nbytes + self.paint.nbytes + self.cover.nbytes + self.mask.nbytes


@dataclass(frozen=True)
class Painting:
    """A figure before its background. line: H×W uint8, the line layer; color: H×W×3 uint8 sRGB with its lines; under:
    the same as it runs on below the lines; figure: H×W uint8, 255 where the figure is; roles: H×W uint8 of the
    background (`drawn_backgrounds`), None on paper."""

    line: Pixels
    color: Pixels
    under: Pixels
    figure: Pixels
    roles: Pixels | None


@dataclass(frozen=True)
class Scene:
    """What a sample is made of: the drawing as it is to be painted, and its reference."""

    drawing: Painting
    reference: Painting


class SceneSamples(Dataset[dict[str, Tensor]]):
    """Endless samples by number, all float32 in [-1, 1] but the masks, which are in [0, 1].

    line, figure: 1×H×W; target: 3×H×W, color that runs on below the lines; reference: 3×h×w, with its lines;
    reference_line, reference_figure: 1×h×w. Every `batch` samples in a row have canvases of the same shapes.
    """

    def __init__(
        self,
        size: int,
        batch: int,
        seed: int,
        sigmas: tuple[float, ...] = (0.3, 0.4, 0.5),
        *,
        characters: int = 1500,
        poses: int = 4,
        first: int = TRAINING,
        scene_share: float = 0.5,
        square: bool = False,
        memory: float = 0.6,
    ) -> None:
        """size: the longer side in pixels. sigmas: of the XDoG that extracts lines. characters, poses: how many there
        are, from the seed `first` of a character on. scene_share: of the samples that have backgrounds. square: no
        canvas has another shape. memory: GiB of drawn figures that are kept.

        Raises ValueError for a size below 32, no character or fewer than two poses.
        """
        if size < 32 or characters < 1 or poses < 2 or batch < 1:
            raise ValueError("Scenes need 32 pixels, a character and two poses.")
        self.size, self.batch, self.seed, self.sigmas = size, batch, seed, tuple(sigmas)
        self.characters, self.poses, self.first = characters, poses, first
        self.scene_share, self.square = scene_share, square
        self._room = int(memory * 2**30)
        self._kept: OrderedDict[tuple[int, int], Figure] = OrderedDict()
        self._used = 0

    def __len__(self) -> int:
        return _ENDLESS

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        rng = np.random.default_rng((self.seed, self.size, index, 5))
        scene = self.scene(index)
        drawing, reference = scene.drawing, scene.reference
        line = drawing.line if rng.random() < _OWN_LINE else _extracted(drawing.color, rng.choice(self.sigmas))
        reference_line = _extracted(reference.color, rng.choice(self.sigmas))
        target, color = augment.recolor([drawing.under, reference.color], rng)
        return {
            "line": _to_tensor(augment.vary_line(line, rng)),
            "target": _to_tensor(target),
            "figure": _to_share(drawing.figure),
            "reference": _to_tensor(color),
            "reference_line": _to_tensor(reference_line),
            "reference_figure": _to_share(reference.figure),
        }

    def scene(self, index: int) -> Scene:
        """The pictures of a sample, in their own colors."""
        rng = np.random.default_rng((self.seed, self.size, index))
        canvas, reference_canvas = self._canvases(index // self.batch)
        who = self.first + int(rng.integers(self.characters))
        pose, other = (int(number) for number in rng.choice(self.poses, 2, replace=False))
        warped = rng.random() >= _CROSS
        drawn, source = self._figure(who, pose), self._figure(who, pose if warped else other)
        if rng.random() < self.scene_share:
            place, reference_place = _places(rng, who % _WASHED == 0)
        else:
            place = reference_place = _paper(rng)
        drawing = place.painting(drawn, canvas, rng)
        reference = reference_place.painting(source, reference_canvas, rng)
        if warped:
            maps = augment.thin_plate_warp(reference_canvas, rng, rng.uniform(0.05, 0.2))
            reference = _bent(reference, maps, reference_place.paper)
        return Scene(drawing, reference)

    def _canvases(self, batch: int) -> tuple[Size, Size]:
        """Shapes of drawing and reference in a batch; square half of the time."""
        rng = np.random.default_rng((self.seed, self.size, batch, 1))
        chosen = [CANVASES[int(rng.choice(len(CANVASES), p=CANVAS_SHARES))] for _ in range(2)]
        if self.square:
            chosen = [CANVASES[0]] * 2
        (height, width), (high, wide) = chosen
        side = self.size
        return (round(side * height), round(side * width)), (round(side * high), round(side * wide))

    def _figure(self, who: int, pose: int) -> Figure:
        key = who, pose
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        drawn = draw_figure(who, who * 100 + pose, self.size)
        self._kept[key] = drawn
        self._used += drawn.nbytes
        while self._used > self._room and len(self._kept) > 1:
            self._used -= self._kept.popitem(last=False)[1].nbytes
        return drawn


def draw_figure(character_seed: int, pose_seed: int, size: int) -> Figure:
    """A character without anything behind it, size × size; every fourth is in ink and watercolor."""
    rng = np.random.default_rng((character_seed, pose_seed, 5))
    look = replace(look_of(character_seed, pose_seed), background=_WHITE)
    wash = wash_of(character_seed) if character_seed % _WASHED == 0 else None
    who = replace(creature_of(character_seed) if wash else character_of(character_seed), scene="none")
    if wash:
        look = look_for(wash, look)
    pose = pose_of(pose_seed, seated="wheelchair" in who.extras)
    canvas, bones = Canvas(size, look.line, rng), skeleton_of(who, pose)
    body.frame(canvas, who, pose, bones, rng)
    body.draw_figure(canvas, who, pose, bones)
    line, _, painted, regions = render_apart(canvas, who.colors, look, rng)
    paint = np.clip(np.rint(painted), 0, 255).astype(np.uint8)
    if wash:
        paint = washed(paint, np.full_like(line, 255), regions, wash, rng)
    covered = np.where(canvas.labels > 0, 255, 0).astype(np.uint8)
    cover = np.asarray(cv2.resize(covered, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
    paint[cover == 0] = 255  # strokes of a brush that left the figure
    mask = np.where((cover > 0) | (line < _INK), 255, 0).astype(np.uint8)
    return Figure(line, paint, cover, mask, look.ink_color, look.line)


@dataclass(frozen=True)
class _Place:
    """What is behind a figure. family: of a background, None for paper; seed: of its shapes; colors: of its roles;
    paper: the color of paper; wash: seed of the pigment of a watercolor, None for even colors; lines: whether the
    picture shows the background's lines."""

    family: str | None
    seed: int
    colors: tuple[Color, ...]
    paper: Color = _WHITE
    wash: int | None = None
    lines: bool = True

    def painting(self, figure: Figure, canvas: Size, rng: Generator) -> Painting:
        """A figure put before it somewhere on a canvas (height, width)."""
        matrix = _placed(figure.mask, canvas, rng)
        line, paint = (augment.place(one, matrix, canvas) for one in (figure.line, figure.paint))
        cover, mask = (255 - augment.place(255 - one, matrix, canvas) for one in (figure.cover, figure.mask))
        behind, behind_line, roles = self._behind(canvas, replace(figure.style, sketchy=False, gaps=0))
        # The paint stands on white: what is not covered gives way to what is behind.
        bare = 1.0 - cover.astype(np.float32)[..., None] / 255.0
        under = np.clip(paint + (behind - np.float32(255.0)) * bare, 0.0, 255.0).astype(np.uint8)
        drawn = np.minimum(line, np.maximum(behind_line, mask))
        return Painting(drawn, inked(under, drawn if self.lines else line, figure.ink_color), under, mask, roles)

    def _behind(self, canvas: Size, style: LineStyle) -> tuple[Pixels, Pixels, Pixels | None]:
        if self.family is None:
            return np.full((*canvas, 3), self.paper, np.uint8), np.full(canvas, 255, np.uint8), None
        drawn = draw_background(self.family, self.seed, canvas, self.colors, style)
        flats = drawn.flats
        if self.wash is not None:
            density = _pigment(canvas, np.random.default_rng((self.wash, 59)))
            flats = (255.0 - (255.0 - flats.astype(np.float32)) * density).astype(np.uint8)
        return flats, drawn.line, drawn.roles


def _placed(mask: Pixels, canvas: Size, rng: Generator) -> NDArray[np.float64]:
    """Where a figure of this mask stands on a canvas; one that its frame cuts off below stands on the lower edge."""
    side = mask.shape[0]
    matrix = augment.affine((side, side), canvas, rng, scale=_FRAME_SCALE, turn=_FRAME_TURN)
    if mask[-1].any():
        ends = matrix @ np.array([[0.0, side - 1.0], [side - 1.0, side - 1.0], [1.0, 1.0]])
        matrix[1, 2] += max(0.0, canvas[0] - float(ends[1].min()))
    return matrix


def _places(rng: Generator, wet: bool) -> tuple[_Place, _Place]:
    """The places of a drawing and of its reference, whose colors go by role."""
    families = list(FAMILIES)
    family = str(rng.choice(families))
    other = str(rng.choice(families)) if rng.random() < _NEW_PLACE else family
    seeds = rng.integers(0, 2**31, 3)
    colors = palette_of(other, int(seeds[2]))
    wash = int(seeds[2]) if wet else None
    reference = _Place(other, int(seeds[1]), colors, wash=wash, lines=bool(rng.random() >= _LINELESS))
    if rng.random() < _PAPER_DRAWING:
        return _Place(None, 0, ()), reference
    return _Place(family, int(seeds[0]), colors, wash=wash), reference


def _paper(rng: Generator) -> _Place:
    tint = tuple(int(one) for one in rng.integers(215, 256, 3))
    white = rng.random() < _PAPERS
    return _Place(None, 0, (), paper=_WHITE if white else (tint[0], tint[1], tint[2]))


def _pigment(canvas: Size, rng: Generator) -> NDArray[np.float32]:
    """H×W×1: how thick paint stands, from 0.5 to 1."""
    wet = np.zeros(canvas, np.float32)
    for cells, share in _WET:
        coarse = rng.random((cells, cells), np.float32)
        wet += share * np.asarray(cv2.resize(coarse, canvas[::-1], interpolation=cv2.INTER_CUBIC))
    return np.clip(0.75 + 0.5 * (wet - 0.4), 0.5, 1.0)[..., None].astype(np.float32)


def _bent(painting: Painting, maps: augment.Maps, paper: Color) -> Painting:
    """A reference bent by maps; what comes from outside is as what is at the edge, or paper."""

    def bent(pixels: Pixels, edge: int, value: tuple[int, ...]) -> Pixels:
        return np.asarray(cv2.remap(pixels, *maps, cv2.INTER_LINEAR, borderMode=edge, borderValue=value), np.uint8)

    edge = cv2.BORDER_CONSTANT if painting.roles is None else cv2.BORDER_REPLICATE
    roles = painting.roles
    if roles is not None:
        roles = np.asarray(cv2.remap(roles, *maps, cv2.INTER_NEAREST, borderMode=edge), np.uint8)
    return Painting(
        bent(painting.line, edge, _WHITE),
        bent(painting.color, edge, paper),
        bent(painting.under, edge, paper),
        bent(painting.figure, cv2.BORDER_CONSTANT, (0,)),
        roles,
    )


def _extracted(color: Pixels, sigma: float) -> Pixels:
    """Line art of a picture, H×W uint8, 0 ink, 255 paper."""
    return (xdog(gray_of(color), float(sigma)) * 255.0).astype(np.uint8)


def _to_tensor(pixels: Pixels) -> Tensor:
    """H×W or H×W×3 uint8 → C×H×W float32 in [-1, 1]."""
    planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(planes)).float().div_(127.5).sub_(1.0)


def _to_share(mask: Pixels) -> Tensor:
    """H×W uint8 → 1×H×W float32 in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(mask[None])).float().div_(255.0)
