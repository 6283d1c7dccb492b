"""How well scenes are colored: `python -m trainer.scene_evaluation --data CLIPS`, or `--drawn N` for drawn ones.

A folder of clips has a folder each, with frames `NNN.webp` in color and their drawings `line_NNN.png`. The first frame
is the only key. Told of each clip, for the scene as a whole and for each frame by itself:

- region accuracy: as `evaluate` has it, the mean of all frames but the key;
- true flicker: of the area whose true color stays from one frame to the next (and that is no line), the share whose
  color changes by more than a CIEDE2000 of 3.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import images, pipeline
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.errors import NurieError, TrainingError
from engine.export.png import write_png
from engine.pipeline import LoadedModel, run
from engine.request import Reference
from engine.video import files
from engine.video.scene import color_scene
from engine.video.scene_request import KeyFrame, SceneRequest
from engine.video.witness import Witness
from engine.video.work_folder import WorkFolder
from trainer.drawn_characters.scene import scene
from trainer.evaluation import accuracy

_STAYS, _CHANGES = 1.0, 3.0  # CIEDE2000 between frames
_PAPER = 250  # gray level from which a pixel is no line
_FRAMES, _SIZE = 24, 400  # of a drawn scene

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Clip:
    """Frames in color, H×W×3, and their drawings, H×W."""

    name: str
    colored: list[Pixels]
    lines: list[NDArray[np.uint8]]


@dataclass(frozen=True)
class Score:
    """Of one clip. alone: each frame by itself. seconds: of a frame, all included, for the scene."""

    name: str
    frames: int
    accuracy: float
    flicker: float
    alone_accuracy: float
    alone_flicker: float
    seconds: float


def clips_in(folder: Path) -> Iterator[Clip]:
    """The clips of a folder, in the order of their names. Raises TrainingError where there is none."""
    found = False
    for clip in sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else ():
        frames = sorted(path for path in clip.glob("[0-9]*.webp") if (clip / f"line_{path.stem}.png").exists())
        if len(frames) > 1:
            found = True
            lines = [images.read(clip / f"line_{path.stem}.png").pixels[..., 1] for path in frames]
            yield Clip(clip.name, [images.read(path).pixels for path in frames], lines)
    if not found:
        raise TrainingError("There are no clips in {0}: a clip is a folder with 000.webp and line_000.png.", folder)


def drawn(count: int, seed: int, length: int = _FRAMES) -> Iterator[Clip]:
    """So many drawn scenes of so many frames, every other one with large motion."""
    for number in range(seed, seed + count):
        frames = list(scene(number, length, _SIZE, "large" if number % 2 else "small"))
        colored = [np.minimum(one.flats, one.line[..., None]) for one in frames]
        yield Clip(f"drawn_{number}", colored, [one.line for one in frames])


def measure(clip: Clip, model: LoadedModel, witness: Witness | None = None) -> Score:
    """Color one clip from its first frame, as a scene and each frame by itself. Raises NurieError.

    witness: who is heard beside the model, for the scene.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for number, line in enumerate(clip.lines):
            write_png(folder / "in" / f"{number:04d}.png", np.repeat(line[..., None], 3, axis=2))
        began = time.perf_counter()
        together = _colored(clip, model, folder, "off", witness)
        seconds = (time.perf_counter() - began) / len(clip.lines)
        # Where every frame begins a shot, nothing is followed; what is known of the frames is used again.
        alone = _colored(clip, model, folder, tuple(range(1, len(clip.lines))))
    return Score(
        clip.name, len(clip.lines), _accuracy(together, clip), flicker(together, clip.colored, clip.lines),
        _accuracy(alone, clip), flicker(alone, clip.colored, clip.lines), round(seconds, 3),
    )  # fmt: skip


def flicker(output: list[Pixels], truth: list[Pixels], lines: list[NDArray[np.uint8]]) -> float:
    """The share of the area that truly stays, whose color changes in `output`."""
    changed = stayed = 0
    for number in range(1, len(output)):
        clear = (lines[number] >= _PAPER) & (lines[number - 1] >= _PAPER)
        stays = clear & (_difference(truth[number], truth[number - 1]) < _STAYS)
        changed += int((_difference(output[number], output[number - 1])[stays] > _CHANGES).sum())
        stayed += int(stays.sum())
    return changed / max(1, stayed)


def _colored(
    clip: Clip, model: LoadedModel, folder: Path, cuts: object, witness: Witness | None = None
) -> list[Pixels]:
    key = KeyFrame(Reference(clip.colored[0], name="key"), 0)
    request = SceneRequest(files.open_frames(folder / "in"), (key,), folder / "out", cuts=cuts)  # type: ignore[arg-type]
    assert model.entry is not None
    with WorkFolder(folder / "out") as work:
        run(color_scene(model.entry, lambda: model, request, work, second=witness))
    return [images.read(folder / "out" / f"{number:04d}.png").pixels for number in range(len(clip.lines))]


def _accuracy(output: list[Pixels], clip: Clip) -> float:
    scores = [accuracy(one, true) for one, true in zip(output[1:], clip.colored[1:], strict=True)]
    return float(np.mean(scores))


def _difference(one: Pixels, other: Pixels) -> NDArray[np.float64]:
    """CIEDE2000 of each pixel; looked up only where the pixels differ."""
    differs = (one != other).any(axis=2)
    found = np.zeros(differs.shape)
    found[differs] = ciede2000(to_lab(one[differs]), to_lab(other[differs]))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 for an error, 130 for Ctrl+C)."""
    parser = argparse.ArgumentParser(prog="python -m trainer.scene_evaluation", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of clips")
    parser.add_argument("--drawn", type=int, default=0, metavar="N", help="measure on N drawn scenes, too")
    parser.add_argument("--seed", type=int, default=9_000, help="of the first drawn scene (default 9000)")
    parser.add_argument("--model", metavar="NAME|FILE", help="default: the shipped one")
    parser.add_argument("--witness", metavar="NAME|FILE", help="a second model that is heard beside it in scenes")
    parser.add_argument("--json", action="store_true", help="a JSON object a clip")
    options = parser.parse_args(arguments)
    try:
        model = pipeline.load_model(pipeline.find_model(options.model), "auto")
        witness = None
        if options.witness:
            second = pipeline.load_model(pipeline.find_model(options.witness), "auto")
            assert second.entry is not None
            witness = Witness(second.entry, lambda: second)
        scores = []
        for clip in (*(clips_in(options.data) if options.data else ()), *drawn(options.drawn, options.seed)):
            scores.append(measure(clip, model, witness))
            print(json.dumps(asdict(scores[-1])) if options.json else _row(scores[-1]), flush=True)
        if scores and not options.json:
            print(_row(_mean(scores)))
    except NurieError as error:
        print(f"nurie: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _mean(scores: list[Score]) -> Score:
    values = np.nanmean([[*asdict(one).values()][2:] for one in scores], axis=0).tolist()
    return Score("mean", sum(one.frames for one in scores), *values)


def _row(one: Score) -> str:
    return (
        f"{one.name:24} {one.frames:4} frames  accuracy {one.accuracy:.3f} (alone {one.alone_accuracy:.3f})  "
        f"flicker {one.flicker:.4f} (alone {one.alone_flicker:.4f})  {one.seconds:.2f} s a frame"
    )


if __name__ == "__main__":
    sys.exit(main())
