"""What corrections cost and what they bring: `python -m tests.benchmarks.bench_corrections [characters]`.

A hint at 2048×2048: targets are 0.3 CPU seconds and a fifth of the first finishing. On drawn characters in other poses
than their reference: how one hint on a wrong region changes the accuracy of all other regions (it must rise on
average), and of corrections carried over to a second pose how many are right (at least 0.9) and how many of the regions
that need one get one.
"""

import sys
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine import carrying, inspection, model_loading, pipeline
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.colorizer import Colorizer
from engine.corrections import Corrections, Hint
from engine.finishing import Finished, finish
from engine.options import FinishOptions
from engine.pipeline import run
from engine.request import ColorizeRequest, ColorizeResult, LineArt, Reference
from trainer import drawn_characters

CHARACTERS, FIRST = 20, 9200
SIZE, LARGE = 384, 2048
WRONG = 5.0  # CIEDE2000 from the true color
LEAST_AREA, LEAST_PURE = 20, 0.8  # pixels of regions that count, and share of them that one true color has
TARGET_SECONDS, TARGET_RATIO, TARGET_PRECISION = 0.3, 0.2, 0.9


@dataclass(frozen=True, eq=False)
class Colored:
    """A drawn character, colored. truth: count×3 true colors; counts: which regions are looked at."""

    colorizer: Colorizer
    request: ColorizeRequest
    result: ColorizeResult
    finished: Finished
    truth: NDArray[np.uint8]
    counts: NDArray[np.bool_]

    @classmethod
    def of(cls, colorizer: Colorizer, character: int, pose: int, reference: Reference) -> "Colored":
        drawing = drawn_characters.draw(character, pose, SIZE)
        request = ColorizeRequest(LineArt(drawing.line.astype(np.float32) / 255.0), (reference,))
        result = finished_run(colorizer.colorize(request))
        finished = finished_run(finish(colorizer, request, result, FinishOptions()))
        truth, pure = true_colors(drawing, finished)
        assert finished.regions is not None
        return cls(
            colorizer, request, result, finished, truth, (finished.regions.areas >= LEAST_AREA) & (pure >= LEAST_PURE)
        )

    def wrong(self, finished: Finished) -> NDArray[np.bool_]:
        """Which regions have another color than the true one."""
        assert finished.flats is not None
        return self.counts & (ciede2000(to_lab(finished.flats.colors), to_lab(self.truth)) > WRONG)

    def hinted(self, chosen: Sequence[int], *, spread: bool) -> Finished:
        """With the true color in these regions (from 0)."""
        assert self.finished.regions is not None
        places = inspection.places(self.finished.regions, np.asarray(chosen, np.intp))
        hints = tuple(Hint(x, y, color_of(self.truth[at]), spread) for at, (x, y) in zip(chosen, places, strict=True))
        options = FinishOptions(corrections=Corrections(hints))
        return finished_run(finish(self.colorizer, self.request, self.result, options, before=self.finished))


def finished_run(work: Generator[Any, None, Any]) -> Any:
    """The result of the steps."""
    return run(work, lambda _: None)


def color_of(color: NDArray[np.uint8]) -> tuple[int, int, int]:
    """A row of colors as a tuple."""
    return int(color[0]), int(color[1]), int(color[2])


def true_colors(drawing: drawn_characters.Drawing, finished: Finished) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The commonest flat color under each region, count×3, and the share of the region that has it."""
    assert finished.regions is not None
    on_paper = drawing.line > 127
    colors, number = np.unique(drawing.flats[on_paper], axis=0, return_inverse=True)
    votes = np.zeros((finished.regions.count, len(colors)))
    np.add.at(votes, (finished.regions.labels[on_paper] - 1, number.reshape(-1)), 1)
    return colors[votes.argmax(axis=1)], votes.max(axis=1) / np.maximum(votes.sum(axis=1), 1)


def measure_cost(colorizer: Colorizer) -> None:
    """CPU seconds of the first finishing and of one after a hint."""
    drawing, other = (drawn_characters.draw(FIRST, pose, 512) for pose in (1, 2))
    line = cv2.resize(drawing.line, (LARGE, LARGE), interpolation=cv2.INTER_CUBIC)
    request = ColorizeRequest(LineArt(np.asarray(line, np.float32) / 255.0), (Reference(other.color),))
    result = finished_run(colorizer.colorize(request))
    before, spent = None, []
    for number in range(4):
        hints = tuple(Hint(LARGE // 2, LARGE // 2 + 100 * at, (10, 200, 40 + at)) for at in range(number))
        start = time.process_time()
        options = FinishOptions(corrections=Corrections(hints))
        before = finished_run(finish(colorizer, request, result, options, before=before))
        spent.append(time.process_time() - start)
    print(
        f"{LARGE}x{LARGE}: finished in {spent[0]:.2f} CPU s, after a hint in {spent[1]:.2f} s, after another in "
        f"{min(spent[2:]):.2f} s (target: {TARGET_SECONDS:g}), {spent[1] / spent[0]:.2f} of it ({TARGET_RATIO:g})"
    )


def measure_hints(pages: Sequence[Colored]) -> None:
    """How one hint on a wrong region changes all others."""
    gained, followed, lowered = [], [], 0
    right, harmed = [], []
    for page in pages:
        before = page.wrong(page.finished)
        for region in np.flatnonzero(before).tolist():
            after = page.hinted([region], spread=True)
            assert after.hint is not None
            led = (after.hint >= 0) & page.counts
            led[region] = False
            if led.any():
                right.append(float((page.truth[led] == page.truth[region]).all(axis=1).mean()))
                harmed.append(float((~before[led] & page.wrong(after)[led]).mean()))
            others = page.counts.copy()
            others[region] = False
            change = int(before[others].sum()) - int(page.wrong(after)[others].sum())
            gained.append(change / max(1, int(others.sum())))
            followed.append(int((after.hint >= 0).sum()) - 1 if after.hint is not None else 0)
            lowered += change < 0
    count = max(1, len(gained))
    print(
        f"{len(gained)} hints on wrong regions of {len(pages)} drawings: {np.mean(followed):.2f} others follow each; "
        f"accuracy of the others {100.0 * np.mean(gained):+.2f} points; lowered by {lowered / count:.1%} of the hints"
    )
    if right:
        print(
            f"of the {len(right)} hints that led others: {np.mean(right):.0%} of these truly have the hint's color, "
            f"{np.mean(harmed):.0%} were right before and are wrong now"
        )


def measure_carrying(pairs: Sequence[tuple[Colored, Colored]]) -> None:
    """Precision and recall of what is proposed when all wrong regions of one pose were hinted."""
    right = proposed = needed = 0
    for source, target in pairs:
        hinted = np.flatnonzero(source.wrong(source.finished))
        if not hinted.size:
            continue
        corrected = source.hinted(hinted.tolist(), spread=False)
        found = carrying.carry(source.colorizer, corrected, target.finished)
        given = {color_of(color) for color in source.truth[hinted]}
        missing = target.wrong(target.finished)
        needed += sum(color_of(color) in given for color in target.truth[missing])
        judged = [one for one in found if target.counts[one.label - 1]]
        right += sum(color_of(target.truth[one.label - 1]) == one.color for one in judged)
        proposed += len(judged)
    print(
        f"carried over: {right} of {proposed} proposals right, {right / max(1, proposed):.2f} (target: "
        f"{TARGET_PRECISION:g}); {right / max(1, needed):.2f} of the {needed} regions that need it"
    )


def main() -> None:
    """Print cost, gain, precision and recall."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    characters = int(sys.argv[1]) if len(sys.argv) > 1 else CHARACTERS
    colorizer = model_loading.load_colorizer(pipeline.find_model(None).path, "cpu")
    measure_cost(colorizer)
    pairs: list[tuple[Colored, Colored]] = []
    for character in range(FIRST, FIRST + characters):
        reference = Reference(drawn_characters.draw(character, 3 * character, SIZE).color)
        one, other = (Colored.of(colorizer, character, 3 * character + pose, reference) for pose in (1, 2))
        pairs += [(one, other), (other, one)]
    measure_hints([one for one, _ in pairs])
    measure_carrying(pairs)


if __name__ == "__main__":
    main()
