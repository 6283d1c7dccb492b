"""Pages and strips colored view by view."""

from collections.abc import Callable, Generator
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import inspection, pipeline
from engine.colorizers.base import BaseColorizer
from engine.finishing import Finished
from engine.options import ColorOptions, FinishOptions, Options
from engine.request import ColorizeRequest, ColorizeResult, LineArt, Progress, Reference
from engine.view_by_view import UNMET
from tests import comic_pages
from tests.comic_pages import Page
from tests.fakes import FakeColorizer

RED, BLUE = (200, 40, 40), (40, 60, 200)


def reference(color: tuple[int, int, int], panel: int | None = None) -> Reference:
    return Reference(np.full((32, 32, 3), color, np.uint8), panel=panel)


def colored(
    page: Page, *references: Reference, options: Options = Options(), by: BaseColorizer | None = None
) -> tuple[ColorizeResult, Finished]:
    colorizer = by or FakeColorizer()
    ink = page.pixels.mean(axis=2).astype(np.float32) / np.float32(255.0)
    request = pipeline.request_of(LineArt(ink), references, options)
    result = pipeline.run(pipeline.color(colorizer, request))
    return result, pipeline.run(pipeline.finish(colorizer, request, result, options))


class Blurs(BaseColorizer):
    """Paints what it sees of the ink, blurred, so that what is near the edge of a view looks otherwise."""

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        """At once."""
        yield Progress("", 0.5)
        ink = request.line_art.ink
        gray = cv2.GaussianBlur(ink, (0, 0), 9.0, borderType=cv2.BORDER_CONSTANT)
        color = np.rint(np.dstack([gray] * 3) * 255.0).astype(np.uint8)
        return ColorizeResult(color, ink, "cpu", "fp32", request.line_art.size)


def test_gutters_and_balloons_stay_paper_and_panels_are_colored() -> None:
    page = comic_pages.with_balloons(comic_pages.framed())
    result, finished = colored(page, reference(RED))
    assert [str(note) for note in result.notes] == [
        "Each panel was colored by itself; there are 3 (--panels off takes the page as one picture)."
    ]
    for x, y in [*page.papers[-6:], page.papers[3]]:
        assert finished.color[y, x].tolist() == [255, 255, 255]
    for _, x, y in page.parts:
        assert finished.color[y, x].tolist() == list(RED)
    places = {(doubt.x, doubt.y) for doubt in inspection.doubts(finished)}
    assert all(abs(x - 460) > 90 or abs(y - 520) > 30 for x, y in places)
    panels = inspection.report(finished)["panels"]
    assert [panel["number"] for panel in panels] == [1, 2, 3]
    left, top, right, bottom = panels[0]["box"]
    assert abs(left - 24) < 8
    assert abs(top - 24) < 8
    assert abs(right - 292) < 8
    assert abs(bottom - 410) < 8


def test_what_was_cut_off_at_a_gutter_without_frames_is_colored() -> None:
    page = comic_pages.framed(drawn=False)
    _, finished = colored(page, reference(RED))
    for x, y in [(27, 215), (290, 150), (313, 250), (27, 700)]:  # beside the gutters and the edge of the page
        assert finished.color[y - 12 : y + 12, x].tolist().count(list(RED)) > 12
    for x, y in [(10, 300), (300, 200), (300, 418), (590, 700)]:
        assert finished.color[y, x].tolist() == [255, 255, 255]


def test_a_panel_takes_its_own_reference_alone() -> None:
    page = comic_pages.framed()
    _, finished = colored(page, reference(RED), reference(BLUE, panel=2))
    colors = [tuple(finished.color[y, x].tolist()) for _, x, y in page.parts]
    assert colors == [RED] * 6 + [BLUE] * 6 + [RED] * 6


def test_a_reference_for_a_panel_that_is_not_there_is_told_of() -> None:
    for page in (comic_pages.framed(), Page(comic_pages.reference())):
        result, finished = colored(page, reference(RED), reference(BLUE, panel=9))
        assert UNMET.template in [getattr(note, "template", "") for note in result.notes]
        assert not (finished.color == BLUE).all(axis=2).any()


def test_off_and_what_is_no_page_are_one_picture() -> None:
    for page, options in (
        (comic_pages.framed(), Options(color=ColorOptions(panels="off"))),
        (Page(comic_pages.reference()), Options()),
    ):
        colorizer = FakeColorizer()
        result, _ = colored(page, reference(RED), options=options, by=colorizer)
        assert len(colorizer.requests) == 1
        assert colorizer.requests[0].line_art.size == page.pixels.shape[:2]
        assert not result.notes


def test_hints_and_flats_off_on_a_page() -> None:
    page = comic_pages.framed()
    options = Options(finish=FinishOptions(flats=False, locked=False))
    _, finished = colored(page, reference(RED), options=options)
    x, y = page.papers[-1]
    assert finished.color[y, x].tolist() == [255, 255, 255]
    assert finished.color[600, 150].tolist() == list(RED)


def test_equal_figures_of_a_strip_come_out_equal() -> None:
    page = comic_pages.strip(figures=5)
    colorizer = FakeColorizer()
    result, finished = colored(page, reference(RED), by=colorizer)
    assert len(colorizer.requests) == 5
    assert "5 pieces" in result.notes[0]
    first = finished.color[:700]
    for number in range(1, 5):
        np.testing.assert_array_equal(finished.color[number * 700 : number * 700 + 700], first)


@settings(max_examples=8, deadline=None)
@given(above=st.integers(0, 150), turned=st.booleans())
def test_where_windows_start_makes_little_difference(above: int, turned: bool) -> None:
    height, width = 2400, 160
    pixels = np.full((height, width, 3), 255, np.uint8)
    for y in range(0, height, 30):
        cv2.line(pixels, (20, y), (140, y + 25), (0, 0, 0), 3)

    def guess(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        page = Page(np.ascontiguousarray(pixels.transpose(1, 0, 2)) if turned else pixels)
        color = colored(page, reference(RED), by=Blurs(), options=Options(finish=FinishOptions(flats=False)))[0].color
        return color.transpose(1, 0, 2) if turned else color

    one, other = guess(pixels), guess(pixels[above:])
    inner = slice(above + 60, height - 60), slice(20, 140)
    off = np.abs(one[inner].astype(int) - other[inner[0].start - above : height - 60 - above, 20:140].astype(int))
    assert off.mean() < 2.0
    assert np.percentile(off, 99) < 16


@pytest.mark.parametrize("panels", ["auto", "off"])
def test_a_strip_is_done_in_memory_of_its_own_size(panels: str) -> None:
    page = comic_pages.strip(figures=30, width=60, apart=150, height=100)
    options = Options(color=replace(ColorOptions(), panels=panels))
    _, finished = colored(page, reference(RED), options=options)
    assert finished.color.shape == page.pixels.shape
