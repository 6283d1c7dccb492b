"""What is known of a scene's frames, on the disk: a scene of any length takes little memory, and goes on after a stop.

It lies beside the output. What does not fit, is damaged or was made otherwise counts as not there, and is made anew.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import plain_text
from engine.errors import PictureError, RequestError
from engine.export.atomic import atomic_path, remove_leftovers
from engine.file_lock import FileLock
from engine.line_art.regions import RegionMap
from engine.video import files
from engine.video.flow import Field
from engine.video.tracking import Links

SUFFIX, LOCK, LOOKED = ".nurie-scene", "lock", "frames.json"
_LABELS_16 = 2**16


@dataclass(frozen=True, eq=False)
class FrameState:
    """What one frame says by itself.

    key: digest of all it was made of. regions: of the frame. likely: count×n float32. seen: count×C float32 or None.
    known: regions (from 0) whose swatch is certain. field: of `flow.field_of`. device, precision, looked: as
    `ColorizeResult` has them.
    """

    key: str
    regions: RegionMap
    likely: NDArray[np.float32]
    seen: NDArray[np.float32] | None
    known: Mapping[int, int]
    field: Field
    device: str
    precision: str
    looked: tuple[int, int]


def folder_of(output: Path) -> Path:
    """Where what is known of a scene lies that is written to this folder or video."""
    return output.with_name(output.name + SUFFIX) if files.is_video(output) else output / SUFFIX


class WorkFolder:
    """The folder of one scene; one process at a time works there. As a context manager it lets go of it."""

    def __init__(self, output: Path) -> None:
        """output: the folder or video that the scene is written to. Raises RequestError while another works there, and
        PictureError where it cannot be written."""
        self.path = folder_of(output)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.path / LOCK)
        except BlockingIOError:
            raise RequestError("{0} is being colored already; wait for it, or stop it first.", output) from None
        except OSError as error:
            raise PictureError("The folder {0} cannot be written: {1}.", output, error.strerror or error) from error
        remove_leftovers(self.path)

    def __enter__(self) -> WorkFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def forget(self) -> None:
        """Remove all that is known."""
        for one in self.path.glob("*.np[yz]"):
            one.unlink(missing_ok=True)
        (self.path / LOOKED).unlink(missing_ok=True)

    def save_looked(self, value: Mapping[str, Any]) -> None:
        """Keep what the first look at all frames found. Raises PictureError."""
        with atomic_path(self.path / LOOKED) as temporary:
            temporary.write_text(json.dumps(value), encoding="utf-8")

    def looked(self) -> dict[str, Any]:
        """What it found; empty where it is not known."""
        with contextlib.suppress(OSError, ValueError):
            value = plain_text.from_json((self.path / LOOKED).read_bytes(), plain_text.OWN)
            return value if isinstance(value, dict) else {}
        return {}

    def save(self, number: int, state: FrameState) -> None:
        """Keep what a frame says. Raises PictureError."""
        regions = state.regions
        values: dict[str, Any] = {
            "key": _text(state.key),
            "labels": _packed(regions.labels, regions.count),
            "areas": regions.areas,
            "numbers": np.array([regions.count, regions.gap, regions.simplified, *state.looked]),
            "likely": state.likely.astype(np.float32),
            "known": np.array(sorted(state.known.items()), np.int64).reshape(-1, 2),
            "field": state.field,
            "device": _text(f"{state.device} {state.precision}"),
        }
        if state.seen is not None:
            values["seen"] = state.seen.astype(np.float16)
        self._write(f"{number:06d}.npz", values)

    def take(self, number: int) -> bytes:
        """What is kept of a frame, for another folder. Raises PictureError."""
        try:
            return (self.path / f"{number:06d}.npz").read_bytes()
        except OSError as error:
            raise PictureError("What was known of frame {0} is gone: color the scene again.", number) from error

    def put(self, number: int, kept: bytes) -> None:
        """Keep what `take` gave elsewhere. Raises PictureError."""
        with atomic_path(self.path / f"{number:06d}.npz") as temporary:
            temporary.write_bytes(kept)

    def load(self, number: int, key: str | None = None) -> FrameState | None:
        """What a frame says, None where it is not known. key: None takes it whatever it was made of."""
        values = self._read(f"{number:06d}.npz")
        try:
            if values is None or (key is not None and _plain(values["key"]) != key):
                return None
            count, gap, simplified, *looked = (int(one) for one in values["numbers"])
            labels = _unpacked(values["labels"], count)
            regions = RegionMap(labels, count, gap, bool(simplified), values["areas"].astype(np.int64))
            likely = values["likely"].astype(np.float32)
            seen = values["seen"].astype(np.float32) if "seen" in values else None
            fits = len(regions.areas) == len(likely) == count and (seen is None or len(seen) == count)
            if not fits or likely.ndim != 2 or not np.isfinite(likely).all():
                return None
            known = {int(one): int(other) for one, other in values["known"] if 0 <= one < count}
            device, precision = _plain(values["device"]).split(" ")
            field, size = np.asarray(values["field"], np.uint8), (looked[0], looked[1])
            return FrameState(_plain(values["key"]), regions, likely, seen, known, field, device, precision, size)
        except (KeyError, ValueError, TypeError, IndexError):
            return None

    def save_links(self, number: int, key: str, links: Links) -> None:
        """Keep how a frame's regions go on in the next frame. key: digest of both. Raises PictureError."""
        self._write(
            f"links_{number:06d}.npz", {"key": _text(key), "one": links.one, "other": links.other, "sure": links.sure}
        )

    def load_links(self, number: int, key: str, count: int, following: int) -> Links | None:
        """How they go on; None where it is not known. count, following: regions of the frame and of the next."""
        values = self._read(f"links_{number:06d}.npz")
        with contextlib.suppress(KeyError, ValueError, TypeError):
            if values is None or _plain(values["key"]) != key:
                return None
            one, other = values["one"].astype(np.int32), values["other"].astype(np.int32)
            sure = values["sure"].astype(np.float32)
            if len(one) == len(other) == len(sure) and _within(one, count) and _within(other, following):
                return Links(one, other, np.clip(np.nan_to_num(sure), 0.0, 1.0))
        return None

    def save_opinion(self, number: int, key: str, opinion: NDArray[np.float32]) -> None:
        """Keep what a witness says of a frame, see `engine.video.witness`. Raises PictureError."""
        self._write(f"witness_{number:06d}.npz", {"key": _text(key), "opinion": opinion})

    def load_opinion(self, number: int, key: str, shape: tuple[int, int]) -> NDArray[np.float32] | None:
        """What a witness says of a frame, of this shape; None where it is not known."""
        values = self._read(f"witness_{number:06d}.npz")
        with contextlib.suppress(KeyError, ValueError, TypeError):
            if values is not None and _plain(values["key"]) == key:
                opinion = values["opinion"].astype(np.float32)
                return opinion if opinion.shape == shape and np.isfinite(opinion).all() else None
        return None

    def _write(self, name: str, values: Mapping[str, Any]) -> None:
        with atomic_path(self.path / name) as temporary, temporary.open("wb") as stream:
            np.savez_compressed(stream, **values)

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            with np.load(io.BytesIO((self.path / name).read_bytes()), allow_pickle=False) as found:
                return dict(found)
        except Exception:  # zip, zlib and numpy each have errors of their own for a damaged file
            return None


def _packed(labels: NDArray[np.int32], count: int) -> NDArray[np.uint8]:
    """As the bytes of a PNG of 16 bits, or as they are where there are more regions than that holds."""
    if count >= _LABELS_16:
        return np.frombuffer(labels.tobytes() + np.array(labels.shape, np.int64).tobytes(), np.uint8)
    return np.asarray(cv2.imencode(".png", labels.astype(np.uint16), [cv2.IMWRITE_PNG_COMPRESSION, 1])[1]).reshape(-1)


def _unpacked(data: NDArray[np.uint8], count: int) -> NDArray[np.int32]:
    if count >= _LABELS_16:
        height, width = np.frombuffer(data[-16:].tobytes(), np.int64)
        return np.frombuffer(data[:-16].tobytes(), np.int32).reshape(height, width)
    labels = cv2.imdecode(np.asarray(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if labels is None or labels.ndim != 2 or not 1 <= int(labels.min()) <= int(labels.max()) <= count:
        raise ValueError("no labels")
    return labels.astype(np.int32)


def _within(numbers: NDArray[np.int32], count: int) -> bool:
    return not len(numbers) or (int(numbers.min()) >= 0 and int(numbers.max()) < count)


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def _plain(text: NDArray[np.uint8]) -> str:
    return np.asarray(text, np.uint8).tobytes().decode("utf-8")
