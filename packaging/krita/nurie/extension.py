"""The entry in Tools › Scripts."""

from __future__ import annotations

from typing import Any

# pyright: reportMissingImports=false
from krita import Extension, Krita

from .docker import ID


class NurieExtension(Extension):
    """Adds *Color with Nurie*, which shows the docker and presses its button."""

    def setup(self) -> None:  # noqa: D102 (Krita's)
        pass

    def createActions(self, window: Any) -> None:  # noqa: D102 (Krita's)
        action = window.createAction("nurie_color", "Color with Nurie", "tools/scripts")
        action.triggered.connect(_color)


def _color() -> None:
    docker = next((one for one in Krita.instance().dockers() if one.objectName() == ID), None)
    if docker is not None:
        docker.show()
        docker.raise_()
        docker.color()
