"""From ink and labels to the finished drawing: line texture, flats, shading, paper."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.drawn_characters.character import Color, Part, hls
from trainer.drawn_characters.drawing import OVERSAMPLING, Canvas, LineStyle

Pixels = NDArray[np.uint8]
Generator = np.random.Generator

_UNSHADED = (Part.BACKGROUND, Part.EYE_LIGHT, Part.TEETH)


@dataclass(frozen=True)
class Look:
    """How a drawing is finished. light: direction the shadow falls, in shares of the side; shade in [0, 1]."""

    line: LineStyle
    ink_color: Color
    shading: str
    light: tuple[float, float]
    shade: float
    tint: tuple[float, float, float]
    background: Color


def look_of(character_seed: int, pose_seed: int) -> Look:
    """The finish: mostly the character's own, as one artist would, sometimes the drawing's."""
    rng = np.random.default_rng((character_seed, 31))
    # Paper is the character's own even where the pen is not: only what a reference shows can be known.
    place = np.random.default_rng((character_seed, 41))
    own = np.random.default_rng((character_seed, pose_seed, 37))
    if own.random() < 0.25:
        rng = own
    thickness = float(np.exp(rng.uniform(np.log(0.8), np.log(2.6))))
    if rng.random() < 0.12:
        thickness = float(rng.uniform(2.6, 4.0))
    style = LineStyle(
        thickness=thickness,
        wobble=float(rng.choice([0.0, 0.6, 1.2], p=[0.2, 0.5, 0.3])),
        darkness=1.0 if rng.random() < 0.75 else float(rng.uniform(0.7, 0.95)),
        grain=float(rng.uniform(0.2, 0.6)) if rng.random() < 0.18 else 0.0,
        sketchy=bool(rng.random() < 0.18),
        gaps=int(rng.integers(1, 8)) if rng.random() < 0.2 else 0,
        inner=float(rng.uniform(0.6, 1.1)),
        heavy_side=float(rng.uniform(0.3, 0.9)) if rng.random() < 0.3 else 0.0,
    )
    ink = (0, 0, 0) if rng.random() < 0.75 else hls(rng.random(), rng.uniform(0.05, 0.2), rng.uniform(0.1, 0.6))
    background = (
        (255, 255, 255)
        if place.random() < 0.9
        else hls(place.random(), place.uniform(0.75, 0.95), place.uniform(0.2, 0.7))
    )
    return Look(
        line=style,
        ink_color=ink,
        shading=str(rng.choice(["none", "cel", "soft", "both", "watercolor"], p=[0.22, 0.36, 0.18, 0.12, 0.12])),
        light=(float(rng.uniform(-0.02, 0.02)), float(rng.uniform(0.006, 0.022))),
        shade=float(rng.uniform(0.12, 0.32)),
        tint=(float(rng.uniform(0.8, 1.1)), float(rng.uniform(0.85, 1.05)), float(rng.uniform(0.95, 1.15))),
        background=background,
    )


def _close_borders(canvas: Canvas) -> None:
    """Ink every border of labels that no outline covered, so that each region is closed by a line."""
    labels, ink = canvas.labels, canvas.ink
    border = np.zeros(labels.shape, np.uint8)
    border[:, 1:] = labels[:, 1:] != labels[:, :-1]
    border[1:] |= labels[1:] != labels[:-1]
    light = (labels == Part.EYE_LIGHT).astype(np.uint8)
    near_light = cv2.dilate(light, np.ones((3, 3), np.uint8))
    bare = border & (cv2.erode(ink, np.ones((3, 3), np.uint8)) > 110) & (1 - near_light)
    if bare.any():
        width = max(2, round(canvas.pen * 0.7))
        bare = cv2.dilate(bare, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)))
        ink[bare > 0] = 0


def _gaps(canvas: Canvas, rng: Generator) -> None:
    """Let the pen skip at a few places of the ink."""
    if not canvas.style.gaps:
        return
    ys, xs = np.nonzero(canvas.ink < 60)
    for i in rng.integers(0, max(len(xs), 1), canvas.style.gaps) if len(xs) else ():
        cv2.circle(canvas.ink, (int(xs[i]), int(ys[i])), max(2, round(canvas.pen * 1.2)), 255, -1, cv2.LINE_AA)


def _search_lines(canvas: Canvas, rng: Generator) -> None:
    """A second, paler pass of the pen that misses the first by a little, as in a sketch."""
    side = canvas.ink.shape[0]
    cells = rng.normal(0.0, 1.0, (2, 9, 9)).astype(np.float32) * (0.8 + 0.9 * canvas.pen)
    ticks = np.arange(side, dtype=np.float32)
    maps = [cv2.resize(c, (side, side), interpolation=cv2.INTER_CUBIC) for c in cells]
    loose = cv2.remap(canvas.ink, maps[0] + ticks, maps[1] + ticks[:, None], cv2.INTER_LINEAR, borderValue=(255,))
    pale = 255 - (255 - loose.astype(np.int16)) * int(rng.integers(90, 190)) // 256
    canvas.ink = np.minimum(canvas.ink, pale.astype(np.uint8))


def _half(pixels: Pixels, size: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def render(
    canvas: Canvas, colors: dict[Part, Color], look: Look, rng: Generator
) -> tuple[Pixels, Pixels, Pixels, NDArray[np.int32]]:
    """Line, flats, colour and regions of a finished canvas, at the size asked for."""
    line, flats, paint, regions = render_apart(canvas, colors, look, rng)
    return line, flats, inked(paint, line, look.ink_color), regions


def inked(paint: Pixels | NDArray[np.float32], line: Pixels, ink_color: Color) -> Pixels:
    """Paint H×W×3 with a line layer H×W over it in the color of its ink: H×W×3 uint8."""
    alpha = (line.astype(np.float32) / 255.0)[..., None]
    color = paint * alpha + np.array(ink_color, np.float32) * (1.0 - alpha)
    return np.clip(np.rint(color), 0, 255).astype(np.uint8)


def render_apart(
    canvas: Canvas, colors: dict[Part, Color], look: Look, rng: Generator
) -> tuple[Pixels, Pixels, NDArray[np.float32], NDArray[np.int32]]:
    """As `render`, but the color, H×W×3 float32 from 0 to 255, is without the lines."""
    _close_borders(canvas)
    _gaps(canvas, rng)
    size = canvas.size
    if look.line.sketchy:
        _search_lines(canvas, rng)
    line = _half(canvas.ink, size)
    if look.line.darkness < 1.0 or look.line.grain:
        line = _texture(line, look.line, rng)
    labels = canvas.labels[OVERSAMPLING // 2 :: OVERSAMPLING, OVERSAMPLING // 2 :: OVERSAMPLING]
    table = np.array([colors[part] for part in Part], np.uint8)
    table[Part.BACKGROUND] = look.background
    flats = table[labels]
    soft_edges = _half(table[canvas.labels], size)
    color = _shade(soft_edges, labels, look)
    if look.shading == "watercolor":
        color = _wash(color, labels, rng)
    return line, flats, color, labels.astype(np.int32)


def _texture(line: Pixels, style: LineStyle, rng: Generator) -> Pixels:
    amount = (255.0 - line) * style.darkness
    if style.grain:
        coarse = rng.random((line.shape[0] // 2 + 1, line.shape[1] // 2 + 1), np.float32)
        noise = cv2.resize(coarse, line.shape[::-1], interpolation=cv2.INTER_LINEAR)
        amount *= 1.0 - style.grain * noise
    return np.clip(255.0 - amount, 0, 255).astype(np.uint8)


def _wash(color: NDArray[np.float32], labels: NDArray[np.uint8], rng: Generator) -> NDArray[np.float32]:
    """Colour as thinned paint: paper shows through in soft patches and the rim of a patch is darker."""
    size = labels.shape[0]
    wet = np.zeros((size, size), np.float32)
    for cells, weight in ((7, 0.6), (23, 0.4)):
        wet += weight * cv2.resize(rng.random((cells, cells), np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    density = np.clip(0.72 + 0.45 * (wet - 0.35), 0.6, 1.0)[..., None]
    density[labels == Part.BACKGROUND] = 1.0
    return (255.0 - (255.0 - color) * density).astype(np.float32)


def _shade(flats: Pixels, labels: NDArray[np.uint8], look: Look) -> NDArray[np.float32]:
    """Shadow falls where, looking towards the light's far side, a region ends."""
    color = flats.astype(np.float32)
    if look.shading == "none":
        return color
    size = labels.shape[0]
    dx, dy = (round(v * size) for v in look.light)
    away = np.array([[1, 0, -dx], [0, 1, -dy]], np.float32)
    moved = cv2.warpAffine(labels, away, (size, size), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    shadow = (moved != labels).astype(np.float32)
    if look.shading == "cel":
        shadow = cv2.GaussianBlur(shadow, (0, 0), max(0.5, size / 400))
        shadow = np.clip(shadow * 3 - 1, 0, 1)
    elif look.shading in {"soft", "watercolor"}:
        shadow = cv2.GaussianBlur(shadow, (0, 0), size / 45)
    else:
        shadow = 0.6 * np.clip(cv2.GaussianBlur(shadow, (0, 0), 0.8) * 3 - 1, 0, 1) + 0.6 * cv2.GaussianBlur(
            shadow, (0, 0), size / 40
        )
    lit = np.isin(labels, _UNSHADED)
    shadow[lit] = 0.0
    factor = 1.0 - look.shade * shadow[..., None] * (2.0 - np.array(look.tint, np.float32))
    return (color * np.clip(factor, 0.0, 1.0)).astype(np.float32)
