"""The small pictures of the report show the ink in its own color."""

from pathlib import Path

import numpy as np
from PIL import Image

from app.batch import thumbnails
from engine.request import LineArt

SIZE = 60, 90


def drawing(own: tuple[int, int, int] | None) -> LineArt:
    """A vertical stroke in the middle."""
    ink = np.ones(SIZE, np.float32)
    ink[:, 40:50] = 0.2
    if own is None:
        return LineArt(ink)
    layer = np.zeros((*SIZE, 4), np.uint8)
    layer[:, 40:50] = (*own, 255)
    return LineArt(ink, own=layer)


def seen(line_art: LineArt, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """The line art's and the result's half."""
    color = np.full((*SIZE, 3), (240, 200, 120), np.uint8)
    thumbnails.write(folder / "a.jpg", line_art, color)
    both = np.asarray(Image.open(folder / "a.jpg").convert("RGB")).astype(int)
    assert both.shape == (SIZE[0], 2 * SIZE[1] + thumbnails.GAP, 3)
    return both[:, : SIZE[1]], both[:, -SIZE[1] :]


def test_colored_ink_keeps_its_color(tmp_path: Path) -> None:
    lines, result = seen(drawing((150, 20, 30)), tmp_path)
    for half, beside in ((lines, (255, 255, 255)), (result, (240, 200, 120))):
        assert np.abs(half[30, 45] - (150, 20, 30)).max() < 25
        assert np.abs(half[30, 10] - beside).max() < 12


def test_black_ink_is_as_dark_as_it_is(tmp_path: Path) -> None:
    lines, result = seen(drawing(None), tmp_path)
    assert np.abs(lines[30, 45] - 51).max() < 12
    assert np.abs(result[30, 45] - (48, 40, 24)).max() < 12
    assert np.abs(result[30, 10] - (240, 200, 120)).max() < 12
