"""What a batch will make of a folder: which drawings, from which references, into which files. Nothing is decoded."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from app.batch import drawings, names
from app.batch.folder_settings import REFERENCES, FolderPlan, Surroundings
from engine.errors import RequestError
from engine.export import targets as files
from engine.pipeline import Settings

Format = Literal["png", "psd", "ora", "jpg", "webp"]
OnExists = Literal["skip", "overwrite", "number"]
FORMATS: tuple[Format, ...] = get_args(Format)
ON_EXISTS: tuple[OnExists, ...] = get_args(OnExists)

STATE_FOLDER = ".nurie-batch"  # in the output folder: what was done


@dataclass(frozen=True, eq=False)
class Wish:
    """What was asked for. references, settings, model: for drawings beside which nothing else is said."""

    folder: Path
    output: Path
    settings: Settings
    references: tuple[Path, ...] = ()
    model: str | None = None
    format: Format = "png"
    on_exists: OnExists = "skip"
    recursive: bool = False
    pattern: str = "*"


@dataclass(frozen=True, eq=False)
class Task:
    """One drawing. number: from 1. name: below the input folder, with slashes. output: what the mirrored picture is
    called, on_exists not looked at. problem: why it cannot be tried, empty if it can."""

    number: int
    name: str
    line: Path
    output: Path
    place: FolderPlan
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """All drawings in order, how many of their pictures are there already, and sentences for the person."""

    wish: Wish
    tasks: tuple[Task, ...]
    existing: int = 0
    notes: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Task, ...]:
        """Those that cannot be tried."""
        return tuple(task for task in self.tasks if task.problem)


def make(wish: Wish, before: Mapping[str, str] | None = None, should_stop: Callable[[], bool] | None = None) -> Plan:
    """Look what there is to do. before: what drawings were called in an earlier run, see `names.mirrored`.

    A mistake that spoils everything raises NurieError, one that concerns a drawing is that one's `problem`.
    """
    check_folders(wish)
    surroundings = Surroundings(wish.folder, wish.settings, wish.references, wish.model)
    found = drawings.find(
        wish.folder,
        recursive=wish.recursive,
        pattern=wish.pattern,
        without=(wish.output, *wish.references),
        skipped_folders=(REFERENCES,),
        should_stop=should_stop,
    )
    places = {name: surroundings.of((wish.folder / name).parent) for name in found.names}
    # A nurie.toml may name references that lie among the drawings.
    taken = {files.identity(path): path for place in places.values() for path in place.references}
    chosen = [name for name in found.names if files.identity(wish.folder / name) not in taken]
    if not chosen:
        raise RequestError(_nothing(wish))
    read = taken | {files.identity(wish.folder / name): wish.folder / name for name in chosen}
    outputs = names.mirrored(chosen, f".{wish.format}", before)
    tasks = []
    for number, (name, output) in enumerate(zip(chosen, outputs, strict=True), start=1):
        target = wish.output / output
        problem = ""
        if not places[name].references:
            problem = "There is no reference for it: name one, or put pictures into a folder references."
        elif files.identity(target) in read:
            problem = f"The picture would overwrite {read[files.identity(target)]}; choose another output folder."
        tasks.append(Task(number, name, wish.folder / name, target, places[name], problem))
    existing = sum(task.output.exists() for task in tasks)
    return Plan(wish, tuple(tasks), existing, tuple(_notes(wish, found, tasks)))


def check_folders(wish: Wish) -> None:
    """Raise RequestError, one sentence, when nothing can be written, or a reference is not there."""
    if wish.output.exists() and not wish.output.is_dir():
        raise RequestError(f"The output {wish.output} is a file; name a folder for the pictures.")
    if files.identity(wish.folder) == files.identity(wish.output):
        raise RequestError("The output folder is the input folder; choose another one, such as a folder in it.")
    for path in wish.references:
        if not path.exists():
            raise RequestError(f"There is no reference {path}; check its name and folder.")
    nearest = next(path for path in (wish.output, *wish.output.absolute().parents) if path.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise RequestError(f"The folder {nearest} may not be written to; choose another folder for the output.")


def _nothing(wish: Wish) -> str:
    if wish.pattern != "*":
        return f"The folder {wish.folder} has no drawing whose name fits {wish.pattern}; check the pattern."
    more = "" if wish.recursive else " (folders in it are looked into with --recursive)"
    return f"The folder {wish.folder} has no drawing in it{more}; put picture files there."


def _notes(wish: Wish, found: drawings.Found, tasks: list[Task]) -> list[str]:
    notes = [f"The folder {path} may not be looked into and is left out." for path in found.unreadable]
    if wish.references and all(task.place.source is not None for task in tasks):
        notes.append(f"The references given are not used: {tasks[0].place.source} has its own, which stand nearer.")
    return notes
