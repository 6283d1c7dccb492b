"""Scenes of drawn characters: one figure that moves from pose to pose, with the true part of every pixel in each frame.

The body eases between key poses, cloth and hair follow late, eyes blink, the mouth talks, the camera pans and zooms.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import cos, pi
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainer.drawn_characters.character import Character, character_of
from trainer.drawn_characters.drawing import Canvas, lerp
from trainer.drawn_characters.figure import draw_figure, frame
from trainer.drawn_characters.pose import Angles, Pose, pose_of, skeleton_of
from trainer.drawn_characters.rendering import Look, look_of, render

Motion = Literal["small", "large"]

_SMALL = 0.3  # of the way to the other pose that a small motion goes
_TURN = 25.0  # degrees at most between the views of two key poses
_LATE = 0.35  # of the lag that sway keeps from one frame to the next
_BLINK, _TALK = 0.04, 3  # chance of a blink a frame; frames a mouth keeps its shape
_MOUTHS = ("flat", "open", "small", "o")


@dataclass(frozen=True)
class Frame:
    """One frame. line: H×W uint8, 0 ink, 255 paper; flats: H×W×3 uint8 sRGB, no lines; parts: H×W int32, values of
    `Part`, 0 background."""

    line: NDArray[np.uint8]
    flats: NDArray[np.uint8]
    parts: NDArray[np.int32]


class _Placing(Canvas):
    """A canvas that remembers where the figure was put."""

    placement: tuple[float, NDArray[np.float64], NDArray[np.float64], float]

    def place(self, scale: float, center: ArrayLike, middle: ArrayLike, roll: float = 0.0) -> None:
        self.placement = scale, np.asarray(center, np.float64), np.asarray(middle, np.float64), roll
        super().place(scale, center, middle, roll)


def scene(seed: int, frames: int, size: int = 256, motion: Motion = "small", talk: bool = True) -> Iterator[Frame]:
    """Draw a scene, frame by frame; the same arguments give the same frames.

    Two key poses of one character, back and forth over 24 frames. Raises ValueError for a negative seed, no frame, or
    a size below 32.
    """
    if seed < 0 or frames < 1 or size < 32:
        raise ValueError("The seed must be 0 or more, with at least one frame of at least 32 pixels.")
    who, look = character_of(seed), _steady(look_of(seed, 0))
    first, last = _key_poses(seed, who, motion)
    placements = [_placement(who, pose, look, seed, size) for pose in (first, last)]
    rng = np.random.default_rng((seed, 71))
    zoom, pan = rng.uniform(-0.12, 0.12), rng.uniform(-0.06, 0.06, 2) * size
    lag, blinking, before = 0.0, 0, 0.0
    for number in range(frames):
        share = 0.5 - 0.5 * cos(pi * number / 12)
        lag = _LATE * lag + (share - before)
        before = share
        blinking = max(0, blinking - 1) or (2 if rng.random() < _BLINK else 0)
        pose = _between(first, last, share)
        pose = replace(pose, sway=float(np.clip(pose.sway - 4.0 * lag, -1.5, 1.5)))
        if blinking:
            pose = replace(pose, eyes="closed")
        if talk and number // _TALK % 2:
            pose = replace(pose, mouth=_MOUTHS[number // _TALK % len(_MOUTHS)])
        yield _draw(who, pose, look, placements, share, seed, size, 1.0 + zoom * number / 24, pan * number / 24)


def _steady(look: Look) -> Look:
    """One pen all the way: what trembles by chance would be another line in each frame."""
    return replace(look, line=replace(look.line, sketchy=False, gaps=0, grain=0.0))


def _key_poses(seed: int, who: Character, motion: Motion) -> tuple[Pose, Pose]:
    seated = "wheelchair" in who.extras
    first, last = (replace(pose_of(seed * 2 + i, seated), crop="full", roll=0.0) for i in (0, 1))
    turn = float(np.clip((last.view - first.view + 180.0) % 360.0 - 180.0, -_TURN, _TURN))
    last = replace(last, hold=first.hold, stool=first.stool, action=first.action, view=first.view + turn)
    return first, last if motion == "large" else _between(first, last, _SMALL)


def _between(first: Pose, last: Pose, share: float) -> Pose:
    """Numbers eased; what has no middle (hands, mouth) switches at two thirds of the way, as animators do it."""

    def number(a: float, b: float) -> float:
        return float(a + (b - a) * share)

    def pair(a: tuple[Angles, Angles], b: tuple[Angles, Angles]) -> tuple[Angles, Angles]:
        one, other = (tuple(number(p, q) for p, q in zip(x, y, strict=True)) for x, y in zip(a, b, strict=True))
        return (one[0], one[1]), (other[0], other[1])

    limbs = {name: pair(getattr(first, name), getattr(last, name)) for name in ("arms", "forearms", "thighs", "shins")}
    names = ("view", "lean", "side_lean", "head_turn", "head_tilt", "head_nod", "brows", "sway", "pitch")
    eased = {name: number(getattr(first, name), getattr(last, name)) for name in names}
    gaze = (number(first.gaze[0], last.gaze[0]), number(first.gaze[1], last.gaze[1]))
    switched = last if share > 2 / 3 else first
    return replace(first, **limbs, **eased, gaze=gaze, hands=switched.hands, eyes=first.eyes, mouth=switched.mouth)


def _placement(
    who: Character, pose: Pose, look: Look, seed: int, size: int
) -> tuple[float, NDArray[np.float64], NDArray[np.float64], float]:
    rng = np.random.default_rng((seed, 73))
    canvas = _Placing(size, look.line, rng)
    frame(canvas, who, pose, skeleton_of(who, pose), rng)
    return canvas.placement


def _draw(
    who: Character,
    pose: Pose,
    look: Look,
    placements: list[tuple[float, NDArray[np.float64], NDArray[np.float64], float]],
    share: float,
    seed: int,
    size: int,
    zoom: float,
    pan: NDArray[np.float64],
) -> Frame:
    rng = np.random.default_rng((seed, 73))  # the pen trembles alike in all frames
    canvas = Canvas(size, look.line, rng)
    first, last = placements
    scale = float(lerp(first[0], last[0], share)) * zoom
    canvas.place(scale, lerp(first[1], last[1], share), lerp(first[2], last[2], share) + pan)
    bones = skeleton_of(who, pose)
    draw_figure(canvas, who, pose, bones)
    line, flats, _, parts = render(canvas, who.colors, replace(look, shading="none"), rng)
    return Frame(line, flats, parts)
