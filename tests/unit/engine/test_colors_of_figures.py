"""What the models that ship make of figures they never saw, finished: the right colors, also where little paper lies
around a figure and it is slim."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine import model_catalog, pipeline
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.colorizer import Colorizer
from engine.model_loading import load_colorizer
from engine.options import Options
from engine.request import LineArt, Reference
from trainer.drawn_characters import Drawing, draw

CHARACTERS = 620, 622, 77_013
Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer(model_catalog.find().path, "cpu")


def slim(drawing: Drawing) -> tuple[Pixels, Pixels]:
    """Line art and flats without most of the paper, twice as high as wide."""
    rows, columns = (np.flatnonzero((drawing.line < 128).any(axis=axis)) for axis in (1, 0))
    box = slice(max(0, rows[0] - 6), rows[-1] + 7), slice(max(0, columns[0] - 6), columns[-1] + 7)
    line, flats = drawing.line[box], drawing.flats[box]
    size = round(line.shape[0] / 2.2), line.shape[0]
    return (
        np.asarray(cv2.resize(line, size, interpolation=cv2.INTER_AREA), np.uint8),
        np.asarray(cv2.resize(flats, size, interpolation=cv2.INTER_NEAREST), np.uint8),
    )


def right(colorizer: Colorizer, line: Pixels, flats: Pixels, reference: Pixels) -> float:
    """Share of the figure that has its color."""
    ink = line.astype(np.float32) / np.float32(255)
    request = pipeline.request_of(LineArt(ink), (Reference(reference),), Options())
    result = pipeline.run(pipeline.color(colorizer, request))
    finished = pipeline.run(pipeline.finish(colorizer, request, result, Options()))
    counts = (ink > 0.6) & (flats.min(axis=2) < 235)
    return float((ciede2000(to_lab(flats[counts]), to_lab(finished.color[counts])) <= 10.0).mean())


def test_figures_have_the_colors_of_their_references(colorizer: Colorizer) -> None:
    wide, narrow = [], []
    for character in CHARACTERS:
        reference, drawing = draw(character, 0, 320).color, draw(character, 1, 320)
        wide.append(right(colorizer, drawing.line, drawing.flats, reference))
        narrow.append(right(colorizer, *slim(drawing), reference))
    assert np.mean(wide) > 0.88, wide
    assert np.mean(narrow) > 0.85, narrow
