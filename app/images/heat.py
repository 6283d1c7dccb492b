"""The colors of doubt: pale where a color is sure, ever darker and warmer where it is not.

Lightness falls all the way and the hues are those between yellow and red, so the order is seen by colorblind people
and in gray as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STOPS = ((246, 247, 249), (253, 217, 118), (240, 120, 30), (122, 18, 50))  # sRGB, evenly from sure to doubtful


def colors(doubt: NDArray[np.float32]) -> NDArray[np.uint8]:
    """n×3 uint8 sRGB for n numbers from 0 (sure) to 1 (doubtful)."""
    import numpy as np

    at = np.linspace(0.0, 1.0, len(STOPS))
    channels = [np.interp(doubt, at, channel) for channel in zip(*STOPS, strict=True)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)
