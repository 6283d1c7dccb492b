"""Whether "To check" leads to what is wrong: `python -m tests.benchmarks.bench_checks [characters] [FOLDER [PATTERN]]`.

On drawn characters in other poses than their reference, or on the characters of a folder (as `evaluate` takes them, the
first drawing of each being the reference): a person works the list from the top. Told are: of the drawings that have a
wrong region how many show one within the first three entries (target: 0.9), how many entries a drawing has (median 12
at most), and how many of the entries are wrong. A region is wrong from 10 CIEDE2000 between its flat color and the true
picture's, as for `evaluate`; regions without one true color, and those below 0.02 % of the picture, do not count.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine import inspection, model_loading, pipeline
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.colorizer import Colorizer
from engine.finishing import Finished
from engine.options import Options
from engine.request import ColorizeRequest, LineArt, Reference
from trainer import drawn_characters, evaluation, metrics

CHARACTERS, FIRST, SIZE = 30, 9600, 512
FIRST_FEW, LEAST_AREA, LEAST_PURE = 3, 2e-4, 0.8
TARGET_HITS, TARGET_ENTRIES = 0.9, 12


def wrong_regions(finished: Finished, truth: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which regions have another color than the picture, H×W×3, truly has there."""
    regions, flats = finished.regions, finished.flats
    assert regions is not None and flats is not None
    lab = to_lab(truth).reshape(-1, 3)
    paper = np.flatnonzero(finished.request.line_art.ink.reshape(-1) > 0.9)
    labels = regions.labels.reshape(-1)[paper]
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(1, regions.count + 2))
    wrong = np.zeros(regions.count, np.bool_)
    for index in range(regions.count):
        seen = lab[paper[order[bounds[index] : bounds[index + 1]]]]
        if regions.areas[index] < LEAST_AREA * regions.labels.size or not len(seen):
            continue
        middle = np.median(seen, axis=0, keepdims=True).astype(np.float32)
        pure = (ciede2000(seen, np.repeat(middle, len(seen), axis=0)) <= metrics.RIGHT_DIFFERENCE).mean()
        color = to_lab(flats.colors[index : index + 1])
        wrong[index] = pure >= LEAST_PURE and ciede2000(color, middle)[0] > metrics.RIGHT_DIFFERENCE
    return wrong


def drawn(colorizer: Colorizer, characters: int) -> Iterator[tuple[str, Finished, NDArray[np.uint8]]]:
    """Drawn characters, every third in watercolor, each in two poses beside that of its reference."""
    for character in range(FIRST, FIRST + characters):
        draw = drawn_characters.draw_washed if character % 3 == 2 else drawn_characters.draw
        reference = Reference(draw(character, 3 * character, SIZE).color)
        for pose in (1, 2):
            drawing = draw(character, 3 * character + pose, SIZE)
            request = ColorizeRequest(LineArt(drawing.line.astype(np.float32) / 255.0), (reference,))
            yield f"{character}/{pose}", finished_of(colorizer, request), drawing.flats


def of_folder(colorizer: Colorizer, folder: Path, only: str) -> Iterator[tuple[str, Finished, NDArray[np.uint8]]]:
    """The characters of a folder."""
    plan = evaluation.make_plan(folder, "cross-pose", only=only)
    options = Options(evaluation.LineOptions("extract", evaluation.SIGMA))
    for pair in evaluation.pairs(plan, evaluation.Shelf(), options.color.size):
        if pair is not None:
            line_art = pipeline.prepare_lines(pair.picture, None, options.lines)
            request = pipeline.request_of(line_art, (pair.reference,), options)
            yield plan.name_of(pair.target.path), finished_of(colorizer, request), pair.picture.pixels


def finished_of(colorizer: Colorizer, request: ColorizeRequest) -> Finished:
    """The drawing colored and finished with the options of a new project."""
    result = pipeline.run(pipeline.color(colorizer, request))
    return pipeline.run(pipeline.finish(colorizer, request, result, Options()))


def main() -> None:
    """Print hits, entries and precision."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    given = sys.argv[1:]
    colorizer = model_loading.load_colorizer(pipeline.find_model(None).path, "cpu")
    if given and not given[0].isdigit():
        pages = of_folder(colorizer, Path(given[0]), given[1] if len(given) > 1 else "*")
    else:
        pages = drawn(colorizer, int(given[0]) if given else CHARACTERS)
    hits, entries, right, missed = [], [], [], []
    for name, finished, truth in pages:
        wrong, found = wrong_regions(finished, truth), inspection.checks(finished)
        leads = [bool(wrong[[one.label - 1 for one in check.regions]].any()) for check in found]
        entries.append(len(found))
        right += leads
        if wrong.any():
            hits.append(any(leads[:FIRST_FEW]))
            missed += [] if hits[-1] else [name]
    print(
        f"{len(entries)} drawings, {len(hits)} with a wrong region: one is within the first {FIRST_FEW} entries in "
        f"{np.mean(hits):.2f} of them (target: {TARGET_HITS:g}); entries a drawing: median {np.median(entries):g} "
        f"(target: {TARGET_ENTRIES}), mean {np.mean(entries):.1f}, most {max(entries)}; {np.mean(right):.0%} of all "
        f"entries lead to a wrong region"
    )
    print("not within them: " + (", ".join(missed) or "none"))


if __name__ == "__main__":
    main()
