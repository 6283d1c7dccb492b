"""Makes `tests/data/before_pipeline`: files as Nurie 0.1.0 wrote them before the walk of a drawing had one body.

Run once, on commit 4db43ec: `python -m tests.golden.make_old_files`. Kept to show what is in the files; what it makes
on a later commit is not old, so do not run it again.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import torch
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from app.batch.request import BatchRequest
from engine import checkpoint
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.checkpoint import CheckpointInfo
from tests.golden.ways import Hand, Place, command, make_place
from tests.window import drop, urls

DATA = Path(__file__).parents[1] / "data" / "before_pipeline"

PALETTE = "GIMP Palette\nName: own\nColumns: 0\n#\n210  90  40\trust\n 40 110 160\tsea\n250 250 245\tpaper\n"
SCENE = """references = ["colors.png"]
palette = "own.gpl"
lines = "ink"
sigma = 0.35
soft = true
levels = [20, 230]
despeckle = 2
size = 256
flats = true
shading = "cel"
gap = 5
model = "tiny"
"""
FREE = 'palette = "off"\ngap = 0\n'

# What the batches were called with, each with the name of its output folder.
BATCHES: dict[str, tuple[str, ...]] = {
    "whole": ("--recursive", "--shading=soft", "--gap=3"),
    "recolored": ("--recolor=blue=#7a2a8c", "--levels=10,240", "--despeckle=1", "--size=320"),
    "free": ("--palette=off", "--lines=extract", "--sigma=0.5", "--soft", "--format=webp", "--quality=80"),
    "layers": ("--format=ora", "--shading=cel", "--separate-palettes"),
    "guess": ("--flats=off", "--format=jpg", "--quality=60"),
}

LAST_BATCH = BatchRequest(
    "drawings", "drawings colored", ("colors.png",), format="webp", quality=None, on_exists="number", recursive=True,
    pattern="page*", shared_palette=False, palette="off", model="tiny",
)  # fmt: skip


class Waits:
    """Of pytest-qt's robot what a hand at the window needs."""

    def waitUntil(self, done: Callable[[], bool]) -> None:
        loop, timer = QEventLoop(), QTimer(interval=5)
        timer.timeout.connect(lambda: loop.quit() if done() else None)
        timer.start()
        loop.exec()

    def keyClick(self, *arguments: object) -> None:
        from PySide6.QtTest import QTest

        QTest.keyClick(*arguments)  # type: ignore[arg-type]


def make_model(folder: Path) -> None:
    """A network of a few kilobytes that was never trained."""
    torch.manual_seed(11)
    folder.mkdir(parents=True)
    config = replace(SGAConfig.compact(), widths=(2, 4, 4, 4, 4), fusion_width=8, residual_blocks=1)
    info = CheckpointInfo("sga", asdict(config), "Tiny", licence="CC0-1.0")
    checkpoint.save(folder / "tiny.safetensors", SGAGenerator(config).state_dict(), info)


def make_batches(place: Place, folder: Path) -> None:
    """A folder of drawings, in it one with a `nurie.toml` that says all it can, one with another; and output folders
    with their journals."""
    drawings, scene, free = folder / "in", folder / "in" / "scene", folder / "in" / "sketch"
    for one in (drawings, scene, free):
        one.mkdir(parents=True)
        shutil.copy(place.line, one / "page.png")
    shutil.copy(place.reference, folder / "reference.png")
    shutil.copy(place.reference, scene / "colors.png")
    (scene / "own.gpl").write_text(PALETTE, encoding="utf-8")
    (scene / "nurie.toml").write_text(SCENE, encoding="utf-8")
    (free / "nurie.toml").write_text(FREE, encoding="utf-8")
    for name, options in BATCHES.items():
        command(
            "batch", drawings, "--reference", folder / "reference.png", "--output", folder / name,
            "--model", "tiny", "--device", "cpu", *options,
        )  # fmt: skip
        state = folder / name / ".nurie-batch"
        shutil.rmtree(state / "thumbnails")
        (state / "lock").unlink()


def make_project(app: QApplication, place: Place, folder: Path) -> None:
    """Two drawings, one colored and corrected in every way, the other not colored; its picture as it was exported; and
    the settings that the program kept."""
    home = folder / "home"
    with Hand.at_program(app, Waits(), home) as hand:  # type: ignore[arg-type]
        nurie, done = hand.nurie, lambda: True
        hand.open(place.line)
        hand.add_reference(place.reference)
        hand.hint()
        hand.split()
        hand.edit_swatch()
        hand.shade()
        nurie.controllers.corrections.fill(5, 60, (250, 240, 200))
        hand.until(done)
        nurie.controllers.corrections.close_gap(((96, 68), (116, 68)))
        hand.until(done)
        nurie.controllers.corrections.merge((100, 60), (100, 80))
        hand.until(done)
        nurie.controllers.corrections.weigh_reference(0, 1.5)
        mask = np.ones(nurie.document.references[0].reference.pixels.shape[:2], np.bool_)
        mask[:, :2] = False
        nurie.controllers.corrections.mask_reference(0, mask)
        hand.until(done)
        nurie.controllers.finish.set_settings(replace(nurie.document.finish_settings, gap=4))
        hand.until(done)
        lines = replace(nurie.document.line_settings, mode="ink", sigma=0.45, sharp=False, black=5, white=250)
        nurie.controllers.coloring.set_line_settings(replace(lines, despeckle=1))
        hand.until(done)
        nurie.controllers.drawings.rename(nurie.document.page_id, "Cover")
        hand.export(folder / "cover.png")
        hand.export(folder / "cover.ora")
        nurie.actions["auto_color"].trigger()
        nurie.controllers.coloring.set_delay(1_000_000)  # nothing colors by itself meanwhile
        (home / "second.png").write_bytes(place.line.read_bytes())
        colored = nurie.document.page_id
        hand.until(done)
        drop(nurie.window.canvas, urls(home / "second.png"))
        Waits().waitUntil(lambda: nurie.document.page_id != colored and not nurie.runner.jobs)
        assert [page.is_colored for page in nurie.document.pages] == [True, False]
        nurie.document.show_page(colored)
        Waits().waitUntil(lambda: nurie.document.page_id == colored and not nurie.runner.jobs)
        hand.save_project(folder / "girl.nurie")
        nurie.settings.last_batch = LAST_BATCH.to_json()
        nurie.settings.sync()
    settings = QSettings(str(home / "nurie.ini"), QSettings.Format.IniFormat)
    for key in (one for one in settings.allKeys() if one.startswith("window/")):
        settings.remove(key)
    settings.sync()
    shutil.copy(home / "nurie.ini", folder / "nurie.ini")
    shutil.rmtree(home)


def main() -> None:
    """Make them all."""
    if DATA.exists():
        sys.exit(f"{DATA} is there already.")
    app = QApplication([])
    # Elsewhere first: a project and settings hold the paths of what was opened.
    with tempfile.TemporaryDirectory(prefix="nurie-") as name:
        made, place = Path(name) / "made", make_place(Path(name))
        os.environ["NURIE_MODELS"] = str(made / "models")
        make_model(made / "models")
        make_batches(place, made / "batch")
        make_project(app, place, made)
        shutil.copytree(made, DATA)


if __name__ == "__main__":
    main()
