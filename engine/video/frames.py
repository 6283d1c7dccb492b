"""The frames of a scene as they are read and written, one at a time."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import pipeline
from engine.errors import PictureError
from engine.export import formats
from engine.images import Picture
from engine.layers import flatten
from engine.pipeline import Made
from engine.request import LineArt
from engine.video import files
from engine.video.files import Source
from engine.video.libav import AvSink
from engine.video.scene_request import KeyFrame, SceneRequest


@dataclass(frozen=True)
class Looked:
    """What the first look found: a digest of each frame, their size, and where shots begin (0 first)."""

    digests: list[str]
    size: tuple[int, int]
    shots: tuple[int, ...]

    @classmethod
    def of(cls, value: Mapping[str, Any], key: str) -> Looked | None:
        """As a work folder has kept it under this key; None for anything else."""
        digests, size, shots = (value.get(name) for name in ("digests", "size", "shots"))
        if value.get("key") != key or not isinstance(digests, list) or not digests:
            return None
        if not isinstance(size, list) or not isinstance(shots, list) or len(size) != 2 or not shots:
            return None
        if not all(isinstance(one, int) for one in (*size, *shots)) or not all(isinstance(one, str) for one in digests):
            return None
        return cls(digests, (size[0], size[1]), tuple(shots))

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.digests)

    def shot_of(self, number: int) -> tuple[int, int]:
        """The first frame of its shot, and the first after it."""
        begins = [one for one in self.shots if one <= number][-1]
        return begins, next((one for one in self.shots if one > number), self.count)


class Reader:
    """Reads frames that are asked for in their order, each decoded once."""

    def __init__(self, request: SceneRequest) -> None:
        self._request = request
        self._next = 0
        self._frames: Iterator[tuple[Picture, LineArt | None]] | None = None
        self._last: tuple[int, Picture, LineArt] | None = None

    def get(self, number: int) -> tuple[Picture, LineArt]:
        """The picture and the lines of the last frame asked for, or one that comes after it. Raises PictureError."""
        if self._last is not None and self._last[0] == number:
            return self._last[1], self._last[2]
        source, options = self._request.source, self._request.options
        if self._frames is None or (source.files and number != self._next):
            self._frames, self._next = source.frames(number, options.layers.line_layers), number
        for picture, drawn in self._frames:
            self._next += 1
            if self._next - 1 == number:
                self._last = number, picture, pipeline.prepare_lines(picture, drawn, options.lines)
                return self._last[1], self._last[2]
        raise PictureError("There is no frame {0} in {1} any more.", number, source.path.name)


@contextlib.contextmanager
def writing(request: SceneRequest, size: tuple[int, int], notes: list[str]) -> Iterator[Callable[[str, Made], None]]:
    """Gives what takes the frames, by name and in order, and writes them to the folder or video that was asked for.

    notes: takes what a person should know of it.
    """
    if files.is_video(request.output):
        source = request.source
        rate = request.rate or source.rate or files.RATE_DEFAULT
        # At another rate, sound would run away from the pictures.
        sound = source.path if source.has_sound and rate == source.rate else None
        with files.sink(request.output, rate, size, sound) as video:
            yield lambda _, made: video.add(flatten(made.layers()))
        took_sound = isinstance(video, AvSink) and video.has_sound
        notes += files.notes_of(request.output, source, size, took_sound)
        return
    suffix = formats.by_id(request.format).suffixes[0]

    def write(name: str, made: Made) -> None:
        pipeline.write(request.output / f"{name}{suffix}", made.layers(by_swatch=request.by_swatch), made)

    yield write


def same_size(picture: Picture, size: tuple[int, int] | None) -> tuple[int, int]:
    """Height and width of a frame. size: of the frames before. Raises PictureError where they differ."""
    own = picture.pixels.shape[0], picture.pixels.shape[1]
    if size is not None and own != size:
        raise PictureError(
            "{0} is {1}×{2} pixels and the frames before it are {3}×{4}: a scene has one size.",
            picture.name,
            own[1],
            own[0],
            size[1],
            size[0],
        )
    return own


def stamp(source: Source) -> list[tuple[str, int, int]]:
    """What changes when a file of the source does."""
    found = ((one, one.stat()) for one in source.files or (source.path,))
    return [(one.name, status.st_size, status.st_mtime_ns) for one, status in found]


def key_digest(key: KeyFrame) -> str:
    """A digest of a key frame or sheet."""
    one = key.reference
    return digest(one.pixels, one.mask, one.figure, one.weight, key.number)


def digest(*parts: Any) -> str:
    """A digest of arrays and plain values."""
    found = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            found.update(repr((part.shape, str(part.dtype))).encode())
            found.update(np.ascontiguousarray(part).tobytes())
        else:
            found.update(repr(part).encode("utf-8", "surrogatepass"))
    return found.hexdigest()
