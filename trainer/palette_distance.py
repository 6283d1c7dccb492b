"""How far the colors of one picture are from those of another, wherever they are, and how far colorings follow styles.

Rubner, Tomasi, Guibas: "The Earth Mover's Distance as a Metric for Image Retrieval", IJCV 2000.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color.figure import to_lab
from trainer import metrics

Pixels = NDArray[np.uint8]

PAPER = 245  # a pixel all of whose channels are brighter is paper, which has no color of its own
CELL = (12.5, 15.0, 15.0)  # of CIELAB, in which colors are averaged
MOST = 48  # cells of a signature, the largest ones
SIDE = 192  # pixels of the longer side, at which colors are counted


def palette_distance(made: Pixels, wanted: Pixels) -> float:
    """The earth mover's distance of two pictures' colors, in units of CIELAB; NaN where one of them is all paper.

    H×W×3 each, of any sizes. Paper does not count.
    """
    one, other = signature(made), signature(wanted)
    if not len(one) or not len(other):
        return float("nan")
    distance, *_ = cv2.EMD(one, other, cv2.DIST_L2)
    return float(distance)


def signature(picture: Pixels) -> NDArray[np.float32]:
    """k×4: the share and the mean L, a, b of the most frequent cells of color, the shares summing to 1."""
    small = metrics.fit(picture, SIDE) if max(picture.shape[:2]) > SIDE else picture
    pixels = small.reshape(-1, 3)
    colors = pixels[pixels.min(axis=1) <= PAPER]
    if not len(colors):
        return np.zeros((0, 4), np.float32)
    lab = to_lab(colors[None])[0].astype(np.float64)
    cells = np.floor((lab - (0.0, -128.0, -128.0)) / CELL).astype(np.int64)
    _, owner, counts = np.unique(cells @ (1_000_000, 1_000, 1), return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(owner, lab[:, axis]) for axis in range(3)], axis=1)
    kept = np.argsort(-counts, kind="stable")[:MOST]
    shares = counts[kept] / counts[kept].sum()
    return np.column_stack([shares, sums[kept] / counts[kept, None]]).astype(np.float32)


def mean_color(picture: Pixels) -> NDArray[np.float64]:
    """Of what is not paper, three channels in [0, 1]; white where all is."""
    pixels = picture.reshape(-1, 3)
    colors = pixels[pixels.min(axis=1) <= PAPER]
    return colors.mean(axis=0) / 255.0 if len(colors) else np.ones(3)


def spread(made: NDArray[np.float64], styles: NDArray[np.float64]) -> float:
    """How far mean colors follow the style: 0 for one coloring whatever the style, 1 where they differ as styles do.

    made: drawings×styles×3 mean colors of colorings; styles: styles×3 of the styles themselves.
    """
    return float(made.std(axis=1).mean() / max(1e-6, float(styles.std(axis=0).mean())))
