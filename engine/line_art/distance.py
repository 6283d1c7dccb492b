"""How far each pixel is from the nearest line: what flow and matching look at, since thin lines seldom overlap."""

import cv2
import numpy as np
from numpy.typing import NDArray

_INK = 0.5
_REACH = 8.0  # distances are told in eighths of the longer side, so that the fields of most regions use the range


def distance_field(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """H×W float32 in [0, 1]: 0 on lines, 1 an eighth of the longer side or more from any. ink: H×W in [0, 1], 0 ink."""
    paper = (ink > _INK).astype(np.uint8)
    if paper.all():
        return np.ones(ink.shape, np.float32)
    far = np.asarray(cv2.distanceTransform(paper, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    return np.minimum(far * (_REACH / max(ink.shape)), 1.0)
