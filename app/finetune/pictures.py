"""The pictures of a fine-tuning: reading what a person chose, line art of it to look at, writing what has no file.

The work of jobs, off the GUI thread. No Qt but images.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app.document.parts import ReferenceItem
from app.images import incoming, qt_images
from app.images.incoming import FileSource, Source
from app.language import engine_words
from engine.errors import PictureError, TrainingError
from engine.export import formats
from engine.request import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

translate = QCoreApplication.translate

THUMBNAIL_SIDE = 224  # pixels; twice what a thumbnail takes on the screen
SHOWN_SIDE = 384  # of what line art is shown of
SUFFIXES = frozenset(formats.OPENED)
NAME_MAX = 60  # characters of a picture's name in its file's
FOLDER_MAX = 100  # pictures; a folder of more is no character's, and all of them are kept in memory
ENTRIES_MAX = 10_000  # of a folder, until it is clear that it was dropped by mistake


@dataclass(frozen=True, eq=False)
class SheetPicture:
    """A figure that a person chose, a whole picture or one of several cut out of it.

    pixels: H×W×3, as large as it is looked at; None where the picture cannot be learned from. why: the sentence why it
    is left out, empty where it is taken.
    """

    name: str
    pixels: NDArray[np.uint8] | None = None
    thumbnail: QImage | None = None
    why: str = ""


def read(origins: Sequence[Source | ReferenceItem]) -> Generator[Progress, None, tuple[SheetPicture, ...]]:
    """The figures of everything chosen, of folders all pictures in them."""
    every: list[Source | ReferenceItem] = []
    found: list[SheetPicture] = []
    for origin in origins:
        yield Progress(translate("Finetune", "Reading…"), 0.0)
        if not isinstance(origin, FileSource) or not origin.path.is_dir():
            every.append(origin)
            continue
        inside = _in_folder(origin.path)
        every += [FileSource(path) for path in inside[:FOLDER_MAX]]
        if len(inside) > FOLDER_MAX:
            why = translate("Finetune", "Of this folder's pictures only the first {0} are looked at.")
            found.append(SheetPicture(origin.path.name, why=why.format(FOLDER_MAX)))
    for index, origin in enumerate(every):
        yield Progress(translate("Finetune", "Reading…"), index / len(every))
        found += _figures(origin)
    return tuple(found)


def compare(pictures: Sequence[SheetPicture]) -> Generator[Progress, None, tuple[SheetPicture, ...]]:
    """The same pictures, those left out that are there already or too many. What cannot be learned from stays out."""
    from trainer import character_sheet

    yield Progress("", 0.0)
    usable = {Path(str(index), one.name): one for index, one in enumerate(pictures) if one.pixels is not None}
    if not usable:
        return tuple(pictures)
    sheet = character_sheet.assemble([(path, one.pixels) for path, one in usable.items() if one.pixels is not None])
    reasons = {usable[one.path]: _sentence(one.why) for one in sheet.skipped}
    return tuple(replace(one, why=reasons.get(one, "")) if one.pixels is not None else one for one in pictures)


def write(pictures: Sequence[SheetPicture], folder: Path) -> Generator[Progress, None, tuple[Path, ...]]:
    """These pictures as PNG files in `folder`, which is emptied first. Raises PictureError."""
    from engine.export import png

    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise PictureError("The folder {0} cannot be made: {1}.", folder, error.strerror or error) from error
    paths: list[Path] = []
    for index, picture in enumerate(pictures):
        yield Progress(translate("Finetune", "Preparing…"), index / len(pictures))
        if picture.pixels is not None:
            stem = _file_name(picture.name)
            path, number = folder / f"{stem}.png", 1
            while path in paths:
                number += 1
                path = folder / f"{stem} {number}.png"
            png.write_png(path, picture.pixels)
            paths.append(path)
    return tuple(paths)


def line_pairs(
    pictures: Sequence[SheetPicture], sigma: float
) -> Generator[Progress, None, tuple[tuple[QImage, QImage], ...]]:
    """Line art extracted from each picture, and the picture."""
    import cv2
    import numpy as np

    from engine.line_art.xdog import gray_of, xdog

    pairs: list[tuple[QImage, QImage]] = []
    for picture in pictures:
        yield Progress("", 0.0)
        if picture.pixels is not None:
            small = _shrunk(picture.pixels)
            ink = np.asarray(cv2.convertScaleAbs(xdog(gray_of(small), sigma), alpha=255.0), np.uint8)
            pairs.append((qt_images.to_qimage(ink), qt_images.to_qimage(small)))
    return tuple(pairs)


def load(paths: Sequence[Path]) -> Generator[Progress, None, tuple[QImage | None, ...]]:
    """The pictures in these files, None for one that is not there (yet) or cannot be read."""
    from engine import images

    loaded: list[QImage | None] = []
    for path in paths:
        yield Progress("", 0.0)
        try:
            loaded.append(qt_images.to_qimage(images.read(path).pixels))
        except PictureError:
            loaded.append(None)
    return tuple(loaded)


def _in_folder(folder: Path) -> list[Path]:
    """The pictures in a folder and the folders in it, by name; one more than `FOLDER_MAX` says that there are more."""
    inside: list[Path] = []
    for path in islice(folder.rglob("*"), ENTRIES_MAX):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            inside.append(path)
        if len(inside) > FOLDER_MAX:
            break
    return sorted(inside)


def _figures(origin: Source | ReferenceItem) -> list[SheetPicture]:
    """The figures of one picture, or the picture with the reason why it is left out."""
    from trainer import character_sheet

    if isinstance(origin, ReferenceItem):
        name, pixels = origin.reference.name, origin.reference.pixels
    else:
        name = origin.path.name if isinstance(origin, FileSource) else origin.name
        try:
            pixels = incoming.read(origin).pixels
        except PictureError as error:
            return [SheetPicture(name, why=engine_words.said(str(error)))]
    thumbnail = qt_images.thumbnail(pixels, THUMBNAIL_SIDE)
    whole = Path(Path(name).name or "picture"), pixels
    try:
        sheet = character_sheet.assemble([whole])
    except TrainingError as error:
        why = _sentence(str(error.values[-1] if error.values else error))  # the last is why it was left out
        return [SheetPicture(name, None, thumbnail, why)]
    if _is_line_art(name, pixels):
        why = translate("Finetune", "It is line art: there are no colors to learn.")
        return [SheetPicture(name, None, thumbnail, why)]
    return [
        SheetPicture(one.name, one.pixels, qt_images.thumbnail(one.pixels, THUMBNAIL_SIDE)) for one in sheet.pictures
    ]


def _is_line_art(name: str, pixels: NDArray[np.uint8]) -> bool:
    """Whether there is ink on paper and no color, as in the drawings that lie beside a character's pictures."""
    from engine import images
    from engine.line_art import prepare

    return prepare.detect(images.Picture(pixels, None, None, None, name)) == "line_art"


def _sentence(why: str) -> str:
    told = engine_words.said(why)
    return told[:1].upper() + told[1:]


def _file_name(name: str) -> str:
    """A picture's name as any file system takes it, without suffix."""
    stem = name.rpartition(".")[0] or name
    return "".join(one if one.isalnum() or one in " -_()" else "_" for one in stem)[:NAME_MAX].strip() or "picture"


def _shrunk(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    scale = min(1.0, SHOWN_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.ascontiguousarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
