"""`nurie video`: the frames of a scene, colored alike from a few colored key frames or a character sheet."""

import argparse
import functools
import json
import re
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch.control import Control
from app.cli import options
from app.cli import output as report
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from app.cli.steering import progress_events
from engine import pipeline, sentences
from engine.corrections import read_by_frame
from engine.errors import PictureError, RequestError
from engine.export import formats, targets
from engine.option_fields import settings_of
from engine.options import ColorOptions, FinishOptions, LayerOptions, LineOptions, Sampling
from engine.request import Progress

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry
    from engine.video.scene_request import SceneRequest
    from engine.video.work_folder import WorkFolder

_FPS_MAX = 240


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = (
        "Color the frames of a scene, a folder of pictures or a video, from one to a few colored frames of it or from "
        "a character sheet: own lines, the same swatches throughout, each region followed from frame to frame. What is "
        "known of the frames is kept beside the output, so the same command goes on where it ended, and a correction "
        "is answered without coloring anew."
    )
    parser.add_argument("scene", metavar="IN", type=file, help="the folder of frames, or the video")
    parser.add_argument(
        "--reference",
        metavar="KEY[@FRAME]",
        type=key,
        action="append",
        default=[],
        help="a colored picture: with @FRAME it is that frame of the scene, numbered from 0, else a sheet for all of "
        "them; may be given several times",
    )
    parser.add_argument(
        "--output",
        metavar="OUT",
        type=file,
        required=True,
        help="the folder to fill with a picture a frame, or a video: .mkv (FFV1) and .mov (PNG) keep colors exactly, "
        ".gif and, with the package PyAV, .mp4 (H.264) nearly",
    )
    parser.add_argument(
        "--format",
        choices=[one.id for one in formats.WRITTEN],
        default="png",
        help="what kind of pictures to write into a folder (default png)",
    )
    parser.add_argument("--swatch-layers", action="store_true", help="one layer for each swatch, in a group")
    parser.add_argument(
        "--fps", type=rate, metavar="N|N/N", help="frames a second of the video (default: as the input, else 24)"
    )
    parser.add_argument(
        "--cuts",
        type=cuts,
        default="auto",
        metavar="auto|off|N,N…",
        help="where shots begin: found (auto, the default), nowhere (off), or these frames",
    )
    parser.add_argument(
        "--corrections",
        metavar="FILE.json",
        type=file,
        help="corrections by the number of their frame, as `colorize` takes them; a color holds for its whole track",
    )
    parser.add_argument("--report", metavar="FILE.json", type=file, help="write shots, palette and doubts as JSON")
    parser.add_argument("--fresh", action="store_true", help="forget what is known of the frames and begin anew")
    options.add_settings(parser, LineOptions())
    options.add_model_options(parser)
    parser.add_argument(
        "--witness",
        metavar="NAME|FILE",
        help="a second model, of the keyframe engine, whose opinion of each frame is heard beside the model's",
    )
    options.add_settings(parser, LayerOptions(), without=("reference_layers",))
    options.add_settings(parser, ColorOptions())
    options.add_settings(parser, Sampling())
    options.add_settings(parser, FinishOptions(), without=[one for one in settings_of(FinishOptions) if one != "gap"])
    parser.add_argument(
        "--palette",
        type=options.palette,
        default="lock",
        metavar="lock|FILE",
        help="the colors of the references (lock, the default), or of a palette file",
    )
    parser.add_argument("--control", action="store_true", help=argparse.SUPPRESS)  # the window: events and words
    parser.set_defaults(recolor=[])
    options.add_cluster_options(parser)
    options.add_json_option(parser)


def run(arguments: Namespace) -> int:
    """Color a scene; returns the exit code. Raises NurieError."""
    from engine.video import files
    from engine.video.scene import color_scene
    from engine.video.scene_request import KeyFrame, SceneRequest
    from engine.video.witness import Witness
    from engine.video.work_folder import WorkFolder

    if arguments.palette == "off":
        raise RequestError("A scene keeps its colors by a palette: leave --palette at lock, or name a file.")
    pipeline.require_references([path for path, _ in arguments.reference])
    asked = options.options_of(arguments)
    if arguments.report is not None:
        targets.require_output(arguments.report, [path for path, _ in arguments.reference], (".json",))
    corrections = {} if arguments.corrections is None else read_by_frame(arguments.corrections)
    control, tell = Control(), progress_events() if arguments.control else None
    if arguments.control:
        control.listen_in_background(sys.stdin)
    with ProgressBar() as bar:
        follow = bar.follow if tell is None else tell
        follow(Progress("Reading", 0.0))
        source = files.open_frames(arguments.scene)
        _require_other_folder(arguments.scene, arguments.output)
        notes: list[str] = []
        read = pipeline.read_references([path for path, _ in arguments.reference], (), notes)
        keys = tuple(KeyFrame(one, number) for one, (_, number) in zip(read, arguments.reference, strict=True))
        request = SceneRequest(
            source, keys, arguments.output, asked, arguments.cuts, arguments.fps, arguments.format,
            arguments.swatch_layers, corrections,
        )  # fmt: skip
        entry, second = pipeline.find_model(arguments.model), None
        pipeline.require_heeded(asked.sampling, entry)
        if arguments.witness is not None:
            heard = pipeline.find_model(arguments.witness)
            second = Witness(heard, functools.partial(pipeline.load_model, heard, arguments.device))
        with WorkFolder(arguments.output) as work:
            if arguments.fresh:
                work.forget()
            load = functools.partial(pipeline.load_model, entry, arguments.device)
            colored, told_by = _on_cluster(arguments, entry, request, work, control, follow)
            notes += told_by
            result = pipeline.run(color_scene(entry, load, request, work, control.should_stop, second), follow)
            notes = list(dict.fromkeys((*notes, *result.notes)))
    for sentence in (*notes, *pipeline.palette_notes(asked.finish)):
        report.note(sentence)
    told: dict[str, Any] = {
        "output": str(arguments.output),
        "frames": result.frames,
        "colored": result.colored + colored,
        "shots": list(result.shots),
        "palette": [{"name": one.name, "color": list(one.color)} for one in result.palette.swatches],
        "doubts": [asdict(one) for one in result.doubts],
        "notes": notes,
    }
    if arguments.report is not None:
        pipeline.write_report(arguments.report, told)
    if arguments.control:
        print(json.dumps({"event": "ended", **sentences.to_plain(told)}), flush=True)
    elif arguments.json:
        model = {"name": entry.name, "sha256": entry.sha256()}
        report.print_json(told | {"model": model, "peak_memory_bytes": report.peak_memory_bytes()})
    return 0


def _on_cluster(
    arguments: Namespace,
    entry: "ModelEntry",
    request: "SceneRequest",
    work: "WorkFolder",
    control: Control,
    follow: Callable[[Progress], None],
) -> tuple[int, list[str]]:
    """Where a cluster was named: its workers color the frames that are not known; how many, and what is said."""
    wanted = options.cluster_of(arguments)
    if wanted is None:
        return 0, []
    from app.batch import cluster_scene
    from app.batch.cluster import Cluster

    follow(Progress("Asking the workers", 0.0))
    with Cluster(wanted, arguments.device) as workers:
        left_out = workers.require([entry])
        steps = cluster_scene.color_shots(workers, entry, request, work, control.should_stop)
        colored, notes = pipeline.run(steps, follow)
    return colored, [*left_out, *notes]


def key(text: str) -> tuple[Path, int | None]:
    """A file, and the number of its frame, from "KEY.png@12"."""
    name, at, number = text.rpartition("@")
    if at and number.isascii() and number.isdigit() and len(number) < 10 and not Path(text).exists():
        return file(name), int(number)
    return file(text), None


def rate(text: str) -> Fraction:
    """Frames a second, from "24" or "24000/1001", or argparse's error."""
    if re.fullmatch(r"\d{1,6}(\.\d{1,6}|/[1-9]\d{0,5})?", text, re.ASCII) and 0 < Fraction(text) <= _FPS_MAX:
        return Fraction(text)
    raise argparse.ArgumentTypeError(f"choose frames a second up to {_FPS_MAX}, as 24 or 24000/1001, not '{text}'")


def cuts(text: str) -> str | tuple[int, ...]:
    """ "auto", "off" or numbers of frames with commas between, or argparse's error."""
    if text in ("auto", "off"):
        return text
    if not re.fullmatch(r"\d{1,9}(,\d{1,9})*", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"give auto, off, or the frames that begin a shot as 24,96, not '{text}'")
    return tuple(sorted({int(one) for one in text.split(",")}))


def _require_other_folder(scene: Path, output: Path) -> None:
    """Raise RequestError where frames would be written over."""
    if output.resolve() == scene.resolve():
        raise RequestError("The output {0} is the input: choose another folder or name.", output)
    if not output.suffix or output.is_dir():
        if output.exists() and not output.is_dir():
            raise RequestError("{0} is a file: choose a folder, or a video's name.", output)
        if not output.parent.is_dir():
            raise PictureError("There is no folder {0} to make {1} in.", output.parent, output.name)
