"""A picture as it was read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as it was read.

    pixels: H×W×3 uint8 sRGB, upright, transparency flattened on white.
    alpha: H×W uint8, 255 opaque; None when every pixel is opaque.
    icc_profile: the profile the file came with, so that an output can be written in it; None if it had none that works.
    dpi: horizontal and vertical resolution in dots an inch, None if not stated.
    name: the file's name, for messages.
    notes: sentences on what of the file was chosen, guessed or left out, without the file's name.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    icc_profile: bytes | None
    dpi: tuple[float, float] | None
    name: str
    notes: tuple[str, ...] = ()
