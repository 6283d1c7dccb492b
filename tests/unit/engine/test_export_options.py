"""What of a coloring is written: content, paper, size; over nothing as well as over white."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from engine import layering, layers, pipeline
from engine.errors import PictureError, RequestError
from engine.export.flat_formats import write_flat
from engine.layers import Layer, LayerStack
from engine.options import ExportOptions


def random_stack(seed: int) -> LayerStack:
    """Layers of every blend with every alpha."""
    random = np.random.default_rng(seed)
    made = []
    for number, blend in enumerate(("normal", "multiply", "screen", "normal")):
        height, width = (int(side) for side in random.integers(1, 20, 2))
        pixels = random.integers(0, 256, (height, width, 4), np.uint8)
        left, top = (int(side) for side in random.integers(-4, 12, 2))
        made.append(Layer(f"{number}", pixels, left, top, blend, int(random.integers(0, 256))))
    return LayerStack((16, 18), tuple(made))


@given(st.integers(0, 10_000))
def test_over_white_it_is_the_picture_flattened_on_white(seed: int) -> None:
    stack = random_stack(seed)
    paper = Layer("Paper", np.full((*stack.size, 4), 255, np.uint8))
    whole = LayerStack(stack.size, (paper, *stack.layers))
    clear = layers.flatten_clear(whole)
    assert clear[..., 3].min() == 255
    assert np.abs(clear[..., :3].astype(int) - layers.flatten(whole)).max() <= 1


def test_normal_layers_on_nothing_laid_on_white_are_the_picture() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[2:6, 2:6] = 200, 30, 90, 128
    stack = LayerStack((8, 8), (Layer("a", pixels), Layer("b", np.roll(pixels, 2, axis=1))))
    clear = layers.flatten_clear(stack)
    assert not clear[0].any()
    assert np.abs(layers.on_white(clear).astype(int) - layers.flatten(stack)).max() <= 1


def flat_stack() -> LayerStack:
    paper = np.full((60, 90, 4), 255, np.uint8)
    left, right = np.zeros_like(paper), np.zeros_like(paper)
    left[:, :41], right[:, 41:] = (200, 40, 40, 255), (40, 40, 200, 255)
    line = np.zeros_like(paper)
    line[28:31] = 0, 0, 0, 180
    line[31] = 0, 0, 0, 90
    return LayerStack(
        (60, 90),
        (
            Layer(layering.PAPER, paper),
            Layer("red", left, group=layering.FLATS),
            Layer("blue", right, group=layering.FLATS),
            Layer(layering.SHADING, line, blend="multiply"),
            Layer(layering.LINE, line, blend="multiply"),
        ),
    )


@pytest.mark.parametrize("side", [33, 90, 200])
def test_scaled_flats_keep_their_colors_and_leave_no_seam(side: int) -> None:
    small = layers.scaled(flat_stack(), side)
    assert max(small.size) == side
    red, blue = (layers.on_canvas(layer, small.size) for layer in small.layers[1:3])
    for pixels, color in ((red, (200, 40, 40)), (blue, (40, 40, 200))):
        assert {tuple(one) for one in pixels[pixels[..., 3] > 0][:, :3].tolist()} == {color}
    assert np.array_equal(red[..., 3] == 0, blue[..., 3] == 255)
    flat = layers.scaled_flat(layers.flatten(flat_stack()), side)
    assert flat.shape[:2] == small.size


@pytest.mark.parametrize(
    ("content", "paper", "names"),
    [
        ("all", True, ["Paper", "red", "blue", "Shading", "Line"]),
        ("flats", True, ["Paper", "red", "blue"]),
        ("lines", False, ["Line"]),
        ("flats", False, ["red", "blue"]),
    ],
)
def test_what_is_chosen(content: str, paper: bool, names: list[str]) -> None:
    chosen = layering.chosen(flat_stack(), content, paper=paper)  # type: ignore[arg-type]
    assert [layer.name for layer in chosen.layers] == names


def clear_pixels() -> NDArray[np.uint8]:
    pixels = np.zeros((20, 30, 4), np.uint8)
    pixels[5:15, 5:25] = 10, 200, 30, 255
    return pixels


@pytest.mark.parametrize("suffix", [".webp", ".tif"])
def test_transparent_files(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    write_flat(path, clear_pixels(), quality="lossless" if suffix == ".webp" else 95)
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image.convert("RGBA"))[..., 3], clear_pixels()[..., 3])


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="JPEG cannot be transparent"):
        pipeline.require_writable(Path("a.jpg"), ExportOptions(paper=False))
    with pytest.raises(RequestError, match="Lines alone"):
        pipeline.require_writable(Path("a.psd"), ExportOptions("lines", swatch_layers=True))
    with pytest.raises(RequestError, match="longer_side"):
        ExportOptions(longer_side=3)
    with pytest.raises(PictureError, match="cannot be transparent"):
        write_flat(tmp_path / "a.jpg", clear_pixels())
