"""`nurie finetune`: adapt a model to one character, from pictures of it."""

import argparse
import math
import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import options
from app.cli.finetune_report import HumanReport, JsonReport, Report
from app.cli.parser import file
from app.cli.stdin_words import Control
from engine import errors, pipeline
from engine.errors import NurieError, RequestError
from engine.export import formats
from engine.options import SIGMA_DEFAULT, SIGMA_MAX, SIGMA_MIN, LineOptions
from engine.sentences import on_one_line
from trainer.stopping import StopRequest

if TYPE_CHECKING:
    from trainer.character_sheet import CharacterSheet, Pixels, Skipped
    from trainer.config import FineTuneConfig
    from trainer.fine_tuning_events import Wish

PRESETS = ("quick", "thorough")  # as `trainer.config.FineTuneConfig` has them; a test holds them equal
TAUGHT = ("matching", "colors")  # the same
INTERRUPTED = 130
STEPS_MAX = 1_000_000  # where minutes decide
FOLDER_MAX = 500  # pictures; a folder of more is no character's


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Adapt a model to one character, from color pictures of it. Pictures that show several figures are "
        "cut apart; copies and tiny ones are left out. Each is judged by what has learned from others only (of colors, "
        "some are held out), and the adapted model is installed only when it colors them better than before. Ctrl+C "
        "saves where it is; the same command goes on from there."
    )
    add = parser.add_argument
    add("sheet", nargs="+", type=file, metavar="SHEET", help="a color picture of the character, or a folder")
    add("--name", required=True, help="what the adapted model is to be called")
    add("--teach", choices=TAUGHT, default="matching", help="what learns: matching, which part of the references a "
        "region takes its color from (default); colors, the guess, which seldom helps")  # fmt: skip
    add("--preset", choices=PRESETS, default="quick", help="quick: one to three minutes (default); thorough: ten or "
        "more")  # fmt: skip
    add("--minutes", type=_minutes, metavar="M", help="train so many minutes, instead of as long as the preset does")
    add("--model", metavar="NAME|FILE", help="the model to adapt (default: the shipped one)")
    sigma = options.number(LineOptions, "sigma")
    add("--sigma", type=sigma, default=SIGMA_DEFAULT, metavar="S", help="thickness of the lines that it learns "
        f"to color, {SIGMA_MIN:.2f} to {SIGMA_MAX:.2f} (default {SIGMA_DEFAULT})")  # fmt: skip
    add("--run", dest="folder", type=file, metavar="FOLDER", help="where the run is kept, to go on from")
    add("--keep-worse", action="store_true", help="install the adapted model even if it is no better")
    add("--measure", action="store_true", help="only say what there is to learn from, and how long it would take")
    add("--control", action="store_true", help="take the words pause, resume, stop and cancel on stdin")
    add("--json", action="store_true", help="print what happens as JSON objects, one a line")


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value <= 10_000.0:
        raise argparse.ArgumentTypeError(f"choose a number of minutes above 0, not '{text}'")
    return value


def run(arguments: Namespace) -> int:
    """Adapt a model; returns the exit code: 0 done or ended on request, 130 for Ctrl+C. Raises NurieError."""
    told: Report = JsonReport() if arguments.json else HumanReport()
    control = Control() if arguments.control else None
    with told, StopRequest(None, quiet=arguments.json) as interrupted:
        try:
            finished = _adapt(arguments, told, control, interrupted)
        except Exception as error:
            told.failed(errors.message_of(error))
            raise
    return INTERRUPTED if interrupted.interrupted and not finished else 0


def _adapt(arguments: Namespace, told: Report, control: Control | None, interrupted: StopRequest) -> bool:
    """Returns whether it came to its end."""
    base = pipeline.find_model(arguments.model)
    from engine import model_installing

    model_installing.require_free(arguments.name)
    files = _files(arguments.sheet)
    told.busy("Looking at the pictures")
    from trainer.fine_tuning import fine_tune
    from trainer.fine_tuning_events import Finished, Stopped

    sheet = _read(files)
    config = _configured(arguments)
    folder = arguments.folder if arguments.folder is not None else _default_folder(arguments.name)
    if control is not None:
        control.start()

    def wishes() -> "Wish":
        return _wish(control, interrupted)

    told.busy("Loading the model")
    for event in fine_tune(sheet, base, arguments.name, config, folder, wishes, measure_only=arguments.measure):
        told.tell(event)
        if isinstance(event, Finished):
            _install(event, arguments, told)
            return True
        if isinstance(event, Stopped):
            return False
    return True


def _wish(control: Control | None, interrupted: StopRequest) -> "Wish":
    from trainer.fine_tuning_events import Wish

    if interrupted():
        return Wish.CANCEL
    if control is None:
        return Wish.GO
    return {"pause": Wish.PAUSE, "stop": Wish.STOP, "cancel": Wish.CANCEL}.get(control.word, Wish.GO)


def _install(finished: Any, arguments: Namespace, told: Report) -> None:
    """Install what was made of it, where it is better or insisted on."""
    from engine import model_installing

    if finished.verdict.better or arguments.keep_worse:
        told.installed(model_installing.install(finished.path, arguments.name))
    else:
        told.kept_out(finished.path)


def _configured(arguments: Namespace) -> "FineTuneConfig":
    from trainer.config import FineTuneConfig

    presets = {"quick": FineTuneConfig.quick, "thorough": FineTuneConfig.thorough}
    config = replace(presets[arguments.preset](arguments.teach), sigma=arguments.sigma)
    if arguments.minutes is None:
        return config
    return replace(config, minutes=arguments.minutes, steps=STEPS_MAX)


def _default_folder(name: str) -> Path:
    from app import paths
    from engine import model_installing

    return paths.user_data() / "runs" / model_installing.file_name(name)


def _files(named: list[Path]) -> list[Path]:
    """The files, and the pictures in the folders by name. Raises RequestError for what is not there."""
    found: list[Path] = []
    for path in named:
        if not path.exists():
            raise RequestError(f"There is no file or folder {path}; check the name.")
        found += _pictures_in(path) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def _pictures_in(folder: Path) -> list[Path]:
    inside = sorted(
        Path(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if formats.can_open(Path(name)) and not name.startswith(("line_", "."))
    )
    if not inside:
        raise RequestError(f"There are no pictures in {folder}; name a folder of color pictures of the character.")
    if len(inside) > FOLDER_MAX:
        raise RequestError(f"There are {len(inside)} pictures in {folder}; name a folder of one character's pictures.")
    return inside


def _read(files: list[Path]) -> "CharacterSheet":
    """The sheet; files that cannot be read are left out of it. Raises TrainingError where nothing is left."""
    from engine import pipeline
    from trainer import character_sheet

    skipped: list[Skipped] = []

    def pictures() -> "Iterator[tuple[Path, Pixels]]":
        for path in files:
            try:
                yield path, pipeline.read_picture(path).pixels
            except NurieError as error:
                skipped.append(character_sheet.Skipped(path, on_one_line(str(error))))

    return character_sheet.assemble(pictures(), skipped)
