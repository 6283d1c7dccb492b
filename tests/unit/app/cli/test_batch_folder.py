"""`nurie batch FOLDER`: a mirrored tree, references and settings that stand nearer, mistakes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.unit.app.cli.conftest import FakeColorizer, Run
from tests.unit.app.cli.folders import BLUE, GREEN, RED, color_file, color_of, line_file, made

Batch = Callable[..., Run]


@pytest.mark.parametrize("suffix", ["png", "psd", "ora", "jpg", "webp"])
def test_the_tree_is_mirrored_under_the_same_names(batch: Batch, place: Path, suffix: str) -> None:
    for name in ("a.png", "two/b.tif", "two/Ünï 塗り.v2.jpg", "two/three/c.bmp"):
        line_file(place / "in" / name)
    (place / "in" / "notes.txt").write_text("no drawing")
    assert batch("--recursive", "--format", suffix, "--json").code == 0
    names = ("a", "two/b", "two/Ünï 塗り.v2", "two/three/c")
    assert made(place) == {f"{name}.{suffix}" for name in names}
    assert len(FakeColorizer.loads) == 1


@pytest.mark.parametrize("suffix", ["psd", "ora"])
def test_layered_files_are_drawings_too(batch: Batch, nurie: Callable[..., Run], place: Path, suffix: str) -> None:
    line_file(place / "in" / "a.png")
    assert batch("--format", suffix).code == 0
    color_file(place / "blue.png", BLUE)
    run = nurie("batch", place / "out", "--reference", place / "blue.png", "--output", place / "again")
    assert run.code == 0
    assert color_of(place / "again" / "a.png") == RED, "regions that have a color keep it"


def test_without_recursive_folders_are_left_alone(batch: Batch, place: Path) -> None:
    line_file(place / "in" / "a.png")
    line_file(place / "in" / "two" / "b.png")
    assert batch().code == 0
    assert made(place) == {"a.png"}


def test_a_pattern_chooses_whatever_the_size_of_its_letters(batch: Batch, place: Path) -> None:
    for name in ("Page1.PNG", "page2.png", "cover.png", "two/page3.png"):
        line_file(place / "in" / name)
    assert batch("--recursive", "--pattern", "page*.png").code == 0
    assert made(place) == {"Page1.png", "page2.png", "two/page3.png"}
    assert "no drawing whose name fits x*" in batch("--pattern", "x*").error


def test_what_is_no_drawing_is_not_colored(nurie: Callable[..., Run], place: Path) -> None:
    folder = place / "in"
    line_file(folder / "a.png")
    line_file(folder / ".hidden.png")
    line_file(folder / ".git" / "b.png")
    color_file(folder / "References" / "girl.png", RED)
    color_file(folder / "named.png", GREEN)
    line_file(folder / "out" / "old.png")
    run = nurie("batch", folder, "--output", folder / "out", "--recursive", "--reference", folder / "named.png")
    assert run.code == 0
    assert {path.name for path in (folder / "out").glob("*.png")} == {"a.png", "old.png"}


def test_the_nearest_references_count(batch: Batch, place: Path) -> None:
    for name in ("a.png", "green/b.png", "green/deep/c.png", "blue/d.png"):
        line_file(place / "in" / name)
    color_file(place / "in" / "green" / "references" / "girl.png", GREEN)
    color_file(place / "sheets" / "boy.png", BLUE)
    (place / "in" / "blue" / "nurie.toml").write_text('references = ["../../sheets"]\n')
    assert batch("--recursive").code == 0
    out = place / "out"
    assert color_of(out / "a.png") == RED
    assert color_of(out / "green" / "b.png") == color_of(out / "green" / "deep" / "c.png") == GREEN
    assert color_of(out / "blue" / "d.png") == BLUE


def test_references_that_nothing_uses_are_told_of(batch: Batch, place: Path) -> None:
    line_file(place / "in" / "a.png")
    color_file(place / "in" / "references" / "girl.png", GREEN)
    assert "The references given are not used" in batch().err
    assert color_of(place / "out" / "a.png") == GREEN


def test_what_is_left_out_of_a_palette_file_is_told_once(batch: Batch, place: Path) -> None:
    for name in ("a.png", "b.png"):
        line_file(place / "in" / name)
    (place / "own.gpl").write_text("GIMP Palette\n0 0 200\tsea\n; mine\n")
    assert batch("--palette", place / "own.gpl").err.count("A line that is no color was left out") == 1


def test_a_drawing_without_any_reference_fails_and_the_others_go_on(batch: Batch, place: Path) -> None:
    line_file(place / "in" / "a.png")
    line_file(place / "in" / "green" / "b.png")
    color_file(place / "in" / "green" / "references" / "girl.png", GREEN)
    run = batch("--recursive", reference=False)
    assert run.code == 1
    assert "a.png: There is no reference for it" in run.err
    assert made(place) == {"green/b.png"}


def test_settings_of_a_folder_hold_for_it_and_below(batch: Batch, place: Path) -> None:
    for name in ("a.png", "own/b.png", "own/deep/c.png"):
        line_file(place / "in" / name)
    (place / "in" / "own" / "nurie.toml").write_text('shading = "cel"\nsigma = 0.3\nmodel = "tiny"\n')
    assert batch("--recursive", "--shading", "soft").code == 0

    def settings(name: str) -> dict[str, Any]:
        with Image.open(place / "out" / name) as image:
            return json.loads(image.info["Settings"])

    assert (settings("a.png")["shading"], settings("a.png")["sigma"]) == ("soft", 0.4)
    for name in ("own/b.png", "own/deep/c.png"):
        assert (settings(name)["shading"], settings(name)["sigma"]) == ("cel", 0.3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sigm = 0.4", "unknown key sigm; did you mean sigma?"),
        ("sigma = 3", "sigma is from 0.3 to 0.5, not 3"),
        ('sigma = "thick"', "sigma must be a number or nothing, not 'thick'"),
        ("soft = 1", "soft must be true or false or nothing, not 1"),
        ('shading = "hard"', "shading must be"),
        ("gap = 999", "gap is from 0 to 64, not 999"),
        ("levels = [9, 9]", "levels are black and white from 0 to 255"),
        ("levels = [9]", "levels must be a list of 2 whole numbers or nothing"),
        ("despeckle = 65", "despeckle is from 0 to 64, not 65"),
        ("size = 12", "size is from 64 to 2048, not 12"),
        ('references = "a.png"', "references must be a list"),
        ('references = ["none.png"]', "names the reference none.png, which is not there"),
        ("references = []", "names no reference picture"),
        ('palette = "none.gpl"', "none.gpl"),
        ('model = "huge"', "there are: tiny"),
        ("flats = false\nshading = 'cel'", "need flats"),
        ("sigma = = 1", "is not TOML"),
        ("\x80", "not UTF-8"),
    ],
)
def test_a_mistake_in_nurie_toml_is_one_sentence_before_any_work(
    batch: Batch, place: Path, text: str, said: str
) -> None:
    line_file(place / "in" / "a.png")
    (place / "in" / "nurie.toml").write_bytes(text.encode("latin-1"))
    assert said in batch().error
    assert FakeColorizer.loads == []
    assert made(place) == set()


def test_mistakes_of_use(nurie: Callable[..., Run], place: Path) -> None:
    line_file(place / "in" / "a.png")
    out, reference = ("--output", place / "out"), ("--reference", place / "reference.png")
    assert "name a folder of drawings" in nurie("batch").error
    assert "name one with --output" in nurie("batch", place / "in", *reference).error
    assert "There is no folder" in nurie("batch", place / "none", *out).error
    assert "is a file" in nurie("batch", place / "line.png", *out).error
    assert "is the input folder" in nurie("batch", place / "in", "--output", place / "in", *reference).error
    assert "is a file" in nurie("batch", place / "in", "--output", place / "line.png", *reference).error
    assert "There is no reference" in nurie("batch", place / "in", *out, "--reference", place / "none.png").error
    assert "There is no reference for it" in nurie("batch", place / "in", *out).error
    assert "Only webp" in nurie("batch", place / "in", *out, *reference, "--quality", "lossless").error
    assert "must end in .csv or .html" in nurie("batch", place / "in", *out, *reference, "--report", "a.pdf").error
    assert "for a folder of drawings" in nurie("batch", "--manifest", "a.csv", *out).error
    assert "either the folder" in nurie("batch", place / "in", "--manifest", "a.csv").error
    (place / "empty").mkdir()
    assert "has no drawing in it" in nurie("batch", place / "empty", *out, *reference).error
    assert FakeColorizer.loads == []
