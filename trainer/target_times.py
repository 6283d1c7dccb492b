"""Seconds of one core that coloring and matching take: seconds of the processor with one thread.

What else the computer does makes no difference to them, and several cores only make it quicker.
"""

import contextlib
import math
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine import images, model_loading
from engine.color.swatches import find_swatches, with_paper
from engine.device import Device
from engine.line_art import prepare
from engine.line_art.regions import find_regions
from engine.pipeline import run
from engine.request import ColorizeRequest, Reference
from trainer.evaluation import SIGMA, Plan

TIMED_SIDE, TIMES = 512, 6  # pixels of the drawing that is timed, how often


def of_colorizing(model: Path, plan: Plan) -> dict[str, float]:
    """Of a coloring of 512×512 pixels from a new reference on the CPU, by the target's name. Raises NurieError."""
    square, found = _square(plan), {}
    line_art = prepare.prepare(images.Picture(square, None, None, None, "timed"), "extract", SIGMA)
    with _one_thread():
        for precision in ("fp32", "bf16"):
            info, network = model_loading.build(model)
            colorizer, times = model_loading.colorizer_of(network, info, Device("cpu", precision)), []
            for turn in range(TIMES):
                reference = Reference(np.roll(square, turn, axis=1))  # another one each time: encoded ones are kept
                request = ColorizeRequest(line_art, (reference,), working_size=TIMED_SIDE, sigma=SIGMA)
                began = time.process_time()
                run(colorizer.colorize(request), lambda _: None)
                times.append(time.process_time() - began)
            found[f"seconds_{precision}"] = min(times)
    return found


def of_matching(model: Path, plan: Plan) -> dict[str, float]:
    """Of matching a drawing's regions with parts, and how much more a new reference takes, by the target's name.

    NaN for a model without a matcher. Raises NurieError.
    """
    square = _square(plan)
    colorizer = model_loading.load_colorizer(model, "cpu")
    new: list[float] = []
    known: list[float] = []
    with _one_thread():
        for turn in range(TIMES):
            reference = Reference(np.roll(square, turn, axis=1))
            palette = with_paper(find_swatches([reference]))
            for times, step in ((new, 0), (known, 8)):
                # Another drawing each time, too: what was seen in one is kept.
                moved = prepare.prepare(
                    images.Picture(np.roll(square, 16 * turn + step, axis=0), None, None, None, "timed"),
                    "extract",
                    SIGMA,
                )
                request = ColorizeRequest(moved, (reference,), working_size=TIMED_SIDE, sigma=SIGMA)
                regions = find_regions(moved.ink)
                voted = np.full((regions.count, 3), 128, np.uint8)
                began = time.process_time()
                if colorizer.match_parts(request, regions, palette, voted) is None:
                    return {"seconds_match": math.nan, "seconds_reference": math.nan}
                times.append(time.process_time() - began)
    return {"seconds_match": min(known), "seconds_reference": max(0.0, min(new) - min(known))}


def _square(plan: Plan) -> NDArray[np.uint8]:
    pixels = images.read(plan.drawings[plan.targets[0]].path).pixels
    return np.asarray(cv2.resize(pixels, (TIMED_SIDE, TIMED_SIDE), interpolation=cv2.INTER_AREA), np.uint8)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
