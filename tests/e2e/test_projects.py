"""Projects in the window: save, open, the questions before something is lost, undo, recent files."""

import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.dialogs.question_dialog import QuestionDialog
from app.project_file import arrays, blobs
from app.project_file import file as project_file
from tests.fakes import FakeColorizer
from tests.window import color_both, color_file, drop, error_dialogs, line_file, program, quiet, urls


@pytest.fixture
def colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    qtbot.waitUntil(lambda: not nurie.runner.jobs)
    return nurie


def questions(nurie: Nurie) -> list[QuestionDialog]:
    return [dialog for dialog in nurie.window.findChildren(QuestionDialog) if dialog.isVisible()]


def answer(nurie: Nurie, role: str) -> None:
    (question,) = questions(nurie)
    question.choices[role].click()


def save(nurie: Nurie, qtbot: QtBot, path: Path) -> None:
    with qtbot.waitSignal(nurie.controllers.projects.save_ended) as ended:
        nurie.controllers.projects.save(path)
    assert ended.args == [True]


@contextmanager
def another(qapp: QApplication, folder: Path) -> Iterator[tuple[Nurie, FakeColorizer]]:
    """A second program, as after a restart."""
    fake = FakeColorizer()
    folder.mkdir()
    with program(qapp, folder, fake) as nurie:
        yield nurie, fake


def test_save_asks_once_and_opens_again_without_the_network(
    colored: Nurie, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    assert colored.window.isWindowModified()
    assert colored.window.windowTitle() == "line.png — Untitled[*] — Nurie"
    colored.actions["save"].trigger()
    (dialog,) = colored.window.findChildren(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "line.nurie"
    with qtbot.waitSignal(colored.controllers.projects.save_ended):
        dialog.fileSelected.emit(str(tmp_path / "Girl"))
    dialog.close()
    path = tmp_path / "Girl.nurie"
    assert zipfile.is_zipfile(path)
    assert not colored.window.isWindowModified()
    assert colored.window.windowTitle() == "line.png — Girl[*] — Nurie"
    before = colored.document.coloring
    with another(qapp, tmp_path / "other") as (nurie, fake):
        drop(nurie.window.canvas, urls(path))
        qtbot.waitUntil(lambda: nurie.document.coloring is not None)
        qtbot.waitUntil(lambda: not nurie.runner.jobs)
        assert fake.requests == []
        assert before is not None and nurie.document.coloring is not None
        assert nurie.document.coloring.view.full == before.view.full
        assert [item.reference.name for item in nurie.document.references] == ["color.png"]
        assert not nurie.window.isWindowModified() and not nurie.actions["undo"].isEnabled()
        nurie.actions["save"].trigger()  # where it lies, without asking
        qtbot.waitUntil(lambda: "Saved" in nurie.window.status.message.text())
        assert nurie.window.findChildren(QFileDialog) == []


def test_undo_and_redo_by_keyboard(colored: Nurie, qtbot: QtBot) -> None:
    window = colored.window
    window.activateWindow()
    window.canvas.setFocus()
    names = [item.reference.name for item in colored.document.references]
    colored.controllers.coloring.cast.remove(colored.document.references)
    assert colored.actions["undo"].text() == "&Undo Remove Reference"
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [item.reference.name for item in colored.document.references] == names
    assert colored.actions["redo"].text() == "&Redo Remove Reference"
    qtbot.keyClick(window.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert colored.document.references == ()
    assert not colored.actions["redo"].isEnabled()


def test_undo_brings_back_lines_and_colors(colored: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    colored.window.line_art.mode.setCurrentIndex(colored.window.line_art.mode.findData("extract"))
    qtbot.waitUntil(lambda: colored.document.lines is not None and colored.document.lines.line_art.extracted)
    qtbot.waitUntil(lambda: colored.document.current.coloring_is_current and not colored.runner.jobs)
    colored.document.history.undo()
    qtbot.waitUntil(lambda: colored.document.lines is not None and not colored.document.lines.line_art.extracted)
    qtbot.waitUntil(lambda: colored.document.current.coloring_is_current)
    assert colored.window.line_art.mode.currentData() == "auto"


def test_undo_of_what_was_not_colored_yet_drops_the_coloring(colored: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    before, asked = colored.document.coloring, len(fake.requests)
    colored.controllers.coloring.cast.remove(colored.document.references)
    colored.document.history.undo()
    quiet(colored, qtbot.waitUntil)
    assert colored.document.coloring is before and len(fake.requests) == asked


def test_the_history_panel_goes_to_a_step(colored: Nurie, qtbot: QtBot) -> None:
    panel = colored.window.history
    colored.controllers.coloring.cast.remove(colored.document.references)
    texts = [panel.list.item(row).text() for row in range(panel.list.count())]
    assert texts[0] == "Start" and texts[-1] == "Remove Reference" and len(texts) == 4
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Home)
    assert colored.document.is_blank and panel.list.currentRow() == 0
    assert panel.list.item(2).font().italic() and not panel.list.item(0).font().italic()
    panel.list.setCurrentRow(2)
    assert colored.document.drawing is not None and len(colored.document.references) == 1


def test_a_slider_drag_is_one_step(colored: Nurie) -> None:
    before = len(colored.document.history.texts)
    for sigma in range(31, 50):
        colored.window.line_art.slider.setValue(sigma)
    assert colored.document.history.texts[before:] == ["Thickness"]
    colored.actions["undo"].trigger()
    assert colored.window.line_art.slider.value() == 40


def test_closing_asks_and_cancel_stays(colored: Nurie) -> None:
    colored.window.close()
    assert colored.window.isVisible()
    colored.window.close()
    answer(colored, "reject")
    assert colored.window.isVisible() and colored.controllers.projects.needs_saving


def test_closing_and_discarding(colored: Nurie, qtbot: QtBot) -> None:
    colored.window.close()
    answer(colored, "destroy")
    qtbot.waitUntil(lambda: not colored.window.isVisible())


def test_closing_and_saving(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.nurie"
    save(colored, qtbot, path)
    written = path.read_bytes()
    colored.controllers.coloring.cast.remove(colored.document.references)
    colored.window.close()
    answer(colored, "accept")
    qtbot.waitUntil(lambda: not colored.window.isVisible())
    assert path.read_bytes() != written


def test_nothing_is_asked_where_nothing_is_lost(nurie: Nurie) -> None:
    nurie.window.line_art.slider.setValue(45)  # a setting alone is no work
    assert not nurie.window.isWindowModified()
    nurie.window.close()
    assert not nurie.window.isVisible()


def test_opening_another_project_asks_first(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.nurie"
    save(colored, qtbot, path)
    colored.controllers.coloring.cast.remove(colored.document.references)
    colored.window.recent.chosen.emit(path)
    assert len(questions(colored)) == 1
    answer(colored, "destroy")
    qtbot.waitUntil(lambda: len(colored.document.references) == 1)
    assert not colored.controllers.projects.needs_saving


def test_a_new_project_is_empty(colored: Nurie, qtbot: QtBot) -> None:
    colored.actions["new_project"].trigger()
    answer(colored, "destroy")
    qtbot.waitUntil(lambda: colored.document.is_blank)
    assert colored.window.windowTitle() == "Nurie" and colored.window.empty.isVisible()
    assert colored.window.drawings.list.count() == 0


def test_what_happens_while_it_is_saved_is_not_in_it(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(colored.controllers.projects.save_ended):
        colored.controllers.projects.save(tmp_path / "a.nurie")
        colored.controllers.coloring.cast.remove(colored.document.references)
    assert colored.controllers.projects.needs_saving and colored.window.isWindowModified()


def test_closing_while_a_project_is_saved_waits(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    colored.controllers.projects.save(tmp_path / "a.nurie")
    colored.window.close()
    assert colored.window.isVisible() and questions(colored) == []
    qtbot.waitUntil(lambda: not colored.window.isVisible())
    assert zipfile.is_zipfile(tmp_path / "a.nurie")


def test_a_project_that_cannot_be_written_says_so(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(colored.controllers.projects.save_ended) as ended:
        colored.controllers.projects.save(tmp_path / "no folder" / "a.nurie")
    assert ended.args == [False]
    assert "no folder" in error_dialogs(colored)[0].label.text()
    assert colored.controllers.projects.path is None and colored.controllers.projects.needs_saving


def test_a_damaged_project_leaves_the_one_that_is_open(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    save(colored, qtbot, tmp_path / "a.nurie")
    bad = tmp_path / "bad.nurie"
    bad.write_bytes((tmp_path / "a.nurie").read_bytes()[:500])
    drop(colored.window.canvas, urls(bad))
    qtbot.waitUntil(lambda: bool(error_dialogs(colored)))
    assert "bad.nurie" in error_dialogs(colored)[0].label.text()
    assert colored.document.coloring is not None and colored.controllers.projects.path == tmp_path / "a.nurie"


def test_a_project_is_not_dropped_with_pictures(nurie: Nurie, tmp_path: Path) -> None:
    (tmp_path / "a.nurie").write_bytes(b"")
    drop(nurie.window.canvas, urls(tmp_path / "a.nurie", line_file(tmp_path)))
    assert "alone" in error_dialogs(nurie)[0].label.text()
    assert nurie.runner.jobs == []


def test_recent_projects(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    assert not colored.window.recent.isEnabled()
    for name in ("a.nurie", "b.nurie"):
        save(colored, qtbot, tmp_path / name)
    (tmp_path / "a.nurie").unlink()
    colored.controllers.projects.path_changed.emit()
    qtbot.waitUntil(lambda: not colored.runner.jobs)
    first, second = colored.window.recent.actions()
    assert (first.text(), first.isEnabled()) == ("&1 b.nurie", True)
    assert (second.text(), second.isEnabled()) == ("&2 a.nurie", False)
    color_file(tmp_path, "more.png")
    colored.controllers.coloring.cast.remove(colored.document.references)
    first.trigger()
    answer(colored, "destroy")
    qtbot.waitUntil(lambda: len(colored.document.references) == 1)
    for number in range(12):
        colored.controllers.projects.remember(tmp_path / f"{number}.nurie")
    assert len(colored.settings.recent) == 10 and colored.settings.recent[0].name == "11.nurie"


def test_pictures_are_packed_and_unpacked_off_the_gui_thread(
    colored: Nurie, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: dict[str, set[bool]] = {}

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            where.setdefault(name, set()).add(threading.current_thread() is threading.main_thread())
            return function(*arguments)

        return call

    for place, name in (
        (arrays, "_packed"),
        (arrays, "_unpacked"),
        (project_file, "to_json"),
        (blobs.hashlib, "sha256"),
    ):
        monkeypatch.setattr(place, name, noted(name, getattr(place, name)))
    colored.controllers.projects.keep_copy()
    save(colored, qtbot, tmp_path / "a.nurie")
    colored.window.recent.chosen.emit(tmp_path / "a.nurie")
    with qtbot.waitSignal(colored.controllers.projects.opened):
        pass
    qtbot.waitUntil(lambda: not colored.runner.jobs)
    assert where == {key: {False} for key in ("_packed", "_unpacked", "to_json", "sha256")}
