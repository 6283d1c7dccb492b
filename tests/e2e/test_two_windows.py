"""A project that is open can always be saved, whatever becomes of its file; two windows never save over each other."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.controllers.project_model import ModelOffer
from app.dialogs.export_dialog import ExportDialog
from app.dialogs.question_dialog import QuestionDialog
from app.project_file.blobs import JSON_NAME
from tests.projects import page, read_whole, same, write
from tests.window import color_both, drop, error_dialogs, program, urls


def project(nurie: Nurie, qtbot: QtBot, folder: Path) -> Path:
    """A project of three drawings, of which the window has decoded the first."""
    folder.mkdir()
    path = folder / "Girl.nurie"
    write(path, (page(1), page(2), page(3)))
    drop(nurie.window.canvas, urls(path))
    qtbot.waitUntil(lambda: "Opened" in nurie.window.status.message.text() and not nurie.runner.jobs)
    assert [one.is_loaded for one in nurie.document.pages] == [True, False, False]
    return path


def save(nurie: Nurie, qtbot: QtBot, path: Path | None = None) -> bool:
    with qtbot.waitSignal(nurie.controllers.projects.save_ended) as ended:
        nurie.controllers.projects.save(path)
    assert ended.args is not None
    return bool(ended.args[0])


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def overwritten(path: Path) -> None:
    path.write_bytes(b"x" * path.stat().st_size)


def folder_gone(path: Path) -> None:
    path.unlink()
    for other in path.parent.iterdir():
        other.unlink()
    path.parent.rmdir()


@pytest.mark.parametrize("harm", [Path.unlink, cut_short, overwritten, folder_gone])
def test_all_of_it_can_be_saved_elsewhere(
    nurie: Nurie, qtbot: QtBot, qapp: QApplication, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = project(nurie, qtbot, tmp_path / "drive")
    before = read_whole(path)
    harm(path)
    again = tmp_path / "Again.nurie"
    assert save(nurie, qtbot, again)
    for one, other in zip(before, read_whole(again), strict=True):
        assert one.drawing and other.drawing and same(one.drawing.picture.pixels, other.drawing.picture.pixels)
        assert one.coloring and other.coloring and same(one.coloring.result.color, other.coloring.result.color)
    if harm is not folder_gone:
        assert save(nurie, qtbot, path) and len(read_whole(path)) == 3
    assert error_dialogs(nurie) == []


def test_what_was_saved_can_be_saved_again_when_that_file_is_gone(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    path = tmp_path / "a.nurie"
    assert save(nurie, qtbot, path)
    before = path.read_bytes()
    path.unlink()
    assert save(nurie, qtbot, path) and path.read_bytes() == before


def test_a_second_window_opens_a_copy_and_says_so(
    nurie: Nurie, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    path = project(nurie, qtbot, tmp_path / "drive")
    with program(qapp, tmp_path) as other:
        drop(other.window.canvas, urls(path))
        qtbot.waitUntil(lambda: bool(error_dialogs(other)) and not other.runner.jobs)
        (dialog,) = error_dialogs(other)
        assert "open in another window" in dialog.label.text()
        dialog.close()
        assert other.controllers.projects.path is None and other.controllers.projects.name == "Girl"
        assert not save(other, qtbot, path), "the first window has it"
        assert save(other, qtbot, tmp_path / "Mine.nurie")
        assert save(nurie, qtbot) and save(nurie, qtbot, path), "its own file is nobody else's"
        nurie.controllers.projects.new()
        drop(other.window.canvas, urls(path))
        qtbot.waitUntil(lambda: other.controllers.projects.path == path)
    drop(nurie.window.canvas, urls(path))
    qtbot.waitUntil(lambda: nurie.controllers.projects.path == path)


def test_a_model_that_came_along_is_asked_about(nurie: Nurie, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[ModelOffer] = []
    monkeypatch.setattr(nurie.controllers.projects, "install_model", taken.append)
    offer = ModelOffer("<b>mine</b>", b"0" * 3_000_000)
    for role in ("reject", "accept"):
        nurie.controllers.projects.model_offered.emit(offer)
        (question,) = [one for one in nurie.window.findChildren(QuestionDialog) if one.isVisible()]
        assert "<b>mine</b>" in question.text() and "3 MB" in question.informativeText()
        assert taken == []
        question.choices[role].click()
        question.close()
    assert taken == [offer]


def test_no_picture_is_saved_over_because_a_project_says_so(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    victim = tmp_path / "precious.png"
    victim.write_bytes(b"precious")
    nurie.document.change_page(nurie.document.page_id, save_path=victim)
    path = tmp_path / "a.nurie"
    save(nurie, qtbot, path)
    drop(nurie.window.canvas, urls(path))
    qtbot.waitUntil(lambda: "Opened" in nurie.window.status.message.text() and not nurie.runner.jobs)
    assert nurie.document.save_path is None
    assert nurie.controllers.coloring.suggested_path() == victim
    nurie.actions["export"].trigger()
    (dialog,) = [one for one in nurie.window.findChildren(ExportDialog) if one.isVisible()]
    assert dialog.path == victim and dialog.export.text() == "&Replace"
    dialog.close()
    assert victim.read_bytes() == b"precious"


def test_a_project_that_is_passed_on_tells_nothing_of_its_makers_folders(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path
) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    nurie.document.change_page(nurie.document.page_id, save_path=Path("/home/anna/out.png"))
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "a.nurie"
    save(nurie, qtbot, path)
    with zipfile.ZipFile(path) as file:
        data = file.read(JSON_NAME).decode()
    assert "anna" not in data and str(tmp_path) not in data
    assert '"save_path":"out.png"' in data and '"path":"line.png"' in data
