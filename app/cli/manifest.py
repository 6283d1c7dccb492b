"""The manifest of a batch: a CSV file with the columns line, reference, output, and panel if wanted."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from app.batch.references import Sources, panel_of
from engine import file_names
from engine.errors import RequestError

COLUMNS = ("line", "reference", "output")
PANEL = "panel"  # a column that may be missing: 2=coat.png;3=hat.png


@dataclass(frozen=True)
class Row:
    """One drawing of a batch.

    number: as a spreadsheet counts, the header being row 1. problem: why it cannot be tried, empty if it can.
    """

    number: int
    line: Path
    sources: Sources
    output: Path
    problem: str = ""


def read_manifest(path: Path) -> list[Row]:
    """The rows of a manifest, in order; empty lines are left out. File names are relative to the manifest's folder.

    A mistake that spoils the whole file raises RequestError with one sentence; a mistake in one row is that row's
    `problem`, so that the others can go on.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(f"The manifest {path} is not UTF-8 text; save it as 'CSV UTF-8'.") from error
    except FileNotFoundError as error:
        raise RequestError(f"There is no manifest {path}; check the name.") from error
    except IsADirectoryError as error:
        raise RequestError(f"The manifest {path} is a folder; name a CSV file.") from error
    except OSError as error:
        raise RequestError(f"The manifest {path} cannot be read: {error.strerror or error}.") from error
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise RequestError(f"The manifest {path} is not a CSV file: {error}.") from error
    if not any(any(cell.strip() for cell in record) for record in records):
        raise RequestError(f"The manifest {path} is empty; its first row must be {','.join(COLUMNS)}.")
    places = _places(path, records[0])
    rows = [
        _row(number, record, places, len(records[0]), path.parent)
        for number, record in enumerate(records[1:], start=2)
        if any(cell.strip() for cell in record)
    ]
    if not rows:
        raise RequestError(f"The manifest {path} has a header but no drawings; add a row for each.")
    return rows


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """Which column is which. Other columns, such as a comment, are left alone."""
    names = [name.strip().lower() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        hint = " (separate the columns with commas)" if ";" in ";".join(header) and len(header) == 1 else ""
        raise RequestError(
            f"The manifest {path} has no column {' and no column '.join(missing)}; "
            f"its first row must be {','.join(COLUMNS)}{hint}."
        )
    twice = [name for name in (*COLUMNS, PANEL) if names.count(name) > 1]
    if twice:
        raise RequestError(f"The manifest {path} has the column {twice[0]} twice; remove one.")
    return {name: names.index(name) for name in (*COLUMNS, PANEL) if name in names}


def _row(number: int, record: list[str], places: dict[str, int], width: int, folder: Path) -> Row:
    cells = {name: record[place].strip() if place < len(record) else "" for name, place in places.items()}
    references = tuple(
        file_names.found(folder / name.strip()) for name in cells["reference"].split(";") if name.strip()
    )
    problem, panels = "", []
    for text in cells.get(PANEL, "").split(";"):
        try:
            if text.strip():
                number_of, name = panel_of(text.strip())
                panels.append((number_of, file_names.found(folder / name.strip())))
        except RequestError as error:
            problem = f"In its column {PANEL}: {error}."
    if len(record) > width:
        problem = "It has more cells than the header; put a file name with a comma into double quotes."
    elif not cells["line"]:
        problem = "It names no drawing in the column line."
    elif not references and not panels:
        problem = "It names no picture in the column reference."
    elif not cells["output"]:
        problem = "It names no file in the column output."
    elif any("\0" in cell for cell in cells.values()):
        problem = "A file name in it has a zero byte."
    return Row(
        number,
        file_names.found(folder / cells["line"]),
        Sources(references, tuple(panels)),
        file_names.found(folder / cells["output"]),
        problem,
    )
