"""Engines that are nothing like SGA go through the same doors: catalog, colorizer, finishing."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import model_catalog, model_loading, registry
from engine.colorizer import Colorizer
from engine.colorizers import runner
from engine.device import Device
from engine.errors import Cancelled, CheckpointError, RequestError
from engine.finishing import finish
from engine.options import FinishOptions, Sampling
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Progress, Reference, SequenceRequest
from tests import sheets, toy_engines
from tests.finishing import BLUE, RED, patches, rooms
from tests.toy_engines import STEPS, STYLE
from tests.unit.engine.test_colorizer import drawing, ignore, make, picture

BOTH = pytest.mark.parametrize("architecture", [STYLE, STEPS])


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    with toy_engines.registered():
        yield


def colorizer(folder: Path, architecture: str) -> Colorizer:
    return model_loading.load_colorizer(toy_engines.write_model(folder / "toy.safetensors", architecture), "cpu")


@BOTH
@pytest.mark.parametrize("size", [(1, 1), (3, 90), (70, 33)])
def test_a_drawing_of_any_size_is_colored(architecture: str, size: tuple[int, int], tmp_path: Path) -> None:
    one = colorizer(tmp_path, architecture)
    request = ColorizeRequest(drawing(*size), (picture(40, 50),), 64)
    seen: list[Progress] = []
    result = run(one.colorize(request), seen.append)
    assert result.color.shape == (*size, 3) and result.notes == ()
    fractions = [step.fraction for step in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    np.testing.assert_array_equal(run(one.colorize(request), ignore).color, result.color)


@BOTH
def test_finishing_takes_the_nearest_swatches(architecture: str, tmp_path: Path) -> None:
    one = colorizer(tmp_path, architecture)
    request = ColorizeRequest(LineArt(rooms(3)), (patches(RED, BLUE),), 128)
    result = run(one.colorize(request), ignore)
    finished = run(finish(one, request, result, FinishOptions(shading="soft")), ignore)
    assert finished.palette is not None and finished.flats is not None
    swatches = {swatch.color for swatch in finished.palette.swatches}
    assert {RED, BLUE} <= swatches
    assert {tuple(color) for color in finished.flats.colors.tolist()} <= swatches


def test_what_is_not_heeded_is_said(tmp_path: Path) -> None:
    one = colorizer(tmp_path, STYLE)
    art, references = drawing(40, 40), [picture(20, 20, seed) for seed in range(3)]
    plain = run(one.colorize(ColorizeRequest(art, tuple(references[:2]), 64)), ignore)
    more = run(one.colorize(ColorizeRequest(art, tuple(references), 64)), ignore)
    weighed = run(one.colorize(ColorizeRequest(art, (replace(references[0], weight=0.5), references[1]), 64)), ignore)
    seeded = run(one.colorize(ColorizeRequest(art, tuple(references[:2]), 64, sampling=Sampling(7, 3))), ignore)
    for other, words in ((more, "looks at 2 references"), (weighed, "same weight"), (seeded, "without seed and steps")):
        np.testing.assert_array_equal(other.color, plain.color)
        assert len(other.notes) == 1 and words in other.notes[0]
    switched_off = run(
        one.colorize(ColorizeRequest(art, (replace(references[2], weight=0.0), *references[:2]))), ignore
    )
    assert switched_off.notes == ()


def test_a_sheet_is_its_figures_unless_the_engine_looks_at_fewer(tmp_path: Path) -> None:
    figures = [sheets.simple()] * 3
    two, three = (sheets.in_row(sheets.plain((620, 1000)), figures[:count], top=110).reference() for count in (2, 3))
    one, art = colorizer(tmp_path, STYLE), drawing(40, 40)
    assert "its 2 figures" in run(one.colorize(ColorizeRequest(art, (two,), 64)), ignore).notes[0]
    assert run(one.colorize(ColorizeRequest(art, (two,), 64, sheet="off")), ignore).notes == ()
    assert run(one.colorize(ColorizeRequest(art, (three,), 64)), ignore).notes == (), "it looks at two references"


def test_what_is_masked_out_gives_no_color_to_an_engine_without_masks(tmp_path: Path) -> None:
    one, mask = colorizer(tmp_path, STYLE), np.zeros((40, 40), bool)
    mask[:20] = True
    pictures = [np.where(mask[..., None], picture(40, 40).pixels, picture(40, 40, seed).pixels) for seed in (1, 2)]
    results = [
        run(one.colorize(ColorizeRequest(drawing(40, 40), (Reference(pixels, mask),), 64)), ignore).color
        for pixels in pictures
    ]
    np.testing.assert_array_equal(results[0], results[1])


def test_a_seed_steps_and_guidance_are_heeded(tmp_path: Path) -> None:
    one = colorizer(tmp_path, STEPS)

    def colored(sampling: Sampling) -> np.ndarray:
        return run(
            one.colorize(ColorizeRequest(drawing(40, 60), (picture(20, 20),), 64, sampling=sampling)), ignore
        ).color

    plain = colored(Sampling())
    np.testing.assert_array_equal(colored(Sampling(steps=4)), plain)  # the network's own number
    for other in (Sampling(seed=1), Sampling(steps=2), Sampling(guidance=3.0)):
        assert (colored(other) != plain).any(), other


def test_previews_show_the_drawing_step_by_step(tmp_path: Path) -> None:
    one, seen = colorizer(tmp_path, STEPS), list[Progress]()
    request = ColorizeRequest(drawing(33, 60), (picture(20, 20),), 64, sampling=Sampling(steps=6))
    run(one.colorize(request), seen.append)
    previews = [step.preview for step in seen if step.preview is not None]
    assert len(previews) == 6
    assert {preview.shape for preview in previews} == {(8, 15, 3)}  # a quarter, without the padding
    assert all((one != other).any() for one, other in itertools.pairwise(previews))
    assert [step.message for step in seen if "step" in step.message][-1] == "Coloring, step 6 of 6"


def test_painting_in_steps_stops_between_two_steps(tmp_path: Path) -> None:
    one, seen = colorizer(tmp_path, STEPS), list[Progress]()
    request = ColorizeRequest(drawing(40, 40), (picture(20, 20),), 64)
    with pytest.raises(Cancelled):
        run(one.colorize(request, lambda: any("step 2" in step.message for step in seen)), seen.append)
    assert "step 2 of 4" in seen[-1].message


def test_memory_that_runs_out_halfway_is_tried_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, before = colorizer(tmp_path, STEPS), toy_engines.StepsNetwork.advance

    def scarce(self: toy_engines.StepsNetwork, state: toy_engines.Canvas, number: int) -> toy_engines.Canvas:
        if number == 2 and state.now.shape[3] > 300:
            raise torch.OutOfMemoryError("out of memory")
        return before(self, state, number)

    monkeypatch.setattr(toy_engines.StepsNetwork, "advance", scarce)
    result = run(one.colorize(ColorizeRequest(drawing(20, 600), (picture(20, 20),), 512)), ignore)
    assert max(result.working_size) == 256 and "Memory ran out" in result.notes[0]


@BOTH
def test_a_sequence_is_colored_frame_by_frame(architecture: str, tmp_path: Path) -> None:
    one, frames = colorizer(tmp_path, architecture), tuple(drawing(30, 30 + number) for number in range(4))
    request = SequenceRequest(frames, (), {1: picture(20, 20)}, working_size=64)
    seen: list[float] = []
    results = run(one.colorize_sequence(request), lambda step: seen.append(step.fraction))
    assert [result.color.shape for result in results] == [(30, 30 + number, 3) for number in range(4)]
    assert seen == sorted(seen) and seen[-1] == 1.0
    alone = run(one.colorize(ColorizeRequest(frames[2], (picture(20, 20),), 64)), ignore)
    np.testing.assert_array_equal(results[2].color, alone.color)


def test_a_frame_is_colored_from_the_nearest_key_frames() -> None:
    frames = tuple(drawing(9, 9) for _ in range(6))
    keys = {4: picture(9, 9, 4), 1: picture(9, 9, 1), 5: picture(9, 9, 5)}
    request = SequenceRequest(frames, (always := picture(9, 9),), keys, sigma=0.3, sampling=Sampling(3))
    wanted = [(1,), (1,), (1, 4), (1, 4), (4,), (5,)]
    for number, nearest in enumerate(wanted):
        frame = request.frame(number)
        assert frame.references == (*(keys[key] for key in nearest), always)
        assert (frame.line_art, frame.sigma, frame.sampling) == (frames[number], 0.3, Sampling(3))
    for broken in ({"frames": ()}, {"keyframes": {6: always}}, {"keyframes": {-1: always}}):
        with pytest.raises(RequestError):
            replace(request, **broken)


@pytest.mark.parametrize("values", [{"seed": -1}, {"seed": 2**63}, {"steps": 0}, {"steps": 10**6}, {"guidance": -1.0},
                                    {"guidance": float("nan")}])  # fmt: skip
def test_a_sampling_that_nobody_can_heed_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(RequestError):
        Sampling(**values)  # type: ignore[arg-type]


def test_engines_of_one_step_paint_the_same_whatever_the_seed() -> None:
    one, request = make(), ColorizeRequest(drawing(40, 40), (picture(20, 20),), 64)
    plain = run(one.colorize(request), ignore)
    seeded = run(one.colorize(replace(request, sampling=Sampling(5))), ignore)
    np.testing.assert_array_equal(seeded.color, plain.color)
    assert "without seed" in seeded.notes[0]


def test_what_a_model_can_do_is_known_without_torch(tmp_path: Path) -> None:
    toy_engines.write_model(tmp_path / "toy.safetensors", STEPS)
    assert model_catalog.find(tmp_path / "toy.safetensors").abilities.previews
    code = "import sys; from engine import model_catalog; entry = model_catalog.find(); "
    code += "assert entry.abilities.masks and not entry.abilities.sampling; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_network_that_colors_nothing_is_refused(tmp_path: Path) -> None:
    registry.register("mute", toy_engines.StyleConfig, toy_engines.StyleNetwork)
    path = toy_engines.write_model(tmp_path / "mute.safetensors", "mute")
    with pytest.raises(CheckpointError, match="not a model that colors drawings"):
        model_loading.load_colorizer(path, "cpu")
    info, network = model_loading.build(path)
    with pytest.raises(CheckpointError, match="not a model that colors drawings"):
        model_loading.colorizer_of(network, info, Device("cpu", "fp32"))


def test_references_are_handed_back_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a network makes of a reference, even a text, comes back to it."""
    monkeypatch.setattr(toy_engines.StyleNetwork, "encode_reference", lambda *_: "opaque")
    monkeypatch.setattr(runner.ReferenceNetwork, "decode", None)
    got: list[object] = []

    def decode(self: object, sketch: torch.Tensor, references: object) -> torch.Tensor:
        got.append(references)
        return torch.zeros(1, 3, *sketch.shape[2:])

    monkeypatch.setattr(toy_engines.StyleNetwork, "decode", decode)
    run(colorizer(tmp_path, STYLE).colorize(ColorizeRequest(drawing(20, 20), (picture(9, 9),), 64)), ignore)
    assert got == [["opaque"]]
