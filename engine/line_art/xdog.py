"""XDoG line extraction, one function for training and inference.

Winnemöller, Kyprianidis, Olsen: "XDoG: An eXtended difference-of-Gaussians compendium including advanced image
stylization", Computers & Graphics 36(6), 2012. In its form with sharpening p (their Eq. 7) the response is
S = (1 + p)·G_σ − p·G_kσ, and the soft threshold T is 1 where S ≥ ε and 1 + tanh(φ·(S − ε)) elsewhere (their Eq. 5).

The weights of S add up to 1, so on an even tone S is the tone itself: every even tone from ε up is paper, and only what
is darker than ε (0, 1 and 2 of 255: solid black) is ink, as an artist's spotted blacks are.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

SHARPNESS = 19.0  # p
SCALE = 4.5  # k: the second Gaussian has σ·k
EPSILON = 0.01  # ε on grey in [0, 1]
STEEPNESS_SHARP = 1e9  # φ of the design: a hard step
STEEPNESS_SOFT = 0.5  # φ of the soft variant: outlines stay dark, shading fades as a pencil does

_JUST_BELOW_ZERO = -float(np.finfo(np.float32).tiny)


def xdog(gray: NDArray[np.float32], sigma: float = 0.4, sharp: bool = True) -> NDArray[np.float32]:
    """Line art of a grey picture.

    gray: H×W float32 in [0, 1], left as it is. sigma: the finer Gaussian in pixels; 0.3–0.5 is the useful range,
    thicker as it grows. sharp: a hard step (every pixel is ink or paper), or the soft variant with grey edges.
    Returns ink, H×W float32 in [0, 1], 0 ink, 1 paper.
    """
    fine = cv2.GaussianBlur(gray, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    coarse = cv2.GaussianBlur(gray, (0, 0), sigma * SCALE, borderType=cv2.BORDER_REPLICATE)
    # In place: at 2048×2048 fresh memory for each step costs as much as the arithmetic.
    response = cv2.addWeighted(fine, 1.0 + SHARPNESS, coarse, -SHARPNESS, -EPSILON, dst=fine)
    excess = np.asarray(response, dtype=np.float32)
    return _hard_step(excess) if sharp else _soft_step(excess, STEEPNESS_SOFT)


def _hard_step(excess: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 where S − ε ≥ 0 and 0 elsewhere, in place.

    1 + tanh(1e9·x) is this step wherever float32 can tell x from 0, so compare instead of taking a hyperbolic tangent.
    OpenCV compares with "greater than", hence the bound a hair below 0.
    """
    stepped = cv2.threshold(excess, _JUST_BELOW_ZERO, 1.0, cv2.THRESH_BINARY, dst=excess)[1]
    return np.asarray(stepped, dtype=np.float32)


def _soft_step(excess: NDArray[np.float32], steepness: float) -> NDArray[np.float32]:
    """1 + tanh(φ·(S − ε)) where S < ε and 1 elsewhere, in place (`excess` is S − ε, `steepness` φ)."""
    np.minimum(excess, 0.0, out=excess)
    np.multiply(excess, steepness, out=excess)
    np.tanh(excess, out=excess)
    return np.add(excess, 1.0, out=excess)


def gray_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Grey in [0, 1] (Rec. 601 luma, as OpenCV has it) of an H×W×3 uint8 sRGB picture."""
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255.0
