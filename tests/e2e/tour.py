"""The walk of a newcomer through the real window, with a picture of every step.

Run by hand under a display (it takes minutes, most of them for the fine-tuning):

    uv run python -m tests.e2e.tour resources/samples/screens

open, drop, color, hint, undo, save, kill, recover, fine-tune on a sheet, export a folder, watch it, color a scene.
Steps named behind the folder (recover, finetune, batch, watch, scene, japanese) are taken alone. The model is the one
that ships, the mouse's events are real, nothing of the person's own settings or models is touched. Drawings and sheet
are the samples and figures of `trainer.drawn_characters`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget, QWizard

from app import paths
from app.application import Nurie, make_application, temporary_settings
from app.batch_export.dialog import BatchDialog
from app.dialogs.question_dialog import QuestionDialog
from app.finetune.wizard.wizard import FinetuneWizard
from app.video.dialog import SceneDialog
from tests.window import Watchdog, drop, speak, urls

CHARACTER = 21  # of the drawn characters, the sheet of which is learned from
WINDOW = 1360, 860
WATCHDOG = Watchdog()
KILLED = "--killed"  # in the place of steps: the part that ends in a kill, which another process is
HINT_AT = 0.50, 0.80  # of the sample's width and height: the skirt


class Tour:
    """One running program and the folder of the pictures."""

    def __init__(self, app: QApplication, shots: Path, home: Path) -> None:
        self.app, self.shots, self.home = app, shots, home
        self.nurie = Nurie(app, temporary_settings(home), data=home)
        self.window = self.nurie.window
        self.window.resize(*WINDOW)
        self.nurie.show()

    def until(self, holds: Callable[[], object], what: str, seconds: float = 120.0) -> None:
        """Let the program run until this holds. Raises SystemExit, one sentence, when it never does."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise SystemExit(f"tour: it never came to this: {what}.")
            wait(30)

    def idle(self) -> None:
        """Until nothing is being done any more."""
        self.until(lambda: not self.nurie.runner.jobs, "all work is done")

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """A picture of the window, or of a dialog."""
        wait(150)
        path = self.shots / f"{name}.png"
        (widget or self.window).grab().save(str(path))
        WATCHDOG.forget()
        print(f"wrote {path}", flush=True)

    def press(self, action: str) -> None:
        """Do what a menu entry does."""
        self.nurie.actions[action].trigger()

    def close(self) -> None:
        """End the program, and let what was changed go."""
        self.nurie.document.history.go_to(0)
        self.window.hide()
        self.nurie.close()

    def first_steps(self) -> None:
        """Open, drop, color."""
        self.until(lambda: self.nurie.controllers.service.is_warm, "the model is loaded")
        self.shoot("start")
        found = paths.sample()
        assert found is not None
        drawing, references = found
        drop(self.window.strip.list.viewport(), urls(*references))
        drop(self.window.canvas, urls(drawing))
        self.until(lambda: self.nurie.document.coloring, "the sample is colored")
        self.idle()
        self.shoot("colored")

    def hint_and_undo(self) -> None:
        """A color hint by mouse, and back."""
        canvas, document = self.window.canvas, self.nurie.document
        self.press("tool_hint")  # without a window manager no window is active, and keys reach nothing
        self.nurie.shell.context.set_color((240, 170, 60))
        self.until(lambda: self.nurie.shell.context.outlines, "the regions can be pointed at")
        before = document.coloring
        assert document.lines is not None and before is not None
        height, width = document.lines.line_art.size
        x, y = canvas.viewport.to_view(HINT_AT[0] * width, HINT_AT[1] * height)
        place = QPoint(round(x / canvas.devicePixelRatioF()), round(y / canvas.devicePixelRatioF()))
        QTest.mouseMove(canvas, place)
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
        self.until(lambda: document.coloring is not before, "the hint is followed", 30)
        self.idle()
        self.shoot("hint")
        hinted = document.coloring
        self.press("undo")
        self.until(lambda: document.coloring is not hinted, "the hint is undone")
        self.idle()
        self.press("tool_move")

    def save(self, path: Path) -> None:
        """Through the dialog, as a person does."""
        self.press("save")
        (dialog,) = self.window.findChildren(QFileDialog)
        dialog.fileSelected.emit(str(path))
        dialog.close()
        self.until(path.is_file, "the project is saved")
        self.idle()

    def recover(self) -> None:
        """What was left behind when the program was killed."""
        self.until(lambda: _shown(self.window, QuestionDialog), "the copy is offered")
        (question,) = _shown(self.window, QuestionDialog)
        self.shoot("recovery", question)
        question.choices["accept"].click()
        self.until(lambda: self.nurie.document.coloring, "the copy is open")
        self.idle()

    def finetune(self, sheet: list[Path]) -> None:
        """The wizard from pictures to verdict."""
        self.press("finetune")
        self.until(lambda: _shown(self.window, FinetuneWizard), "the wizard is open")
        (wizard,) = _shown(self.window, FinetuneWizard)
        drop(wizard.pictures.list.viewport(), urls(*sheet))
        self.until(wizard.pictures.isComplete, "the sheet is read")
        self.shoot("finetune_pictures", wizard)
        self._click(wizard.button(QWizard.WizardButton.NextButton))
        self.until(lambda: any(letter.isdigit() for letter in wizard.learning.time.text()), "the time is measured")
        self.shoot("finetune_learning", wizard)
        self._click(wizard.button(QWizard.WizardButton.CommitButton))
        self.until(lambda: wizard.run and wizard.run.progress and wizard.run.progress.step > 20, "it learns", 600)
        self.shoot("finetune_training", wizard)
        self.until(lambda: wizard.currentPage() is wizard.verdict, "there is a verdict", 900)
        wait(1500)
        self.shoot("finetune_verdict", wizard)
        self._click(wizard.button(QWizard.WizardButton.FinishButton))

    def batch(self, drawings: Path, output: Path) -> None:
        """A folder in, a folder out."""
        dialog = self._batch_dialog(drawings, output)
        self.until(dialog.start.isEnabled, "the batch can begin")
        self.shoot("batch", dialog)
        self._click(dialog.start)
        self.until(lambda: list(output.rglob("*.png")), "a picture is made", 300)
        self.shoot("batch_running", dialog)
        self.until(lambda: dialog.run and dialog.run.row.state.value == "done", "the batch is done", 600)
        self.shoot("batch_done", dialog)
        dialog.close()

    def _batch_dialog(self, drawings: Path, output: Path) -> BatchDialog:
        """Opened and filled in."""
        self.press("batch")
        self.until(lambda: _shown(self.window, BatchDialog), "the dialog is open")
        (dialog,) = _shown(self.window, BatchDialog)
        drop(dialog, urls(drawings))
        dialog.form.output.setText(str(output))
        dialog.form.output.editingFinished.emit()
        return dialog

    def watch(self, drawings: Path, output: Path) -> None:
        """A folder that is watched: a drawing is saved there, and one is saved again."""
        dialog = self._batch_dialog(drawings, output)
        dialog.form.watch.setChecked(True)
        self.until(dialog.start.isEnabled, "watching can begin")
        self._click(dialog.start)
        made = output / "page 9.png"
        self.until(lambda: len(list(output.glob("*.png"))) >= len(list(drawings.glob("*.png"))), "all is colored", 300)
        shutil.copy(drawings / "page 1.png", drawings / made.name)
        self.until(made.is_file, "what was saved there is colored", 120)
        before = made.stat().st_mtime_ns
        shutil.copy(drawings / "page 2.png", drawings / made.name)
        self.until(lambda: made.stat().st_mtime_ns != before, "what was saved again is colored anew", 120)
        self.until(lambda: dialog.run and dialog.run.row.state.value == "running", "it goes on watching")
        wait(1500)
        self.shoot("watch", dialog)
        self._click(dialog.progress.stop)
        self.until(lambda: dialog.run and dialog.run.row.state.value != "running", "it is stopped", 60)
        dialog.close()

    def scene(self, folder: Path, output: Path) -> None:
        """The scene that comes with the program, from its colored first frame."""
        sample = paths.sample_scene()
        assert sample is not None
        shutil.copytree(sample[0], folder)
        self.press("scene")
        self.until(lambda: _shown(self.window, SceneDialog), "the dialog is open")
        (dialog,) = _shown(self.window, SceneDialog)
        drop(dialog, urls(folder))
        dialog.form.add_key(str(shutil.copy(sample[1], folder.parent)), 0)
        dialog.form.output.setText(str(output))
        dialog.form.output.editingFinished.emit()
        self.until(dialog.begin.isEnabled, "the frames are found")
        self._click(dialog.begin)
        self.until(lambda: dialog.run and dialog.run.row.state.value == "done", "the scene is colored", 600)
        dialog.slider.setValue(dialog.slider.maximum() // 2)
        wait(500)
        self.shoot("scene", dialog)
        dialog.close()

    def japanese(self) -> None:
        """The same window in the other language."""
        speak(self.nurie, "ja")
        self.window = self.nurie.window
        wait(500)
        self.shoot("japanese")
        speak(self.nurie, "en")
        self.window = self.nurie.window

    def _click(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def main() -> None:
    """Take the tour, or some steps of it, or only the part that ends in a kill."""
    shots, wanted = Path(sys.argv[1]).absolute(), sys.argv[2:]
    shots.mkdir(parents=True, exist_ok=True)
    if wanted[:1] == [KILLED]:
        killed(shots, Path(wanted[1]))
    with tempfile.TemporaryDirectory(prefix="nurie-tour-") as name:
        home = Path(name)
        os.environ["NURIE_MODELS"] = str(home / "models")
        if not wanted or "recover" in wanted:
            part = subprocess.run([sys.executable, "-m", "tests.e2e.tour", str(shots), KILLED, str(home)], check=False)
            if part.returncode != -signal.SIGKILL:
                raise SystemExit(f"tour: the first part ended with {part.returncode} and was to be killed.")
        sheet, drawings = home / "sheet", home / "drawings"
        draw(sheet, drawings)
        with running(shots, home) as tour:
            steps = {
                "recover": ("recovering", tour.recover),
                "finetune": ("fine-tuning", tour.finetune, sorted(sheet.iterdir())),
                "batch": ("a batch", tour.batch, drawings, home / "colored"),
                "watch": ("watching a folder", tour.watch, drawings, home / "watched"),
                "scene": ("a scene", tour.scene, home / "walk", home / "walk colored"),
                "japanese": ("another language", tour.japanese),
            }
            for step_name, (what, step, *arguments) in steps.items():
                if not wanted or step_name in wanted:
                    watched(what, step, *arguments)


def watched(what: str, step: Callable[..., None], *arguments: object) -> None:
    """Take a step and tell how long the event loop was held up in it, but for the pictures that are taken of it."""
    WATCHDOG.worst = 0.0
    with WATCHDOG:
        step(*arguments)
    print(f"{what}: the event loop was held up for {1000.0 * WATCHDOG.worst:.0f} ms at worst", flush=True)


def killed(shots: Path, home: Path) -> None:
    """Open, drop, color, hint, undo, save, change something, keep a copy, and be killed."""
    with running(shots, home) as tour:
        watched("opening and coloring", tour.first_steps)
        watched("a hint", tour.hint_and_undo)
        watched("saving", tour.save, home / "Sylvie.nurie")
        tour.shoot("saved")
        tour.nurie.controllers.coloring.cast.remove(tour.nurie.document.references)
        tour.nurie.document.history.undo()
        tour.hint_and_undo()
        tour.nurie.document.history.redo()
        tour.idle()
        tour.nurie.controllers.projects.keep_copy()
        tour.idle()
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def running(shots: Path, home: Path) -> Iterator[Tour]:
    """A program, shown."""
    tour = Tour(make_application(), shots, home)
    try:
        yield tour
    finally:
        tour.close()


def draw(sheet: Path, drawings: Path) -> None:
    """A character sheet of five poses, and line art of four of them with the first as their own reference."""
    from trainer.drawn_characters import draw as drawn

    references = drawings / "references"
    for folder in (sheet, drawings, references):
        folder.mkdir()
    for pose in range(5):
        Image.fromarray(drawn(CHARACTER, pose, 512).color).save(sheet / f"pose {pose + 1}.png")
    Image.fromarray(drawn(CHARACTER, 0, 512).color).save(references / "mia.png")
    for pose in range(1, 5):
        Image.fromarray(drawn(CHARACTER, pose, 512).line).save(drawings / f"page {pose}.png")


def wait(milliseconds: int) -> None:
    """Let the program run. Not QTest.qWait: that sleeps with Python's lock held, and work in threads starves."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _shown(window: QWidget, kind: type) -> list:
    return [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]


if __name__ == "__main__":
    main()
