"""The targets that a model which ships should reach, and how near a model comes to them on a folder of characters.

Everything that can be colored both ways is: as the raw guess and as flats in the references' palette. Drawings take the
same walk as in `trainer.evaluation`.
"""

import csv
import io
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import torch

from engine import images, model_catalog
from engine.color.compose import picture_of
from engine.colorizer import Colorizer
from engine.device import Device
from engine.errors import NurieError, RequestError
from engine.line_art import prepare
from engine.pipeline import run
from engine.request import ColorizeRequest, Progress, Reference
from engine.sentences import Sentence, joined
from trainer import evaluation
from trainer.evaluation import SIGMA, Drawing, Plan, ProtocolName, Scores, Shelf

GIVEN = 3  # references at once
TIMED_SIDE, TIMES = 512, 6  # pixels of the drawing that is timed, how often
PROTOCOLS: tuple[ProtocolName, ...] = get_args(ProtocolName)
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Target:
    """A line of the table. raw, flats: the wanted value of either way, None where nothing is asked.

    lowest: whether the wanted value is the least that is good, else it is the most. digits: behind the point.
    """

    name: str
    label: str
    raw: float | None
    flats: float | None = None
    lowest: bool = True
    digits: int = 3

    def met(self, value: float, wanted: float | None) -> bool | None:
        """Whether the value is good; None where that cannot be said."""
        if wanted is None or math.isnan(value):
            return None
        return value >= wanted if self.lowest else value <= wanted


TARGETS = (
    Target("accuracy", "region color accuracy, another pose", 0.80, 0.85),
    Target("difference", "mean region ΔE2000, another pose", 6.0, lowest=False, digits=2),
    Target("tinted", "paper tinted ΔE > 3, share of its area, another pose", 0.005, 0.005, lowest=False, digits=4),
    Target("warp_ssim", "SSIM, strong warp of the drawing as reference", 0.90),
    Target("warp_accuracy", "region color accuracy, the same", 0.92),
    Target("palette", "regions in a color of the reference, another character as reference", 0.95, 0.95),
    Target("three", "accuracy with three references, less that of the best single one", 0.0, 0.0),
    Target("megabytes", "file size, MB", 25.0, lowest=False, digits=1),
    Target("seconds_fp32", "seconds of one core for 512×512, fp32", 1.5, lowest=False, digits=2),
    Target("seconds_bf16", "seconds of one core for 512×512, bf16", 0.6, lowest=False, digits=2),
)


@dataclass(frozen=True)
class Measured:
    """What came of a model. raw, flats: values by the target's name, NaN where a way does not have it.

    counts: drawings by protocol. three: for "raw" and "flats" the accuracy with three references ("all") and with the
    single one that is best for each character ("best").
    """

    raw: Mapping[str, float]
    flats: Mapping[str, float]
    counts: Mapping[str, int]
    three: Mapping[str, Mapping[str, float]]


def measure(
    colorizer: Colorizer,
    model: Path,
    folder: Path,
    size: int,
    on_progress: OnProgress,
    *,
    seed: int = 1,
    limit: int | None = None,
) -> Measured:
    """Measure a model on folder/characters/NAME/, or folder/NAME/, at a working size in pixels.

    limit: so many drawings at most for each protocol, chosen by the seed. Raises NurieError.
    """
    # By themselves the other protocols take whatever else lies in the folder, as frames of clips.
    posed = evaluation.make_plan(folder, "cross-pose", seed)
    plans: dict[str, Plan] = {
        name: evaluation.plan_for(folder, posed.drawings, name, seed, limit) for name in PROTOCOLS
    }
    sets = list(_reference_sets(posed, seed, limit))
    shares = _shares(plans, len(sets))
    scores = {
        name: list(_both(colorizer, plan, size, _part(on_progress, f"{name}: ", *shares[name])))
        for name, plan in plans.items()
    }
    three = _three(colorizer, sets, size, _part(on_progress, "three references: ", *shares["three"]))
    values = [_values({name: [pair[way] for pair in found] for name, found in scores.items()}) for way in (0, 1)]
    for way, value in zip(("raw", "flats"), values, strict=True):
        value["three"] = three[way]["all"] - three[way]["best"]
    values[0] |= {"megabytes": model.stat().st_size / 1e6, **_seconds(model, plans["warp"])}
    counts = {name: len(found) for name, found in scores.items()} | {"three": len(sets)}
    return Measured(values[0], values[1], counts, three)


def _shares(plans: Mapping[str, Plan], sets: int) -> dict[str, tuple[float, float]]:
    """Where in the whole work each protocol begins and how much of it is its own."""
    counts = {name: len(plan.targets) for name, plan in plans.items()} | {"three": sets * (GIVEN + 1)}
    total, done, shares = max(1, sum(counts.values())), 0, {}
    for name, count in counts.items():
        shares[name] = done / total, count / total
        done += count
    return shares


def _part(on_progress: OnProgress, message: str, start: float, share: float) -> OnProgress:
    return lambda step: on_progress(Progress(joined((message, step.message), ""), start + share * step.fraction))


def _both(colorizer: Colorizer, plan: Plan, size: int, on_progress: OnProgress) -> Iterator[tuple[Scores, Scores]]:
    """Of every drawing of a plan the scores of the raw guess and of its flats. Raises RequestError without any."""
    shelf, none = Shelf(), True
    for colored in evaluation.evaluate(plan, colorizer, size, shelf, on_progress):
        none = False
        pair = colored.pair
        request = ColorizeRequest(colored.line_art, (pair.reference,), working_size=size, sigma=SIGMA)
        flat = picture_of(evaluation.flattened(colorizer, request, colored.result))
        reference = pair.reference.pixels if plan.protocol == "shuffled" else None
        yield colored.scores, evaluation.score(flat, pair.picture.pixels, reference)
    if none:
        first = next(iter(shelf.skipped.values()), "there are none")
        raise RequestError("None of the drawings in {0} can be used; the first: {1}", plan.folder, first)


def _values(scores: Mapping[str, list[Scores]]) -> dict[str, float]:
    means = {name: evaluation.means(found) for name, found in scores.items()}
    posed, warped = means["cross-pose"], means["warp"]
    return {
        **{name: posed[name] for name in ("accuracy", "difference", "tinted")},
        "warp_ssim": warped["ssim"],
        "warp_accuracy": warped["accuracy"],
        "palette": means["shuffled"]["palette"],
        **dict.fromkeys(("megabytes", "seconds_fp32", "seconds_bf16"), math.nan),
    }


def _reference_sets(plan: Plan, seed: int, limit: int | None) -> Iterator[tuple[Drawing, tuple[Drawing, ...]]]:
    """Each drawing of a character but the first three, with those three."""
    groups: dict[str | None, list[Drawing]] = {}
    for drawing in plan.drawings:
        groups.setdefault(drawing.character, []).append(drawing)
    found = [(one, tuple(group[:GIVEN])) for group in groups.values() for one in group[GIVEN:]]
    chosen = np.random.default_rng((seed, GIVEN)).permutation(len(found))[:limit]
    yield from (found[number] for number in sorted(chosen))


def _three(
    colorizer: Colorizer, sets: Sequence[tuple[Drawing, tuple[Drawing, ...]]], size: int, on_progress: OnProgress
) -> dict[str, dict[str, float]]:
    """Mean accuracy with all three references at once ("all") and with the single one that is best for the character
    ("best"), of the raw guess and of its flats. NaN without a character of four drawings."""
    found: dict[str, dict[str | None, list[list[float]]]] = {"raw": {}, "flats": {}}
    for number, (target, given) in enumerate(sets):
        on_progress(Progress(Sentence("{0} of {1} drawings", number, len(sets)), number / len(sets)))
        try:
            picture = images.read(target.path)
            references = tuple(images.for_reference(images.read(one.path)) for one in given)
            line_art = prepare.prepare(picture, "extract", SIGMA)
        except NurieError:
            continue  # the other protocols have told that it cannot be used
        ways: dict[str, list[float]] = {"raw": [], "flats": []}
        for chosen in (references, *((one,) for one in references)):
            request = ColorizeRequest(line_art, chosen, working_size=size, sigma=SIGMA)
            raw = run(colorizer.colorize(request), lambda _: None)
            flat = evaluation.flattened(colorizer, request, raw)
            for way, result in (("raw", raw), ("flats", flat)):
                ways[way].append(evaluation.accuracy(picture_of(result), picture.pixels))
        for way, values in ways.items():
            if not any(map(math.isnan, values)):
                found[way].setdefault(target.character, []).append(values)
    return {way: _best_and_all(list(characters.values())) for way, characters in found.items()}


def _best_and_all(characters: Sequence[Sequence[Sequence[float]]]) -> dict[str, float]:
    """Accuracies by character and drawing, with all references first and then with each → means over drawings."""
    count = sum(map(len, characters))
    if not count:
        return {"all": math.nan, "best": math.nan}
    together = sum(values[0] for drawings in characters for values in drawings)
    best = sum(max(map(sum, zip(*(values[1:] for values in drawings), strict=True))) for drawings in characters)
    return {"all": together / count, "best": best / count}


def _seconds(model: Path, plan: Plan) -> dict[str, float]:
    """Seconds of one core for a coloring of 512×512 pixels from a new reference on the CPU, by the target's name.

    Seconds of the processor with one thread: what else the computer does makes no difference to them, and several
    cores only make it quicker. Raises NurieError.
    """
    pixels = images.read(plan.drawings[plan.targets[0]].path).pixels
    square = np.asarray(cv2.resize(pixels, (TIMED_SIDE, TIMED_SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    line_art = prepare.prepare(images.Picture(square, None, None, None, "timed"), "extract", SIGMA)
    found, threads = {}, torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for precision in ("fp32", "bf16"):
            info, network = model_catalog.build(model)
            colorizer, times = model_catalog.colorizer_of(network, info, Device("cpu", precision)), []
            for turn in range(TIMES):
                reference = Reference(np.roll(square, turn, axis=1))  # another one each time: encoded ones are kept
                request = ColorizeRequest(line_art, (reference,), working_size=TIMED_SIDE, sigma=SIGMA)
                began = time.process_time()
                run(colorizer.colorize(request), lambda _: None)
                times.append(time.process_time() - began)
            found[f"seconds_{precision}"] = min(times)
    finally:
        torch.set_num_threads(threads)
    return found


def rows(measured: Measured) -> list[dict[str, Any]]:
    """The table as plain values: name, label, and for raw and flats value, target and whether it is met."""
    found = []
    for target in TARGETS:
        line: dict[str, Any] = {"name": target.name, "label": target.label, "at_least": target.lowest}
        for way, values, wanted in (("raw", measured.raw, target.raw), ("flats", measured.flats, target.flats)):
            value = values[target.name]
            line[way] = None if math.isnan(value) else round(value, 5)
            line[f"{way}_target"], line[f"{way}_met"] = wanted, target.met(value, wanted)
        found.append(line)
    return found


def as_csv(measured: Measured) -> str:
    """A line for each target, plain numbers; empty where something was not measured or is not asked."""
    lines, stream = rows(measured), io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return stream.getvalue()


def as_markdown(measured: Measured) -> list[str]:
    """The table as lines of Markdown; what a target is missed by stands behind its value."""
    lines = ["| | raw guess | flats, palette lock | target |", "|---|---:|---:|---|"]
    for target in TARGETS:
        cells = [_cell(target, values[target.name]) for values in (measured.raw, measured.flats)]
        lines.append(f"| {target.label} | {' | '.join(cells)} | {_wanted(target)} |")
    return lines


def _cell(target: Target, value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.{target.digits}f}"


def _wanted(target: Target) -> str:
    sign = "≥" if target.lowest else "≤"
    if target.flats is None or target.flats == target.raw:
        return f"{sign} {target.raw:g}"
    return f"{sign} {target.raw:g}, {sign} {target.flats:g} with flats"


def as_text(measured: Measured) -> list[str]:
    """The table for a person at a terminal."""
    lines = [f"{'':72}{'raw':>9}{'flats':>9}  target"]
    for target in TARGETS:
        marks = [
            _cell(target, values[target.name])
            + {True: " ", False: "!", None: " "}[target.met(values[target.name], want)]
            for values, want in ((measured.raw, target.raw), (measured.flats, target.flats))
        ]
        lines.append(f"{target.label:72}{marks[0]:>9}{marks[1]:>9}  {_wanted(target)}")
    return [*lines, "! missed"]
