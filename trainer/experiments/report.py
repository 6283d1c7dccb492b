"""What a table looks like when it is done: CSV, Markdown, a chart and a contact sheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from trainer.experiments import charts, paper_figures, sheet
from trainer.experiments.runner import RowResult
from trainer.experiments.scoring import WITH_ERRORS
from trainer.experiments.settings import ExperimentConfig, Setup
from trainer.experiments.tables import PAPER_CLAIM, Row, Table

Protocols = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Column:
    """A measure of a protocol. digits: behind the point; best: whether more or less of it is better."""

    protocol: str
    name: str
    title: str
    digits: int = 3
    higher_is_better: bool = True

    @property
    def key(self) -> str:
        """The column's name in the CSV."""
        return f"{self.protocol}_{self.name}".replace("-", "_")

    def value(self, protocols: Protocols) -> float | None:
        """The mean, None where it was not measured."""
        scores = protocols.get(self.protocol, {})
        return scores.get("fid") if self.name == "fid" else scores.get("means", {}).get(self.name)

    def error(self, protocols: Protocols) -> float | None:
        """The standard error of the mean, None where it is not kept."""
        return protocols.get(self.protocol, {}).get("errors", {}).get(self.name)


COLUMNS = (
    Column("warp", "ssim_paper", "SSIM of the paper's code"),
    Column("warp", "ssim", "SSIM"),
    Column("warp", "ms_ssim", "MS-SSIM"),
    Column("warp", "psnr", "PSNR dB", 2),
    Column("warp", "accuracy", "region accuracy"),
    Column("warp", "difference", "ΔE", 2, higher_is_better=False),
    Column("warp", "tinted", "tinted paper", higher_is_better=False),
    Column("shuffled", "fid", "FID", 2, higher_is_better=False),
    Column("shuffled", "palette", "palette share"),
    Column("cross-pose", "accuracy", "region accuracy"),
    Column("cross-pose", "difference", "ΔE", 2, higher_is_better=False),
    Column("cross-pose", "ssim", "SSIM"),
    Column("cross-pose", "tinted", "tinted paper", higher_is_better=False),
    *(
        column
        for name in ("own", "val")
        for column in (
            Column(name, "accuracy", "region accuracy"),
            Column(name, "difference", "ΔE", 2, higher_is_better=False),
            Column(name, "ssim", "SSIM"),
            Column(name, "tinted", "tinted paper", higher_is_better=False),
        )
    ),
)
CHARTED = ("warp_ssim", "warp_accuracy", "warp_ssim_paper", "shuffled_fid", "shuffled_palette", "cross_pose_accuracy")
CHARTED += ("own_accuracy", "own_difference", "val_accuracy", "val_difference")


@dataclass(frozen=True)
class Report:
    """All there is to tell of a table. unfinished: rows that were stopped; failed: see `runner.Outcome`."""

    table: Table
    results: Sequence[RowResult]
    unfinished: Sequence[Row]
    failed: Sequence[tuple[Row, str]]
    config: ExperimentConfig
    setup: Setup
    command: str

    @property
    def columns(self) -> list[Column]:
        """Those of the protocols that were measured."""
        return [column for column in COLUMNS if column.protocol in self.results[0].protocols]

    @property
    def is_of_paper(self) -> bool:
        """Whether the rows are the paper's, with figures there that one would compare."""
        return self.config.base == "paper"


def write(report: Report) -> list[Path]:
    """Write NAME.csv, NAME.md, NAME.png and NAME_sheet.png into the output folder; returns their paths.

    Raises TrainingError where rows of different perceptual networks meet, and when a file cannot be written.
    """
    # A row of the recipe may have no perceptual network at all, which is then what it is about.
    networks = {str(name) for result in report.results if (name := result.training["perceptual_network"]) is not None}
    if len(networks) > 1:
        raise TrainingError(
            "The rows were trained with different perceptual networks ({0}), which cannot "
            "be compared in one table: choose another --output and train them alike.",
            ", ".join(sorted(networks)),
        )
    if not report.results:
        return []
    folder, name = report.config.output, report.table.name
    paths = [folder / f"{name}{ending}" for ending in (".csv", ".md", ".png", "_sheet.png")]
    write_text(paths[0], as_csv(report))
    write_text(paths[1], as_markdown(report))
    _draw(paths[2], report)
    sheet.write_sheet(paths[3], report.results)
    return [path for path in paths if path.exists()]


def write_text(path: Path, text: str) -> None:
    """Write a table. Raises TrainingError."""
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The table cannot be written: {0}", error) from error


def as_csv(report: Report) -> str:
    """One line for each row, plain numbers; empty where something was not measured."""
    lines = [_plain(report, result) for result in report.results]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return stream.getvalue()


def _plain(report: Report, result: RowResult) -> dict[str, Any]:
    line: dict[str, Any] = {"row": result.row.name, "label": result.row.label, "key": result.folder.name}
    for protocol, scores in result.protocols.items():
        line[f"{protocol.replace('-', '_')}_drawings"] = scores["n"]
    for column in report.columns:
        line[column.key] = column.value(result.protocols)
        if column.name in WITH_ERRORS:
            line[f"{column.key}_error"] = column.error(result.protocols)
    line |= result.training
    if not report.is_of_paper:
        return line
    fid, ssim = _of_paper(report, result)
    return line | {"paper_fid_anime": fid, "paper_ssim_anime": ssim}


def as_markdown(report: Report) -> str:
    """The table with all that it takes to read it, and to make it again."""
    config, setup, first = report.config, report.setup, report.results[0]
    counts = ", ".join(f"{name} {scores['n']}" for name, scores in first.protocols.items())
    training = first.training
    device = " ".join(str(training[name]) for name in ("device", "device_name", "precision") if training[name])
    test = f"the folder {config.test.name}" if config.test else f"{config.held_out:.0%} of the data, held out"
    lines = [
        f"# {report.table.name}: {report.table.about}",
        "",
        f"{'After Li et al., ECCV 2022. ' if report.is_of_paper else ''}`{report.command}`, "
        f"{datetime.now(UTC):%Y-%m-%d}.",
        "",
        f"- Every row: the same {training['pictures']} samples of {training['drawings']} drawings at {config.size} "
        f"pixels, batch {config.batch}, learning rate {config.learning_rate:g}, seed {config.seed}, "
        f"{_experiment(report)}.",
        f"- Perceptual network {training['perceptual_network'] or setup.perceptual_network}; {device}.",
        f"- Evaluated on {len(setup.test)} drawings, {test}, at {config.working_size} pixels: {counts}. "
        "± is the standard error of the mean over drawings, for one trained network.",
        *_protocol_lines(report),
        *(f"- Not finished: {row.label}; the same command goes on." for row in report.unfinished),
        *(f"- Cannot be trained: {row.label}. {_without_paths(reason)}" for row, reason in report.failed),
        "",
        *_grid(report),
    ]
    if report.is_of_paper:
        lines += ["", *_paper_lines(report)]
    return "\n".join(lines) + "\n"


def _experiment(report: Report) -> str:
    if report.is_of_paper:
        return f"{report.config.levels} encoder levels, the paper's losses"
    return "L1 alone where a row does not say otherwise, and all else as the base has it"


def _protocol_lines(report: Report) -> list[str]:
    if report.is_of_paper:
        return [
            "- warp: the reference is a strong warp of the drawing itself. shuffled: it is another drawing, so only "
            "FID and the share of regions in a color of the reference say something. cross-pose: it is another drawing "
            "of the same character.",
            *_fid_lines(report.results[0]),
        ]
    lines = ["- own: characters of the data that were held out; the reference is the character's first drawing."]
    if report.config.val is not None:
        lines.append(f"- val: the same for the characters in the folder {report.config.val.name}, of other artists.")
    return [*lines, "- seconds: of training, on a computer that did other things at the same time."]


def _without_paths(reason: str) -> str:
    """The first part of the sentence; what to do about it, and where the run lies, was said on the terminal."""
    return reason.partition(":")[0].rstrip(".") + "."


def _fid_lines(result: RowResult) -> list[str]:
    reason = result.protocols["shuffled"]["fid_reason"]
    return [f"- FID: {reason}{'' if reason.endswith('.') else '.'}"] if reason else []


def _grid(report: Report) -> list[str]:
    columns = report.columns
    head = ["row", "weights", *(f"{c.title} ({c.protocol})" for c in columns)]
    head += ["paper FID (anime)", "paper SSIM (anime)", "hours"] if report.is_of_paper else ["seconds"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    for result in report.results:
        cells = [_cell(column, result.protocols) for column in columns]
        training = result.training
        line = [result.row.label, f"{training['weights'] / 1e6:.2f} M", *cells]
        if report.is_of_paper:
            lines.append([*line, *_of_paper(report, result), f"{training['hours']:.2f}"])
        else:
            lines.append([*line, f"{training['hours'] * 3600.0:.0f}"])
    return [f"| {' | '.join(line)} |" for line in lines]


def _of_paper(report: Report, result: RowResult) -> tuple[str, str]:
    """The paper's FID and SSIM on its portraits for a row; a dash for what is ours alone."""
    found = paper_figures.figures_of(report.table.name, result.row.name).get("anime")
    return ("–", "–") if found is None else (f"{found.fid:.2f}", f"{found.ssim:.3f}")


def _paper_lines(report: Report) -> list[str]:
    """Where the paper's figures are from, and those of its other data sets."""
    name = report.table.name
    lines = [
        f"The paper's figures: {paper_figures.ORIGIN[name]}. {PAPER_CLAIM} Its pictures and sizes are others than "
        "here, so rows can be compared within a column only.",
    ]
    others = [data_set for data_set in paper_figures.DATA_SETS if data_set != "anime"]
    for result in report.results:
        found = paper_figures.figures_of(name, result.row.name)
        told = [f"{one} {found[one].fid:.2f} and {found[one].ssim:.3f}" for one in others if one in found]
        if told:
            lines.append(f"- {result.row.label}, FID and SSIM in the paper: {', '.join(told)}.")
    return [lines[0], "", *lines[1:]] if lines[1:] else lines


def _cell(column: Column, protocols: Protocols) -> str:
    value, error = column.value(protocols), column.error(protocols)
    if value is None:
        return "–"
    return f"{value:.{column.digits}f}" + (f" ± {error:.{column.digits}f}" if error is not None else "")


def _draw(path: Path, report: Report) -> None:
    panels = []
    for column in report.columns:
        values = [column.value(result.protocols) for result in report.results]
        if column.key not in CHARTED or all(value is None for value in values):
            continue
        errors = [column.error(result.protocols) for result in report.results]
        title = f"{column.title}, {column.protocol}"
        panels.append(charts.Bars(title, values, errors, column.higher_is_better, column.digits))
    training = report.results[0].training
    network = f", {training['perceptual_network']}" if report.is_of_paper else ""
    note = f"{training['pictures']} samples at {report.config.size} pixels{network}; "
    note += "lines in bars: standard error over drawings"
    charts.bars(path, report.table.about, [result.row.label for result in report.results], panels, note)


def summary(report: Report) -> list[str]:
    """The main columns as lines for a person at a terminal."""
    columns = [column for column in report.columns if column.key in CHARTED]
    failed = [row for row, _ in report.failed]
    width = max(len(row.label) for row in (*report.unfinished, *failed, *(result.row for result in report.results)))
    lines = [
        " " * width + "".join(f"{column.protocol:>26}" for column in columns),
        " " * width + "".join(f"{column.title:>26}" for column in columns),
    ]
    for result in report.results:
        lines.append(f"{result.row.label:{width}}" + "".join(f"{_cell(c, result.protocols):>26}" for c in columns))
    lines += [f"{row.label:{width}}  not finished" for row in report.unfinished]
    return [*lines, *(f"{row.label:{width}}  cannot be trained" for row in failed)]
