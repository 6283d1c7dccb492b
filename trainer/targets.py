"""The targets that a model which ships should reach, and how near a model comes to them on a folder of characters.

Everything that can be colored both ways is: as the raw guess and as flats in the references' palette. Drawings take the
same walk as in `trainer.evaluation`.
"""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from engine import images, model_catalog
from engine.color.compose import picture_of
from engine.colorizer import Colorizer
from engine.errors import NurieError, RequestError
from engine.line_art import prepare
from engine.pipeline import run
from engine.request import ColorizeRequest, Progress
from engine.sentences import Sentence, joined
from trainer import calibration, evaluation, target_times
from trainer.calibration import Certainty, certainty_of
from trainer.evaluation import SIGMA, Drawing, Group, Plan, ProtocolName, Scores, Shelf

GIVEN = 3  # references at once
PROTOCOLS: tuple[ProtocolName, ...] = get_args(ProtocolName)
_OF_SCORES = "accuracy", "difference", "tinted", "warp_ssim", "warp_accuracy", "palette"
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Target:
    """A line of the table. raw, flats: the wanted value of either way, None where nothing is asked.

    lowest: whether the wanted value is the least that is good, else it is the most. most: what is too much all the
    same, None for nothing. digits: behind the point.
    """

    name: str
    label: str
    raw: float | None
    flats: float | None = None
    lowest: bool = True
    digits: int = 3
    most: float | None = None

    def met(self, value: float, wanted: float | None) -> bool | None:
        """Whether the value is good; None where that cannot be said."""
        if wanted is None or math.isnan(value):
            return None
        if self.most is not None and value > self.most:
            return False
        return value >= wanted if self.lowest else value <= wanted


TARGETS = (
    Target("accuracy", "region color accuracy, another pose", 0.80, 0.87),
    Target("difference", "mean region ΔE2000, another pose", 6.0, lowest=False, digits=2),
    Target("tinted", "paper tinted ΔE > 3, share of its area, another pose", 0.005, 0.005, lowest=False, digits=4),
    Target("warp_ssim", "SSIM, strong warp of the drawing as reference", 0.90),
    Target("warp_accuracy", "region color accuracy, the same", 0.92),
    Target("palette", "regions in a color of the reference, another character as reference", 0.95, 0.99),
    Target("three", "accuracy with three references, less that of the best single one", 0.0, 0.02),
    Target("sure", "right of the area that is said to be 85 to 95 % sure", None, 0.85, most=0.95),
    Target("megabytes", "size of the model and of what matches parts beside it, MB", 25.0, lowest=False, digits=1),
    Target("seconds_fp32", "seconds of one core for 512×512, fp32", 1.5, lowest=False, digits=2),
    Target("seconds_bf16", "seconds of one core for 512×512, bf16", 0.6, lowest=False, digits=2),
    Target("seconds_match", "seconds of one core to match the parts of a drawing", None, 0.15, lowest=False),
    Target("seconds_reference", "the same of a new reference", None, 0.25, lowest=False),
)


@dataclass(frozen=True)
class Measured:
    """What came of a model. raw, flats: values by the target's name, NaN where a way does not have it.

    counts: drawings by protocol. three: for "raw" and "flats" the accuracy with three references ("all") and with the
    single one that is best for each character ("best"). groups: accuracy by the group's name, raw and flats, NaN where
    it has no drawing; and what is wanted of the flats.
    """

    raw: Mapping[str, float]
    flats: Mapping[str, float]
    counts: Mapping[str, int]
    three: Mapping[str, Mapping[str, float]]
    groups: Mapping[str, tuple[float, float, float | None]] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[Target, float, float]]:
        """All with both values: those of every model, then the groups."""
        found = [(target, self.raw[target.name], self.flats[target.name]) for target in TARGETS]
        for name, (raw, flats, wanted) in self.groups.items():
            found.append((Target(f"group {name}", f"region color accuracy, {name}", None, wanted), raw, flats))
        return found


def measure(
    colorizer: Colorizer,
    model: Path,
    folder: Path,
    size: int,
    on_progress: OnProgress,
    *,
    seed: int = 1,
    limit: int | None = None,
    groups: Sequence[Group] = (),
) -> Measured:
    """Measure a model on folder/characters/NAME/, or folder/NAME/, at a working size in pixels.

    limit: so many drawings at most for each protocol, chosen by the seed. groups: of characters, whose other poses are
    also measured by themselves. Raises NurieError.
    """
    # By themselves the other protocols take whatever else lies in the folder, as frames of clips.
    posed = evaluation.make_plan(folder, "cross-pose", seed)
    plans: dict[str, Plan] = {
        name: evaluation.plan_for(folder, posed.drawings, name, seed, limit) for name in PROTOCOLS
    }
    sets = list(_reference_sets(posed, seed, limit))
    shares = _shares(plans, len(sets))
    both = {
        name: list(_both(colorizer, plan, size, _part(on_progress, f"{name}: ", *shares[name])))
        for name, plan in plans.items()
    }
    scores = {name: [(one.raw, one.flats) for one in found] for name, found in both.items()}
    three = _three(colorizer, sets, size, _part(on_progress, "three references: ", *shares["three"]))
    values = [_values({name: [pair[way] for pair in found] for name, found in scores.items()}) for way in (0, 1)]
    for way, value in zip(("raw", "flats"), values, strict=True):
        value["three"] = three[way]["all"] - three[way]["best"]
    beside = model_catalog.matcher() if colorizer.abilities.parts else None
    size_bytes = sum(path.stat().st_size for path in (model, beside) if path is not None)
    values[0] |= {"megabytes": size_bytes / 1e6, **target_times.of_colorizing(model, plans["warp"])}
    of_poses = both["cross-pose"]
    sure = calibration.right_of_sure([one.certainty for one in of_poses if one.certainty is not None])
    values[1] |= {"sure": sure, **target_times.of_matching(model, plans["warp"])}
    counts = {name: len(found) for name, found in scores.items()} | {"three": len(sets)}
    return Measured(values[0], values[1], counts, three, _by_group(of_poses, groups))


def _by_group(found: "Sequence[_Both]", groups: Sequence[Group]) -> dict[str, tuple[float, float, float | None]]:
    characters, patterns = [one.character for one in found], {group.name: group.pattern for group in groups}
    ways = [[one.raw for one in found], [one.flats for one in found]]
    raw, flats = (evaluation.by_group(characters, scores, patterns) for scores in ways)
    none = {"accuracy": math.nan}
    return {
        name: (raw.get(name, none)["accuracy"], flats.get(name, none)["accuracy"], wanted) for name, _, wanted in groups
    }


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


@dataclass(frozen=True, eq=False)
class _Both:
    """The scores of a drawing's raw guess and of its flats. certainty: of the flats."""

    character: str
    raw: Scores
    flats: Scores
    certainty: Certainty | None


def _both(colorizer: Colorizer, plan: Plan, size: int, on_progress: OnProgress) -> Iterator[_Both]:
    """Of every drawing of a plan. Raises RequestError without any."""
    shelf, none = Shelf(), True
    for colored in evaluation.evaluate(plan, colorizer, size, shelf, on_progress):
        none = False
        pair = colored.pair
        request = ColorizeRequest(colored.line_art, (pair.reference,), working_size=size, sigma=SIGMA)
        finished = evaluation.finished(colorizer, request, colored.result)
        flat = picture_of(replace(colored.result, color=finished.color))
        reference = pair.reference.pixels if plan.protocol == "shuffled" else None
        scores = evaluation.score(flat, pair.picture.pixels, reference)
        certainty = certainty_of(finished, pair.picture.pixels)
        yield _Both(pair.target.character or "", colored.scores, scores, certainty)
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
        **{target.name: math.nan for target in TARGETS if target.name not in _OF_SCORES},
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


def rows(measured: Measured) -> list[dict[str, Any]]:
    """The table as plain values: name, label, and for raw and flats value, target and whether it is met."""
    found = []
    for target, raw, flats in measured.lines:
        line: dict[str, Any] = {"name": target.name, "label": target.label, "at_least": target.lowest}
        for way, value, wanted in (("raw", raw, target.raw), ("flats", flats, target.flats)):
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
    for target, *values in measured.lines:
        cells = [_cell(target, value) for value in values]
        lines.append(f"| {target.label} | {' | '.join(cells)} | {_wanted(target)} |")
    return lines


def _cell(target: Target, value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.{target.digits}f}"


def _wanted(target: Target) -> str:
    sign = "≥" if target.lowest else "≤"
    if target.raw is None:
        until = "" if target.most is None else f", ≤ {target.most:g}"
        return "" if target.flats is None else f"{sign} {target.flats:g}{until}"
    if target.flats is None or target.flats == target.raw:
        return f"{sign} {target.raw:g}"
    return f"{sign} {target.raw:g}, {sign} {target.flats:g} with flats"


def as_text(measured: Measured) -> list[str]:
    """The table for a person at a terminal."""
    lines = [f"{'':72}{'raw':>9}{'flats':>9}  target"]
    for target, raw, flats in measured.lines:
        marks = [
            _cell(target, value) + {True: " ", False: "!", None: " "}[target.met(value, want)]
            for value, want in ((raw, target.raw), (flats, target.flats))
        ]
        lines.append(f"{target.label:72}{marks[0]:>9}{marks[1]:>9}  {_wanted(target)}")
    return [*lines, "! missed"]
