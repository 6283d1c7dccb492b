"""XDoG line extraction, one function for training and inference.

Winnemöller, Kyprianidis, Olsen: "XDoG: An eXtended difference-of-Gaussians compendium including advanced image
stylization", Computers & Graphics 36(6), 2012. In its form with sharpening p (their Eq. 7) the response is
S = (1 + p)·G_σ − p·G_kσ, and the soft threshold T is 1 where S ≥ ε and 1 + tanh(φ·(S − ε)) elsewhere (their Eq. 5).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

SHARPNESS = 19.0  # p
SCALE = 4.5  # k: the second Gaussian has σ·k
EPSILON = 0.01  # ε on grey in [0, 1]
STEEPNESS_SHARP = 1e9  # φ of the design: a hard step
STEEPNESS_SOFT = 4.0  # φ of the soft variant: lines fade as a pencil does


def xdog(gray: NDArray[np.float32], sigma: float = 0.4, sharp: bool = True) -> NDArray[np.float32]:
    """Line art of a grey picture.

    gray: H×W float32 in [0, 1]. sigma: the finer Gaussian in pixels; 0.3–0.5 is the useful range, thicker as it grows.
    sharp: a hard step (every pixel is ink or paper), or the soft variant with grey edges.
    Returns ink, H×W float32 in [0, 1], 0 ink, 1 paper.
    """
    fine = cv2.GaussianBlur(gray, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    coarse = cv2.GaussianBlur(gray, (0, 0), sigma * SCALE, borderType=cv2.BORDER_REPLICATE)
    response = cv2.addWeighted(fine, 1.0 + SHARPNESS, coarse, -SHARPNESS, -EPSILON)
    if sharp:
        # tanh(1e9·x) is a step wherever float32 can tell x from 0, so compare instead of taking a hyperbolic tangent.
        return np.where(response >= 0.0, np.float32(1.0), np.float32(0.0))
    np.minimum(response, 0.0, out=response)
    return np.maximum(1.0 + np.tanh(STEEPNESS_SOFT * response), 0.0)


def gray_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Grey in [0, 1] (Rec. 601 luma, as OpenCV has it) of an H×W×3 uint8 sRGB picture."""
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255.0
