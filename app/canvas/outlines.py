"""Which region lies where, and its outline to be painted over the picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.line_art.regions import RegionMap

Point = tuple[int, int]

LOOKING_SIZE = 2048  # outlines of larger drawings are looked up in every n-th pixel
KEPT = 64


class RegionOutlines:
    """Answers for one map of regions. Outlines are made when they are first asked for."""

    def __init__(self, regions: RegionMap) -> None:
        self.regions = regions
        self._stride = max(1, -(-max(regions.labels.shape) // LOOKING_SIZE))
        self._labels = regions.labels[:: self._stride, :: self._stride]
        self._paths: dict[int, QPainterPath] = {}
        self._background: int | None = None
        self._sizes: NDArray[np.int64] | None = None  # of the regions, in pixels that are looked up

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the drawing."""
        height, width = self.regions.labels.shape
        return width, height

    def label_at(self, x: int, y: int) -> int:
        """The region of a pixel, from 1."""
        return int(self.regions.labels[y, x])

    @property
    def background(self) -> int:
        """The region that goes along most of the picture's edge, 0 where none has a third of it."""
        if self._background is None:
            import numpy as np

            labels = self._labels
            edge = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
            counts = np.bincount(edge)
            most = int(counts.argmax())
            self._background = most if 3 * counts[most] >= len(edge) and self.regions.count > 1 else 0
        return self._background

    def labels_along(self, points: Sequence[Point]) -> dict[int, Point]:
        """The regions that a stroke from point to point runs through, each with a pixel of it on the stroke."""
        found: dict[int, Point] = {}
        for place in points[:1]:
            found[self.label_at(*place)] = place
        for (x, y), (end_x, end_y) in pairwise(points):
            steps = max(abs(end_x - x), abs(end_y - y), 1)
            for step in range(1, steps + 1):
                place = x + round((end_x - x) * step / steps), y + round((end_y - y) * step / steps)
                found.setdefault(self.label_at(*place), place)
        return found

    def labels_inside(self, outline: Sequence[Point]) -> dict[int, Point]:
        """The regions that lie inside an outline with more than half of their pixels, each with a pixel of it."""
        import cv2
        import numpy as np

        mask = np.zeros(self._labels.shape, np.uint8)
        cv2.fillPoly(mask, [np.asarray(outline, np.int32) // self._stride], 1)
        return self._mostly_in(mask)

    def labels_under(self, points: Sequence[Point], width: float) -> dict[int, Point]:
        """The regions that a brush runs through with its middle, or covers with more than half of their pixels."""
        import cv2
        import numpy as np

        mask = np.zeros(self._labels.shape, np.uint8)
        thick = max(1, round(width / self._stride))
        places = np.asarray(points, np.int32) // self._stride
        cv2.polylines(mask, [places], False, 1, thick)
        for x, y in places.tolist():
            cv2.circle(mask, (x, y), thick // 2, 1, -1)
        return self._mostly_in(mask) | self.labels_along(points)

    def _mostly_in(self, mask: NDArray[np.uint8]) -> dict[int, Point]:
        import cv2
        import numpy as np

        if self._sizes is None:
            self._sizes = np.bincount(self._labels.reshape(-1), minlength=self.regions.count + 1)
        x, y, width, height = cv2.boundingRect(mask)
        if not width or not height:
            return {}
        rows, columns = np.nonzero(mask[y : y + height, x : x + width])
        labels = self._labels[y : y + height, x : x + width][rows, columns]
        found: dict[int, Point] = {}
        for label, count in zip(*np.unique(labels, return_counts=True), strict=True):
            if 2 * count > self._sizes[label]:
                at = np.flatnonzero(labels == label)
                middle = at[len(at) // 2]
                found[int(label)] = (
                    int((columns[middle] + x) * self._stride),
                    int((rows[middle] + y) * self._stride),
                )
        return found

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
