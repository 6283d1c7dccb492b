"""Preparing samples for the network that matches parts: a folder of files, one a character, that only grows."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2

from engine import model_loading
from engine.architectures.folding import fold_batch_normalization
from engine.architectures.lite_backbone import LiteBackbone
from engine.colorizers.reference import ReferenceColorizer
from engine.errors import NurieError, TrainingError
from trainer.parts import backbone_weights
from trainer.parts import samples as parts_samples
from trainer.parts.pictures import SIGMAS, Source, in_turn
from trainer.parts.samples import Maker


def maker(backbone: Path, colorizer: Path, side: int) -> Maker:
    """A maker with the published weights of a backbone and a colorizer's file. Raises NurieError."""
    import torch

    network = LiteBackbone().eval()
    network.load_state_dict(backbone_weights.load(backbone))
    fold_batch_normalization(network.requires_grad_(False))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    asked = model_loading.load_colorizer(colorizer, "cpu")
    if not isinstance(asked, ReferenceColorizer):
        raise TrainingError("{0} compares no line art, so it has nothing to teach about parts.", colorizer)
    return Maker(network, asked, side)


def prepare(
    cache: Path,
    sources: Sequence[Source],
    make: Maker,
    seed: int,
    on_done: Callable[[int, int, str], None],
    minutes: float | None = None,
) -> int:
    """Make what is missing in `cache`, until `minutes` are over; returns how many files there are of `sources`.

    on_done: number, total, and what happened. A picture that cannot be used leaves an empty file, so that it is not
    tried again.
    """
    cv2.setNumThreads(1)
    began, there = time.monotonic(), 0
    for number, source in enumerate(in_turn(sources)):
        path = cache / source.file
        if not path.exists():
            if minutes is not None and time.monotonic() - began > minutes * 60.0:
                break
            rng = source.rng(seed)
            try:
                sheet = source.pictures(rng)
                samples = make.samples(sheet.drawings, sheet.references, sheet.couples, float(rng.choice(SIGMAS)))
                samples.named = sheet.named
                said = f"{len(samples.couples)} couples"
            except NurieError as error:
                samples, said = parts_samples.Samples(), str(error)
            parts_samples.save(path, samples)
            on_done(number + 1, len(sources), f"{source.file}: {said}")
        there += 1
    return there
