"""`python -m trainer`: train a model from a folder of pictures, in as many slices as one likes."""

import argparse
import json
import sys
import time
from pathlib import Path

from engine.errors import NurieError, TrainingError
from trainer.config import Stage, TrainConfig
from trainer.datasets import find_sources
from trainer.publishing import publish
from trainer.training_loop import TrainProgress, train


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done or stopped in time, 2 for an error, 130 for Ctrl+C)."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except NurieError as error:
        print(f"nurie: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("nurie: stopped; run the same command again to go on from the last saved state", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace) -> int:
    config = TrainConfig(stages=options.stages, seed=options.seed, precision=options.precision)
    about = _read_about(options.about) if options.publish else {}
    until = time.monotonic() + options.minutes * 60.0 if options.minutes else float("inf")
    sources = [source for folder, share in options.data for source in find_sources(folder, share)]
    state = train(config, sources, options.output, _show, lambda: time.monotonic() > until)
    if options.publish:
        publish(state, config, options.publish, about)
        print(f"wrote {options.publish} after {state.pictures} of {config.pictures} pictures")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer", description=__doc__)
    parser.add_argument(
        "--data",
        type=_folder,
        action="append",
        required=True,
        metavar="DIR[=SHARE]",
        help="folder of colour pictures; of several, each gets its share of the samples (1 each by default)",
    )
    parser.add_argument("--output", type=Path, required=True, help="folder of the run; an earlier slice goes on there")
    parser.add_argument("--minutes", type=float, help="stop cleanly after so many minutes")
    parser.add_argument(
        "--stages",
        type=_stages,
        default=TrainConfig().stages,
        help="SIZE:PICTURES or SIZE:PICTURES:LEARNING_RATE of each stage, as in 128:80000:4e-4,256:32000:2e-4",
    )
    parser.add_argument("--seed", type=int, default=TrainConfig().seed)
    parser.add_argument("--precision", choices=["bf16", "fp32"], default=TrainConfig().precision)
    parser.add_argument("--publish", type=Path, metavar="FILE", help="write the averaged weights as a model file")
    parser.add_argument("--about", type=Path, metavar="FILE", help="JSON with the model's name, description, licence …")
    return parser


def _folder(text: str) -> tuple[Path, float]:
    folder, _, share = text.rpartition("=")
    if not folder:
        return Path(text), 1.0
    try:
        weight = float(share)
    except ValueError:
        weight = 0.0
    if not 0.0 < weight < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' needs a number above 0 after the equals sign")
    return Path(folder), weight


def _stages(text: str) -> tuple[Stage, ...]:
    try:
        return tuple(_stage(*part.split(":")) for part in text.split(","))
    except (TypeError, ValueError):
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form SIZE:PICTURES,SIZE:PICTURES") from None


def _stage(size: str, pictures: str, learning_rate: str = str(Stage.learning_rate)) -> Stage:
    return Stage(int(size), int(pictures), float(learning_rate))


def _read_about(path: Path | None) -> dict[str, object]:
    if path is None:
        raise TrainingError("A model file needs a description: give --about FILE with its name and licence as JSON.")
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"The description {path} cannot be read as JSON: {error}.") from error
    if not isinstance(about, dict) or "name" not in about:
        raise TrainingError(f"The description {path} needs at least a name.")
    return about


def _show(progress: TrainProgress) -> None:
    print(
        f"{progress.pictures}/{progress.total} pictures at {progress.size} px, loss {progress.loss:.4f}, "
        f"{progress.rate:.1f} a second",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
