"""A scene on many computers: the frames of its shots are colored by the workers of a cluster, each by itself.

What binds frames together, tracks and the swatch of each, is found here afterwards, of what the workers tell; so the
scene comes out as on one computer.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch import cluster_task, pool
from app.batch.cluster import Cluster, HandAgain
from app.batch.cluster_task import Blobs, Wanted
from engine import pipeline
from engine.errors import Cancelled, PictureError
from engine.request import Progress
from engine.video import scene
from engine.video.work_folder import WorkFolder

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry
    from engine.video.frames import Looked
    from engine.video.scene_request import SceneRequest

FRAMES = 24  # of a shot that are handed out together


@dataclass(frozen=True, eq=False)
class Piece:
    """Frames of one shot. sizes: in bytes, of the files that they lie in, to tell whether a worker sees the same."""

    numbers: tuple[int, ...]
    looked: Looked
    sizes: tuple[int, ...]
    model: Wanted
    device: Any
    neighbors: int = 1


@dataclass(frozen=True, eq=False)
class Told:
    """What came of a piece: of each frame what is kept of it. lacks: nothing, the files were not seen."""

    frames: tuple[tuple[int, bytes], ...] = ()
    notes: tuple[str, ...] = ()
    lacks: bool = False


def color_piece(piece: Piece, request: SceneRequest, blobs: Blobs | None = None) -> Told:
    """For a worker: color frames by themselves. blobs: the files they lie in, None to look for them.

    Raises NurieError, and Cancelled where the cluster no longer wants it.
    """
    cluster_task.use_threads(piece.neighbors)
    with tempfile.TemporaryDirectory(prefix="nurie-", dir=cluster_task.own_folder()) as name:
        place = Path(name)
        if blobs is not None:
            request = _laid_down(request, blobs, place)
        elif not cluster_task.sees(request.source.path) or _sizes(request, piece.numbers) != piece.sizes:
            return Told(lacks=True)
        entry, stop = cluster_task.entry_of(piece.model), cluster_task.is_unwanted()
        with WorkFolder(place / "scene") as work:
            with cluster_task.in_network(piece.device, entry, piece.model) as load:
                steps = scene.color_frames(entry, load, request, work, piece.looked, piece.numbers, stop)
                notes = pipeline.run(steps)
            return Told(tuple((number, work.take(number)) for number in piece.numbers), notes)


def color_shots(
    cluster: Cluster,
    entry: ModelEntry,
    request: SceneRequest,
    work: WorkFolder,
    should_stop: Callable[[], bool],
) -> Generator[Progress, None, tuple[int, tuple[str, ...]]]:
    """Color all frames that are not known yet and keep them in `work`; how many, and the notes.

    Raises NurieError, and Cancelled; what is known by then is kept.
    """
    looked, shots = yield from scene.frames_to_color(entry, request, work, should_stop)
    model, device, neighbors = Wanted.of(entry), cluster.device, cluster.neighbors
    pieces = [
        Piece(some, looked, _sizes(request, some), model, device, neighbors) for shot in shots for some in _cut(shot)
    ]
    run = _Run(cluster, request, pieces)
    yield Progress("Coloring the shots", 0.0)
    try:
        over = 0
        while run.at_work:
            if should_stop():
                raise Cancelled
            told = run.next(should_stop)
            if told is not None:
                for number, kept in told.frames:
                    work.put(number, kept)
                over += 1
            yield Progress("Coloring the shots", over / len(pieces))
        return run.colored, tuple(dict.fromkeys(run.notes))
    finally:
        run.take_back()


class _Run:
    """The pieces of one scene that are handed out."""

    def __init__(self, cluster: Cluster, request: SceneRequest, pieces: Sequence[Piece]) -> None:
        self._cluster, self._request = cluster, request
        self._held = self._hold(_absolute(request))  # with the references: given to the cluster once
        self._whole: Any = None  # the video, where it had to be sent
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.at_work: dict[Any, tuple[Any, Piece]] = {}
        self.notes: list[str] = []
        self.colored = 0
        for piece in pieces:
            self._submit(piece, None)

    def next(self, should_stop: Callable[[], bool]) -> Told | None:
        """What came of the next piece; None when nothing did for a moment."""
        try:
            future = self._ended.get(timeout=pool.WAIT)
        except queue.Empty:
            self._cluster.check()
            return None
        future, piece = self.at_work.pop(future.key)
        try:
            answer: Told | None = self._cluster.result(future, piece, should_stop)
        except HandAgain:
            self._submit(piece, None)
            return None
        if answer is None:
            raise Cancelled
        if answer.lacks:
            self._submit(piece, self._files(piece))
            return None
        self.colored += len(answer.frames)
        self.notes += answer.notes
        return answer

    def take_back(self) -> None:
        """What is not over is not wanted any more."""
        with contextlib.suppress(Exception):  # of a scheduler that is gone
            self._cluster.client.cancel([future for future, _ in self.at_work.values()])

    def _submit(self, piece: Piece, blobs: Any) -> None:
        key = f"nurie-shot-{secrets.token_hex(8)}"
        future = self._cluster.client.submit(
            color_piece, piece, self._held, blobs, key=key, pure=False, workers=self._cluster.workers
        )
        self.at_work[future.key] = future, piece
        future.add_done_callback(self._ended.put)

    def _files(self, piece: Piece) -> Any:
        source = self._request.source
        if source.files:
            return _blobs(source.files[number] for number in piece.numbers)
        if self._whole is None:
            self._whole = self._hold(_blobs([source.path]))
        return self._whole

    def _hold(self, value: Any) -> Any:
        key = f"nurie-scene-{secrets.token_hex(8)}"
        return self._cluster.client.submit(cluster_task.hold, value, key=key, pure=False)


def _absolute(request: SceneRequest) -> SceneRequest:
    """For computers that have the same disk, and another current folder."""
    source = request.source
    files = tuple(path.absolute() for path in source.files)
    return replace(request, source=replace(source, path=source.path.absolute(), files=files))


def _cut(shot: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [shot[start : start + FRAMES] for start in range(0, len(shot), FRAMES)]


def _blobs(paths: Iterable[Path]) -> Blobs:
    try:
        return tuple((path.name, path.read_bytes()) for path in paths)
    except OSError as error:
        raise PictureError("{0} cannot be read: {1}.", error.filename, error.strerror or error) from error


def _sizes(request: SceneRequest, numbers: Sequence[int]) -> tuple[int, ...]:
    """Of the files of these frames; empty where one is missing."""
    source = request.source
    paths = [source.files[one] for one in numbers] if source.files else [source.path]
    try:
        return tuple(path.stat().st_size for path in paths)
    except OSError:
        return ()


def _laid_down(request: SceneRequest, blobs: Blobs, place: Path) -> SceneRequest:
    """The request with files that were sent."""
    folder = place / "frames"
    folder.mkdir()
    for name, content in blobs:
        (folder / Path(name).name).write_bytes(content)
    source = request.source
    files = tuple(folder / path.name for path in source.files)
    return replace(request, source=replace(source, path=folder if files else folder / source.path.name, files=files))
