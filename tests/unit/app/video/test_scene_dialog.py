"""Color a Scene in the window: the form, key frames dropped on the film strip, a run in a process of its own."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, QStandardPaths, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.jobs.child_process import ChildProcess
from app.jobs.long_run import RunState, Verb
from app.video.dialog import SceneDialog
from app.video.film_strip import MOST, shown_frames
from app.video.wish import Answer, SceneKey, SceneWish, from_json
from engine.corrections import Corrections, Hint
from engine.video import files
from tests.unit.engine.video.scenes import COLORS, SIZE, colors_in, key, walking, write_frames
from tests.window import drop, program, urls

ROOT = Path(__file__).resolve().parents[4]
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait_until(qtbot: QtBot) -> Until:
    return lambda done: qtbot.waitUntil(done, timeout=60_000)


@pytest.fixture
def nurie(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nurie]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with program(qapp, tmp_path) as running:
        words = [sys.executable, "-m", "tests.unit.app.video.scene_child"]
        running.controllers.scenes._make_child = lambda parent: ChildProcess(parent, words)
        yield running


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    folder = write_frames(tmp_path / "in", [walking(step) for step in (0, 2, 4)])
    Image.fromarray(key(0).reference.pixels).save(tmp_path / "key.png")
    return folder


def ready(nurie: Nurie, scene: Path, wait_until: Until) -> SceneDialog:
    """The dialog with the scene, and the key dropped on its first frame."""
    nurie.actions["scene"].trigger()
    dialog = nurie.window.findChildren(SceneDialog)[-1]
    assert not dialog.begin.isEnabled()
    drop(dialog, urls(scene))
    wait_until(lambda: dialog.strip.count() == 3 and len(dialog.strip._pictures) == 3)
    place = dialog.strip.visualItemRect(dialog.strip.item(0)).center()
    mime, nothing = urls(scene.parent / "key.png"), Qt.KeyboardModifier.NoModifier
    event = QDropEvent(
        QPointF(place), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, nothing, QEvent.Type.Drop
    )
    dialog.strip.dropEvent(event)
    return dialog


def test_a_scene_is_colored_watched_and_corrected(nurie: Nurie, scene: Path, wait_until: Until) -> None:
    dialog = ready(nurie, scene, wait_until)
    assert dialog.form.wish().keys == (SceneKey(str(scene.parent / "key.png"), 0),)
    assert dialog.form.output.text() == str(scene.with_name("in_colored")) and dialog.begin.isEnabled()
    dialog.begin.click()
    run = dialog.run
    assert run is not None and not dialog.form.isEnabled()
    wait_until(lambda: not run.is_alive)
    assert run.row.state == RunState.DONE, run.row.message
    out = scene.with_name("in_colored")
    assert colors_in(out / "shot_2.png", 4) == COLORS
    dialog.slider.setValue(2)
    wait_until(lambda: not dialog._is_waiting)
    shown = dialog.view._pixmap.toImage()
    seen = shown.pixelColor(4 + 30, 40)
    assert (seen.red(), seen.green(), seen.blue()) == COLORS[0]
    nurie.controllers.scenes.answer(run, Answer(1, 2 + 30, 40, COLORS[2]))
    wait_until(lambda: run.is_alive)
    wait_until(lambda: not run.is_alive)
    assert colors_in(out / "shot_2.png", 4)[0] == COLORS[2] and colors_in(out / "shot_0.png", 0)[0] == COLORS[0]
    assert from_json(nurie.settings.last_scene) == dialog.form.wish()


def test_a_frame_is_opened_as_a_drawing_and_its_hints_go_to_the_tracks(
    nurie: Nurie, scene: Path, wait_until: Until
) -> None:
    dialog, document = ready(nurie, scene, wait_until), nurie.controllers.document
    dialog.begin.click()
    run = dialog.run
    assert run is not None
    wait_until(lambda: not run.is_alive)
    dialog.slider.setValue(1)
    dialog.take_hints.click()
    assert not run.is_alive and "Open the frame" in dialog.message.text()
    dialog.open_page.click()
    wait_until(lambda: document.current.path == scene / "shot_1.png")
    assert [item.reference.name for item in document.references] == ["key.png"]
    pages = len(document.pages)
    dialog.open_page.click()  # it is there
    assert len(document.pages) == pages
    hints = Corrections(hints=(Hint(2 + 30, 40, COLORS[2]), Hint(2 + 70, 40, COLORS[0])))
    finish = replace(document.finish_settings, corrections=hints)
    document.change_page(document.page_id, finish_settings=finish)
    dialog.take_hints.click()
    wait_until(lambda: run.is_alive)
    wait_until(lambda: not run.is_alive)
    assert colors_in(scene.with_name("in_colored") / "shot_2.png", 4)[:2] == [COLORS[2], COLORS[0]]


def test_a_frame_of_a_video_is_opened_too(nurie: Nurie, scene: Path, tmp_path: Path, wait_until: Until) -> None:
    with files.sink(tmp_path / "walk.mkv", files.RATE_DEFAULT, SIZE) as video:
        for step in (0, 2, 4):
            video.add(np.dstack([walking(step) * 255] * 3).astype(np.uint8))
    nurie.actions["scene"].trigger()
    dialog, document = nurie.window.findChildren(SceneDialog)[-1], nurie.controllers.document
    drop(dialog, urls(tmp_path / "walk.mkv"))
    wait_until(lambda: dialog.strip.count() == 3)
    dialog.slider.setValue(2)
    dialog.open_page.click()
    wait_until(lambda: document.current.name == "walk 000002")
    drawing = document.drawing
    assert drawing is not None
    wait_until(lambda: document.lines is not None)
    dialog.open_page.click()
    assert len(document.pages) == 1


def test_a_frame_is_looked_at_before_the_scene(nurie: Nurie, scene: Path, wait_until: Until) -> None:
    dialog = ready(nurie, scene, wait_until)
    assert dialog.windowHandle().transientParent() is None  # its owner would always lie below it
    nurie.actions["scene"].trigger()
    assert nurie.window.findChildren(SceneDialog) == [dialog]
    dialog.showMinimized()
    nurie.actions["scene"].trigger()
    assert dialog.isVisible() and not dialog.isMinimized()
    nurie.window.showMinimized()
    dialog.strip.setCurrentRow(1)
    dialog.open_page.click()
    wait_until(lambda: len(nurie.document.pages) == 1 and not nurie.window.isMinimized())


def test_no_key_of_the_keyboard_means_two_things(nurie: Nurie, scene: Path, wait_until: Until) -> None:
    dialog = ready(nurie, scene, wait_until)
    keys = [one.shortcut().toString() for one in dialog.findChildren(QAbstractButton) if one.isVisible()]
    used = [key for key in keys if key]
    assert len(used) > 5 and len(used) == len(set(used)), sorted(used)


@pytest.mark.parametrize("has_pictures", [False, True])
def test_the_sample_is_a_click_away(
    nurie: Nurie, wait_until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_pictures: bool
) -> None:
    """In a home without a folder for pictures, too."""
    home = tmp_path / "home"
    (home / "Pictures" if has_pictures else home).mkdir(parents=True)
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(home / "Pictures"))
    monkeypatch.setattr(Path, "home", lambda: home)
    nurie.actions["scene"].trigger()
    dialog = nurie.window.findChildren(SceneDialog)[-1]
    assert not dialog.play.isEnabled() and not dialog.form.remove.isEnabled()
    dialog.form.sample.click()
    wait_until(lambda: dialog.strip.count() == 12)
    wish = dialog.form.wish()
    assert wish.keys == (SceneKey(str(ROOT / "resources" / "samples" / "scene_key.png"), 0),)
    assert Path(wish.output).name == "nurie_scene" and Path(wish.output).parent.is_dir() and dialog.begin.isEnabled()
    assert not Path(wish.output).is_relative_to(ROOT)  # where the program lies, a person may not write


def test_a_scene_into_the_same_place_is_shown_not_begun_twice(nurie: Nurie, scene: Path, wait_until: Until) -> None:
    dialog = ready(nurie, scene, wait_until)
    dialog.begin.click()
    run = dialog.run
    assert run is not None
    assert nurie.controllers.scenes.begin(dialog.form.wish()) is None
    run.row.ask(Verb.CANCEL)
    wait_until(lambda: not run.is_alive)
    assert run.row.state in (RunState.INTERRUPTED, RunState.DONE)
    run.row.ask(Verb.REMOVE)
    wait_until(lambda: not nurie.controllers.scenes.runs)


def test_the_dialog_stays_when_a_scene_is_colored_again(nurie: Nurie, scene: Path, wait_until: Until) -> None:
    """After a run that failed, and after one that is done: the run of before makes way for the new one."""
    dialog = ready(nurie, scene, wait_until)
    place = dialog.form.output.text()
    dialog.form.output.setText(str(scene / "no" / "such" / "folder"))
    for output, state in (
        (None, RunState.FAILED),
        (None, RunState.FAILED),
        (place, RunState.DONE),
        (place, RunState.DONE),
    ):
        if output is not None:
            dialog.form.output.setText(output)
        before = dialog.run
        dialog.begin.click()
        wait_until(
            lambda before=before: dialog.run is not before and dialog.run is not None and not dialog.run.is_alive
        )
        assert dialog.isVisible() and dialog.run is not None and dialog.run.row.state == state
        wait_until(dialog.begin.isEnabled)


def test_what_cannot_be_read_is_said(nurie: Nurie, tmp_path: Path, wait_until: Until) -> None:
    (tmp_path / "empty").mkdir()
    nurie.actions["scene"].trigger()
    dialog = nurie.window.findChildren(SceneDialog)[-1]
    drop(dialog, urls(tmp_path / "empty"))
    wait_until(lambda: "no pictures" in dialog.message.text())
    assert not dialog.begin.isEnabled()


def test_a_wish_survives_the_settings_and_is_the_command_line() -> None:
    keys = (SceneKey("/a/k.png", 3), SceneKey("/a/sheet.png"))
    wish = SceneWish("/a/in", keys, "/a/out", "psd", True, model="mine")
    wish = wish.answered(Answer(3, 5, 6, (1, 2, 3))).answered(Answer(3, 5, 6, (9, 9, 9)))
    assert from_json(wish.to_json()) == wish and len(wish.answers) == 1
    assert json.dumps(wish.corrections()) and wish.corrections()["3"]["hints"][0]["color"] == (9, 9, 9)
    words = wish.arguments(Path("/c.json"))
    assert words[:4] == ["video", "/a/in", "--output", "/a/out"]
    for pair in (
        ["--reference", "/a/k.png@3"],
        ["--reference", "/a/sheet.png"],
        ["--format", "psd"],
        ["--model", "mine"],
    ):
        assert any(words[at : at + 2] == pair for at in range(len(words)))
    assert "--swatch-layers" in words and words[-2:] == ["--corrections", "/c.json"]
    assert from_json("[]") is None and from_json("{") is None and from_json('{"scene": 3}') is None


def test_a_frame_takes_colors_from_the_keys_of_its_shot() -> None:
    keys = (SceneKey("0", 0), SceneKey("9", 9), SceneKey("20", 20))
    wish = SceneWish("in", keys)
    assert wish.key_paths(12) == (Path("9"), Path("20"))
    assert wish.key_paths(12, (0, 12)) == (Path("20"),) and wish.key_paths(8, (0, 12)) == (Path("9"), Path("0"))
    assert wish.key_paths(30, (0, 12, 30)) == (Path("20"), Path("9"))  # a shot without one
    sheets = replace(wish, keys=(*keys, SceneKey("sheet")))
    assert sheets.key_paths(30, (0, 12, 30)) == (Path("sheet"),)


def test_long_scenes_show_some_frames_and_all_keys() -> None:
    assert shown_frames(5) == (0, 1, 2, 3, 4)
    many = shown_frames(10_000, {7, 9_999, 20_000})
    assert len(many) <= MOST + 2 and {0, 7, 9_999} <= set(many) and max(many) < 10_000
    assert np.all(np.diff(many) > 0)
