"""What `project.json` in a project holds: frozen records of plain values, read strictly, and the migrations between
versions. Arrays lie beside it as blobs; records name them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.document.parts import PictureKind
from app.project_file.blobs import ProjectError
from engine import plain_text, typed_values
from engine.leaks import Leak
from engine.options import FinishOptions, LineOptions, Options, Sampling
from engine.palette import Palette, Swatch

FORMAT = "nurie project"
VERSION = 3
MAX_PAGES = 10_000

_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

Migration = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class ArrayRecord:
    """An array as a blob. coding: "png" for uint8 and uint16; "unit": float32 in 255ths as PNG; "raw": zlib."""

    blob: str
    shape: tuple[int, ...]
    dtype: str
    coding: str


@dataclass(frozen=True)
class LineArtRecord:
    """`engine.request.LineArt`."""

    ink: ArrayRecord
    extracted: bool = False
    soft: bool = False
    outline: ArrayRecord | None = None
    flats: ArrayRecord | None = None
    own: ArrayRecord | None = None
    rough: ArrayRecord | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawingRecord:
    """`app.document.parts.Drawing`. profile: an ICC profile as a blob."""

    name: str
    kind: PictureKind
    pixels: ArrayRecord
    alpha: ArrayRecord | None = None
    profile: str | None = None
    dpi: tuple[float, float] | None = None
    path: str | None = None
    line_art: LineArtRecord | None = None


@dataclass(frozen=True)
class ReferenceRecord:
    """`engine.request.Reference`."""

    name: str
    pixels: ArrayRecord
    mask: ArrayRecord | None = None
    weight: float = 1.0
    figure: ArrayRecord | None = None
    whole: bool = False
    panel: int | None = None
    figure_mask: ArrayRecord | None = None


@dataclass(frozen=True)
class RegionsRecord:
    """Regions, flats and what was chosen for them."""

    labels: ArrayRecord
    count: int
    gap: int
    simplified: bool
    areas: ArrayRecord
    colors: ArrayRecord
    confidence: ArrayRecord
    swatch: ArrayRecord | None = None
    moved: ArrayRecord | None = None
    hint: ArrayRecord | None = None
    moves: ArrayRecord | None = None
    palette: Palette | None = None
    base: Palette | None = None
    multiply: ArrayRecord | None = None
    screen: ArrayRecord | None = None
    matcher: str = ""
    leaks: tuple[Leak, ...] = ()


@dataclass(frozen=True)
class ColoringRecord:
    """`app.document.parts.Coloring`: the guess, and the options it was made and finished with.

    line_art: the lines it was made for where they are not those of `options.lines`. sampling: how it was painted, as
    the engine decided. figure: the mask of the drawing's figure that it was made for.
    """

    color: ArrayRecord
    device: str
    precision: str
    size: tuple[int, int]
    notes: tuple[str, ...]
    seconds: float
    references: tuple[ReferenceRecord, ...]
    model: str
    sha256: str
    options: Options
    line_art: LineArtRecord | None = None
    regions: RegionsRecord | None = None
    sampling: Sampling | None = None
    figure: ArrayRecord | None = None


@dataclass(frozen=True)
class PageRecord:
    """`app.document.page.Page`. cast: ids of the characters in it. references: those for it alone.

    saved: its picture lies in `save_path` as it is. thumbnail: a PNG as a blob. to_check:
    places of its coloring to be checked.
    """

    title: str = ""
    drawing: DrawingRecord | None = None
    lines: LineOptions = LineOptions()
    references: tuple[ReferenceRecord, ...] = ()
    finish: FinishOptions = FinishOptions()
    sampling: Sampling = Sampling()
    figure: ArrayRecord | None = None
    coloring: ColoringRecord | None = None
    save_path: str | None = None
    saved: bool = False
    thumbnail: str | None = None
    to_check: int = 0
    cast: tuple[int, ...] = ()


@dataclass(frozen=True)
class ModelRecord:
    """A model by name. file: an adapted model as a blob, None for one that everybody has."""

    name: str
    file: str | None = None


@dataclass(frozen=True)
class CharacterRecord:
    """`app.document.character.Character`. model: of its own, None for the project's."""

    id: int
    name: str = ""
    references: tuple[ReferenceRecord, ...] = ()
    palette: Palette | None = None
    edits: tuple[tuple[Swatch, Swatch], ...] = ()
    locks: tuple[Swatch, ...] = ()
    pairs: tuple[tuple[Swatch, Swatch], ...] = ()
    model: ModelRecord | None = None


@dataclass(frozen=True)
class ProjectRecord:
    """All of a project. current: index of the page that is shown. model: of what has none of its own."""

    format: str
    version: int
    program: str
    pages: tuple[PageRecord, ...]
    current: int = 0
    model: ModelRecord | None = None
    characters: tuple[CharacterRecord, ...] = ()


def _options_as_the_engine_has_them(values: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had the settings of lines and finishing by other names, and those of a coloring in three places."""
    for page in values.get("pages", ()):
        page["lines"] = _lines_of_1(page.pop("line_settings", {}))
        coloring = page.get("coloring")
        if coloring is not None:
            lines = coloring.pop("line_settings", None)
            if lines is None and coloring.get("line_art") is None:
                raise ValueError("a coloring without lines")
            coloring["options"] = {
                "lines": _lines_of_1(lines or {"sigma": coloring["sigma"]}),
                "color": {"size": coloring.pop("working_size")},
                "finish": coloring.pop("settings"),
            }
            del coloring["sigma"]
    return values


def _lines_of_1(values: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in values.items() if name not in ("mode", "sharp", "black", "white")}
    levels = [values.get("black", 0), values.get("white", 255)]
    return rest | {"lines": values.get("mode", "auto"), "soft": not values.get("sharp", True), "levels": levels}


def _everything_for_one_drawing_alone(values: dict[str, Any]) -> dict[str, Any]:
    """Version 2 had no characters: references and palettes belonged to each drawing, and stay its own."""
    return values | {"characters": []}


# From the version that is the key to the next: the whole of project.json as it was → as it is then.
MIGRATIONS: Mapping[int, Migration] = {1: _options_as_the_engine_has_them, 2: _everything_for_one_drawing_alone}


def to_json(record: ProjectRecord) -> bytes:
    """The bytes of project.json; equal records give equal bytes."""
    values = asdict(record)
    try:
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a file's name of bytes that are no letters
        return json.dumps(values, separators=(",", ":")).encode()


def from_json(
    data: bytes, name: str, migrations: Mapping[int, Migration] = MIGRATIONS, version: int = VERSION
) -> ProjectRecord:
    """The record in project.json of the project called `name`, brought to this version.

    Nothing is passed over: a key that is not known is refused, as saving would lose it. Raises ProjectError.
    """
    damaged = ProjectError("{0} is damaged: what it says of its drawings cannot be read; open a copy of it.", name)
    try:
        values = plain_text.from_json(data, plain_text.OWN)
    except ValueError:
        raise damaged from None
    if _ESCAPED_SURROGATE.search(data):
        values = _writable(values)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ProjectError("{0} is no Nurie project; choose a file that Nurie saved.", name)
    found = values.get("version")
    if type(found) is not int or found < 1:
        raise damaged
    if isinstance(values.get("pages"), list) and len(values["pages"]) > MAX_PAGES:
        raise damaged
    if found > version:
        raise ProjectError("{0} was saved by a newer Nurie; update Nurie to open it.", name)
    try:
        for number in range(found, version):
            values = migrations[number](values) | {"version": number + 1}
        record = typed_values.to_dataclass(ProjectRecord, values)
    except typed_values.UnknownKeys as error:
        keys = ", ".join(error.keys)
        raise ProjectError(
            "{0} holds something this Nurie does not know ({1}); update Nurie to open it.", name, keys
        ) from error
    except (typed_values.Misfit, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise damaged from error
    if not record.pages or len(record.pages) > MAX_PAGES or not 0 <= record.current < len(record.pages):
        raise damaged
    ids = [one.id for one in record.characters]
    if len(set(ids)) != len(ids) or len(ids) > MAX_PAGES or any(not 0 <= one < 1 << 31 for one in ids):
        raise damaged
    return record


def _writable(value: Any, key: str = "") -> Any:
    """Without codes that are no characters, which no file could be written with; paths keep the system's own."""
    if isinstance(value, str):
        return value if key in ("path", "save_path") else plain_text.without_lone_surrogates(value)
    if isinstance(value, list):
        return [_writable(one) for one in value]
    if isinstance(value, dict):
        return {plain_text.without_lone_surrogates(name): _writable(one, name) for name, one in value.items()}
    return value
