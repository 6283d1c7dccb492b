"""`nurie.toml` and `references` folders: what a folder of drawings says about itself.

A `nurie.toml` may have these keys, all of them optional: references (a list of pictures or folders), palette ("lock",
"off" or a palette file), lines, sigma, soft, levels ([20, 230]), despeckle, size, flats, shading, gap, model. Paths
are relative to the file.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.batch.drawings import is_hidden, is_picture
from engine import file_names, typed_values
from engine.errors import NurieError, PictureError, RequestError
from engine.pipeline import Settings
from engine.request import DESPECKLE_MAX, GAP_MAX, SIGMA_MAX, SIGMA_MIN, LineMode

if TYPE_CHECKING:
    from engine.color.palette import Palette

FILE, REFERENCES = "nurie.toml", "references"
SIZE_LIMIT = 1 << 20  # bytes of a nurie.toml
SIZE_MIN, SIZE_MAX = 64, 2048  # as `engine.colorizer` has them, which imports torch; a test holds them equal


@dataclass(frozen=True)
class FolderSettings:
    """What a `nurie.toml` says; None where it says nothing."""

    references: tuple[str, ...] | None = None
    palette: str | None = None
    lines: LineMode | None = None
    sigma: float | None = None
    soft: bool | None = None
    levels: tuple[int, int] | None = None
    despeckle: int | None = None
    size: int | None = None
    flats: bool | None = None
    shading: Literal["off", "soft", "cel"] | None = None
    gap: int | None = None
    model: str | None = None

    def __post_init__(self) -> None:
        _require("sigma", self.sigma, SIGMA_MIN, SIGMA_MAX)
        _require("size", self.size, SIZE_MIN, SIZE_MAX)
        _require("gap", self.gap, 0, GAP_MAX)
        _require("despeckle", self.despeckle, 0, DESPECKLE_MAX)
        if self.levels is not None and not 0 <= self.levels[0] < self.levels[1] <= 255:
            raise RequestError("levels are black and white from 0 to 255, as in [20, 230]")
        if self.references is not None and not all(self.references):
            raise RequestError("references has an empty name")
        for name in (*(self.references or ()), self.palette or "", self.model or ""):
            if "\0" in name or len(name) > file_names.PATH_MAX:
                raise RequestError(f"{typed_values.shown(name)} is no name of a file")


@dataclass(frozen=True)
class Origin:
    """A `nurie.toml` that was read."""

    path: Path
    settings: FolderSettings

    def references(self) -> tuple[Path, ...] | None:
        """The pictures it names, folders opened; None where it names none. Raises RequestError."""
        if self.settings.references is None:
            return None
        found: list[Path] = []
        for name in self.settings.references:
            path = file_names.found(self.path.parent / name)
            if os.path.isdir(path):  # noqa: PTH112 (a name that is too long is no error here)
                found += pictures_in(path)
            elif os.path.isfile(path):  # noqa: PTH113
                found.append(path)
            else:
                raise RequestError(f"{self.path} names the reference {name}, which is not there; check the name.")
        if not found:
            raise RequestError(f"{self.path} names no reference picture; put a file name into its list references.")
        return tuple(found)

    def model(self) -> str | None:
        """The model's name, or its file's path; None where it says nothing."""
        named = self.settings.model
        beside = file_names.found(self.path.parent / named) if named else None
        return str(beside) if beside is not None and os.path.isfile(beside) else named  # noqa: PTH113

    def applied(self, settings: Settings) -> Settings:
        """`settings` with what the file says in their place. Raises RequestError and PictureError."""
        own, finish = self.settings, settings.finish
        if own.flats is not None:
            finish = replace(
                finish,
                flats=own.flats,
                locked=own.flats and (finish.locked or not finish.flats),
                palette=finish.palette if own.flats else None,
                shading=finish.shading if own.flats else "off",
            )
        if own.palette is not None:
            finish = replace(finish, locked=finish.flats and own.palette != "off", palette=self._palette(own.palette))
        if own.shading is not None:
            finish = replace(finish, shading=own.shading)
        if own.gap is not None:
            finish = replace(finish, gap=own.gap)
        return replace(
            settings,
            lines=settings.lines if own.lines is None else own.lines,
            sigma=settings.sigma if own.sigma is None else own.sigma,
            soft=settings.soft if own.soft is None else own.soft,
            levels=settings.levels if own.levels is None else own.levels,
            despeckle=settings.despeckle if own.despeckle is None else own.despeckle,
            size=settings.size if own.size is None else own.size,
            finish=finish,
        )

    def _palette(self, named: str) -> "Palette | None":
        if named in ("lock", "off"):
            return None
        from engine.color import palette_files

        return palette_files.read(file_names.found(self.path.parent / named))


def read(path: Path) -> Origin:
    """A `nurie.toml`. Raises RequestError, one sentence with the file's name, when it cannot be used as it stands."""
    try:
        data = path.read_bytes()
        if len(data) > SIZE_LIMIT:
            raise RequestError(f"{path} is too large for settings; make it anew.")
        values = tomllib.loads(data.decode("utf-8-sig"))
        return Origin(path, typed_values.to_dataclass(FolderSettings, values))
    except UnicodeDecodeError as error:
        raise RequestError(f"{path} is not UTF-8 text; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise RequestError(f"{path} is not TOML: {error}.") from error
    except typed_values.UnknownKeys as error:
        near = difflib.get_close_matches(error.keys[0], error.known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it may have {', '.join(error.known)}."
        key = typed_values.shortened(error.keys[0])
        raise RequestError(f"{path} has the unknown key {key}; {hint}") from error
    except typed_values.Misfit as error:
        what = f"{error.path} " if error.path else ""
        raise RequestError(f"{path} cannot be used: {what}{error}.") from error
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists in lists in lists
        raise RequestError(f"{path} holds a number that is too long, or lists nested too deep; mend it.") from error


def pictures_in(folder: Path) -> tuple[Path, ...]:
    """The picture files of a folder, by name; those in folders within it are left out. Raises RequestError."""
    try:
        return tuple(sorted(path for path in folder.iterdir() if is_picture(path) and not is_hidden(path)))
    except OSError as error:
        raise RequestError(f"The folder {folder} cannot be read: {error.strerror or error}.") from error


class Surroundings:
    """What holds for the drawings of each folder below `top`: whatever stands nearest to them on the way up to it."""

    def __init__(self, top: Path, settings: Settings, references: Iterable[Path], model: str | None) -> None:
        """settings, references, model: what holds where nothing is said, the command line's."""
        self._top = top
        self._settings = settings
        self._references = tuple(references)
        self._model = model
        self._known: dict[Path, FolderPlan] = {}

    def of(self, folder: Path) -> "FolderPlan":
        """What holds for the drawings in `folder`, which is `top` or below it. Raises NurieError."""
        if folder not in self._known:
            self._known[folder] = self._look(folder)
        return self._known[folder]

    def _look(self, folder: Path) -> "FolderPlan":
        if folder == self._top:
            above = FolderPlan(self._references, self._settings, self._model, None)
        else:
            above = self.of(folder.parent)
        file = folder / FILE
        origin = read(file) if file.is_file() else None
        references = origin.references() if origin is not None else None
        if references is None:
            references = _beside(folder)
        if references is None:
            references, source = above.references, above.source
        else:
            source = folder
        if origin is None:
            return replace(above, references=references, source=source)
        try:
            settings = origin.applied(self._settings)
        except NurieError as error:
            raise PictureError(f"{file} cannot be used: {error}") from error
        return FolderPlan(references, settings, origin.model() or self._model, source)


@dataclass(frozen=True, eq=False)
class FolderPlan:
    """What holds for the drawings of one folder. source: the folder that the references come from, None: the command
    line."""

    references: tuple[Path, ...]
    settings: Settings
    model: str | None
    source: Path | None


def _beside(folder: Path) -> tuple[Path, ...] | None:
    """The pictures in the folder's `references`, None where there are none."""
    try:
        named = [path for path in folder.iterdir() if path.name.casefold() == REFERENCES and path.is_dir()]
    except OSError:
        return None
    found = tuple(picture for path in sorted(named) for picture in pictures_in(path))
    return found or None


def _require(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise RequestError(f"{name} is from {low:g} to {high:g}, not {typed_values.shown(value)}")
