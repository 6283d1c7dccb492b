"""What the colorizer's own attention says of regions and parts, before any of it is learned anew."""

import numpy as np
import torch
from numpy.typing import NDArray

from engine.architectures.interface import LineFeatures
from engine.matching.tokens import Side


def part_attention(drawn: LineFeatures, drawing: Side, seen: LineFeatures, parts: Side) -> NDArray[np.float32]:
    """R×P: the share of each region's double-normalized attention on each part of one reference; rows sum to 1.

    drawn, seen: tokens of the line art of both canvases.
    """
    queries, keys = (one.tokens[0].flatten(1).T.float() for one in (drawn, seen))
    attention = torch.softmax(drawn.scale * (queries @ keys.T), 1)
    column = attention.sum(0).clamp(min=1e-6).cpu().numpy()
    # A part's share of a cell, which its rows of weights have lost by being scaled to a sum of 1.
    carried = parts.inside.multiply(parts.area[:, None]).T / column[:, None]
    gathered = attention.cpu().numpy() @ np.asarray(carried.todense(), np.float32)
    masses = np.asarray(drawing.inside @ gathered, np.float32)
    return masses / np.maximum(masses.sum(axis=1, keepdims=True), 1e-9)
