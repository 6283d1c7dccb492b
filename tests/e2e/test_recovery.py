"""kill -9: a real program in a process of its own loses at most what came after its last copy, and never the file."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.dialogs.question_dialog import QuestionDialog
from tests.projects import read
from tests.window import program

VICTIM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.images import incoming
from app.application import make_application
from tests.window import color_file, line_file, program

folder, saves = Path(sys.argv[1]), sys.argv[2] == "saved"
app = make_application()

def wait(condition):
    while not condition():
        app.processEvents()

with program(app, folder) as nurie:
    nurie.controller.open_drawing(incoming.from_files([line_file(folder), color_file(folder)]))
    wait(lambda: nurie.document.coloring is not None and not nurie.runner.jobs)
    if saves:
        nurie.projects.save(folder / "girl.nurie")
        wait(lambda: not nurie.projects.is_saving)
    nurie.drawings.rename(nurie.document.page_id, "Before the copy")
    nurie.projects.timer.setInterval(1)
    wait(lambda: list(folder.glob("recovery/*/project.json")) and not nurie.runner.jobs)
    nurie.projects.timer.stop()
    nurie.drawings.rename(nurie.document.page_id, "After the copy")
    print("ready", flush=True)
    wait(lambda: False)
"""


def question(nurie: Nurie) -> QuestionDialog:
    (found,) = [one for one in nurie.window.findChildren(QuestionDialog) if one.isVisible()]
    return found


def crash(folder: Path, kind: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(folder), kind], stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        victim.send_signal(signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("kind", ["saved", "never saved"])
def test_after_a_crash(qapp: QApplication, qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    crash(tmp_path, kind)
    path = tmp_path / "girl.nurie"
    assert path.exists() == (kind == "saved")
    before = path.read_bytes() if path.exists() else b""
    with program(qapp, tmp_path) as nurie:
        with qtbot.waitSignal(nurie.projects.recoverable):
            nurie.projects.look_for_copies()
        assert ("girl" if kind == "saved" else "Untitled") in question(nurie).text()
        question(nurie).choices["accept"].click()
        qtbot.waitUntil(lambda: nurie.document.coloring is not None)
        assert nurie.document.title == "Before the copy"
        assert nurie.projects.needs_saving and nurie.window.isWindowModified()
        assert nurie.projects.path == (path if kind == "saved" else None)
        assert not path.exists() or path.read_bytes() == before
        with qtbot.waitSignal(nurie.projects.save_ended):
            nurie.projects.save(path)
        qtbot.waitUntil(lambda: not nurie.runner.jobs)
        assert not nurie.projects.needs_saving
    assert [page.title for page in read(path).pages] == ["Before the copy"]
    assert list((tmp_path / "recovery").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_later_and_discard(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    crash(tmp_path, "never saved")
    for role in ("reject", "destroy"):
        with program(qapp, tmp_path) as nurie:
            with qtbot.waitSignal(nurie.projects.recoverable):
                nurie.projects.look_for_copies()
            question(nurie).choices[role].click()
            assert nurie.document.is_blank
        assert len(list((tmp_path / "recovery").iterdir())) == (role == "reject")


def test_closing_properly_leaves_no_copy(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    from tests.window import color_both

    with program(qapp, tmp_path) as nurie:
        color_both(nurie, tmp_path, qtbot.waitUntil)
        nurie.projects.keep_copy()
        qtbot.waitUntil(lambda: bool(list(tmp_path.glob("recovery/*/project.json"))))
    assert list((tmp_path / "recovery").iterdir()) == []
