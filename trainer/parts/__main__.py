"""Prepare samples for the network that matches parts, train it, and make its certainty true.

`python -m trainer.parts prepare|train|calibrate`; `nurie train --preset parts` trains it as the other networks are.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from engine import plain_text
from engine.errors import NurieError, TrainingError
from trainer.parts import KINDS


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 for an error, 130 for Ctrl+C)."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except NurieError as error:
        print(f"nurie: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("nurie: stopped; the same command goes on", file=sys.stderr)
        return 130


def _prepare(options: argparse.Namespace) -> int:
    from trainer.parts import cache, pictures

    sources = [] if options.data is None else pictures.art_sources(options.data)
    for folder, group in ((options.drawn, "drawn"), (options.washed, "washed")):
        if folder is not None:
            sources += pictures.drawn_sources(folder, group)
    if not sources:
        raise TrainingError("There is nothing to prepare: give --data, --drawn or --washed.")
    make = cache.maker(options.backbone, options.colorizer, options.side)

    def on_done(number: int, total: int, said: str) -> None:
        print(f"{number} of {total}: {said}")

    there = cache.prepare(options.samples, sources, make, options.seed, on_done, options.minutes)
    print(f"{there} of {len(sources)} files are in {options.samples}")
    return 0


def _say(step: int, loss: float) -> None:
    if step % 100 == 0:
        print(f"step {step}: loss {loss:.3f}")


def _train(options: argparse.Namespace) -> int:
    from trainer.parts import scores
    from trainer.parts.training import PartsTraining, Run, judged, load_matches, publish

    if options.without and options.publish is not None:
        raise TrainingError("A network that learned without what others see is for comparisons: leave out --publish.")
    settings = replace(PartsTraining(), steps=options.steps, seed=options.seed)
    learned, held = load_matches(options.samples, tuple(options.without))
    run = Run(settings, learned, options.output)
    done = run.advance(options.minutes, _say)
    found = judged(run.averaged(), held)
    for group, accuracy in scores.by_group(found).items():
        print(f"{group}: {accuracy:.3f}")
    if not done:
        print(f"stopped at step {run.step} of {settings.steps}; the same command goes on")
    elif options.publish is not None:
        about = {} if options.about is None else plain_text.from_json(options.about.read_bytes())
        calibration = scores.calibration_of(found) if found else (1.0, 0.0)
        publish(run, options.backbone, options.publish, about, calibration)
        print(f"wrote {options.publish}")
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    from trainer import calibration
    from trainer.parts import training

    held = training.load_matches(options.samples)[1]
    found = training.calibrated(options.model, held)
    print("\n".join(calibration.as_text(calibration.reliability(found))))
    print(f"wrote {options.model}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer.parts", description=__doc__)
    commands = parser.add_subparsers(required=True)
    prepare = commands.add_parser("prepare", help="compute samples; what is there already is kept")
    prepare.add_argument("--data", type=Path, help="drawings: characters/, sequences/, characters3d/, train/, pairs/")
    prepare.add_argument("--drawn", type=Path, help="what `python -m trainer.drawn_characters` drew")
    prepare.add_argument("--washed", type=Path, help="the same with its --washed")
    prepare.add_argument("--colorizer", type=Path, required=True, help="the model that guesses beside it")
    prepare.add_argument("--side", type=int, default=384, help="of the canvas in pixels (default 384)")
    prepare.set_defaults(run=_prepare)
    train = commands.add_parser("train", help="train on samples; a run that was stopped goes on")
    train.add_argument("--output", type=Path, required=True, help="folder of the run")
    train.add_argument("--steps", type=int, default=2400, help="(default 2400)")
    train.add_argument("--publish", type=Path, metavar="FILE", help="write the model in the end")
    train.add_argument("--about", type=Path, metavar="FILE.json", help="name, description, licence, attributions")
    train.add_argument(
        "--without",
        choices=KINDS,
        action="append",
        default=[],
        help="keep this from the network, to see what it is good for; may be given several times",
    )
    train.set_defaults(run=_train)
    calibrate = commands.add_parser("calibrate", help="make the certainty of a model file true on held-out samples")
    calibrate.add_argument("model", type=Path, help="the file, which is written anew")
    calibrate.set_defaults(run=_calibrate)
    for command in (prepare, train, calibrate):
        command.add_argument("--samples", type=Path, required=True, help="folder of the samples")
    for command in (prepare, train):
        command.add_argument("--backbone", type=Path, required=True, help="weights of EfficientNet-Lite0")
        command.add_argument("--minutes", type=float, help="stop after so many")
        command.add_argument("--seed", type=int, default=1, help="(default 1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
