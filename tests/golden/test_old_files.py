"""Files that Nurie 0.1.0 wrote are still understood: projects, journals of batches, `nurie.toml`, settings."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.batch_export.dialog import BatchDialog
from app.cli.main import main
from tests.golden.make_old_files import BATCHES, DATA
from tests.golden.ways import Hand

COLORED = {"whole": {"page.png", "scene/page.png", "sketch/page.png"}}  # of the others: page.png alone

Batch = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the batches, the pictures as old as their journals say."""
    monkeypatch.setenv("NURIE_MODELS", str(DATA / "models"))
    shutil.copytree(DATA / "batch", tmp_path / "batch")
    for journal in (tmp_path / "batch").glob("*/.nurie-batch/journal.jsonl"):
        for entry in map(json.loads, journal.read_text(encoding="ascii").splitlines()):
            os.utime(journal.parents[1] / entry["output"], ns=(entry["modified"], entry["modified"]))
    return tmp_path / "batch"


@pytest.fixture
def batch(place: Path, capfd: pytest.CaptureFixture[str]) -> Batch:
    """Give the command again; the events it tells."""

    def run(name: str, *more: str) -> list[dict[str, Any]]:
        capfd.readouterr()
        words = ["batch", place / "in", "--reference", place / "reference.png", "--output", place / name, "--json"]
        code = main([*map(str, words), "--model=tiny", "--device=cpu", *BATCHES[name], *more])
        assert code == 0
        return [json.loads(line) for line in capfd.readouterr().out.splitlines()]

    return run


def skipped(events: list[dict[str, Any]]) -> dict[str, str]:
    """Names of drawings that were left as they are, and why."""
    return {one["name"]: one["why"] for one in events if one["event"] == "skipped"}


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_colors_nothing_anew(batch: Batch, place: Path, name: str) -> None:
    journal = place / name / ".nurie-batch" / "journal.jsonl"
    before = journal.read_bytes()
    events = batch(name)
    assert skipped(events) == dict.fromkeys(COLORED.get(name, {"page.png"}), "before")
    assert not [one for one in events if one["event"] in ("started", "failed")]
    assert journal.read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("name", "more"),
    [("whole", one) for one in ("--shading=cel", "--gap=4", "--sigma=0.3", "--soft", "--levels=1,255", "--despeckle=1",
     "--size=510", "--palette=off", "--lines=extract", "--recolor=red=#102030")]
    + [("recolored", "--recolor=red=#102030"), ("free", "--flats=off"), ("guess", "--quality=90")],
)  # fmt: skip
def test_a_batch_with_another_option_would_color_anew(batch: Batch, name: str, more: str) -> None:
    found = skipped(batch(name, more))
    assert found["page.png"] == "exists"
    # What a nurie.toml says goes before the option, and this one says all there is to say, but of edits.
    if name == "whole":
        assert found["scene/page.png"] == ("exists" if "recolor" in more else "before")


@pytest.mark.parametrize(
    ("folder", "change"),
    [("scene", one) for one in ("sigma = 0.36", "soft = false", "levels = [20, 231]", "despeckle = 3", "size = 257",
     'shading = "soft"', "gap = 6", 'lines = "extract"', 'palette = "lock"', 'references = ["../../other.png"]')]
    + [("sketch", "flats = false")],
)  # fmt: skip
def test_a_folder_that_says_something_else_would_be_colored_anew(
    batch: Batch, place: Path, folder: str, change: str
) -> None:
    Image.new("RGB", (9, 9), "teal").save(place / "other.png")
    file = place / "in" / folder / "nurie.toml"
    key = change.split("=", maxsplit=1)[0]
    others = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(key)]
    file.write_text("\n".join([*others, change]) + "\n", encoding="utf-8")
    found = skipped(batch("whole", "--pattern=page.png"))
    assert {name for name, why in found.items() if why == "exists"} == {f"{folder}/page.png"}


def test_a_project_opens_with_all_its_values(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    shutil.copy(DATA / "girl.nurie", tmp_path / "girl.nurie")
    with Hand.at_program(qapp, qtbot, tmp_path / "home") as hand:
        document = hand.nurie.document
        hand.open(tmp_path / "girl.nurie")
        assert [(page.name, page.is_colored) for page in document.pages] == [("Cover", True), ("second.png", False)]
        _check_settings(hand)
        coloring = document.coloring
        assert coloring is not None and (coloring.model, len(coloring.sha256)) == ("nurie-compact", 64)
        assert [item.reference.name for item in document.references] == ["reference.png"]
        (reference,) = (item.reference for item in document.references)
        assert reference.weight == 1.5 and reference.mask is not None
        assert not reference.mask[:, :2].any() and reference.mask[:, 2:].all()
        assert document.drawing is not None
        assert document.drawing.picture.dpi == pytest.approx((300, 300), abs=0.01)
        assert document.is_saved and not hand.nurie.window.isWindowModified()
        hand.export(tmp_path / "cover.png")
        hand.export(tmp_path / "cover.ora")
    np.testing.assert_array_equal(_pixels(tmp_path / "cover.png"), _pixels(DATA / "cover.png"))
    made, before = (_layers(folder / "cover.ora") for folder in (tmp_path, DATA))
    assert made.keys() == before.keys()
    for name, pixels in before.items():
        np.testing.assert_array_equal(made[name], pixels, err_msg=name)


def test_a_project_can_be_worked_on(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The pictures of then were finished by attention alone; what is asked here is whether the file holds all.
    monkeypatch.setattr("engine.model_catalog.matcher", lambda: None)
    shutil.copy(DATA / "girl.nurie", tmp_path / "girl.nurie")
    with Hand.at_program(qapp, qtbot, tmp_path / "home") as hand:
        hand.open(tmp_path / "girl.nurie")
        hand.shade("off")
        hand.export(tmp_path / "flat.png")
        hand.shade("soft")
        hand.export(tmp_path / "cover.png")
        hand.color_again()
        hand.save_project(tmp_path / "again.nurie")
        _check_settings(hand)
    with Hand.at_program(qapp, qtbot, tmp_path / "another") as hand:
        hand.open(tmp_path / "again.nurie")
        _check_settings(hand)
    assert (_pixels(tmp_path / "flat.png") != _pixels(DATA / "cover.png")).any()
    # Where the lines leave a figure open, it has been divided from the paper along other pixels since.
    assert (_pixels(tmp_path / "cover.png") != _pixels(DATA / "cover.png")).any(axis=-1).mean() < 0.01


def test_the_programs_settings(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    shutil.copy(DATA / "nurie.ini", tmp_path / "nurie.ini")
    with Hand.at_program(qapp, qtbot, tmp_path) as hand:
        window, settings = hand.nurie.window, hand.nurie.settings
        assert not settings.auto_color
        lines, finish = hand.nurie.document.line_settings, hand.nurie.document.finish_settings
        assert (lines.lines, lines.sigma, lines.soft) == ("auto", 0.45, True)
        assert (lines.levels, lines.despeckle) == ((0, 255), 0)  # these belong to a drawing since
        assert (finish.flats, finish.locked, finish.shading, finish.gap) == (True, True, "soft", 4)
        assert (window.finish.shading.currentData(), window.finish.gap.value()) == ("soft", 4)
        assert [path.name for path in settings.recent] == ["girl.nurie"]
        hand.nurie.actions["batch"].trigger()
        (dialog,) = window.findChildren(BatchDialog)
        request = dialog.form.request()
        assert (request.folder, request.output, request.references) == ("drawings", "drawings colored", ("colors.png",))
        assert (request.format, request.quality, request.on_exists) == ("webp", None, "number")
        assert (request.recursive, request.pattern) == (True, "page*")
        dialog.close()


def _check_settings(hand: Hand) -> None:
    lines, finish = hand.nurie.document.line_settings, hand.nurie.document.finish_settings
    assert (lines.lines, lines.sigma, lines.soft) == ("ink", 0.45, True)
    assert (lines.levels, lines.despeckle) == ((5, 250), 1)
    assert (finish.flats, finish.locked, finish.shading, finish.gap) == (True, True, "soft", 4)
    assert finish.palette is None
    edits = {(one.name, one.color): (other.name, other.color) for one, other in finish.edits}
    assert edits == {("blue", (60, 80, 190)): ("blue", (122, 42, 140))}
    there = finish.corrections
    hints = [(hint.x, hint.y, hint.color, hint.spread) for hint in there.hints]
    assert hints == [(45, 45, (16, 160, 40), True), (5, 60, (250, 240, 200), False)]
    assert there.splits == (((60, 8), (60, 82)),)
    assert there.merges == (((100, 60), (100, 80)),)
    assert there.gaps == (((96, 68), (116, 68)),)


def _pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image)


def _layers(path: Path) -> dict[str, NDArray[np.uint8]]:
    """The pictures in an OpenRaster file, by their names in it."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("data/")]
        assert names
        return {name: np.asarray(Image.open(archive.open(name))) for name in names}
