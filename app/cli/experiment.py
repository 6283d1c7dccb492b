"""`nurie experiment`: the comparisons of the paper on one's own pictures; see `trainer.experiments`."""

import argparse
import shlex
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from app.cli import experiment_adaptation, experiment_keyframes, experiment_split, experiment_styles, options
from app.cli import output as report
from app.cli.options import names, whole
from app.cli.parser import Parser, file
from app.cli.progress_bar import ProgressBar
from engine.errors import TrainingError
from engine.request import DeviceChoice
from trainer.command import positive
from trainer.stopping import StopRequest

if TYPE_CHECKING:
    from trainer.experiments.runner import Hooks
    from trainer.experiments.settings import ExperimentConfig

EXPERIMENTS = {
    "table1": "fusion modules: SPADE, CoCosNet, UNITE, CMFT, SCFT and SGA in one and the same network",
    "table2": "stop-gradient on and off, with and without W_q and W_k in the attention map",
    "table3": "the parts of SGA: double normalization, self-SGA, and our keys from line art",
    "recipe": "the recipe of the compact network, one thing changed at a time",
    "sheet": "line art, reference, coloring and original of drawings chosen by a seed, on a contact sheet",
    "gradients": "how often the gradients of the attention map work against the others (Fig. 4 and 5)",
    "spectrum": "how many components the features have before and after the fusion (Fig. 8)",
}
PRECISIONS = ("auto", "bf16", "fp16", "fp32")
OF_COMPACT = ("recipe", "sheet")  # experiments with the network that ships, and not with the paper's
FLOWING = ("scft", "sga")  # fusions whose map carries a gradient; "sga" without its stop-gradient
# Packages of the extra `train`, asked for before hours are spent. All others are tables.
NEEDS = {"sheet": ("torchmetrics",), "gradients": ("matplotlib",), "spectrum": ("matplotlib",)}
_OF_A_TABLE = ("matplotlib", "torchmetrics", "torchvision")
_GO_ON = "run the same command again to go on"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Train networks that differ in one thing alike, and compare them: the tables and figures of Li et "
        "al., ECCV 2022. Long work can be stopped with Ctrl+C or --minutes; the same command goes on."
    )
    experiments = parser.add_subparsers(
        title="experiments", dest="experiment", metavar="EXPERIMENT", required=True, parser_class=Parser
    )
    for name, about in EXPERIMENTS.items():
        one = experiments.add_parser(name, help=about, description=f"Compare {about}.")
        _add_data(one, name)
        if name == "sheet":
            one.add_argument("--model", type=file, metavar="FILE", help="a model file (default: shipped)")
        elif name == "spectrum":
            one.add_argument("--model", type=file, action="append", metavar="FILE", help="a model file, may be "
                "given several times (default: the trained rows in the output folder)")  # fmt: skip
        else:
            _add_budget(one, compact=name == "recipe")
        if name == "recipe":
            one.add_argument("--val", type=file, metavar="DIR", help="folder of further characters to evaluate "
                "on, never trained on: DIR or DIR/characters has a folder for each")  # fmt: skip
        if name == "gradients":
            _add_gradients(one)
        elif name not in ("spectrum", "sheet"):
            one.add_argument("--rows", type=names, default=(), metavar="NAME,...", help="these rows of the table only")
            one.add_argument("--inception", type=file, metavar="FILE", help="published Inception weights, for FID")
        options.add_json_option(one)
        one.set_defaults(run=run)
    experiment_adaptation.add_parser(experiments)
    experiment_styles.add_parser(experiments)
    experiment_keyframes.add_parser(experiments)
    experiment_split.add_parser(experiments)


def _add_data(parser: argparse.ArgumentParser, experiment: str) -> None:
    add = parser.add_argument
    add("--data", type=file, action="append", required=True, metavar="DIR", help="folder of color pictures; "
        "may be given several times")  # fmt: skip
    add("--output", type=file, required=True, metavar="DIR", help="folder of the experiment")
    size = {"recipe": 128, "sheet": 512}.get(experiment, 256)
    add("--size", type=whole, default=size, metavar="N", help=f"pixels on a side (default {size})")
    if experiment in OF_COMPACT:
        add("--held-out", type=_share, default=0.05, metavar="S", help="share of the data, whole characters at a "
            "time, to evaluate on where there is no --test (default 0.05)")  # fmt: skip
    else:
        add("--levels", type=whole, default=5, metavar="N", help="levels of the encoders, 2 to 5; fewer leave out the "
            "coarsest, so that tokens stand at 1/2^(N-1) (default 5, the paper's)")  # fmt: skip
    add("--test", type=file, metavar="DIR", help="drawings to evaluate on (default: 5%% of the data, which are "
        "then not trained on)")  # fmt: skip
    count = 40 if experiment == "sheet" else None
    add("--limit", type=whole, default=count, metavar="N", help="evaluate on N drawings only, for each protocol" + (
        f" (default {count})" if count else ""))  # fmt: skip
    add("--seed", type=_seed, default=1, metavar="N", help="of everything left to chance (default 1)")
    add("--device", choices=get_args(DeviceChoice), default="auto", help="where to compute")
    add("--precision", choices=PRECISIONS, default="auto", help="of the matrix products (default: the device's best)")


def _add_budget(parser: argparse.ArgumentParser, *, compact: bool) -> None:
    add = parser.add_argument
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--epochs", type=positive, metavar="N", help="show every picture N times")
    length.add_argument("--pictures", type=whole, metavar="N", help="train on N samples")
    add("--batch", type=whole, default=16, metavar="N", help="samples in a step (default 16)")
    add(
        "--learning-rate",
        type=positive,
        default=4e-4 if compact else 1e-4,
        metavar="R",
        help="of the generator (default " + ("4e-4)" if compact else "1e-4, the paper's)"),
    )
    add("--minutes", type=positive, metavar="M", help="stop cleanly after so many minutes")
    add("--workers", type=_seed, default=1, metavar="N", help="processes that make samples (default 1)")
    add("--perceptual-network", default="auto", metavar="auto|seeded|download|FILE", help="weights of the perceptual "
        "and style losses (default auto: the published ones where they are on this computer)")  # fmt: skip


def _add_gradients(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--fusion", choices=FLOWING, default="scft", help="scft (default), or sga without its stop-gradient")
    add("--every", type=whole, metavar="K", help="measure every K steps (default: ten times)")
    add("--batches", type=whole, default=4, metavar="N", help="batches of samples for a measurement (default 4)")


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"choose a whole number from 0 up, not '{text}'")
    return int(text)


def _share(text: str) -> float:
    value = positive(text)
    if value >= 1.0:
        raise argparse.ArgumentTypeError(f"choose a number between 0 and 1, not '{text}'")
    return value


def run(arguments: Namespace) -> int:
    """Run an experiment; returns the exit code: 0 done or stopped in time, 1 where rows failed, 130 for Ctrl+C.

    Raises NurieError.
    """
    from trainer import extras

    extras.require(*NEEDS.get(arguments.experiment, _OF_A_TABLE))
    with ProgressBar() as bar:
        bar.show("Getting ready", 0.0)
        from trainer.experiments.runner import Hooks

        config = _config(arguments)
        config.output.mkdir(parents=True, exist_ok=True)
        with StopRequest(getattr(arguments, "minutes", None)) as stop:

            def say(sentence: str) -> None:
                bar.wipe()
                report.say(sentence)

            hooks = Hooks(bar.follow, say, stop)
            what = arguments.experiment
            steps = {"gradients": _gradients, "spectrum": _spectrum, "sheet": _sheet}.get(what, _table)
            value = steps(arguments, config, hooks)
    if arguments.json:
        report.print_json(value)
    else:
        for line in value["summary"]:
            print(line)
        for path in value["files"]:
            print(f"wrote {path}")
    if not value["finished"]:
        report.say(f"nurie: stopped before the end, all is saved in {config.output}; {_GO_ON}")
        return 130 if stop.interrupted else 0
    return 1 if value.get("failed") else 0


def _config(arguments: Namespace) -> "ExperimentConfig":
    from trainer.experiments.settings import ExperimentConfig

    names = ("size", "batch", "learning_rate", "levels", "test", "val", "limit", "seed")
    names += ("device", "precision", "workers", "perceptual_network")
    names += ("pictures", "epochs", "inception", "held_out")
    given = {name: value for name in names if (value := getattr(arguments, name, None)) is not None}
    # A run can be continued from another working folder.
    given["data"] = tuple(folder.absolute() for folder in arguments.data)
    given["base"] = "compact" if arguments.experiment in OF_COMPACT else "paper"
    return ExperimentConfig(output=arguments.output.absolute(), **given)


def command_line(arguments: Namespace) -> str:
    """The command with its arguments, but for those that only say how to run it; to be told in a report."""
    words = ["uv run main.py experiment", arguments.experiment]
    for name, value in vars(arguments).items():
        if name in ("experiment", "run", "json", "minutes") or value is None or value == ():
            continue
        values = value if isinstance(value, list) else [",".join(value)] if isinstance(value, tuple) else [value]
        for one in values:
            text = f"{one:g}" if isinstance(one, float) else str(one)
            words += [f"--{name.replace('_', '-')}", shlex.quote(text)]
    return " ".join(words)


def _table(arguments: Namespace, config: "ExperimentConfig", hooks: "Hooks") -> dict[str, Any]:
    from trainer.experiments import report as table_report
    from trainer.experiments import runner, scoring, settings, tables
    from trainer.experiments.recipe import RECIPE

    table = RECIPE if arguments.experiment == "recipe" else tables.TABLES[arguments.experiment]
    rows = tables.choose_rows(table, arguments.rows)
    setup = settings.prepare(config)
    plans = scoring.make_plans(config, setup)
    outcome = runner.run_rows(rows, config, setup, plans, hooks)
    results, failed, unfinished = outcome.results, outcome.failed, outcome.unfinished(rows)
    made = table_report.Report(table, results, unfinished, failed, config, setup, command_line(arguments))
    return {
        "experiment": table.name,
        "finished": not unfinished,
        "failed": [{"row": row.name, "reason": reason} for row, reason in failed],
        "rows": [
            {"row": one.row.name, "folder": str(one.folder), **one.training, "protocols": _brief(one.protocols)}
            for one in results
        ],
        "files": [str(path) for path in table_report.write(made)],
        "summary": table_report.summary(made) if results else ["no row is finished yet"],
    }


def _brief(protocols: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The scores without those of every picture."""
    return {name: {k: v for k, v in scores.items() if k != "pictures"} for name, scores in protocols.items()}


def _gradients(arguments: Namespace, config: "ExperimentConfig", hooks: "Hooks") -> dict[str, Any]:
    from trainer.experiments import gradients

    return gradients.run(config, arguments.fusion, arguments.every, arguments.batches, hooks, command_line(arguments))


def _spectrum(arguments: Namespace, config: "ExperimentConfig", hooks: "Hooks") -> dict[str, Any]:
    from trainer.experiments import spectrum

    models: list[Path] = arguments.model or sorted(config.output.glob("runs/*/run/model.safetensors"))
    if not models:
        raise TrainingError(
            f"There is no trained row in {config.output}: name a model with --model, or train a table there first."
        )
    return spectrum.run(config, models, hooks, command_line(arguments))


def _sheet(arguments: Namespace, config: "ExperimentConfig", hooks: "Hooks") -> dict[str, Any]:
    from engine import pipeline
    from trainer.experiments import coloring_sheet

    model: Path = arguments.model or pipeline.find_model(None).path
    return coloring_sheet.run(config, model, hooks, command_line(arguments))
