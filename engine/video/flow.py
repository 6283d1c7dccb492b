"""Where the drawing of one frame went in the next: dense optical flow of distance fields.

Kroeger, Timofte, Dai, Van Gool: "Fast Optical Flow using Dense Inverse Search", ECCV 2016, as in OpenCV.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.line_art.distance import distance_field

SIDE = 512  # pixels of the longer side at which flow is looked for
_CLOSES = 1.5  # pixels of that size within which the way back leads home
_LEAST = 16  # pixels a side that the search needs

Field = NDArray[np.uint8]
Flow = NDArray[np.float32]


def field_of(ink: NDArray[np.float32]) -> Field:
    """What flow is looked for in, h×w uint8 with a longer side of at most `SIDE`. ink: H×W float32, 0 ink."""
    scale = min(1.0, SIDE / max(ink.shape))
    height, width = (max(_LEAST, round(side * scale)) for side in ink.shape)
    far = np.sqrt(distance_field(ink))  # the root tells near lines apart, where the motion is seen best
    return np.rint(cv2.resize(far, (width, height), interpolation=cv2.INTER_AREA) * 255.0).astype(np.uint8)


def flow_between(one: Field, other: Field) -> tuple[Flow, NDArray[np.bool_]]:
    """From each pixel of `one` to where it is in `other`: h×w×2 float32 (x, y); and where the way back leads home.

    one, other: of `field_of`, of one size.
    """
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    ahead = np.asarray(search.calc(one, other, None), np.float32)  # type: ignore[call-overload]
    back = np.asarray(search.calc(other, one, None), np.float32)  # type: ignore[call-overload]
    rows, columns = np.mgrid[0 : one.shape[0], 0 : one.shape[1]].astype(np.float32)
    x, y = columns + ahead[..., 0], rows + ahead[..., 1]
    returned = ahead + cv2.remap(back, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = (x >= 0) & (y >= 0) & (x <= one.shape[1] - 1) & (y <= one.shape[0] - 1)
    return ahead, inside & (np.hypot(returned[..., 0], returned[..., 1]) < _CLOSES)
