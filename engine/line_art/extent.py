"""How large a drawing is for what goes by its size: gaps, shares of the picture, sizes at which it is looked at."""

_STRIP = 3.0  # times as long as wide, from which a drawing is a strip of many pictures


def seen_side(size: tuple[int, ...]) -> int:
    """The longer side of a drawing of this height and width; of a strip, that of one of its pictures."""
    return min(max(size[:2]), round(_STRIP * min(size[:2])))


def seen_area(size: tuple[int, ...]) -> int:
    """Pixels of a drawing of this height and width; of a strip, those of one of its pictures."""
    return seen_side(size) * min(size[:2])
