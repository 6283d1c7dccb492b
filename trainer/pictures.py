"""Decoded color pictures: those that fit into memory, the others read from their files each time."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import images
from engine.errors import PictureError, TrainingError
from engine.line_art.xdog import gray_of
from trainer.sources import Source

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]

_THUMBNAIL = (32, 32)
_NAMED = 3  # so many of the unreadable files are named in the log
_FORMATS = "give a folder of PNG, JPEG, WebP or BMP pictures"


@dataclass(frozen=True, eq=False)
class Decoded:
    """A drawing. color: H×W×3 uint8 sRGB on white; line: the artist's own lines, H×W uint8, 0 ink, 255 paper."""

    color: Pixels
    line: Pixels | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of its pixels."""
        return self.color.nbytes + (0 if self.line is None else self.line.nbytes)


class PictureStore:
    """The pictures of `sources` that can be read, by number, with their longer side at most `side` pixels.

    All are decoded once at the start, on all cores. The first `memory` GiB of them stay decoded; it makes no difference
    to the pixels. skipped: the files that cannot be read. variety: how much the drawings of a character differ.
    Raises TrainingError when no picture can be read. It can be pickled, with the pictures it keeps; forked processes
    share them.
    """

    def __init__(self, sources: Sequence[Source], side: int, memory: float) -> None:
        self.side = side
        self.sources: list[Source] = []
        self.skipped: list[Path] = []
        self._kept: list[Decoded | None] = []
        self._warned = False
        differences = self._decode(sources, int(memory * 2**30))
        if not self.sources:
            raise TrainingError("None of the pictures can be read: {0}.", _FORMATS)
        if self.skipped:
            names = ", ".join(str(path) for path in self.skipped[:_NAMED])
            more = ", …" if len(self.skipped) > _NAMED else ""
            log.warning("%d pictures cannot be read and are left out: %s%s", len(self.skipped), names, more)
        # A floor, so that a character whose drawings are all alike is still shown now and then.
        self.variety = {name: 0.02 + float(np.mean(values)) for name, values in differences.items()}

    def _decode(self, sources: Sequence[Source], room: int) -> dict[str, list[np.float32]]:
        """Decode all, keep as much as there is room for; the differences between a character's neighboring drawings."""
        differences: dict[str, list[np.float32]] = defaultdict(list)
        previous: dict[str, NDArray[np.float32]] = {}
        pool = ThreadPoolExecutor()
        try:
            for source, decoded in zip(sources, pool.map(partial(_load, side=self.side), sources), strict=True):
                if decoded is None:
                    self.skipped.append(source.color)
                    continue
                picture, thumbnail = decoded
                room -= picture.nbytes
                self.sources.append(source)
                self._kept.append(picture if room >= 0 else None)
                if source.character and thumbnail is not None:
                    if source.character in previous:
                        differences[source.character].append(np.abs(previous[source.character] - thumbnail).mean())
                    previous[source.character] = thumbnail
        finally:
            pool.shutdown(cancel_futures=True)
        return differences

    def __len__(self) -> int:
        return len(self.sources)

    def picture(self, number: int) -> Decoded:
        """A picture. One whose file has vanished or broken since the start is replaced by the next that can be read.

        Raises TrainingError when there is none.
        """
        for step in range(len(self)):
            place = (number + step) % len(self)
            decoded = self._kept[place] or read(self.sources[place], self.side)
            if decoded is not None:
                return decoded
            if not self._warned:
                log.warning("%s cannot be read any more; another picture takes its place", self.sources[place].color)
                self._warned = True
        raise TrainingError("None of the pictures can be read any more: see that their folder is still there.")


def read(source: Source, side: int) -> Decoded | None:
    """A drawing with its longer side at most `side`, or None where it cannot be read.

    A line layer that cannot be read, or has another size, is left out.
    """
    color = _read(source.color, side, cv2.IMREAD_COLOR)
    if color is None:
        return None
    line = _read(source.line, side, cv2.IMREAD_GRAYSCALE) if source.line else None
    return Decoded(color, line if line is not None and line.shape == color.shape[:2] else None)


def _load(source: Source, side: int) -> tuple[Decoded, NDArray[np.float32] | None] | None:
    """A drawing, and of a character's a small gray copy."""
    decoded = read(source, side)
    if decoded is None or not source.character:
        return decoded and (decoded, None)
    thumbnail = cv2.resize(gray_of(decoded.color), _THUMBNAIL, interpolation=cv2.INTER_AREA)
    return decoded, np.asarray(thumbnail, np.float32)


def _read(path: Path, side: int, flags: int) -> Pixels | None:
    try:
        if not path.is_file():  # to open a pipe would wait for ever
            return None
        pixels = _decode(path.read_bytes(), flags)
        return None if pixels is None else _shrunk(pixels, side)
    except (OSError, cv2.error, PictureError):
        return None


def _decode(data: bytes, flags: int) -> Pixels | None:
    """Upright 8-bit pixels on white, H×W×3 sRGB, or H×W with cv2.IMREAD_GRAYSCALE."""
    gray = flags == cv2.IMREAD_GRAYSCALE
    if _may_be_transparent(data):
        # OpenCV forgets the transparency, and shows the colors beneath it.
        picture = images.read_bytes(data, "")
        if picture.alpha is not None:
            return np.asarray(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY), np.uint8) if gray else picture.pixels
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None or gray:
        return None if pixels is None else np.asarray(pixels, np.uint8)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def _may_be_transparent(data: bytes) -> bool:
    """Whether the header of a PNG or WebP file speaks of transparency; JPEG and BMP files have none."""
    if data[:4] == b"\x89PNG":
        return data[25:26] in {b"\x04", b"\x06"} or b"tRNS" in data[: data.find(b"IDAT")]
    if data[8:12] == b"WEBP":
        flags = {b"VP8X": data[20:21], b"VP8L": data[24:25]}.get(data[12:16], b"")
        return bool(flags) and bool(flags[0] & 0x10)
    return False


def _shrunk(pixels: Pixels, side: int) -> Pixels:
    longest = max(pixels.shape[:2])
    if longest <= side:
        return pixels
    factor = side / longest
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
