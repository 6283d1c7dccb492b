"""`nurie experiment styles`: networks that color in the style of a whole picture, at an equal budget."""

import argparse
import shlex
from argparse import Namespace
from typing import Any, get_args

from app.cli import options
from app.cli import output as report
from app.cli.options import names, whole
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from engine.request import DeviceChoice
from trainer.command import positive
from trainer.stopping import StopRequest

DEFAULT = "m1,m2,m3,own"
_GO_ON = "run the same command again to go on"


def add_parser(experiments: Any) -> None:
    """Add the experiment to argparse's `experiments`."""
    about = "networks that color in the style of a whole picture: three published ones, and ours (Zhang et al., 2017)"
    parser = experiments.add_parser(
        "styles",
        help=about,
        description=f"Compare {about}. Each variant learns from as many samples; on the same drawings follow finished "
        "models and a coloring with the palette alone. Long work can be stopped; the same command goes on.",
    )
    add = parser.add_argument
    add("--data", type=file, action="append", required=True, metavar="DIR", help="folder of color pictures; "
        "may be given several times")  # fmt: skip
    add("--output", type=file, required=True, metavar="DIR", help="folder of the experiment")
    add("--val", type=file, metavar="DIR", help="drawings to measure on, never trained on (default: 5%% of the "
        "data, which are then not trained on)")  # fmt: skip
    add("--variants", type=names, default=names(DEFAULT), metavar="NAME,...", help=f"what to train (default "
        f"{DEFAULT}; also m1-varied, own-natural, own-mixing, own-gan)")  # fmt: skip
    add("--style-network", default="auto", metavar="auto|own|FILE", help="what m1 to m3 look at references with: their "
        "published network (default), or our encoder in its place")  # fmt: skip
    add("--model", type=file, action="append", default=[], metavar="FILE", help="measure this finished model, "
        "too; may be given several times")  # fmt: skip
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--pictures", type=whole, metavar="N", help="train on N samples")
    length.add_argument("--epochs", type=positive, metavar="N", help="show every picture N times")
    add("--size", type=whole, default=128, metavar="N", help="pixels on a side (default 128)")
    add("--batch", type=whole, default=8, metavar="N", help="samples in a step (default 8)")
    add("--limit", type=whole, default=40, metavar="N", help="drawings for each measure (default 40)")
    add("--seed", type=whole, default=1, metavar="N", help="of everything left to chance (default 1)")
    add("--minutes", type=positive, metavar="M", help="stop cleanly after so many minutes")
    add("--workers", type=_count, default=1, metavar="N", help="processes that make samples (default 1)")
    add("--device", choices=get_args(DeviceChoice), default="auto", help="where to compute")
    add("--precision", choices=("auto", "bf16", "fp16", "fp32"), default="auto", help="of the matrix products")
    options.add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Run the experiment; returns the exit code: 0 done or stopped in time, 130 for Ctrl+C. Raises NurieError."""
    from trainer import extras

    extras.require("matplotlib", "torchmetrics")
    with ProgressBar() as bar:
        bar.show("Getting ready", 0.0)
        from trainer.experiments import style_report, styles
        from trainer.experiments.runner import Hooks
        from trainer.experiments.settings import ExperimentConfig

        names = ("size", "batch", "pictures", "epochs", "limit", "seed", "workers", "device", "precision")
        given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
        config = ExperimentConfig(
            tuple(folder.absolute() for folder in arguments.data),
            arguments.output.absolute(),
            base="compact",
            test=arguments.val and arguments.val.absolute(),
            **given,
        )
        wanted = styles.chosen(arguments.variants)
        config.output.mkdir(parents=True, exist_ok=True)
        with StopRequest(arguments.minutes) as stop:

            def say(sentence: str) -> None:
                bar.wipe()
                report.say(sentence)

            hooks = Hooks(bar.follow, say, stop)
            finding = styles.run(config, wanted, arguments.style_network, tuple(arguments.model), hooks)
        files = style_report.write(finding, config, command_line(arguments))
    finished = not finding.unfinished
    if arguments.json:
        report.print_json(
            {
                "experiment": "styles",
                "finished": finished,
                "rows": style_report.as_values(finding),
                "files": [str(path) for path in files],
            }
        )
    else:
        for line in (*style_report.summary(finding.rows), *(f"wrote {path}" for path in files)):
            print(line)
    if not finished:
        report.say(f"nurie: stopped before the end, all is saved in {config.output}; {_GO_ON}")
        return 130 if stop.interrupted else 0
    return 0


def command_line(arguments: Namespace) -> str:
    """The command with its arguments, but for those that only say how to run it."""
    words = ["uv run main.py experiment styles"]
    for name, value in vars(arguments).items():
        if name in ("experiment", "command", "run", "json", "minutes", "workers") or value is None or value == []:
            continue
        values = value if isinstance(value, list) else [",".join(value)] if isinstance(value, tuple) else [value]
        words += [f"--{name.replace('_', '-')} {shlex.quote(str(one))}" for one in values]
    return " ".join(words)


def _count(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"choose a whole number from 0 up, not '{text}'")
    return value
