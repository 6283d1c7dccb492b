"""A layered file that Nurie wrote is a drawing again in the window: its lines, and the colors in its flats."""

from pathlib import Path

import numpy as np
import pytest

from app.controllers import coloring_work as pictures
from app.document import making
from app.document.parts import Drawing
from app.images.incoming import FileSource
from engine import finishing, layering
from engine.export import formats
from engine.layers import Layer, LayerStack
from engine.options import FinishOptions, LineOptions
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Reference
from tests.fakes import FakeColorizer


def read(path: Path) -> Drawing:
    (drawing,) = run(pictures.read_drawings([FileSource(path)]), lambda _: None).drawings
    assert drawing is not None
    return drawing


@pytest.mark.parametrize("suffix", formats.LAYERED)
def test_lines_and_colors_come_back(tmp_path: Path, suffix: str) -> None:
    ink = np.ones((60, 80), np.float32)
    ink[10:50, [20, 60]] = ink[[10, 50], 20:61] = 0.0
    red = Reference(np.full((8, 8, 3), (200, 30, 20), np.uint8))
    request = ColorizeRequest(LineArt(ink), (red,))
    result = run(FakeColorizer().colorize(request), lambda _: None)
    finished = run(finishing.finish(FakeColorizer(), request, result, FinishOptions()), lambda _: None)
    formats.write_layers(tmp_path / f"a{suffix}", layering.to_stack(finished), {})

    drawing = read(tmp_path / f"a{suffix}")
    assert drawing.kind == "line_art"
    lines = run(making.make_lines(drawing, LineOptions(lines="ink")), lambda _: None)
    np.testing.assert_array_equal(lines.line_art.ink, ink)
    assert lines.line_art.flats is not None
    blue = Reference(np.full((8, 8, 3), (20, 30, 200), np.uint8))
    again = ColorizeRequest(lines.line_art, (blue,))
    guess = run(FakeColorizer().colorize(again), lambda _: None)
    kept = run(finishing.finish(FakeColorizer(), again, guess, FinishOptions()), lambda _: None)
    assert tuple(kept.color[30, 40]) == (200, 30, 20)


def test_layers_of_another_program_are_a_picture(tmp_path: Path) -> None:
    pixels = np.full((30, 40, 4), 255, np.uint8)
    pixels[10:12, 5:35, :3] = 0
    formats.write_layers(tmp_path / "a.psd", LayerStack((30, 40), (Layer("Ebene 1", pixels),)), {})
    drawing = read(tmp_path / "a.psd")
    assert drawing.line_art is None and drawing.picture.pixels.shape == (30, 40, 3)
