"""The style engine behind the doors of all engines: catalog, colorizer, finishing, sequences."""

import dataclasses
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import checkpoint, model_catalog, model_loading, registry
from engine.architectures.style_unet import StyleConfig
from engine.checkpoint import CheckpointInfo
from engine.colorizer import Colorizer
from engine.corrections import Corrections, Hint
from engine.errors import CheckpointError, NurieError
from engine.finishing import finish
from engine.options import FinishOptions, Sampling
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Reference, SequenceRequest
from tests.finishing import BLUE, RED, SKIN, label_in, patches, rooms
from tests.style_engines import TINY, make, small, write_model
from tests.unit.engine.test_colorizer import drawing, ignore, picture
from trainer.config import FineTuneConfig
from trainer.fine_tuning_run import AdaptingRun


@pytest.fixture
def one(tmp_path: Path) -> Colorizer:
    return model_loading.load_colorizer(write_model(tmp_path / "style.safetensors"), "cpu")


@pytest.mark.parametrize("size", [(1, 1), (17, 500), (70, 33), (255, 257)])
@pytest.mark.parametrize("reference", [(1, 1), (9, 300)])
def test_every_size_and_twice_the_same(one: Colorizer, size: tuple[int, int], reference: tuple[int, int]) -> None:
    request = ColorizeRequest(drawing(*size), (picture(*reference),), 512)
    result = run(one.colorize(request), ignore)
    assert result.color.shape == (*size, 3) and max(result.working_size) <= 512
    np.testing.assert_array_equal(run(one.colorize(request), ignore).color, result.color)


def test_flats_locked_to_the_palette_and_hints(one: Colorizer) -> None:
    request = ColorizeRequest(LineArt(rooms(3)), (patches(RED, BLUE),), 128)
    result = run(one.colorize(request), ignore)
    finished = run(finish(one, request, result, FinishOptions()), ignore)
    assert finished.palette is not None and finished.flats is not None and finished.regions is not None
    swatches = {swatch.color for swatch in finished.palette.swatches}
    assert {RED, BLUE} <= swatches
    assert {tuple(color) for color in finished.flats.colors.tolist()} <= swatches
    hinted = FinishOptions(corrections=Corrections(hints=(Hint(60, 20, SKIN),)))
    finished = run(finish(one, request, result, hinted), ignore)
    assert finished.flats is not None
    assert tuple(finished.flats.colors[label_in(finished.regions, 1) - 1].tolist()) == SKIN


def test_masks_weights_and_several_references_are_heeded(one: Colorizer) -> None:
    art = LineArt(rooms(3))
    mask = np.zeros((60, 100), bool)
    mask[:, :50] = True

    def colored(*references: Reference) -> np.ndarray:
        result = run(one.colorize(ColorizeRequest(art, references, 128)), ignore)
        assert result.notes == ()
        return result.color.astype(int)

    red, blue = patches(RED), patches(BLUE)
    both = colored(red, blue)
    assert np.abs(both - colored(red)).mean() > 1 and np.abs(both - colored(blue)).mean() > 1
    np.testing.assert_array_equal(colored(red, red), colored(red))
    mostly = colored(replace(red, weight=2.0), replace(blue, weight=0.01))
    assert np.abs(mostly - colored(red)).mean() < np.abs(both - colored(red)).mean()
    masked = replace(patches(RED, BLUE), mask=mask)
    other = replace(patches(RED, SKIN), mask=mask)
    np.testing.assert_array_equal(colored(masked), colored(other))


def test_odd_references_give_a_coloring_and_no_error(one: Colorizer) -> None:
    white = Reference(np.full((30, 30, 3), 255, np.uint8))
    gray = Reference(np.full((30, 30, 3), 128, np.uint8))
    dot = Reference(np.full((1, 1, 3), 7, np.uint8))
    nothing = Reference(patches(RED).pixels, np.zeros((60, 60), bool))
    for reference in (white, gray, dot, nothing):
        result = run(one.colorize(ColorizeRequest(LineArt(rooms(2)), (reference,), 128)), ignore)
        assert result.color.shape[2] == 3


def test_what_it_does_not_heed_is_said(one: Colorizer) -> None:
    request = ColorizeRequest(drawing(40, 40), (picture(20, 20),), 64, sampling=Sampling(5))
    assert "without seed" in run(one.colorize(request), ignore).notes[0]
    assert registry.abilities("style") == one.abilities
    assert one.match(request, *_regions()) is None and one.match_parts(request, *_regions(), np.zeros((1, 3))) is None  # type: ignore[arg-type]
    assert one.describe(request, _regions()[0]) is None


def _regions() -> tuple:
    from engine.color.swatches import find_swatches
    from engine.line_art.regions import find_regions

    return find_regions(drawing(40, 40).ink), find_swatches((picture(20, 20),))


def test_a_sequence_is_colored_frame_by_frame(one: Colorizer) -> None:
    frames = tuple(drawing(30, 30 + number) for number in range(3))
    results = run(one.colorize_sequence(SequenceRequest(frames, (), {1: picture(20, 20)}, working_size=64)), ignore)
    alone = run(one.colorize(ColorizeRequest(frames[2], (picture(20, 20),), 64)), ignore)
    np.testing.assert_array_equal(results[2].color, alone.color)


@pytest.mark.parametrize("variant", ["m1", "m2", "m3"])
def test_the_published_structures_color_with_our_encoder(variant: str, tmp_path: Path) -> None:
    path = write_model(tmp_path / "style.safetensors", small(variant))
    colored = run(
        model_loading.load_colorizer(path, "cpu").colorize(ColorizeRequest(drawing(40, 60), (picture(20, 20),), 64)),
        ignore,
    )
    assert colored.color.shape == (40, 60, 3)


def test_a_model_of_a_published_network_that_is_not_here_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    config = replace(StyleConfig.m1(), width=2, middle=16, bottom=16, style_digest="ab" * 32)
    info = CheckpointInfo("style", dataclasses.asdict(config), "M1")
    checkpoint.save(tmp_path / "m1.safetensors", make(config).state_dict(), info)
    with pytest.raises(CheckpointError, match=r"published VGG19 weights.*put vgg19-dcbb9e9d.pth \(SHA-256 abababab…\)"):
        model_loading.load_colorizer(tmp_path / "m1.safetensors", "cpu")


def test_adapting_it_to_a_character_is_refused_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model_catalog._folders, "user", tmp_path)
    entry = model_catalog.find(write_model(tmp_path / "style.safetensors"))
    with pytest.raises(NurieError, match="not a model that can be adapted"):
        AdaptingRun((), entry, FineTuneConfig(), tmp_path / "run")


def test_tiny_is_what_the_tests_take_it_for() -> None:
    assert TINY.swatches and TINY.injection == "adain" and TINY.finest == 2
