"""What belongs to the project: references and palettes of characters, and what an old project has of its own."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.batch_export.project_pictures import PageWish
from app.dialogs.question_dialog import QuestionDialog
from app.images import incoming
from engine.images import read
from engine.palette import Swatch
from tests.fakes import FakeColorizer
from tests.window import color_file, drop, line_file, quiet, urls

OLD = Path(__file__).parents[1] / "data" / "before_characters" / "three.nurie"
GREEN = (10, 120, 30)


def open_three(nurie: Nurie, qtbot: QtBot, folder: Path) -> None:
    files = [line_file(folder, f"{name}.png", 96 + 8 * index) for index, name in enumerate("abc")]
    drop(nurie.window.canvas, urls(*files))
    qtbot.waitUntil(lambda: len(nurie.document.pages) == 3)
    quiet(nurie, qtbot.waitUntil)


def color_everything(nurie: Nurie, qtbot: QtBot) -> None:
    nurie.actions["color_all"].trigger()
    qtbot.waitUntil(lambda: all(page.is_colored for page in nurie.document.pages))
    quiet(nurie, qtbot.waitUntil)


@pytest.fixture
def three(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    """Three drawings, then a sheet; all are colored."""
    open_three(nurie, qtbot, tmp_path)
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    quiet(nurie, qtbot.waitUntil)
    color_everything(nurie, qtbot)
    return nurie


def colors(nurie: Nurie, page_id: int) -> set[tuple[int, ...]]:
    coloring = nurie.document.page(page_id).coloring
    assert coloring is not None
    return {tuple(color) for color in coloring.finished.color.reshape(-1, 3).tolist()}


def casts(nurie: Nurie) -> list[str]:
    return [" ".join(one.shown_name for one in page.cast) for page in nurie.document.pages]


def used_swatch(nurie: Nurie) -> Swatch:
    coloring = nurie.document.coloring
    assert coloring is not None and coloring.base is not None and coloring.finished.swatch is not None
    number = int(np.bincount(coloring.finished.swatch).argmax())
    return coloring.base.swatches[number]


def test_a_reference_counts_for_every_drawing(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    open_three(nurie, qtbot, tmp_path)
    assert not nurie.actions["color_all"].isEnabled()
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    quiet(nurie, qtbot.waitUntil)
    assert [len(page.references) for page in nurie.document.pages] == [1, 1, 1]
    assert nurie.actions["color_all"].isEnabled()
    color_everything(nurie, qtbot)
    assert len(fake.requests) == 3 and not nurie.actions["color_all"].isEnabled()
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path, "more.png", (90, 30, 120))))
    qtbot.waitUntil(lambda: len(nurie.document.references) == 2)
    quiet(nurie, qtbot.waitUntil)
    assert nurie.actions["color_all"].isEnabled()  # the others have the colors of before
    color_everything(nurie, qtbot)
    assert len(fake.requests) == 6
    for _ in range(2):
        nurie.actions["undo"].trigger()
    assert [len(page.references) for page in nurie.document.pages] == [0, 0, 0]


def test_only_for_this_drawing_and_back(three: Nurie, qtbot: QtBot) -> None:
    three.window.strip.list.setCurrentRow(0)
    action = three.actions["reference_here_only"]
    action.trigger()
    assert [len(page.references) for page in three.document.pages] == [1, 0, 0]
    assert [len(page.own_references) for page in three.document.pages] == [1, 0, 0]
    three.window.strip.list.setCurrentRow(0)
    three.actions["share_references"].trigger()
    assert [len(page.own_references) for page in three.document.pages] == [0, 0, 0]
    assert [len(page.references) for page in three.document.pages] == [1, 1, 1]
    for _ in range(2):
        three.document.history.undo()
    assert [len(page.own_references) for page in three.document.pages] == [0, 0, 0]
    quiet(three, qtbot.waitUntil)


def test_an_edited_swatch_changes_every_drawing_and_one_undo_brings_all_back(three: Nurie, qtbot: QtBot) -> None:
    base, ids = used_swatch(three), [page.id for page in three.document.pages]
    before = [three.window.drawings.list.item(row).data(Qt.ItemDataRole.UserRole).image for row in range(3)]
    three.controllers.finish.edit_swatch(base, replace(base, color=GREEN))
    qtbot.waitUntil(lambda: all(GREEN in colors(three, one) for one in ids))
    quiet(three, qtbot.waitUntil)
    after = [three.window.drawings.list.item(row).data(Qt.ItemDataRole.UserRole).image for row in range(3)]
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert not any(page.wants_finishing for page in three.document.pages)
    three.actions["undo"].trigger()
    qtbot.waitUntil(lambda: not any(GREEN in colors(three, one) for one in ids))
    quiet(three, qtbot.waitUntil)
    assert all(base.color in colors(three, one) for one in ids)


def test_drawings_that_were_compressed_follow_too(
    three: Nurie, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.controllers import projects

    monkeypatch.setattr(projects, "KEPT_BYTES", 1)
    for _ in range(2):
        three.controllers.projects._make_room()
        quiet(three, qtbot.waitUntil)
    assert [page.is_loaded for page in three.document.pages] == [True, False, False]
    base = used_swatch(three)
    images = [page.thumbnail for page in three.document.pages[1:]]
    three.controllers.finish.edit_swatch(base, replace(base, color=GREEN))
    quiet(three, qtbot.waitUntil)
    assert not any(page.wants_finishing for page in three.document.pages)
    assert [page.is_loaded for page in three.document.pages] == [True, False, False]
    assert all(page.thumbnail != image for page, image in zip(three.document.pages[1:], images, strict=True))
    assert not any(page.wants_color for page in three.document.pages)
    three.document.show_page(three.document.pages[1].id)
    quiet(three, qtbot.waitUntil)
    assert GREEN in colors(three, three.document.page_id)


def test_pictures_are_written_in_the_palette_of_now(three: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    three.controllers.settling.set_rest(1_000_000)  # nothing has followed yet
    base = used_swatch(three)
    three.controllers.finish.edit_swatch(base, replace(base, color=GREEN))
    assert any(page.wants_finishing for page in three.document.pages)
    three.controllers.batch.export_pages(PageWish(tmp_path / "out", ".png", 90, "overwrite"))
    qtbot.waitUntil(lambda: not three.runner.jobs)
    written = sorted((tmp_path / "out").glob("*.png"))
    assert [path.stem for path in written] == ["a", "b", "c"]
    for path in written:
        assert (read(path).pixels == GREEN).all(axis=2).any()


def test_a_project_keeps_its_characters(three: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    base = used_swatch(three)
    three.controllers.finish.edit_swatch(base, replace(base, name="shirt", color=GREEN))
    quiet(three, qtbot.waitUntil)
    three.controllers.cast.rename(three.document.characters[0].id, "Sylvie")
    three.controllers.cast.new_character("Saha")
    three.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path, "s.png", (1, 90, 90))]))
    quiet(three, qtbot.waitUntil)
    assert [[one.shown_name for one in page.cast] for page in three.document.pages] == [
        ["Saha"],
        ["Sylvie"],
        ["Sylvie"],
    ]
    three.controllers.projects.save(tmp_path / "x.nurie")
    quiet(three, qtbot.waitUntil)
    three.controllers.projects.open(tmp_path / "x.nurie")
    quiet(three, qtbot.waitUntil)
    assert [one.name for one in three.document.characters] == ["Sylvie", "Saha"]
    assert [[one.shown_name for one in page.cast] for page in three.document.pages] == [
        ["Saha"],
        ["Sylvie"],
        ["Sylvie"],
    ]
    assert not any(page.wants_color or page.wants_finishing for page in three.document.pages)
    three.document.show_page(three.document.pages[2].id)
    quiet(three, qtbot.waitUntil)
    assert GREEN in colors(three, three.document.page_id)
    assert three.document.current.references[0] is three.document.pages[1].references[0]


def test_an_old_project_has_everything_for_one_drawing_alone_until_it_is_shared(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer
) -> None:
    shutil.copy(OLD, tmp_path / "three.nurie")
    nurie.controllers.projects.open(tmp_path / "three.nurie")
    quiet(nurie, qtbot.waitUntil)
    pages = nurie.document.pages
    assert not nurie.document.characters and [page.name for page in pages] == ["a.png", "b.png", "c.png"]
    assert [item.reference.name for item in nurie.document.references] == ["sheet.png"]
    assert [bool(page.finish_settings.edits) for page in pages] == [True, False, True]
    assert not fake.requests
    nurie.actions["share_references"].trigger()
    quiet(nurie, qtbot.waitUntil)
    (character,) = nurie.document.characters
    assert all(page.cast == (character,) for page in nurie.document.pages)
    assert len({page.finish_settings.edits for page in nurie.document.pages}) == 1
    for index, count in ((1, 1), (2, 2)):  # the same sheet is not there twice, the other drawing's own stays
        nurie.document.show_page(nurie.document.pages[index].id)
        quiet(nurie, qtbot.waitUntil)
        assert len(nurie.document.references) == count
    assert GREEN in colors(nurie, nurie.document.pages[1].id)
    nurie.document.history.undo()
    quiet(nurie, qtbot.waitUntil)
    assert not nurie.document.characters
    assert [[item.reference.name for item in page.references] for page in nurie.document.pages] == [
        ["sheet.png"],
        ["sheet.png"],
        ["other.png"],
    ]
    assert [bool(page.finish_settings.edits) for page in nurie.document.pages] == [True, False, True]


def test_leaving_a_drawing_does_not_stop_its_coloring(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer
) -> None:
    fake.gate = threading.Event()
    files = [line_file(tmp_path, f"{name}.png", 96 + 8 * index) for index, name in enumerate("ab")]
    drop(nurie.window.canvas, urls(*files, color_file(tmp_path)))
    qtbot.waitUntil(lambda: len(fake.requests) == 1)
    panel = nurie.window.drawings.list
    for row in (1, 0, 1):
        middle: QPoint = panel.visualItemRect(panel.item(row)).center()
        qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        qtbot.waitUntil(lambda: nurie.document.lines is not None and not nurie.controllers.coloring.is_waiting)
    qtbot.waitUntil(lambda: len(nurie.controllers.coloring.coloring_pages) == 2)
    assert fake.cancelled == 0 and [entry.state for entry in panel.entries()] == ["busy", "busy"]
    fake.gate.set()
    qtbot.waitUntil(lambda: all(page.is_colored for page in nurie.document.pages))
    quiet(nurie, qtbot.waitUntil)
    assert len(fake.requests) == 2 and fake.cancelled == 0


def test_a_file_opened_twice_is_there_once(three: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    told: list[str] = []
    three.controllers.coloring.noticed.connect(told.append)
    drop(three.window.canvas, urls(tmp_path / "b.png"))
    qtbot.waitUntil(lambda: three.document.title == "b.png")
    quiet(three, qtbot.waitUntil)
    assert len(three.document.pages) == 3 and any("b.png" in one for one in told)
    line_file(tmp_path, "b.png", 200)  # drawn on since
    drop(three.window.canvas, urls(tmp_path / "b.png"))
    qtbot.waitUntil(lambda: len(three.document.pages) == 4)
    quiet(three, qtbot.waitUntil)


@pytest.mark.parametrize(("role", "drawings", "references"), [("accept", 2, 1), ("destroy", 1, 2), ("reject", 1, 0)])
def test_line_art_on_the_references_is_asked_about(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, role: str, drawings: int, references: int
) -> None:
    drop(nurie.window.canvas, urls(line_file(tmp_path)))
    quiet(nurie, qtbot.waitUntil)
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path), line_file(tmp_path, "other.png", 120)))
    qtbot.waitUntil(lambda: bool(nurie.window.findChildren(QuestionDialog)))
    (dialog,) = nurie.window.findChildren(QuestionDialog)
    assert "other.png" in dialog.text()
    dialog.choices[role].click()
    quiet(nurie, qtbot.waitUntil)
    assert (len(nurie.document.pages), len(nurie.document.references)) == (drawings, references)


def test_a_new_project_is_new(three: Nurie, qtbot: QtBot) -> None:
    three.controllers.coloring.set_line_settings(replace(three.document.line_settings, despeckle=10, levels=(9, 200)))
    quiet(three, qtbot.waitUntil)
    assert three.window.finish.gap.text() != "–"
    three.controllers.projects.discard()
    three.actions["new_project"].trigger()
    quiet(three, qtbot.waitUntil)
    lines = three.document.line_settings
    assert (lines.despeckle, lines.levels) == (0, (0, 255))
    assert three.window.finish.gap.text() == "–"
    assert "Colored" not in three.window.status.message.text()
    assert [one.is_blank for one in three.document.characters] == [True]
