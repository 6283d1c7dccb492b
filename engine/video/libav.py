"""The one door to PyAV, an extra (`video`): exact rates, sound, MP4, and what a file says of itself.

Without it OpenCV reads and writes all that does not need it, see `engine.video.files`. Videos that are not exact are
tagged BT.709, limited range, as players expect of them, and converted so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import PictureError
from engine.export.atomic import atomic_path
from engine.video import kinds

if TYPE_CHECKING:
    import av
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream

# Codec, pixel format, and the encoder's settings of each ending.
_CODECS: dict[str, tuple[str, str, dict[str, str]]] = {
    ".mkv": ("ffv1", "bgr0", {"level": "3", "slices": "4"}),
    ".mov": ("png", "rgb24", {}),
    ".mp4": ("libx264", "yuv420p", {"crf": "12", "preset": "medium"}),
}
_BT709, _LIMITED = 1, 1
_HDR = (16, 18)  # transfer curves PQ and HLG


@dataclass(frozen=True)
class Header:
    """What a video says of itself. rate: frames a second; is_hdr: whether its brightness goes beyond sRGB."""

    rate: Fraction | None
    is_hdr: bool
    has_sound: bool


def look(path: Path) -> Header | None:
    """What the file says; None without PyAV, and for what it cannot read."""
    if not kinds.has_pyav():
        return None
    import av
    from av.error import FFmpegError

    with contextlib.suppress(FFmpegError, ValueError, IndexError), av.open(str(path)) as container:
        video = container.streams.video[0]
        rate = video.average_rate or video.guessed_rate
        is_hdr = video.codec_context.color_trc in _HDR
        return Header(None if rate is None else Fraction(rate), is_hdr, bool(container.streams.audio))
    return None


class AvSink:
    """A video that is written frame by frame, with the sound of another, and takes its name once it is whole."""

    def __init__(self, path: Path, rate: Fraction, size: tuple[int, int], sound: Path | None = None) -> None:
        """size: height and width. sound: the video whose sound it takes, where that has some that fits the container;
        `has_sound` says whether. Raises PictureError where it cannot be written."""
        import av
        from av.error import FFmpegError

        codec, pixels, options = _CODECS[path.suffix.lower()]
        self._path, self._rate, self._count, self._is_exact = path, rate, 0, pixels != "yuv420p"
        self._size = size if self._is_exact else even(size)
        self._stack = contextlib.ExitStack()
        try:
            temporary = self._stack.enter_context(atomic_path(path))
            format_name = {".mkv": "matroska", ".mov": "mov", ".mp4": "mp4"}[path.suffix.lower()]
            self._output: OutputContainer = self._stack.enter_context(av.open(str(temporary), "w", format=format_name))
            self._video = cast("VideoStream", self._output.add_stream(codec, rate=rate, options=options))
            self._video.height, self._video.width = self._size
            self._video.pix_fmt = pixels
            self._video.thread_count = 2
            if not self._is_exact:
                context = self._video.codec_context
                context.color_range, context.colorspace = _LIMITED, _BT709
                context.color_primaries, context.color_trc = _BT709, _BT709
            self._sound = _Sound.of(sound, self._output, self._stack) if sound is not None else None
        except (FFmpegError, ValueError) as error:
            self._stack.close()
            raise PictureError("{0} cannot be written as a video: {1}.", path.name, _plain(error)) from error

    @property
    def has_sound(self) -> bool:
        """Whether the other's sound goes in."""
        return self._sound is not None

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """The next frame, H×W×3 uint8 sRGB. Raises PictureError."""
        from av.error import FFmpegError

        try:
            self._mux(self._frame(pixels))
            self._count += 1
            if self._sound is not None:
                self._sound.copy_until(Fraction(self._count) / self._rate)
        except FFmpegError as error:
            raise PictureError("{0} cannot be written as a video: {1}.", self._path.name, _plain(error)) from error

    def _frame(self, pixels: NDArray[np.uint8]) -> av.VideoFrame:
        import av

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(grown(pixels, self._size)), "rgb24")
        if not self._is_exact:
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
            frame.color_range, frame.colorspace = _LIMITED, _BT709
        frame.pts, frame.time_base = self._count, 1 / self._rate
        return frame

    def _mux(self, frame: av.VideoFrame | None) -> None:
        for packet in self._video.encode(frame):
            self._output.mux(packet)

    def __enter__(self) -> AvSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._mux(None)
        self._stack.__exit__(kind, error, trace)


class _Sound:
    """The sound of another video, packet by packet, as it is."""

    def __init__(self, source: InputContainer, stream: AudioStream, output: OutputContainer) -> None:
        self._output = output
        self._target = output.add_stream_from_template(stream)
        self._packets = self._copied(source.demux(stream))
        self._next = next(self._packets, None)

    @classmethod
    def of(cls, path: Path, output: OutputContainer, stack: contextlib.ExitStack) -> _Sound | None:
        """None where there is none, or where the container takes no such sound."""
        import av
        from av.error import FFmpegError

        try:
            source = stack.enter_context(av.open(str(path)))
            stream = source.streams.audio[0]
            supported = stream.codec_context.name in output.supported_codecs
            return cls(source, stream, output) if supported else None
        except (FFmpegError, ValueError, IndexError):
            return None

    def copy_until(self, seconds: Fraction) -> None:
        """Write what sounds before this time: beside its frames, as players read them together."""
        while self._next is not None:
            time = (self._next.pts or 0) * (self._next.time_base or Fraction(1))
            if time >= seconds:
                return
            self._next.stream = self._target
            self._output.mux(self._next)
            self._next = next(self._packets, None)

    @staticmethod
    def _copied(packets: Iterator[Any]) -> Iterator[Any]:
        yield from (one for one in packets if one.dts is not None)


def even(size: tuple[int, int]) -> tuple[int, int]:
    """Height and width, each even: where there are half as many color samples."""
    return size[0] + size[0] % 2, size[1] + size[1] % 2


def grown(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """H×W×3 of this height and width: the last row or column is there twice."""
    down, across = size[0] - pixels.shape[0], size[1] - pixels.shape[1]
    return np.pad(pixels, ((0, down), (0, across), (0, 0)), mode="edge") if down or across else pixels


def _plain(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
