"""`nurie experiment keyframes`: what each part of the keyframe networks brings, at an equal budget."""

import shlex
from argparse import Namespace
from dataclasses import asdict
from typing import Any

from app.cli import options
from app.cli import output as report
from app.cli.options import names, whole
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from trainer.command import positive
from trainer.stopping import StopRequest

DEFAULT = "full,no-temporal,no-transfer,no-adain,no-distance,no-latent,no-copies"
_GO_ON = "run the same command again to go on"
_NUMBERS = {
    "size": (64, "pixels on a side"),
    "pictures": (8_000, "samples of the color transform network"),
    "temporal_pictures": (2_000, "samples of the temporal network"),
    "batch": (8, "samples in a step"),
    "scenes": (4, "drawn scenes to measure on"),
    "frames": (12, "frames of each"),
    "seed": (1, "of everything left to chance"),
}


def add_parser(experiments: Any) -> None:
    """Add the experiment to argparse's `experiments`."""
    about = "the parts of the networks that color a scene from key frames (Shi et al., 2020), and tracks without them"
    parser = experiments.add_parser(
        "keyframes",
        help=about,
        description=f"Compare {about}. Each variant learns from as many samples of scenes, and is measured on drawn "
        "scenes that none has seen. Long work can be stopped; the same command goes on.",
    )
    add = parser.add_argument
    add("--data", type=file, action="append", required=True, metavar="DIR", help="folder with a folder of colored "
        "frames for each scene; may be given several times")  # fmt: skip
    add("--output", type=file, required=True, metavar="DIR", help="folder of the experiment")
    add("--variants", type=names, default=names(DEFAULT), metavar="NAME,...", help=f"what to train (default "
        f"{DEFAULT}; none for finished models alone)")  # fmt: skip
    add("--model", type=file, action="append", default=[], metavar="FILE", help="measure this finished model, "
        "too; may be given several times")  # fmt: skip
    for name, (default, words) in _NUMBERS.items():
        add(f"--{name.replace('_', '-')}", type=whole, default=default, metavar="N", help=f"{words} (default "
            f"{default})")  # fmt: skip
    add("--minutes", type=positive, metavar="M", help="stop cleanly after so many minutes")
    options.add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Run the experiment; returns the exit code: 0 done or stopped in time, 130 for Ctrl+C. Raises NurieError."""
    with ProgressBar() as bar:
        bar.show("Getting ready", 0.0)
        from trainer.experiments import keyframes
        from trainer.experiments.runner import Hooks

        budget = keyframes.Budget(**{name: getattr(arguments, name) for name in _NUMBERS})
        names = () if arguments.variants == ("none",) else keyframes.chosen(arguments.variants)
        output = arguments.output.absolute()
        output.mkdir(parents=True, exist_ok=True)
        with StopRequest(arguments.minutes) as stop:

            def say(sentence: str) -> None:
                bar.wipe()
                report.say(sentence)

            hooks = Hooks(bar.follow, say, stop)
            data = [folder.absolute() for folder in arguments.data]
            rows, finished = keyframes.run(data, output, names, arguments.model, budget, hooks)
        command = command_line(arguments)
        paths = keyframes.write(rows, output, budget, command)
    if arguments.json:
        values = {"experiment": "keyframes", "finished": finished, "rows": [asdict(row) for row in rows]}
        report.print_json(values | {"files": [str(path) for path in paths]})
    else:
        print(keyframes.as_markdown(rows, budget, command))
    if not finished:
        report.say(f"nurie: stopped before the end, all is saved in {output}; {_GO_ON}")
        return 130 if stop.interrupted else 0
    return 0


def command_line(arguments: Namespace) -> str:
    """The command with what differs from its defaults."""
    words = ["uv run main.py experiment keyframes"]
    for name in ("data", "model"):
        words += [f"--{name} {shlex.quote(str(one))}" for one in getattr(arguments, name)]
    words.append(f"--output {shlex.quote(str(arguments.output))}")
    if arguments.variants != names(DEFAULT):
        words.append(f"--variants {','.join(arguments.variants)}")
    changed = [name for name, (default, _) in _NUMBERS.items() if getattr(arguments, name) != default]
    return " ".join([*words, *(f"--{name.replace('_', '-')} {getattr(arguments, name)}" for name in changed)])
