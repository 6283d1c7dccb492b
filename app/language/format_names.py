"""What kinds of picture file are called on screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.export import formats
from engine.export.formats import Format

translate = QCoreApplication.translate


def name_of(one: Format) -> str:
    """A kind of file, and whether it keeps the layers."""
    words = translate("Formats", "{0}, in layers") if one.layered else translate("Formats", "{0}, flattened")
    return words.format(one.name)


def save_kinds() -> tuple[tuple[str, str], ...]:
    """All kinds that are written, each with the ending of its files, as `SaveDialog` wants them."""
    return tuple((name_of(one), one.suffixes[0]) for one in formats.WRITTEN)


def choices() -> tuple[tuple[str, tuple[str, int | None]], ...]:
    """All kinds that are written, each with its id and quality; None: without loss."""
    found: list[tuple[str, tuple[str, int | None]]] = []
    for one in formats.WRITTEN:
        if one.lossy:
            quality = formats.QUALITY_DEFAULT
            found.append((translate("Formats", "{0}, quality {1}").format(one.name, quality), (one.id, quality)))
            if one.lossless:
                found.append((translate("Formats", "{0}, without loss").format(one.name), (one.id, None)))
        else:
            found.append((name_of(one), (one.id, None)))
    return tuple(found)
