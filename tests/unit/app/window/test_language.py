"""Another language while the program runs: the window is made anew, all else lives on."""

import gc
import re
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QTreeWidget,
    QWidget,
    QWizard,
)
from pytestqt.qtbot import QtBot

from app.application import Nurie, temporary_settings
from app.finetune.request import FinetuneRequest
from app.jobs.long_run import Verb
from app.window.main_window import MainWindow
from tests import window
from tests.children import living
from tests.fakes import FakeColorizer
from tests.fakes_finetune import make_child
from tests.window import color_both, color_file, program, quiet

JAPANESE = re.compile("[぀-ヿ一-鿿]")
# Names, units and formats are the same in both languages.
SAME = re.compile(
    r"\b(Nurie|English|PNG|PSD|OpenRaster|Adobe|GIMP|OK|px|Ctrl|Shift|Alt|Esc|Return|Del|F5|fake|Fake)\b|[\w*]+\.png"
)


@pytest.fixture(scope="module")
def fake() -> FakeColorizer:
    return FakeColorizer(gate=threading.Event())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the program keeps its settings."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def running(qapp: QApplication, home: Path, fake: FakeColorizer) -> Iterator[Nurie]:
    """One program for all tests."""
    gc.collect()
    gc.freeze()  # what is here by now stays; collecting the rest takes no time
    assert fake.gate is not None
    fake.gate.set()
    with program(qapp, home, fake) as nurie:
        yield nurie
    gc.unfreeze()


@pytest.fixture
def nurie(running: Nurie, qtbot: QtBot) -> Nurie:
    """A program that speaks English and has nothing open."""
    speak(running, "en")
    running.controllers.projects.new()
    quiet(running, qtbot.waitUntil)
    assert running.document.is_blank and not running.document.history.texts
    return running


def settle() -> None:
    """Let what is to be deleted go, in Qt and in Python."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        gc.collect()


def speak(nurie: Nurie, language: str) -> None:
    """Choose the language in the menu, and let the window before go."""
    window.speak(nurie, language)
    settle()


def menus(nurie: Nurie) -> list[QMenu]:
    found = nurie.window.menuBar().findChildren(QMenu)
    assert len(found) > 5
    return found


def receivers(nurie: Nurie) -> dict[str, int]:
    """How many connections each signal of everything that outlives the window has."""
    windows = {nurie.shell, nurie.actions}
    lasting = [one for one in nurie.findChildren(QObject) if not _is_under(one, windows)]
    return {
        f"{number} {type(one).__name__}.{bytes(method.name().data()).decode()}": one.receivers(
            f"2{bytes(method.methodSignature().data()).decode()}"
        )
        for number, one in enumerate([nurie, nurie.themes, *lasting])
        for method in (one.metaObject().method(index) for index in range(one.metaObject().methodCount()))
        if method.methodType() == method.MethodType.Signal
    }


def _is_under(one: QObject | None, owners: set[QObject]) -> bool:
    while one is not None:
        if one in owners:
            return True
        one = one.parent()
    return False


def shown_texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """All a person may read or hear in a window or dialog, with where it stands."""
    for part in [root, *root.findChildren(QWidget)]:
        where = f"{type(part).__name__} {part.objectName()}"
        yield where, part.toolTip()
        yield where, part.accessibleName()
        yield where, part.accessibleDescription()
        yield where, part.windowTitle()
        if isinstance(part, QLabel | QAbstractButton):
            yield where, part.text()
        if isinstance(part, QMenu):
            yield where, part.title()
        if isinstance(part, QLineEdit):
            yield where, part.placeholderText()
        if isinstance(part, QComboBox):
            yield from ((where, part.itemText(index)) for index in range(part.count()))
        if isinstance(part, QTreeWidget):
            yield from ((where, part.headerItem().text(column)) for column in range(part.columnCount()))
    for action in root.findChildren(QAction):
        yield f"action {action.objectName()}", action.text()
    if isinstance(root, MainWindow):
        for action in root.actions_table.all():
            yield f"action {action.objectName()}", action.toolTip()
            yield f"action {action.objectName()}", action.statusTip()


def in_english(root: QWidget) -> list[tuple[str, str]]:
    """What of a window or dialog that speaks Japanese is English."""
    texts = ((where, text) for where, text in shown_texts(root) if not JAPANESE.search(text))
    return [(where, text) for where, text in texts if re.search("[A-Za-z]{2}", SAME.sub("", text.replace("&", "")))]


def test_all_of_the_window_speaks_the_language(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    english = {text for _, text in shown_texts(nurie.window)}
    assert "&File" in english and not [text for text in english if JAPANESE.search(text.replace("日本語", ""))]
    speak(nurie, "ja")
    # A character is called as the file of its first reference.
    assert [found for found in in_english(nurie.window) if found[1] != "color"] == []
    assert "ファイル(&F)" in {text for _, text in shown_texts(nurie.window)}
    speak(nurie, "en")
    assert {text for _, text in shown_texts(nurie.window)} >= english - {""} - _of_now(english)


def _of_now(texts: set[str]) -> set[str]:
    """What tells of the moment and not of the window, such as how long the coloring took."""
    return {text for text in texts if text.startswith("Colored in")}


def test_dialogs_speak_the_language(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    speak(nurie, "ja")
    for name in ("about", "batch", "models", "finetune", "guide"):
        nurie.actions[name].trigger()
        dialog = next(one for one in nurie.window.findChildren(QDialog) if one.isVisible())
        assert in_english(dialog) == [], name
        dialog.close()
        settle()


def test_shortcuts_of_each_menu_are_its_own_in_both_languages(nurie: Nurie) -> None:
    for language in ("en", "ja"):
        speak(nurie, language)
        bar = nurie.window.menuBar()
        groups = [bar.actions(), *(menu.actions() for menu in menus(nurie))]
        for actions in groups:
            texts = [action.text() for action in actions if action.text() and action.isVisible()]
            letters = [found[1].lower() for text in texts if (found := re.search(r"&(\w)", text))]
            assert len(set(letters)) == len(letters), texts


def test_the_work_lives_on(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    coloring = color_both(nurie, tmp_path, qtbot.waitUntil)
    nurie.controllers.coloring.cast.remove(nurie.document.references)
    nurie.document.history.undo()
    qtbot.waitUntil(lambda: not nurie.runner.jobs)
    history, pages = nurie.document.history.texts, nurie.document.pages
    assert fake.gate is not None
    fake.gate.clear()
    fake.started.clear()
    nurie.controllers.coloring.color_now()
    qtbot.waitUntil(fake.started.is_set)
    job = nurie.runner.shown_job
    speak(nurie, "ja")
    assert nurie.document.pages == pages and nurie.document.history.texts == history
    assert nurie.runner.shown_job is job and nurie.window.status.bar.isVisible()
    assert nurie.window.strip.list.count() == 1
    assert nurie.window.canvas.content.size is not None
    fake.gate.set()
    qtbot.waitUntil(lambda: nurie.document.coloring not in (None, coloring))
    qtbot.waitUntil(lambda: "着色しました" in nurie.window.status.message.text())
    nurie.document.history.redo()
    assert nurie.window.strip.list.count() == 0


def test_a_child_process_and_its_row_live_on(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    nurie.controllers.finetune._make_child = make_child(steps=9, hold_at=3)
    run = nurie.controllers.finetune.begin(FinetuneRequest((color_file(tmp_path),), "rin"), tmp_path / "run")
    assert run is not None
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.step == 2)
    nurie.controllers.finetune.run_opened.emit(run)
    nurie.window.docks["jobsDock"].show()
    children = living()
    speak(nurie, "ja")
    assert run.is_alive and living() == children
    assert not [dialog for dialog in QApplication.topLevelWidgets() if isinstance(dialog, QWizard)]
    assert nurie.window.jobs.rows == [run.row] and nurie.window.docks["jobsDock"].isVisible()
    view = nurie.window.jobs.view(run.row)
    assert JAPANESE.search(view.title.text()) and JAPANESE.search(view.message.text())  # said before, in English
    run.ask(Verb.CANCEL)
    qtbot.waitUntil(lambda: not run.is_alive)
    assert JAPANESE.search(nurie.window.jobs.view(run.row).message.text())


def test_the_window_looks_as_before(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    nurie.window.resize(1100, 760)
    nurie.window.docks["paletteDock"].hide()
    nurie.actions["show_compare"].trigger()
    nurie.actions["tool_hint"].trigger()
    nurie.shell.context.set_color((1, 2, 3))
    nurie.window.layers.boxes["shading"].setChecked(False)
    nurie.window.canvas.zoom_to(3.0)
    nurie.window.canvas.turn(30.0)
    nurie.window.canvas.divider.set_share(0.25)
    before = nurie.window
    viewport, size = before.canvas.viewport, before.size()
    window.speak(nurie, "ja")
    assert nurie.window is not before and nurie.window.isVisible()
    assert not shiboken6.isValid(before) or not before.isVisible()
    assert nurie.window.size() == size
    settle()
    assert not nurie.window.docks["paletteDock"].isVisible()
    assert nurie.actions["show_compare"].isChecked() and nurie.window.canvas.mode.value == "compare"
    assert nurie.actions["tool_hint"].isChecked() and nurie.window.canvas.tool is not None
    assert nurie.shell.context.color == (1, 2, 3)
    assert not nurie.window.layers.boxes["shading"].isChecked()
    after = nurie.window.canvas.viewport
    assert (after.scale, after.angle) == (viewport.scale, viewport.angle)
    middle = viewport.to_picture(viewport.view[0] / 2, viewport.view[1] / 2)
    assert after.to_picture(after.view[0] / 2, after.view[1] / 2) == pytest.approx(middle, abs=1.0)
    assert nurie.window.canvas.divider.share == pytest.approx(0.25, abs=0.01)


def test_nothing_of_the_window_before_is_left(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    qtbot.waitUntil(lambda: not nurie.runner.jobs)
    settle()
    connections, children = receivers(nurie), len(nurie.findChildren(QObject))
    parts = [weakref.ref(part) for part in (nurie.window, nurie.shell, *nurie.presenters, nurie.actions)]
    speak(nurie, "ja")
    speak(nurie, "en")
    qtbot.waitUntil(lambda: not nurie.runner.jobs)
    settle()
    assert receivers(nurie) == connections
    assert len(nurie.findChildren(QObject)) == children
    assert [part() for part in parts] == [None] * len(parts)
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
    assert windows == [nurie.window]


def test_the_choice_is_remembered(nurie: Nurie, home: Path) -> None:
    speak(nurie, "ja")
    assert nurie.settings.language == "ja" and nurie.actions["language_ja"].isChecked()
    nurie.settings.sync()
    assert "language=ja" in (home / "nurie.ini").read_text("utf-8")


def test_a_language_that_is_none_is_the_system_s(tmp_path: Path) -> None:
    (tmp_path / "nurie.ini").write_text("[window]\nlanguage=klingon\n", "utf-8")
    assert temporary_settings(tmp_path).language == "system"


def test_the_language_of_before_is_spoken_at_the_start(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "nurie.ini").write_text("[window]\nlanguage=ja\n", "utf-8")
    with program(qapp, tmp_path) as running:
        assert running.window.menuBar().actions()[0].text() == "ファイル(&F)"
