"""Evaluation of a model on a folder of drawings: which drawing is colored from which reference, and how well.

Every drawing takes the walk of the program: line art by XDoG (σ = 0.4) at the drawing's own size, the colorizer, the
flattened result; `trainer.metrics` compares that with the drawing. Everything that is chosen depends on the seed alone.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatch
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import images, pipeline
from engine.color.compose import picture_of
from engine.colorizer import Colorizer
from engine.colorizers.runner import fitted_size
from engine.errors import NurieError, RequestError
from engine.finishing import Finished
from engine.images import Picture
from engine.options import ColorOptions, LineOptions, Options
from engine.request import ColorizeRequest, ColorizeResult, LineArt, Progress, Reference
from engine.sentences import Sentence
from trainer import augmentation, characters3d, metrics, sources
from trainer.calibration import Certainty, certainty_of

ProtocolName = Literal["cross-pose", "shuffled", "warp"]
Pixels = NDArray[np.uint8]

SIGMA = 0.4
# As strong as in training, but the picture is made smaller: a color that has left the reference cannot be found in it.
WARP_SCALE, WARP_TURN, WARP_STRENGTH = (0.7, 0.9), 25.0, 0.2
_LIMIT, _SHUFFLE, _WARP = range(3)  # streams of random numbers of one seed


@dataclass(frozen=True)
class Drawing:
    """A picture file; drawings of one character share its name, a drawing by itself has None."""

    path: Path
    character: str | None = None


class Group(NamedTuple):
    """Characters of such names (patterns of the shell, with commas between), and the wanted accuracy, or None."""

    name: str
    pattern: str
    wanted: float | None = None


@dataclass(frozen=True)
class Plan:
    """What to color: drawings, which of them (by number) are targets, and the protocol that gives the references."""

    protocol: ProtocolName
    folder: Path
    drawings: tuple[Drawing, ...]
    targets: tuple[int, ...]
    seed: int

    def name_of(self, path: Path) -> str:
        """The path below the folder, with slashes."""
        return path.relative_to(self.folder).as_posix()


@dataclass(frozen=True, eq=False)
class Pair:
    """A target to color and the reference to do it from; source is the reference's file."""

    target: Drawing
    picture: Picture
    reference: Reference
    source: Path


@dataclass(frozen=True)
class Scores:
    """The measures of one coloring, see `trainer.metrics`; NaN where the picture does not allow one.

    accuracy, difference: of the regions' colors. tinted: share of paper. ssim_paper: as the paper's code takes it.
    palette: share of regions in a color of the reference, only with shuffled references.
    """

    accuracy: float
    difference: float
    tinted: float
    ssim: float
    ssim_paper: float
    ms_ssim: float
    psnr: float
    palette: float


MEASURES = tuple(field.name for field in fields(Scores))


@dataclass(frozen=True, eq=False)
class Colored:
    """One coloring with all that led to it. certainty: of its flats, where those are measured."""

    pair: Pair
    line_art: LineArt
    result: ColorizeResult
    scores: Scores
    certainty: Certainty | None = None

    @property
    def image(self) -> Pixels:
        """The flattened picture, H×W×3, composed anew each time."""
        return picture_of(self.result)


def read_drawing(path: Path) -> Picture:
    """A drawing of a plan, a rendering in its character's colors. Raises PictureError."""
    return characters3d.picture(path) if characters3d.is_rendering(path) else images.read(path)


class Shelf:
    """Reads pictures and remembers those that cannot be used, each with the reason, in `skipped`."""

    def __init__(self) -> None:
        self.skipped: dict[Path, str] = {}
        self._read = lru_cache(maxsize=2)(read_drawing)

    def picture(self, path: Path) -> Picture | None:
        """The picture, or None when it cannot be used."""
        if path in self.skipped:
            return None
        try:
            return self._read(path)
        except NurieError as error:
            self.skip(path, error)
            return None

    def reference(self, path: Path) -> Reference | None:
        """The picture as a reference, or None when it cannot be used."""
        picture = self.picture(path)
        if picture is None:
            return None
        try:
            return pipeline.reference_of(picture)
        except NurieError as error:
            self.skip(path, error)
            return None

    def skip(self, path: Path, reason: Exception) -> None:
        """Remember that `path` cannot be used."""
        self.skipped[path] = " ".join(str(reason).split())


def make_plan(folder: Path, protocol: ProtocolName, seed: int = 1, limit: int | None = None, only: str = "*") -> Plan:
    """What to color of a folder.

    cross-pose: folder/characters/NAME/, or folder/NAME/; of each character the first drawing by name is the reference,
    the others are targets. A character may be renderings with labels, see `trainer.characters3d`. only: of characters
    with names like this pattern of the shell. shuffled, warp: any folder, laid out as `trainer.sources.find_sources`
    knows it. limit: so
    many targets at most, chosen by the seed.
    Raises NurieError, one sentence, when the folder does not hold what the protocol needs.
    """
    if folder.is_file():
        raise RequestError("{0} is a file; name a folder of color pictures.", folder)
    drawings = _find_drawings(folder)
    if protocol == "cross-pose":
        drawings = _find_characters(folder)
    drawings = [one for one in drawings if fnmatch(one.character or one.path.stem, only)]
    return plan_for(folder, drawings, protocol, seed, limit)


def plan_for(
    folder: Path, drawings: Sequence[Drawing], protocol: ProtocolName, seed: int = 1, limit: int | None = None
) -> Plan:
    """What to color of these drawings, which all lie below `folder`; see `make_plan`.

    For cross-pose only drawings of characters that have two or more count. Raises RequestError, one sentence, when the
    drawings are too few.
    """
    if protocol == "cross-pose":
        counts = Counter(drawing.character for drawing in drawings)
        drawings = [drawing for drawing in drawings if drawing.character and counts[drawing.character] > 1]
        first = {drawing.character: number for number, drawing in reversed(list(enumerate(drawings)))}
        targets = [number for number, drawing in enumerate(drawings) if first[drawing.character] != number]
    else:
        targets = list(range(len(drawings)))
        if protocol == "shuffled" and len(drawings) < 2:
            raise RequestError("There is only one picture in {0}; shuffled references need two or more.", folder)
    if limit is not None:
        chosen = np.random.default_rng((seed, _LIMIT)).permutation(len(targets))[:limit]
        targets = [targets[number] for number in sorted(chosen)]
    return Plan(protocol, folder, tuple(drawings), tuple(targets), seed)


def _find_drawings(folder: Path) -> list[Drawing]:
    """All drawings; the characters of the trainer's layout are known, class folders of photographs are none."""
    found = []
    for source in sources.find_sources(folder):
        inside = folder.name == "characters" and source.color.parent != folder
        found.append(Drawing(source.color, source.color.relative_to(folder).parts[0] if inside else source.character))
    return found


def _find_characters(folder: Path) -> list[Drawing]:
    """The drawings of all characters with two or more, in the order of their names."""
    root = folder / "characters"
    root = root if root.is_dir() else folder
    found: list[Drawing] = []
    for character in sorted(path for path in root.iterdir() if path.is_dir()):
        paths = [
            path
            for path in sorted(character.iterdir())
            if path.suffix.lower() in sources.SUFFIXES and not path.name.startswith("line_")
        ]
        if characters3d.is_character(character):
            paths = characters3d.renderings(character)
        drawings = [Drawing(path, character.name) for path in paths]
        if len(drawings) > 1:
            found += drawings
    if not found:
        raise RequestError(
            "No character in {0} has two drawings; put the drawings of each into a folder of its own, "
            "or choose --protocol shuffled or warp.",
            folder,
        )
    return found


def pairs(plan: Plan, shelf: Shelf, working_size: int) -> Iterator[Pair | None]:
    """One Pair for each target of the plan, None where the target or every reference for it cannot be used.

    working_size: longer side of the references that the warp protocol draws, in pixels.
    """
    candidates = _shuffled_candidates(plan) if plan.protocol == "shuffled" else partial(_same_character, plan)
    for number in plan.targets:
        target = plan.drawings[number]
        picture = shelf.picture(target.path)
        if picture is None:
            yield None
        elif plan.protocol == "warp":
            warped = warped_reference(picture.pixels, working_size, np.random.default_rng((plan.seed, _WARP, number)))
            yield Pair(target, picture, Reference(warped, None, picture.name), target.path)
        else:
            yield _first_usable(plan, shelf, target, picture, candidates(number))


def _same_character(plan: Plan, number: int) -> list[int]:
    """The drawings of the character before this one: the first is the reference, the others stand in for it."""
    character = plan.drawings[number].character
    return [other for other in range(number) if plan.drawings[other].character == character]


def _first_usable(
    plan: Plan, shelf: Shelf, target: Drawing, picture: Picture, candidates: Iterable[int]
) -> Pair | None:
    for candidate in candidates:
        path = plan.drawings[candidate].path
        reference = shelf.reference(path)
        if reference is not None:
            return Pair(target, picture, reference, path)
    return None


def _shuffled_candidates(plan: Plan) -> Callable[[int], Iterator[int]]:
    """For the number of a drawing the references to try, its own in a random permutation without fixed points first.

    The drawings are laid in a random circle in which those of one character stand together, and everyone looks as many
    places ahead as the largest character has drawings: so nobody is given a drawing of the same character, unless one
    character has more than half of all drawings, where the circle is plain and only the drawing itself is avoided.
    """
    rng = np.random.default_rng((plan.seed, _SHUFFLE))
    count = len(plan.drawings)
    circle = [int(number) for number in rng.permutation(count)]
    group = [drawing.character or number for number, drawing in enumerate(plan.drawings)]
    members: dict[str | int, list[int]] = {}
    for number in circle:
        members.setdefault(group[number], []).append(number)
    ahead = max(len(numbers) for numbers in members.values())
    if 2 * ahead > count:
        ahead, group = 1, list(range(count))
    else:
        circle = [number for numbers in members.values() for number in numbers]
    place = {number: index for index, number in enumerate(circle)}

    def candidates(number: int) -> Iterator[int]:
        following = (circle[(place[number] + ahead + step) % count] for step in range(count))
        return (other for other in following if group[other] != group[number])

    return candidates


def warped_reference(pixels: Pixels, working_size: int, rng: np.random.Generator) -> Pixels:
    """A strong warp of a drawing (turned, shrunk, perhaps mirrored, bent): H×W×3, longer side at most working_size."""
    height, width = pixels.shape[:2]
    canvas = fitted_size((height, width), working_size)
    matrix = augmentation.affine((height, width), canvas, rng, scale=WARP_SCALE, turn=WARP_TURN)
    placed = augmentation.place(pixels, matrix, canvas)
    return augmentation.warp(placed, augmentation.thin_plate_warp(canvas, rng, WARP_STRENGTH))


def score(output: Pixels, target: Pixels, reference: Pixels | None = None, *, structure: bool = True) -> Scores:
    """All measures of `output` against `target` (both H×W×3 of one size), the palette's if `reference` is given.

    structure: whether the three that take most of the time, of structural similarity, are measured; else they are NaN.
    """
    made, wanted = metrics.fit(output), metrics.fit(target)
    regions = metrics.find_regions(wanted)
    colors = metrics.region_colors(made, regions)
    of_regions = metrics.region_score(colors, regions)
    palette = math.nan
    if reference is not None:
        palette = metrics.palette_share(colors, regions, metrics.find_palette(metrics.fit(reference)))
    return Scores(
        accuracy=of_regions.accuracy,
        difference=of_regions.difference,
        tinted=metrics.tinted_paper(made, wanted, regions),
        ssim=metrics.ssim(made, wanted) if structure else math.nan,
        ssim_paper=metrics.ssim_of_paper(made, wanted) if structure else math.nan,
        ms_ssim=metrics.ms_ssim(made, wanted) if structure else math.nan,
        psnr=metrics.psnr(made, wanted),
        palette=palette,
    )


def evaluate(
    plan: Plan,
    colorizer: Colorizer,
    working_size: int,
    shelf: Shelf,
    on_progress: Callable[[Progress], None],
    *,
    flats: bool = False,
) -> Iterator[Colored]:
    """Color and measure every target of the plan that can be used; the others are in `shelf.skipped` afterwards.

    flats: measure flats in the palette of the reference, as `engine.finishing` makes them, and not the raw guess.
    """
    options = Options(LineOptions("extract", SIGMA), ColorOptions(working_size))
    total = len(plan.targets)
    for number, pair in enumerate(pairs(plan, shelf, working_size)):
        on_progress(Progress(Sentence("{0} of {1} drawings", number, total), number / total))
        if pair is None:
            continue
        try:
            line_art = pipeline.prepare_lines(pair.picture, None, options.lines)
        except NurieError as error:
            shelf.skip(pair.target.path, error)
            continue
        request = pipeline.request_of(line_art, (pair.reference,), options)
        result = pipeline.run(pipeline.color(colorizer, request))
        certainty = None
        if flats:
            made = finished(colorizer, request, result)
            result, certainty = replace(result, color=made.color), certainty_of(made, pair.picture.pixels)
        reference = pair.reference.pixels if plan.protocol == "shuffled" else None
        yield Colored(pair, line_art, result, score(picture_of(result), pair.picture.pixels, reference), certainty)
    on_progress(Progress("Done", 1.0))


def flattened(colorizer: Colorizer, request: ColorizeRequest, result: ColorizeResult) -> ColorizeResult:
    """A coloring with flats in the palette of its references in the place of the raw guess."""
    return replace(result, color=finished(colorizer, request, result).color)


def finished(colorizer: Colorizer, request: ColorizeRequest, result: ColorizeResult) -> Finished:
    """A coloring finished as it is by default."""
    return pipeline.run(pipeline.finish(colorizer, request, result, Options()))


def accuracy(output: Pixels, target: Pixels) -> float:
    """Region color accuracy alone, as in `score`."""
    made, wanted = metrics.fit(output), metrics.fit(target)
    regions = metrics.find_regions(wanted)
    return metrics.region_score(metrics.region_colors(made, regions), regions).accuracy


def means(scores: list[Scores]) -> dict[str, float]:
    """Each measure's mean over the pictures that allow it, NaN where none does."""
    table = np.array([[getattr(one, name) for name in MEASURES] for one in scores], np.float64).reshape(
        -1, len(MEASURES)
    )
    known = np.isfinite(table)
    counts = known.sum(axis=0)
    sums = np.where(known, table, 0.0).sum(axis=0)
    return {
        name: float(total / count) if count else float("nan")
        for name, total, count in zip(MEASURES, sums, counts, strict=True)
    }


def by_group(
    characters: Sequence[str], scores: Sequence[Scores], groups: Mapping[str, str]
) -> dict[str, dict[str, float]]:
    """The means of the drawings of each group of characters.

    characters: one of each score; groups: name → patterns of the shell, with commas between. A group without a
    drawing is left out.
    """
    found = {}
    for name, patterns in groups.items():
        wanted = [pattern.strip() for pattern in patterns.split(",")]
        of = [
            score
            for character, score in zip(characters, scores, strict=True)
            if any(fnmatch(character, pattern) for pattern in wanted)
        ]
        if of:
            found[name] = means(of)
    return found
