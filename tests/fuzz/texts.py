"""Texts of strangers: journals, nurie.toml, corrections, manifests, notes of runs and of copies for a crash."""

import json
import random
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from app.batch import folder_settings, journal, report
from app.batch.plan import STATE_FOLDER
from app.cli.correction_options import corrections_of
from app.cli.manifest import read_manifest
from app.finetune import request as notes
from app.project_file import recovery
from engine.options import Options
from tests.fuzz import structured as harness
from trainer import run_folder

ENTRY = {
    "name": "a/b.png", "input": "1f", "settings": "2e", "mirrored": "a/b.png", "output": "a/b-2.png", "size": 5,
    "modified": 6, "seconds": 1.5, "width": 9, "height": 8, "device": "cpu", "doubts": 1, "leaks": 1,
    "doubtful_places": [{"x": 1, "y": 2, "text": "red?"}], "leak_places": [{"x": 3, "y": 4, "text": "a leak"}],
    "notes": ["A note."],
}  # fmt: skip
TOML = b"""references = ["a.png", "refs"]
palette = "lock"
lines = "auto"
sigma = 0.4
soft = true
levels = [20, 230]
despeckle = 3
size = 512
flats = true
shading = "cel"
gap = 4
model = "nurie-compact"
"""
CORRECTIONS = {
    "hints": [{"x": 3, "y": 4, "color": [1, 2, 3], "spread": True}], "splits": [[[1, 2], [3, 4]]],
    "merges": [[[1, 2], [3, 4]]], "gaps": [[[1, 2], [3, 4], [5, 6]]],
}  # fmt: skip
MANIFEST = 'line,reference,output\nページ.png,a.png;b.png,out.png\n"a,b.png",r.png,o.psd\n'.encode()
NOTE = {
    "version": notes.NOTE_VERSION, "sheets": ["/a", "/b"], "name": "girl", "preset": "quick", "sigma": 0.4,
    "model": None, "is_over": False,
}  # fmt: skip


def read_journal(data: bytes, folder: Path) -> None:
    """Read it, look for its pictures, and write both reports."""
    (folder / STATE_FOLDER).mkdir(exist_ok=True)
    (folder / STATE_FOLDER / journal.FILE).write_bytes(data)
    entries = journal.read(folder)
    for entry in entries.values():
        entry.still_holds(folder)
    rows = [report.Row(one.name, "done", one, "", folder / "no.jpg", folder / one.output) for one in entries.values()]
    for name in ("r.csv", "r.html"):
        report.write(folder / name, report.Head(folder, folder, 1.0), rows)


def read_toml(data: bytes, folder: Path) -> None:
    """Read it and take all it says."""
    path = folder / folder_settings.FILE
    path.write_bytes(data)
    origin = folder_settings.read(path, Options())
    origin.model()
    origin.references()


def read_corrections(data: bytes, folder: Path) -> None:
    """Read them as the option does."""
    path = folder / "c.json"
    path.write_bytes(data)
    corrections_of(Namespace(corrections=path, hint=[], fill=[], split=[], merge=[], close_gap=[]))


def read_table(data: bytes, folder: Path) -> None:
    """Read a manifest."""
    path = folder / "m.csv"
    path.write_bytes(data)
    read_manifest(path)


def read_note(data: bytes, folder: Path) -> None:
    """Read the notes of a run; those that cannot be read are stepped over."""
    (folder / "run").mkdir(exist_ok=True)
    (folder / "run" / notes.NOTE).write_bytes(data)
    notes.read_notes(folder)
    (folder / "run" / run_folder.ABOUT).write_bytes(data)
    run_folder.read_about(folder / "run")


def read_copy(data: bytes, folder: Path) -> None:
    """Look for copies that a crash left."""
    for name in ("a", "b"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "project.json").write_bytes(b"{}")
    (folder / "a" / recovery.ABOUT).write_bytes(data)
    (folder / "b" / recovery.ABOUT).write_text('{"name": "b", "path": null, "time": 1}')
    found = recovery.left_behind(folder)
    assert any(one.about is not None and one.about.name == "b" for one in found), "the whole copy is not offered"
    for one in found:
        one.release()


def _json(values: object) -> Callable[[random.Random], bytes]:
    text = json.dumps(values).encode()

    def mutant(chance: random.Random) -> bytes:
        if chance.randrange(3):
            return json.dumps(harness.changed_values(values, chance)).encode()
        return harness.changed(text, chance)

    return mutant


def _bytes(data: bytes) -> Callable[[random.Random], bytes]:
    return lambda chance: harness.changed(data, chance)


KINDS: dict[str, tuple[harness.Target, Callable[[random.Random], bytes]]] = {
    "journal": (read_journal, _json(ENTRY)),
    "toml": (read_toml, _bytes(TOML)),
    "corrections": (read_corrections, _json(CORRECTIONS)),
    "manifest": (read_table, _bytes(MANIFEST)),
    "note": (read_note, _json(NOTE)),
    "copy": (read_copy, _json({"name": "a", "path": "/a.nurie", "time": 1.5})),
}


def fuzz(kind: str, seconds: float, seed: int = 0) -> harness.Outcome:
    """Fuzz one kind for so long."""
    return harness.run(*KINDS[kind], seconds, seed)


def main() -> int:
    """All kinds, each for its share of the time."""
    codes = []
    for kind in KINDS:
        print(f"{kind}:", flush=True)
        codes.append(harness.main(lambda seconds, seed, kind=kind: fuzz(kind, seconds / len(KINDS), seed)))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
