"""Which region lies where, and its outline to be painted over the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

if TYPE_CHECKING:
    from engine.line_art.regions import RegionMap

LOOKING_SIZE = 2048  # outlines of larger drawings are looked up in every n-th pixel
KEPT = 64


class RegionOutlines:
    """Answers for one map of regions. Outlines are made when they are first asked for."""

    def __init__(self, regions: RegionMap) -> None:
        self.regions = regions
        self._stride = max(1, -(-max(regions.labels.shape) // LOOKING_SIZE))
        self._labels = regions.labels[:: self._stride, :: self._stride]
        self._paths: dict[int, QPainterPath] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the drawing."""
        height, width = self.regions.labels.shape
        return width, height

    def label_at(self, x: int, y: int) -> int:
        """The region of a pixel, from 1."""
        return int(self.regions.labels[y, x])

    def path_of(self, label: int) -> QPainterPath:
        """The outline of a region, in pixels of the drawing."""
        path = self._paths.get(label)
        if path is None:
            path = self._paths[label] = self._trace(label)
            for old in list(self._paths)[:-KEPT]:
                del self._paths[old]
        return path

    def _trace(self, label: int) -> QPainterPath:
        import cv2
        import numpy as np

        mask = (self._labels == label).astype(np.uint8)
        path = QPainterPath()
        x, y, width, height = cv2.boundingRect(mask)
        if not width or not height:
            return path
        part = np.pad(mask[y : y + height, x : x + width], 1)
        # Twice as large, the outline of pixels and not of their middles.
        contours, _ = cv2.findContours(
            np.asarray(cv2.resize(part, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST), np.uint8),
            cv2.RETR_CCOMP,
            cv2.CHAIN_APPROX_SIMPLE,
        )
        step = self._stride / 2
        for contour in contours:
            points = cv2.approxPolyDP(contour, 1.5, True).reshape(-1, 2)
            corner = (x - 1) * self._stride, (y - 1) * self._stride
            path.addPolygon(
                QPolygonF([QPointF((px + 0.5) * step + corner[0], (py + 0.5) * step + corner[1]) for px, py in points])
            )
            path.closeSubpath()
        return path
