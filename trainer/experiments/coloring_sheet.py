"""A contact sheet of what a model makes of drawings that are chosen by a seed, not by eye, with their attributions."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.color.compose import picture_of
from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from engine.request import ColorizeRequest
from trainer import contact_sheet, evaluation
from trainer.attributions import credit_of
from trainer.evaluation import Colored, Plan, Scores, Shelf
from trainer.experiments import scoring, settings
from trainer.experiments.runner import Hooks
from trainer.experiments.settings import ExperimentConfig

SHEET, NOTE = "contact_sheet.webp", "contact_sheet.md"
TILE, COLUMNS = 200, 4  # pixels of a picture, rows of pictures side by side
_MISSING = "not known: ask where it is from before you pass the sheet on"


@dataclass(frozen=True)
class Shown:
    """A row of the sheet: the drawing, its reference, and the scores of raw guess and flats."""

    target: Path
    source: Path
    raw: Scores
    flats: Scores


def run(config: ExperimentConfig, model: Path, hooks: Hooks, command: str) -> dict[str, Any]:
    """Color `config.limit` drawings of characters that are held out of the data, or of the test folder; write the sheet
    and its note into the output folder.

    Line art | reference | colored with flats in its palette | the artist's own. The reference is the character's first
    drawing. Returns plain values: "finished", "files", "summary" (lines). Raises NurieError.
    """
    _, test, folder = settings.find_drawings(config)
    plan = evaluation.plan_for(folder, scoring.posed(test), "cross-pose", config.seed, config.limit)
    if not plan.targets:
        raise TrainingError("No character of the test drawings has two of them: name data with more characters.")
    colorizer, _ = scoring.load_colorizer(model, settings.device_of(config))
    rows: list[NDArray[np.uint8]] = []
    shown: list[Shown] = []
    for colored in evaluation.evaluate(plan, colorizer, config.working_size, Shelf(), hooks.on_progress):
        pair = colored.pair
        request = ColorizeRequest(
            colored.line_art, (pair.reference,), working_size=config.working_size, sigma=evaluation.SIGMA
        )
        flat = picture_of(evaluation.flattened(colorizer, request, colored.result))
        scores = evaluation.score(flat, pair.picture.pixels, structure=False)
        shown.append(Shown(pair.target.path, pair.source, colored.scores, scores))
        rows.append(_row(colored, flat, len(shown), scores))
        if hooks.should_stop():
            break
    finished = len(shown) == len(plan.targets)
    files = [config.output / SHEET, config.output / NOTE] if rows else []
    if rows:
        _write_picture(files[0], contact_sheet.side_by_side(rows, COLUMNS))
        _write_text(files[1], _note(config, plan, model, shown, command))
    summary = [f"{len(shown)} of {len(plan.targets)} drawings colored"]
    return {"finished": finished, "files": [str(path) for path in files], "summary": summary}


def _row(colored: Colored, flat: NDArray[np.uint8], number: int, scores: Scores) -> NDArray[np.uint8]:
    pair = colored.pair
    line = np.rint(colored.line_art.ink * 255.0).astype(np.uint8)
    name = f"{pair.target.path.parent.name}/{pair.target.path.stem}"
    caption = f"{number}  {name}  accuracy {_told(scores.accuracy)}"
    return contact_sheet.row([line, pair.reference.pixels, flat, pair.picture.pixels], caption, TILE)


def _told(accuracy: float) -> str:
    return "-" if math.isnan(accuracy) else f"{accuracy:.2f}"


def _write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    try:
        contact_sheet.write(path, pixels)
    except PictureError as error:
        raise TrainingError("The contact sheet cannot be written: {0}", error) from error


def _write_text(path: Path, text: str) -> None:
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The note of the contact sheet cannot be written: {0}", error) from error


def _note(config: ExperimentConfig, plan: Plan, model: Path, shown: Sequence[Shown], command: str) -> str:
    """What is to be seen on the sheet, how it was chosen, and whom to name for it."""
    with model.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    characters = len({one.character for one in plan.drawings})
    raw, flats = (evaluation.means([getattr(one, way) for one in shown]) for way in ("raw", "flats"))
    where = f"the folder {config.test.name}" if config.test else f"{config.held_out:.0%} of the characters of the data"
    credits = {one: (credit_of(one.target), credit_of(one.source)) for one in shown}
    texts = sorted({credit.text for both in credits.values() for credit in both if credit.text})
    lines = [
        f"# {len(shown)} colorings",
        "",
        f"![Line art, reference, coloring and original of {len(shown)} drawings]({SHEET})",
        "",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}; {model.name}, sha256 {digest}.",
        "",
        "Line art (XDoG) | reference | colored, flats in the reference's palette | the artist's own. Chosen by the "
        f"seed {config.seed} among the drawings of {characters} characters, {where}; each is colored from the first "
        "drawing of its character. Whether the model has learned from them its model card says.",
        "",
        f"Region color accuracy {raw['accuracy']:.3f} raw, {flats['accuracy']:.3f} with flats; ΔE "
        f"{raw['difference']:.2f}, {flats['difference']:.2f}; tinted paper {raw['tinted']:.4f}, {flats['tinted']:.4f}.",
        "",
        "| | drawing | reference | accuracy raw | with flats | licence |",
        "|---:|---|---|---:|---:|---|",
    ]
    for number, one in enumerate(shown, 1):
        licence = " / ".join(dict.fromkeys(credit.licence or _MISSING for credit in credits[one]))
        drawing, reference = (f"{path.parent.name}/{path.name}" for path in (one.target, one.source))
        accuracies = [_told(scores.accuracy) for scores in (one.raw, one.flats)]
        lines.append(f"| {' | '.join([str(number), drawing, reference, *accuracies, licence])} |")
    lines += ["", "## Attributions", "", *(f"- {text}" for text in texts)]
    lines += ["", "The drawings were resized, flattened on white and reduced to their lines, and those were colored."]
    return "\n".join(lines) + "\n"
