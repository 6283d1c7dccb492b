import numpy as np

from app.images import heat
from engine.color.figure import to_lab


def test_the_ends_and_the_middle() -> None:
    colors = heat.colors(np.asarray([0.0, 1.0, 1 / 3], np.float32))
    assert [tuple(color) for color in colors.tolist()] == [heat.STOPS[0], heat.STOPS[-1], heat.STOPS[1]]


def test_the_order_is_seen_in_gray() -> None:
    lightness = to_lab(heat.colors(np.linspace(0.0, 1.0, 101, dtype=np.float32)))[:, 0]
    assert (np.diff(lightness) < 0).all()
    assert lightness[0] - lightness[-1] > 60


def test_the_order_is_seen_without_red() -> None:
    """Protanopia, after Viénot, Brettel, Mollon 1999: the red channel follows from the others."""
    linear = (heat.colors(np.linspace(0.0, 1.0, 21, dtype=np.float32)) / 255.0) ** 2.2
    seen = linear @ np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]).T
    lightness = seen @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) < 0).all()
