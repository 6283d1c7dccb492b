"""Layers of a Krita document: which one is the lines, its pixels as a file, and colors put under it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from .coloring import CLEAR, GROUP, CannotColor, Made, guess, renewed, stacked
from .qt import QtCore, QtGui

OWN = {"Flats", "Colors", "Paint", "Shading", "Highlights"}  # what Nurie calls its layers
NOTE = "nurie_layers"  # the document's annotation with the identities of all layers that Nurie ever put into it
SRGB = "sRGB-elle-V2-srgbtrc.icc"
_FOLDERS = ("grouplayer",)


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
    active = document.activeNode()
    from_top = found[::-1]
    chances = [
        (path.rpartition("/")[2], node.visible(), active is not None and node.uniqueId() == active.uniqueId())
        for node, path in from_top
    ]
    return from_top[guess(chances)][0]


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
    return seen < (1 - CLEAR) * 64 * 64


def insert(document: Any, lines: Any, made: Sequence[Made], below: bool) -> Any:
    """Put the layers into a group under the lines, or over them, multiplied; what Nurie put there before goes.

    Returns the group. Layers of the artist's in the group of before are taken over.
    """
    before = _remove_before(document)
    group = document.createGroupLayer(GROUP)
    _place(document, lines, group, below)
    if not below:
        group.setBlendingMode("multiply")
    new = stacked(made)
    added = [group]
    for own, name in reversed(renewed(before, list(new))):
        if own is not None:
            group.addChildNode(own, None)
            continue
        parent = group
        if new[name][0].group:
            parent = document.createGroupLayer(name)
            group.addChildNode(parent, None)
            added.append(parent)
        for one in reversed(new[name]):
            added.append(_layer(document, one))
            parent.addChildNode(added[-1], None)
    _note(document, added)
    document.refreshProjection()
    return group


def _remove_before(document: Any) -> list[tuple[Any, str | None]]:
    """Take away the groups of before; what lay in them, from the top, with its name where it is Nurie's. What the
    artist put into a folder of Nurie's comes before that folder."""
    found: list[tuple[Any, str | None]] = []
    known = _noted(document)
    for group in _groups(document.rootNode()):
        for child in reversed(group.childNodes()):
            is_ours = _identity(child) in known if known else child.name() in OWN
            inside = child.childNodes() if is_ours and known and child.type() in _FOLDERS else []
            for one in reversed(inside):
                if _identity(one) not in known:
                    one.remove()
                    found.append((one, None))
            child.remove()
            found.append((child, child.name() if is_ours else None))
        group.remove()
    return found


def _noted(document: Any) -> set[str]:
    """The identities of Nurie's layers; empty in a document that came as a PSD, where names have to do."""
    try:
        told = json.loads(bytes(document.annotation(NOTE)).decode("utf-8"))
    except ValueError:
        return set()
    return {one for one in told if isinstance(one, str)} if isinstance(told, list) else set()


def _note(document: Any, added: Sequence[Any]) -> None:
    """Those of before stay noted, for Undo brings them back."""
    told = sorted(_noted(document) | {_identity(node) for node in added})
    document.setAnnotation(NOTE, "Layers of Nurie", QtCore.QByteArray(json.dumps(told).encode("utf-8")))


def _identity(node: Any) -> str:
    return str(node.uniqueId().toString())


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
    picture = QtGui.QImage(str(one.path)).convertToFormat(form)
    if picture.isNull():
        raise CannotColor(f"What Nurie made cannot be read: {one.path.name}.")
    bits = picture.constBits()
    if hasattr(bits, "setsize"):
        bits.setsize(picture.sizeInBytes())
    node.setPixelData(QtCore.QByteArray(bytes(bits)), 0, 0, picture.width(), picture.height())
    node.setBlendingMode(one.blend)
    node.setOpacity(one.opacity)
    node.setVisible(one.is_visible)
    return node
