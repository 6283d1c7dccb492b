"""`nurie experiment split`: what painting figure and background apart brings, measured on drawn scenes."""

import argparse
import shlex
from argparse import Namespace
from typing import Any, get_args

from app.cli import options
from app.cli import output as report
from app.cli.options import whole
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from engine import pipeline
from engine.request import DeviceChoice
from trainer.stopping import StopRequest

INTERRUPTED = 130


def add_parser(experiments: Any) -> None:
    """Add the experiment to argparse's `experiments`."""
    about = "a painting model without the split by region, with it, and with its parts one by one (arXiv 2502.19937)"
    parser = experiments.add_parser(
        "split",
        help=about,
        description=f"Compare {about}. Scenes are drawn for it, with characters that no training draws, and all true "
        "colors and masks are known.",
    )
    add = parser.add_argument
    add("--model", required=True, metavar="NAME|FILE", help="a model that paints figure and background apart")
    add("--output", type=file, required=True, metavar="DIR", help="folder of the experiment")
    add("--limit", type=whole, default=24, metavar="N", help="scenes (default 24)")
    add("--size", type=_size, default=256, metavar="N", help="pixels on a side (default 256)")
    add("--steps", type=whole, metavar="N", help="of a painting (default: the model's own)")
    add("--seed", type=whole, default=1, metavar="N", help="of everything left to chance (default 1)")
    add("--device", choices=get_args(DeviceChoice), default="auto", help="where to compute")
    options.add_json_option(parser)
    parser.set_defaults(run=run)


def _size(text: str) -> int:
    value = whole(text)
    if not 64 <= value <= 2048:
        raise argparse.ArgumentTypeError(f"choose a size from 64 to 2048 pixels, not '{text}'")
    return value


def run(arguments: Namespace) -> int:
    """Run the experiment; returns the exit code: 0 done, 130 for Ctrl+C. Raises NurieError."""
    entry = pipeline.find_model(arguments.model)
    with ProgressBar() as bar, StopRequest(None) as stop:
        bar.show("Getting ready", 0.0)
        from trainer.experiments import split
        from trainer.experiments.runner import Hooks

        def say(sentence: str) -> None:
            bar.wipe()
            report.say(sentence)

        names = ("limit", "size", "steps", "seed", "device")
        given = {name: getattr(arguments, name) for name in names}
        config = split.SplitRun(entry.path, arguments.output.absolute(), **given)
        value = split.run(config, Hooks(bar.follow, say, stop), command_line(arguments))
    if arguments.json:
        report.print_json(value)
    else:
        for line in (*value["summary"], *(f"wrote {path}" for path in value["files"])):
            print(line)
    return 0 if value["finished"] else INTERRUPTED


def command_line(arguments: Namespace) -> str:
    """The command with its arguments, but for those that only say how to run it."""
    words = ["uv run main.py experiment split"]
    for name in ("model", "output", "limit", "size", "steps", "seed"):
        if (value := getattr(arguments, name)) is not None:
            words.append(f"--{name} {shlex.quote(str(value))}")
    return " ".join(words)
