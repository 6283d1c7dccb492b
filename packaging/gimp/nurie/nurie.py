#!/usr/bin/env python3
"""Color with Nurie: an entry of GIMP's menu Filters that colors line art like reference pictures."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
from coloring import CannotColor, Coloring, arguments, layers_in, tidy  # noqa: E402
from gi.repository import Gegl, Gimp, GLib, GObject  # noqa: E402
from image import Image, layer_of  # noqa: E402

NAME = "plug-in-nurie-color"
TITLE = "Color with Nurie"
SHADINGS = (("off", "No shading"), ("cel", "Cel shading"), ("soft", "Soft shading"))
_SCRATCH = "nurie-gimp-"
_FORGOTTEN = 600.0  # s without a sign of life, after which a scratch folder is one of a plug-in that was ended
_OFTEN = 0.1  # s between two looks at how far it is
_READ = 0.05  # of the progress, before Nurie is called


class Nurie(Gimp.PlugIn):
    """What GIMP asks and calls."""

    def do_query_procedures(self) -> list[str]:  # noqa: D102 (GIMP's)
        return [NAME]

    def do_set_i18n(self, _name: str) -> bool:  # noqa: D102 (GIMP's)
        return False

    def do_create_procedure(self, name: str) -> Any:  # noqa: D102 (GIMP's)
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        procedure.set_image_types("*")
        masks = Gimp.ProcedureSensitivityMask
        procedure.set_sensitivity_mask(masks.DRAWABLE | masks.DRAWABLES | masks.NO_DRAWABLES)
        procedure.set_menu_label(TITLE + "…")
        procedure.add_menu_path("<Image>/Filters")
        procedure.set_documentation(
            "Color line art like reference pictures",
            "Colors the lines of the image from reference pictures, on this computer, as layers of a group Nurie under "
            "them. Called again, it makes its own layers anew and leaves all others as they are.",
            None,
        )
        procedure.set_attribution("Nurie", "Nurie", "2026")
        _add_arguments(procedure)
        return procedure


def _add_arguments(procedure: Any) -> None:
    both = GObject.ParamFlags.READWRITE
    procedure.add_layer_argument("lines", "_Lines", "The layer or group of the lines; none to look for it", True, both)
    procedure.add_string_array_argument("references", "_References", "Paths of pictures to take colors from", both)
    procedure.add_string_array_argument(
        "reference-layers", "Reference layers", "Layers of the image to take colors from, as GROUP/NAME", both
    )
    procedure.add_boolean_argument("flats", "_Flats", "The flat colors, and what moves in them", True, both)
    procedure.add_boolean_argument("by-color", "A layer for _each color", "Flats as a group of layers", False, both)
    choice = Gimp.Choice.new()
    for number, (word, text) in enumerate(SHADINGS):
        choice.add(word, number, text, "")
    procedure.add_choice_argument("shading", "S_hading", "Light and shade over the flats", choice, "off", both)
    procedure.add_boolean_argument("highlights", "H_ighlights", "The layer of lights of a shading", True, both)
    procedure.add_layer_return_value("group", "Group", "The group with what Nurie made", False, both)


def run(procedure: Any, mode: Any, image: Any, drawables: list[Any], config: Any, _data: Any) -> Any:
    """Called by GIMP, from its menu or by a script."""
    Gegl.init(None)
    picture = Image(image)
    try:
        if mode == Gimp.RunMode.INTERACTIVE:
            import dialog

            if not dialog.ask(procedure, config, picture, drawables):
                return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
        group, notes = color(picture, drawables, config)
    except Exception as error:
        if not isinstance(error, CannotColor):
            traceback.print_exc()
        told = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), str(error), 0)
        return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, told)
    if notes and mode != Gimp.RunMode.NONINTERACTIVE:
        Gimp.message(" ".join(notes))
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, GObject.Value(Gimp.Layer.__gtype__, group))
    return values


def color(picture: Image, drawables: list[Any], config: Any) -> tuple[Any, list[str]]:
    """Color the image; returns the group of layers, and what Nurie has to say. Raises CannotColor."""
    wanted = _wanted(config)
    lines = config.get_property("lines") or picture.guessed_lines(layer_of(drawables))
    tidy(_SCRATCH, _FORGOTTEN)
    folder = Path(tempfile.mkdtemp(prefix=_SCRATCH))
    try:
        Gimp.progress_init("Reading the layers")
        picture.require_colorable(lines)
        clear = picture.export(lines, folder / "lines.png")
        references = _references(picture, config, folder)
        if not references:
            raise CannotColor("There is no reference: add a colored picture of the character, or a layer of the image.")
        by_color, shading = config.get_property("by-color"), config.get_property("shading")
        words = arguments(folder / "lines.png", references, folder, by_color=by_color, shading=shading)
        notes = _call(folder, words)
        picture.require_unchanged(lines)
        made = [one for one in layers_in(folder / "layers", picture.size) if wanted(one.group or one.name)]
        Gimp.progress_set_text("Adding the layers")
        return picture.insert(lines, made, below=clear), notes
    finally:
        shutil.rmtree(str(folder), ignore_errors=True)
        Gimp.progress_end()


def _wanted(config: Any) -> Any:
    """Which of Nurie's layers are. Raises CannotColor where none is."""
    has = {name: config.get_property(name) for name in ("flats", "highlights")}
    if not has["flats"] and config.get_property("shading") == "off":
        raise CannotColor("No layer is wanted: switch flats or a shading on.")
    groups = {"Shading": True, "Highlights": has["highlights"]}
    return lambda name: groups.get(name, has["flats"])


def _references(picture: Image, config: Any, folder: Path) -> list[Path]:
    found = [Path(path) for path in config.get_property("references") or ()]
    for number, path in enumerate(config.get_property("reference-layers") or ()):
        found.append(folder / f"reference {number}.png")
        picture.export(picture.layer_at(path), found[-1])
    return found


def _call(folder: Path, words: list[str]) -> list[str]:
    """Let Nurie work; returns its notes. Cancel in GIMP ends this process at once; the keeper sees to the rest."""
    coloring = Coloring(folder)
    coloring.start(words, "gimp", (sys.executable, str(Path(__file__).with_name("keeper.py")), str(folder)))
    told = ""
    while coloring.is_running():
        if coloring.step != told:
            told = coloring.step
            Gimp.progress_set_text(told)
        Gimp.progress_update(_READ + (1 - _READ) * coloring.share)
        folder.touch()
        time.sleep(_OFTEN)
    if coloring.error:
        raise CannotColor(coloring.error)
    return coloring.notes


if __name__ == "__main__":
    Gimp.main(Nurie.__gtype__, sys.argv)
