"""References that give no colors, and drawing and reference mixed up, are said."""

from dataclasses import replace

import numpy as np
import pytest

from engine import images
from engine.color.colorless import is_colorless, is_line_art, mistakes, swapped
from engine.color.swatches import WHITE, find_swatches
from engine.images import Picture
from engine.line_art.prepare import prepare
from engine.request import ColorizeRequest, Reference
from tests import figures
from tests.figures import PARTS, Color, Pixels

COLORS: dict[str, Color] = dict(
    zip(PARTS, [(186, 52, 62), (246, 208, 176), (60, 110, 190), (92, 70, 50), (40, 140, 90)], strict=True)
)


def picture(pixels: Pixels) -> Picture:
    return Picture(np.ascontiguousarray(pixels), None, None, None, "one.png")


def reference(pixels: Pixels, name: str = "ref.png") -> Reference:
    return replace(images.for_reference(picture(pixels)), name=name)


def gray_version() -> Pixels:
    levels = {part: round(0.3 * red + 0.6 * green + 0.1 * blue) for part, (red, green, blue) in COLORS.items()}
    return figures.figure(fills={part: (level, level, level) for part, level in levels.items()})


@pytest.mark.parametrize("through_jpeg", [False, True])
def test_what_has_colors(through_jpeg: bool) -> None:
    def saved(pixels: Pixels) -> Reference:
        return reference(figures.compressed(pixels) if through_jpeg else pixels)

    assert is_colorless(saved(gray_version()))
    assert is_colorless(saved(figures.figure()))
    assert is_colorless(saved(np.full((40, 30, 3), 255, np.uint8)))
    assert not is_colorless(saved(figures.figure(fills=COLORS)))
    assert not is_colorless(saved(figures.figure(fills={"boots": (200, 60, 60)})))
    assert is_line_art(saved(figures.figure()))
    assert not is_line_art(saved(figures.figure(fills=COLORS)))


def said(drawing: Pixels, *references: Reference) -> list[str]:
    return mistakes(ColorizeRequest(prepare(picture(drawing)), references))


def test_sentences() -> None:
    good = reference(figures.figure(fills=COLORS))
    line = figures.figure()
    assert said(line, good) == []
    assert said(line, good, reference(gray_version(), "gray.png")) == [
        "gray.png has no colors; add a color picture of the character."
    ]
    assert said(line, reference(line, "line.png")) == [
        "line.png is line art without colors; did you mean it as the drawing?"
    ]
    assert said(figures.figure(fills=COLORS), reference(line, "line.png")) == [
        "line.png is line art and the drawing is a color picture; swap them if they are mixed up."
    ]
    assert said(line, good, replace(reference(line), weight=0.0)) == []


def test_which_reference_is_swapped_with_the_drawing() -> None:
    good, line = reference(figures.figure(fills=COLORS)), reference(figures.figure())
    color = prepare(picture(figures.figure(fills=COLORS)))
    assert swapped(ColorizeRequest(color, (good, line))) == [1]
    assert swapped(ColorizeRequest(color, (good, replace(line, weight=0.0)))) == []
    assert swapped(ColorizeRequest(prepare(picture(figures.figure())), (good, line))) == []


def test_what_is_opaque_is_the_figure_white_cloth_too() -> None:
    fills = COLORS | {"shirt": WHITE}
    alpha = 255 - figures.figure(None, dict.fromkeys(PARTS, figures.BLACK))[..., 0]
    given = Picture(figures.figure(None, fills), alpha, None, None, "white.png")
    found = images.for_reference(given)
    assert found.figure is not None
    assert found.figure[figures.inside("shirt")[::-1]]
    assert not found.figure[0, 0]
    assert WHITE in [swatch.color for swatch in find_swatches([found]).swatches]
    flattened = find_swatches([replace(found, figure=None)])
    assert WHITE not in [swatch.color for swatch in flattened.swatches]
