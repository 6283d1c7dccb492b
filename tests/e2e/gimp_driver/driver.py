"""Runs inside GIMP, in its batch interpreter: makes images, calls the plug-in, and writes down what came of it."""

# pyright: reportMissingImports=false
import json
import os
import time
import traceback
from pathlib import Path

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp, Gio  # noqa: E402

PLACE = Path(os.environ["NURIE_GIMP_TEST"])
WIDTH, HEIGHT = 120, 90
NORMAL = Gimp.LayerMode.NORMAL
BASES = {"rgb": Gimp.ImageBaseType.RGB, "gray": Gimp.ImageBaseType.GRAY}


def save(image, name):
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(PLACE / name)), None)


def color(image, layer, **settings):
    """Status and error of the plug-in, called without a window."""
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-nurie-color")
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer] if layer is not None else [])
    settings.setdefault("references", [str(PLACE / "reference.png")])
    for name, value in settings.items():
        config.set_property(name.replace("_", "-"), value)
    result = procedure.run(config)
    is_done = result.index(0) == Gimp.PDBStatusType.SUCCESS
    return "" if is_done else Gimp.get_pdb().get_last_error()


def tree(layers):
    found = []
    for layer in layers:
        mode = layer.get_mode().value_nick
        found.append([layer.get_name(), mode, *([tree(layer.get_children())] if layer.is_group() else [])])
    return found


def names(layers):
    return [
        [layer.get_name(), names(layer.get_children())] if layer.is_group() else layer.get_name() for layer in layers
    ]


def new_layer(image, name, parent=None, place=0, size=(WIDTH, HEIGHT), opacity=100.0):
    kind = Gimp.ImageType.GRAYA_IMAGE if image.get_base_type() == BASES["gray"] else Gimp.ImageType.RGBA_IMAGE
    layer = Gimp.Layer.new(image, name, *size, kind, opacity, NORMAL)
    image.insert_layer(layer, parent, place)
    return layer


def fill(layer, x, y, width, height):
    """Ink in a rectangle of the layer."""
    one = bytes((0, 0, 0, 255))
    layer.get_buffer().set(Gegl.Rectangle.new(x, y, width, height), "R'G'B'A u8", one * (width * height))
    layer.update(x, y, width, height)


def drawing(base="rgb", precision=Gimp.Precision.U8_NON_LINEAR):
    """Paper, and in a group clear lines that are smaller than the image and lie at 10, 20."""
    image = Gimp.Image.new_with_precision(WIDTH, HEIGHT, BASES[base], precision)
    paper = new_layer(image, "Paper")
    paper.fill(Gimp.FillType.WHITE)
    group = Gimp.GroupLayer.new(image, "Drawing")
    image.insert_layer(group, None, 0)
    lines = new_layer(image, "Line art", group, 0, (80, 60))
    fill(lines, 0, 0, 40, 5)
    lines.set_offsets(10, 20)
    return image, lines


def painted_between():
    """Called again and again, with layers of the artist's in, beside and copied from those of Nurie."""
    image, lines = drawing()
    told = {"first": color(image, lines, shading="soft")}
    told["after first"] = tree(image.get_layers())
    group = image.get_layer_by_name("Nurie")
    new_layer(image, "Mine", group, 1)
    new_layer(image, "Above")
    copy = image.get_layer_by_name("Flats").copy()
    image.insert_layer(copy, group, 0)
    copy.set_name("Changed by hand")
    lines.set_offsets(12, 20)
    told["second"] = color(image, lines, by_color=True, shading="cel", highlights=False)
    told["after second"] = names(image.get_layers())
    new_layer(image, "Deep", image.get_layer_by_name("Flats"), 1)
    save(image, "again.xcf")
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(PLACE / "again.xcf")))
    told["third"] = color(image, None)
    told["after third"] = names(image.get_layers())
    told["fourth"] = color(image, None, lines=image.get_layer_by_name("Above"))
    told["two drawings"] = names(image.get_layers())
    return told


def kinds():
    """Images of other kinds; the fake Nurie keeps the lines it was given as NAME.png."""
    told = {}
    precisions = {
        "u16": Gimp.Precision.U16_NON_LINEAR,
        "linear": Gimp.Precision.FLOAT_LINEAR,
        "half": Gimp.Precision.HALF_NON_LINEAR,
    }
    for name, precision in precisions.items():
        image, lines = drawing(precision=precision)
        told[name] = [kept(name, image, lines), image.get_precision() == precision, flat_color(image)]
    image, lines = drawing("gray")
    told["gray"] = [kept("gray", image, lines), image.get_base_type() == BASES["rgb"], flat_color(image)]
    image, lines = drawing()
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.WEB, 8, False, False, "")
    told["indexed"] = [kept("indexed", image, lines), image.get_base_type() == BASES["rgb"], flat_color(image)]
    image, lines = drawing()
    mask = lines.create_mask(Gimp.AddMaskType.BLACK)
    lines.add_mask(mask)
    told["masked"] = kept("masked", image, lines)
    image, lines = drawing()
    lines.set_visible(False)
    lines.set_opacity(30.0)
    lines.get_parent().set_visible(False)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 5, 5)
    told["hidden"] = [
        kept("hidden", image, None, lines=lines),
        lines.get_visible(),
        lines.get_opacity(),
        flat_color(image),
    ]
    image, lines = drawing()
    second = new_layer(image, "more", lines.get_parent(), 0)
    fill(second, 100, 80, 20, 10)
    told["group"] = [kept("group", image, None, lines=lines.get_parent()), names(image.get_layers())]
    image, _ = drawing()
    image.remove_layer(image.get_layer_by_name("Drawing"))
    told["opaque"] = [kept("opaque", image, None), tree(image.get_layers())]
    return told


def kept(name, image, layer, **settings):
    os.environ["NURIE_GIMP_KEEP"] = str(PLACE / f"{name}.png")
    (PLACE / "keep").write_text(name)
    return color(image, layer, **settings)


def flat_color(image):
    flats = image.get_layer_by_name("Flats")
    return list(flats.get_buffer().get(Gegl.Rectangle.new(60, 45, 1, 1), 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))


def refused():
    """One sentence each, and the image as it was."""
    told = {}
    image, lines = drawing()
    before = names(image.get_layers())
    told["no reference"] = color(image, lines, references=[])
    told["nothing wanted"] = color(image, lines, flats=False)
    told["no layer"] = color(image, lines, references=[], reference_layers=["Gone"])
    told["bad picture"] = color(image, lines, references=[str(PLACE / "bad.png")])
    told["same"] = names(image.get_layers()) == before
    other, elsewhere = drawing()
    told["elsewhere"] = color(image, lines, lines=elsewhere)
    other.delete()
    empty = Gimp.Image.new(9, 9, BASES["rgb"])
    told["empty"] = color(empty, None)
    told["colored"] = color(image, lines)
    told["own"] = color(image, lines, lines=image.get_layer_by_name("Flats"))
    Gimp.Selection.all(image)
    Gimp.edit_copy([lines])
    Gimp.edit_paste(lines, True)
    told["floating"] = color(image, lines)
    return told


def real():
    """The sample, by a real Nurie: what is seen is what Nurie writes itself."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(PLACE / "line.png")))
    told = {"error": color(image, None, shading="soft", reference_layers=[], by_color=True)}
    told["tree"] = names(image.get_layers())
    save(image, "real.png")
    return told


def undone():
    """In a window: after the coloring, somebody presses Ctrl+Z once."""
    image, lines = drawing()
    Gimp.Display.new(image)
    before = names(image.get_layers())
    told = {"error": color(image, lines), "colored": names(image.get_layers()) != before}
    (PLACE / "undo now").touch()
    for _ in range(100):
        if names(image.get_layers()) == before:
            break
        time.sleep(0.2)
    told["undone"] = names(image.get_layers()) == before
    return told


def main():
    Gegl.init(None)
    told = {}
    for step in os.environ["NURIE_GIMP_STEPS"].split():
        try:
            told[step] = {
                "painted": painted_between,
                "kinds": kinds,
                "refused": refused,
                "real": real,
                "undone": undone,
            }[step]()
        except Exception:
            told[step] = {"error": traceback.format_exc()}
    (PLACE / "told.json").write_text(json.dumps(told))


main()
