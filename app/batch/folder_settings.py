"""`nurie.toml` and `references` folders: what a folder of drawings says about itself.

A `nurie.toml` may have, all of it optional: references (a list of pictures or folders), panel (a list such as
"2=coat.png", pictures for single panels of pages), palette ("lock", "off" or a palette file), model, and every setting
of `engine.options` by its name. Paths are relative to the file.
"""

import difflib
import os
from dataclasses import dataclass, make_dataclass, replace
from pathlib import Path
from typing import Any

from app.batch.drawings import is_hidden
from app.batch.references import Panels, Sources, panel_of
from engine import file_names, pipeline, plain_text, typed_values
from engine.errors import NurieError, PictureError, RequestError
from engine.export import formats
from engine.option_fields import hints_of
from engine.options import FinishOptions, Options, groups, with_values

FILE, REFERENCES = "nurie.toml", "references"
_PALETTE = "locked"  # the setting that a toml says by its palette
_LIMITS = plain_text.Limits(bytes=1 << 20)


@dataclass(frozen=True)
class Origin:
    """A `nurie.toml` that was read. named: references, panel, palette and model. values: settings by name; both hold
    only what it says."""

    path: Path
    named: dict[str, Any]
    values: dict[str, Any]

    def references(self) -> tuple[Path, ...] | None:
        """The pictures it names, folders opened; None where it names none. Raises RequestError."""
        if "references" not in self.named:
            return None
        found: list[Path] = []
        for name in self.named["references"]:
            path = file_names.found(self.path.parent / name)
            if os.path.isdir(path):  # noqa: PTH112 (a name that is too long is no error here)
                found += pictures_in(path)
            elif os.path.isfile(path):  # noqa: PTH113
                found.append(path)
            else:
                raise RequestError("{0} names the reference {1}, which is not there; check the name.", self.path, name)
        if not found:
            raise RequestError("{0} names no reference picture; put a file name into its list references.", self.path)
        return tuple(found)

    def panels(self) -> Panels | None:
        """The panels it names a picture for; None where it names none. Raises RequestError."""
        found = None
        if "panel" in self.named:
            given = map(panel_of, self.named["panel"])
            found = tuple((number, file_names.found(self.path.parent / name)) for number, name in given)
            for _, path in found:
                if not os.path.isfile(path):  # noqa: PTH113 (a name that is too long is no error here)
                    raise RequestError(
                        "{0} names the reference {1}, which is not there; check the name.", self.path, path
                    )
        return found

    def model(self) -> str | None:
        """The model's name, or its file's path; None where it says nothing."""
        named = self.named.get("model")
        beside = file_names.found(self.path.parent / named) if named else None
        return str(beside) if beside is not None and os.path.isfile(beside) else named  # noqa: PTH113

    def applied(self, options: Options) -> Options:
        """`options` with what the file says in their place. Raises RequestError and PictureError."""
        if self.values.get("flats") is False:
            self._with_palette(with_values(Options(), self.values).finish).require_consistent()
        changed = with_values(options, self.values)
        return replace(changed, finish=self._with_palette(changed.finish))

    def _with_palette(self, finish: FinishOptions) -> FinishOptions:
        named = self.named.get("palette")
        if named is None:
            return finish
        file = named if named in ("lock", "off") else file_names.found(self.path.parent / named)
        return pipeline.with_palette(finish, file)


def read(path: Path, options: Options) -> Origin:
    """A `nurie.toml`. options: whose settings it may name.

    Raises RequestError, one sentence with the file's name, when it cannot be used as it stands.
    """
    hints = {name: hint for _, group in groups(options) for name, hint in hints_of(group).items() if name != _PALETTE}
    fields = {"references": tuple[str, ...], "panel": tuple[str, ...], "palette": str, "model": str} | hints
    known = make_dataclass("Known", [(name, hint | None, None) for name, hint in fields.items()], frozen=True)
    try:
        values = plain_text.from_toml(path.read_bytes(), _LIMITS)
        typed = typed_values.to_dataclass(known, values)
        said = {name: getattr(typed, name) for name in values}
        named = {name: said.pop(name) for name in ("references", "panel", "palette", "model") if name in said}
        if not all(named.get("references", ())):
            raise RequestError("references has an empty name")
        panels = [panel_of(text)[1] for text in named.get("panel", ())]
        for name in (*named.get("references", ()), *panels, named.get("palette", ""), named.get("model", "")):
            if "\0" in name or len(name) > file_names.PATH_MAX:
                raise RequestError("{0} is no name of a file", typed_values.shown(name))
        with_values(options, said)
        return Origin(path, named, said)
    except plain_text.Unreadable as error:
        raise RequestError("{0} is not TOML: {1}.", path, error) from error
    except typed_values.UnknownKeys as error:
        near = difflib.get_close_matches(error.keys[0], error.known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it may have {', '.join(error.known)}."
        raise RequestError("{0} has the unknown key {1}; {2}", path, error.keys[0], hint) from error
    except typed_values.Misfit as error:
        what = f"{error.path} " if error.path else ""
        raise RequestError("{0} cannot be used: {1}{2}.", path, what, error) from error
    except RequestError as error:
        raise RequestError("{0} cannot be used: {1}.", path, error) from error
    except OSError as error:
        raise RequestError("{0} cannot be read: {1}.", path, error.strerror or error) from error


def pictures_in(folder: Path) -> tuple[Path, ...]:
    """The picture files of a folder, by name; those in folders within it are left out. Raises RequestError."""
    try:
        return tuple(sorted(path for path in folder.iterdir() if formats.can_open(path) and not is_hidden(path)))
    except OSError as error:
        raise RequestError("The folder {0} cannot be read: {1}.", folder, error.strerror or error) from error


class Surroundings:
    """What holds for the drawings of each folder below `top`: whatever stands nearest to them on the way up to it."""

    def __init__(self, top: Path, options: Options, sources: Sources, model: str | None) -> None:
        """options, sources, model: what holds where nothing is said, the command line's."""
        self._top = top
        self._options = options
        self._sources = sources
        self._model = model
        self._known: dict[Path, FolderPlan] = {}

    def of(self, folder: Path) -> "FolderPlan":
        """What holds for the drawings in `folder`, which is `top` or below it. Raises NurieError."""
        if folder not in self._known:
            self._known[folder] = self._look(folder)
        return self._known[folder]

    def _look(self, folder: Path) -> "FolderPlan":
        if folder == self._top:
            above = FolderPlan(self._sources, self._options, self._model, None)
        else:
            above = self.of(folder.parent)
        file = folder / FILE
        origin = read(file, self._options) if file.is_file() else None
        references = origin.references() if origin is not None else None
        if references is None:
            references = _beside(folder)
        panels = origin.panels() if origin is not None else None
        if references is None:
            source = above.source
            sources = above.sources if panels is None else Sources(above.sources.references, panels)
        else:
            sources, source = Sources(references, panels or ()), folder
        if origin is None:
            return replace(above, sources=sources, source=source)
        try:
            options = origin.applied(self._options)
        except NurieError as error:
            raise PictureError("{0} cannot be used: {1}", file, error) from error
        return FolderPlan(sources, options, origin.model() or self._model, source)


@dataclass(frozen=True, eq=False)
class FolderPlan:
    """What holds for the drawings of one folder. source: the folder that the references come from, None: the command
    line."""

    sources: Sources
    options: Options
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
