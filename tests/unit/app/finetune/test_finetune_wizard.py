"""The wizard through its widgets, with a child that learns nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWizard
from pytestqt.qtbot import QtBot

from app.document.parts import ReferenceItem
from app.finetune.controller import FinetuneController
from app.finetune.wizard.wizard import FinetuneWizard
from app.jobs.long_run import Verb
from engine.request import Reference
from tests.finetuning import MakeController, figure
from tests.window import drop, urls

Button = QWizard.WizardButton


@pytest.fixture
def open_wizard(qtbot: QtBot) -> Callable[..., FinetuneWizard]:
    def make(controller: FinetuneController, references: tuple[ReferenceItem, ...] = ()) -> FinetuneWizard:
        wizard = FinetuneWizard(controller, lambda: references, Path())
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # qtbot does that
        qtbot.addWidget(wizard)
        wizard.show()
        qtbot.waitExposed(wizard)
        return wizard

    return make


OpenWizard = Callable[..., FinetuneWizard]


def click(button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled(), button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(qtbot: QtBot, wizard: FinetuneWizard, *paths: Path) -> None:
    drop(wizard.pictures.list.viewport(), urls(*paths))
    qtbot.waitUntil(wizard.pictures.isComplete)


def to_learning(qtbot: QtBot, wizard: FinetuneWizard, *paths: Path) -> None:
    choose(qtbot, wizard, *paths)
    click(wizard.button(Button.NextButton))
    qtbot.waitUntil(wizard.learning.isComplete)


def to_training(qtbot: QtBot, wizard: FinetuneWizard, *paths: Path) -> None:
    to_learning(qtbot, wizard, *paths)
    click(wizard.button(Button.CommitButton))
    assert wizard.currentPage() is wizard.training
    qtbot.waitUntil(lambda: wizard.run is not None and wizard.run.is_alive)


def at_step(qtbot: QtBot, wizard: FinetuneWizard, step: int) -> None:
    qtbot.waitUntil(lambda: wizard.run is not None and wizard.run.progress is not None)
    qtbot.waitUntil(lambda: wizard.run.progress.step == step)  # type: ignore[union-attr]


def names(wizard: FinetuneWizard) -> list[str]:
    shown = wizard.pictures.list
    return [shown.item(row).text() for row in range(shown.count())]


def test_from_pictures_to_the_verdict(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller(steps=12)
    wizard = open_wizard(controller)
    assert not wizard.button(Button.NextButton).isEnabled()
    to_learning(qtbot, wizard, *sheets)
    assert wizard.learning.name.text() == "mio 0"
    qtbot.waitUntil(lambda: "70 s" in wizard.learning.time.text())
    assert "12 MB" in wizard.learning.time.text()
    assert wizard.learning.sheet.text() == "2 to learn from, 1 held out to judge the result by"
    wizard.learning.name.setText("Mio")
    click(wizard.button(Button.CommitButton))
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)
    assert wizard.verdict.headline.text() == "It helped."
    assert "80.4" in wizard.verdict.scores.text()
    assert controller.document.model == "Mio"
    qtbot.waitUntil(lambda: all(view.image is not None for view in wizard.verdict._views))
    assert len(wizard.verdict._views) == 6  # two pictures: before, now, as it should be
    assert [view.image is not None for view in wizard.training.views.values()] == [True] * 3
    assert wizard.training.curve.values[-1][0] == 12
    assert not wizard.verdict.install.isVisible()
    click(wizard.button(Button.FinishButton))
    assert not wizard.isVisible()
    assert controller.runs  # it stays in the jobs panel


def test_before_it_begins_it_says_what_it_may_bring_and_what_helps_more(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller())
    to_learning(qtbot, wizard, *sheets)
    page = wizard.learning
    assert page.matching.isChecked() and wizard.draft.request.teach == "matching"
    assert "points" in page.expected.text() and "not kept" in page.expected.text()
    assert "More references" in page.expected.text()
    qtbot.waitUntil(lambda: "70 s" in page.time.text())
    click(page.colors)
    assert wizard.draft.request.teach == "colors"
    assert "less than three points" in page.expected.text() and "More references" in page.expected.text()
    assert "70 s" not in page.time.text()  # it is measured anew
    qtbot.waitUntil(lambda: "70 s" in page.time.text())
    click(wizard.button(Button.BackButton))
    wizard.draft.pictures[:] = wizard.draft.pictures[:1]
    click(wizard.button(Button.NextButton))
    assert page.colors.isChecked()
    click(page.matching)
    assert "so few pictures" in page.expected.text()


def test_one_click_goes_back_to_the_model_of_before(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller()
    controller.document.set_model("nurie-compact")
    wizard = open_wizard(controller)
    to_training(qtbot, wizard, *sheets)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)
    click(wizard.verdict.back)
    assert controller.document.model == "nurie-compact"
    assert not wizard.verdict.back.isVisible()
    assert "before" in wizard.verdict.state.text()
    click(wizard.verdict.use)
    assert controller.document.model == "mio 0"
    assert wizard.verdict.back.isVisible()
    controller.document.history.undo()
    assert wizard.verdict.use.isVisible()


def test_worse_is_said_and_not_installed(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller(better=False)
    wizard = open_wizard(controller)
    to_training(qtbot, wizard, *sheets)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)
    assert wizard.verdict.headline.text() == "It did not help."
    assert "not installed" in wizard.verdict.state.text() and "More references" in wizard.verdict.state.text()
    assert controller.document.model is None
    assert wizard.verdict.install.isVisible()
    assert not wizard.verdict.back.isVisible()


def test_worse_can_be_insisted_on_and_what_fails_can_be_tried_again(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    controller = make_controller(better=False)
    wizard = open_wizard(controller)
    to_training(qtbot, wizard, *sheets)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)
    with qtbot.waitSignal(controller.failed):  # the stand-in's file is no model
        click(wizard.verdict.install)
    assert wizard.verdict.install.isEnabled()
    assert controller.document.model is None


def test_what_is_left_out_says_why(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"nothing")
    wizard = open_wizard(make_controller())
    choose(qtbot, wizard, sheets[0], sheets[0], tmp_path / "broken.png")
    assert names(wizard)[0] == "mio 0.png"
    assert "the same picture as mio 0.png" in names(wizard)[1]
    assert "broken.png" in names(wizard)[2]
    assert "left out: 2" in wizard.pictures.summary.text()
    # Without the first, its copy is taken.
    wizard.pictures.list.setCurrentRow(0)
    QTest.keyClick(wizard.pictures.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(wizard)[0] == "mio 0.png")
    assert wizard.pictures.isComplete()


def test_pictures_can_be_removed_and_none_is_too_few(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller())
    choose(qtbot, wizard, sheets[0])
    assert not wizard.pictures.remove.isEnabled()
    wizard.pictures.list.setCurrentRow(0)
    click(wizard.pictures.remove)
    assert names(wizard) == []
    assert not wizard.button(Button.NextButton).isEnabled()


def test_a_folder_without_pictures_says_so(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    wizard = open_wizard(make_controller())
    drop(wizard.pictures.list.viewport(), urls(tmp_path / "empty"))
    qtbot.waitUntil(lambda: "no pictures" in wizard.pictures.summary.text())


def test_the_references_can_be_learned_from(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard
) -> None:
    items = tuple(ReferenceItem(Reference(figure(number), name=f"ref {number}"), QImage()) for number in range(2))
    wizard = open_wizard(make_controller(), items)
    click(wizard.pictures.own)
    qtbot.waitUntil(wizard.pictures.isComplete)
    assert names(wizard) == ["ref 0", "ref 1"]


def test_without_references_they_cannot_be_taken(make_controller: MakeController, open_wizard: OpenWizard) -> None:
    assert not open_wizard(make_controller()).pictures.own.isEnabled()


def test_the_lines_follow_the_slider(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller())
    to_learning(qtbot, wizard, *sheets)
    lines = wizard.learning.pairs[0][0]
    qtbot.waitUntil(lambda: lines.image is not None)
    before = lines.image
    wizard.learning.slider.setValue(50)
    assert wizard.learning.spin.value() == 0.5
    qtbot.waitUntil(lambda: lines.image is not before)
    wizard.learning.spin.setValue(0.31)
    assert wizard.learning.slider.value() == 31
    assert wizard.draft.sigma == 0.31
    assert [pair[0].isVisible() for pair in wizard.learning.pairs] == [True, True, True, False]


def test_a_name_that_is_taken_is_refused(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mio 0.safetensors").write_bytes(b"some model")
    wizard = open_wizard(make_controller())
    to_learning(qtbot, wizard, *sheets)
    assert wizard.learning.name.text() == "mio 0 2"
    for text, word in (("MIO 0", "choose another"), ("...", "letters or digits"), ("Mio", "")):
        wizard.learning.name.setText(text)
        assert word in wizard.learning.name_problem.text()
        assert wizard.button(Button.CommitButton).isEnabled() == (not word)


def test_what_cannot_be_measured_says_so_and_may_begin_all_the_same(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller(measure_error="nurie: error: There is no memory."))
    to_learning(qtbot, wizard, *sheets)
    qtbot.waitUntil(lambda: wizard.learning.problem.text() == "There is no memory.")
    assert wizard.learning.time.text() == "Not known"
    assert wizard.button(Button.CommitButton).isEnabled()


def test_a_picture_more_is_measured_anew(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller())
    to_learning(qtbot, wizard, *sheets[:2])
    qtbot.waitUntil(lambda: wizard.learning.sheet.text().startswith("1 to learn"))
    wizard.learning.name.setText("Mio")
    click(wizard.button(Button.BackButton))
    to_learning(qtbot, wizard, sheets[2])
    qtbot.waitUntil(lambda: wizard.learning.sheet.text().startswith("2 to learn"))
    assert wizard.learning.name.text() == "Mio"


def test_pause_go_on_and_stop_and_keep(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller(hold_at=3))
    to_training(qtbot, wizard, *sheets)
    at_step(qtbot, wizard, 2)
    buttons = wizard.training.buttons
    assert not buttons[Verb.RESUME].isVisible()
    click(buttons[Verb.PAUSE])
    assert wizard.training.status.text() == "Paused"
    click(buttons[Verb.RESUME])
    assert "Step" in wizard.training.status.text()
    assert not wizard.button(Button.NextButton).isEnabled()
    click(buttons[Verb.KEEP])
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)


def test_what_the_verdict_cannot_prove_is_said(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    note = "A strong warp stands for another pose, which proves less."
    wizard = open_wizard(make_controller(note=note))
    to_learning(qtbot, wizard, sheets[0])
    qtbot.waitUntil(lambda: note in wizard.learning.sheet.text())
    assert wizard.learning.sheet.text().startswith("1 to learn from")
    click(wizard.button(Button.CommitButton))
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)
    assert wizard.verdict.subTitle() == note


def test_what_the_command_leaves_out_is_told_too(
    qtbot: QtBot, make_controller: MakeController, open_wizard: OpenWizard, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller(skipped=[{"path": "mio 2.png", "why": "it is odd."}]))
    to_learning(qtbot, wizard, *sheets)
    qtbot.waitUntil(lambda: wizard.learning.problem.text() == "mio 2.png: it is odd.")
    assert wizard.learning.sheet.text().endswith("1 left out")


def test_the_keyboard_goes_through_the_pictures_page_as_it_is_read(
    make_controller: MakeController, open_wizard: OpenWizard, qtbot: QtBot, sheets: list[Path]
) -> None:
    wizard = open_wizard(make_controller())
    page = wizard.pictures
    choose(qtbot, wizard, *sheets)
    page.list.setCurrentRow(0)
    page.files.setFocus()
    found = [wizard.focusWidget()]
    for _ in range(3):
        QTest.keyClick(wizard.focusWidget(), Qt.Key.Key_Tab)
        found.append(wizard.focusWidget())
    assert found == [page.files, page.folder, page.remove, page.list]  # there are no references to use
