"""As much of Krita's Python as the plug-in uses, and Qt under the name that Krita's has."""

from __future__ import annotations

import types
from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

SIZE = (24, 16)  # width, height


class Node:
    """A layer or a folder."""

    def __init__(self, name: str, kind: str = "paintlayer", pixels: bytes | None = None) -> None:
        self._name, self._kind, self._children = name, kind, []
        self.pixels = pixels or bytes(SIZE[0] * SIZE[1] * 4)
        self._parent: Node | None = None
        self._id, self.depth, self.blend, self.alpha, self.shown = QtCore.QUuid.createUuid(), "U8", "normal", 255, True

    def name(self) -> str:
        return self._name

    def type(self) -> str:
        return self._kind

    def uniqueId(self) -> QtCore.QUuid:
        return self._id

    def visible(self) -> bool:
        return self.shown

    def childNodes(self) -> list[Node]:
        return list(self._children)

    def parentNode(self) -> Node | None:
        return self._parent

    def addChildNode(self, child: Node, above: Node | None) -> bool:
        assert child._parent is None, "Krita takes no layer that lies elsewhere"
        at = len(self._children) if above is None else self._children.index(above) + 1
        self._children.insert(at, child)
        child._parent = self
        return True

    def remove(self) -> bool:
        assert self._parent is not None
        self._parent._children.remove(self)
        self._parent = None
        return True

    def duplicate(self) -> Node:
        found = Node(self._name, self._kind, self.pixels)
        found.depth = self.depth
        return found

    def colorModel(self) -> str:
        return "RGBA"

    def colorDepth(self) -> str:
        return self.depth

    def colorProfile(self) -> str:
        return "sRGB-elle-V2-srgbtrc.icc"

    def setColorSpace(self, _model: str, depth: str, _profile: str) -> bool:
        self.depth = depth
        return True

    def projectionPixelData(self, *_: int) -> QtCore.QByteArray:
        return QtCore.QByteArray(self.pixels if self.depth == "U8" else self.pixels * 2)

    def setPixelData(self, data: QtCore.QByteArray, *_: int) -> None:
        self.pixels = bytes(data.data())

    def setBlendingMode(self, blend: str) -> None:
        self.blend = blend

    def setOpacity(self, alpha: int) -> None:
        self.alpha = alpha

    def setVisible(self, shown: bool) -> None:
        self.shown = shown


class Document:
    """An image."""

    def __init__(self) -> None:
        self.root = Node("root", "grouplayer")
        self.active: Node | None = None
        self.refreshed = 0
        self.annotations: dict[str, QtCore.QByteArray] = {}

    def annotation(self, key: str) -> QtCore.QByteArray:
        return self.annotations.get(key, QtCore.QByteArray())

    def setAnnotation(self, key: str, _about: str, data: QtCore.QByteArray) -> None:
        self.annotations[key] = data

    def rootNode(self) -> Node:
        return self.root

    def activeNode(self) -> Node | None:
        return self.active

    def width(self) -> int:
        return SIZE[0]

    def height(self) -> int:
        return SIZE[1]

    def createGroupLayer(self, name: str) -> Node:
        return Node(name, "grouplayer")

    def createNode(self, name: str, kind: str) -> Node:
        return Node(name, kind)

    def refreshProjection(self) -> None:
        self.refreshed += 1


class Application:
    """Krita itself."""

    def __init__(self) -> None:
        self.document: Document | None = None
        self.added: list[Any] = []

    def activeDocument(self) -> Document | None:
        return self.document

    def documents(self) -> list[Document]:
        return [self.document] if self.document is not None else []

    def dockers(self) -> list[Any]:
        return []

    def addExtension(self, one: Any) -> None:
        self.added.append(one)

    def addDockWidgetFactory(self, one: Any) -> None:
        self.added.append(one)


def modules(application: Application) -> dict[str, types.ModuleType]:
    """What `import krita` and `import PyQt5` give."""

    class Krita:
        @staticmethod
        def instance() -> Application:
            return application

    class DockWidgetFactoryBase:
        DockRight = 1

    class Extension(QtCore.QObject):
        def __init__(self, _parent: Any) -> None:
            super().__init__()

    krita: Any = types.ModuleType("krita")
    krita.Krita, krita.DockWidgetFactoryBase, krita.Extension = Krita, DockWidgetFactoryBase, Extension
    krita.DockWidget, krita.DockWidgetFactory = QtWidgets.QDockWidget, lambda *words: words
    qt: Any = types.ModuleType("PyQt5")
    qt.QtCore, qt.QtGui, qt.QtWidgets = QtCore, QtGui, QtWidgets
    return {"krita": krita, "PyQt5": qt}
