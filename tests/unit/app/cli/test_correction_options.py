"""Corrections, cleaned lines and weights from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.cli import options
from engine.errors import RequestError
from engine.request import ColorizeRequest
from tests.unit.app.cli.conftest import FakeColorizer, Run

Nurie = Callable[..., Run]
INSIDE, OUTSIDE = (60, 45), (5, 5)


@pytest.fixture
def drawing(place: Path) -> Path:
    """face.png, 120×90: a ring with a speck in it, on white."""
    image = Image.new("L", (120, 90), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 15, 90, 75), outline=0, width=3)
    draw.rectangle((50, 40, 51, 41), fill=100)
    image.save(place / "face.png")
    return place / "face.png"


@pytest.fixture
def colorize(nurie: Nurie, place: Path, drawing: Path) -> Nurie:
    def run(*more: object, references: int = 1) -> Run:
        given = ("--reference", place / "reference.png") * references
        return nurie("colorize", drawing, *given, "--output", place / "out.png", *more)

    return run


def at(place: Path, pixel: tuple[int, int]) -> tuple[int, ...]:
    return tuple(np.asarray(Image.open(place / "out.png"))[pixel[1], pixel[0]].tolist())


def test_hints_and_fills_color_their_regions(colorize: Nurie, place: Path) -> None:
    assert colorize("--hint", "60,45=#10a028", "--fill", "5,5=#0000FF").code == 0
    assert (at(place, INSIDE), at(place, OUTSIDE)) == ((16, 160, 40), (0, 0, 255))


def test_a_closed_gap_divides_and_is_not_drawn(colorize: Nurie, place: Path) -> None:
    assert colorize("--gap", "0", "--close-gap", "60,10:60,80", "--hint", "45,45=#10a028").code == 0
    assert at(place, (45, 45)) == (16, 160, 40)
    assert at(place, (75, 45)) != (16, 160, 40)
    assert at(place, (59, 45)) == (16, 160, 40)  # under the stroke runs the color of its side
    np.testing.assert_array_equal(np.asarray(Image.open(place / "out.png"))[16, 60], 0)


def test_a_drawn_region_from_a_file_has_its_color(colorize: Nurie, place: Path) -> None:
    """Within the ring only, though its outline reaches over it."""
    outline = [[40, 30], [110, 30], [110, 60], [40, 60]]
    right = {"x": 60, "y": 20, "color": [255, 255, 255], "area": 2000}
    values = {
        "hints": [{"x": 50, "y": 45, "color": [1, 2, 3], "spread": False}],
        "shapes": [{"points": outline}],
        "right": [right],
    }
    (place / "there.json").write_text(json.dumps(values))
    assert colorize("--corrections", place / "there.json").code == 0
    assert at(place, (60, 50)) == (1, 2, 3)
    assert at(place, (60, 25)) != (1, 2, 3) and at(place, (100, 45)) != (1, 2, 3)


def test_corrections_from_a_file_come_before_those_of_the_options(colorize: Nurie, place: Path) -> None:
    values = {"hints": [{"x": 60, "y": 45, "color": [1, 2, 3]}, {"x": 5, "y": 5, "color": [4, 5, 6]}]}
    (place / "there.json").write_text(json.dumps(values))
    assert colorize("--corrections", place / "there.json", "--fill", "60,45=#10a028").code == 0
    assert (at(place, INSIDE), at(place, OUTSIDE)) == ((16, 160, 40), (4, 5, 6))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--hint", "60,45"), "'60,45'"),
        (("--hint", "60,45=red"), "'60,45=red'"),
        (("--fill", "600,45=#ffffff"), "outside the drawing of 120×90 pixels"),
        (("--close-gap", "60,45"), "'60,45'"),
        (("--hint", "60,45=#ffffff", "--flats", "off"), "need flats"),
        (("--levels", "200,20"), "'200,20'"),
        (("--levels", "200"), "'200'"),
        (("--despeckle", "65"), "'65'"),
        (("--weight", "2.5"), "'2.5'"),
        (("--weight", "1", "--weight", "1"), "2 weights for 1 references"),
        (("--weight", "0"), "no reference picture"),
        (("--corrections", "nowhere.json"), "nowhere.json cannot be read"),
    ],
)
def test_mistakes_are_one_sentence(colorize: Nurie, given: tuple[str, ...], told: str) -> None:
    run = colorize(*given)
    assert run.code == 2
    assert told in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"hints": [{"x": 1}]}'])
def test_a_damaged_file_is_named(colorize: Nurie, place: Path, text: str) -> None:
    (place / "there.json").write_text(text)
    run = colorize("--corrections", place / "there.json")
    assert run.code == 2
    assert "there.json" in run.err


def test_lines_are_cleaned_and_say_so_in_what_is_colored(colorize: Nurie, place: Path) -> None:
    assert colorize().code == 0
    assert max(at(place, (50, 40))) < 200
    assert colorize("--despeckle", "3").code == 0
    assert at(place, (50, 40)) == at(place, (55, 50))
    assert colorize("--levels", "0,90").code == 0
    assert at(place, (50, 40)) == at(place, (55, 50))


def test_extracted_lines_are_cleaned_too(nurie: Nurie, place: Path, drawing: Path) -> None:
    assert nurie("lineart", drawing, "--output", place / "lines.png", "--despeckle", "12").code == 0
    assert np.asarray(Image.open(place / "lines.png"))[36:46, 46:56].min() == 255


def test_weights_go_to_the_references_in_order(colorize: Nurie, monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    asked: list[ColorizeRequest] = []
    before = FakeColorizer.colorize

    def spy(self: FakeColorizer, request: ColorizeRequest, *more: object) -> object:
        asked.append(request)
        return before(self, request, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeColorizer, "colorize", spy)
    assert colorize("--weight", "0.5", "--weight", "2", references=3).code == 0
    assert [reference.weight for reference in asked[0].references] == [0.5, 2.0, 1.0]


def test_a_weight_is_checked_by_the_engine_too() -> None:
    from engine.request import Reference

    with pytest.raises(RequestError, match="from 0 to 2"):
        Reference(np.zeros((2, 2, 3), np.uint8), weight=2.1)
    assert options.weight("1.5") == 1.5
