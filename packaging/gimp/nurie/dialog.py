"""The dialog: which layer is the lines, what the colors are taken from, which layers are wanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from coloring import PICTURES  # noqa: E402
from gi.repository import Gdk, Gimp, GimpUi, Gtk  # noqa: E402
from image import Image, layer_of  # noqa: E402

LAST = "nurie-last"  # on the image, as long as it is open: what was chosen there, also where the run was cancelled
_LISTS = ("references", "reference-layers")
_KEPT = (*_LISTS, "flats", "by-color", "shading", "highlights")
_PATH, _IS_LAYER, _SHOWN = range(3)  # columns of the list: a file's path or a layer's, which of both, its text


def ask(procedure: Any, config: Any, picture: Image, drawables: list[Any]) -> bool:
    """Let the artist choose; what was chosen stands in `config` afterwards. Returns whether to go on."""
    GimpUi.init(procedure.get_name())
    active = layer_of(drawables)
    layers = list(picture.layers())
    _restore(config, picture)
    dialog = GimpUi.ProcedureDialog.new(procedure, config, "Color with Nurie")
    dialog.set_ok_label("C_olor")
    references = References(dialog, config, picture)
    lines = _lines(picture, layers, active)
    area = dialog.get_content_area()
    for title, widget in (("_Lines", lines), ("_References", references.widget)):
        label = Gtk.Label.new_with_mnemonic(title)
        label.set_xalign(0)
        label.set_mnemonic_widget(references.list if widget is references.widget else widget)
        area.pack_start(label, False, False, 3)
        area.pack_start(widget, widget is references.widget, True, 3)
    dialog.fill(["flats", "by-color", "shading", "highlights"])
    dialog.set_sensitive("by-color", True, config, "flats", False)
    for sentence in _said(picture):
        hint = Gtk.Label(label=sentence, xalign=0, wrap=True, max_width_chars=50)
        area.pack_start(hint, False, False, 3)
    area.show_all()
    going_on = dialog.run()
    if going_on:
        number = int(lines.get_active_id())
        config.set_property("lines", Gimp.Layer.get_by_id(number) if number else None)
        _remember(config, picture)
    dialog.destroy()
    return going_on


def _said(picture: Image) -> list[str]:
    found = []
    if picture.image.get_base_type() != Gimp.ImageBaseType.RGB:
        found.append("The image has no room for colors: it becomes an RGB image, which Undo takes back, too.")
    if not Gimp.Selection.is_empty(picture.image):
        found.append("The selection does not count: the whole image is colored.")
    return found


def _lines(picture: Image, layers: list[tuple[Any, str]], active: Any) -> Any:
    """All layers, and before them the one that seems to be the lines."""
    box = Gtk.ComboBoxText()
    if layers:
        guessed = picture.guessed_lines(active)
        path = next((path for layer, path in layers if layer.get_id() == guessed.get_id()), guessed.get_name())
        box.append("0", f"Automatic: {path}")
    for layer, path in layers:
        box.append(str(layer.get_id()), path)
    box.set_active(0)
    box.set_tooltip_text("The layer or group of the lines; all that lies in a group is taken together")
    return box


class References:
    """The list of pictures that colors are taken from: files, also dropped ones, and layers of the image."""

    def __init__(self, dialog: Any, config: Any, picture: Image) -> None:
        self._dialog, self._config = dialog, config
        self._paths = [path for _, path in picture.layers()]
        self._folder = picture.folder()
        self._rows = Gtk.ListStore(str, bool, str)
        self.list = Gtk.TreeView(model=self._rows, headers_visible=False)
        self.list.append_column(Gtk.TreeViewColumn("", Gtk.CellRendererText(), text=_SHOWN))
        self.list.get_selection().set_mode(Gtk.SelectionMode.MULTIPLE)
        self.list.set_tooltip_text("Pictures that the colors are taken from; drop files here")
        self.list.drag_dest_set(Gtk.DestDefaults.ALL, [], Gdk.DragAction.COPY)
        self.list.drag_dest_add_uri_targets()
        self.list.connect("drag-data-received", self._dropped)
        scrolled = Gtk.ScrolledWindow(min_content_height=90, shadow_type=Gtk.ShadowType.IN)
        scrolled.add(self.list)
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self.widget.pack_start(scrolled, True, True, 0)
        self.widget.pack_start(self._buttons(), False, False, 0)
        for name in _LISTS:
            config.connect(f"notify::{name}", self._show)
        self._show()

    def _buttons(self) -> Any:
        row = Gtk.Box(spacing=6)
        files = Gtk.Button.new_with_mnemonic("_Add Files…")
        files.connect("clicked", self._choose)
        menu = Gtk.Menu()
        for path in self._paths:
            item = Gtk.MenuItem(label=path)
            item.connect("activate", lambda _, path=path: self._add("reference-layers", [path]))
            menu.append(item)
        menu.show_all()
        layers = Gtk.MenuButton(label="Add La_yer", use_underline=True, popup=menu)
        remove = Gtk.Button.new_with_mnemonic("Remo_ve")
        remove.connect("clicked", self._remove)
        for button in (files, layers, remove):
            row.pack_start(button, True, True, 0)
        return row

    def _show(self, *_: Any) -> None:
        """Let the list have what the settings have, also when GIMP's own buttons put others there."""
        self._rows.clear()
        for path in self._config.get_property("references") or ():
            self._rows.append([path, False, Path(path).name])
        for path in self._config.get_property("reference-layers") or ():
            if path in self._paths:
                self._rows.append([path, True, f"Layer: {path}"])

    def _add(self, name: str, paths: Sequence[str]) -> None:
        self._config.set_property(name, [*(self._config.get_property(name) or ()), *paths])

    def _choose(self, _button: Any) -> None:
        chooser = Gtk.FileChooserNative(
            title="References", transient_for=self._dialog, action=Gtk.FileChooserAction.OPEN, select_multiple=True
        )
        kinds = Gtk.FileFilter()
        kinds.set_name("Pictures")
        for ending in PICTURES:
            kinds.add_pattern(f"*.{ending}")
            kinds.add_pattern(f"*.{ending.upper()}")
        chooser.add_filter(kinds)
        if self._folder is not None:
            chooser.set_current_folder(self._folder)
        if chooser.run() == Gtk.ResponseType.ACCEPT:
            self._add("references", chooser.get_filenames())
        chooser.destroy()

    def _dropped(self, _list: Any, _context: Any, _x: int, _y: int, data: Any, *_: Any) -> None:
        parts = [urlparse(uri) for uri in data.get_uris()]
        self._add("references", [url2pathname(one.path) for one in parts if one.scheme == "file"])

    def _remove(self, _button: Any) -> None:
        chosen = {row.get_indices()[0] for row in self.list.get_selection().get_selected_rows()[1]}
        left = [row[:] for number, row in enumerate(self._rows) if number not in chosen]
        for name, is_layer in zip(_LISTS, (False, True), strict=True):
            self._config.set_property(name, [row[_PATH] for row in left if row[_IS_LAYER] == is_layer])


def _remember(config: Any, picture: Image) -> None:
    """Let the image know what was chosen, until it is closed: GIMP remembers only what came to its end."""
    told = {name: config.get_property(name) for name in _KEPT}
    picture.image.attach_parasite(Gimp.Parasite.new(LAST, 0, json.dumps(told).encode("utf-8")))


def _restore(config: Any, picture: Image) -> None:
    config.set_property("lines", None)
    parasite = picture.image.get_parasite(LAST)
    told = json.loads(bytes(parasite.get_data()).decode("utf-8")) if parasite is not None else {}
    for name in _KEPT:
        if name in told:
            config.set_property(name, told[name])
    paths = {path for _, path in picture.layers()}
    layers = config.get_property("reference-layers") or ()
    config.set_property("reference-layers", [path for path in layers if path in paths])
