"""Where the picture lies in the view: plain arithmetic, no Qt."""

import math
from dataclasses import dataclass, replace

MIN_SCALE = 1 / 64
MAX_SCALE = 64.0
SMALL_MARGIN = 0.06  # of the shorter side of a view, at most
KEPT_IN_VIEW = 48.0  # so much of the picture can always be seen, however far it is pushed
_COSINES = (1.0, 0.0, -1.0, 0.0)  # of quarter turns, exactly


@dataclass(frozen=True)
class Viewport:
    """view = mirror · rotation · scale · picture + offset; the units of the view are up to the caller.

    picture, view: width and height. scale: view pixels a picture pixel. x, y: where the picture's corner lies.
    angle: degrees in [0, 360), clockwise before the mirror. mirrored: left and right exchanged, after the rotation.
    """

    picture: tuple[int, int] = (1, 1)
    view: tuple[float, float] = (1.0, 1.0)
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    angle: float = 0.0
    mirrored: bool = False

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The point of the picture under a point of the view."""
        m11, m12, m21, m22 = self.matrix
        dx, dy, area = x - self.x, y - self.y, m11 * m22 - m12 * m21
        return (m22 * dx - m21 * dy) / area, (m11 * dy - m12 * dx) / area

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """The point of the view over a point of the picture."""
        m11, m12, m21, m22 = self.matrix
        return m11 * x + m21 * y + self.x, m12 * x + m22 * y + self.y

    @property
    def matrix(self) -> tuple[float, float, float, float]:
        """m11, m12, m21, m22 in the order of QTransform: view x = m11·x + m21·y, view y = m12·x + m22·y."""
        quarter, rest = divmod(self.angle, 90.0)
        if rest:
            cosine, sine = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        else:
            cosine, sine = _COSINES[int(quarter) % 4], _COSINES[int(quarter - 1) % 4]
        side = -self.scale if self.mirrored else self.scale
        return side * cosine, self.scale * sine, -side * sine, self.scale * cosine

    @property
    def is_upright(self) -> bool:
        """Whether rows of the picture are rows or columns of the view."""
        return self.angle % 90.0 == 0.0

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the box around the whole picture, in view coordinates."""
        m11, m12, m21, m22 = self.matrix
        xs = [m11 * x + m21 * y for x in (0, self.picture[0]) for y in (0, self.picture[1])]
        ys = [m12 * x + m22 * y for x in (0, self.picture[0]) for y in (0, self.picture[1])]
        return self.x + min(xs), self.y + min(ys), self.x + max(xs), self.y + max(ys)

    @property
    def shown(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what of that box lies inside the view, in view coordinates."""
        left, top, right, bottom = self.bounds
        left, top = max(left, 0.0), max(top, 0.0)
        right, bottom = min(right, self.view[0]), min(bottom, self.view[1])
        return left, top, max(left, right), max(top, bottom)

    def fit_scale(self, margin: float) -> float:
        """The scale at which the whole picture is seen with a margin around it; small pictures are not enlarged
        beyond 1, or 8 times where they are smaller than a quarter of the view."""
        margin = min(margin, SMALL_MARGIN * min(self.view))  # a low view is not all margin
        room = max(self.view[0] - 2 * margin, 1.0), max(self.view[1] - 2 * margin, 1.0)
        left, top, right, bottom = replace(self, scale=1.0, x=0.0, y=0.0).bounds
        scale = min(room[0] / (right - left), room[1] / (bottom - top))
        if scale > 4.0:
            return min(float(int(scale)), 8.0)
        return max(min(scale, 1.0), MIN_SCALE)

    def fitted(self, margin: float = 24.0) -> "Viewport":
        """The whole picture, centred."""
        return replace(self, scale=self.fit_scale(margin))._with_at(self._middle, self._center)

    def looking_at(self, x: float, y: float, extent: float, margin: float = 24.0) -> "Viewport":
        """The point x, y of the picture in the middle, with so many of its pixels around it; never farther than the
        whole picture, nor nearer than 4 times."""
        scale = min(max(min(self.view) / max(extent, 1.0), self.fit_scale(margin)), max(4.0, self.fit_scale(margin)))
        return replace(self, scale=scale)._with_at((x, y), self._center)._kept_in_view()

    def zoomed(self, factor: float, x: float, y: float) -> "Viewport":
        """`factor` times nearer, with the point of the view x, y staying over the same point of the picture."""
        return self.zoomed_to(self.scale * factor, x, y)

    def zoomed_to(self, scale: float, x: float, y: float) -> "Viewport":
        """At this scale, with the point of the view x, y staying over the same point of the picture."""
        scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        return replace(self, scale=scale)._with_at(self.to_picture(x, y), (x, y))._kept_in_view()

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Pushed by so many view pixels."""
        return replace(self, x=self.x + dx, y=self.y + dy)._kept_in_view()

    def turned(self, degrees: float, x: float, y: float) -> "Viewport":
        """Turned clockwise as seen, also where it is mirrored, around the point x, y of the view."""
        return self.turned_to(self.angle + (-degrees if self.mirrored else degrees), x, y)

    def turned_to(self, angle: float, x: float, y: float) -> "Viewport":
        """At this angle, turned around the point x, y of the view."""
        # A tiny negative angle modulo 360 is 360 itself.
        turned = replace(self, angle=angle % 360.0 % 360.0)
        return turned._with_at(self.to_picture(x, y), (x, y))._kept_in_view()

    def mirrored_at(self, x: float) -> "Viewport":
        """Seen in a mirror that stands upright at x of the view."""
        return replace(self, mirrored=not self.mirrored, x=2 * x - self.x)._kept_in_view()

    def resized(self, view: tuple[float, float]) -> "Viewport":
        """The same center of the picture in a view of another size."""
        dx, dy = (view[0] - self.view[0]) / 2, (view[1] - self.view[1]) / 2
        return replace(self, view=view, x=self.x + dx, y=self.y + dy)._kept_in_view()

    @property
    def _middle(self) -> tuple[float, float]:
        return self.picture[0] / 2, self.picture[1] / 2

    @property
    def _center(self) -> tuple[float, float]:
        return self.view[0] / 2, self.view[1] / 2

    def _with_at(self, point: tuple[float, float], place: tuple[float, float]) -> "Viewport":
        """With this point of the picture at this place of the view."""
        x, y = self.to_view(*point)
        return replace(self, x=self.x + place[0] - x, y=self.y + place[1] - y)

    def _kept_in_view(self) -> "Viewport":
        """Pushed back so far that the picture's point nearest to the middle of the view lies well inside the view."""
        px, py = self.to_picture(*self._center)
        nearest = min(max(px, 0.0), float(self.picture[0])), min(max(py, 0.0), float(self.picture[1]))
        left, top, right, bottom = self.bounds

        def missing(place: float, length: float, view: float) -> float:
            kept = min(KEPT_IN_VIEW, length, view)
            return min(max(place, min(kept, view / 2)), max(view - kept, view / 2)) - place

        x, y = self.to_view(*nearest)
        dx, dy = missing(x, right - left, self.view[0]), missing(y, bottom - top, self.view[1])
        return replace(self, x=self.x + dx, y=self.y + dy)
