"""What the coloring of a scene needs and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from engine.corrections import Corrections
from engine.errors import RequestError
from engine.options import Options
from engine.palette import Palette
from engine.request import Reference
from engine.video import files
from engine.video.files import Source


@dataclass(frozen=True, eq=False)
class KeyFrame:
    """A colored picture, and the number (from 0) of the frame that it is; None for a sheet, which serves all."""

    reference: Reference
    number: int | None = None


@dataclass(frozen=True, eq=False)
class SceneRequest:
    """What is to be colored and how.

    output: a folder, filled with a picture a frame under the frame's own name, or a video. cuts: frames that begin a
    shot, or how they are found. rate: of a video, None for the source's own. format: of the pictures in a folder.
    corrections: of some frames; the colors they give hold for the whole track. Raises RequestError for a key frame,
    a cut or corrections where there is no frame, for two key frames in one place, and without a reference.
    """

    source: Source
    keys: tuple[KeyFrame, ...]
    output: Path
    options: Options = Options()
    cuts: Literal["auto", "off"] | tuple[int, ...] = "auto"
    rate: Fraction | None = None
    format: str = "png"
    by_swatch: bool = False
    corrections: Mapping[int, Corrections] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.keys:
            raise RequestError("There is no reference picture to take colors from; name one with --reference.")
        files.require_writable(self.output)
        numbers = [key.number for key in self.keys if key.number is not None]
        for number in numbers:
            if numbers.count(number) > 1:
                raise RequestError("Two references are said to be frame {0}; give each frame one.", number)
        cuts, last, name = self.cuts if isinstance(self.cuts, tuple) else (), self.source.count, self.source.path.name
        for number in (*numbers, *self.corrections, *cuts):
            if number < 0 or (last is not None and number >= last):
                raise RequestError("There is no frame {0} in {1}; they are numbered from 0.", number, name)


@dataclass(frozen=True)
class SceneDoubt:
    """A place to look at: a track whose swatch is uncertain, in the frame where it is largest.

    name: of the frame. x, y: pixel. frames: how many of the track are in doubt. swatch: the one that was taken. lead:
    nats by which it leads.
    """

    frame: int
    name: str
    x: int
    y: int
    track: int
    frames: int
    swatch: str
    lead: float


@dataclass(frozen=True)
class SceneResult:
    """How a scene ended. frames: how many there are; colored: how many of them were colored now and not before.
    shots: the frames that begin one. notes: sentences for the person."""

    frames: int
    colored: int
    shots: tuple[int, ...]
    doubts: tuple[SceneDoubt, ...]
    palette: Palette
    notes: tuple[str, ...] = ()
