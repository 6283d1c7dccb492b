"""The report of a batch: a table for spreadsheets (.csv), or a page with small pictures in it (.html)."""

import base64
import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app import paths
from app.batch.journal import Entry
from engine import __version__
from engine.errors import PictureError
from engine.export import targets as files
from engine.export.atomic import atomic_path

SUFFIXES = (".csv", ".html")
COLUMNS = (
    "drawing", "picture", "state", "seconds", "width", "height", "doubtful regions", "doubtful places", "leaks",
    "leak places", "notes", "error",
)  # fmt: skip
_STATES = {
    "done": "colored",
    "before": "colored before",
    "exists": "was there already",
    "failed": "failed",
    "waiting": "not yet",
}
MOST_PLACES = 3  # of each kind that are seen at once
TEMPLATE = "batch_report.html"


@dataclass(frozen=True)
class Head:
    """What stands above the table. folder: of the drawings, or the CSV file that names them. output: the folder of the
    pictures, None where they have none in common. seconds: of work in this run."""

    folder: Path
    output: Path | None
    seconds: float


@dataclass(frozen=True)
class Row:
    """One drawing. entry: what is known of its picture, None for none. message: why it failed. picture: its file."""

    name: str
    state: str
    entry: Entry | None
    message: str
    thumbnail: Path
    picture: Path | None = None


def check_path(path: Path | None, read: Iterable[Path], output: Path | None = None) -> None:
    """Raise PictureError, one sentence, when the report cannot be written there or would overwrite one of the files
    that are read. output: a folder that is made where it is missing."""
    if path is None:
        return
    if path.suffix.lower() not in SUFFIXES:
        raise PictureError("The report {0} must end in {1} or {2}.", path, SUFFIXES[0], SUFFIXES[1])
    if path.is_dir():
        raise PictureError("The report {0} is a folder; name a file in it.", path)
    inside = output is not None and output.absolute() == path.parent.absolute()
    if not inside and not path.parent.is_dir():
        raise PictureError("There is no folder {0} for the report; create it first.", path.parent)
    files.require_other(path, read)


def write(path: Path, head: Head, rows: Sequence[Row]) -> None:
    """Write the report, of the kind that the suffix says. Raises PictureError."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        if path.suffix.lower() == ".csv":
            stream.write("\ufeff")  # else spreadsheets take it for the letters of the country
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            writer.writerows(map(_cells, rows))
        else:
            for part in _page(path, head, rows):
                stream.write(part)


def _cells(row: Row) -> list[Any]:
    one = row.entry
    if one is None:
        return [_safe(row.name), "", _STATES[row.state], *[""] * 8, _safe(row.message)]
    return [
        _safe(row.name),
        _safe(str(row.picture or "")),
        _STATES[row.state],
        one.seconds,
        one.width,
        one.height,
        one.doubts,
        "; ".join(f"{place['x']},{place['y']}" for place in one.doubtful_places),
        one.leaks,
        "; ".join(f"{place['x']},{place['y']}" for place in one.leak_places),
        _safe(" ".join(one.notes)),
        "",
    ]


def _safe(text: str) -> str:
    """A text no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def _page(path: Path, head: Head, rows: Sequence[Row]) -> Iterator[str]:
    """The page, piece by piece: with thousands of pictures it is large."""
    import jinja2

    loader = jinja2.FileSystemLoader(paths.resources() / "templates")
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_decodable,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE).generate(
        title=f"Batch of {head.folder.absolute().name or head.folder}",
        folder=head.folder,
        output=head.output or "",
        duration=_duration(head.seconds),
        version=__version__,
        counts=_counts(rows),
        failed=[(row.name, row.message) for row in rows if row.state == "failed"],
        rows=(_shown(path, row) for row in rows),
        most=MOST_PLACES,
    )


def _counts(rows: Sequence[Row]) -> list[tuple[int, str]]:
    states = [(sum(row.state == state for row in rows), words) for state, words in _STATES.items()]
    entries = [row.entry for row in rows if row.entry is not None]
    return [
        (len(rows), "drawings"),
        *(one for one in states if one[0]),
        (sum(one.doubts for one in entries), "doubtful regions"),
        (sum(one.leaks for one in entries), "leaks"),
    ]


def _shown(path: Path, row: Row) -> dict[str, Any]:
    """What the template shows of one drawing."""
    one = row.entry
    shown = {"name": row.name, "state": _STATES[row.state], "failed": row.state == "failed", "message": row.message}
    if one is None or row.picture is None:
        return shown | {"link": "", "picture": "", "size": "", "seconds": ""}
    link = os.path.relpath(row.picture, path.parent).replace(os.sep, "/")
    leaks = [str(place["text"]) for place in one.leak_places]  # which say where
    doubts = [f"{place['x']}, {place['y']}: {place['text']}" for place in one.doubtful_places]
    return shown | {
        "message": "",
        "link": quote(link, errors="surrogateescape"),
        "picture": _data_of(row.thumbnail),
        "size": f"{one.width} × {one.height}" if one.width else "",
        "seconds": f"{one.seconds:.1f}",
        "remarks": [
            (count, word, _all(places, count))
            for count, word, places in ((one.doubts, "doubtful region", doubts), (one.leaks, "leak", leaks))
            if count
        ],
        # The worst leak is among the notes, too.
        "notes": [note for note in one.notes if not any(note.startswith(leak) for leak in leaks)],
    }


def _all(places: list[str], count: int) -> list[str]:
    """The places that are known, and how many others there are."""
    return [*places, f"and {count - len(places)} more"] if count > len(places) else places


def _data_of(path: Path) -> str:
    """The small picture as a link that holds it; empty where there is none."""
    try:
        return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
    except OSError:
        return ""


def _decodable(value: object) -> object:
    """A text with question marks for bytes of a file name that are no UTF-8; the template's own pieces as they are."""
    if hasattr(value, "__html__"):
        return value
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
