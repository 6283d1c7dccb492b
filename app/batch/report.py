"""The report of a batch: a table for spreadsheets (.csv), or a page with small pictures in it (.html)."""

import base64
import csv
import html
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app.batch.journal import Entry
from app.batch.plan import Plan
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
_SHOWN = 3  # places of each kind that are seen at once

_STYLE = """
:root { color-scheme: light dark; --line: #d8d8de; --muted: #6b6b76; --ground: #f6f6f8; --card: #fff; --bad: #b3261e;
  --doubt: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --line: #3a3a42; --muted: #a0a0ac; --ground: #1c1c20; --card: #26262b;
  --bad: #ff8a80; --doubt: #ffc062; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 28px 24px 48px; max-width: 1180px;
  background: var(--ground); }
h1 { font-size: 24px; margin: 0 0 4px; } p { margin: 4px 0; } .muted { color: var(--muted); }
.counts { display: flex; flex-wrap: wrap; gap: 10px; margin: 18px 0; padding: 0; list-style: none; }
.counts li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 16px; }
.counts b { display: block; font-size: 22px; }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: 10px 12px; border-bottom: 1px solid var(--line); }
th { font-size: 13px; color: var(--muted); } td.number { text-align: right; white-space: nowrap; }
td.picture { width: 408px; } td img { display: block; max-width: 408px; background: #fff; border-radius: 4px; }
td.name { width: 200px; overflow-wrap: anywhere; } .bad { color: var(--bad); } .doubt { color: var(--doubt); }
ul { margin: 2px 0 8px; padding-left: 18px; } summary { cursor: pointer; color: var(--muted); }
"""


@dataclass(frozen=True)
class Head:
    """What stands above the table. seconds: of work in this run."""

    folder: Path
    output: Path
    seconds: float


@dataclass(frozen=True)
class Row:
    """One drawing. entry: what the journal knows of its picture, None for none. message: why it failed."""

    name: str
    state: str
    entry: Entry | None
    message: str
    thumbnail: Path


def check_path(path: Path | None, work: Plan) -> None:
    """Raise PictureError, one sentence, when the report cannot be written there or would overwrite a drawing."""
    if path is None:
        return
    if path.suffix.lower() not in SUFFIXES:
        raise PictureError(f"The report {path} must end in {SUFFIXES[0]} or {SUFFIXES[1]}.")
    if path.is_dir():
        raise PictureError(f"The report {path} is a folder; name a file in it.")
    inside = work.wish.output.absolute() == path.parent.absolute()
    if not inside and not path.parent.is_dir():
        raise PictureError(f"There is no folder {path.parent} for the report; create it first.")
    files.require_other(path, (one for task in work.tasks for one in (task.line, *task.place.references)))


def write(path: Path, head: Head, rows: Sequence[Row]) -> None:
    """Write the report, of the kind that the suffix says. Raises PictureError."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        if path.suffix.lower() == ".csv":
            stream.write("\ufeff")  # else spreadsheets take it for the letters of the country
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            writer.writerows(_cells(row, head) for row in rows)
        else:
            for part in _page(path, head, rows):
                stream.write(part)


def _cells(row: Row, head: Head) -> list[Any]:
    one = row.entry
    if one is None:
        return [_safe(row.name), "", _STATES[row.state], *[""] * 8, _safe(row.message)]
    return [
        _safe(row.name),
        _safe(str(head.output / one.output)),
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
    title = f"Batch of {head.folder.absolute().name or head.folder}"
    yield f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{_text(title)}</title>'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<style>{_STYLE}</style></head>\n<body><h1>{_text(title)}</h1>"
    yield f'<p class="muted">{_text(head.folder)} → {_text(head.output)}</p>'
    yield f'<p class="muted">{_duration(head.seconds)} of work in this run · Nurie {__version__}</p>\n'
    yield '<ul class="counts">'
    for count, what in _counts(rows):
        yield f"<li><b>{count}</b>{what}</li>"
    yield "</ul>\n"
    failed = [row for row in rows if row.state == "failed"]
    if failed:
        yield '<h2 class="bad">Failed</h2><ul>'
        yield from (f"<li><b>{_text(row.name)}</b>: {_text(row.message)}</li>" for row in failed)
        yield "</ul>\n"
    yield "<table><thead><tr><th>Line art and result</th><th>Drawing</th><th>Seconds</th><th>To look at</th></tr>"
    yield "</thead><tbody>\n"
    for row in rows:
        yield _row(path, head, row)
    yield "</tbody></table></body></html>\n"


def _counts(rows: Sequence[Row]) -> list[tuple[int, str]]:
    states = [(sum(row.state == state for row in rows), words) for state, words in _STATES.items()]
    entries = [row.entry for row in rows if row.entry is not None]
    return [
        (len(rows), "drawings"),
        *(one for one in states if one[0]),
        (sum(one.doubts for one in entries), "doubtful regions"),
        (sum(one.leaks for one in entries), "leaks"),
    ]


def _row(path: Path, head: Head, row: Row) -> str:
    one, picture = row.entry, ""
    name = _text(row.name)
    if one is not None:
        link = quote(
            os.path.relpath(head.output / one.output, path.parent).replace(os.sep, "/"), errors="surrogateescape"
        )
        name = f'<a href="{link}">{name}</a>'
        data = _data_of(row.thumbnail)
        if data:
            picture = f'<img src="{data}" alt="Line art and result of {_text(row.name)}">'
    state = _STATES[row.state]
    kind = ' class="bad"' if row.state == "failed" else ' class="muted"'
    size = f'<br><span class="muted">{one.width} × {one.height}</span>' if one is not None and one.width else ""
    seconds = f"{one.seconds:.1f}" if one is not None else ""
    return (
        f'<tr><td class="picture">{picture}</td><td class="name">{name}<br><span{kind}>{state}</span>{size}</td>'
        f'<td class="number">{seconds}</td><td>{_remarks(row)}</td></tr>\n'
    )


def _remarks(row: Row) -> str:
    one = row.entry
    if one is None:
        return f'<span class="bad">{_text(row.message)}</span>' if row.message else ""
    doubts = [f"{place['x']}, {place['y']}: {place['text']}" for place in one.doubtful_places]
    leaks = [str(place["text"]) for place in one.leak_places]  # which say where
    # The worst leak is among the notes, too.
    notes = [note for note in one.notes if not any(note.startswith(leak) for leak in leaks)]
    parts = [
        _places(one.doubts, "doubtful region", doubts),
        _places(one.leaks, "leak", leaks),
        *(f"<p>{_text(note)}</p>" for note in notes),
    ]
    return "".join(parts) or '<span class="muted">nothing</span>'


def _places(count: int, words: str, places: list[str]) -> str:
    """How many, the first of them, and the others where one clicks."""
    if not count:
        return ""
    items = [f"<li>{_text(place)}</li>" for place in places]
    if count > len(items):
        items.append(f"<li>and {count - len(items)} more</li>")
    first, others = "".join(items[:_SHOWN]), "".join(items[_SHOWN:])
    more = f"<details><summary>{count - _SHOWN} more</summary><ul>{others}</ul></details>" if others else ""
    return f'<span class="doubt">{count} {words}{"" if count == 1 else "s"}</span><ul>{first}</ul>{more}'


def _data_of(path: Path) -> str:
    """The small picture as a link that holds it; empty where there is none."""
    try:
        return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
    except OSError:
        return ""


def _text(value: object) -> str:
    """Escaped, undecodable bytes of file names as question marks."""
    return html.escape(str(value).encode("utf-8", "replace").decode("utf-8"))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
