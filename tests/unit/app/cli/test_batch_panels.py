"""A reference for one panel of pages, in all commands that color many: on the command line, by folder, by row."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.folders import BLUE, GREEN, RED, color_file

Batch = Callable[..., Run]


def page_file(path: Path) -> Path:
    """A page of two framed panels beside each other, with a shape in each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page = np.full((240, 400), 255, np.uint8)
    for left in (10, 210):
        page[10:230, left : left + 180] = 0
        page[13:227, left + 3 : left + 177] = 255
        page[80:150, left + 60 : left + 120] = 0
        page[84:146, left + 64 : left + 116] = 255
    Image.fromarray(page).save(path)
    return path


def colors_of(path: Path) -> list[tuple[int, ...]]:
    """Inside the shapes of both panels."""
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    return [tuple(pixels[115, x].tolist()) for x in (100, 300)]


@pytest.fixture
def page(place: Path) -> Path:
    color_file(place / "blue.png", BLUE)
    color_file(place / "green.png", GREEN)
    return page_file(place / "in" / "page.png")


@pytest.mark.usefixtures("page")
def test_an_option_for_all_pages(batch: Batch, place: Path) -> None:
    assert batch("--panel", f"2={place / 'blue.png'}").code == 0
    assert colors_of(place / "out" / "page.png") == [RED, BLUE]


@pytest.mark.usefixtures("page")
def test_which_panel_it_is_for_counts(batch: Batch, place: Path) -> None:
    """The same files for other panels make another picture, so it is colored anew."""
    for number, expected in ((2, [RED, BLUE]), (1, [BLUE, RED])):
        assert batch("--panel", f"{number}={place / 'blue.png'}", "--on-exists", "overwrite").code == 0
        assert colors_of(place / "out" / "page.png") == expected


def test_a_folder_says_it(batch: Batch, page: Path, place: Path) -> None:
    (page.parent / "nurie.toml").write_text('panel = ["1=../green.png"]\n')
    assert batch("--panel", f"2={place / 'blue.png'}").code == 0
    assert colors_of(place / "out" / "page.png") == [GREEN, RED], "what stands nearer counts"


def test_its_own_references_leave_the_panels_of_the_command_out(batch: Batch, page: Path, place: Path) -> None:
    color_file(page.parent / "references" / "girl.png", GREEN)
    assert batch("--panel", f"2={place / 'blue.png'}").code == 0
    assert colors_of(place / "out" / "page.png") == [GREEN, GREEN]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('"2"', "as in 2=coat.png"),
        ('"0=a.png"', "as in 2=coat.png"),
        ('"2="', "as in 2=coat.png"),
        ('"2=gone.png"', "is not there"),
    ],
)
def test_a_mistake_in_a_folder_is_told(batch: Batch, page: Path, said: str, told: str) -> None:
    (page.parent / "nurie.toml").write_text(f"panel = [{said}]\n")
    assert told in batch().error


def test_a_column_of_a_csv_file(nurie: Callable[..., Run], page: Path, place: Path) -> None:
    rows = ["line,reference,panel,output"]
    rows += [f"{page},reference.png,{panel},{output}" for panel, output in (("2=blue.png", "a.png"), ("", "b.png"))]
    rows.append(f"{page},reference.png,two,c.png")
    (place / "pairs.csv").write_text("\n".join(rows))
    run = nurie("batch", "--manifest", place / "pairs.csv", "--palette", "off")
    assert run.code == 1 and "row 4: In its column panel: choose a panel" in run.err
    assert colors_of(place / "a.png") == [RED, BLUE] and colors_of(place / "b.png") == [RED, RED]
