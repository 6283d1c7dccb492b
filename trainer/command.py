"""The command line of training, which `nurie train` and `python -m trainer` share.

torch and whatever imports it is imported only when training begins: `--help` answers at once.
"""

import argparse
import contextlib
import json
import math
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from engine import plain_text
from engine.errors import TrainingError
from engine.request import DeviceChoice
from trainer import recipes
from trainer.run_log import LOSSES
from trainer.stopping import StopRequest

if TYPE_CHECKING:
    from trainer.config import Stage, TrainConfig
    from trainer.progress import TrainProgress
    from trainer.run_state import RunState

DESCRIPTION = (
    "Train a model from folders of color pictures. What the options do not say is in the file of settings, and what "
    "that does not say is in the preset. Ctrl+C saves a checkpoint; the same command goes on from there, and ends at "
    "the same weights as a run that was never stopped. With torchrun it trains on several devices."
)
PRECISIONS = ("auto", "bf16", "fp16", "fp32")  # as `trainer.config` has them, which imports torch
INTERRUPTED = 130
_GO_ON = "run the same command again to go on"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of training to a parser; `run` takes what it makes of them."""
    add = parser.add_argument
    add("--config", type=_file, metavar="FILE", help="settings, a TOML or JSON file; the other options override it")
    add("--preset", choices=recipes.presets(), help="where the settings begin: the published experiment (paper, the "
        "default), the recipe of the model that ships (compact), or those of another engine")  # fmt: skip
    add("--data", type=_folder, action="append", metavar="DIR[=SHARE]", help="folder of color pictures; of several, "
        "each gets its share of the samples (1 each by default)")  # fmt: skip
    add("--output", type=_file, metavar="DIR", help="folder of the run; an earlier slice goes on there")
    add("--start", type=_file, metavar="MODEL", help="begin with the weights of this model file")
    add("--style-network", metavar="auto|own|FILE", help="for a style-m… preset: the file of its published network "
        "(default auto: where torch hub keeps it), or our own encoder in its place")  # fmt: skip
    add("--minutes", type=positive, metavar="M", help="stop cleanly after so many minutes")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=positive, metavar="N", help="show every picture N times")
    length.add_argument("--stages", type=_stages, metavar="SIZE:PICTURES[:LR],...", help="picture size, number of "
        "samples and learning rate of each stage, as in 128:80000:4e-4,256:32000:2e-4")  # fmt: skip
    add("--device", choices=get_args(DeviceChoice), help="where to compute (default: the fastest there is)")
    add("--precision", choices=PRECISIONS, help="of the matrix products (default: the device's best)")
    add("--workers", type=_whole, metavar="N", help="processes that make samples")
    add("--seed", type=_whole, metavar="N", help="of weights and samples")
    add("--shard-size", metavar="SIZE", help="largest file of a checkpoint, such as 15MiB")
    add("--publish", type=_file, metavar="FILE", help="write the averaged weights as a model file, too")
    add("--about", type=_file, metavar="FILE", help="JSON with that model's name, description, licence, attributions")
    add("--json", action="store_true", help="print one JSON object on stdout at the end")


def run(options: argparse.Namespace) -> int:
    """Train as the options say; returns the exit code: 0 finished or stopped in time, 130 for Ctrl+C.

    Progress goes to stderr, the result to stdout, from the first of several processes only. Raises NurieError.
    """
    config = configured(options)
    about = _read_about(options)
    speaks = os.environ.get("RANK", "0") == "0"
    seen: list[TrainProgress] = []

    def report(progress: "TrainProgress") -> None:
        seen[:] = [progress]
        if speaks:
            _say(progress_line(progress))

    with StopRequest(options.minutes, quiet=not speaks) as stop:
        state = _train(config, report, stop)
    if not speaks:
        return INTERRUPTED if stop.interrupted else 0
    result = _result(config, state, seen)
    interrupted = stop.interrupted and not result["finished"]
    count = f"{result['pictures']} of {result['total']} pictures"
    if options.publish and not interrupted:
        from trainer.publishing import publish

        publish(state, config, options.publish, about)
        _say(f"wrote {options.publish} after {count}")
    if options.json:
        print(json.dumps(result, ensure_ascii=True))
    if interrupted:
        _say(f"nurie: stopped after {count}, saved in {config.output}; {_GO_ON}")
        return INTERRUPTED
    if not options.json:
        print(f"trained on {count}, in {config.output}" if result["finished"] else f"stopped after {count}; {_GO_ON}")
    return 0


def configured(options: argparse.Namespace) -> "TrainConfig":
    """The settings: the preset, the file over it, the options over both. Raises TrainingError."""
    from trainer import config_file

    if options.config is not None:
        config = config_file.read(options.config, options.preset)
    else:
        config = config_file.from_values({"preset": options.preset or recipes.presets()[0]})
    data = config.data
    if options.data:
        folders = tuple(str(folder.absolute()) for folder, _ in options.data)
        data = replace(data, folders=folders, shares=tuple(share for _, share in options.data))
    if options.workers is not None:
        data = replace(data, workers=options.workers)
    changes: dict[str, Any] = {"data": data, "stages": _chosen_stages(options, config.stages)}
    for name in ("device", "precision", "seed"):
        if getattr(options, name) is not None:
            changes[name] = getattr(options, name)
    if options.start is not None:
        changes["start"] = str(options.start.absolute())
    if options.output is not None:
        changes["output"] = str(options.output.absolute())
    if options.style_network is not None:
        choice, recipe = options.style_network, recipes.find(config.architecture)
        changes["network"] = recipe.looking_with(config.network, choice)
    if options.shard_size is not None:
        changes["shard_size"] = config_file.parse_size(options.shard_size)
    config = replace(config, **changes)
    if not config.data.folders:
        raise TrainingError("There are no pictures to learn from: name a folder with --data, or folders in [data].")
    if not config.output:
        raise TrainingError("The run needs a folder: name it with --output, or as output in the file of settings.")
    return config


def progress_line(progress: "TrainProgress") -> str:
    """Where a run stands, for a person."""
    losses = progress.losses
    others = [name for name in losses if name not in LOSSES]
    parts = ", ".join(f"{name} {losses[name]:.4g}" for name in (*LOSSES, *others) if name in losses and name != "total")
    left = (progress.total - progress.pictures) / progress.rate if progress.rate > 0.0 else math.inf
    return (
        f"{progress.pictures}/{progress.total} pictures at {progress.size} px, step {progress.step}: "
        f"loss {losses['total']:.4g} ({parts}), {progress.rate:.3g} a second, "
        f"{progress.waiting:.0%} waiting, {_duration(left)} left"
    )


def _train(config: "TrainConfig", report: Any, stop: StopRequest) -> "RunState":
    from engine.device import is_out_of_memory
    from trainer.training_loop import train

    try:
        return train(config, report, stop)
    except TrainingError as error:
        # From a process that makes samples, torch brings the error with its traceback as text; the last line says it.
        if str(error).startswith("Caught "):
            raise TrainingError(str(error).rstrip().rsplit("\n", 1)[-1].partition(": ")[2]) from error
        raise
    except (MemoryError, RuntimeError) as error:
        if is_out_of_memory(error):
            raise TrainingError(
                "The memory is not enough for this training: choose a smaller batch or size in [[stages]]."
            ) from error
        if str(error).startswith("DataLoader worker"):
            raise TrainingError(
                "A process that makes samples was ended, most likely because memory ran out: use fewer --workers, or a "
                "smaller memory in [data]."
            ) from error
        raise


def _result(config: "TrainConfig", state: "RunState", seen: "list[TrainProgress]") -> dict[str, Any]:
    """What `--json` prints."""
    from trainer import config_file, run_folder

    folder = Path(config.output)
    about = run_folder.read_about(folder)
    # There, unlike in what the person asked for, epochs are counted in pictures.
    total = config_file.read(folder / run_folder.CONFIG).pictures
    return {
        "output": config.output,
        "pictures": state.pictures,
        "total": total,
        "finished": state.pictures >= total,
        "seconds": round(state.seconds, 3),
        "losses": seen[-1].losses if seen else {},
        "skipped": len(about.get("skipped", ())),
        "perceptual_network": about.get("perceptual_network"),
    }


def _chosen_stages(options: argparse.Namespace, before: "tuple[Stage, ...]") -> "tuple[Stage, ...]":
    """The stages of the options, or those `before`; what an option does not say is as in the first one before."""
    first, *others = before
    if options.epochs is not None:
        if others:
            raise TrainingError("With --epochs there is one stage only, but the settings have several: use --stages.")
        return (replace(first, pictures=0, epochs=options.epochs),)
    if options.stages is None:
        return before
    return tuple(
        replace(first, size=size, pictures=pictures, epochs=0.0, learning_rate=rate or first.learning_rate)
        for size, pictures, rate in options.stages
    )


def _read_about(options: argparse.Namespace) -> dict[str, Any]:
    """The description of the model to publish, checked before hours of training."""
    if options.publish is None:
        return {}
    if not options.publish.parent.is_dir():
        raise TrainingError("There is no folder {0} for the model; create it first.", options.publish.parent)
    if options.about is None:
        _say(
            "note: the model will not say its licence nor whom it thanks; before you give it to others, publish it "
            "with --about FILE (JSON with name, description, licence and attributions)"
        )
        return {"name": options.publish.stem}
    try:
        about = plain_text.from_json(options.about.read_bytes())
    except (OSError, plain_text.Unreadable) as error:
        raise TrainingError("The description {0} cannot be read as JSON: {1}.", options.about, error) from error
    if not isinstance(about, dict) or not isinstance(about.get("name"), str):
        raise TrainingError("The description {0} needs at least a name.", options.about)
    return about


def _say(text: str) -> None:
    """One line on stderr. A stderr that is closed is no reason to stop training."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def _duration(seconds: float) -> str:
    if seconds >= 1e7:
        return "months"
    minutes = math.ceil(seconds / 60.0)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _file(text: str) -> Path:
    """A file name. An empty one, as an unset variable of a shell script gives, would otherwise mean the folder."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("a file name is empty")
    return Path(text)


def _folder(text: str) -> tuple[Path, float]:
    folder, _, share = text.rpartition("=")
    if not folder:
        return _file(text), 1.0
    try:
        return _file(folder), positive(share)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"'{text}' needs a number above 0 after the equals sign") from None


def positive(text: str) -> float:
    """A number above 0, or argparse's error."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"choose a number above 0, not '{text}'")
    return value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise argparse.ArgumentTypeError(f"choose a whole number from 0 up, not '{text}'")
    return int(text)


def _stages(text: str) -> tuple[tuple[int, int, float | None], ...]:
    try:
        return tuple(_stage(*part.split(":")) for part in text.split(","))
    except (TypeError, argparse.ArgumentTypeError):
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form SIZE:PICTURES[:LR],SIZE:PICTURES[:LR]") from None


def _stage(size: str, pictures: str, learning_rate: str | None = None) -> tuple[int, int, float | None]:
    return _whole(size), _whole(pictures), None if learning_rate is None else positive(learning_rate)
