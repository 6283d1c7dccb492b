"""Folders of drawings to run a batch on, and what a batch left behind."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.unit.app.cli.conftest import Run

Events = list[dict[str, Any]]

RED, GREEN, BLUE = (200, 40, 20), (30, 160, 60), (30, 60, 200)


def line_file(path: Path, size: tuple[int, int] = (40, 30)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, "white")
    image.paste("black", (10, 10, 30, 12))
    image.save(path)
    return path


def color_file(path: Path, color: tuple[int, int, int]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (20, 20), color).save(path)
    return path


def color_of(path: Path) -> tuple[int, ...]:
    with Image.open(path) as image:
        return tuple(np.asarray(image.convert("RGB"))[-1, -1].tolist())


def made(place: Path) -> set[str]:
    """Pictures in the output folder."""
    out = place / "out"
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file() and ".nurie" not in str(path)}


def events(run: Run) -> Events:
    return [json.loads(line) for line in run.out.splitlines()]


def named(run: Run, event: str) -> set[str]:
    return {one["name"] for one in events(run) if one["event"] == event}
