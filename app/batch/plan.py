"""What a batch will make of a folder: which drawings, from which references, into which files. Nothing is decoded."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from app.batch import drawings, names
from app.batch.folder_settings import REFERENCES, FolderPlan, Surroundings
from app.batch.references import Panels, Sources
from engine import pipeline
from engine.errors import RequestError
from engine.export import targets as files
from engine.options import FinishOptions, Options
from engine.sentences import Sentence

OnExists = Literal["skip", "overwrite", "number"]
ON_EXISTS: tuple[OnExists, ...] = get_args(OnExists)

STATE_FOLDER = ".nurie-batch"  # in the output folder: what was done


@dataclass(frozen=True, eq=False)
class BatchOptions:
    """What was asked for. references, panels, options, model: for drawings beside which nothing else is said."""

    folder: Path
    output: Path
    options: Options
    references: tuple[Path, ...] = ()
    panels: Panels = ()
    model: str | None = None
    format: str = "png"
    on_exists: OnExists = "skip"
    recursive: bool = False
    pattern: str = "*"

    @property
    def sources(self) -> Sources:
        """References and panels together."""
        return Sources(self.references, self.panels)


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

    asked: BatchOptions
    tasks: tuple[Task, ...]
    existing: int = 0
    notes: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Task, ...]:
        """Those that cannot be tried."""
        return tuple(task for task in self.tasks if task.problem)


def make(
    asked: BatchOptions, before: Mapping[str, str] | None = None, should_stop: Callable[[], bool] | None = None
) -> Plan:
    """Look what there is to do. before: what drawings were called in an earlier run, see `names.mirrored`.

    A mistake that spoils everything raises NurieError, one that concerns a drawing is that one's `problem`.
    """
    check_folders(asked)
    surroundings = Surroundings(asked.folder, asked.options, asked.sources, asked.model)
    found = find_drawings(asked, should_stop)
    places = {name: surroundings.of((asked.folder / name).parent) for name in found.names}
    # A nurie.toml may name references that lie among the drawings.
    taken = {files.identity(path): path for place in places.values() for path in place.sources.files}
    chosen = [name for name in found.names if files.identity(asked.folder / name) not in taken]
    if not chosen:
        raise RequestError(_nothing(asked))
    read = taken | {files.identity(asked.folder / name): asked.folder / name for name in chosen}
    outputs = names.mirrored(chosen, f".{asked.format}", before)
    tasks = []
    for number, (name, output) in enumerate(zip(chosen, outputs, strict=True), start=1):
        target = asked.output / output
        problem = ""
        if not places[name].sources.files:
            problem = Sentence("There is no reference for it: name one, or put pictures into a folder references.")
        elif files.identity(target) in read:
            problem = Sentence(
                "The picture would overwrite {0}; choose another output folder.", read[files.identity(target)]
            )
        tasks.append(Task(number, name, asked.folder / name, target, places[name], problem))
    existing = sum(task.output.exists() for task in tasks)
    return Plan(asked, tuple(tasks), existing, tuple(_notes(asked, found, tasks)))


def find_drawings(asked: BatchOptions, should_stop: Callable[[], bool] | None = None) -> drawings.Found:
    """The drawings in the folder, as far as names tell. Raises RequestError where it cannot be read, and Cancelled."""
    return drawings.find(
        asked.folder,
        recursive=asked.recursive,
        pattern=asked.pattern,
        without=(asked.output, *asked.sources.files),
        skipped_folders=(REFERENCES,),
        should_stop=should_stop,
    )


def check_folders(asked: BatchOptions) -> None:
    """Raise RequestError, one sentence, when nothing can be written, or a reference is not there."""
    if asked.output.exists() and not asked.output.is_dir():
        raise RequestError("The output {0} is a file; name a folder for the pictures.", asked.output)
    if files.identity(asked.folder) == files.identity(asked.output):
        raise RequestError("The output folder is the input folder; choose another one, such as a folder in it.")
    for path in asked.sources.files:
        if not path.exists():
            raise RequestError("There is no reference {0}; check its name and folder.", path)
    nearest = next(path for path in (asked.output, *asked.output.absolute().parents) if path.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise RequestError("The folder {0} may not be written to; choose another folder for the output.", nearest)


def _nothing(asked: BatchOptions) -> str:
    if asked.pattern != "*":
        return Sentence(
            "The folder {0} has no drawing whose name fits {1}; check the pattern.", asked.folder, asked.pattern
        )
    if asked.recursive:
        return Sentence("The folder {0} has no drawing in it; put picture files there.", asked.folder)
    return Sentence(
        "The folder {0} has no drawing in it (folders in it are looked into with --recursive); "
        "put picture files there.",
        asked.folder,
    )


def _notes(asked: BatchOptions, found: drawings.Found, tasks: list[Task]) -> list[str]:
    notes: list[str] = [
        Sentence("The folder {0} may not be looked into and is left out.", path) for path in found.unreadable
    ]
    if asked.sources.files and all(task.place.source is not None for task in tasks):
        notes.append(
            Sentence("The references given are not used: {0} has its own, which stand nearer.", tasks[0].place.source)
        )
    unpainted = {task.line.parent for task in tasks if _loses_recoloring(task.place.options.finish)}
    notes += [
        Sentence("Nothing is recolored in {0}: its nurie.toml wants no palette.", folder)
        for folder in sorted(unpainted)
    ]
    told = [note for task in tasks for note in pipeline.palette_notes(task.place.options.finish)]
    return [*notes, *dict.fromkeys(told)]


def _loses_recoloring(finish: FinishOptions) -> bool:
    return finish.recolor != finish.in_force.recolor
