"""`nurie colorize` and `nurie lineart` on good input, and everything about their output."""

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from engine import __version__
from engine.errors import DeviceError
from tests import figures, layered, sheets
from tests.unit.app.cli.conftest import FakeColorizer, Run

Nurie = Callable[..., Run]


@pytest.fixture
def colorize(nurie: Nurie, place: Path) -> Nurie:
    """`nurie colorize` on the two pictures of the place, to out.png."""

    def run(*more: object, line: object = "line.png", output: object = "out.png", reference: object = None) -> Run:
        return nurie(
            "colorize", place / str(line),
            "--reference", place / "reference.png" if reference is None else reference,
            "--output", place / str(output), *more,
        )  # fmt: skip

    return run


def test_the_picture_is_written_and_nothing_printed(colorize: Nurie, place: Path) -> None:
    assert colorize() == Run(0, "", "nurie: note: The working size was made smaller.\n")
    with Image.open(place / "out.png") as image:
        assert image.size == (40, 30)
        assert image.getpixel((1, 1)) == (200, 40, 20)
        assert image.getpixel((20, 11)) == (0, 0, 0)


def test_what_of_the_picture_is_written_is_asked_for(colorize: Nurie, place: Path) -> None:
    value = colorize("--json", "--content", "lines", "--paper", "off", "--longer-side", "20").json
    assert value["export"] == {"content": "lines", "paper": False, "swatch_layers": False, "longer_side": 20}
    with Image.open(place / "out.png") as image:
        assert (image.size, image.mode) == ((20, 15), "RGBA")
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_jpeg_cannot_be_transparent(colorize: Nurie, place: Path) -> None:
    run = colorize("--paper", "off", output="out.jpg")
    assert run.code == 2 and "JPEG cannot be transparent" in run.err and run.err.count("\n") == 1
    assert not (place / "out.jpg").exists()


def test_json_is_one_object_with_what_was_promised(colorize: Nurie, place: Path, models: Path) -> None:
    value = colorize("--json").json
    assert set(value) == {
        "output", "files", "width", "height", "device", "model", "seconds", "peak_memory_bytes", "notes",
        "options", "export",
    }  # fmt: skip
    assert value["output"] == str(place / "out.png")
    assert (value["width"], value["height"], value["device"]) == (40, 30, "cpu")
    digest = hashlib.sha256((models / "tiny.safetensors").read_bytes()).hexdigest()
    assert value["model"] == {"name": "tiny", "sha256": digest}
    assert value["files"] == [value["output"]]
    assert set(value["seconds"]) == {"load", "infer", "finish", "export"}
    assert all(seconds >= 0.0 for seconds in value["seconds"].values())
    assert 10**6 < value["peak_memory_bytes"] < 10**12
    assert value["notes"] == ["The working size was made smaller."]


def test_the_png_says_how_it_was_made_and_keeps_the_resolution(colorize: Nurie, place: Path) -> None:
    assert colorize("--sigma", "0.3", "--size", "128", "--lines", "ink").code == 0
    with Image.open(place / "out.png") as image:
        image.load()
        assert image.info["Software"] == f"Nurie {__version__}"
        assert image.info["Model"] == "tiny"
        assert len(image.info["Model sha256"]) == 64
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        made = json.loads(image.info["Settings"])
    assert (made["lines"], made["sigma"], made["size"], made["references"]) == ("ink", 0.3, 128, 1)


def test_several_references_and_odd_names(nurie: Nurie, place: Path) -> None:
    names = ["参考 1.png", "Ærø's; ref.png"]
    for name in names:
        (place / name).write_bytes((place / "reference.png").read_bytes())
    output = place / "塗り絵 'out'.PNG"
    references = [part for name in names for part in ("--reference", place / name)]
    run = nurie("colorize", place / "line.png", *references, "--output", output, "--json")
    assert run.json["output"] == str(output)
    assert output.exists()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are always Unicode there")
def test_a_name_that_is_no_unicode(nurie: Nurie, place: Path) -> None:
    line = os.fsdecode(bytes(place / "l") + b"\xff.png")
    (place / "line.png").rename(line)
    output = os.fsdecode(bytes(place / "o") + b"\xfe.png")
    run = nurie("colorize", line, "--reference", place / "reference.png", "--output", output, "--json")
    assert run.json["output"] == output
    assert Path(output).exists()
    assert "cannot" not in nurie("colorize", line + "x", "--reference", "r", "--output", output).error


def test_device_and_model_reach_the_colorizer(colorize: Nurie, models: Path, place: Path) -> None:
    elsewhere = place / "other.safetensors"
    elsewhere.write_bytes((models / "tiny.safetensors").read_bytes())
    assert colorize("--model", "tiny", "--device", "cpu").code == 0
    assert colorize("--model", elsewhere, "--json").json["model"]["name"] == "other"
    assert FakeColorizer.loads == [(models / "tiny.safetensors", "cpu"), (elsewhere, "auto")]


def test_a_device_that_is_not_there(colorize: Nurie, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(path: Path, device: str) -> None:
        raise DeviceError("There is no CUDA device; choose --device cpu.")

    monkeypatch.setattr(FakeColorizer, "load", load)
    assert colorize("--device", "cuda").error == "There is no CUDA device; choose --device cpu."


def test_an_old_output_is_replaced(colorize: Nurie, place: Path) -> None:
    (place / "out.png").write_text("old")
    assert colorize().code == 0
    with Image.open(place / "out.png") as image:
        assert image.size == (40, 30)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("out.gif", ".png"),
        ("out", ".png"),
        ("nowhere/out.png", "nowhere"),
        ("line.png/out.png", "no folder"),
        ("models", "folder"),
        ("line.png", "overwrite"),
        ("./models/../line.png", "overwrite"),
        ("reference.png", "overwrite"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_any_work(
    colorize: Nurie, place: Path, output: str, said: str
) -> None:
    before = {path.name: path.read_bytes() for path in place.glob("*.png")}
    assert said in colorize(output=output).error
    assert FakeColorizer.loads == []
    assert {path.name: path.read_bytes() for path in place.glob("*.png")} == before


@pytest.mark.skipif(not hasattr(os, "link"), reason="no links")
def test_a_link_to_the_drawing_is_the_drawing(colorize: Nurie, place: Path) -> None:
    (place / "hard.png").hardlink_to(place / "line.png")
    (place / "soft.png").symlink_to(place / "line.png")
    for name in ("hard.png", "soft.png"):
        assert "overwrite" in colorize(output=name).error


def test_no_reference_is_refused(nurie: Nurie, place: Path) -> None:
    run = nurie("colorize", place / "line.png", "--output", place / "out.png")
    assert "--reference" in run.error
    assert FakeColorizer.loads == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission")
def test_a_read_only_folder_is_refused(colorize: Nurie, place: Path) -> None:
    folder = place / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write everywhere")
        assert "may not be written" in colorize(output="locked/out.png").error
        assert FakeColorizer.loads == []
    finally:
        folder.chmod(0o700)


def test_a_folder_that_only_looks_writable_is_refused(
    colorize: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.access

    def access(path: str | Path, mode: int) -> bool:
        return False if Path(path) == place and mode & os.W_OK else real(path, mode)

    monkeypatch.setattr(os, "access", access)
    assert "may not be written" in colorize().error


def test_a_full_disk_leaves_the_old_file(colorize: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "out.png").write_bytes(b"old")
    before = sorted(path.name for path in place.iterdir())

    def save(self: Image.Image, file: Path, *more: object, **options: object) -> None:
        Path(file).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", save)
    assert "full" in colorize().error
    assert (place / "out.png").read_bytes() == b"old"
    assert sorted(path.name for path in place.iterdir()) == before


def test_ctrl_c_leaves_nothing_half_written(colorize: Nurie, place: Path) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    FakeColorizer.on_step.append(stop)
    before = sorted(path.name for path in place.iterdir())
    assert colorize("--json") == Run(130, "", "nurie: stopped\n")
    assert sorted(path.name for path in place.iterdir()) == before


def test_a_terminal_gets_a_bar_and_keeps_clean_lines(
    colorize: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda self: True)
    run = colorize()
    assert run.code == 0
    assert run.out == ""
    assert "[" + "#" * 6 + "." * 18 + "]  23% coloring" in run.err
    assert run.err.endswith("\r\x1b[Knurie: note: The working size was made smaller.\n")


def test_the_drawing_is_extracted_from_a_color_picture(colorize: Nurie, place: Path) -> None:
    image = Image.new("RGB", (90, 60), (250, 220, 180))
    for left, color in ((0, (210, 60, 40)), (30, (60, 160, 70)), (60, (40, 70, 190))):
        image.paste(color, (left, 10, left + 25, 50))
    image.save(place / "color.png")
    assert colorize(line="color.png").code == 0
    with Image.open(place / "out.png") as image:
        image.load()
        assert json.loads(image.info["Settings"])["lines"] == "extract"


def test_lineart_draws_lines_thicker_with_sigma(nurie: Nurie, place: Path) -> None:
    random = np.random.default_rng(3)
    noise = random.integers(0, 255, (12, 16, 3), np.uint8)
    Image.fromarray(noise).resize((96, 72), Image.Resampling.BICUBIC).save(place / "color.png", dpi=(150, 150))
    inks = []
    for sigma in ("0.3", "0.5"):
        run = nurie("lineart", place / "color.png", "--output", place / "lines.png", "--sigma", sigma, "--json")
        assert (run.json["width"], run.json["height"], run.json["sigma"]) == (96, 72, float(sigma))
        with Image.open(place / "lines.png") as image:
            assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
            pixels = np.asarray(image.convert("L"))
            assert set(np.unique(pixels)) <= {0, 255}
            inks.append((pixels < 128).mean())
    assert 0.0 < inks[0] < inks[1]
    assert nurie("lineart", place / "color.png", "--output", place / "soft.png", "--soft") == Run(0, "", "")
    with Image.open(place / "soft.png") as image:
        assert len(set(image.convert("L").tobytes())) > 2


@pytest.mark.parametrize("output", ["color.png", "out.jpg", "nowhere/out.png"])
def test_lineart_checks_its_output_too(nurie: Nurie, place: Path, output: str) -> None:
    Image.new("RGB", (9, 9), "red").save(place / "color.png")
    assert nurie("lineart", place / "color.png", "--output", place / output).code == 2


def test_drawing_and_reference_mixed_up_say_what_to_type(nurie: Callable[..., Run], place: Path) -> None:
    Image.fromarray(figures.figure(fills=sheets.FILLS)).save(place / "my colors.png")
    Image.fromarray(figures.figure()).save(place / "line.png")
    words = ["colorize", place / "my colors.png", "--reference", place / "line.png", "--output", place / "out.png"]
    run = nurie(*words)
    assert run.code == 0
    typed = f"nurie colorize {place}/line.png --reference '{place}/my colors.png' --output {place}/out.png"
    assert "swap them if they are mixed up" in run.err and f"To swap them: {typed}\n" in run.err
    other = nurie("colorize", place / "line.png", "--reference", place / "my colors.png", "--output", place / "o.png")
    assert "swap" not in other.err


def test_colors_are_added_to_a_psd_of_another_program(nurie: Callable[..., Run], place: Path) -> None:
    def make(_document: Any, add: Any) -> None:
        add("Sky", layered.filled(layered.GREEN))
        add("Line", layered.strokes([10, 40]))

    layered.psd(place / "work.psd", make)
    words = ["colorize", place / "work.psd", "--reference", place / "reference.png", "--into", "--palette", "off"]
    told = nurie(*words, "--output", place / "out.psd", "--json").json
    assert any("Line" in note for note in told["notes"])
    document: Any = PSDImage.open(place / "out.psd")
    assert [item.name for item in document] == ["Sky", "Nurie", "Line"]
    assert [item.name for item in document[1]] == ["Flats"]
    again = [*words, "--output", place / "again.psd"]
    again[1] = place / "out.psd"
    assert nurie(*again).code == 0
    assert [item.name for item in PSDImage.open(place / "again.psd")] == ["Sky", "Nurie", "Line"]
    assert "are PSD files" in nurie(*words, "--output", place / "out.png").error
    own = ["colorize", place / "line.png", "--reference", place / "reference.png", "--output", place / "own.psd"]
    assert nurie(*own).code == 0
    words[1] = place / "own.psd"
    assert "without --into" in nurie(*words, "--output", place / "out.psd").error
