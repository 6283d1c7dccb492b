"""Color a Scene: the form, the film strip, a look at the frames as they are done, and the doubts of the scene."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSlider,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.images import incoming
from app.images.qt_images import to_qimage
from app.jobs.long_run import RunState, Verb
from app.style.plain_text import plain_tip
from app.video.controller import SceneFound
from app.video.film_strip import FilmStrip, shown_frames
from app.video.form import SceneForm
from app.video.run import Doubt, SceneRun
from app.video.wish import Answer, SceneWish
from engine.export import formats

SIZE = QSize(1060, 660)
STEPS = 1000
_DOUBT = Qt.ItemDataRole.UserRole
_RING = 14  # pixels on the screen


class FrameView(QWidget):
    """One frame, as large as there is room, and a ring around a place in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(320, 200)
        self.setAccessibleName(self.tr("Frame"))
        self._pixmap = QPixmap()
        self.place: tuple[int, int] | None = None

    def show_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """H×W×3 uint8."""
        self._pixmap = QPixmap.fromImage(to_qimage(np.ascontiguousarray(pixels)))
        self.update()

    def show_place(self, place: tuple[int, int] | None) -> None:
        """Where to look: a pixel of the frame."""
        self.place = place
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().base())
        if self._pixmap.isNull():
            return
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(left, top, size.width(), size.height(), self._pixmap)
        if self.place is not None:
            scale = size.width() / max(1, self._pixmap.width())
            middle = QPointF(left + (self.place[0] + 0.5) * scale, top + (self.place[1] + 0.5) * scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for width, color in ((5, "#ffffff"), (2, "#c03030")):
                painter.setPen(QPen(QColor(color), width))
                painter.drawEllipse(middle, _RING, _RING)


class SceneDialog(QDialog):
    """Nobody waits for it; closing it stops nothing. A window that may lie behind the main one, in which a frame of the
    scene is looked at, and goes with that."""

    look_wanted = Signal(str)  # a scene: what is in it?
    frame_wanted = Signal(str, int)  # a folder or video, and a frame of it
    picture_wanted = Signal(str)  # a file
    thumbnails_wanted = Signal(str, object)  # a scene, and which frames of it
    begin_asked = Signal(object)  # SceneWish
    answer_given = Signal(object)  # Answer
    page_wanted = Signal(int)  # a frame, as a drawing of the project
    hints_wanted = Signal(int)  # a frame: what its drawing's hints say is for its tracks

    def __init__(self, parent: QWidget, base: SceneWish) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.winId()  # makes the handle, whose owner would be kept below it
        self.windowHandle().setTransientParent(None)  # pyright: ignore[reportArgumentType]
        self.setWindowTitle(self.tr("Color a Scene"))
        self.setAcceptDrops(True)
        self.run: SceneRun | None = None
        self.found: SceneFound | None = None
        self._problem = ""
        self._is_waiting = False  # for a frame that was asked for
        self.form = SceneForm(base, self)
        self.strip = FilmStrip(self)
        self.view = FrameView(self)
        self.play = QPushButton(self.tr("&Play"), self)
        self.play.setCheckable(True)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(self.tr("Frame"))
        self.number = QLabel(self)
        self.doubts = QListWidget(self)
        self.doubts.setAccessibleName(self.tr("To check"))
        self.swatches = QComboBox(self)
        self.swatches.setAccessibleName(self.tr("Color"))
        self.apply = QPushButton(self.tr("&Give the Track This Color"), self)
        self.apply.setToolTip(plain_tip(self.tr("In all frames of the region; nothing is colored anew for it")))
        self.right = QPushButton(self.tr("It Is &Right"), self)
        self.open_page = QPushButton(self.tr("Open Fra&me"), self)
        self.open_page.setToolTip(
            plain_tip(
                self.tr("As a drawing of the project with its key frames as references: to look closely, with hints")
            )
        )
        self.take_hints = QPushButton(self.tr("Take Its &Hints"), self)
        self.take_hints.setToolTip(
            plain_tip(self.tr("Colors that were given in the frame's drawing are for its tracks, in all frames"))
        )
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the scene"))
        self.pause = QPushButton(self.tr("Pa&use"), self)
        self.stop = QPushButton(self.tr("&Stop"), self)
        self.begin = QPushButton(self.tr("&Color the Scene"), self)
        self.begin.setProperty("accent", True)
        self.begin.setDefault(True)
        self.leave = QPushButton(self.tr("Close"), self)
        self.timer = QTimer(self, interval=1000 // 24)
        self._lay_out()
        self._connect()
        self.resize(SIZE)
        if base.scene:
            QTimer.singleShot(0, self, lambda: self.look_wanted.emit(base.scene))
        self._show_state()

    def show_found(self, found: SceneFound) -> None:
        """What lies in the scene."""
        self.found, self._problem = found, ""
        count = found.count or 0
        self.form.show_count(found.count)
        self.slider.setRange(0, max(0, count - 1))
        self.timer.setInterval(round(1000 / max(1.0, found.rate)))
        numbers = shown_frames(count, self.form.frames())
        self.strip.show_frames(numbers)
        self.strip.show_keys(self.form.frames())
        self.thumbnails_wanted.emit(found.path, numbers)
        self._show_frame(0)
        self._show_state()

    def show_problem(self, sentence: str) -> None:
        """Why the scene cannot be read."""
        self.found, self._problem = None, sentence
        self.strip.show_frames(())
        self._show_state()

    def show_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """The frame that was asked for."""
        self._is_waiting = False
        self.view.show_pixels(pixels)

    def say(self, sentence: str) -> None:
        """Until something else is to be said."""
        self.message.setText(sentence)

    def show_run(self, run: SceneRun | None) -> None:
        """Show this run from now on; None: no more the one that was shown."""
        if self.run is not None:
            self.run.changed.disconnect(self._run_changed)
            self.run.ended.disconnect(self._run_ended)
        self.run = run
        if run is not None:
            run.changed.connect(self._run_changed)
            run.ended.connect(self._run_ended)
        self._run_changed()
        self._show_doubts()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A folder or video is the scene, a picture a sheet; on the film strip it is that frame."""
        event.acceptProposedAction()
        for path in incoming.local_files(event.mimeData()):
            if path.is_file() and formats.can_open(path):
                self.form.add_key(str(path), None)
            else:
                self.form.use_scene(str(path))

    def _lay_out(self) -> None:
        player = QHBoxLayout()
        for widget, stretch in ((self.play, 0), (self.slider, 1), (self.number, 0)):
            player.addWidget(widget, stretch)
        left = QWidget(self)
        box = QVBoxLayout(left)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view, 1)
        box.addLayout(player)
        right = QWidget(self)
        box = QVBoxLayout(right)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(QLabel(self.tr("To check"), self))
        box.addWidget(self.doubts, 1)
        for widget in (self.swatches, self.apply, self.right, self.open_page, self.take_hints):
            box.addWidget(widget)
        middle = QSplitter(Qt.Orientation.Horizontal, self)
        middle.addWidget(left)
        middle.addWidget(right)
        middle.setStretchFactor(0, 3)
        middle.setStretchFactor(1, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.message, 1)
        for widget in (self.pause, self.stop, self.begin, self.leave):
            buttons.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(self.form)
        layout.addWidget(middle, 1)
        layout.addWidget(self.strip)
        layout.addWidget(self.bar)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        buttons = (
            self.play,
            self.apply,
            self.right,
            self.open_page,
            self.take_hints,
            self.pause,
            self.stop,
            self.leave,
        )
        for button in buttons:
            button.setAutoDefault(False)
        self.form.scene_changed.connect(self.look_wanted)
        self.form.changed.connect(self._changed)
        self.strip.frame_wanted.connect(self.slider.setValue)
        self.strip.key_dropped.connect(lambda frame, path: self.form.add_key(path, frame))
        self.slider.valueChanged.connect(self._show_frame)
        self.play.toggled.connect(self._play)
        self.timer.timeout.connect(self._next)
        self.doubts.currentItemChanged.connect(self._show_doubt)
        self.apply.clicked.connect(self._answer)
        self.right.clicked.connect(self._is_right)
        self.open_page.clicked.connect(lambda: self.page_wanted.emit(self.slider.value()))
        self.take_hints.clicked.connect(lambda: self.hints_wanted.emit(self.slider.value()))
        self.begin.clicked.connect(lambda: self.begin_asked.emit(self.form.wish()))
        self.pause.clicked.connect(self._pause_or_resume)
        self.stop.clicked.connect(lambda: self.run is not None and self.run.row.ask(Verb.CANCEL))
        self.leave.clicked.connect(self.close)

    def _changed(self) -> None:
        self.strip.show_keys(self.form.frames())
        self._show_state()

    def _show_frame(self, number: int) -> None:
        """The frame as it is done, and before that its drawing."""
        if self.found is None:
            return
        self._is_waiting = True
        self.number.setText(f"{number} / {max(0, (self.found.count or 1) - 1)}")
        self.strip.show_frame(number)
        item = self.doubts.currentItem()
        doubt: Doubt | None = item.data(_DOUBT) if item is not None else None
        self.view.show_place((doubt.x, doubt.y) if doubt is not None and doubt.frame == number else None)
        done = self._done_frame(number)
        if done is None:
            self.frame_wanted.emit(self.found.path, number)
        elif done.is_file() and self.run is not None and self.run.wish.is_video:
            self.frame_wanted.emit(str(done), number)
        else:
            self.picture_wanted.emit(str(done))

    def _done_frame(self, number: int) -> Path | None:
        """The file in which the colored frame lies, None where there is none yet."""
        if self.run is None or self.found is None:
            return None
        wish = self.run.wish
        if wish.is_video:
            path = Path(wish.output)
            return path if self.run.row.state == RunState.DONE and path.is_file() else None
        name = self.found.names[number] if self.found.names else f"{number:06d}"
        path = Path(wish.output) / f"{name}{formats.by_id(wish.format).suffixes[0]}"
        return path if path.is_file() else None

    def _play(self, goes: bool) -> None:
        self.timer.start() if goes else self.timer.stop()

    def _next(self) -> None:
        if not self._is_waiting:  # what is slow to read is shown slower, and nothing piles up
            last = self.slider.maximum()
            self.slider.setValue(0 if self.slider.value() >= last else self.slider.value() + 1)

    def _pause_or_resume(self) -> None:
        if self.run is not None:
            self.run.row.ask(Verb.PAUSE if Verb.PAUSE in self.run.row.verbs else Verb.RESUME)

    def _run_changed(self) -> None:
        self._show_state()

    def _run_ended(self) -> None:
        self._show_doubts()
        self._show_frame(self.slider.value())

    def _show_state(self) -> None:
        row = self.run.row if self.run is not None else None
        is_alive = self.run is not None and self.run.is_alive
        verbs = row.verbs if row is not None else frozenset()
        missing = self._problem or self.form.missing()
        self.form.setEnabled(not is_alive)
        self.begin.setEnabled(not is_alive and not missing and self.found is not None)
        self.pause.setVisible(Verb.PAUSE in verbs or Verb.RESUME in verbs)
        self.pause.setText(self.tr("Pa&use") if Verb.PAUSE in verbs else self.tr("Go &On"))
        self.stop.setVisible(Verb.CANCEL in verbs)
        self.bar.setVisible(is_alive)
        if row is not None and is_alive:
            self.bar.setRange(0, STEPS if row.fraction is not None else 0)
            self.bar.setValue(round(STEPS * (row.fraction or 0.0)))
        self.message.setText(row.message if row is not None and (is_alive or not missing) else missing)
        for widget in (self.open_page, self.play, self.slider):
            widget.setEnabled(self.found is not None)
        self.take_hints.setEnabled(self.run is not None and not is_alive and self.found is not None)
        can_answer = not is_alive and self.doubts.currentItem() is not None
        for widget in (self.swatches, self.apply, self.right):
            widget.setEnabled(can_answer)

    def _show_doubts(self) -> None:
        outcome = self.run.outcome if self.run is not None else None
        self.doubts.clear()
        self.swatches.clear()
        for doubt in outcome.doubts if outcome is not None else ():
            words = self.tr("Frame {0}: {1}, {2} frames").format(doubt.frame, doubt.swatch, doubt.frames)
            item = QListWidgetItem(words)
            item.setData(_DOUBT, doubt)
            self.doubts.addItem(item)
        for name, color in outcome.palette if outcome is not None else ():
            pixmap = QPixmap(16, 16)
            pixmap.fill(QColor(*color))
            self.swatches.addItem(QIcon(pixmap), name, color)
        self._show_state()

    def _show_doubt(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            doubt: Doubt = item.data(_DOUBT)
            self.swatches.setCurrentIndex(max(0, self.swatches.findText(doubt.swatch)))
            if self.slider.value() == doubt.frame:
                self._show_frame(doubt.frame)
            else:
                self.slider.setValue(doubt.frame)
        self._show_state()

    def _answer(self) -> None:
        item, color = self.doubts.currentItem(), self.swatches.currentData()
        if item is not None and color is not None:
            doubt: Doubt = item.data(_DOUBT)
            self.answer_given.emit(Answer(doubt.frame, doubt.x, doubt.y, tuple(color)))

    def _is_right(self) -> None:
        """The track keeps the swatch it has: said, it is no doubt any more."""
        item = self.doubts.currentItem()
        if item is not None:
            self.swatches.setCurrentIndex(max(0, self.swatches.findText(item.data(_DOUBT).swatch)))
            self._answer()
