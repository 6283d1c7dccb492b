"""Where the picture lies in the view: plain arithmetic, no Qt."""

from dataclasses import dataclass, replace

MIN_SCALE = 1 / 64
MAX_SCALE = 64.0
KEPT_IN_VIEW = 48.0  # so much of the picture can always be seen, however far it is pushed


@dataclass(frozen=True)
class Viewport:
    """view = picture · scale + offset, in both directions; the units of the view are up to the caller.

    picture, view: width and height. scale: view pixels a picture pixel.
    """

    picture: tuple[int, int] = (1, 1)
    view: tuple[float, float] = (1.0, 1.0)
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The point of the picture under a point of the view."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """The point of the view over a point of the picture."""
        return x * self.scale + self.x, y * self.scale + self.y

    @property
    def shown(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what of the picture lies inside the view, in view coordinates."""
        left, top = max(self.x, 0.0), max(self.y, 0.0)
        right = min(self.x + self.picture[0] * self.scale, self.view[0])
        bottom = min(self.y + self.picture[1] * self.scale, self.view[1])
        return left, top, max(left, right), max(top, bottom)

    def fit_scale(self, margin: float) -> float:
        """The scale at which the whole picture is seen with a margin around it; small pictures are not enlarged
        beyond 1, or 8 times where they are smaller than a quarter of the view."""
        room = max(self.view[0] - 2 * margin, 1.0), max(self.view[1] - 2 * margin, 1.0)
        scale = min(room[0] / self.picture[0], room[1] / self.picture[1])
        if scale > 4.0:
            return min(float(int(scale)), 8.0)
        return max(min(scale, 1.0), MIN_SCALE)

    def fitted(self, margin: float = 24.0) -> "Viewport":
        """The whole picture, centred."""
        return self._centered(self.fit_scale(margin))

    def looking_at(self, x: float, y: float, extent: float, margin: float = 24.0) -> "Viewport":
        """The point x, y of the picture in the middle, with so many of its pixels around it; never farther than the
        whole picture, nor nearer than 4 times."""
        scale = min(max(min(self.view) / max(extent, 1.0), self.fit_scale(margin)), max(4.0, self.fit_scale(margin)))
        moved = replace(self, scale=scale, x=self.view[0] / 2 - x * scale, y=self.view[1] / 2 - y * scale)
        return moved._kept_in_view()

    def zoomed(self, factor: float, x: float, y: float) -> "Viewport":
        """`factor` times nearer, with the point of the view x, y staying over the same point of the picture."""
        return self.zoomed_to(self.scale * factor, x, y)

    def zoomed_to(self, scale: float, x: float, y: float) -> "Viewport":
        """At this scale, with the point of the view x, y staying over the same point of the picture."""
        scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        px, py = self.to_picture(x, y)
        return replace(self, scale=scale, x=x - px * scale, y=y - py * scale)._kept_in_view()

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Pushed by so many view pixels."""
        return replace(self, x=self.x + dx, y=self.y + dy)._kept_in_view()

    def resized(self, view: tuple[float, float]) -> "Viewport":
        """The same center of the picture in a view of another size."""
        dx, dy = (view[0] - self.view[0]) / 2, (view[1] - self.view[1]) / 2
        return replace(self, view=view, x=self.x + dx, y=self.y + dy)._kept_in_view()

    def _centered(self, scale: float) -> "Viewport":
        x = (self.view[0] - self.picture[0] * scale) / 2
        y = (self.view[1] - self.picture[1] * scale) / 2
        return replace(self, scale=scale, x=x, y=y)

    def _kept_in_view(self) -> "Viewport":
        def clamp(offset: float, picture: float, view: float) -> float:
            kept = min(KEPT_IN_VIEW, picture, view)
            return min(max(offset, kept - picture), view - kept)

        width, height = self.picture[0] * self.scale, self.picture[1] * self.scale
        return replace(self, x=clamp(self.x, width, self.view[0]), y=clamp(self.y, height, self.view[1]))
