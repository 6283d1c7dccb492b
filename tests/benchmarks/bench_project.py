"""How long a project of many drawings takes to open and to save: `python -m tests.benchmarks.bench_project`.

Opening is also given as a multiple of a fixed yardstick measured in the same run, so that machines can be compared.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication

from app.controllers import finish_work as finishing
from app.document.character import Character
from app.document.making import lines_of
from app.document.page import Page, Snapshot
from app.document.parts import Drawing, ReferenceItem
from app.images import qt_images
from app.images.pyramid import Pyramid
from app.project_file.file import loaded, read, write
from app.project_file.page_codec import PageCodec
from engine.colorizer import run
from engine.images import Picture
from engine.options import LineOptions, Options
from engine.request import ColorizeRequest, ColorizeResult, Reference
from tests.fakes import FakeColorizer
from tests.finishing import blotches, ellipses

DISTINCT = 4  # pages that are finished; the others are moved copies


def main() -> None:
    """Print a table of seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawings", type=int, default=50)
    parser.add_argument("--side", type=int, default=1024)
    arguments = parser.parse_args()
    _app = QGuiApplication([])
    pages = make_pages(arguments.drawings, arguments.side)
    yardstick = timed(measure_yardstick)
    with tempfile.TemporaryDirectory() as folder:
        path, codec = Path(folder) / "bench.nurie", PageCodec()
        snapshot = Snapshot(pages, pages[0].id, characters=pages[0].cast)
        saving = timed(lambda: run(write(path, snapshot, codec), lambda _: None))
        again = timed(lambda: run(write(path, snapshot, codec), lambda _: None))
        opening = timed(lambda: run(read(path), lambda _: None))
        project = run(read(path), lambda _: None)
        showing = timed(lambda: loaded(project.pages[1]))
        size = path.stat().st_size / 1e6
    print(f"{arguments.drawings} drawings of {arguments.side}² colored, {size:.0f} MB; yardstick {yardstick:.3f} s")
    for name, seconds in (("save", saving), ("save again", again), ("open", opening), ("show another", showing)):
        print(f"{name:<14}{seconds:8.3f} s {seconds / yardstick:8.2f} yardsticks")


def make_pages(count: int, side: int) -> tuple[Page, ...]:
    """Colored pages, each with lines of its own and one reference for all, that of their character."""
    sheet = np.asarray(cv2.resize(blotches(1), (side, side)), np.uint8)
    item = ReferenceItem(Reference(sheet, name="sheet.png"), qt_images.thumbnail(sheet, 320))
    made = [make_page(number, side, item) for number in range(min(count, DISTINCT))]
    character = Character(0, references=(item,))
    return tuple(shifted(made[number % DISTINCT], number, side).with_cast([character], ()) for number in range(count))


def shifted(page: Page, number: int, side: int) -> Page:
    """Another page with the same picture moved down, which takes less time than finishing another one."""
    by = number * side // 101
    assert page.drawing is not None and page.coloring is not None
    finished, result = page.coloring.finished, page.coloring.result
    assert finished.regions is not None
    pixels = np.roll(page.drawing.picture.pixels, by, 0)
    picture = replace(page.drawing.picture, pixels=pixels, name=f"{number}.png")
    drawing = replace(page.drawing, picture=picture, view=Pyramid(pixels))
    lines = lines_of(drawing, LineOptions(lines="ink"))
    regions = replace(finished.regions, labels=np.roll(finished.regions.labels, by, 0))
    request = replace(finished.request, line_art=lines.line_art)
    finished = replace(finished, request=request, color=np.roll(finished.color, by, 0), regions=regions)
    result = replace(result, color=np.roll(result.color, by, 0), layer=lines.line_art.layer)
    coloring = replace(page.coloring, result=result, finished=finished)
    return replace(page, id=number + 1, drawing=drawing, lines=lines, coloring=coloring)


def make_page(number: int, side: int, item: ReferenceItem) -> Page:
    """One colored page."""
    ink = np.asarray(ellipses(number, side, side, 12) * 255.0, np.uint8)
    pixels: NDArray[np.uint8] = np.repeat(ink[..., None], 3, axis=2)
    drawing = Drawing(Picture(pixels, None, None, None, f"{number}.png"), "line_art", Pyramid(pixels))
    lines = lines_of(drawing, LineOptions(lines="ink"))
    guess = np.asarray(cv2.resize(blotches(number), (side, side)), np.uint8)
    request = ColorizeRequest(lines.line_art, (item.reference,))
    result = ColorizeResult(guess, lines.line_art.layer, "cpu", "fp32", (512, 512))
    options = Options(lines.settings)
    steps = finishing.finish(FakeColorizer(), request, result, options, ("bench", "0" * 64), lambda: False)
    coloring = run(steps, lambda _: None)
    coloring = replace(coloring, finished=replace(coloring.finished, stages=None))
    return Page(number, drawing, LineOptions(), (item,), options.finish, lines=lines, coloring=coloring)


def measure_yardstick() -> None:
    """A fixed amount of the kinds of work that opening does: reading, hashing, unpacking."""
    data = np.random.default_rng(1).integers(0, 16, 8_000_000, np.uint8).tobytes()
    zlib.decompress(zlib.compress(data, 1))


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor, of the whole process."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    main()
