"""Figure and background apart: masks, modes and notes, with an engine that paints mean colors."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine import model_loading
from engine.colorizers.dividing import DividingColorizer
from engine.device import Device
from engine.finishing import Finished
from engine.made_by import picture_text
from engine.options import Options, PaintingMode, Sampling
from engine.pipeline import color, run
from engine.request import ColorizeRequest, ColorizeResult, LineArt, Progress, Reference
from tests import toy_engines
from tests.toy_engines import DIVIDED, STYLE
from tests.unit.engine.test_colorizer import ignore

RED, BLUE = (210, 30, 40), (40, 60, 200)
INSIDE, OUTSIDE = (40, 40), (4, 4)


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    with toy_engines.registered():
        yield


@pytest.fixture
def painter(tmp_path: Path) -> DividingColorizer:
    path = toy_engines.write_model(tmp_path / "toy.safetensors", DIVIDED)
    found = model_loading.load_colorizer(path, "cpu")
    assert isinstance(found, DividingColorizer)
    return found


def reference() -> Reference:
    pixels = np.full((80, 80, 3), BLUE, np.uint8)
    cv2.circle(pixels, (40, 40), 24, RED, -1)
    return Reference(pixels, name="red on blue")


def drawing(closed: bool = True) -> LineArt:
    ink = np.ones((80, 80), np.float32)
    if closed:
        cv2.circle(ink, (40, 40), 24, 0.0, 2)
    else:
        cv2.line(ink, (0, 40), (80, 40), 0.0, 2)
    return LineArt(ink)


def request(mode: PaintingMode = "auto", **more: object) -> ColorizeRequest:
    asked = ColorizeRequest(drawing(), (reference(),), 80, sampling=Sampling(mode=mode))
    return replace(asked, **more)  # type: ignore[arg-type]


def near(result: ColorizeResult, place: tuple[int, int], wanted: tuple[int, ...]) -> bool:
    return bool(np.abs(result.color[place].astype(int) - wanted).max() < 30)


@pytest.mark.parametrize("mode", ["bg2fig", "fig2fig"])
def test_divided_modes_paint_figure_and_background_apart(painter: DividingColorizer, mode: PaintingMode) -> None:
    result = run(painter.colorize(request(mode)), ignore)
    assert near(result, INSIDE, RED) and near(result, OUTSIDE, BLUE)
    assert result.notes == () and result.sampling == Sampling(steps=4, mode=mode)


def test_vanilla_paints_all_alike(painter: DividingColorizer) -> None:
    result = run(painter.colorize(request("vanilla")), ignore)
    assert np.abs(result.color[INSIDE].astype(int) - result.color[OUTSIDE]).max() < 60
    assert result.sampling == Sampling(steps=4, mode="vanilla") and result.notes == ()


def test_auto_says_what_it_chose(painter: DividingColorizer) -> None:
    result = run(painter.colorize(request()), ignore)
    assert "Auto painted it as Fig2Fig" in result.notes[0]
    assert result.sampling == Sampling(steps=4, mode="fig2fig")
    text = picture_text(Options(), result, Finished(request(), result.color), "toy", "0")
    assert '"mode": "fig2fig"' in text["Settings"] and '"steps": 4' in text["Settings"]


def test_without_a_figure_it_is_vanilla_and_a_note_says_so(painter: DividingColorizer) -> None:
    landscape = run(painter.colorize(request("fig2fig", line_art=drawing(closed=False))), ignore)
    assert "No figure was found in the drawing" in landscape.notes[0]
    paper = Reference(np.full((40, 40, 3), 255, np.uint8))
    empty = run(painter.colorize(request("bg2fig", references=(paper,))), ignore)
    assert "No figure was found in the references" in empty.notes[0]
    assert landscape.sampling == empty.sampling == Sampling(steps=4, mode="vanilla")
    assert "Vanilla" in run(painter.colorize(request(references=(paper,))), ignore).notes[0]


def test_masks_of_a_person_win(painter: DividingColorizer) -> None:
    upper: NDArray[np.float32] = np.zeros((80, 80), np.float32)
    upper[:30] = 1.0
    result = run(painter.colorize(request("fig2fig", figure=upper)), ignore)
    assert near(result, OUTSIDE, RED) and near(result, (70, 40), BLUE)
    swapped = replace(
        reference(), figure_mask=1.0 - (cv2.circle(np.zeros((80, 80), np.float32), (40, 40), 24, 1.0, -1))
    )
    result = run(painter.colorize(request("fig2fig", references=(swapped,))), ignore)
    assert near(result, INSIDE, BLUE) and near(result, OUTSIDE, RED)


def test_another_mask_is_looked_at_anew(painter: DividingColorizer) -> None:
    one = reference()
    first = run(painter.colorize(request("fig2fig", references=(one,))), ignore)
    other = replace(one, figure_mask=np.eye(80, dtype=np.float32))
    assert (run(painter.colorize(request("fig2fig", references=(other,))), ignore).color != first.color).any()


def test_an_engine_that_paints_alike_says_that_masks_change_nothing(tmp_path: Path) -> None:
    plain = model_loading.load_colorizer(toy_engines.write_model(tmp_path / "toy.safetensors", STYLE), "cpu")
    asked = replace(request(), sampling=Sampling())
    before = run(plain.colorize(asked), ignore)
    masked = run(plain.colorize(replace(asked, figure=np.ones((80, 80), np.float32))), ignore)
    np.testing.assert_array_equal(before.color, masked.color)
    assert before.notes == () and "masks of figures changed nothing" in masked.notes[0]


def test_numbers_that_overflow_are_painted_again_in_full_precision(tmp_path: Path) -> None:
    path = toy_engines.write_model(tmp_path / "toy.safetensors", DIVIDED)
    info, network = model_loading.build(path)
    half = DividingColorizer(network, info, Device("cpu", "bf16"))  # type: ignore[arg-type]
    result = run(half.colorize(request("vanilla", sampling=Sampling(guidance=15.0, mode="vanilla"))), ignore)
    assert result.precision == "fp32" and "painted again in fp32" in result.notes[0]
    assert half.colorize is not None and np.isfinite(result.color).all()


def test_a_page_shows_previews_of_all_its_panels(painter: DividingColorizer) -> None:
    ink = np.ones((400, 200), np.float32)
    for top in (10, 210):
        cv2.rectangle(ink, (10, top), (189, top + 179), 0.0, 3)
        cv2.circle(ink, (100, top + 90), 50, 0.0, 2)
    seen: list[Progress] = []
    result = run(color(painter, request("vanilla", line_art=LineArt(ink))), seen.append)
    assert "Each panel" in result.notes[0]
    previews = [step.preview for step in seen if step.preview is not None]
    assert len(previews) == 8 and {one.shape for one in previews} == {(400, 200, 3)}
    assert (previews[0][210:] == 255).all() and (previews[-1][250:350, 50:150] < 255).any()
