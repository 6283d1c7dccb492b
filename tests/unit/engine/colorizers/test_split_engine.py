"""The painting network through its colorizer: previews, cancelling, modes and threads, untaught and small."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import checkpoint, model_loading
from engine.architectures.split_config import SplitConfig
from engine.architectures.split_diffusion import SplitColorizer
from engine.checkpoint import CheckpointInfo
from engine.colorizer import Colorizer
from engine.errors import Cancelled, RequestError
from engine.options import PaintingMode, Sampling
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Progress, Reference
from tests.unit.engine.test_colorizer import ignore

HEIGHT, WIDTH, STEPS = 72, 52, 5


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    network = SplitColorizer(SplitConfig.smoke())
    for name, parameter in network.named_parameters():
        if name.startswith("lora") and parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.5)
    path = tmp_path_factory.mktemp("model") / "smoke.safetensors"
    checkpoint.save(
        path, network.state_dict(), CheckpointInfo("split", dataclasses.asdict(SplitConfig.smoke()), "smoke")
    )
    return path


@pytest.fixture(scope="module")
def one(model: Path) -> Colorizer:
    return model_loading.load_colorizer(model, "cpu")


def request_of(mode: PaintingMode = "vanilla", steps: int = STEPS, seed: int = 0) -> ColorizeRequest:
    ink = np.ones((HEIGHT, WIDTH), np.float32)
    ink[20:50, [12, 40]] = ink[[20, 49], 12:41] = 0.0
    pixels = np.full((60, 60, 3), (40, 90, 200), np.uint8)
    pixels[15:45, 15:45] = (210, 50, 40)
    figure = np.zeros((HEIGHT, WIDTH), np.float32)
    figure[20:50, 12:41] = 1.0
    reference = Reference(pixels, figure_mask=(pixels[..., 0] > 100).astype(np.float32))
    return ColorizeRequest(
        LineArt(ink), (reference,), 64, sampling=Sampling(mode=mode, steps=steps, seed=seed), figure=figure
    )


def colored(one: Colorizer, request: ColorizeRequest) -> NDArray[np.uint8]:
    return run(one.colorize(request), ignore).color


def test_every_step_shows_a_picture_of_the_drawing(one: Colorizer) -> None:
    seen: list[Progress] = []
    result = run(one.colorize(request_of()), seen.append)
    assert result.color.shape == (HEIGHT, WIDTH, 3)
    previews = [step.preview for step in seen if step.preview is not None]
    assert len(previews) == STEPS and {one.shape for one in previews} == {(16, 12, 3)}
    assert all(one.dtype == np.uint8 and one.ndim == 3 for one in previews)
    fractions = [step.fraction for step in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0


@pytest.mark.parametrize("after", [1, 3, STEPS - 1])
def test_who_stops_within_a_step_leaves_nothing_behind(one: Colorizer, after: int) -> None:
    before = colored(one, request_of("fig2fig"))
    steps, asked = 0, 0

    def should_stop() -> bool:
        nonlocal asked
        asked += steps >= after
        return asked > 20  # layers into the next step

    with pytest.raises(Cancelled):
        for step in one.colorize(request_of("fig2fig"), should_stop):
            steps += step.preview is not None
    assert steps == after
    np.testing.assert_array_equal(colored(one, request_of("fig2fig")), before)


def test_modes_and_seeds_paint_otherwise_and_again_the_same(one: Colorizer) -> None:
    modes: tuple[PaintingMode, ...] = ("vanilla", "bg2fig", "fig2fig")
    pictures = [colored(one, request_of(mode)) for mode in modes] + [colored(one, request_of(seed=1))]
    assert len({picture.tobytes() for picture in pictures}) == 4
    for mode, picture in zip(modes, pictures, strict=False):
        np.testing.assert_array_equal(colored(one, request_of(mode)), picture)


def test_several_threads_paint_with_one_network(one: Colorizer) -> None:
    modes: tuple[PaintingMode, ...] = ("vanilla", "fig2fig", "bg2fig", "fig2fig")
    alone = [colored(one, request_of(mode)) for mode in modes]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda mode: colored(one, request_of(mode)), modes))
    for a, b in zip(alone, together, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_reference_that_is_all_paper_and_one_without_a_figure_are_painted(one: Colorizer) -> None:
    paper = Reference(np.full((40, 40, 3), 255, np.uint8))
    for mode in ("auto", "fig2fig"):
        result = run(one.colorize(dataclasses.replace(request_of(mode), references=(paper,))), ignore)
        assert result.color.shape == (HEIGHT, WIDTH, 3)
        assert any("Vanilla" in str(note) for note in result.notes)


def test_steps_out_of_range_are_refused() -> None:
    for wrong in ({"steps": 0}, {"steps": 1000}, {"guidance": 0.5}, {"strength": 2.0}):
        with pytest.raises(RequestError):
            Sampling(**wrong)  # type: ignore[arg-type]
