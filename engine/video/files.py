"""Frames in and out: a folder of pictures, or a video. The one door to video files.

Videos go through OpenCV, and through PyAV where that is installed and more is wanted, see `engine.video.libav`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import file_names, layered_drawing
from engine.errors import PictureError
from engine.export import formats
from engine.export.atomic import atomic_path
from engine.images.limits import check_size
from engine.images.picture import Picture
from engine.request import LineArt
from engine.sentences import Sentence
from engine.video import kinds, libav
from engine.video.gif import GifSink
from engine.video.kinds import is_video, require_writable
from engine.video.libav import AvSink

__all__ = ["is_video", "require_writable"]

RATE_DEFAULT = Fraction(24)
RATE_MAX = 240
_FOURCC = {".mkv": "FFV1", ".mov": "png "}  # how OpenCV writes what keeps colors
_FILM_RATES = (24000, 30000, 60000)  # over 1001


@dataclass(frozen=True)
class Source:
    """Where the frames come from. files: of a folder, in order; empty for a video. rate: frames a second, None where
    nothing says it. count: frames; of a video what its header says, which may be wrong, None if nothing. has_sound: of
    a video, None where PyAV is not there to tell."""

    path: Path
    files: tuple[Path, ...] = ()
    rate: Fraction | None = None
    count: int | None = None
    has_sound: bool | None = None

    def frames(self, start: int = 0, line_layers: Sequence[str] = ()) -> Iterator[tuple[Picture, LineArt | None]]:
        """The frames from number `start` on, with the lines that a layered file has, see `layered_drawing.read`.

        Raises PictureError for a frame that cannot be read; a video that breaks off ends there.
        """
        if not self.files:
            yield from ((picture, None) for picture in _video_frames(self.path, start))
            return
        for file in self.files[start:]:
            yield layered_drawing.read(file, line_layers, guess=not line_layers)

    def name(self, number: int) -> str:
        """What a frame is called, without an ending."""
        return self.files[number].stem if self.files else f"{number:06d}"


def open_frames(path: Path) -> Source:
    """The frames of a folder (its pictures, numbers in their names in order) or of a video.

    Raises PictureError where there is nothing to read.
    """
    path = file_names.found(path)
    if path.is_dir():
        pictures = (one for one in path.iterdir() if one.is_file() and formats.can_open(one))
        files = sorted((one for one in pictures if not one.name.startswith(".")), key=_in_order)
        if not files:
            raise PictureError("There are no pictures in {0}; choose the folder of the frames.", path)
        return Source(path, tuple(files), None, len(files))
    if not path.exists():
        raise PictureError("There is no folder or video {0}; check its name.", path)
    if path.suffix.lower() not in kinds.OPENED:
        raise PictureError("{0} is neither a folder of frames nor a video ({1}).", path.name, ", ".join(kinds.OPENED))
    with _captured(path) as video:
        width, height = (int(video.get(one)) for one in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
        check_size((width, height), path.name)
        count = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
        rate, count = _rate(video.get(cv2.CAP_PROP_FPS)), count if 0 < count < 10**7 else None
    header = libav.look(path)
    if header is None:
        return Source(path, (), rate, count)
    if header.is_hdr:
        raise PictureError("{0} has a high dynamic range, which drawings have not: convert it to SDR first.", path.name)
    exact = header.rate if header.rate is not None and Fraction(1, 10) <= header.rate <= RATE_MAX else rate
    return Source(path, (), exact, count, header.has_sound)


def sink(path: Path, rate: Fraction, size: tuple[int, int], sound: Path | None = None) -> VideoSink | AvSink | GifSink:
    """What writes a video of this name, frame by frame. size: height and width. sound: a video whose sound it takes.

    Raises RequestError for a kind that cannot be written, PictureError for a place.
    """
    require_writable(path)
    if path.suffix.lower() == ".gif":
        return GifSink(path, rate)
    return AvSink(path, rate, size, sound) if kinds.has_pyav() else VideoSink(path, rate, size)


def notes_of(path: Path, source: Source, size: tuple[int, int], took_sound: bool) -> list[str]:
    """What a person should know of a video that was written. size: of its frames. took_sound: whether it has the
    source's."""
    notes: list[str] = []
    suffix = path.suffix.lower()
    if libav.even(size) != size and suffix != ".gif" and (suffix in kinds.APPROXIMATE or not kinds.has_pyav()):
        notes.append(Sentence("{0} has even sides: its last row or column is there twice.", path.name))
    if suffix in kinds.APPROXIMATE:
        notes.append(Sentence("Colors in {0} are approximate; {1} keep them.", path.name, ", ".join(kinds.EXACT)))
    if source.has_sound and not took_sound:
        notes.append(Sentence("The sound of {0} could not be taken over.", source.path.name))
    elif source.has_sound is None and not source.files:
        notes.append(Sentence("Sound is left out: taking it over needs the package PyAV (pip install av)."))
    return notes


class VideoSink:
    """A video that OpenCV writes frame by frame, and that takes its name once it is whole. As a context manager."""

    def __init__(self, path: Path, rate: Fraction, size: tuple[int, int]) -> None:
        """size: height and width. Raises RequestError for a kind that cannot be written, PictureError for a place."""
        require_writable(path)
        self._path = path
        self._stack = contextlib.ExitStack()
        temporary = self._stack.enter_context(atomic_path(path))
        code = cv2.VideoWriter.fourcc(*_FOURCC[path.suffix.lower()])
        # OpenCV leaves the last row or column of an odd size out.
        self._size = libav.even(size)
        self._writer = cv2.VideoWriter(str(temporary), cv2.CAP_FFMPEG, code, float(rate), self._size[::-1])
        if not self._writer.isOpened():
            self._stack.close()
            raise PictureError("Cannot write {0}: this computer's video library has no encoder for it.", path.name)

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """The next frame, H×W×3 uint8 sRGB."""
        self._writer.write(cv2.cvtColor(libav.grown(pixels, self._size), cv2.COLOR_RGB2BGR))

    def __enter__(self) -> VideoSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.release()
        self._stack.__exit__(kind, error, trace)


def _in_order(path: Path) -> tuple[list[int | str], str]:
    """2.png before 10.png."""
    parts = re.split(r"(\d+)", file_names.key(path.stem))
    return [int(one) if number % 2 else one for number, one in enumerate(parts)], path.name


@contextlib.contextmanager
def _captured(path: Path) -> Iterator[cv2.VideoCapture]:
    # FFmpeg is the same everywhere; an OpenCV that was built without it has the system's own reader, as on macOS.
    reader = cv2.CAP_FFMPEG if cv2.videoio_registry.hasBackend(cv2.CAP_FFMPEG) else cv2.CAP_ANY
    video = cv2.VideoCapture(str(path), reader)
    try:
        if not video.isOpened():
            raise PictureError("{0} cannot be read as a video; it is damaged or of a kind unknown here.", path.name)
        yield video
    finally:
        video.release()


def _video_frames(path: Path, start: int) -> Iterator[Picture]:
    with _captured(path) as video:
        number = 0
        # Seeking lands on the wrong frame in many files, so frames are passed over one by one.
        while number < start:
            if not video.grab():
                return
            number += 1
        while True:
            read, pixels = video.read()
            if not read:
                return
            rgb = np.asarray(pixels[..., ::-1], np.uint8, order="C")
            yield Picture(rgb, None, None, None, f"{path.stem} {number:06d}")
            number += 1


def _rate(told: float) -> Fraction | None:
    """Frames a second as a fraction: 23.976 is 24000/1001."""
    if not 0.1 <= told <= RATE_MAX:
        return None
    for over in _FILM_RATES:
        if abs(told - over / 1001) < 5e-4:
            return Fraction(over, 1001)
    return Fraction(told).limit_denominator(1000)
