"""Whom to name for a picture: what a data folder's MANIFEST.csv and LICENSES.md say about it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MANIFEST, LICENSES = "MANIFEST.csv", "LICENSES.md"
DRAWN = "drawn_"  # begins the folders of `trainer.drawn_characters`


@dataclass(frozen=True)
class Credit:
    """licence: its name; text: how the source asks to be named. Both are empty where nothing is known."""

    licence: str = ""
    text: str = ""


def credit_of(path: Path) -> Credit:
    """The credit of a picture by the nearest MANIFEST.csv (file, source_key, licence) in a folder above it.

    The text is that of the same key in a table of LICENSES.md beside it, with the columns "key" and "attribution text".
    Figures of our own have no manifest, but folders of their own name.
    """
    place = path.resolve()
    for folder in place.parents:
        known = _manifest(folder)
        if known:
            return known.get(place.relative_to(folder).as_posix(), Credit())
    if place.parent.name.startswith(DRAWN):
        return Credit("as Nurie's code", "Characters drawn by Nurie's own trainer/drawn_characters")
    return Credit()


@lru_cache(maxsize=64)
def _manifest(folder: Path) -> Mapping[str, Credit]:
    """The credits by file; none where the folder has no manifest that can be read."""
    try:
        with (folder / MANIFEST).open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error):
        return {}
    texts = _texts(folder / LICENSES)
    return {
        line["file"]: Credit(line.get("licence") or "", texts.get(line.get("source_key") or "", ""))
        for line in lines
        if line.get("file")
    }


def _texts(path: Path) -> dict[str, str]:
    """The attribution texts by key, from the first Markdown table that has both columns."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    columns: list[str] = []
    texts: dict[str, str] = {}
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if {"key", "attribution text"} <= set(cells):
            columns = cells
        elif columns and len(cells) == len(columns):
            found = dict(zip(columns, cells, strict=True))
            texts[found["key"]] = found["attribution text"]
    return texts
