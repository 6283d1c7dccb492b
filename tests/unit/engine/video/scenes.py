"""Small scenes with known regions: three rooms that walk over the picture, and a painter that is wrong at times."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.colorizers.base import BaseColorizer
from engine.model_catalog import ModelEntry
from engine.pipeline import LoadedModel, run
from engine.request import ColorizeRequest, ColorizeResult, Progress, Reference
from engine.video import files
from engine.video.scene import color_scene
from engine.video.scene_request import KeyFrame, SceneRequest, SceneResult
from engine.video.work_folder import WorkFolder
from tests.fakes import FakeModel
from tests.finishing import BLUE, RED, SKIN, in_rooms, rooms

COLORS = [RED, BLUE, SKIN]
SIZE = (80, 200)  # height and width of a frame


def walking(step: int, height: int = 0) -> NDArray[np.float32]:
    """Ink of the rooms, `step` pixels further to the right than in the first frame."""
    ink = np.ones(SIZE, np.float32)
    drawn = rooms(3)
    ink[10 + height : 10 + height + drawn.shape[0], step : step + drawn.shape[1]] = drawn
    return ink


def painted(step: int, colors: Sequence[tuple[int, int, int]] = COLORS) -> NDArray[np.uint8]:
    """What the frame is to look like, without its ink."""
    guess = np.full((*SIZE, 3), 255, np.uint8)
    drawn = in_rooms(rooms(3), list(colors))
    guess[10 : 10 + drawn.shape[0], step : step + drawn.shape[1]] = drawn
    return guess


def write_frames(folder: Path, inks: Sequence[NDArray[np.float32]]) -> Path:
    """A folder of frames."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, ink in enumerate(inks):
        Image.fromarray((ink * 255).astype(np.uint8)).save(folder / f"shot_{number}.png")
    return folder


@dataclass
class Painter(BaseColorizer):
    """Paints each room as `painted` does, by where its leftmost line is; in the `wrong` frames it swaps two rooms.

    asked: how many frames it was asked for. stop_after: frames after which it fails, as a crash would.
    """

    wrong: tuple[int, ...] = ()
    asked: int = 0
    stop_after: int = 10**9

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        yield Progress("Coloring", 0.0)
        if self.asked >= self.stop_after:
            raise KeyboardInterrupt
        self.asked += 1
        columns = np.flatnonzero((request.line_art.ink < 0.5).any(axis=0))
        step = max(0, int(columns[0]) - 9) if len(columns) else 0
        colors = [BLUE, RED, SKIN] if step in self.wrong else COLORS
        return ColorizeResult(painted(step, colors), request.line_art.layer, "cpu", "fp32", request.line_art.size)


def colored(folder: Path, output: Path, painter: Painter, keys: Sequence[KeyFrame], **more: object) -> SceneResult:
    """Color the frames of a folder."""
    request = SceneRequest(files.open_frames(folder), tuple(keys), output, **more)  # type: ignore[arg-type]
    entry: ModelEntry = FakeModel()  # type: ignore[assignment]
    with WorkFolder(output) as work:
        return run(color_scene(entry, lambda: LoadedModel(painter, entry, 0.0), request, work))


def key(step: int, number: int | None = 0) -> KeyFrame:
    """A frame as a colored key."""
    ink = walking(step)
    return KeyFrame(Reference((painted(step) * ink[..., None]).astype(np.uint8), name="key.png"), number)


def colors_in(path: Path, step: int) -> list[tuple[int, ...]]:
    """The color in the middle of each room of a written frame."""
    pixels = np.asarray(Image.open(path).convert("RGB"))
    return [tuple(int(one) for one in pixels[40, step + 10 + 40 * room + 20]) for room in range(3)]
