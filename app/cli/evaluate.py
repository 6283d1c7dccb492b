"""`nurie evaluate`: how well a model colors the drawings of a folder."""

import argparse
import math
import re
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from app.cli import options, targets
from app.cli import output as report
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from engine import pipeline
from engine.errors import RequestError
from engine.export import targets as files
from engine.options import WORKING_SIZE_DEFAULT, ColorOptions
from engine.request import DeviceChoice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trainer.calibration import Certainty
    from trainer.evaluation import Colored, Plan, Scores, Shelf
    from trainer.inception import FrechetDistance

PROTOCOLS = ("cross-pose", "shuffled", "warp")  # as `trainer.evaluation` has them; a test holds them equal
SHEET_ROWS = 40
_SHEET_STREAM = 10  # of the seed's random numbers
_LABELS = {
    "accuracy": "region color accuracy",
    "difference": "mean region color difference (CIEDE2000)",
    "tinted": "paper tinted, share of its area",
    "ssim": "SSIM, 11x11 Gaussian",
    "ssim_paper": "SSIM as in the paper's code",
    "ms_ssim": "MS-SSIM",
    "psnr": "PSNR in dB",
    "palette": "regions in a color of the reference",
}
_SHUFFLED_NOTE = (
    "The references show something else than the drawings, so accuracy, SSIM and PSNR against the drawings mean "
    "little; read the share of regions in a color of the reference, and FID."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Take the lines of color drawings, color them from references and compare the result with the "
        "drawings. cross-pose: DIR or DIR/characters has a folder for each character; its first drawing is the "
        "reference for its others. shuffled: other drawings of the folder are the references. warp: the reference is a "
        "strong warp of the drawing itself. FID is measured where published Inception weights are on this computer."
    )
    parser.add_argument("--data", metavar="DIR", type=file, required=True, help="a folder of color drawings")
    parser.add_argument("--model", metavar="NAME|FILE", help="a model of `nurie models`, or a file (default: shipped)")
    parser.add_argument(
        "--protocol",
        choices=(*PROTOCOLS, "all"),
        default="cross-pose",
        help="(default cross-pose); all: every target for a model that ships, beside what this one reaches, raw and "
        "with flats",
    )
    parser.add_argument(
        "--size",
        type=options.number(ColorOptions, "size"),
        default=WORKING_SIZE_DEFAULT,
        metavar="N",
        help=f"longer side at which the network looks at the drawings (default {WORKING_SIZE_DEFAULT})",
    )
    parser.add_argument(
        "--flats", action="store_true", help="measure flats in the palette of the reference, and not the raw guess"
    )
    parser.add_argument(
        "--only", default="*", metavar="PATTERN", help="characters with such names only, as q_modular_*"
    )
    parser.add_argument(
        "--group",
        type=_group,
        action="append",
        default=[],
        metavar="NAME=PATTERN[:LEAST]",
        help="cross-pose and all: also the means of the characters with such names (commas between patterns; may be "
        "repeated); LEAST: the accuracy that is wanted of them, for the table of targets",
    )
    parser.add_argument("--limit", type=_count, metavar="N", help="color N drawings only, chosen by the seed")
    parser.add_argument("--seed", type=_seed, default=1, metavar="N", help="of everything left to chance (default 1)")
    parser.add_argument("--device", choices=get_args(DeviceChoice), default="auto", help="where to compute")
    parser.add_argument(
        "--sheet",
        type=file,
        metavar="OUT.png|.webp",
        help=f"write a contact sheet of {SHEET_ROWS} drawings at most: reference, lines, result, drawing",
    )
    parser.add_argument("--table", type=file, metavar="FILE", help="with --protocol all: write the table as "
        "FILE.md, FILE.csv or FILE.json, too")  # fmt: skip
    parser.add_argument("--inception", type=file, metavar="FILE", help="published Inception weights, for FID")
    options.add_json_option(parser)


def _count(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"choose a number of drawings from 1 up, not '{text}'")
    return value


def _group(text: str) -> tuple[str, str, float | None]:
    name, _, rest = text.partition("=")
    pattern, colon, least = rest.partition(":")
    if not name or not pattern or (colon and not re.fullmatch(r"0?\.\d{1,6}|0|1", least)):
        raise argparse.ArgumentTypeError(
            f"give a name and a pattern, as people=human*, or with the wanted accuracy, people=human*:0.9, not '{text}'"
        )
    return name, pattern, float(least) if colon else None


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"choose a seed from 0 up, of nine digits at most, not '{text}'")
    return int(text)


@dataclass
class Tally:
    """What is kept of the colorings as they come: names and scores of all, rows of the sheet of some."""

    plan: "Plan"
    on_sheet: set[Path]
    distance: "FrechetDistance | None"
    shelf: "Shelf"
    names: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    characters: list[str] = field(default_factory=list)
    scores: "list[Scores]" = field(default_factory=list)
    certainties: "list[Certainty]" = field(default_factory=list)
    rows: "list[NDArray[Any]]" = field(default_factory=list)
    computed: str = ""
    notes: list[str] = field(default_factory=list)

    def add(self, colored: "Colored") -> None:
        """Keep one coloring."""
        pair, result = colored.pair, colored.result
        self.names.append(self.plan.name_of(pair.target.path))
        self.sources.append(self.plan.name_of(pair.source))
        self.characters.append(pair.target.character or "")
        self.scores.append(colored.scores)
        if colored.certainty is not None:
            self.certainties.append(colored.certainty)
        self.computed = f"{result.device} {result.precision}"
        self.notes += [note for note in result.notes if note not in self.notes]
        if self.distance is not None:
            self.distance.add(colored.image, pair.picture.pixels)
        if pair.target.path in self.on_sheet:
            self.rows.append(_sheet_row(colored, self.names[-1]))

    def by_character(self) -> "dict[str, list[Scores]]":
        """The scores of each character, in the order of their names."""
        groups: dict[str, list[Scores]] = {name: [] for name in sorted(set(self.characters))}
        for name, scores in zip(self.characters, self.scores, strict=True):
            groups[name].append(scores)
        return groups


def run(arguments: Namespace) -> int:
    """Evaluate a model; returns the exit code. Raises NurieError."""
    from trainer import extras

    extras.require("torchmetrics")
    if arguments.protocol == "all":
        return targets.run(arguments)
    if arguments.table is not None:
        raise RequestError("--table goes with --protocol all; --json prints what the other protocols measure.")
    start = time.perf_counter()
    if arguments.sheet is not None:
        from trainer.contact_sheet import SUFFIXES

        files.require_output(arguments.sheet, [], SUFFIXES)
    entry = pipeline.find_model(arguments.model)
    with ProgressBar() as bar:
        bar.show("Looking at the folder", 0.0)
        from trainer import evaluation

        plan = evaluation.make_plan(arguments.data, arguments.protocol, arguments.seed, arguments.limit, arguments.only)
        if arguments.sheet is not None:
            files.require_other(arguments.sheet, (drawing.path for drawing in plan.drawings))
        weights, refusal = _inception(arguments.inception)
        bar.show("Loading the model", 0.0)
        model = pipeline.load_model(entry, arguments.device)
        tally = Tally(plan, _on_sheet(plan, arguments.sheet), _distance(weights, arguments.device), evaluation.Shelf())
        coloring = evaluation.evaluate(
            plan, model.colorizer, arguments.size, tally.shelf, bar.follow, flats=arguments.flats
        )
        for colored in coloring:
            tally.add(colored)
        if not tally.scores:
            reason = "".join(f"; the first: {reason}" for reason in list(tally.shelf.skipped.values())[:1])
            raise RequestError(f"None of the drawings in {arguments.data} can be used{reason or '.'}")
        sheets = _write_sheets(arguments.sheet, tally.rows)
        bar.show("Measuring the distance", 1.0)
        value = _described(tally, model, refusal)
        groups = evaluation.by_group(
            tally.characters, tally.scores, {name: pattern for name, pattern, _ in arguments.group}
        )
        value["groups"] = {name: _known(of) for name, of in groups.items()}
    value |= {
        "size": arguments.size,
        "flats": arguments.flats,
        "limit": arguments.limit,
        "sheets": [str(path) for path in sheets],
        "seconds": {"load": round(model.seconds, 4), "total": round(time.perf_counter() - start, 4)},
    }
    for skipped in value["skipped"]:
        report.note(f"{skipped['file']} is left out: {skipped['reason']}")
    if arguments.json:
        report.print_json(value)
    else:
        _print_table(value)
    return 0


def _described(tally: Tally, model: pipeline.LoadedModel, refusal: str) -> dict[str, Any]:
    """The result as `--json` has it, but for what only the arguments know."""
    from trainer.calibration import reliability
    from trainer.evaluation import means

    plan, skipped = tally.plan, tally.shelf.skipped
    fid = tally.distance.value() if tally.distance is not None else math.nan
    characters = tally.by_character() if plan.protocol == "cross-pose" else {}
    return {
        "protocol": plan.protocol,
        "data": str(plan.folder),
        "seed": plan.seed,
        "model": model.described(),
        "device": tally.computed,
        "n": len(tally.scores),
        "means": _known(means(tally.scores)),
        "calibration": [
            {name: round(part, 4) for name, part in one._asdict().items()} for one in reliability(tally.certainties)
        ],
        "fid": {"value": _known_number(fid), "reason": _fid_reason(fid, tally.distance, refusal)},
        "characters": {name: {"n": len(scores), **_known(means(scores))} for name, scores in characters.items()},
        "pictures": [
            {"target": name, "reference": source, **_known(asdict(scores))}
            for name, source, scores in zip(tally.names, tally.sources, tally.scores, strict=True)
        ],
        "skipped": [{"file": plan.name_of(path), "reason": reason} for path, reason in skipped.items()],
        "notes": [*tally.notes, *([_SHUFFLED_NOTE] if plan.protocol == "shuffled" else [])],
    }


def _inception(named: Path | None) -> tuple[Path | None, str]:
    """The Inception weights, or None and why there is no FID. Raises RequestError for a file that was named."""
    from trainer import inception

    try:
        return inception.find_weights(named), ""
    except RequestError as error:
        if named is not None:
            raise
        return None, str(error)


def _distance(weights: Path | None, choice: DeviceChoice) -> "FrechetDistance | None":
    if weights is None:
        return None
    from engine import device
    from trainer.inception import FrechetDistance

    # The distance is computed in float64, which MPS does not have.
    return FrechetDistance(weights, "cuda" if device.choose(choice).kind == "cuda" else "cpu")


def _fid_reason(fid: float, distance: "FrechetDistance | None", refusal: str) -> str | None:
    """What to know about the FID, None when all is well."""
    if distance is None:
        return refusal
    if math.isnan(fid):
        return "FID needs two or more drawings."
    return None if distance.published else "Measured with torchvision's weights: not to be compared with published FID."


def _on_sheet(plan: "Plan", sheet: Path | None) -> set[Path]:
    """The targets that go on the sheet: at most 40, chosen by the seed, whatever comes of them."""
    if sheet is None:
        return set()
    import numpy as np

    chosen = np.random.default_rng((plan.seed, _SHEET_STREAM)).permutation(len(plan.targets))[:SHEET_ROWS]
    return {plan.drawings[plan.targets[number]].path for number in chosen}


def _sheet_row(colored: "Colored", name: str) -> "NDArray[Any]":
    import numpy as np

    from trainer import contact_sheet

    lines = np.rint(colored.line_art.ink * 255.0).astype(np.uint8)
    scores = colored.scores
    palette = "" if math.isnan(scores.palette) else f"   palette {scores.palette:.2f}"
    caption = (
        f"{name}   accuracy {_shown(scores.accuracy, 2)}   difference {_shown(scores.difference, 1)}   "
        f"SSIM {_shown(scores.ssim, 2)}   paper tinted {_shown(scores.tinted, 3)}{palette}"
    )
    pair = colored.pair
    return contact_sheet.row([pair.reference.pixels, lines, colored.image, pair.picture.pixels], caption)


def _write_sheets(path: Path | None, rows: "list[NDArray[Any]]") -> list[Path]:
    """Write the contact sheet, and if it takes more than one, the others beside it as OUT-2.png and so on."""
    if path is None:
        return []
    from trainer import contact_sheet

    written = []
    for number, sheet in enumerate(contact_sheet.sheets(rows), start=1):
        place = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        contact_sheet.write(place, sheet)
        written.append(place)
    return written


def _known_number(value: float) -> float | None:
    """JSON has no NaN."""
    return None if math.isnan(value) else round(value, 5)


def _known(values: dict[str, float]) -> dict[str, float | None]:
    return {name: _known_number(value) for name, value in values.items()}


def _shown(value: float | None, digits: int) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def _print_table(value: dict[str, Any]) -> None:
    """The result as a person reads it."""
    model, means = value["model"], value["means"]
    print(
        f"{value['protocol']}{', flats' if value['flats'] else ''}: {value['n']} drawings at {value['size']} pixels, "
        f"seed {value['seed']}, {value['data']}"
    )
    print(
        f"model {model['name']} (sha256 {model['sha256'][:12]}), {value['device']}, {value['seconds']['total']:.0f} s"
    )
    print()
    for name, label in _LABELS.items():
        if name != "palette" or value["protocol"] == "shuffled":
            print(f"{label:42}{_shown(means[name], 2 if name in ('psnr', 'difference') else 4):>9}")
    print(f"{'FID':42}{_shown(value['fid']['value'], 2):>9}")
    if value["characters"]:
        _print_characters(value["characters"])
    for name, of in value["groups"].items():
        print(f"{name}: accuracy {_shown(of['accuracy'], 3)}, difference {_shown(of['difference'], 2)}")
    if value["calibration"]:
        from trainer import calibration

        print("\nof the area said to be so sure, so much is right (| where it should end):")
        print("\n".join(calibration.as_text([calibration.Bin(**one) for one in value["calibration"]])))
    if value["fid"]["reason"] or value["notes"]:
        print()
    for sentence in [value["fid"]["reason"], *value["notes"]]:
        if sentence:
            print(sentence)
    if value["skipped"]:
        print(f"{len(value['skipped'])} pictures left out.")


def _print_characters(characters: dict[str, dict[str, Any]]) -> None:
    columns: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("n", lambda row: str(row["n"])),
        ("accuracy", lambda row: _shown(row["accuracy"], 3)),
        ("difference", lambda row: _shown(row["difference"], 2)),
        ("tinted", lambda row: _shown(row["tinted"], 4)),
        ("SSIM", lambda row: _shown(row["ssim"], 3)),
    ]
    width = max(9, *(len(name) for name in characters))
    print()
    print(f"{'character':{width}}" + "".join(f"{title:>12}" for title, _ in columns))
    for name, row in characters.items():
        print(f"{name:{width}}" + "".join(f"{cell(row):>12}" for _, cell in columns))
