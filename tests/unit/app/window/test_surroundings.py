"""Where there is no screen or no home; names of bytes; numbers with a comma."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QLocale, QMimeData, QUrl
from PySide6.QtGui import QValidator
from pytestqt.qtbot import QtBot

from app import paths
from app.document.page import Page
from app.images import incoming
from app.panels.number_box import NumberBox
from app.project_file.schema import FORMAT, VERSION, PageRecord, ProjectRecord, from_json, to_json
from engine.errors import NurieError


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="a display is asked for elsewhere")
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "no display"),
        ({"DISPLAY": ":5555"}, "cannot be reached"),
        ({"QT_QPA_PLATFORM": "nothing"}, "QT_QPA_PLATFORM"),
    ],
)
def test_without_a_display_there_is_one_sentence(environment: dict[str, str], words: str) -> None:
    without = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")
    clean = {key: value for key, value in os.environ.items() if key not in without}
    done = subprocess.run(
        [sys.executable, "main.py"], env=clean | environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2 and words in done.stderr and len(done.stderr.splitlines()) == 1


def test_without_a_home_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("NURIE_MODELS", raising=False)
    monkeypatch.setattr(platformdirs, "user_data_path", homeless)
    monkeypatch.setattr(platformdirs, "user_state_path", homeless)
    for place in (paths.user_data, paths.user_state, paths.models):
        with pytest.raises(NurieError, match="no home folder"):
            place()


@pytest.mark.skipif(sys.platform == "win32", reason="names are characters there")
def test_a_dropped_name_may_be_any_bytes() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("file:///a%20b/caf%E9.png"), QUrl("file:///é/塗り%25.png")])
    assert incoming.local_files(mime) == [Path(os.fsdecode(b"/a b/caf\xe9.png")), Path("/é/塗り%.png")]


def test_a_project_may_hold_such_a_name() -> None:
    record = ProjectRecord(FORMAT, VERSION, "", (PageRecord(title="caf\udce9", save_path="caf\udce9.png"),))
    (page,) = from_json(to_json(record), "a.nurie").pages
    assert (page.title, page.save_path) == ("caf\ufffd", "caf\udce9.png")
    assert to_json(from_json(to_json(record), "a.nurie"))
    assert Page(0).suggested_path is None


@pytest.mark.parametrize("language", ["en_US", "de_DE", "ar_EG"])
@pytest.mark.parametrize("text", ["0,45", "0.45"])
def test_a_comma_is_a_point(qtbot: QtBot, language: str, text: str) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    box.setLocale(QLocale(language))
    box.setRange(0.3, 0.5)
    box.setDecimals(2)
    box.setKeyboardTracking(False)
    box.selectAll()
    qtbot.keyClicks(box, text)
    box.interpretText()
    assert box.value() == pytest.approx(0.45)
    assert box.validate("0,4,5", 5)[0] == QValidator.State.Invalid  # type: ignore[index]
