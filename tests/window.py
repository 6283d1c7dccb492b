"""What tests of the window need: a program with a fake colorizer, files to open, real drag-and-drop events."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from app.application import Nurie, temporary_settings
from app.dialogs.error_dialog import ErrorDialog
from app.document.parts import Coloring
from app.images import incoming
from tests.fakes import FakeColorizer, FakeModel, color_picture, line_drawing


@contextmanager
def program(
    app: QApplication, folder: Path, fake: FakeColorizer | None = None, *, shipped: bool = False
) -> Iterator[Nurie]:
    """A running program, shown, without a real model unless the `shipped` one is wanted. Closing it must end its
    threads."""
    colorizer = fake or FakeColorizer()
    settings = temporary_settings(folder)
    if settings.language == "system":
        settings.language = "en"  # whatever the machine speaks
    if shipped:
        nurie = Nurie(app, settings, data=folder)
    else:
        nurie = Nurie(app, settings, lambda name: FakeModel(name or "fake"), lambda _path: colorizer, folder)
    nurie.controllers.coloring.set_delay(1)
    nurie.controllers.settling.set_rest(1)
    nurie.window.resize(1000, 700)
    nurie.window.show()
    try:
        yield nurie
    finally:
        threads = nurie.runner.threads
        if fake and fake.gate:
            fake.gate.set()
        nurie.controllers.projects.discard()
        nurie.window.close()
        nurie.close()
        nurie.window.deleteLater()
        nurie.deleteLater()
        nurie.themes.deleteLater()
        nurie.languages.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        # What is left of it goes here: a later program's thread that happened to collect it would destroy QObjects
        # that are not its own.
        gc.collect()
        assert all(thread.isFinished() for thread in threads), "a thread of the program goes on"


def write_picture(path: Path, pixels: NDArray[np.uint8], **options: Any) -> Path:
    """Save `pixels` at `path` in the format of its suffix."""
    Image.fromarray(pixels).save(path, **options)
    return path


def line_file(folder: Path, name: str = "line.png", width: int = 96, height: int = 64) -> Path:
    """A file with line art."""
    return write_picture(folder / name, line_drawing(width, height))


def color_file(folder: Path, name: str = "color.png", color: tuple[int, int, int] = (200, 60, 60)) -> Path:
    """A file with a color picture."""
    return write_picture(folder / name, color_picture(color=color))


def urls(*paths: Path) -> QMimeData:
    """A drag of files as a file manager makes it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget: QWidget, mime: QMimeData) -> None:
    """Drag `mime` onto the middle of the widget and let go."""
    middle = QPoint(widget.width() // 2, widget.height() // 2)
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle, actions, mime, buttons, keys)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDragMoveEvent(middle, actions, mime, buttons, keys))
        QApplication.sendEvent(widget, QDropEvent(QPointF(middle), actions, mime, buttons, keys))


class OwnDrop(QDropEvent):
    """A drop of what was dragged from a widget of the program, which Qt tells by the source alone."""

    def __init__(self, place: QPoint, source: object, mime: QMimeData) -> None:
        super().__init__(
            QPointF(place), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        self._source = source

    def source(self) -> object:  # type: ignore[override]
        return self._source


class OwnMove(QDragMoveEvent):
    """The same while it is dragged."""

    def __init__(self, place: QPoint, source: object, mime: QMimeData) -> None:
        super().__init__(
            place, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        self._source = source

    def source(self) -> object:  # type: ignore[override]
        return self._source


def drag_row(
    monkeypatch: pytest.MonkeyPatch, view: QListWidget, row: int, let_go: Callable[[QMimeData], object]
) -> list[QDrag]:
    """Press on a row, drag, and let go by `let_go`, which is given what is dragged.

    The platform that has no screen ends every drag at once, so its loop is all that is not real here.
    """
    drags: list[QDrag] = []

    def exec_drag(drag: QDrag, *actions: Qt.DropAction) -> Qt.DropAction:
        assert actions == (Qt.DropAction.CopyAction,), "a move would take it from here"
        drags.append(drag)
        let_go(drag.mimeData())
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", exec_drag)
    view.doItemsLayout()
    at = view.visualItemRect(view.item(row)).center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    for step in (8, 20, 30):
        to = at + QPoint(step, 0)
        held = Qt.MouseButton.LeftButton
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(to),
            QPointF(view.viewport().mapToGlobal(to)),
            Qt.MouseButton.NoButton,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        if not drags:
            QApplication.sendEvent(view.viewport(), move)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    return drags


def color_both(nurie: Nurie, folder: Path, wait_until: Callable[[Callable[[], bool]], None]) -> Coloring:
    """Open a line drawing and a reference, and wait for the coloring."""
    nurie.controllers.coloring.add_references(incoming.from_files([color_file(folder)]))
    nurie.controllers.coloring.open_drawing(incoming.from_files([line_file(folder)]))
    wait_until(lambda: nurie.document.coloring is not None)
    assert nurie.document.coloring is not None
    return nurie.document.coloring


def later() -> None:
    """Wait for an event that comes after all that were posted so far, and after all that those post."""
    for _ in range(2):
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)  # only when nothing else is left in the queue
        loop.exec()


def speak(nurie: Nurie, language: str) -> None:
    """Choose the language in the menu, and wait for its window."""
    nurie.actions[f"language_{language}"].trigger()
    while nurie.is_speaking_soon:
        later()


def quiet(nurie: Nurie, wait_until: Callable[[Callable[[], bool]], None]) -> None:
    """Wait until nothing is left to come: no event, no change that waits to be colored, no job."""
    controllers = nurie.controllers
    later()
    wait_until(lambda: not (nurie.runner.jobs or controllers.coloring.is_waiting or controllers.settling.is_waiting))
    later()


def error_dialogs(nurie: Nurie) -> list[ErrorDialog]:
    """Error dialogs that are open."""
    return [dialog for dialog in nurie.window.findChildren(ErrorDialog) if dialog.isVisible()]


class Watchdog:
    """Measures how long the event loop was held up at worst, in seconds."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> Watchdog:
        self._last = time.perf_counter()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()

    def forget(self) -> None:
        """What has just held it up is no fault of the program: a test's own work."""
        self._last = time.perf_counter()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.worst = max(self.worst, now - self._last)
        self._last = now
