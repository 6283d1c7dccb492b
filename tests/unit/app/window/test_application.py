"""Starting: whose Qt plugins are loaded, what is imported before the window shows, what happens to uncaught errors."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.window import error_dialogs, program

ROOT = Path(__file__).resolve().parents[4]


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_own_qt_plugins_win(tmp_path: Path) -> None:
    # As opencv-python does it: a folder with platform plugins of another Qt, named in the environment at import.
    (tmp_path / "platforms").mkdir()
    for folder in (tmp_path, tmp_path / "platforms"):
        (folder / "libqoffscreen.so").write_bytes(b"of another Qt")
    (tmp_path / "cv2.py").write_text(
        f"import os\nos.environ['QT_QPA_PLATFORM_PLUGIN_PATH'] = {str(tmp_path)!r}\n"
        f"os.environ['QT_QPA_FONTDIR'] = {str(tmp_path)!r}\n"
    )
    done = run_python(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import cv2\n"
        "from app.application import make_application\n"
        "import os; app = make_application(); print(app.platformName(), 'QT_QPA_FONTDIR' in os.environ)",
        QT_PLUGIN_PATH=str(tmp_path),
    )
    assert done.stdout.split() == ["offscreen", "False"], done.stderr


def test_a_file_that_the_desktop_hands_over_is_told() -> None:
    done = run_python(
        "from PySide6.QtCore import QEvent, QUrl\n"
        "from PySide6.QtGui import QFileOpenEvent\n"
        "from app.application import make_application\n"
        "app = make_application()\n"
        "app.file_opened.connect(print)\n"
        "app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile('/tmp/a drawing.nurie')))\n"
        "app.sendEvent(app, QEvent(QEvent.Type.ApplicationActivate))\n"
    )
    assert done.stdout.split("\n") == ["/tmp/a drawing.nurie", ""], done.stderr


def test_the_window_shows_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    done = run_python(
        "import sys\n"
        "from pathlib import Path\n"
        "from app.application import Nurie, make_application, temporary_settings\n"
        "app = make_application()\n"
        f"nurie = Nurie(app, temporary_settings(Path({str(tmp_path)!r})))\n"
        "nurie.window.show(); app.processEvents(); nurie.window.grab()\n"
        "print([name for name in ('numpy', 'cv2', 'PIL', 'scipy', 'torch') if name in sys.modules])\n"
        "nurie.window.close(); nurie.close()\n"
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_this_qt_for_python_counts_references_rightly(qapp: QApplication) -> None:
    # PySide6 6.12.0 on Python 3.11 loses a reference to None at every call that returns nothing: after some ten
    # thousand calls the program aborts.
    before = sys.getrefcount(None)
    for _ in range(200):
        qapp.processEvents()
    assert sys.getrefcount(None) > before - 100


@pytest.fixture
def restored_hooks() -> object:
    hooks = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = hooks


@pytest.mark.usefixtures("restored_hooks")
def test_uncaught_errors_of_any_thread_are_shown(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with program(qapp, tmp_path) as nurie:
        nurie.install_exception_hooks()
        try:
            raise ZeroDivisionError("on the GUI thread")
        except ZeroDivisionError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        assert "on the GUI thread" in error_dialogs(nurie)[0].details.toPlainText()

        def fail() -> None:
            raise ValueError("elsewhere")

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: "elsewhere" in error_dialogs(nurie)[0].details.toPlainText())
        assert len(error_dialogs(nurie)) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_window_comes_back_where_it_was(qapp: QApplication, tmp_path: Path) -> None:
    with program(qapp, tmp_path) as nurie:
        nurie.window.docks["referencesDock"].hide()
        nurie.window.resize(900, 620)
        nurie.actions["theme_light"].trigger()
    with program(qapp, tmp_path) as again:
        assert not again.window.docks["referencesDock"].isVisible()
        assert again.actions["theme_light"].isChecked()
        again.actions["theme_system"].trigger()
