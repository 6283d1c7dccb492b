"""What each part of the keyframe networks brings: trained alike without it, measured on drawn scenes never seen.

Shi et al.: "Deep Line Art Video Colorization with a Few References", arXiv 2003.10685, 2020; its own ablation is not
published with numbers. Measured are the guesses of each network by themselves, and the tracks that hear them as a
witness beside the model that ships.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine import images, pipeline, plain_text
from engine.errors import TrainingError
from engine.export.png import write_png
from engine.options import ColorOptions, Options
from engine.pipeline import LoadedModel
from engine.request import Progress, Reference
from engine.typed_values import telling
from engine.video import files
from engine.video.scene import color_scene
from engine.video.scene_request import KeyFrame, SceneRequest
from engine.video.witness import WORKING_SIZE, Witness
from engine.video.work_folder import WorkFolder
from trainer import recipes, run_folder, scene_evaluation
from trainer.config import DataConfig, TrainConfig
from trainer.evaluation import accuracy
from trainer.experiments.report import write_text
from trainer.experiments.runner import Hooks
from trainer.recipes.keyframes import TEMPORAL, TRANSFORM
from trainer.scene_evaluation import Clip, Pixels
from trainer.training_loop import train

NAME, RESULT, ALONE = "keyframes", "scores.json", "tracks-alone"
VARIANTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "full": ("all parts", {}),
    "no-temporal": ("without the temporal network", {"temporal": False}),
    "no-transfer": ("without the similarity layer", {"transfer": False}),
    "no-adain": ("without AdaIN", {"adain": False}),
    "no-distance": ("without distance fields", {"distance": False}),
    "no-latent": ("without side outputs", {"side_outputs": False}),
    "no-copies": ("without copied pictures, as the paper has it", {"copies": False}),
}
COLUMNS = {
    "guess_accuracy": "region accuracy of the guess",
    "guess_flicker": "true flicker of the guess",
    "tracks_accuracy": "region accuracy of tracks that hear it",
    "tracks_flicker": "true flicker of these",
}
_SEED = 9_500  # of the first drawn scene that is measured
_TRAINING_SHARE = 0.8


@dataclass(frozen=True)
class Budget:
    """How long each network learns, and on how many drawn scenes it is measured. size: pixels; scenes, frames."""

    size: int = 64
    pictures: int = 8_000
    temporal_pictures: int = 2_000
    batch: int = 8
    scenes: int = 4
    frames: int = 12
    seed: int = 1


@dataclass(frozen=True)
class Row:
    """One network. scores: by the names of `COLUMNS`, None where there is nothing to measure."""

    name: str
    label: str
    pictures: int
    scores: Mapping[str, float | None]


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The variants of these names, in their order. Raises TrainingError for an unknown one."""
    for name in names:
        if name not in VARIANTS:
            raise TrainingError("There is no variant '{0}': choose among {1}.", name, ", ".join(VARIANTS))
    return tuple(dict.fromkeys(names))


def run(
    data: Sequence[Path], output: Path, names: Sequence[str], models: Sequence[Path], budget: Budget, hooks: Hooks
) -> tuple[list[Row], bool]:
    """Train and measure each variant, then finished models, and the tracks alone; whether these are all.

    Fewer rows when `hooks.should_stop` turned true; the same call goes on. Raises NurieError.
    """
    places = [(name, VARIANTS[name][0], _model_of(name, data, output, budget)) for name in chosen(names)]
    finished = [(path.stem, f"{path.stem}, as it is (another budget)", path) for path in models]
    judges = _Judge(output / "measured", budget)
    rows: list[Row] = []
    count = len(places) + len(finished) + 1

    def told(message: str, fraction: float) -> None:
        hooks.on_progress(Progress(message, (len(rows) + fraction) / count))

    for name, label, (training, model) in places:
        if not _trained(name, training, model, hooks, told):
            return rows, False
        rows.append(_row(name, label, model, judges, told))
    for name, label, model in finished:
        rows.append(_row(name, label, model, judges, told))
    told("tracks alone", _TRAINING_SHARE)
    rows.append(Row(ALONE, "tracks of the model that ships, no witness", 0, judges.tracks(None)))
    return rows, True


def training_of(name: str, data: Sequence[Path], output: Path, budget: Budget) -> TrainConfig:
    """The settings of a row."""
    start = recipes.find("keyframe").presets["keyframe-compact"]()
    network = replace(start.network, **VARIANTS[name][1])
    transform = replace(
        start.stages[0], size=budget.size, pictures=budget.pictures, batch=budget.batch, parts=(TRANSFORM,)
    )
    stages = [transform]
    if network.temporal:
        stages.append(
            replace(
                start.stages[-1],
                size=budget.size,
                pictures=budget.temporal_pictures,
                batch=budget.batch,
                parts=(TEMPORAL,),
            )
        )
    return replace(
        start,
        output=str(output),
        network=network,
        stages=tuple(stages),
        data=DataConfig(tuple(map(str, data)), protocol="varied", workers=0),
        seed=budget.seed,
        ema_decay=0.99,  # a short run is over before a slow average has seen it
    )


def write(rows: Sequence[Row], output: Path, budget: Budget, command: str) -> list[Path]:
    """keyframes.csv and keyframes.md; their paths, none where no row is done. Raises TrainingError."""
    if not rows:
        return []
    stream = io.StringIO(newline="")
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(["row", "label", "pictures", *COLUMNS])
    table.writerows([one.name, one.label, one.pictures, *(one.scores.get(name) for name in COLUMNS)] for one in rows)
    paths = [output / f"{NAME}.csv", output / f"{NAME}.md"]
    write_text(paths[0], stream.getvalue())
    write_text(paths[1], as_markdown(rows, budget, command))
    return paths


def as_markdown(rows: Sequence[Row], budget: Budget, command: str) -> str:
    """The table with what it takes to read it and to make it again."""
    titles = ["network", "samples", *COLUMNS.values()]
    lines = [
        "# keyframes: what each part of the networks brings",
        "",
        f"Each learned {budget.pictures} samples of {budget.size} pixels, and {budget.temporal_pictures} more for the "
        f"temporal network, from seed {budget.seed}. Measured on {budget.scenes} drawn scenes of {budget.frames} "
        "frames, every other one with large motion, the first and the last frame in color. True flicker: of the area "
        "whose true color stays from frame to frame, the share whose color changes.",
        "",
        f"| {' | '.join(titles)} |",
        f"|{'---|' * len(titles)}",
    ]
    for row in rows:
        values = [row.scores.get(name) for name in COLUMNS]
        shown = ["" if value is None else f"{value:.3f}" for value in values]
        lines.append(f"| {' | '.join([row.label, str(row.pictures), *shown])} |")
    return "\n".join([*lines, "", f"`{command}`", ""])


class _Judge:
    """Measures on the same scenes for all rows; what the model that ships says of them is found once."""

    def __init__(self, folder: Path, budget: Budget) -> None:
        self.folder = folder / f"{budget.scenes}x{budget.frames}"
        self.clips = list(scene_evaluation.drawn(budget.scenes, _SEED, budget.frames))
        self._base: LoadedModel | None = None

    @property
    def base(self) -> LoadedModel:
        """The model that ships, loaded once."""
        if self._base is None:
            self._base = pipeline.load_model(pipeline.find_model(None), "auto")
        return self._base

    def guesses(self, model: LoadedModel) -> dict[str, float | None]:
        """Of each frame by itself, the network alone."""
        found, flickers = list[float](), list[float]()
        options = Options(color=ColorOptions(size=WORKING_SIZE, panels="off"))
        for clip, source in self._sources():
            references = tuple(Reference(clip.colored[one], name="key") for one in (0, -1))
            made: list[Pixels] = []
            for picture, drawn in source.frames():
                line_art = pipeline.prepare_lines(picture, drawn, options.lines)
                request = pipeline.request_of(line_art, references, options)
                made.append(pipeline.run(model.colorizer.colorize(request)).color)
            found += [accuracy(one, true) for one, true in zip(made[1:-1], clip.colored[1:-1], strict=True)]
            flickers.append(scene_evaluation.flicker(made, clip.colored, clip.lines))
        return {"guess_accuracy": float(np.nanmean(found)), "guess_flicker": float(np.mean(flickers))}

    def tracks(self, model: LoadedModel | None) -> dict[str, float | None]:
        """Of the frames of each scene together, with this model as a witness."""
        found, flickers = list[float](), list[float]()
        witness = None
        if model is not None:
            assert model.entry is not None
            witness = Witness(model.entry, lambda: model)
        assert self.base.entry is not None
        for clip, source in self._sources():
            keys = tuple(KeyFrame(Reference(clip.colored[at], name="key"), at) for at in (0, len(clip.colored) - 1))
            output = source.path.with_name("out")
            request = SceneRequest(source, keys, output, cuts="off")
            with WorkFolder(output) as work:
                pipeline.run(color_scene(self.base.entry, lambda: self.base, request, work, second=witness))
            made = [images.read(output / f"{source.name(number)}.png").pixels for number in range(len(clip.colored))]
            found += [accuracy(one, true) for one, true in zip(made[1:-1], clip.colored[1:-1], strict=True)]
            flickers.append(scene_evaluation.flicker(made, clip.colored, clip.lines))
        return {"tracks_accuracy": float(np.nanmean(found)), "tracks_flicker": float(np.mean(flickers))}

    def _sources(self) -> Iterator[tuple[Clip, files.Source]]:
        for clip in self.clips:
            folder = self.folder / clip.name / "in"
            folder.mkdir(parents=True, exist_ok=True)
            for number, line in enumerate(clip.lines):
                if not (folder / f"{number:04d}.png").exists():
                    write_png(folder / f"{number:04d}.png", np.repeat(line[..., None], 3, axis=2))
            yield clip, files.open_frames(folder)


def _row(name: str, label: str, model: Path, judge: _Judge, told: Any) -> Row:
    told(f"{name}: measuring", _TRAINING_SHARE)
    entry = pipeline.find_model(str(model))
    pictures = int(entry.info.provenance.get("pictures", 0)) if entry.info is not None else 0
    kept = judge.folder / f"{name}-{entry.sha256()[:10]}-{RESULT}"
    if kept.is_file():
        scores = plain_text.from_json(kept.read_bytes(), plain_text.OWN)
        if isinstance(scores, dict) and set(scores) == set(COLUMNS):
            return Row(name, label, pictures, scores)
    loaded = pipeline.load_model(entry, "auto")
    scores = judge.guesses(loaded) | judge.tracks(loaded)
    write_text(kept, json.dumps(scores) + "\n")
    return Row(name, label, pictures, scores)


def _model_of(name: str, data: Sequence[Path], output: Path, budget: Budget) -> tuple[TrainConfig, Path]:
    training = training_of(name, data, output, budget)
    values = [telling(training.network), [telling(stage) for stage in training.stages], budget.seed]
    key = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:10]
    folder = output / "runs" / f"{name}-{key}"
    return replace(training, output=str(folder)), folder / run_folder.MODEL


def _trained(name: str, training: TrainConfig, model: Path, hooks: Hooks, told: Any) -> bool:
    if model.is_file():
        return True
    if hooks.should_stop():
        return False
    train(
        training,
        lambda step: told(
            f"{name}: {step.pictures} of {step.total} samples, loss {step.losses['total']:.3f}",
            _TRAINING_SHARE * step.pictures / step.total,
        ),
        hooks.should_stop,
    )
    return model.is_file()
