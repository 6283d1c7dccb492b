"""Judging what a taught matching brings: pictures finished by heads that have not learned from them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from engine import model_loading, pipeline, plain_text
from engine.color.compose import lay_under_ink, picture_of
from engine.colorizer import Colorizer
from engine.errors import TrainingError
from engine.matching import matcher
from engine.model_catalog import ModelEntry
from engine.options import WORKING_SIZE_DEFAULT, Options
from engine.request import ColorizeResult, Reference
from trainer.character_sheet import SheetPicture
from trainer.evaluation import warped_reference
from trainer.fine_tuning_events import JudgedPicture, Sampled, Score, Verdict
from trainer.sheet_judge import (
    REFERENCES,
    SAMPLES,
    VERDICT,
    JudgedDrawing,
    Pixels,
    drawing_of,
    mean_score,
    scored,
    write_shown,
)
from trainer.tuning_folder import TuningFolder

JUDGED = "judged.json"
SECONDS = 4.0  # that judging a picture is expected to take
LEAST_GAIN = 0.005  # of the region accuracy of finished pictures, mean over those judged


@dataclass(frozen=True)
class _Judged:
    name: str
    before: Score
    after: Score


class MatchingJudge:
    """Finishes pictures with the matching of before and with what was made of it; the guess is the same for both."""

    def __init__(
        self,
        pictures: Sequence[SheetPicture],
        folds: Sequence[tuple[int, ...]],
        base: ModelEntry,
        colorizer: Colorizer,
        sigma: float,
        place: TuningFolder,
        seed: int,
    ) -> None:
        """folds: numbers of the pictures that are judged together; without any a warp of the first picture is judged,
        from the picture itself. colorizer: the base, ready to color."""
        self._base, self._colorizer, self._sigma, self._place = base, colorizer, sigma, place
        self._pictures = list(pictures)
        self.folds = list(folds) or [()]
        if not folds:
            warped = warped_reference(pictures[0].pixels, WORKING_SIZE_DEFAULT, np.random.default_rng((seed, 1)))
            self._pictures.append(SheetPicture(pictures[0].path, pictures[0].name, warped))
            self.folds = [(len(pictures),)]
        self._judged: dict[str, _Judged] = {}
        self._before: dict[int, tuple[JudgedDrawing, ColorizeResult, Pixels]] = {}

    @property
    def count(self) -> int:
        """How many pictures are judged."""
        return sum(len(fold) for fold in self.folds)

    def load(self) -> None:
        """Take over what an earlier slice has judged. Raises TrainingError where that is damaged."""
        path = self._place.checkpoints / JUDGED
        try:
            values: dict[str, Any] = plain_text.from_json(path.read_bytes(), plain_text.OWN)
            self._judged = {
                key: _Judged(one["name"], Score(**one["before"]), Score(**one["after"])) for key, one in values.items()
            }
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise TrainingError("The run's file {0} is damaged: remove its folder, and begin anew.", path) from error

    def is_judged(self, fold: int) -> bool:
        """Whether all pictures of a fold are."""
        return all(str(number) in self._judged for number in self.folds[fold])

    def first_sample(self) -> Sampled:
        """The first picture as it is finished before anything is learned. Raises TrainingError."""
        number = self.folds[0][0]
        before = self._written(SAMPLES, f"{number:02d}-before", self._finished_before(number)[2])
        truth = self._written(SAMPLES, f"{number:02d}-truth", self._pictures[number].pixels)
        return Sampled(0, before, before, truth)

    def judge(self, fold: int, network: Mapping[str, Tensor], step: int) -> Sampled:
        """Judge the pictures of a fold, and remember it; returns the first of them to look at. Raises TrainingError.

        network: all weights of the matching network, which has not learned from them. step: that it stands at.
        """
        taught = self._taught(network)
        for number in self.folds[fold]:
            drawing, result, before = self._finished_before(number)
            after = _finished(taught, drawing, result)
            truth, guess = drawing.picture.pixels, picture_of(result)
            scores = (scored(guess, finished, truth) for finished in (before, after))
            self._judged[str(number)] = _Judged(drawing.picture.name, *scores)
            for word, pixels in (("before", before), ("after", after), ("truth", truth)):
                self._written(VERDICT, f"{number:02d}-{word}", pixels)
            self._before.pop(number)
        self._place.write_json(f"{self._place.checkpoints.name}/{JUDGED}", self._plain())
        shown = self._shown(self.folds[fold][0])
        return Sampled(step, shown.before, shown.after, shown.truth)

    def verdict(self) -> Verdict:
        """Of the pictures judged so far, at least one."""
        found = {int(key): one for key, one in self._judged.items()}
        before, after = (
            mean_score([one.before for one in found.values()]),
            mean_score([one.after for one in found.values()]),
        )
        better = is_better([(one.before, one.after) for one in found.values()])
        return Verdict(before, after, better, tuple(self._shown(number) for number in sorted(found)))

    def _shown(self, number: int) -> JudgedPicture:
        paths = (self._path(VERDICT, f"{number:02d}-{word}") for word in ("before", "after", "truth"))
        return JudgedPicture(self._judged[str(number)].name, *paths)

    def _plain(self) -> dict[str, Any]:
        return {key: asdict(one) for key, one in self._judged.items()}

    def _finished_before(self, number: int) -> tuple[JudgedDrawing, ColorizeResult, Pixels]:
        if number not in self._before:
            fold = next(fold for fold in self.folds if number in fold)
            others = [one for place, one in enumerate(self._pictures) if place not in fold]
            references = tuple(Reference(one.pixels, None, one.name) for one in others[:REFERENCES])
            drawing = drawing_of(self._pictures[number], references, self._sigma)
            result = pipeline.run(pipeline.color(self._colorizer, drawing.request))
            self._before[number] = drawing, result, _finished(self._colorizer, drawing, result)
        return self._before[number]

    def _taught(self, weights: Mapping[str, Tensor]) -> Colorizer:
        from engine import device

        assert self._base.info is not None
        network = model_loading.matching_network(self._base.path, self._base.info)[0]
        network.load_state_dict(weights)
        info, colors = model_loading.build(self._base.path)
        return model_loading.colorizer_of(colors, info, device.choose("auto"), matcher.of(network, ""))

    def _path(self, kind: str, name: str) -> Path:
        return self._place.folder / kind / f"{name}.png"

    def _written(self, kind: str, name: str, pixels: Pixels) -> Path:
        return write_shown(self._path(kind, name), pixels)


def is_better(pictures: Sequence[tuple[Score, Score]]) -> bool:
    """Whether finished pictures gain, more of them rise than fall, and their colors are no further from the true ones.

    pictures: before and after of each. Half a point on average is asked for: less goes up and down by chance. The mean
    difference has to agree, since a large region just at the bound of what counts as right moves the accuracy a lot.
    """
    gains = [after.region_accuracy - before.region_accuracy for before, after in pictures]
    rise, fall = (sum(sign * gain > 0.0 for gain in gains) for sign in (1.0, -1.0))
    further = float(np.mean([after.delta_e - before.delta_e for before, after in pictures]))
    return float(np.mean(gains)) >= LEAST_GAIN and rise > fall and further <= 0.0


def _finished(colorizer: Colorizer, drawing: JudgedDrawing, result: ColorizeResult) -> Pixels:
    finished = pipeline.run(pipeline.finish(colorizer, drawing.request, result, Options()))
    return lay_under_ink(finished.color, drawing.request.line_art.layer)
