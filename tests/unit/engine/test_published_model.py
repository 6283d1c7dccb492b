"""What the model that ships makes of the sample, kept as a picture: a change of the engine must not change it.

The guess at 256 pixels, shrunk to 16×16: on the left from one reference, on the right from two, one of them masked and
counting half. To make it anew after a model was trained: python -m tests.unit.engine.test_published_model
"""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import images, model_catalog, model_loading
from engine.device import Device
from engine.export.png import write_png
from engine.line_art import prepare
from engine.pipeline import run
from engine.request import ColorizeRequest

GOLDEN = Path(__file__).parents[2] / "golden" / "published_model.png"
SAMPLES = Path(__file__).parents[3] / "resources" / "samples"
NEAR = 2  # of 255, since processors round differently


def painted() -> NDArray[np.uint8]:
    info, network = model_loading.build(model_catalog.bundled_folder() / "nurie-compact.safetensors")
    colorizer = model_loading.colorizer_of(network, info, Device("cpu", "fp32"))
    line_art = prepare.prepare(images.read(SAMPLES / "sylvie_line.png"), "auto", 0.4)
    own, other = (images.for_reference(images.read(SAMPLES / f"{name}_reference.png")) for name in ("sylvie", "waving"))
    height, width = own.pixels.shape[:2]
    upper = np.broadcast_to(np.arange(height)[:, None] < height // 2, (height, width))
    small = []
    for references in ((own,), (replace(own, mask=upper, weight=0.5), other)):
        result = run(colorizer.colorize(ColorizeRequest(line_art, references, 256)), lambda _: None)
        small.append(cv2.resize(result.color, (16, 16), interpolation=cv2.INTER_AREA))
    return np.asarray(np.hstack(small), np.uint8)


def test_the_sample_is_colored_as_ever() -> None:
    wanted = images.read(GOLDEN).pixels.astype(int)
    assert np.abs(painted().astype(int) - wanted).max() <= NEAR
    assert np.abs(wanted[:, :16] - wanted[:, 16:]).max() > 10 * NEAR  # the two halves are not one


if __name__ == "__main__":
    write_png(GOLDEN, painted())
