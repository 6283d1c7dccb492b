"""Coloring with a model assembled of toy files: what is heeded, what is said, and what comes out twice alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine import assembling, model_catalog, model_loading
from engine.architectures.stable_diffusion import StableDiffusion
from engine.assembling import Chosen
from engine.colorizer import Colorizer
from engine.colorizers.assembled import AssembledColorizer
from engine.device import Device
from engine.diffusion import stable_parts
from engine.errors import Cancelled, CheckpointError, DeviceError
from engine.options import PaintingMode
from engine.pipeline import run
from engine.request import ColorizeRequest, Progress
from tests import stable_toys as toys
from tests.unit.engine.colorizers.test_split_engine import HEIGHT, STEPS, WIDTH, request_of
from tests.unit.engine.test_colorizer import ignore


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Chosen:
    return toys.files(tmp_path_factory.mktemp("files"))


def model(chosen: Chosen, folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(model_catalog._folders, "user", folder)
        return run(assembling.assemble("toy", chosen, sizes=toys.SIZES)).path


@pytest.fixture(scope="module")
def path(chosen: Chosen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model(chosen, tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def one(path: Path) -> Colorizer:
    return model_loading.load_colorizer(path, "cpu")


def colored(one: Colorizer, request: ColorizeRequest) -> NDArray[np.uint8]:
    return run(one.colorize(request), ignore).color


def test_it_says_what_it_needs_and_shows_every_step(one: Colorizer) -> None:
    seen: list[Progress] = []
    result = run(one.colorize(request_of()), seen.append)
    assert result.color.shape == (HEIGHT, WIDTH, 3) and result.notes == ()
    assert seen[0].message.startswith("Stable Diffusion paints at 48×64 pixels and needs about")
    previews = [step.preview for step in seen if step.preview is not None]
    assert len(previews) == STEPS and {one.shape for one in previews} == {(8, 6, 3)}
    assert any("step 2 of 5, about 0 s left" in step.message for step in seen)
    fractions = [step.fraction for step in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert result.sampling is not None and result.sampling.steps == STEPS


def test_the_same_seed_paints_the_same_and_all_that_is_asked_for_counts(one: Colorizer, path: Path) -> None:
    request = request_of("fig2fig")
    first = colored(one, request)
    assert np.array_equal(colored(one, request), first)
    assert np.array_equal(colored(model_loading.load_colorizer(path, "cpu"), request), first)
    (reference,) = request.references
    turned = replace(reference, pixels=np.ascontiguousarray(reference.pixels[..., ::-1]))
    others = [
        replace(request, sampling=replace(request.sampling, **{name: value}))
        for name, value in (
            ("seed", 1), ("steps", 3), ("guidance", 9.0), ("guidance", 1.0), ("strength", 0.2),
            ("sketch_guidance", 3.0), ("mode", "bg2fig"), ("mode", "vanilla"),
        )
    ]  # fmt: skip
    others.append(replace(request, references=(turned,)))
    others.append(replace(request, references=(reference, replace(turned, weight=0.5))))
    others.append(replace(request, references=(reference, replace(turned, weight=1.0))))
    ink = request.line_art.ink.copy()
    ink[30] = 0.0
    others.append(replace(request, line_art=replace(request.line_art, ink=ink)))
    pictures = [first, *(colored(one, other) for other in others)]
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_paints_nearly_the_same(one: Colorizer, path: Path, precision: str) -> None:
    info, network = model_loading.build(path)
    assert isinstance(network, StableDiffusion)
    request = request_of("fig2fig")
    result = run(AssembledColorizer(network, info, Device("cpu", precision)).colorize(request), ignore)
    assert result.precision == precision and result.notes == ()
    difference = np.abs(result.color.astype(int) - colored(one, request).astype(int))
    assert difference.mean() < (30 if precision == "bf16" else 6)  # its weights are random, and enlarge all


def test_numbers_that_overflow_are_painted_again_in_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info, network = model_loading.build(path)
    assert isinstance(network, StableDiffusion)
    finish = StableDiffusion.finish

    def overflowing(self: StableDiffusion, state: object) -> object:
        picture = finish(self, state)  # type: ignore[arg-type]
        half = next(state.parts.unet.parameters()).dtype.itemsize == 2  # type: ignore[attr-defined]
        return picture * float("nan") if half else picture

    monkeypatch.setattr(StableDiffusion, "finish", overflowing)
    result = run(AssembledColorizer(network, info, Device("cpu", "bf16")).colorize(request_of()), ignore)
    assert result.precision == "fp32" and any("overflowed in bf16" in note for note in result.notes)


def test_where_memory_is_short_nothing_is_loaded_and_one_sentence_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = model_loading.load_colorizer(path, "cpu")
    monkeypatch.setattr(stable_parts, "free_memory", lambda _kind: 1000)
    with pytest.raises(DeviceError, match="too little memory even for the smallest"):
        run(fresh.colorize(request_of("vanilla")), ignore)
    for known in (None, 10**12):
        monkeypatch.setattr(stable_parts, "free_memory", lambda _kind, known=known: known)
        assert colored(fresh, request_of("vanilla")).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("mode", ["fig2fig", "auto"])
def test_without_an_adapter_it_says_that_it_looks_at_nothing(
    chosen: Chosen, tmp_path: Path, mode: PaintingMode
) -> None:
    blind = model_loading.load_colorizer(model(chosen._replace(eyes=None, reference=None), tmp_path), "cpu")
    request = request_of(mode)
    result = run(blind.colorize(request), ignore)
    assert result.sampling is not None and result.sampling.mode == "vanilla"
    (note,) = result.notes
    assert "without an IP-Adapter (--eyes, --reference)" in note
    turned = replace(request.references[0], pixels=np.full((60, 60, 3), 9, np.uint8))
    assert np.array_equal(colored(blind, replace(request, references=(turned,))), result.color)


def test_without_a_controlnet_it_begins_with_the_drawing_and_says_so(chosen: Chosen, tmp_path: Path) -> None:
    plain = model_loading.load_colorizer(model(chosen._replace(lines=None), tmp_path), "cpu")
    request = request_of("vanilla", steps=1)
    result = run(plain.colorize(request), ignore)
    (note,) = result.notes
    assert "without a ControlNet (--lines)" in note
    ink = request.line_art.ink.copy()
    ink[30] = 0.0
    other = replace(request, line_art=replace(request.line_art, ink=ink))
    assert not np.array_equal(colored(plain, other), result.color)
    assert colored(plain, request_of("vanilla", steps=7)).shape == result.color.shape


def test_who_stops_within_a_step_leaves_nothing_behind(one: Colorizer) -> None:
    before = colored(one, request_of("fig2fig"))
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 900

    with pytest.raises(Cancelled):
        run(one.colorize(request_of("fig2fig"), should_stop), ignore)
    assert np.array_equal(colored(one, request_of("fig2fig")), before)


def test_a_file_that_changed_is_found_before_anything_is_painted(chosen: Chosen, tmp_path: Path) -> None:
    copied = Chosen(*(toys.write(tmp_path / f"{role}.safetensors", {}) for role in Chosen._fields))
    for old, new in zip(chosen, copied, strict=True):
        assert old is not None and new is not None
        new.write_bytes(old.read_bytes())
    path = model(copied, tmp_path / "models")
    assert copied.lines is not None
    changed = bytearray(copied.lines.read_bytes())
    changed[-1] ^= 1
    copied.lines.write_bytes(changed)
    with pytest.raises(CheckpointError, match=r"lines\.safetensors, which is another one"):
        model_loading.load_colorizer(path, "cpu")
