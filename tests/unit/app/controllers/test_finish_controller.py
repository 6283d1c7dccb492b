"""After the network: finishing, edits of swatches, palettes, overlays."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.document.parts import Coloring
from app.images import incoming, qt_images
from engine import finishing
from engine.export import palette_files
from engine.line_art import region_edits
from engine.options import FinishOptions
from engine.palette import Palette, Swatch
from tests.fakes import FakeColorizer
from tests.window import color_both, color_file, error_dialogs, line_file


@pytest.fixture
def colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    return nurie


def coloring_of(nurie: Nurie) -> Coloring:
    assert nurie.document.coloring is not None
    return nurie.document.coloring


def change(nurie: Nurie, **options: object) -> None:
    nurie.controllers.finish.set_settings(replace(nurie.document.finish_settings, **options))  # type: ignore[arg-type]


def palette_file(folder: Path) -> Path:
    path = folder / "two.gpl"
    palette_files.write(path, Palette((Swatch("sea", (10, 90, 200)), Swatch("sun", (250, 220, 40))), "Two"))
    return path


def quiet(nurie: Nurie) -> Callable[[], bool]:
    return lambda: not nurie.runner.jobs


def most_used(nurie: Nurie) -> int:
    return int(np.argmax(coloring_of(nurie).shares))


def test_a_coloring_ends_with_flats_locked_to_the_references(colored: Nurie, fake: FakeColorizer) -> None:
    coloring = coloring_of(colored)
    finished = coloring.finished
    assert finished.regions is not None and finished.palette is not None
    assert finished.regions.count > 1
    swatches = {swatch.color for swatch in finished.palette.swatches}
    assert {tuple(color) for color in finished.color.reshape(-1, 3).tolist()} <= swatches
    assert sum(coloring.shares) == pytest.approx(1.0)
    assert len(fake.requests) == fake.matches == 1
    shown, _ = qt_images.from_qimage(coloring.view.full)
    np.testing.assert_array_equal(shown, finished.color)
    listed = colored.window.palette_panel.list.entries()
    assert [one.swatch for one in listed] == list(finished.palette.swatches)
    assert colored.window.finish.gap.value() == finished.regions.gap


@pytest.mark.parametrize("options", [{"flats": False}, {"locked": False}, {"shading": "cel"}, {"gap": 0}])
def test_an_option_finishes_anew_without_the_network(
    colored: Nurie, qtbot: QtBot, fake: FakeColorizer, options: dict[str, object]
) -> None:
    before = coloring_of(colored)
    change(colored, **options)
    qtbot.waitUntil(lambda: coloring_of(colored) is not before)
    after = coloring_of(colored)
    assert len(fake.requests) == 1
    assert after.result is before.result
    assert after.settings == colored.document.finish_settings
    assert (after.finished.regions is None) == (options == {"flats": False})
    assert (after.finished.palette is None) == ("flats" in options or "locked" in options)
    assert not colored.document.is_saved
    assert colored.settings.finish == after.settings


def test_the_newest_option_wins(colored: Nurie, qtbot: QtBot) -> None:
    for gap in (1, 2, 3, 4):
        change(colored, gap=gap)
    qtbot.waitUntil(quiet(colored))
    regions = coloring_of(colored).finished.regions
    assert regions is not None
    assert regions.gap == 4


def test_going_back_drops_what_was_under_way(colored: Nurie, qtbot: QtBot) -> None:
    before = coloring_of(colored)
    change(colored, gap=9)
    change(colored, gap=None)
    qtbot.waitUntil(quiet(colored))
    assert coloring_of(colored) is before


def test_an_option_that_changes_during_a_coloring_holds_for_it(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer
) -> None:
    fake.gate = threading.Event()
    nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path)]))
    nurie.controllers.coloring.open_drawing(incoming.from_files([line_file(tmp_path)]))
    qtbot.waitUntil(lambda: len(fake.requests) == 1)
    change(nurie, locked=False)
    fake.gate.set()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None and not nurie.runner.jobs)
    assert coloring_of(nurie).finished.palette is None
    assert len(fake.requests) == 1


def test_an_edited_swatch_only_repaints(
    colored: Nurie, qtbot: QtBot, fake: FakeColorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = coloring_of(colored)
    assert before.base is not None
    monkeypatch.setattr(finishing, "finish", lambda *_: pytest.fail("finished anew"))
    index = most_used(colored)
    base = before.base.swatches[index]
    colored.controllers.finish.edit_swatch(base, Swatch("mine", (1, 2, 3)))
    listed = colored.window.palette_panel.list.entries()[index]
    assert (listed.base, listed.swatch.name) == (base, "mine")
    qtbot.waitUntil(lambda: coloring_of(colored) is not before)
    after = coloring_of(colored)
    assert (len(fake.requests), fake.matches) == (1, 1)
    assert after.finished.regions is before.finished.regions
    was = (before.finished.color == base.color).all(axis=2)
    assert (after.finished.color[was] == (1, 2, 3)).all()
    np.testing.assert_array_equal(after.finished.color[~was], before.finished.color[~was])
    assert '"#010203"' in after.text["Settings"]


def test_edits_outlive_another_coloring(colored: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    base = coloring_of(colored).base
    assert base is not None
    index = most_used(colored)
    colored.controllers.finish.edit_swatch(base.swatches[index], Swatch("mine", (1, 2, 3)))
    colored.controllers.coloring.color_now()
    qtbot.waitUntil(lambda: len(fake.requests) == 2 and not colored.runner.jobs)
    again = coloring_of(colored)
    assert again.base == base
    assert again.finished.palette is not None
    assert again.finished.palette.swatches[index] == Swatch("mine", (1, 2, 3))
    colored.actions["reset_palette"].trigger()
    qtbot.waitUntil(lambda: coloring_of(colored).finished.palette == base)
    assert not colored.actions["reset_palette"].isEnabled()
    assert len(fake.requests) == 2


def test_a_loaded_palette_locks_the_colors(colored: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    change(colored, locked=False)
    colored.controllers.finish.load_palette(palette_file(tmp_path))
    qtbot.waitUntil(lambda: colored.document.finish_settings.palette is not None)
    qtbot.waitUntil(quiet(colored))
    palette = coloring_of(colored).finished.palette
    assert palette is not None
    assert [swatch.name for swatch in palette.swatches][:2] == ["sea", "sun"]
    assert colored.window.finish.locked.isChecked()
    assert len(fake.requests) == 1
    colored.actions["reset_palette"].trigger()
    qtbot.waitUntil(lambda: "sea" not in [one.swatch.name for one in colored.window.palette_panel.list.entries()])


def test_what_is_left_out_of_a_loaded_palette_is_told(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "own.gpl").write_text("GIMP Palette\n255 0 0\tred\n; mine\n")
    with qtbot.waitSignal(nurie.controllers.finish.noticed) as told:
        nurie.controllers.finish.load_palette(tmp_path / "own.gpl")
    assert told.args is not None and "left out" in told.args[0]


def test_a_palette_can_be_loaded_edited_and_saved_before_there_is_a_drawing(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not nurie.actions["save_palette"].isEnabled()
    nurie.controllers.finish.load_palette(palette_file(tmp_path))
    qtbot.waitUntil(nurie.actions["save_palette"].isEnabled)
    first = nurie.window.palette_panel.list.entries()[0]
    nurie.controllers.finish.edit_swatch(first.base, replace(first.swatch, color=(0, 0, 0)))
    saved = tmp_path / "mine.ase"
    nurie.controllers.finish.save_palette(saved)
    qtbot.waitUntil(lambda: saved.exists() and not nurie.runner.jobs)
    assert palette_files.read(saved).swatches == (Swatch("sea", (0, 0, 0)), Swatch("sun", (250, 220, 40)))
    assert "mine.ase" in nurie.window.status.message.text()


def test_a_file_that_is_no_palette(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    nurie.controllers.finish.load_palette(color_file(tmp_path))
    qtbot.waitUntil(lambda: bool(error_dialogs(nurie)))
    assert "not a palette" in error_dialogs(nurie)[0].label.text()
    assert nurie.document.finish_settings == FinishOptions()


def test_overlays_are_made_when_they_are_looked_at(colored: Nurie, qtbot: QtBot) -> None:
    assert colored.document.overlays == {}
    colored.actions["show_regions"].trigger()
    qtbot.waitUntil(lambda: "regions" in colored.window.canvas.content.overlays)
    regions = coloring_of(colored).finished.regions
    assert regions is not None
    shown, _ = qt_images.from_qimage(colored.document.overlays["regions"].view.full)
    np.testing.assert_array_equal(shown, region_edits.tint(regions))
    colored.actions["show_confidence"].trigger()
    qtbot.waitUntil(lambda: "confidence" in colored.window.canvas.content.overlays)


def test_an_overlay_follows_the_gap(colored: Nurie, qtbot: QtBot) -> None:
    colored.actions["show_regions"].trigger()
    qtbot.waitUntil(lambda: "regions" in colored.document.overlays)
    old = colored.document.overlays["regions"]
    change(colored, gap=1)
    qtbot.waitUntil(lambda: colored.document.overlays["regions"] is not old)
    assert colored.document.overlays["regions"].regions is coloring_of(colored).finished.regions


def test_without_flats_there_is_nothing_to_inspect(colored: Nurie, qtbot: QtBot) -> None:
    colored.actions["show_confidence"].trigger()
    qtbot.waitUntil(lambda: "confidence" in colored.document.overlays)
    change(colored, flats=False)
    qtbot.waitUntil(lambda: coloring_of(colored).finished.regions is None)
    assert colored.document.overlays == {}
    assert colored.actions["show_colored"].isChecked()
    assert not colored.actions["show_confidence"].isEnabled()
    assert not colored.actions["save_palette"].isEnabled()
    assert colored.window.checks.list.count() == 0


def test_a_finishing_of_another_drawing_comes_too_late(colored: Nurie, qtbot: QtBot) -> None:
    old = coloring_of(colored)
    colored.document.set_drawing(None)
    colored.controllers.service.finished.emit(old)
    assert colored.document.coloring is None
