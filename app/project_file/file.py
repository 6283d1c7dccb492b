"""Projects on the disk: `.nurie` files, ZIP archives of `project.json` and the pictures it names, each stored once.

    project.json            records of `app.project_file.schema`
    blobs/SHA256.png        pictures, masks, thumbnails; .z: other arrays; .icc: color profiles; .safetensors: the model

Writing is atomic, and what an older file holds already is copied as it is. Reading takes the pages' thumbnails and
the content of the page that was shown; that of the others is decoded when they are. Nothing here is for the GUI thread.
"""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
from PySide6.QtCore import QCoreApplication

from app.document.character import Character
from app.document.page import Page, Snapshot
from app.project_file import suggestions
from app.project_file.arrays import Blobs, require_sizes
from app.project_file.blobs import JSON_NAME, Archive, ProjectError, SavedFile
from app.project_file.page_codec import PageCodec
from app.project_file.schema import FORMAT, VERSION, ModelRecord, ProjectRecord, from_json, to_json
from engine import __version__
from engine.errors import NurieError
from engine.export.atomic import atomic_path
from engine.request import Progress

translate = QCoreApplication.translate

SUFFIX = ".nurie"
MAX_JSON = 128 << 20  # bytes
_BLOB_SUFFIXES = (".png", ".z", ".icc", ".safetensors")
_DATE = (1980, 1, 1, 0, 0, 0)  # equal projects are equal files


@dataclass(frozen=True, eq=False)
class ReadProject:
    """A project that was read. model_data: of the project's adapted model. character_models: of those of characters, by
    their names. problem: why the page that was shown is not."""

    pages: tuple[Page, ...]
    page_id: int
    model: str | None
    model_data: bytes | None
    codec: PageCodec
    problem: str = ""
    characters: tuple[Character, ...] = ()
    character_models: Mapping[str, bytes] = field(default_factory=dict)


def encode(
    snapshot: Snapshot, codec: PageCodec, folder: Path | None = None
) -> Generator[Progress, None, tuple[bytes, Blobs]]:
    """project.json of a project, and all blobs it names. Raises NurieError.

    folder: where its file lies, from which other files are named; None for a copy that never leaves the computer.
    """
    blobs = Blobs()
    records = []
    for index, page in enumerate(snapshot.pages):
        yield Progress(translate("Project", "Saving the project…"), 0.8 * index / len(snapshot.pages))
        record = codec.record(page, blobs)
        records.append(record if folder is None else suggestions.shared(record, folder))
    current = next((index for index, page in enumerate(snapshot.pages) if page.id == snapshot.page_id), 0)
    models = {
        name: None if name is None else _model(name, snapshot.model_files.get(name), codec, blobs)
        for name in (snapshot.model, *(one.model for one in snapshot.characters))
    }
    characters = [codec.character_record(one, blobs, models[one.model]) for one in snapshot.characters]
    model = models[snapshot.model]
    record = ProjectRecord(FORMAT, VERSION, __version__, tuple(records), current, model, tuple(characters))
    return to_json(record), blobs


def write(path: Path, snapshot: Snapshot, codec: PageCodec) -> Generator[Progress, None, Path]:
    """Write the project; afterwards its blobs lie on the disk and no longer in memory. Raises NurieError."""
    json, blobs = yield from encode(snapshot, codec, path.absolute().parent)
    yield Progress(translate("Project", "Saving the project…"), 0.8)
    written = {blob.name: blob for blob in blobs}
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED, allowZip64=True) as file:
        file.writestr(zipfile.ZipInfo(JSON_NAME, _DATE), json, zipfile.ZIP_DEFLATED, 6)
        for name in sorted(written):
            file.writestr(zipfile.ZipInfo(name, _DATE), written[name].read())
    codec.store.keep()
    saved = SavedFile.of(path)
    for blob in codec.store.all():
        blob.saved = saved if blob.name in written else None
    return path


def read(path: Path) -> Generator[Progress, None, ReadProject]:
    """Read a project, of the pages' content that of the one that was shown. Raises NurieError."""
    yield Progress(translate("Project", "Opening the project…"), 0.0)
    archive = Archive.open(path)
    entry = archive.entries.get(JSON_NAME)
    if entry is None:
        raise ProjectError("{0} is no Nurie project; choose a file that Nurie saved.", path.name)
    codec = PageCodec()
    blobs = Blobs()
    enter_blobs(archive, codec, blobs)
    data = archive.read(JSON_NAME, MAX_JSON)
    return (yield from decode(data, path.name, codec, blobs, path.absolute().parent))


def enter_blobs(archive: Archive, codec: PageCodec, blobs: Blobs) -> None:
    """Take in all blobs of a project file."""
    for name in archive.entries:
        digest, suffix = digest_of(name)
        if digest:
            blobs.add(codec.store.find(digest, suffix, archive))


def decode(
    json: bytes, name: str, codec: PageCodec, blobs: Blobs, folder: Path | None = None
) -> Generator[Progress, None, ReadProject]:
    """The project of a project.json and the blobs beside it. Raises NurieError.

    name: for messages. folder: where the file lies; None for the copy that this program made for a crash.
    """
    record = from_json(json, name)
    characters, lost = _characters(record, codec, blobs)
    pages: list[Page] = []
    for index, one in enumerate(record.pages):
        yield Progress(translate("Project", "Opening the project…"), 0.7 * index / len(record.pages))
        own = one if folder is None else suggestions.own(one, folder)
        pages.append(codec.page(own, blobs, index + 1, characters))
    shown, problem = _load_one(pages, record.current)
    data = blobs.read(record.model.file) if record.model and record.model.file else None
    models = [one.model for one in record.characters if one.model is not None]
    return ReadProject(
        tuple(pages),
        pages[shown].id,
        record.model.name if record.model else None,
        data,
        codec,
        problem or lost,
        characters,
        {one.name: blobs.read(one.file) for one in models if one.file is not None},
    )


def _characters(record: ProjectRecord, codec: PageCodec, blobs: Blobs) -> tuple[tuple[Character, ...], str]:
    """The characters of a project with those of their references that can be read, and what is wrong with the others.

    Raises ProjectError for pictures that are too large to be true.
    """
    require_sizes(record.characters, blobs)
    characters, problem = [], ""
    for one in record.characters:
        readable = []
        for reference in one.references:
            try:
                codec.references((reference,), blobs)
                readable.append(reference)
            except ProjectError as error:
                problem = problem or str(error)
            except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, AssertionError, cv2.error):
                # What a stranger wrote may fit its types and be no picture all the same.
                problem = problem or str(
                    ProjectError("{0} is damaged in the project; open an older copy of it if there is one.", one.name)
                )
        characters.append(codec.character(replace(one, references=tuple(readable)), blobs))
    return tuple(characters), problem


def loaded(page: Page) -> Page:
    """The page with its content decoded. Raises NurieError."""
    assert page.stored is not None
    return page.filled(page.stored.load(page))


def _load_one(pages: list[Page], wanted: int) -> tuple[int, str]:
    """Decode the page that is to be shown, or another if that is damaged; which one, and what was wrong.

    Raises NurieError when all are damaged.
    """
    problem: NurieError | None = None
    for index in (wanted, *(other for other in range(len(pages)) if other != wanted)):
        if pages[index].is_loaded:
            return index, str(problem or "")
        try:
            pages[index] = loaded(pages[index])
            return index, str(problem or "")
        except NurieError as error:
            problem = problem or error
    assert problem is not None
    raise problem


def digest_of(name: str) -> tuple[str, str]:
    """Digest and suffix of a blob's entry; empty for any other entry, which is left alone."""
    folder, _, file = name.partition("/")
    digest, dot, suffix = file.partition(".")
    good = folder == "blobs" and len(digest) == 64 and set(digest) <= set("0123456789abcdef")
    return (digest, dot + suffix) if good and dot + suffix in _BLOB_SUFFIXES else ("", "")


def _model(name: str, file: Path | None, codec: PageCodec, blobs: Blobs) -> ModelRecord:
    """The record of a model. file: of an adapted one. Raises ProjectError."""
    if file is None:
        return ModelRecord(name)
    return ModelRecord(name, blobs.add(codec.store.add(_model_bytes(file), ".safetensors")))


def _model_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ProjectError(
            "The project's model {0} cannot be read: {1}.", file.name, error.strerror or error
        ) from error
