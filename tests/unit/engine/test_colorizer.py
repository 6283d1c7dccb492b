"""The colorizer on a tiny real network: sizes, caching, cancelling, falling back when memory runs out."""

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import cancellation, checkpoint, model_loading
from engine.architectures.fusion import FUSIONS
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.checkpoint import CheckpointInfo
from engine.color.compose import picture_of
from engine.colorizers import runner
from engine.colorizers.reference import ReferenceColorizer
from engine.colorizers.runner import fitted_size
from engine.device import Device
from engine.errors import Cancelled, CheckpointError, DeviceError, RequestError
from engine.line_art.regions import find_regions
from engine.palette import Palette, Swatch
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Progress, Reference
from tests.finishing import BLUE, RED, SKIN, WHITE, in_rooms, label_in, rooms
from tests.unit.engine.architectures.test_sga_generator import TINY


def make(config: SGAConfig = TINY) -> ReferenceColorizer:
    torch.manual_seed(0)
    info = CheckpointInfo(architecture="sga", config=dataclasses.asdict(config), name="tiny")
    return ReferenceColorizer(SGAGenerator(config), info, Device("cpu", "fp32"))


def drawing(height: int, width: int) -> LineArt:
    ink = np.ones((height, width), np.float32)
    ink[height // 3, :] = 0.0
    ink[:, width // 2] = 0.25
    return LineArt(ink)


def picture(height: int, width: int, seed: int = 0) -> Reference:
    rng = np.random.default_rng(seed)
    return Reference(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))


def ignore(_: Progress) -> None:
    pass


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 200), (70, 33), (150, 90)])
@pytest.mark.parametrize("reference", [(8, 8), (1, 1), (50, 130)])
def test_the_result_has_the_drawings_size(height: int, width: int, reference: tuple[int, int]) -> None:
    result = run(make().colorize(ColorizeRequest(drawing(height, width), (picture(*reference),), 96)), ignore)
    assert result.color.shape == picture_of(result).shape == (height, width, 3)
    assert result.color.dtype == picture_of(result).dtype == np.uint8
    assert max(result.working_size) <= 96


def test_ink_is_laid_over_the_color_untouched() -> None:
    art = drawing(60, 80)
    result = run(make().colorize(ColorizeRequest(art, (picture(40, 40),), 64)), ignore)
    assert (picture_of(result)[art.ink == 0.0] == 0).all()
    np.testing.assert_array_equal(picture_of(result)[art.ink == 1.0], result.color[art.ink == 1.0])


def test_the_same_request_gives_the_same_pixels() -> None:
    one = make()
    request = ColorizeRequest(drawing(60, 80), (picture(40, 40), picture(30, 70, 1)), 64)
    first, again = run(one.colorize(request), ignore), run(one.colorize(request), ignore)
    other = run(make().colorize(request), ignore)
    np.testing.assert_array_equal(picture_of(first), picture_of(again))
    np.testing.assert_array_equal(picture_of(first), picture_of(other))


def test_references_are_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    original: Callable[..., Any] = runner._encode
    monkeypatch.setattr(runner, "_encode", lambda *args: calls.append(args[1]) or original(*args))
    one = make()
    first, second = picture(40, 40), picture(40, 40, 1)
    for references in [(first,), (first, second), (second, first), (Reference(first.pixels.copy()),)]:
        run(one.colorize(ColorizeRequest(drawing(50, 50), references, 64)), ignore)
    assert len(calls) == 2


@pytest.mark.parametrize("fusion", sorted(FUSIONS))
def test_a_masked_part_of_a_reference_does_not_count(fusion: Any) -> None:
    """What stands outside the mask may change without any effect."""
    config = replace(TINY, fusion=fusion)
    mask = np.zeros((64, 64), bool)
    mask[:32] = True
    one, other = picture(64, 64), picture(64, 64, 1)
    pixels = np.where(mask[..., None], one.pixels, other.pixels)
    results = [
        picture_of(run(make(config).colorize(ColorizeRequest(drawing(64, 64), (Reference(p, mask),), 64)), ignore))
        for p in (one.pixels, pixels)
    ]
    np.testing.assert_array_equal(results[0], results[1])
    everywhere = picture_of(run(make(config).colorize(ColorizeRequest(drawing(64, 64), (one,), 64)), ignore))
    assert (everywhere != results[0]).any()


@pytest.mark.parametrize("size", [(64, 64), (50, 90)])
def test_tokens_that_are_left_know_their_places(size: tuple[int, int]) -> None:
    network = SGAGenerator(TINY).eval()
    mask = np.zeros(size, bool)
    mask[16:40, 24:48] = True
    attempt = runner.Attempt(Device("cpu", "fp32"), 96)
    encoded = runner._encode(network, Reference(picture(*size).pixels, mask), 0.4, attempt)
    assert encoded.places is not None and encoded.size is not None
    assert encoded.keys.shape[1] == encoded.values.shape[1] == encoded.places.shape[0]
    stride, width = network.token_stride, encoded.size[1]
    assert [(int(p) // width, int(p) % width) for p in encoded.places] == [
        (row, column) for row in range(16 // stride, 40 // stride) for column in range(24 // stride, 48 // stride)
    ]


def test_progress_rises_to_one() -> None:
    seen: list[float] = []
    request = ColorizeRequest(drawing(50, 50), (picture(40, 40), picture(40, 40, 1)), 64)
    run(make().colorize(request), lambda p: seen.append(p.fraction))
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert seen[-1] == 1.0


def test_cancelling_stops_between_two_layers() -> None:
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 10

    with pytest.raises(Cancelled):
        run(make().colorize(ColorizeRequest(drawing(50, 50), (picture(40, 40),), 64), should_stop), ignore)
    assert asked == 11


def test_out_of_memory_tries_half_the_size_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    original: Callable[..., Any] = runner._encode

    def scarce(network: Any, reference: Any, sigma: float, attempt: Any) -> Any:
        sizes.append(attempt.working_size)
        if attempt.working_size > 300:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return original(network, reference, sigma, attempt)

    monkeypatch.setattr(runner, "_encode", scarce)
    result = run(make().colorize(ColorizeRequest(drawing(20, 1200), (picture(40, 40),), 1024)), ignore)
    assert sizes == [1024, 512, 256]
    assert max(result.working_size) == 256
    assert "Memory ran out" in result.notes[0]


@pytest.mark.parametrize(
    ("size", "seen"),
    [((900, 200), "57×256"), ((200, 900), "256×57"), ((900, 300), ""), ((900, 20), ""), ((256, 256), "")],
)
def test_a_strip_that_is_seen_too_small_is_told(size: tuple[int, int], seen: str) -> None:
    notes = run(make().colorize(ColorizeRequest(drawing(*size), (picture(40, 40),), 256)), ignore).notes
    assert [f"at {seen} pixels" in note for note in notes] == ([True] if seen else [])


def test_memory_that_never_suffices_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: Any) -> Any:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")

    monkeypatch.setattr(runner, "_encode", nothing)
    with pytest.raises(DeviceError, match="too little memory"):
        run(make().colorize(ColorizeRequest(drawing(20, 20), (picture(40, 40),), 512)), ignore)


def test_other_failures_are_not_taken_for_missing_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("shape mismatch")

    monkeypatch.setattr(runner, "_encode", broken)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        run(make().colorize(ColorizeRequest(drawing(20, 20), (picture(40, 40),), 512)), ignore)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (ColorizeRequest(drawing(9, 9), ()), "no reference"),
        (ColorizeRequest(drawing(9, 9), (picture(9, 9),), working_size=5000), "working size"),
        (ColorizeRequest(LineArt(np.ones((0, 0), np.float32)), (picture(9, 9),)), "no pixels"),
    ],
)
def test_impossible_requests_are_refused(request_: ColorizeRequest, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        run(make().colorize(request_), ignore)


def test_the_same_drawing_finds_its_own_colors() -> None:
    """With the network that ships: of the tiny one nobody knows what it compares."""
    one = model_loading.load_colorizer(Path(__file__).parents[3] / "resources/models/nurie-compact.safetensors", "cpu")
    ink = rooms(3, 70)
    colors = [RED, BLUE, SKIN]
    pixels = np.round(in_rooms(ink, colors, 70) * ink[..., None]).astype(np.uint8)
    regions = find_regions(ink)
    palette = Palette(tuple(Swatch(str(color), color) for color in (*colors, WHITE)))
    masses = one.match(ColorizeRequest(LineArt(ink), (Reference(pixels),)), regions, palette)
    assert masses is not None
    np.testing.assert_allclose(masses.sum(axis=1), 1.0, atol=1e-5)
    assert [int(masses[label_in(regions, room, 70) - 1].argmax()) for room in range(3)] == [0, 1, 2]
    assert masses[regions.labels[0, 0] - 1].argmax() == 3


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (70, 33), (600, 90)])
def test_matching_any_sizes(size: tuple[int, int]) -> None:
    art = drawing(*size)
    regions = find_regions(art.ink, 0)
    palette = Palette(tuple(Swatch(str(number), (number * 80, 0, 90)) for number in range(4)))
    references = (picture(30, 40), Reference(picture(8, 90).pixels, np.zeros((8, 90), bool)), picture(1, 1))
    for working_size in (64, 2048):
        masses = make().match(ColorizeRequest(art, references, working_size), regions, palette)
        assert masses is not None
        assert masses.shape == (regions.count, 4)
        total = masses.sum(axis=1)
        assert (np.isclose(total, 1.0, atol=1e-5) | (total == 0.0)).all()


@pytest.mark.parametrize(
    "other", [{"keys": "plain"}, {"similarity": "dot"}, {"fusion": "scft"}, {"project_keys": True}]
)
def test_networks_that_compare_no_line_art_match_nothing(other: dict[str, Any]) -> None:
    art = drawing(40, 40)
    palette = Palette((Swatch("red", RED),))
    assert (
        make(replace(TINY, **other)).match(ColorizeRequest(art, (picture(40, 40),), 64), find_regions(art.ink), palette)
        is None
    )


def test_matching_is_refused_and_cancelled_as_coloring_is() -> None:
    art, palette = drawing(40, 40), Palette((Swatch("red", RED),))
    regions = find_regions(art.ink)
    with pytest.raises(RequestError, match="no reference"):
        make().match(ColorizeRequest(art, ()), regions, palette)
    with pytest.raises(Cancelled), cancellation.cancellable(iter([False, False, True]).__next__):
        make().match(ColorizeRequest(art, (picture(40, 40),), 64), regions, palette)


def test_loads_a_saved_model(tmp_path: Path) -> None:
    network = SGAGenerator(TINY)
    info = CheckpointInfo(architecture="sga", config=dataclasses.asdict(TINY), name="tiny")
    checkpoint.save(tmp_path / "tiny.safetensors", network.state_dict(), info)
    loaded = model_loading.load_colorizer(tmp_path / "tiny.safetensors", "cpu")
    assert isinstance(loaded, ReferenceColorizer) and loaded.info.name == "tiny"
    result = run(loaded.colorize(ColorizeRequest(drawing(40, 40), (picture(40, 40),), 64)), ignore)
    assert result.device == "cpu"
    with pytest.raises(CheckpointError):
        model_loading.load_colorizer(tmp_path / "none.safetensors", "cpu")


def test_fitted_size_never_enlarges_and_keeps_the_aspect() -> None:
    assert fitted_size((100, 50), 512) == (100, 50)
    assert fitted_size((4096, 2048), 512) == (512, 256)
    assert fitted_size((1, 5000), 512) == (1, 512)
