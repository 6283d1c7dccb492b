"""Batch Export in the window: the form, a look at what will be made, a batch as a child process, the jobs panel."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.batch import folder_batch
from app.batch.request import from_json
from app.batch_export.dialog import BatchDialog
from app.batch_export.form import BESIDE, CHOSEN, OF_PROJECT, OF_WINDOW
from app.batch_export.project_pictures import PageWish
from app.batch_export.run import BatchRun
from app.images import incoming
from app.jobs.child_process import ChildProcess
from app.jobs.long_run import RunState, Verb
from engine import layered_drawing
from engine.export import png
from tests.window import Watchdog, color_both, color_file, drop, error_dialogs, line_file, program, urls

SCRIPT = Path(__file__).with_name("batch_child.py")
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait_until(qtbot: QtBot) -> Until:
    return lambda done: qtbot.waitUntil(done, timeout=20_000)


@pytest.fixture
def nurie(qapp: QApplication, tmp_path: Path) -> Iterator[Nurie]:
    """A program whose batches are the stand-in's."""
    with program(qapp, tmp_path) as running:
        play(running, tmp_path)
        yield running


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    """A folder with two drawings, another one in a folder of it, and one that is there already in `in colored`."""
    folder, out = tmp_path / "in", tmp_path / "in colored"
    for path in (folder / "deep", out):
        path.mkdir(parents=True)
    line_file(folder, "a.png")
    line_file(folder, "b.png")
    line_file(folder / "deep", "c.png")
    color_file(out, "b.png")
    return folder


def play(nurie: Nurie, folder: Path) -> None:
    """Let the stand-in run in place of the program."""
    words = [sys.executable, str(SCRIPT), str(folder / "arguments")]
    nurie.controllers.batch._make_child = lambda parent: ChildProcess(parent, words)


def asked(folder: Path) -> list[list[str]]:
    """The arguments of each run so far."""
    return [json.loads(line) for line in (folder / "arguments").read_text(encoding="utf-8").splitlines()]


def open_form(nurie: Nurie) -> BatchDialog:
    nurie.actions["batch"].trigger()
    return nurie.window.findChildren(BatchDialog)[-1]


def ready_form(nurie: Nurie, drawings: Path, wait_until: Until) -> BatchDialog:
    """A form with the folder and a chosen reference, that can begin."""
    dialog = open_form(nurie)
    drop(dialog, urls(drawings, color_file(drawings.parent, "girl.png")))
    wait_until(dialog.start.isEnabled)
    return dialog


def begun(nurie: Nurie, drawings: Path, wait_until: Until) -> tuple[BatchDialog, BatchRun]:
    dialog = ready_form(nurie, drawings, wait_until)
    dialog.start.click()
    run = dialog.run
    assert run is not None
    wait_until(lambda: run.standing.share == 0.2)
    return dialog, run


def say(run: BatchRun, word: str) -> None:
    assert run._child is not None
    run._child.send(word)


def test_a_dropped_folder_is_looked_through(nurie: Nurie, drawings: Path, wait_until: Until) -> None:
    dialog = open_form(nurie)
    assert not dialog.start.isEnabled()
    drop(dialog, urls(drawings, color_file(drawings.parent, "girl.png")))
    assert dialog.form.folder.text() == str(drawings)
    assert dialog.form.output.text() == str(drawings.with_name("in colored"))
    assert dialog.form.source.currentData() == CHOSEN
    wait_until(dialog.start.isEnabled)
    assert "2 drawings" in dialog.preview.sentence.text()
    assert "1 are there already and are left" in dialog.preview.sentence.text()
    dialog.form.recursive.click()
    assert not dialog.start.isEnabled(), "first look again"
    wait_until(dialog.start.isEnabled)
    assert "3 drawings" in dialog.preview.sentence.text()
    items = [dialog.preview.list.topLevelItem(row) for row in range(3)]
    assert [item.text(0) for item in items if item] == ["a.png", "b.png", "deep/c.png"]


def test_it_is_seen_which_references_each_drawing_has(nurie: Nurie, drawings: Path, wait_until: Until) -> None:
    (drawings / "deep" / "references").mkdir()
    color_file(drawings / "deep" / "references", "boy.png")
    (drawings / "deep" / "nurie.toml").write_text('panel = ["2=references/boy.png"]\n')
    dialog = open_form(nurie)
    drop(dialog, urls(drawings, color_file(drawings.parent, "girl.png")))
    dialog.form.recursive.click()
    wait_until(dialog.start.isEnabled)
    items = [dialog.preview.list.topLevelItem(row) for row in range(3)]
    assert [item.text(2) for item in items if item] == ["girl.png", "girl.png", "boy.png, panel 2: boy.png"]
    assert [item.toolTip(2).endswith("boy.png") for item in items if item] == [False, False, True]


def test_what_stands_in_the_way_is_said(nurie: Nurie, drawings: Path, wait_until: Until) -> None:
    dialog = open_form(nurie)
    dialog.form.folder.setText(str(drawings))
    dialog.form.output.setText(str(drawings))
    wait_until(lambda: "is the input folder" in dialog.preview.sentence.text())
    dialog.form.output.setText(str(drawings.parent / "new"))
    wait_until(lambda: "no reference" in dialog.preview.sentence.text())
    assert not dialog.start.isEnabled()
    (drawings / "nurie.toml").write_text("sigm = 1")
    dialog.form.pattern.setText("*.png")
    wait_until(lambda: "did you mean sigma?" in dialog.preview.sentence.text())
    assert not error_dialogs(nurie)


def test_a_batch_goes_on_pauses_and_ends(
    nurie: Nurie, drawings: Path, wait_until: Until, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog, run = begun(nurie, drawings, wait_until)
    page = dialog.progress
    assert nurie.window.jobs.rows == [run.row]
    assert page.message.text() == "0 of 3 drawings · 50 s left"
    assert page.lines[0].name.text() == "a.png"
    assert page.lines[0].step.text() == "Coloring"
    qtbot.keyClick(page.pause, Qt.Key.Key_Space)
    assert run.state == RunState.PAUSED
    assert page.pause.text() == "&Go On"
    page.pause.click()
    assert run.state == RunState.RUNNING
    say(run, "finish")
    wait_until(lambda: not run.is_alive)
    assert run.state == RunState.DONE
    assert page.message.text() == "2 colored · 1 failed"
    failed = page.failures.topLevelItem(0)
    assert failed is not None
    assert (failed.text(0), failed.text(1)) == ("c.png", "c.png is damaged.")
    assert not page.open_report.isHidden()
    assert "--retry-failed" not in asked(tmp_path)[0]
    page.retry.click()
    wait_until(lambda: run.standing.share == 0.2)
    assert "--retry-failed" in asked(tmp_path)[1]
    assert page.failures.topLevelItemCount() == 0
    say(run, "finish")
    wait_until(lambda: not run.is_alive)


def test_a_folder_is_watched_until_it_is_stopped(
    nurie: Nurie, drawings: Path, wait_until: Until, tmp_path: Path
) -> None:
    for path in drawings.glob("*.png"):
        path.unlink()
    dialog = open_form(nurie)
    drop(dialog, urls(drawings, color_file(tmp_path, "girl.png")))
    wait_until(lambda: "no drawing in it" in dialog.preview.sentence.text())
    assert not dialog.start.isEnabled()
    dialog.form.watch.click()
    wait_until(dialog.start.isEnabled)
    assert "what is saved into the folder" in dialog.preview.sentence.text()
    assert not dialog.form.report.isEnabled()
    dialog.start.click()
    run = dialog.run
    assert run is not None
    wait_until(lambda: run.standing.share == 0.2)
    words = asked(tmp_path)[0]
    request = from_json(next(word for word in words if word.startswith("--request=")).removeprefix("--request="))
    assert words[0] == "watch" and request is not None and request.watch and not request.report
    say(run, "watch")
    wait_until(lambda: run.row.message == "Watching the folder; 1 colored so far, 1 failed")
    assert dialog.progress.lines[0].isHidden() and run.row.title == "Watched: in"
    dialog.progress.stop.click()
    wait_until(lambda: not run.is_alive)
    assert run.state == RunState.INTERRUPTED and "can go on" in run.row.message
    run.ask(Verb.RESUME)
    wait_until(lambda: run.standing.share == 0.2)
    dialog.progress.stop.click()
    wait_until(lambda: not run.is_alive)


def test_closing_the_dialog_stops_nothing(nurie: Nurie, drawings: Path, wait_until: Until) -> None:
    dialog, run = begun(nurie, drawings, wait_until)
    dialog.close()
    wait_until(lambda: not nurie.window.findChildren(BatchDialog))
    assert run.is_alive
    run.ask(Verb.OPEN)
    (again,) = nurie.window.findChildren(BatchDialog)
    assert again.run is run
    assert again.isVisible()
    run.ask(Verb.OPEN)
    assert len(nurie.window.findChildren(BatchDialog)) == 1
    again.progress.stop.click()
    assert run.state == RunState.ENDING
    wait_until(lambda: not run.is_alive)
    assert run.state == RunState.INTERRUPTED
    run.ask(Verb.REMOVE)
    assert nurie.window.jobs.rows == []
    wait_until(lambda: not nurie.window.findChildren(BatchDialog))


def test_a_crash_of_the_child_is_no_crash_of_the_window(nurie: Nurie, drawings: Path, wait_until: Until) -> None:
    dialog, run = begun(nurie, drawings, wait_until)
    say(run, "crash")
    wait_until(lambda: not run.is_alive)
    assert run.state == RunState.INTERRUPTED
    assert "ended from outside" in dialog.progress.message.text()
    dialog.progress.pause.click()
    wait_until(lambda: run.standing.share == 0.2)
    assert run.state == RunState.RUNNING


def test_an_unfinished_batch_goes_on_after_a_restart(
    nurie: Nurie, drawings: Path, wait_until: Until, tmp_path: Path, qapp: QApplication
) -> None:
    _, run = begun(nurie, drawings, wait_until)
    (noted,) = nurie.settings.unfinished_batches  # while it runs: the window may be killed
    assert from_json(noted) == run.request
    first = asked(tmp_path)[0]
    nurie.controllers.batch.close()
    with program(qapp, tmp_path) as later:
        play(later, tmp_path)
        later.controllers.batch.find_unfinished()
        (row,) = later.window.jobs.rows
        assert row.state == RunState.INTERRUPTED
        row.ask(Verb.RESUME)
        (again,) = later.controllers.batch.runs
        wait_until(lambda: again.standing.share == 0.2)
        assert asked(tmp_path)[1] == first, "the same command"
        say(again, "finish")
        wait_until(lambda: not again.is_alive)
        assert later.settings.unfinished_batches == []


def test_the_references_of_the_window_are_given_along(
    nurie: Nurie, drawings: Path, wait_until: Until, tmp_path: Path
) -> None:
    nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path)]))
    wait_until(lambda: len(nurie.document.references) == 1)
    dialog = open_form(nurie)
    assert dialog.form.source.currentData() == OF_WINDOW
    drop(dialog, urls(drawings))
    wait_until(dialog.start.isEnabled)
    dialog.start.click()
    run = dialog.run
    assert run is not None
    wait_until(lambda: run.standing.share == 0.2)
    (word,) = [word for word in asked(tmp_path)[0] if word.startswith("--request=")]
    request = from_json(word.partition("=")[2])
    assert request is not None
    path = Path(request.references[0])
    assert path.parent == drawings.with_name("in colored") / ".nurie-batch" / "references"
    assert path.is_file()
    assert request.folder == str(drawings)


def test_references_that_come_later_are_offered(nurie: Nurie, wait_until: Until, tmp_path: Path) -> None:
    form = open_form(nurie).form
    assert form.source.currentData() == BESIDE
    nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path)]))
    wait_until(lambda: form.source.currentData() == OF_WINDOW)
    assert "(1)" in form.source.currentText()
    form.source.activated.emit(0)
    form.source.setCurrentIndex(form.source.findData(BESIDE))
    nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path, "second.png", (9, 99, 9))]))
    wait_until(lambda: "(2)" in form.source.itemText(0))
    assert form.source.currentData() == BESIDE, "what a person chose stays"


def test_one_batch_into_a_folder_at_a_time(nurie: Nurie, drawings: Path, wait_until: Until) -> None:
    _, run = begun(nurie, drawings, wait_until)
    second = ready_form(nurie, drawings, wait_until)
    second.start.click()
    assert second.run is None
    assert nurie.controllers.batch.runs == [run]


def test_nothing_heavy_runs_on_the_gui_thread(
    nurie: Nurie,
    drawings: Path,
    wait_until: Until,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """The longest stall is recorded, not judged: shared machines stall too."""
    where: dict[str, bool] = {}
    for module, name in ((folder_batch, "make_plan"), (png, "write_png")):
        real = getattr(module, name)

        def noted(*arguments: Any, real: Any = real, name: str = name, **options: Any) -> Any:
            where[name] = threading.current_thread() is threading.main_thread()
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, noted)
    for number in range(300):
        (drawings / f"{number}.png").hardlink_to(drawings / "a.png")
    nurie.controllers.coloring.add_references(incoming.from_files([color_file(drawings.parent)]))
    wait_until(lambda: len(nurie.document.references) == 1)
    with Watchdog() as dog:
        dialog = open_form(nurie)
        drop(dialog, urls(drawings))
        wait_until(dialog.start.isEnabled)
        dialog.start.click()
        run = dialog.run
        assert run is not None
        wait_until(lambda: run.standing.share == 0.2)
    record_property("longest_stall_ms", round(dog.worst * 1000))
    assert where == {"make_plan": False, "write_png": False}


@pytest.mark.parametrize("suffix", ["png", "psd", "ora", "jpg"])
def test_the_drawings_of_the_project_are_written(nurie: Nurie, wait_until: Until, tmp_path: Path, suffix: str) -> None:
    lines = [line_file(tmp_path, name) for name in ("one.png", "two.png")]
    nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path)]))
    nurie.controllers.coloring.open_drawing(incoming.from_files(lines))
    wait_until(lambda: len(nurie.document.pages) == 2 and nurie.document.coloring is not None)
    for page in nurie.document.pages:
        nurie.document.show_page(page.id)
        if not nurie.document.references:
            nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path)]))
        wait_until(lambda: nurie.document.coloring is not None)
    dialog = open_form(nurie)
    form = dialog.form
    form.what.setCurrentIndex(form.what.findData(OF_PROJECT))
    form.format.setCurrentIndex([form.format.itemData(i)[0] for i in range(form.format.count())].index(suffix))
    assert form.folder.isHidden()
    form.output.setText(str(tmp_path / "all"))
    wait_until(dialog.start.isEnabled)
    assert "2 of 2 drawings are colored" in dialog.preview.sentence.text()
    dialog.start.click()
    out = tmp_path / "all"
    wait_until(lambda: {path.name for path in out.glob("*")} == {f"one.{suffix}", f"two.{suffix}"})
    wait_until(lambda: not nurie.runner.jobs)
    size = layered_drawing.read(out / f"one.{suffix}")[0].pixels.shape
    assert size == (64, 96, 3)


def test_a_drawing_of_the_project_is_never_replaced(nurie: Nurie, wait_until: Until, tmp_path: Path) -> None:
    line = line_file(tmp_path, "one.png")
    before = line.read_bytes()
    color_both(nurie, tmp_path, wait_until)
    nurie.controllers.coloring.open_drawing(incoming.from_files([line]))
    wait_until(lambda: nurie.document.title.startswith("one") and nurie.document.coloring is not None)
    nurie.controllers.batch.export_pages(PageWish(tmp_path, ".png", "lossless", "overwrite"))
    wait_until(lambda: (tmp_path / "one-2.png").exists() and not nurie.runner.jobs)
    assert line.read_bytes() == before


def test_layers_are_asked_for_by_name(nurie: Nurie, drawings: Path, wait_until: Until) -> None:
    dialog = ready_form(nurie, drawings, wait_until)
    assert dialog.form.request().options.layers.line_layers == ()
    dialog.form.line_layers.setText(" ink ; 線画/main;")
    dialog.form.reference_layers.setText("flats")
    layers = dialog.form.request().options.layers
    assert (layers.line_layers, layers.reference_layers) == (("ink", "線画/main"), ("flats",))
    wait_until(dialog.start.isEnabled)
    dialog.start.click()
    arguments = drawings.parent / "arguments"
    wait_until(lambda: arguments.exists() and bool(asked(drawings.parent)))  # it is there before the words in it are
    told = next(word for word in asked(drawings.parent)[0] if word.startswith("--request="))
    request = from_json(told.removeprefix("--request="))
    assert request is not None and request.options.layers == layers
