"""Layers of a Krita document: which one is the lines, its pixels as a file, and colors put under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .qt import QtCore, QtGui

GROUP, FLATS = "Nurie", "Flats"
OWN = {"Flats", "Colors", "Paint", "Shading", "Highlights"}  # what Nurie calls its layers
LEFT_OUT = {"Paper", "Line", "Rough", "merged"}  # of what it writes: the document has these itself
SRGB = "sRGB-elle-V2-srgbtrc.icc"
_LINES = re.compile(
    r"(?i)(?<![a-z])(line ?art|line ?work|lines?|ink(s|ing|ed)?|outlines?)(?![a-z])|線画|主線|清書|ペン入れ"
)
_FOLDERS = ("grouplayer",)
_CLEAR = 0.25  # of the picture that is transparent in lines under which colors are seen


class CannotColor(Exception):
    """What is missing, in one sentence for the artist."""


def leaves(node: Any, groups: tuple[str, ...] = ()) -> Iterator[tuple[Any, str]]:
    """The layers in a node, from the bottom to the top, with folders and name; those of Nurie are left out."""
    for child in node.childNodes():
        if child.type() in _FOLDERS and child.name() == GROUP:
            continue
        if child.type() in _FOLDERS:
            yield from leaves(child, (*groups, child.name()))
        elif child.type().endswith("layer"):
            yield child, "/".join((*groups, child.name()))


def find_lines(document: Any, chosen: str = "") -> Any:
    """The layer of the lines: the chosen one, the active one where its name says so, the highest that is named so, else
    the active one. Raises CannotColor."""
    found = list(leaves(document.rootNode()))
    if not found:
        raise CannotColor("The image has no layer to color.")
    if chosen:
        named = [node for node, path in found if path == chosen]
        if not named:
            raise CannotColor(f"The image has no layer “{chosen}” any more; choose the lines again.")
        return named[-1]
    lines = [node for node, path in found if node.visible() and _LINES.search(path.rpartition("/")[2])]
    active = document.activeNode()
    mine = [node for node, _ in found if active is not None and node.uniqueId() == active.uniqueId()]
    if mine and (not lines or mine[0] in lines):
        return mine[0]
    if lines:
        return lines[-1]
    visible = [node for node, _ in found if node.visible()]
    return (visible or [node for node, _ in found])[-1]


def picture_of(document: Any, node: Any) -> Any:
    """A layer as a QImage of the document's size, with its masks, in sRGB. Raises CannotColor."""
    width, height = document.width(), document.height()
    plain = node.colorModel() == "RGBA" and node.colorDepth() == "U8" and "srgb" in node.colorProfile().lower()
    if not plain:
        if node.type() in _FOLDERS:
            raise CannotColor("Choose a layer for the lines, not a group, or convert the image to 8 bits.")
        node = node.duplicate()
        if not node.setColorSpace("RGBA", "U8", SRGB):
            raise CannotColor(f"The layer “{node.name()}” cannot be converted to 8-bit RGB.")
    data = bytes(node.projectionPixelData(0, 0, width, height))
    if len(data) != width * height * 4:
        raise CannotColor(f"The layer “{node.name()}” has no pixels; choose another one.")
    form = getattr(QtGui.QImage, "Format", QtGui.QImage).Format_ARGB32
    return QtGui.QImage(data, width, height, width * 4, form).copy()


def is_clear(picture: Any) -> bool:
    """Whether so much of a picture is transparent that what lies under it is seen."""
    small = picture.scaled(64, 64)
    seen = sum(QtGui.qAlpha(small.pixel(x, y)) > 127 for y in range(64) for x in range(64))
    return seen < (1 - _CLEAR) * 64 * 64


class Made:
    """A layer that Nurie wrote as a PNG of the image's size, with what it is in the file's text."""

    def __init__(self, path: Path) -> None:
        self.picture = QtGui.QImage(str(path))
        if self.picture.isNull():
            raise CannotColor(f"What Nurie made cannot be read: {path.name}.")
        self.name = self.picture.text("Layer") or path.stem[3:]
        self.blend = self.picture.text("Blend mode") or "normal"
        self.opacity = int(self.picture.text("Opacity") or 255)
        self.visible = self.picture.text("Visible") != "no"
        self.group = self.picture.text("Group")


def read(folder: Path) -> list[Made]:
    """What Nurie wrote into a folder, from the bottom to the top, without what the document has itself."""
    paths = sorted(path for path in folder.glob("*.png") if path.stem != "merged")
    found = [Made(path) for path in paths]
    return [one for one in found if one.group or one.name not in LEFT_OUT]


def insert(document: Any, lines: Any, made: list[Made], below: bool) -> Any:
    """Put the layers into a group under the lines, or over them, multiplied; what Nurie put there before goes.

    Returns the group. Layers of the artist's in the group of before are taken over.
    """
    strangers = _remove_before(document)
    group = document.createGroupLayer(GROUP)
    _place(document, lines, group, below)
    if not below:
        group.setBlendingMode("multiply")
    folders: dict[str, Any] = {}
    for one in made:
        parent = group
        if one.group:
            if one.group not in folders:
                folders[one.group] = document.createGroupLayer(one.group)
                group.addChildNode(folders[one.group], None)
            parent = folders[one.group]
        parent.addChildNode(_layer(document, one), None)
    for node in strangers:
        group.addChildNode(node, None)
    document.refreshProjection()
    return group


def _remove_before(document: Any) -> list[Any]:
    """Take away the groups of before; the layers in them that are not Nurie's."""
    strangers: list[Any] = []
    for group in _groups(document.rootNode()):
        for child in group.childNodes():
            if child.name() not in OWN:
                child.remove()
                strangers.append(child)
        group.remove()
    return strangers


def _groups(node: Any) -> list[Any]:
    found = []
    for child in node.childNodes():
        if child.type() in _FOLDERS:
            found += [child] if child.name() == GROUP else _groups(child)
    return found


def _place(document: Any, lines: Any, group: Any, below: bool) -> None:
    """Krita puts a layer over another one, or on top of all; under the lowest one it comes by lifting that."""
    parent = lines.parentNode()
    if not below:
        parent.addChildNode(group, lines)
        return
    siblings = parent.childNodes()
    names = [one.uniqueId() for one in siblings]
    at = names.index(lines.uniqueId())
    if at > 0:
        parent.addChildNode(group, siblings[at - 1])
        return
    parent.addChildNode(group, lines)
    lines.remove()
    parent.addChildNode(lines, group)


def _layer(document: Any, one: Made) -> Any:
    node = document.createNode(one.name, "paintlayer")
    node.setColorSpace("RGBA", "U8", SRGB)
    form = getattr(QtGui.QImage, "Format", QtGui.QImage).Format_ARGB32
    picture = one.picture.convertToFormat(form)
    bits = picture.constBits()
    if hasattr(bits, "setsize"):
        bits.setsize(picture.sizeInBytes())
    node.setPixelData(QtCore.QByteArray(bytes(bits)), 0, 0, picture.width(), picture.height())
    node.setBlendingMode(one.blend)
    node.setOpacity(one.opacity)
    node.setVisible(one.visible)
    return node
