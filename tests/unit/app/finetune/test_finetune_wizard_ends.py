"""Cancelling, closing and failing in every phase of the wizard: one sentence, nothing lost, nobody left behind."""

import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.finetune.controller import FinetuneController
from app.finetune.wizard.wizard import FinetuneWizard
from app.jobs.long_run import RunState, Verb
from tests import children
from tests.finetuning import MakeController
from tests.unit.app.finetune.test_finetune_wizard import (
    Button,
    OpenWizard,
    at_step,
    choose,
    click,
    open_wizard,
    to_learning,
    to_training,
)
from tests.window import drop, urls

__all__ = ["open_wizard"]


def left(controller: FinetuneController) -> list[Path]:
    return list(controller._folder.iterdir()) if controller._folder.exists() else []


def test_cancel_while_pictures_are_read(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller()
    wizard = open_wizard(controller)
    drop(wizard.pictures.list.viewport(), urls(*sheets))
    click(wizard.button(Button.CancelButton))
    qtbot.waitUntil(lambda: not controller.runner.jobs)
    assert controller.runs == []


def test_a_wizard_that_is_gone_is_told_nothing(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller()
    wizard = FinetuneWizard(controller, tuple, Path())
    wizard.show()
    choose(qtbot, wizard, sheets[0])
    drop(wizard.pictures.list.viewport(), urls(*sheets))
    with qtbot.waitSignal(wizard.destroyed):
        wizard.close()
    qtbot.waitUntil(lambda: not controller.runner.jobs)


def test_cancel_while_it_is_measured_leaves_nothing(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller()
    wizard = open_wizard(controller)
    to_learning(qtbot, wizard, *sheets)
    assert left(controller)
    click(wizard.button(Button.CancelButton))
    qtbot.waitUntil(lambda: left(controller) == [])
    assert controller._measuring == []


def test_going_back_while_it_is_measured_ends_that(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller())
    to_learning(qtbot, wizard, *sheets)
    click(wizard.button(Button.BackButton))
    qtbot.waitUntil(lambda: wizard.learning.measuring.is_idle)
    assert wizard.currentPage() is wizard.pictures


def test_cancel_in_training_can_go_on(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller(hold_at=3)
    wizard = open_wizard(controller)
    to_training(qtbot, wizard, *sheets)
    at_step(qtbot, wizard, 2)
    click(wizard.training.buttons[Verb.CANCEL])
    (run,) = controller.runs
    qtbot.waitUntil(lambda: not run.is_alive)
    assert run.state == RunState.INTERRUPTED
    assert wizard.currentPage() is wizard.training
    assert wizard.training.status.text() == "Stopped; it can go on."
    assert [verb for verb, one in wizard.training.buttons.items() if one.isVisible()] == [Verb.RESUME]
    run._make_child = make_controller()._make_child
    click(wizard.training.buttons[Verb.RESUME])
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)


def test_closing_lets_the_training_go_on(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller(hold_at=3)
    wizard = open_wizard(controller)
    to_training(qtbot, wizard, *sheets)
    at_step(qtbot, wizard, 2)
    assert wizard.button(Button.CancelButton).text() == "&Close"
    click(wizard.button(Button.CancelButton))
    (run,) = controller.runs
    assert run.is_alive
    again = FinetuneWizard(controller, tuple, Path(), run)
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(again)
    again.show()
    assert again.currentPage() is again.training
    run.ask(Verb.KEEP)
    qtbot.waitUntil(lambda: again.currentPage() is again.verdict)
    assert not wizard.isVisible()


def test_the_verdict_can_be_seen_again(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller()
    wizard = open_wizard(controller)
    to_training(qtbot, wizard, *sheets)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)
    click(wizard.button(Button.FinishButton))
    again = FinetuneWizard(controller, tuple, Path(), controller.runs[0])
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(again)
    again.show()
    assert again.currentPage() is again.verdict
    assert again.verdict.headline.text() == "It helped."


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not Windows's")
def test_a_crash_is_one_sentence_and_can_go_on(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller(hold_at=3)
    wizard = open_wizard(controller)
    before = children.living()
    to_training(qtbot, wizard, *sheets)
    at_step(qtbot, wizard, 2)
    for pid in children.living().keys() - before.keys():
        os.kill(pid, signal.SIGKILL)
    (run,) = controller.runs
    qtbot.waitUntil(lambda: not run.is_alive)
    assert "memory" in wizard.training.problem.text()
    assert wizard.training.buttons[Verb.RESUME].isVisible()


def test_too_little_memory_is_one_sentence(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    sentence = "There is too little memory to adapt a model here: close other programs."
    wizard = open_wizard(make_controller(error_at=2, error=sentence))
    to_training(qtbot, wizard, *sheets)
    qtbot.waitUntil(lambda: wizard.training.problem.text() == sentence)
    assert wizard.training.problem.isVisible()


def test_a_second_training_is_refused_on_the_page_before(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller(hold_at=1)
    first, second = open_wizard(controller), open_wizard(controller)
    to_training(qtbot, first, *sheets)
    to_learning(qtbot, second, *sheets)
    with qtbot.waitSignal(controller.failed):
        click(second.button(Button.CommitButton))
    assert second.currentPage() is second.learning
