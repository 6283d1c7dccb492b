"""`nurie experiment adaptation`: what adapting a model to a character brings, measured."""

import shlex
from argparse import Namespace
from dataclasses import asdict, replace
from typing import Any

from app.cli import options
from app.cli import output as report
from app.cli.finetune import TAUGHT
from app.cli.options import whole
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from engine import pipeline
from trainer.stopping import StopRequest

INTERRUPTED = 130
_GO_ON = "run the same command again to go on"


def add_parser(experiments: Any) -> None:
    """Add the experiment to argparse's `experiments`."""
    about = "a model before and after it is adapted to a character, on drawings that the adaptation never saw"
    parser = experiments.add_parser(
        "adaptation",
        help=about,
        description=f"Compare {about}. Some drawings of each character, chosen by the seed, are its sheet and the "
        "references, before and after; the others are measured. Where the verdict of the adaptation is not better, the "
        "base counts.",
    )
    add = parser.add_argument
    add("--data", type=file, required=True, metavar="DIR", help="DIR or DIR/characters has a folder for each "
        "character")  # fmt: skip
    add("--output", type=file, required=True, metavar="DIR", help="folder of the experiment")
    add("--model", metavar="NAME|FILE", help="the model to adapt (default: the shipped one)")
    add("--preset", choices=("quick", "thorough"), default="quick", help="(default quick)")
    add("--teach", choices=TAUGHT, default="matching", help="what learns, as `finetune` has it (default matching)")
    add("--only", default="*", metavar="PATTERN", help="characters with names like this, such as 'wash*'")
    add("--limit", type=whole, metavar="N", help="measure N drawings of each character at most")
    add("--steps", type=whole, metavar="N", help="take N steps, however long they take (default: as the preset does)")
    add("--sheet", type=whole, default=5, metavar="N", help="pictures on a sheet (default 5)")
    add("--seed", type=whole, default=1, metavar="N", help="of everything left to chance (default 1)")
    options.add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Run the experiment; returns the exit code: 0 done, 130 for Ctrl+C. Raises NurieError."""
    base = pipeline.find_model(arguments.model)
    with ProgressBar() as bar, StopRequest(None) as stop:
        bar.show("Getting ready", 0.0)
        from trainer.config import FineTuneConfig
        from trainer.experiments import adaptation

        presets = {"quick": FineTuneConfig.quick, "thorough": FineTuneConfig.thorough}
        config = replace(presets[arguments.preset](arguments.teach), seed=arguments.seed)
        if arguments.steps is not None:
            config = replace(config, steps=arguments.steps, minutes=60.0 * arguments.steps)
        trials, finished = adaptation.run_trials(
            arguments.data,
            arguments.output,
            base,
            config,
            arguments.sheet,
            bar.show,
            stop,
            arguments.only,
            arguments.limit,
        )
    words = ["uv", "run", "main.py", "experiment", "adaptation", "--data", arguments.data, "--output", arguments.output]
    words += [
        part
        for name in ("model", "steps", "limit")
        for part in (f"--{name}", vars(arguments)[name])
        if vars(arguments)[name]
    ]
    words += ["--only", arguments.only] if arguments.only != "*" else []
    words += [
        "--teach",
        arguments.teach,
        "--preset",
        arguments.preset,
        "--sheet",
        arguments.sheet,
        "--seed",
        arguments.seed,
    ]
    table = adaptation.table(trials)
    path = adaptation.write_report(trials, arguments.output, shlex.join(str(word) for word in words))
    if arguments.json:
        means = adaptation.means(trials) if trials else {}
        found = [asdict(one) for one in trials]
        report.print_json({"finished": finished, "trials": found, "means": means, "files": [str(path)]})
    else:
        print("\n".join(table))
    if not finished:
        report.say(f"nurie: stopped after {len(trials)} characters; {_GO_ON}")
        return INTERRUPTED
    return 0
