"""Comic pages and strips of our own, drawn small: figures in frames, gutters of all kinds, balloons with words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Corners = Sequence[tuple[float, float]]

# A figure in a box of 100 × 200: its parts, their colors, and a place in each.
PARTS: dict[str, tuple[Corners, tuple[int, int, int], tuple[float, float]]] = {
    "hair": (((30, 10), (70, 10), (76, 34), (24, 34)), (120, 70, 40), (50, 22)),
    "face": (((32, 34), (68, 34), (64, 62), (50, 70), (36, 62)), (245, 210, 180), (50, 50)),
    "coat": (((28, 72), (72, 72), (92, 112), (82, 120), (70, 98), (70, 130), (30, 130), (30, 98), (18, 120), (8, 112)),
             (60, 120, 190), (50, 110)),
    "legs": (((30, 130), (70, 130), (66, 176), (54, 176), (50, 146), (46, 176), (34, 176)), (90, 80, 60), (40, 150)),
    "sole": (((52, 176), (68, 176), (74, 192), (54, 192)), (190, 60, 60), (62, 185)),
    "shoes": (((32, 176), (48, 176), (46, 192), (26, 192)), (190, 60, 60), (38, 185)),
}  # fmt: skip


@dataclass
class Page:
    """A drawing and what is where in it. papers, parts: places (x, y) that stay paper, and of a figure's parts."""

    pixels: Pixels
    papers: list[tuple[int, int]] = field(default_factory=list)
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    panels: int = 0

    def figure(self, left: float, top: float, height: float, line: int = 3, *, filled: bool = False) -> None:
        """Draw the figure in a box of half as much width."""
        scale = height / 200.0
        for name, (corners, color, (x, y)) in PARTS.items():
            points = np.rint(np.asarray(corners, float) * scale + (left, top)).astype(np.int32)
            cv2.fillPoly(self.pixels, [points], color if filled else (255, 255, 255))
            cv2.polylines(self.pixels, [points], True, (0, 0, 0), line, cv2.LINE_AA)
            self.parts.append((name, round(left + x * scale), round(top + y * scale)))

    def balloon(self, x: int, y: int, word: str, line: int = 3, size: float = 0.8) -> None:
        """Draw a balloon around a word, over what is there."""
        (width, height), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, size, 2)
        axes = round(width * 0.9) + 8, round(height * 1.9) + 6
        cv2.ellipse(self.pixels, (x, y), axes, 0, 0, 360, (255, 255, 255), -1, cv2.LINE_AA)
        cv2.ellipse(self.pixels, (x, y), axes, 0, 0, 360, (0, 0, 0), line, cv2.LINE_AA)
        corner = x - width // 2, y + height // 2
        cv2.putText(self.pixels, word, corner, cv2.FONT_HERSHEY_SIMPLEX, size, (0, 0, 0), 2, cv2.LINE_AA)
        self.papers += [(x, y - round(axes[1] * 0.75)), (x, y + round(axes[1] * 0.75))]


def reference(height: int = 400) -> Pixels:
    """The figure in color."""
    page = Page(np.full((height + 40, height // 2 + 60, 3), 255, np.uint8))
    page.figure(30, 20, height, 3, filled=True)
    return page.pixels


def framed(*, black: bool = False, slant: int = 0, bleed: bool = False, drawn: bool = True, line: int = 4) -> Page:
    """Three panels, two above one, of 600 × 850.

    black: gutters are black. slant: pixels that the gutter between the upper two leans. bleed: they run off the page.
    drawn: with frames; else their art ends straight at the gutters.
    """
    width, height, gutter = 600, 850, 16
    edge = 0 if bleed else 24
    ground = 0 if black else 255
    page = Page(np.full((height, width, 3), ground, np.uint8), panels=3)
    middle, level = width // 2, 410
    upper = (
        ((edge, edge), (middle - gutter // 2 - slant, edge), (middle - gutter // 2 + slant, level), (edge, level)),
        ((middle + gutter // 2 - slant, edge), (width - edge, edge), (width - edge, level),
         (middle + gutter // 2 + slant, level)),
    )  # fmt: skip
    lower = (
        (edge, level + gutter), (width - edge, level + gutter), (width - edge, height - edge), (edge, height - edge),
    )  # fmt: skip
    for number, corners in enumerate((*upper, lower)):
        points = np.asarray(corners, np.int32)
        inside = np.zeros(page.pixels.shape[:2], np.uint8)
        cv2.fillPoly(inside, [points], 1)
        left, top = int(points[:, 0].min()), int(points[:, 1].min())
        art = Page(np.full_like(page.pixels, 255))
        if not drawn:  # a room behind the figure, cut off all around
            for y in range(top + 14, int(points[:, 1].max()), 44):
                cv2.line(art.pixels, (0, y - 20), (width, y + 20), (0, 0, 0), 2, cv2.LINE_AA)
            for x in range(left + 9, int(points[:, 0].max()) + 100, 40):
                cv2.line(art.pixels, (x, 0), (x - 30, height), (0, 0, 0), 2, cv2.LINE_AA)
        art.figure(left + 40 + (slant if number == 1 else 0), top + 26, 345 if number < 2 else 360)
        page.pixels[inside > 0] = art.pixels[inside > 0]
        page.parts += art.parts
        if drawn:
            cv2.polylines(page.pixels, [points], True, (0, 0, 0), line, cv2.LINE_AA)
            page.papers.append((int(points[:, 0].max()) - 34 - slant, int(points[:, 1].max()) - 30))
    if not black:
        page.papers += [(middle, level + gutter // 2)]
    return page


def with_balloons(page: Page) -> Page:
    """The same with a balloon in each panel."""
    page.balloon(232, 66, "HELLO", size=0.5)
    page.balloon(528, 80, "WHO?", size=0.5)
    page.balloon(460, 520, "GOING HOME", size=0.6)
    return page


def strip(figures: int = 3, width: int = 300, apart: int = 700, height: int = 280) -> Page:
    """A strip of equal figures, one below the other."""
    page = Page(np.full((figures * apart, width, 3), 255, np.uint8))
    for number in range(figures):
        page.figure((width - height / 2) / 2, number * apart + (apart - height) / 2, height)
    return page
