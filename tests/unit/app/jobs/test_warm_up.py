"""Libraries are loaded before anything imports them, and what is not needed is not imported at all."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.dialogs.question_dialog import QuestionDialog
from app.jobs import warm_up
from app.jobs.runner import JobRunner
from tests.unit.app.jobs.test_runner import Outcome, work_of
from tests.window import program

ROOT = Path(__file__).parents[4]

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="loaded ahead on Linux only")


def test_libraries_are_those_that_are_installed() -> None:
    found = list(warm_up.libraries())
    assert all(path.is_file() for path in found)
    assert {path.name.partition(".")[0] for path in found} >= {"_multiarray_umath", "cv2", "libtorch_python"}


@linux
@pytest.mark.parametrize("fails", [False, True])
def test_jobs_wait_until_the_libraries_are_loaded(qapp: object, qtbot: QtBot, fails: bool) -> None:
    runner, gate, outcome = JobRunner(), threading.Event(), Outcome()
    begun: list[str] = []

    def load(path: Path) -> None:
        begun.append(path.name)
        gate.wait()
        if fails:
            raise OSError("no such library")

    thread = warm_up.load_libraries(load)
    assert thread is not None
    runner.submit(outcome.job(work_of("done")))
    qtbot.waitUntil(lambda: len(begun) == 1)
    assert not outcome.done and [job.state.value for job in runner.jobs] == ["waiting"]
    gate.set()
    qtbot.waitUntil(lambda: outcome.done == ["done"])
    thread.join()
    runner.close()


@linux
def test_what_a_crash_left_is_found_while_libraries_are_loaded(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question whether to recover comes before somebody begins anew."""
    gate = threading.Event()
    monkeypatch.setattr(warm_up, "_dlopen", lambda _path: gate.wait())
    folder = tmp_path / "recovery" / "left"
    folder.mkdir(parents=True)
    (folder / "about.json").write_text('{"name": "page", "path": null, "time": 1.0}')
    (folder / "project.json").write_text("{}")
    with program(qapp, tmp_path) as nurie:
        try:
            nurie.show()
            qtbot.waitUntil(lambda: bool(nurie.window.findChildren(QuestionDialog)))
            assert not warm_up._loaded.is_set()
        finally:
            gate.set()


def test_looking_for_copies_imports_no_large_library() -> None:
    code = "import sys, app.project_file.recovery; print(*{'numpy', 'cv2', 'PIL', 'scipy', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_window_waits_half_a_millisecond_for_a_thread_that_computes() -> None:
    before = sys.getswitchinterval()
    try:
        thread = warm_up.load_libraries(lambda _path: None)
        assert sys.getswitchinterval() == pytest.approx(0.0005)
    finally:
        sys.setswitchinterval(before)
    if thread is not None:
        thread.join()


LOAD = """
import sys
from engine import model_loading, pipeline
model_loading.load_colorizer(pipeline.find_model(None).path)
print(*(name for name in ("sympy", "torch._dynamo", "matplotlib", "torchvision") if name in sys.modules))
"""


def test_a_model_is_loaded_without_what_takes_seconds() -> None:
    """torch imports sympy and its compiler for some calls on shapes alone; the window waits for the model."""
    done = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
