"""Drawings and references as the matching network is shown them."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.architectures.lite_backbone import CHANNELS
from engine.color.figure import to_lab
from engine.line_art.regions import RegionMap
from engine.line_art.xdog import gray_of, xdog
from engine.matching.parts import find_parts
from engine.matching.tokens import Canvas, Side, of_canvas, on_canvas
from engine.palette import Palette
from engine.request import Reference

REFERENCE_SIDE = 512  # pixels on the longer side at which parts of references are found
_INK = 0.5

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SeenDrawing:
    """A drawing's canvas and tokens; `tokens.ids` are labels of its regions."""

    canvas: Canvas
    tokens: Side


@dataclass(frozen=True, eq=False)
class SeenReference:
    """A reference's canvas and tokens, and of each of the P tokens: swatch, P numbers in the palette; lab, P×3 CIELAB
    of that swatch; share, P, of the canvas that the swatch takes."""

    canvas: Canvas
    tokens: Side
    swatch: NDArray[np.intp]
    lab: Floats
    share: Floats


def see_drawing(ink: Floats, regions: RegionMap, side: int) -> SeenDrawing:
    """ink: H×W float32 in [0, 1], 0 ink; regions: of the same drawing."""
    canvas = on_canvas(ink, regions.labels, ink < _INK, side)
    return SeenDrawing(canvas, of_canvas(canvas))


def see_reference(reference: Reference, palette: Palette, sigma: float, side: int) -> SeenReference:
    """sigma: of the XDoG that makes the reference's line art."""
    pixels = shown(reference)
    line = xdog(gray_of(pixels), sigma)
    parts = find_parts(reference, line, palette)
    canvas = on_canvas(line, parts.labels, parts.content, side, pixels)
    tokens = of_canvas(canvas)
    swatch = parts.swatch[tokens.ids - 1]
    share = np.bincount(swatch, tokens.area, len(palette.swatches)) / np.float32(side**2)
    return SeenReference(canvas, tokens, swatch, to_lab(palette.colors())[swatch], share[swatch].astype(np.float32))


def shown(reference: Reference) -> NDArray[np.uint8]:
    """The pixels of a reference, no side longer than 512, white where they do not count."""
    pixels = reference.pixels
    if reference.mask is not None:
        pixels = np.where(reference.mask[..., None], pixels, np.uint8(255))
    scale = REFERENCE_SIDE / max(pixels.shape[:2])
    if scale >= 1.0:
        return pixels
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def line_picture(canvas: Canvas) -> Tensor:
    """1×3×S×S in [-1, 1]: the line art three times, as the backbone wants it."""
    return (torch.from_numpy(canvas.line)[None, None] * 2.0 - 1.0).expand(1, 3, -1, -1)


def color_picture(canvas: Canvas) -> Tensor:
    """1×3×S×S in [-1, 1]: the picture itself."""
    assert canvas.color is not None
    return torch.from_numpy(canvas.color.transpose(2, 0, 1).copy())[None].float() / 127.5 - 1.0


@torch.inference_mode()
def features_of(backbone: nn.Module, picture: Tensor, tokens: Side) -> Floats:
    """K×FEATURES: what the backbone sees in and around each piece of a picture of its canvas."""
    seen = backbone(picture.contiguous(memory_format=torch.channels_last))[0].float()
    return tokens.pooled(seen.reshape(CHANNELS, -1).T.cpu().numpy())


def color_features(lab: Floats, share: Floats) -> Floats:
    """P×3 CIELAB and P shares → P×COLORS of about unit size."""
    chroma = np.hypot(lab[:, 1], lab[:, 2])[:, None] / 50.0
    centered = lab / np.float32(50.0) - np.array([1.0, 0.0, 0.0], np.float32)
    return np.concatenate([centered, chroma, 2.0 * np.sqrt(share)[:, None]], axis=1).astype(np.float32)
