"""Scenes in the window: every verb a person has, on the jobs and the child processes. No widgets."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.controllers.controllers import Controllers
from app.images.incoming import FileSource, ImageSource, Source
from app.images.qt_images import to_qimage
from app.jobs.child_process import ChildProcess
from app.jobs.child_run import MakeChild
from app.jobs.job import Lane
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from app.video.run import SceneRun
from app.video.wish import Answer, SceneWish
from engine.request import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOOK_KEY, FRAME_KEY, THUMBNAILS_KEY = "scene-look", "scene-frame", "scene-thumbnails"
THUMBNAIL = 112  # pixels of the longer side


@dataclass(frozen=True)
class SceneFound:
    """What lies in a folder of frames or a video. count: frames, None where a video does not say. names: of a
    folder's frames, without ending."""

    path: str
    count: int | None
    rate: float
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SceneControllers(Controllers):
    """The core's and this room's."""

    scenes: SceneController


class SceneController(JobOwner):
    """Looks into scenes, begins to color them, keeps the runs."""

    run_added = Signal(object)  # SceneRun
    run_removed = Signal(object)  # SceneRun
    run_opened = Signal(object)  # SceneRun, a person wants to see it

    def __init__(self, runner: JobRunner, make_child: MakeChild = ChildProcess, parent: QObject | None = None) -> None:
        super().__init__(runner, parent)
        self.runs: list[SceneRun] = []
        self._make_child = make_child

    def look(
        self, path: str, done: Callable[[SceneFound], None], failed: Callable[[str], None], owner: QObject
    ) -> None:
        """Count the frames of a folder or video. Once `owner` is gone nobody is told."""
        self.submit(
            Lane.FILES, "", partial(_look, path), done, LOOK_KEY, quiet=True, owner=owner,
            on_failed=lambda error: failed(str(error)),
        )  # fmt: skip

    def frame(self, path: str, number: int, done: Callable[[NDArray[np.uint8]], None], owner: QObject) -> None:
        """Read one frame, H×W×3; a newer wish takes an older one's place. What cannot be read is not told."""
        work = partial(_frame, path, number)
        self.submit(Lane.FILES, "", work, done, FRAME_KEY, quiet=True, owner=owner, on_failed=lambda _: None)

    def picture(self, path: str, done: Callable[[NDArray[np.uint8]], None], owner: QObject) -> None:
        """Read a picture file, as `frame` does."""
        work = partial(_picture, path)
        self.submit(Lane.FILES, "", work, done, FRAME_KEY, quiet=True, owner=owner, on_failed=lambda _: None)

    def thumbnails(
        self, path: str, numbers: tuple[int, ...], done: Callable[[dict[int, NDArray[np.uint8]]], None], owner: QObject
    ) -> None:
        """Read some frames small, from all over the scene; those that cannot be read are left out."""
        work = partial(_thumbnails, path, numbers)
        self.submit(Lane.FILES, "", work, done, THUMBNAILS_KEY, quiet=True, owner=owner, on_failed=lambda _: None)

    def drawing(self, path: str, number: int, done: Callable[[Source], None], owner: QObject) -> None:
        """A frame as a picture that can be opened: its file, or the picture it is in a video."""
        work = partial(_drawing, path, number)
        self.submit(Lane.FILES, "", work, done, quiet=True, owner=owner)

    def begin(self, wish: SceneWish) -> SceneRun | None:
        """Color a scene. None where one into this place is being colored: that one is shown."""
        for run in self.runs:
            if Path(run.wish.output) == Path(wish.output):
                if run.is_alive:
                    self.run_opened.emit(run)
                    return None
                self.remove(run)
                break
        run = SceneRun(wish, self._make_child, self)
        run.opened.connect(partial(self.run_opened.emit, run))
        run.removed.connect(partial(self.remove, run))
        self.runs.append(run)
        self.run_added.emit(run)
        self._start(run)
        return run

    def answer(self, run: SceneRun, *answers: Answer) -> None:
        """Give tracks at some places colors, in all their frames; the frames are not colored anew for it."""
        if not run.is_alive and answers:
            for one in answers:
                run.wish = run.wish.answered(one)
            self._start(run)

    def remove(self, run: SceneRun) -> None:
        """A person wants to see the run no longer; what it made stays."""
        if run in self.runs and not run.is_alive:
            self.runs.remove(run)
            self.run_removed.emit(run)
            run.deleteLater()

    def close(self) -> None:
        """End the children with the program."""
        for run in self.runs:
            run.close()

    def _start(self, run: SceneRun) -> None:
        if not run.wish.answers:
            run.start(None)
            return

        def written(_should_stop: Callable[[], bool]) -> Generator[Progress, None, Path]:
            yield Progress("", 0.0)
            return _write_corrections(run.wish)

        self.submit(Lane.FILES, "", written, run.start, quiet=True)


def _look(path: str, _should_stop: Callable[[], bool]) -> Generator[Progress, None, SceneFound]:
    from engine.video import files

    yield Progress("", 0.0)
    source = files.open_frames(Path(path))
    names = tuple(one.stem for one in source.files)
    return SceneFound(path, source.count, float(source.rate or files.RATE_DEFAULT), names)


def _frame(path: str, number: int, _should_stop: Callable[[], bool]) -> Generator[Progress, None, NDArray[np.uint8]]:
    from engine.video import files

    yield Progress("", 0.0)
    return next(picture for picture, _ in files.open_frames(Path(path)).frames(number)).pixels


def _drawing(path: str, number: int, _should_stop: Callable[[], bool]) -> Generator[Progress, None, Source]:
    from engine.video import files

    yield Progress("", 0.0)
    source = files.open_frames(Path(path))
    if source.files:
        return FileSource(source.files[number])
    picture = next(one for one, _ in source.frames(number))
    return ImageSource(to_qimage(picture.pixels), frame_title(path, number))


def frame_title(path: str, number: int) -> str:
    """What a frame of a video is called as a drawing."""
    return f"{Path(path).stem} {number:06d}"


def _picture(path: str, _should_stop: Callable[[], bool]) -> Generator[Progress, None, NDArray[np.uint8]]:
    from engine import pipeline

    yield Progress("", 0.0)
    return pipeline.read_picture(Path(path)).pixels


def _thumbnails(
    path: str, numbers: tuple[int, ...], should_stop: Callable[[], bool]
) -> Generator[Progress, None, dict[int, NDArray[np.uint8]]]:
    import cv2

    from engine.video import files

    source, found = files.open_frames(Path(path)), {}
    yield Progress("", 0.0)
    wanted = iter(sorted(numbers))
    number = next(wanted, None)
    frames = enumerate(picture for picture, _ in source.frames()) if not source.files else None
    while number is not None and not should_stop():
        if frames is None:
            picture = next((one for one, _ in source.frames(number)), None)
        else:
            picture = next((one for at, one in frames if at == number), None)
        if picture is None:
            break
        scale = THUMBNAIL / max(picture.pixels.shape[:2])
        found[number] = cv2.resize(picture.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        yield Progress("", len(found) / len(numbers))
        number = next(wanted, None)
    return found


def _write_corrections(wish: SceneWish) -> Path:
    from engine.export.atomic import atomic_path
    from engine.video.work_folder import folder_of

    folder = folder_of(Path(wish.output))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "corrections.json"
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(wish.corrections()), encoding="utf-8")
    return path
