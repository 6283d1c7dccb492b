import os
import signal
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.finetune import request
from app.finetune.controller import FinetuneController
from app.finetune.request import FinetuneRequest
from app.finetune.run import FinetuneRun, Measuring
from app.jobs.long_run import RunState, Verb
from tests import children
from tests.finetuning import MakeController


def begin(qtbot: QtBot, controller: FinetuneController, sheets: list[Path], name: str = "mio") -> FinetuneRun:
    run = controller.begin(FinetuneRequest(tuple(sheets), name), controller.new_folder())
    assert run is not None
    qtbot.waitUntil(lambda: run.is_alive)
    return run


def finished(qtbot: QtBot, run: FinetuneRun) -> None:
    qtbot.waitUntil(lambda: not run.is_alive)


def test_a_run_that_helps_is_installed(qtbot: QtBot, make_controller: MakeController, sheets: list[Path]) -> None:
    controller = make_controller(steps=12)
    run = begin(qtbot, controller, sheets)
    finished(qtbot, run)
    assert run.state == RunState.DONE
    assert run.prepared is not None
    assert run.prepared.pictures == 3
    assert run.verdict is not None
    assert run.verdict.better
    assert run.installed is not None
    assert run.losses == [(step, 0.02 + 0.3 / (1 + step)) for step in range(1, 13)]
    assert run.sample is not None
    assert run.sample.step == 11
    assert "80.4" in run.row.message
    assert controller.document.model == "mio"


def test_a_run_that_does_not_help_is_kept_out(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller(better=False)
    run = begin(qtbot, controller, sheets)
    finished(qtbot, run)
    assert run.state == RunState.DONE
    assert run.kept_out is not None
    assert run.kept_out.file.exists()
    assert controller.document.model is None


def test_pause_and_go_on(qtbot: QtBot, make_controller: MakeController, sheets: list[Path]) -> None:
    run = begin(qtbot, make_controller(hold_at=3), sheets)
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.step == 2)
    run.ask(Verb.PAUSE)
    assert run.state == RunState.PAUSED
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.paused)
    assert run.state == RunState.PAUSED
    run.ask(Verb.RESUME)
    assert run.state == RunState.RUNNING
    qtbot.waitUntil(lambda: run.progress is not None and not run.progress.paused)
    run.ask(Verb.CANCEL)
    finished(qtbot, run)


def test_stop_and_keep_judges_what_there_is(qtbot: QtBot, make_controller: MakeController, sheets: list[Path]) -> None:
    run = begin(qtbot, make_controller(hold_at=3), sheets)
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.step == 2)
    run.ask(Verb.KEEP)
    assert run.state == RunState.ENDING
    finished(qtbot, run)
    assert run.state == RunState.DONE
    assert run.installed is not None


@pytest.mark.parametrize("hold_at", [1, 3])
def test_cancelling_ends_it(qtbot: QtBot, make_controller: MakeController, sheets: list[Path], hold_at: int) -> None:
    run = begin(qtbot, make_controller(hold_at=hold_at), sheets)
    qtbot.waitUntil(lambda: run.prepared is not None)
    if hold_at > 1:
        qtbot.waitUntil(lambda: run.progress is not None)
    run.ask(Verb.CANCEL)
    finished(qtbot, run)
    # What has not taken a step has nothing to go on from.
    assert run.state == (RunState.CANCELLED if hold_at == 1 else RunState.INTERRUPTED)
    assert run.failure == ""
    assert run.installed is None


def test_cancelling_before_the_first_word_ends_it(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    run = begin(qtbot, make_controller(hold_at=1), sheets)
    assert run.prepared is None
    run.ask(Verb.CANCEL)
    finished(qtbot, run)
    assert run.state == RunState.CANCELLED


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not Windows's")
def test_a_child_that_is_killed_costs_nothing(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    before = children.living()
    run = begin(qtbot, make_controller(hold_at=3, steps=4), sheets)
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.step == 2)
    (pid,) = children.living().keys() - before.keys()
    os.kill(pid, signal.SIGKILL)
    finished(qtbot, run)
    assert run.state == RunState.INTERRUPTED
    assert "memory" in run.failure
    run._make_child = make_controller()._make_child
    run.ask(Verb.RESUME)
    finished(qtbot, run)
    assert run.state == RunState.DONE
    assert run.prepared is not None
    assert run.prepared.resumed
    assert [step for step, _ in run.losses] == [3, 4]


def test_a_mistake_is_one_sentence_and_can_go_on(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    sentence = "There is not enough memory; close other programs."
    run = begin(qtbot, make_controller(error_at=2, error=sentence), sheets)
    finished(qtbot, run)
    assert (run.state, run.failure) == (RunState.INTERRUPTED, sentence)
    assert Verb.RESUME in run.row.verbs


def test_missing_pictures_are_one_sentence(qtbot: QtBot, make_controller: MakeController, tmp_path: Path) -> None:
    run = begin(qtbot, make_controller(), [tmp_path / "gone.png"])
    finished(qtbot, run)
    assert "gone.png" in run.failure


def test_a_run_of_another_window_is_left_alone(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller()
    folder = controller.new_folder()
    folder.mkdir(parents=True)
    lock = request.lock_of(folder)
    assert lock.tryLock(0)
    run = controller.begin(FinetuneRequest(tuple(sheets), "mio"), folder)
    assert run is not None
    qtbot.waitUntil(lambda: bool(run.failure))
    assert "Another window" in run.failure
    assert not run.is_alive


def test_measuring_tells_time_and_pictures(qtbot: QtBot, make_controller: MakeController, sheets: list[Path]) -> None:
    controller = make_controller(seconds_needed=33.0)
    measuring = controller.new_measuring()
    asked = FinetuneRequest(tuple(sheets), "mio")
    with qtbot.waitSignal(measuring.measured) as measured, qtbot.waitSignal(measuring.prepared) as prepared:
        measuring.start(asked, controller.new_folder())
    assert measured.args is not None
    assert measured.args[0].seconds_needed == 33.0
    assert prepared.args is not None
    assert prepared.args[0].pictures == 3


def test_only_the_newest_measuring_answers(qtbot: QtBot, make_controller: MakeController, sheets: list[Path]) -> None:
    controller = make_controller()
    measuring = controller.new_measuring()
    answers: list[object] = []
    measuring.prepared.connect(answers.append)
    folder = controller.new_folder()
    for name in ("one", "two", "three"):
        measuring.start(FinetuneRequest(tuple(sheets), name), folder)
    qtbot.waitUntil(lambda: measuring.is_idle)
    assert len(answers) == 1
    measuring.start(FinetuneRequest(tuple(sheets), "four"), folder)
    measuring.stop()
    qtbot.waitUntil(lambda: measuring.is_idle)
    assert len(answers) == 1


def test_what_cannot_be_measured_is_one_sentence(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller(measure_error="nurie: error: There is no memory.")
    measuring: Measuring = controller.new_measuring()
    with qtbot.waitSignal(measuring.failed) as blocker:
        measuring.start(FinetuneRequest(tuple(sheets), "mio"), controller.new_folder())
    assert blocker.args == ["There is no memory."]
