"""What the experiment with styles leaves: styles.csv, .md, .png, a sheet, and a blind sheet with its key."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from trainer import contact_sheet
from trainer.experiments import charts, scoring
from trainer.experiments.report import write_text
from trainer.experiments.settings import ExperimentConfig
from trainer.experiments.style_scores import SHEET
from trainer.experiments.styles import Finding, StyleRow

NAME = "styles"
SHOWN, TILE, BLIND_COLUMNS = 6, 200, 2
_FACTS = ("pictures", "seconds", "weights")


class _Column(NamedTuple):
    name: str
    title: str
    digits: int
    higher: bool


COLUMNS = (
    _Column("mse", "MSE to the target", 4, False),
    _Column("palette_distance", "palette distance", 1, False),
    _Column("spread", "spread", 2, True),
    _Column("accuracy", "region accuracy", 3, True),
    _Column("palette_share", "palette share, raw", 3, True),
    _Column("palette_locked", "palette share, flats", 3, True),
    _Column("tinted", "paper tinted, raw", 4, False),
    _Column("tinted_flats", "paper tinted, flats", 4, False),
)


def write(finding: Finding, config: ExperimentConfig, command: str) -> list[Path]:
    """Write the files into the output folder; returns their paths, none where no row is done.

    Raises TrainingError when a file cannot be written.
    """
    rows, folder = finding.rows, config.output
    if not rows:
        return []
    paths = [folder / f"{NAME}{ending}" for ending in (".csv", ".md", ".png")]
    write_text(paths[0], as_csv(rows))
    write_text(paths[1], as_markdown(finding, config, command))
    panels = [charts.Bars(c.title, [row.scores[c.name] for row in rows], (), c.higher, c.digits) for c in COLUMNS]
    labels = [f"{row.label}\n({row.encoder})" for row in rows]
    charts.bars(paths[2], "Networks that color in a style", labels, panels, _budget(config))
    return [*paths, *_write_sheets(rows, folder, config.seed)]


def as_csv(rows: Sequence[StyleRow]) -> str:
    """One line for each row, plain numbers; empty where something was not measured."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["row", "label", "style_encoder", *(column.name for column in COLUMNS), *_FACTS])
    for row in rows:
        scores = [row.scores[column.name] for column in COLUMNS]
        writer.writerow([row.name, row.label, row.encoder, *scores, *(row.facts[name] for name in _FACTS)])
    return stream.getvalue()


def as_markdown(finding: Finding, config: ExperimentConfig, command: str) -> str:
    """The table with all that it takes to read it, and to make it again."""
    setup = finding.setup
    test = f"the folder {config.test.name}" if config.test else f"{config.held_out:.0%} of the data, held out"
    lines = [
        "# styles: networks that color in the style of a whole picture",
        "",
        f"After Zhang, Ji, Lin, ACPR 2017. `{command}`, {datetime.now(UTC):%Y-%m-%d}.",
        "",
        f"- {_budget(config)}; {len(setup.training)} drawings, seed {config.seed}, {setup.where.kind} "
        f"{setup.where.precision}. M1 to M3 learn as their source does: the style is the target itself, in its own "
        "colors. Rows of other budgets say so.",
        f"- Measured on {len(setup.test)} drawings, {test}, {config.limit or len(setup.test)} for each measure, at "
        f"{config.working_size} pixels. MSE (pictures in [0, 1]) and region accuracy: the reference is a strong warp "
        "of the drawing. All others: it is another drawing.",
        "- palette distance: earth mover's distance of the colors in CIELAB to those of the reference. spread: how far "
        "mean colors follow the style, 0 for one coloring whatever the style, 1 for as far as the styles differ. "
        "flats: regions in the palette of the reference.",
        "- A published style network that was not on this computer is not in the table: the column says what looked at "
        "the references.",
        *(f"- Not finished: {name}; the same command goes on." for name in finding.unfinished),
        "",
        f"| row | looks at references with | weights | {' | '.join(column.title for column in COLUMNS)} | seconds |",
        f"|---|---|---:|{'---:|' * len(COLUMNS)}---:|",
    ]
    for row in finding.rows:
        scores = [_number(row.scores[column.name], column.digits) for column in COLUMNS]
        seconds = _number(row.facts["seconds"], 0)
        cells = [row.label, row.encoder, f"{row.facts['weights'] / 1e6:.2f} M", *scores, seconds]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def summary(rows: Sequence[StyleRow]) -> list[str]:
    """The main columns as lines for a person at a terminal."""
    if not rows:
        return ["no row is finished yet"]
    width = max(len(row.label) for row in rows)
    shown = COLUMNS[:4]
    lines = [" " * width + "".join(f"{column.title:>20}" for column in shown)]
    for row in rows:
        scores = "".join(f"{_number(row.scores[column.name], column.digits):>20}" for column in shown)
        lines.append(f"{row.label:{width}}{scores}   {row.encoder}")
    return lines


def _budget(config: ExperimentConfig) -> str:
    length = f"{config.pictures} samples" if config.pictures else f"{config.epochs:g} epochs"
    return f"Every trained row: {length} at {config.size} pixels, batch {config.batch}"


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _write_sheets(rows: Sequence[StyleRow], folder: Path, seed: int) -> list[Path]:
    """The first drawings with what every row makes of them; then all of them with flats, the rows in an order that a
    key tells, so that nobody knows whose coloring it is."""
    names = sorted({path.name.partition("-")[0] for path in (rows[0].folder / SHEET).glob("*-target.png")})
    if not names:
        return []
    open_rows = []
    for name in names[:SHOWN]:
        made = [_read(row.folder, name, "raw") for row in rows]
        pictures = [_read(rows[0].folder, name, part) for part in ("line", "reference")]
        open_rows.append(contact_sheet.row([*pictures, *made], "  |  ".join(row.name for row in rows), TILE))
    key: dict[str, list[str]] = {}
    blind = []
    rng = np.random.default_rng(seed)
    for name in names:
        order = [rows[int(number)] for number in rng.permutation(len(rows))]
        key[name] = [row.name for row in order]
        pictures = [_read(rows[0].folder, name, part) for part in ("line", "reference")]
        pictures += [_read(row.folder, name, "flats") for row in order]
        blind.append(contact_sheet.row(pictures, name, TILE))
    paths = [folder / f"{NAME}_sheet.webp", folder / f"{NAME}_blind.webp", folder / f"{NAME}_blind_key.json"]
    _write_picture(paths[0], np.concatenate(open_rows))
    _write_picture(paths[1], contact_sheet.side_by_side(blind, BLIND_COLUMNS))
    scoring.write_json(paths[2], key)
    return paths


def _read(folder: Path, name: str, part: str) -> NDArray[np.uint8]:
    path = folder / SHEET / f"{name}-{part}.png"
    if not path.is_file():
        return np.full((TILE, TILE, 3), 200, np.uint8)
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    try:
        with atomic_path(path) as temporary:
            Image.fromarray(pixels).save(temporary, format="WEBP", quality=88, method=4)
    except (PictureError, ValueError) as error:
        raise TrainingError("The sheet cannot be written: {0}", error) from error


def as_values(finding: Finding) -> list[dict[str, Any]]:
    """What `--json` tells of the rows."""
    return [
        {"row": row.name, "label": row.label, "style_encoder": row.encoder, **row.facts, **row.scores}
        for row in finding.rows
    ]
