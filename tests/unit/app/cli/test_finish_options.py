"""What `nurie colorize` makes of the guess: flats, palettes, shading, layered files, reports, and drawings reopened."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.export import formats, palette_files
from engine.layers import flatten
from engine.palette import Palette, Swatch
from tests.unit.app.cli.conftest import FakeColorizer, Run

Nurie = Callable[..., Run]


@pytest.fixture
def drawing(place: Path) -> Path:
    """face.png, 120×90: a ring on white."""
    image = Image.new("L", (120, 90), 255)
    ImageDraw.Draw(image).ellipse((30, 15, 90, 75), outline=0, width=3)
    image.save(place / "face.png", dpi=(350, 350))
    return place / "face.png"


@pytest.fixture
def colorize(nurie: Nurie, place: Path, drawing: Path) -> Nurie:
    def run(output: str, *more: object, line: Path = drawing) -> Run:
        return nurie("colorize", line, "--reference", place / "reference.png", "--output", place / output, *more)

    return run


@pytest.mark.parametrize("suffix", formats.LAYERED)
def test_layered_files_hold_the_lines_bit_for_bit_and_come_back(
    colorize: Nurie, place: Path, drawing: Path, suffix: str
) -> None:
    assert colorize(f"a{suffix}", "--shading", "soft").code == 0
    stack = formats.read_layers(place / f"a{suffix}")
    assert stack.resolution == pytest.approx((350, 350), abs=1)
    assert stack.layers[0].name == "Paper"
    line = next(layer for layer in stack.layers if layer.name == "Line")
    ink = np.asarray(Image.open(drawing))
    kept = np.full(ink.shape, 255, np.uint8)
    height, width = line.pixels.shape[:2]
    kept[line.top : line.top + height, line.left : line.left + width] -= line.pixels[..., 3]
    np.testing.assert_array_equal(kept, ink)
    assert "Model sha256" in formats.read_text(place / f"a{suffix}")
    assert colorize("b.png", line=place / f"a{suffix}").code == 0
    np.testing.assert_array_equal(np.asarray(Image.open(place / "b.png")), flatten(stack))


def test_a_file_that_is_reopened_keeps_the_artists_own_colors(colorize: Nurie, place: Path) -> None:
    assert colorize("a.ora").code == 0
    stack = formats.read_layers(place / "a.ora")
    flats = next(layer for layer in stack.layers if layer.name == "Flats")
    flats.pixels[flats.pixels[..., 3] > 0] = (10, 200, 30, 255)
    formats.write_layers(place / "edited.ora", stack, {})
    assert colorize("b.png", line=place / "edited.ora").code == 0
    assert Image.open(place / "b.png").convert("RGB").getpixel((60, 45)) == (10, 200, 30)


@pytest.mark.parametrize("suffix", [".ora", ".psd"])
def test_a_file_of_ours_keeps_its_own_colors_without_any_reference(
    nurie: Nurie, colorize: Nurie, place: Path, suffix: str
) -> None:
    assert colorize(f"a{suffix}").code == 0
    loads = len(FakeColorizer.loads)
    run = nurie("colorize", place / f"a{suffix}", "--output", place / "b.png", "--json")
    assert run.code == 0 and len(FakeColorizer.loads) == loads, "no model is needed"
    assert run.json["model"]["name"] == "" and "The colors are those of the file." in run.json["notes"]
    before = flatten(formats.read_layers(place / f"a{suffix}"))
    np.testing.assert_array_equal(np.asarray(Image.open(place / "b.png").convert("RGB")), before[..., :3])


def test_a_palette_file_gives_every_color(colorize: Nurie, place: Path) -> None:
    palette_files.write(place / "two.gpl", Palette((Swatch("sea", (0, 0, 200)), Swatch("sun", (250, 220, 0)))))
    assert colorize("a.png", "--palette", place / "two.gpl").code == 0
    image = Image.open(place / "a.png").convert("RGB")
    swatches = {(0, 0, 200), (250, 220, 0), (255, 255, 255)}
    assert {image.getpixel(point) for point in ((60, 45), (2, 2), (117, 87))} <= swatches


def test_what_is_left_out_of_a_palette_file_is_told(colorize: Nurie, place: Path) -> None:
    (place / "own.gpl").write_text("GIMP Palette\n0 0 200\tsea\n; mine\n")
    assert "own.gpl: A line that is no color was left out" in colorize("a.png", "--palette", place / "own.gpl").err


@pytest.mark.parametrize("swatch", ["red", "#c82814", "#C82814"])
def test_a_swatch_is_recolored_wherever_it_is_used(colorize: Nurie, place: Path, swatch: str) -> None:
    assert colorize("a.png").code == 0
    assert colorize("b.png", "--recolor", f"{swatch}=#0a0B0c").code == 0
    before, after = (Image.open(place / name).convert("RGB") for name in ("a.png", "b.png"))
    assert before.getpixel((60, 45)) == (200, 40, 20)
    assert after.getpixel((60, 45)) == (10, 11, 12)


def test_layers_and_report_are_written_beside_the_picture(colorize: Nurie, place: Path) -> None:
    run = colorize("a.png", "--layers", place / "set", "--report", place / "r.json", "--swatch-layers", "--json")
    files = [Path(name) for name in run.json["files"]]
    assert files[0] == place / "a.png" and files[-1] == place / "r.json"
    assert all(path.is_file() for path in files)
    report = json.loads((place / "r.json").read_text(encoding="utf-8"))
    assert report["flats"] and report["regions"]["count"] >= 1
    assert {"made", "confidence", "doubtful", "leaks", "palette", "moved"} <= report.keys()
    assert sum(swatch["share"] for swatch in report["palette"]) == pytest.approx(1.0, abs=0.01)


def test_regions_are_corrected_and_looked_at(colorize: Nurie, place: Path) -> None:
    def count(*more: object) -> int:
        assert colorize("a.png", "--report", place / "r.json", "--regions", place / "map.png", *more).code == 0
        return json.loads((place / "r.json").read_text())["regions"]["count"]

    assert count() == 2
    assert len(Image.open(place / "map.png").convert("RGB").getcolors() or []) == 2
    assert count("--split", "60,0:60,89") == 4
    assert count("--split", "60,0:60,89", "--merge", "50,45:70,45") == 3
    assert count("--merge", "60,45:2,2") == 1


def test_flats_may_be_left_out(colorize: Nurie, place: Path) -> None:
    assert colorize("a.psd", "--flats", "off", "--report", place / "r.json").code == 0
    assert [layer.name for layer in formats.read_layers(place / "a.psd").layers] == ["Paper", "Colors", "Line"]
    assert json.loads((place / "r.json").read_text())["flats"] is False


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--gap", "65"), "choose a gap from 0 to 64 pixels"),
        (("--split", "1,2"), "give two points or more"),
        (("--merge", "1,2:3,4:5,6"), "give two points as"),
        (("--merge", "1,2:3,400"), "3,400 is outside the drawing of 120×90"),
        (("--recolor", "red"), "give a swatch and its new color"),
        (("--recolor", "mauve=#ffffff"), "no swatch 'mauve'; it has red, Paper"),
        (("--palette", "off", "--recolor", "red=#ffffff"), "Only swatches can be recolored"),
        (("--gap", "wide"), "choose a gap from 0 to 64 pixels"),
        (("--palette", "nothing.gpl"), "nothing.gpl"),
        (("--palette", "face.png"), "face.png"),
        (("--flats", "off", "--shading", "soft"), "need flats"),
        (("--flats", "off", "--split", "1,1:5,5"), "need flats"),
        (("--flats", "off", "--regions", "map.png"), "no regions to write without flats"),
        (("--report", "r.txt"), "must end in .json"),
    ],
)
def test_options_that_do_not_fit_are_explained(
    colorize: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.chdir(place)
    assert sentence in colorize("a.png", *arguments).error
    assert not (place / "a.png").exists()


def test_an_output_of_another_kind_is_refused(colorize: Nurie) -> None:
    assert "must end in .png, .psd, .ora, .jpg, .webp or .tif." in colorize("a.gif").error


def test_a_layered_file_of_another_program_is_flattened(colorize: Nurie, place: Path) -> None:
    assert colorize("a.ora").code == 0
    stack = formats.read_layers(place / "a.ora")
    names = [type(layer)(f"Ebene {number}", layer.pixels, layer.left, layer.top, layer.blend)
             for number, layer in enumerate(stack.layers) if layer.name != "Flats"]  # fmt: skip
    formats.write_layers(place / "foreign.ora", type(stack)(stack.size, tuple(names)), {})
    assert colorize("b.png", line=place / "foreign.ora").code == 0
    assert Image.open(place / "b.png").size == (120, 90)
