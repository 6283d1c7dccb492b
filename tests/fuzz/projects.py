"""Projects of strangers: opened, every page decoded, and saved again."""

import hashlib
import json
import random
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.document.page import Snapshot
from app.project_file import file as project_file
from app.project_file.blobs import JSON_NAME
from engine.errors import NurieError
from engine.pipeline import run
from tests.fuzz import structured as harness
from tests.projects import page, write

Parts = dict[str, bytes]


def fuzz(seconds: float, seed: int = 0) -> harness.Outcome:
    """Fuzz for so long."""
    _application = QApplication.instance() or QApplication(["fuzz", "-platform", "offscreen"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.nurie"
        write(path, (page(1), page(2)))
        with zipfile.ZipFile(path) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        return harness.run(opened, lambda chance: mutant(path.read_bytes(), parts, chance), seconds, seed)


def opened(data: bytes, folder: Path) -> None:
    """Open it, decode all pages, save it."""
    path = folder / "b.nurie"
    path.write_bytes(data)
    project = run(project_file.read(path), lambda _: None)
    whole = []
    for one in project.pages:
        try:
            whole.append(one if one.is_loaded else project_file.loaded(one))
        except NurieError:
            continue
    for pages in (project.pages, tuple(whole)):
        if pages:
            snapshot = Snapshot(pages, pages[0].id, project.model)
            run(project_file.write(folder / "c.nurie", snapshot, project.codec), lambda _: None)


def mutant(whole: bytes, parts: Parts, chance: random.Random) -> bytes:
    """A changed file; mostly one whose checksums are right again, so that more than these is tried."""
    kind = chance.randrange(6)
    if kind == 0:
        return harness.changed(whole, chance)
    parts = dict(parts)
    if kind < 5:
        values: Any = json.loads(parts[JSON_NAME])
        for _ in range(chance.choice((1, 1, 2, 3))):
            values = harness.changed_values(values, chance)
        parts[JSON_NAME] = json.dumps(values).encode()
    if kind >= 4:
        name = chance.choice([name for name in parts if name.startswith("blobs/")])
        data = harness.changed(parts.pop(name), chance)
        digest, _, suffix = name.removeprefix("blobs/").partition(".")
        other = hashlib.sha256(data).hexdigest()
        parts[f"blobs/{other}.{suffix}"] = data
        text = parts[JSON_NAME]
        parts[JSON_NAME] = text.replace(digest.encode(), other.encode())
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(harness.main(fuzz))
