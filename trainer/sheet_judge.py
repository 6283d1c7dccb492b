"""Judging an adapted model by pictures of the character that it has not learned from."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from engine import device as devices
from engine import model_loading, pipeline
from engine.checkpoint import CheckpointInfo
from engine.color.compose import lay_under_ink, picture_of
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.colorizer import Colorizer
from engine.errors import PictureError, RequestError, TrainingError
from engine.export.png import write_png
from engine.images import Picture
from engine.options import WORKING_SIZE_DEFAULT, LineOptions, Options
from engine.request import ColorizeRequest, Reference
from trainer import metrics
from trainer.character_sheet import SheetPicture
from trainer.evaluation import warped_reference
from trainer.fine_tuning_events import JudgedPicture, Sampled, Score, Verdict

Pixels = NDArray[np.uint8]

FEWEST = 3  # pictures of which one can be spared
LEAST_GAIN = 0.01  # of the guesses' region accuracy
SHARE = 6  # one more picture is held out for so many
REFERENCES = 5  # at most, to judge with
PAPER_LEVEL = 245  # a pixel is colored where one of its channels is darker
SAMPLES, VERDICT = "samples", "verdict"


@dataclass(frozen=True, eq=False)
class Split:
    """learned: the pictures to learn from. judged: those to judge by. real: whether those are other pictures."""

    learned: tuple[SheetPicture, ...]
    judged: tuple[SheetPicture, ...]
    real: bool


def hold_out(pictures: Sequence[SheetPicture], seed: int) -> Split:
    """Of three pictures or more some to judge by, chosen by the seed; of fewer a strong warp of the first one.

    The warp is never learned from, but the picture is, so that what it proves is less.
    """
    rng = np.random.default_rng((seed, len(pictures)))
    if len(pictures) < FEWEST:
        warped = warped_reference(pictures[0].pixels, WORKING_SIZE_DEFAULT, rng)
        return Split(tuple(pictures), (SheetPicture(pictures[0].path, pictures[0].name, warped),), real=False)
    count = max(1, len(pictures) // SHARE)
    chosen = set(rng.permutation(len(pictures))[:count].tolist())
    return Split(
        tuple(picture for number, picture in enumerate(pictures) if number not in chosen),
        tuple(picture for number, picture in enumerate(pictures) if number in chosen),
        real=True,
    )


@dataclass(frozen=True, eq=False)
class JudgedDrawing:
    """A held-out picture with the request to color its lines."""

    picture: SheetPicture
    request: ColorizeRequest


class Judge:
    """Colors the held-out pictures with the base and with what was made of it, from the pictures learned from."""

    def __init__(self, split: Split, network: nn.Module, info: CheckpointInfo, sigma: float, folder: Path) -> None:
        """network: the base as it is now, which is copied; folder: of the run, PNG files are written below it."""
        references = tuple(Reference(one.pixels, None, one.name) for one in split.learned[:REFERENCES])
        self.drawings = [drawing_of(picture, references, sigma) for picture in split.judged]
        self.folder = folder
        self._empty = copy.deepcopy(network).cpu().requires_grad_(False)
        self._info = info
        self._base = self._colorizer({})
        self._before = self._truth = folder

    def first_sample(self) -> Sampled:
        """The first held-out picture before anything is learned. Raises TrainingError where it cannot be written."""
        drawing = self.drawings[0]
        self._before = self._written(SAMPLES, "before", _guess(self._base, drawing))
        self._truth = self._written(SAMPLES, "truth", drawing.picture.pixels)
        return Sampled(0, self._before, self._before, self._truth)

    def sample(self, step: int, weights: Mapping[str, Tensor]) -> Sampled:
        """The first held-out picture as it is guessed now, after `first_sample`. Raises TrainingError."""
        guess = _guess(self._colorizer(weights), self.drawings[0])
        return Sampled(step, self._before, self._written(SAMPLES, f"{step:06d}", guess), self._truth)

    def verdict(self, weights: Mapping[str, Tensor]) -> Verdict:
        """Base and adapted model on all held-out pictures. Raises TrainingError where pictures cannot be written."""
        adapted = self._colorizer(weights)
        before, after, pictures = [], [], []
        for number, drawing in enumerate(self.drawings, 1):
            images = []
            for colorizer, scores in ((self._base, before), (adapted, after)):
                guessed, finished = _finished(colorizer, drawing)
                scores.append(scored(guessed, finished, drawing.picture.pixels))
                images.append(finished)
            paths = [
                self._written(VERDICT, f"{number:02d}-{word}", pixels)
                for word, pixels in zip(("before", "after", "truth"), [*images, drawing.picture.pixels], strict=True)
            ]
            pictures.append(JudgedPicture(drawing.picture.name, *paths))
        old, new = mean_score(before), mean_score(after)
        return Verdict(old, new, is_better(old, new), tuple(pictures))

    def _colorizer(self, weights: Mapping[str, Tensor]) -> Colorizer:
        network = copy.deepcopy(self._empty)
        network.load_state_dict({**network.state_dict(), **weights})
        return model_loading.colorizer_of(network, self._info, devices.choose("auto"))

    def _written(self, kind: str, name: str, pixels: Pixels) -> Path:
        return write_shown(self.folder / kind / f"{name}.png", pixels)


def write_shown(path: Path, pixels: Pixels) -> Path:
    """Write a picture to look at into the run's folder; returns its path. Raises TrainingError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_png(path, pixels)
    except (OSError, PictureError) as error:
        raise TrainingError("The run's folder cannot be written to: {0}", error) from error
    return path


def is_better(before: Score, after: Score) -> bool:
    """Whether guesses gain region accuracy, and finished colorings lose none.

    Both have to say so: with one picture to judge by, either alone goes up by chance too often.
    """
    gain = after.guess_accuracy - before.guess_accuracy
    return gain >= LEAST_GAIN and after.region_accuracy >= before.region_accuracy


def drawing_of(picture: SheetPicture, references: tuple[Reference, ...], sigma: float) -> JudgedDrawing:
    """A picture to judge by. Raises TrainingError where its lines show nothing."""
    try:
        drawn = Picture(picture.pixels, None, None, None, picture.name)
        options = Options(LineOptions("extract", sigma))
        line_art = pipeline.prepare_lines(drawn, None, options.lines)
    except RequestError as error:
        raise TrainingError("{0} cannot be judged by: {1}", picture.name, error) from error
    return JudgedDrawing(picture, pipeline.request_of(line_art, references, options))


def _guess(colorizer: Colorizer, drawing: JudgedDrawing) -> Pixels:
    return picture_of(pipeline.run(pipeline.color(colorizer, drawing.request)))


def _finished(colorizer: Colorizer, drawing: JudgedDrawing) -> tuple[Pixels, Pixels]:
    """The raw guess and the finished coloring, each under the lines."""
    result = pipeline.run(pipeline.color(colorizer, drawing.request))
    finished = pipeline.run(pipeline.finish(colorizer, drawing.request, result, Options()))
    return picture_of(result), lay_under_ink(finished.color, drawing.request.line_art.layer)


def scored(guessed: Pixels, finished: Pixels, truth: Pixels) -> Score:
    """The score of one picture."""
    accuracy, difference = region_accuracy(finished, truth)
    return Score(accuracy, difference, region_accuracy(guessed, truth)[0])


def region_accuracy(picture: Pixels, truth: Pixels) -> tuple[float, float]:
    """Region color accuracy and mean CIEDE2000, see `trainer.metrics.region_score`.

    Of a drawing that has no closed region, the share of the colored pixels within CIEDE2000 10, and their mean.
    """
    made, wanted = metrics.fit(picture), metrics.fit(truth)
    regions = metrics.find_regions(wanted)
    score = metrics.region_score(metrics.region_colors(made, regions), regions)
    if np.isfinite(score.accuracy):
        return score.accuracy, score.difference
    colored = wanted.min(axis=2) < PAPER_LEVEL
    if not colored.any():
        return 0.0, 0.0
    difference = ciede2000(to_lab(made)[colored], to_lab(wanted)[colored])
    return float(np.mean(difference <= metrics.RIGHT_DIFFERENCE)), float(difference.mean())


def mean_score(scores: Sequence[Score]) -> Score:
    """The mean of scores, at least one."""
    return Score(
        float(np.mean([one.region_accuracy for one in scores])),
        float(np.mean([one.delta_e for one in scores])),
        float(np.mean([one.guess_accuracy for one in scores])),
    )
