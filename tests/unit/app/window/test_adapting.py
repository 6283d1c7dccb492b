"""Fine-tuning and models in the whole window, with a child that learns nothing."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QWizard
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.finetune.events import KeptOut
from app.finetune.models_dialog import ModelsDialog
from app.finetune.run import FinetuneRun
from app.finetune.wizard.wizard import FinetuneWizard
from app.images import incoming
from app.jobs.long_run import RunRow, Verb
from engine.request import Progress
from tests.fakes import FakeModel
from tests.fakes_finetune import make_child
from tests.finetuning import figure
from tests.window import error_dialogs, later, program, speak, write_picture

Behave = Callable[..., None]


@pytest.fixture
def nurie(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nurie]:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    with program(qapp, tmp_path) as running:
        yield running


@pytest.fixture
def behave(nurie: Nurie) -> Behave:
    def change(**behavior: object) -> None:
        nurie.controllers.finetune._make_child = make_child(**behavior)

    change()
    return change


@pytest.fixture
def references(nurie: Nurie, behave: Behave, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [write_picture(tmp_path / f"mio {number}.png", figure(number)) for number in range(2)]
    nurie.controllers.coloring.add_references(incoming.from_files(paths))
    qtbot.waitUntil(lambda: len(nurie.document.references) == 2)


def click(button: QAbstractButton) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def wizards(nurie: Nurie) -> list[FinetuneWizard]:
    return [one for one in nurie.window.findChildren(FinetuneWizard) if one.isVisible()]


def ended(qtbot: QtBot, nurie: Nurie) -> FinetuneRun:
    qtbot.waitUntil(lambda: bool(nurie.controllers.finetune.runs))
    run = nurie.controllers.finetune.runs[-1]
    qtbot.waitUntil(lambda: run.verdict is not None and not run.is_alive)
    return run


@pytest.mark.usefixtures("references")
def test_one_click_adapts_to_the_references_and_one_goes_back(nurie: Nurie, qtbot: QtBot) -> None:
    assert not nurie.window.docks["jobsDock"].isVisible()
    click(nurie.window.model.adapt)
    run = ended(qtbot, nurie)
    assert nurie.window.docks["jobsDock"].isVisible()
    assert nurie.window.jobs.rows == [run.row]
    assert nurie.document.model == "mio 0"
    bar = nurie.window.verdict
    assert bar.isVisible()
    assert "80.4" in bar.text.text()
    click(bar.buttons["back"])
    assert nurie.document.model is None
    assert not bar.isVisible()
    nurie.document.history.undo()
    assert nurie.document.model == "mio 0"


@pytest.mark.usefixtures("references")
def test_adapting_that_does_not_help_changes_nothing(nurie: Nurie, behave: Behave, qtbot: QtBot) -> None:
    behave(better=False)
    nurie.actions["adapt"].trigger()
    ended(qtbot, nurie)
    bar = nurie.window.verdict
    assert bar.isVisible()
    assert "Not installed" in bar.text.text()
    assert nurie.document.model is None
    assert not bar.buttons["back"].isVisible()
    click(bar.buttons["details"])
    (wizard,) = wizards(nurie)
    assert wizard.verdict.headline.text() == "It did not help."


@pytest.mark.usefixtures("references")
def test_a_model_from_another_project_is_used_only_when_a_person_says_so(
    nurie: Nurie, behave: Behave, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurie.actions["adapt"].trigger()
    qtbot.waitUntil(lambda: bool(nurie.controllers.finetune.runs))
    nurie.controllers.projects.new()
    run = ended(qtbot, nurie)
    qtbot.waitUntil(lambda: run.installed is not None and nurie.window.verdict.isVisible())
    assert nurie.document.model is None
    click(nurie.window.verdict.buttons["use"])
    assert nurie.document.model == "mio 0"
    nurie.document.history.undo()

    installed = FakeModel("worse", Path(__file__))

    def install(_file: Path, _name: str | None) -> Generator[Progress, None, FakeModel]:
        yield Progress("", 0.0)
        return installed

    monkeypatch.setattr("app.finetune.models.install", install)
    monkeypatch.setattr(run, "installed", None)
    monkeypatch.setattr(run, "kept_out", KeptOut("", Path("worse.safetensors")))
    nurie.controllers.finetune.install_anyway(run)
    qtbot.waitUntil(lambda: run.installed is not None and run.installed.name == "worse")
    assert nurie.document.model is None and nurie.window.verdict.buttons["use"].isVisible()


@pytest.mark.usefixtures("references")
def test_a_model_is_for_the_character_it_was_begun_for(
    nurie: Nurie, behave: Behave, qtbot: QtBot, tmp_path: Path
) -> None:
    nurie.actions["adapt"].trigger()
    qtbot.waitUntil(lambda: bool(nurie.controllers.finetune.runs))
    nurie.controllers.cast.new_character("Saha")
    ended(qtbot, nurie)
    qtbot.waitUntil(lambda: nurie.document.characters[0].model == "mio 0")
    assert [one.model for one in nurie.document.characters] == ["mio 0", None]
    assert nurie.document.model is None and nurie.document.model_in_use is None
    nurie.controllers.cast.put_in(nurie.document.characters[0].id, True)
    assert nurie.document.model_in_use == "mio 0" and nurie.controllers.service.model == "mio 0"
    nurie.document.history.undo()
    assert nurie.controllers.service.model is None


@pytest.mark.usefixtures("references")
def test_a_failure_is_told_when_no_wizard_tells_it(nurie: Nurie, behave: Behave, qtbot: QtBot) -> None:
    behave(error_at=2, error="There is too little memory.")
    nurie.actions["adapt"].trigger()
    qtbot.waitUntil(lambda: bool(error_dialogs(nurie)))
    assert error_dialogs(nurie)[0].label.text() == "There is too little memory."
    assert not nurie.window.verdict.isVisible()


def test_without_references_there_is_nothing_to_adapt_to(nurie: Nurie) -> None:
    assert not nurie.window.model.adapt.isEnabled()
    assert "Add a reference first" in nurie.window.model.adapt.toolTip()


def test_the_wizard_opens_once(nurie: Nurie, behave: Behave) -> None:
    nurie.actions["finetune"].trigger()
    nurie.actions["finetune"].trigger()
    (wizard,) = wizards(nurie)
    QTest.mouseClick(wizard.button(QWizard.WizardButton.CancelButton), Qt.MouseButton.LeftButton)
    assert wizards(nurie) == []


@pytest.mark.usefixtures("references")
def test_a_run_opens_from_the_jobs_panel(nurie: Nurie, behave: Behave, qtbot: QtBot) -> None:
    behave(hold_at=3)
    nurie.actions["adapt"].trigger()
    qtbot.waitUntil(lambda: any(run.progress is not None for run in nurie.controllers.finetune.runs))
    run = nurie.controllers.finetune.runs[0]
    view = nurie.window.jobs.view(run.row)
    click(view.buttons[Verb.OPEN])
    click(view.buttons[Verb.OPEN])
    (wizard,) = wizards(nurie)
    assert wizard.currentPage() is wizard.training
    click(view.buttons[Verb.KEEP])
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict)
    assert not nurie.window.verdict.isVisible()  # the wizard tells it
    click(view.buttons[Verb.REMOVE])
    assert nurie.window.jobs.rows == []


@pytest.mark.usefixtures("references")
def test_what_ends_in_another_project_does_not_change_its_model(nurie: Nurie, behave: Behave, qtbot: QtBot) -> None:
    behave(hold_at=3)
    nurie.actions["adapt"].trigger()
    qtbot.waitUntil(lambda: any(run.progress is not None for run in nurie.controllers.finetune.runs))
    nurie.controllers.projects.opened.emit()
    nurie.controllers.finetune.runs[0].ask(Verb.KEEP)
    ended(qtbot, nurie)
    assert nurie.document.model is None
    click(nurie.window.verdict.buttons["use"])
    assert nurie.document.model == "mio 0"


@pytest.mark.usefixtures("references")
def test_another_language_keeps_runs_listed(nurie: Nurie, behave: Behave, qtbot: QtBot) -> None:
    behave(hold_at=3)
    nurie.actions["adapt"].trigger()
    qtbot.waitUntil(lambda: any(run.progress is not None for run in nurie.controllers.finetune.runs))
    run = nurie.controllers.finetune.runs[0]
    speak(nurie, "ja")
    assert nurie.window.jobs.rows == [run.row]
    run.ask(Verb.KEEP)
    ended(qtbot, nurie)
    assert nurie.window.verdict.isVisible()
    speak(nurie, "en")


@pytest.mark.usefixtures("behave")
def test_models_are_listed_used_and_deleted(nurie: Nurie, qtbot: QtBot, adapted: str) -> None:
    nurie.actions["models"].trigger()
    (dialog,) = nurie.window.findChildren(ModelsDialog)
    qtbot.waitUntil(lambda: dialog.list.count() > 0)
    names = [dialog.list.item(row).data(Qt.ItemDataRole.UserRole).entry.name for row in range(dialog.list.count())]
    assert {"nurie-compact", adapted} <= set(names)
    dialog.list.setCurrentRow(names.index("nurie-compact"))
    assert not dialog.delete.isEnabled()
    assert "Nurie compact" in dialog.card.toPlainText()
    dialog.list.setCurrentRow(names.index(adapted))
    assert "nurie-compact" in dialog.card.toPlainText()
    click(dialog.use)
    assert nurie.document.model == adapted
    qtbot.waitUntil(lambda: not dialog.use.isEnabled())
    click(dialog.delete)
    (question,) = dialog.findChildren(QMessageBox)
    (delete,) = [
        one for one in question.buttons() if question.buttonRole(one) == QMessageBox.ButtonRole.DestructiveRole
    ]
    click(delete)
    qtbot.waitUntil(lambda: nurie.document.model is None)
    qtbot.waitUntil(lambda: dialog.list.count() == len(names) - 1)


@pytest.fixture
def adapted(tmp_path: Path) -> str:
    """An installed model that was adapted from the shipped one."""
    from engine import checkpoint, model_catalog
    from engine.checkpoint import BaseModel, CheckpointInfo

    shipped = model_catalog.bundled_folder() / "nurie-compact.safetensors"
    base = BaseModel("nurie-compact", model_catalog.find(shipped).sha256())
    info = checkpoint.read_info(shipped)
    (tmp_path / "models").mkdir()
    adapted = CheckpointInfo(info.architecture, info.config, "Mio", provenance={"pictures": 5}, base=base)
    checkpoint.save(tmp_path / "models" / "mio.safetensors", {}, adapted)
    return "mio"


@pytest.mark.usefixtures("behave")
def test_a_file_can_be_installed_and_a_wrong_one_is_one_sentence(
    nurie: Nurie, qtbot: QtBot, adapted: str, tmp_path: Path
) -> None:
    given = (tmp_path / "models" / f"{adapted}.safetensors").rename(tmp_path / "given.safetensors")
    nurie.actions["models"].trigger()
    (dialog,) = nurie.window.findChildren(ModelsDialog)
    qtbot.waitUntil(lambda: dialog.list.count() > 0)
    before = dialog.list.count()
    dialog.install_asked.emit(given)
    qtbot.waitUntil(lambda: dialog.list.count() == before + 1)
    assert (tmp_path / "models" / "given.safetensors").exists()
    (tmp_path / "no.safetensors").write_bytes(b"no model")
    dialog.install_asked.emit(tmp_path / "no.safetensors")
    qtbot.waitUntil(lambda: bool(error_dialogs(nurie)))
    assert "no.safetensors" in error_dialogs(nurie)[0].label.text()


@pytest.mark.parametrize("float_another", [False, True])
def test_the_jobs_panel_lies_over_no_other(nurie: Nurie, qtbot: QtBot, float_another: bool) -> None:
    docks = nurie.window.docks
    docks["drawingsDock"].setFloating(float_another)
    nurie.window.resize(1280, 860)
    later()
    nurie.window.jobs.add(RunRow(lambda: "One"))
    later()
    others = [dock for dock in docks.values() if dock is not docks["jobsDock"] and dock.isVisible()]
    for dock in others:
        assert dock.isFloating() or not dock.geometry().intersects(docks["jobsDock"].geometry()), dock.windowTitle()
