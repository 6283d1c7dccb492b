"""Pictures of how far a run has come: line art, reference, what the network makes of them, and the target."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.device import Device
from engine.errors import PictureError, TrainingError
from engine.export.png import write_png
from trainer import contact_sheet

ROWS = 4


def write(path: Path, network: nn.Module, batch: Mapping[str, Tensor], caption: str, where: Device) -> None:
    """Write a PNG with a row line art | reference | output | target for each of the first four samples of a batch,
    and the caption below.

    network: called in evaluation mode, on the device it is on and in the precision of `where`; its modes, its batch
    statistics and torch's random numbers are afterwards as they were, so that training goes on bit for bit.
    batch: "line" N×1×H×W, "reference" N×3×h×w, "target" N×3×H×W and, where the network needs it, "reference_line"
    N×1×h×w, all in [-1, 1]. Raises TrainingError when the file cannot be written.
    """
    shown = {name: tensor[:ROWS] for name, tensor in batch.items()}
    output = _colored(network, shown, where)
    columns = [_pixels(tensor) for tensor in (shown["line"], shown["reference"], output, shown["target"])]
    captions = [""] * (len(output) - 1) + [caption]
    rows = [contact_sheet.row(pictures, text) for *pictures, text in zip(*columns, captions, strict=True)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_png(path, np.concatenate(rows))
    except (OSError, PictureError) as error:
        raise TrainingError("The samples of the run cannot be saved: {0}", error) from error


def _colored(network: nn.Module, batch: Mapping[str, Tensor], where: Device) -> Tensor:
    device = next(network.parameters()).device
    moved = {name: tensor.to(device) for name, tensor in batch.items()}
    reference_lines = [moved["reference_line"]] if "reference_line" in moved else None
    with _untouched(network, device), torch.no_grad(), where.autocast():
        return network(moved["line"], [moved["reference"]], reference_lines)


@contextlib.contextmanager
def _untouched(network: nn.Module, device: torch.device) -> Iterator[None]:
    """Evaluation mode for a while; then each module is in the mode it was in, which need not be the same for all."""
    modes = [(module, module.training) for module in network.modules()]
    try:
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            network.eval()
            yield
    finally:
        for module, training in modes:
            module.training = training


def _pixels(tensor: Tensor) -> list[NDArray[np.uint8]]:
    """N×C×H×W in [-1, 1] → N pictures H×W×3 or H×W, uint8. What is not a number is shown as mid-gray."""
    scaled = tensor.detach().float().nan_to_num().clamp(-1.0, 1.0).add(1.0).mul(127.5).round().to(torch.uint8)
    pictures = scaled.permute(0, 2, 3, 1).cpu().numpy()
    return [picture[..., 0] if picture.shape[2] == 1 else picture for picture in pictures]
