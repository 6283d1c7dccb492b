"""Two fingers on a picture: plain arithmetic, no Qt."""

import math

from app.canvas.viewport import Viewport

LEAST_APART = 8.0  # view pixels; nearer fingers would spin the picture

Point = tuple[float, float]


def pinched(viewport: Viewport, before: tuple[Point, Point], now: tuple[Point, Point]) -> Viewport:
    """Moved, zoomed and turned so that the picture stays under two fingers, in view coordinates."""
    (ax, ay), (bx, by) = before
    (cx, cy), (dx, dy) = now
    middle, target = ((ax + bx) / 2, (ay + by) / 2), ((cx + dx) / 2, (cy + dy) / 2)
    moved = viewport.panned(target[0] - middle[0], target[1] - middle[1])
    was, is_now = (bx - ax, by - ay), (dx - cx, dy - cy)
    if min(math.hypot(*was), math.hypot(*is_now)) < LEAST_APART:
        return moved
    degrees = math.degrees(math.atan2(is_now[1], is_now[0]) - math.atan2(was[1], was[0]))
    return moved.zoomed(math.hypot(*is_now) / math.hypot(*was), *target).turned(degrees, *target)
