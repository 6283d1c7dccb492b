import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.jobs.long_run import RunRow, RunState, Verb, duration
from app.panels.jobs_panel import JobsPanel, RunView


@pytest.fixture
def panel(qtbot: QtBot) -> JobsPanel:
    made = JobsPanel()
    qtbot.addWidget(made)
    made.resize(320, 300)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def listen(row: RunRow) -> list[Verb]:
    asked: list[Verb] = []
    row.asked.connect(asked.append)
    return asked


def shown(view: RunView) -> set[Verb]:
    return {verb for verb, button in view.buttons.items() if button.isVisible()}


def test_without_runs_it_says_what_belongs_here(panel: JobsPanel) -> None:
    assert panel.empty.isVisible()
    row = RunRow(lambda: "One")
    panel.add(row)
    assert not panel.empty.isVisible()
    panel.remove(row)
    assert panel.empty.isVisible()
    panel.remove(row)


def test_the_newest_stands_above_and_none_stands_twice(panel: JobsPanel) -> None:
    first, second = RunRow(lambda: "One"), RunRow(lambda: "Two")
    for row in (first, second, first):
        panel.add(row)
    assert panel.rows == [second, first]
    assert panel.view(second).y() <= panel.view(first).y()


def test_a_row_shows_how_far_it_is_and_how_long_still(panel: JobsPanel) -> None:
    row = RunRow(lambda: "Adapting to Mio")
    panel.add(row)
    view = panel.view(row)
    assert (view.bar.minimum(), view.bar.maximum()) == (0, 0)
    row.show(RunState.RUNNING, lambda: "Step 12 of 40", 0.3, 45.0)
    assert view.bar.value() == round(0.3 * view.bar.maximum())
    assert view.message.text() == "Step 12 of 40 · 45 s left"
    assert "45 s left" in view.accessibleDescription()
    row.show(RunState.PAUSED, lambda: "Paused", 0.3, 45.0)
    assert view.message.text() == "Paused"
    row.show(RunState.DONE, lambda: "Done")
    assert not view.bar.isVisible()


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (RunState.RUNNING, {Verb.OPEN, Verb.PAUSE, Verb.KEEP, Verb.CANCEL}),
        (RunState.PAUSED, {Verb.OPEN, Verb.RESUME, Verb.KEEP, Verb.CANCEL}),
        (RunState.ENDING, {Verb.OPEN}),
        (RunState.INTERRUPTED, {Verb.OPEN, Verb.RESUME, Verb.REMOVE}),
        (RunState.DONE, {Verb.OPEN, Verb.REMOVE}),
        (RunState.FAILED, {Verb.OPEN, Verb.REMOVE}),
        (RunState.CANCELLED, {Verb.OPEN, Verb.REMOVE}),
    ],
)
def test_only_what_can_be_done_now_is_offered(panel: JobsPanel, state: RunState, verbs: set[Verb]) -> None:
    row = RunRow(lambda: "One", can_keep=True)
    panel.add(row)
    row.show(state, str)
    assert shown(panel.view(row)) == verbs


def test_a_run_without_pause_keep_and_folder_does_not_offer_them(panel: JobsPanel) -> None:
    row = RunRow(lambda: "One", can_pause=False, can_open=False)
    panel.add(row)
    assert shown(panel.view(row)) == {Verb.CANCEL}
    asked = listen(row)
    row.ask(Verb.KEEP)
    assert asked == []


def test_giving_up_a_run_that_could_go_on_says_what_is_lost(panel: JobsPanel) -> None:
    row = RunRow(lambda: "One")
    panel.add(row)
    row.show(RunState.INTERRUPTED, str)
    assert "Give it up" in panel.view(row).buttons[Verb.REMOVE].toolTip()
    row.show(RunState.DONE, str)
    assert "off the list" in panel.view(row).buttons[Verb.REMOVE].toolTip()


def test_buttons_ask(panel: JobsPanel) -> None:
    row = RunRow(lambda: "One", can_keep=True)
    panel.add(row)
    asked = listen(row)
    for verb in (Verb.PAUSE, Verb.KEEP, Verb.CANCEL, Verb.OPEN):
        button = panel.view(row).buttons[verb]
        assert "One" in button.accessibleName()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [Verb.PAUSE, Verb.KEEP, Verb.CANCEL, Verb.OPEN]


def test_keys_ask(panel: JobsPanel) -> None:
    row = RunRow(lambda: "One")
    panel.add(row)
    view, asked = panel.view(row), listen(row)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    row.show(RunState.PAUSED, str)
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    row.show(RunState.CANCELLED, str)
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert asked == [Verb.PAUSE, Verb.RESUME, Verb.OPEN, Verb.CANCEL, Verb.REMOVE]


def test_space_pressed_twice_on_pause_goes_on_again(panel: JobsPanel) -> None:
    row = RunRow(lambda: "One", can_keep=True)
    panel.add(row)
    view, asked = panel.view(row), listen(row)
    row.asked.connect(lambda verb: row.show(RunState.PAUSED if verb == Verb.PAUSE else RunState.RUNNING, str))
    view.buttons[Verb.PAUSE].setFocus()
    QTest.keyClick(view.buttons[Verb.PAUSE], Qt.Key.Key_Space)
    assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert asked == [Verb.PAUSE, Verb.RESUME]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1.0, "0 s"), (0.4, "0 s"), (70.2, "70 s"), (120.0, "2 min"), (3599.0, "60 min"), (4800.0, "1 h 20 min")],
)
def test_times_are_said_as_a_person_says_them(qapp: object, seconds: float, text: str) -> None:
    assert duration(seconds) == text
