"""Our own parametric characters in cartoon, anime and comic style, in any number of poses.

`draw(character_seed, pose_seed)` gives line layer, flats, shaded colours and region labels of one drawing, registered
pixel for pixel. Nothing is copied from anyone's art: every shape comes from the numbers in this package.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.drawn_characters.character import Character, Part, character_of
from trainer.drawn_characters.drawing import Canvas
from trainer.drawn_characters.figure import draw_figure, frame
from trainer.drawn_characters.pose import Pose, pose_of, skeleton_of
from trainer.drawn_characters.rendering import Look, look_of, render
from trainer.drawn_characters.washing import creature_of, look_for, wash_of, washed

__all__ = ["Character", "Drawing", "Part", "character_of", "draw", "draw_washed"]


@dataclass(frozen=True)
class Drawing:
    """One drawing. line: H×W uint8, 0 ink, 255 paper; flats: H×W×3 uint8 sRGB, one colour a label, no lines; color:
    flats with shading and lines; regions: H×W int32, values of `Part`, 0 background."""

    line: NDArray[np.uint8]
    flats: NDArray[np.uint8]
    color: NDArray[np.uint8]
    regions: NDArray[np.int32]


def draw(character_seed: int, pose_seed: int, size: int = 256) -> Drawing:
    """The character of one seed in the pose of another, size × size pixels. The same seeds give the same drawing.

    Raises ValueError if a seed is negative or size is below 32.
    """
    if character_seed < 0 or pose_seed < 0 or size < 32:
        raise ValueError("Seeds must be 0 or more and the size at least 32 pixels.")
    rng = np.random.default_rng((character_seed, pose_seed, 5))
    who = character_of(character_seed)
    pose = pose_of(pose_seed, seated="wheelchair" in who.extras)
    return compose(who, pose, look_of(character_seed, pose_seed), rng, size)


def draw_washed(character_seed: int, pose_seed: int, size: int = 256) -> Drawing:
    """As `draw`, in ink and watercolor, and mostly creatures; the flats stay even. Raises ValueError as `draw` does."""
    if character_seed < 0 or pose_seed < 0 or size < 32:
        raise ValueError("Seeds must be 0 or more and the size at least 32 pixels.")
    rng = np.random.default_rng((character_seed, pose_seed, 5))
    who, wash = creature_of(character_seed), wash_of(character_seed)
    pose = pose_of(pose_seed, seated="wheelchair" in who.extras)
    drawing = compose(who, pose, look_for(wash, look_of(character_seed, pose_seed)), rng, size)
    return replace(drawing, color=washed(drawing.color, drawing.line, drawing.regions, wash, rng))


def compose(who: Character, pose: Pose, look: Look, rng: np.random.Generator, size: int) -> Drawing:
    """A drawing from its ingredients; rng only decides where the figure stands and how the pen trembles."""
    canvas = Canvas(size, look.line, rng)
    bones = skeleton_of(who, pose)
    frame(canvas, who, pose, bones, rng)
    draw_figure(canvas, who, pose, bones)
    line, flats, color, regions = render(canvas, who.colors, look, rng)
    return Drawing(line, flats, color, regions)


cv2.setUseOptimized(True)
