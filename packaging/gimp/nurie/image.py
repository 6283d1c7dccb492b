"""Layers of a GIMP image: which one is the lines, its pixels as a file, and colors put under it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
from coloring import CLEAR, GROUP, CannotColor, Made, guess, renewed, stacked
from gi.repository import Gegl, Gimp

PARASITE = "nurie"  # on our layers: {"tattoo": its own, "name": …, "lines": the tattoo of the lines, on groups}
_KEPT = 1 | 2  # GIMP_PARASITE_PERSISTENT, GIMP_PARASITE_UNDOABLE
_SAMPLE = 64  # places a row and a column where it is looked whether the lines are clear
_MODES = {"normal": "NORMAL", "multiply": "MULTIPLY", "screen": "SCREEN"}


def layer_of(drawables: Sequence[Any]) -> Any:
    """The layer among what is chosen in GIMP, or the one whose mask is; None for channels."""
    for one in drawables:
        if isinstance(one, Gimp.Layer):
            return one
        if isinstance(one, Gimp.LayerMask):
            return Gimp.Layer.from_mask(one)
    return None


class Image:
    """An image of GIMP."""

    def __init__(self, image: Any) -> None:
        self.image = image
        self.size = (image.get_width(), image.get_height())

    def layers(self) -> Iterator[tuple[Any, str]]:
        """Layers and groups from the top, each with its groups and name; those of Nurie are left out."""
        return _below(self.image.get_layers(), "")

    def folder(self) -> str | None:
        """The folder of the image's file; None where it has none on this computer."""
        file = self.image.get_file()
        path = file.get_path() if file is not None else None
        return str(Path(path).parent) if path else None

    def layer_at(self, path: str) -> Any:
        """The layer of these groups and name. Raises CannotColor where there is none."""
        found = next((layer for layer, one in self.layers() if one == path), None)
        if found is None:
            raise CannotColor(f"The image has no layer “{path}” for a reference: take it off the list.")
        return found

    def guessed_lines(self, active: Any) -> Any:
        """The layer of the lines: as chosen before, else by name and place. Raises CannotColor for an empty image."""
        found = list(self.layers())
        if not found:
            raise CannotColor("The image has no layer to color.")
        for group in self._own_groups(self.image.get_layers()):
            before = self.image.get_layer_by_tattoo(_lines_of(group))
            if before is not None and active in (None, before, group, *group.get_children()):
                return before
        number = active.get_id() if active is not None else -1
        chances = [
            (layer.get_name(), not layer.is_group() and _is_shown(layer), layer.get_id() == number)
            for layer, _ in found
        ]
        return found[guess(chances)][0]

    def require_colorable(self, lines: Any) -> None:
        """Raise CannotColor where layers cannot be put under the lines."""
        if not isinstance(lines, Gimp.Layer) or lines.get_image().get_id() != self.image.get_id():
            raise CannotColor("The lines are no layer of this image: choose another one.")
        if self.image.get_floating_sel() is not None:
            raise CannotColor("There is a floating selection: anchor it or make it a layer first (Layer menu).")
        if any(_mark(layer) is not None for layer in (lines, *_parents(lines))):
            raise CannotColor("The lines lie in what Nurie made: choose a layer of your own.")

    def require_unchanged(self, lines: Any) -> None:
        """Raise CannotColor where the image is no longer what was given to Nurie."""
        if not self.image.is_valid():
            raise CannotColor("The image was closed meanwhile.")
        if not lines.is_valid():
            raise CannotColor("The layer of the lines was deleted meanwhile.")
        if (self.image.get_width(), self.image.get_height()) != self.size:
            raise CannotColor("The image has another size than before: color it again.")
        self.require_colorable(lines)

    def export(self, layer: Any, path: Path) -> bool:
        """Write a layer, alone, as an 8-bit PNG of the image's size, with its masks and effects, whether it is shown or
        not; returns whether so much of it is clear that what lies under it is seen. Raises CannotColor.

        It is done on a copy of the image, which has no window and no undo.
        """
        places = [self.image.get_item_position(one) for one in (layer, *_parents(layer))][::-1]
        copy = self.image.duplicate()
        try:
            same = copy.get_layers()[places[0]]
            for place in places[1:]:
                same = same.get_children()[place]
            _show_alone(copy, same)
            if copy.get_base_type() != Gimp.ImageBaseType.RGB:
                copy.convert_rgb()
            merged = copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
            if merged is None:
                raise CannotColor(f"The layer “{layer.get_name()}” has no pixels; choose another one.")
            merged.resize_to_image_size()
            _write(merged.get_buffer(), path)
            return _is_clear(merged.get_buffer(), self.size)
        finally:
            copy.delete()

    def insert(self, lines: Any, made: Sequence[Made], *, below: bool) -> Any:
        """Put layers into a group under the lines, or over them, multiplied, as one step of undo; what Nurie put there
        before goes, and layers of the artist's in that group stay where they are. Returns the group."""
        chosen = self.image.get_selected_layers()
        self.image.undo_group_start()
        try:
            if self.image.get_base_type() != Gimp.ImageBaseType.RGB:
                self.image.convert_rgb()
            group = self._group(lines, below)
            self._renew(group, stacked(made))
            left = [one for one in chosen if one.is_valid()]
            self.image.set_selected_layers(left or [lines])
        finally:
            self.image.undo_group_end()
            Gimp.displays_flush()
        return group

    def _group(self, lines: Any, below: bool) -> Any:
        """The group of before, where it lies, or a new one beside the lines."""
        for group in self._own_groups(self.image.get_layers()):
            if _lines_of(group) == lines.get_tattoo():
                return group
        group = Gimp.GroupLayer.new(self.image, GROUP)
        place = self.image.get_item_position(lines) + (1 if below else 0)
        _blend(group, "normal" if below else "multiply")
        _set_mark(group, {"lines": lines.get_tattoo()})
        self.image.insert_layer(group, lines.get_parent(), place)
        return group

    def _own_groups(self, layers: Sequence[Any]) -> Iterator[Any]:
        for layer in layers:
            if layer.is_group():
                if _lines_of(layer) is not None:
                    yield layer
                yield from self._own_groups(layer.get_children())

    def _renew(self, group: Any, new: dict[str, list[Made]]) -> None:
        """Let the group hold these layers, and between them those of the artist's that it holds."""
        before = [(child, (_mark(child) or {}).get("name")) for child in self._without_folders(group)]
        for layer, name in before:
            if name is not None:
                self.image.remove_layer(layer)  # first: GIMP has no name twice
        for place, (own, name) in enumerate(renewed(before, list(new))):
            if own is not None:
                self.image.reorder_item(own, group, place)
            elif not new[name][0].group:
                self._add(group, new[name][0], place)
            else:
                folder = Gimp.GroupLayer.new(self.image, name)
                _blend(folder, "normal")
                _set_mark(folder, {"name": name})
                self.image.insert_layer(folder, group, place)
                for number, one in enumerate(new[name]):
                    self._add(folder, one, number)

    def _without_folders(self, group: Any) -> list[Any]:
        """What the group holds, from the top; what the artist put into a folder of Nurie's lies over it from now on."""
        for child in group.get_children():
            if _mark(child) is not None and child.is_group():
                for one in child.get_children():
                    if _mark(one) is None:
                        self.image.reorder_item(one, group, self.image.get_item_position(child))
        return group.get_children()

    def _add(self, parent: Any, one: Made, place: int) -> None:
        width, height = self.size
        layer = Gimp.Layer.new(
            self.image, one.name, width, height, Gimp.ImageType.RGBA_IMAGE, one.opacity / 2.55, Gimp.LayerMode.NORMAL
        )
        _read(one.path, layer.get_buffer())
        layer.update(0, 0, width, height)
        _blend(layer, one.blend)
        layer.set_visible(one.is_visible)
        _set_mark(layer, {"name": one.name})
        self.image.insert_layer(layer, parent, place)


def _below(layers: Sequence[Any], path: str) -> Iterator[tuple[Any, str]]:
    for layer in layers:
        if layer.is_group() and _mark(layer) is not None:
            continue
        yield layer, path + layer.get_name()
        if layer.is_group():
            yield from _below(layer.get_children(), path + layer.get_name() + "/")


def _parents(layer: Any) -> list[Any]:
    parent = layer.get_parent()
    return [parent, *_parents(parent)] if parent is not None else []


def _is_shown(layer: Any) -> bool:
    return all(one.get_visible() for one in (layer, *_parents(layer)))


def _show_alone(image: Any, layer: Any) -> None:
    """Let a copy show this layer and what is in it, as it is by itself."""
    image.reorder_item(layer, None, 0)
    for one in image.get_layers():
        if one.get_id() != layer.get_id():
            image.remove_layer(one)
    layer.set_visible(True)
    layer.set_opacity(100.0)
    if not layer.is_group():
        layer.set_mode(Gimp.LayerMode.NORMAL)


def _mark(layer: Any) -> dict[str, Any] | None:
    """What Nurie noted on a layer of its own; None on others, also on copies of its own, which have another tattoo."""
    parasite = layer.get_parasite(PARASITE)
    if parasite is None:
        return None
    try:
        told = json.loads(bytes(parasite.get_data()).decode("utf-8"))
    except ValueError:
        return None
    is_ours = isinstance(told, dict) and told.get("tattoo") == layer.get_tattoo()
    return told if is_ours and (isinstance(told.get("name"), str) or isinstance(told.get("lines"), int)) else None


def _lines_of(layer: Any) -> int | None:
    """The tattoo of the lines that a group of ours is for; None for other layers."""
    return (_mark(layer) or {}).get("lines")


def _set_mark(layer: Any, told: dict[str, Any]) -> None:
    """Before the layer is inserted: afterwards it is a step of undo by itself, at whose redoing GIMP 3.0 complains."""
    data = json.dumps({**told, "tattoo": layer.get_tattoo()}).encode("utf-8")
    layer.attach_parasite(Gimp.Parasite.new(PARASITE, _KEPT, data))


def _blend(layer: Any, blend: str) -> None:
    """As Nurie mixes: in sRGB values, while GIMP's own choice is light."""
    layer.set_mode(getattr(Gimp.LayerMode, _MODES.get(blend, "NORMAL")))
    layer.set_blend_space(Gimp.LayerColorSpace.RGB_PERCEPTUAL)
    layer.set_composite_space(Gimp.LayerColorSpace.RGB_PERCEPTUAL)


def _write(buffer: Any, path: Path) -> None:
    _processed(("gegl:buffer-source", {"buffer": buffer}), ("gegl:png-save", {"path": str(path), "bitdepth": 8}))
    if not path.is_file():
        raise CannotColor("The lines cannot be saved for Nurie: is there room in the folder for temporary files?")


def _read(path: Path, buffer: Any) -> None:
    _processed(("gegl:png-load", {"path": str(path)}), ("gegl:write-buffer", {"buffer": buffer}))
    buffer.flush()


def _processed(first: tuple[str, dict[str, Any]], last: tuple[str, dict[str, Any]]) -> None:
    """Run one operation of GEGL into another."""
    graph = Gegl.Node()
    nodes = []
    for name, values in (first, last):
        node = graph.create_child(name)
        for key, value in values.items():
            node.set_property(key, value)
        nodes.append(node)
    nodes[0].link(nodes[1])
    nodes[1].process()


def _is_clear(buffer: Any, size: tuple[int, int]) -> bool:
    width, height = size
    alpha = bytes(buffer.get(Gegl.Rectangle.new(0, 0, width, height), 1.0, "A u8", Gegl.AbyssPolicy.NONE))
    places = [(x * width // _SAMPLE, y * height // _SAMPLE) for y in range(_SAMPLE) for x in range(_SAMPLE)]
    seen = sum(alpha[y * width + x] > 127 for x, y in places)
    return seen < (1 - CLEAR) * len(places)
