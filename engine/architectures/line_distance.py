"""How far the next line is: a second channel for an encoder of line art, as networks for line-art video take it."""

import torch
import torch.nn.functional as F
from torch import Tensor

REACH = 16  # pixels, from which all distances look alike


@torch.no_grad()
def line_distance(line: Tensor) -> Tensor:
    """line: N×1×H×W in [-1, 1], -1 ink. Returns N×1×H×W in [-1, 1]: -1 on a line, 1 where none is within `REACH`.

    Chessboard distance in pixels to the next one with ink of more than half: as many 3×3 dilations as it takes the
    lines to get there. It needs nothing but pooling, so it runs on every device.
    """
    reached = (line < 0.0).to(line.dtype)
    steps = torch.zeros_like(reached)
    for _ in range(REACH):
        steps += 1.0 - reached
        reached = F.max_pool2d(reached, 3, stride=1, padding=1)
    return steps * (2.0 / REACH) - 1.0
