"""`--self-test` with a fake colorizer: what it saves and how it fails."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import paths
from app.application import Nurie
from app.cli import self_test
from engine.errors import RequestError
from tests.fakes import FakeColorizer, FakeModel
from tests.window import color_file, line_file


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("icons", "themes"):
        (tmp_path / name).symlink_to(paths.resources() / name)
    (tmp_path / "samples").mkdir()
    line_file(tmp_path / "samples", "a_line.png")
    color_file(tmp_path / "samples", "a_reference.png")
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    return tmp_path


def with_fake(monkeypatch: pytest.MonkeyPatch, fake: FakeColorizer) -> None:
    made = partial(Nurie, find=lambda _name: FakeModel(), load=lambda _path: fake)
    monkeypatch.setattr(self_test, "Nurie", made)


def test_screenshot_and_picture(qapp: QApplication, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_fake(monkeypatch, FakeColorizer())
    shot = sample / "new folder" / "shot.png"
    assert self_test.run_self_test(qapp, shot) == 0
    with Image.open(shot) as image:
        assert image.size[0] >= min(1000, qapp.primaryScreen().availableGeometry().width() - 16)
    with Image.open(shot.with_name("shot_picture.png")) as image:
        assert image.size == (96, 64)


def test_its_limit_ends_with_it(
    qapp: QApplication, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_fake(monkeypatch, FakeColorizer())
    monkeypatch.setattr(self_test, "TIMEOUT_MS", 60_000)
    timers: list[QTimer] = []
    monkeypatch.setattr(self_test, "QTimer", kept_in(timers))
    assert self_test.run_self_test(qapp, sample / "shot.png") == 0
    assert timers and not any(timer.isActive() for timer in timers)


def kept_in(timers: list[QTimer]) -> type[QTimer]:
    """A timer that is put into the list, too."""

    class Kept(QTimer):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            timers.append(self)

    return Kept


def test_failure_is_one_sentence(
    qapp: QApplication, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_fake(monkeypatch, FakeColorizer(failure=RequestError("It does not work.")))
    assert self_test.run_self_test(qapp, sample / "shot.png") == 1
    assert capsys.readouterr().err == "nurie: error: It does not work.\n"
    assert not (sample / "shot.png").exists()


def test_time_out(
    qapp: QApplication, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_fake(monkeypatch, FakeColorizer(steps=10**9))
    monkeypatch.setattr(self_test, "TIMEOUT_MS", 300)
    assert self_test.run_self_test(qapp, sample / "shot.png") == 1
    assert "No result after" in capsys.readouterr().err


def test_no_sample(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    assert self_test.run_self_test(qapp, tmp_path / "shot.png") == 1
    assert "missing" in capsys.readouterr().err
