"""Palettes: named colors, and holding a coloring to them. Colors are sRGB, 8 bits a channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.errors import RequestError

if TYPE_CHECKING:  # settings name swatches and are read on the way to a --help, where numpy would cost more than that
    import numpy as np
    from numpy.typing import NDArray

Color = tuple[int, int, int]

_PAIRS_AT_ONCE = 1 << 18  # of a color and a swatch, which bounds the memory


def hex_of(color: Color) -> str:
    """The color as "#rrggbb"."""
    return "#{:02x}{:02x}{:02x}".format(*color)


@dataclass(frozen=True)
class Swatch:
    """A named color."""

    name: str
    color: Color

    def __post_init__(self) -> None:
        if len(self.color) != 3 or not all(0 <= channel <= 255 for channel in self.color):
            raise ValueError(f"a color is three numbers from 0 to 255, not {self.color}")


@dataclass(frozen=True)
class Palette:
    """Swatches in the order they are shown, and the name of the whole."""

    swatches: tuple[Swatch, ...]
    name: str = ""

    def colors(self) -> NDArray[np.uint8]:
        """n×3 uint8."""
        import numpy as np

        return np.asarray([swatch.color for swatch in self.swatches], np.uint8).reshape(-1, 3)

    def with_color(self, index: int, color: Color) -> Palette:
        """The palette with another color for swatch `index`. Raises IndexError, and ValueError for no color."""
        return self._with(index, replace(self.swatches[index], color=color))

    def renamed(self, index: int, name: str) -> Palette:
        """The palette with another name for swatch `index`. Raises IndexError."""
        return self._with(index, replace(self.swatches[index], name=name))

    def _with(self, index: int, swatch: Swatch) -> Palette:
        swatches = list(self.swatches)
        swatches[index] = swatch
        return replace(self, swatches=tuple(swatches))


@dataclass(frozen=True, eq=False)
class Locked:
    """Colors held to a palette.

    colors: n×3 uint8, each a swatch's. swatch: n indices. moved: n float32, CIEDE2000 between before and after.
    """

    colors: NDArray[np.uint8]
    swatch: NDArray[np.intp]
    moved: NDArray[np.float32]


def lock(colors: NDArray[np.uint8], palette: Palette) -> Locked:
    """The nearest swatch of each color by CIEDE2000; of equally near ones the first.

    colors: n×3 uint8. Raises RequestError when the palette is empty.
    """
    import numpy as np

    from engine.color.difference import ciede2000
    from engine.color.figure import to_lab

    if not palette.swatches:
        raise RequestError("The palette has no colors; add a swatch to it first.")
    swatches = palette.colors()
    wanted, given = to_lab(swatches), to_lab(np.asarray(colors, np.uint8).reshape(-1, 3))
    index, moved = np.empty(len(given), np.intp), np.empty(len(given), np.float32)
    step = max(1, _PAIRS_AT_ONCE // len(swatches))
    for top in range(0, len(given), step):
        rows = slice(top, top + step)
        difference = ciede2000(given[rows, None], wanted[None])
        index[rows] = difference.argmin(axis=1)
        moved[rows] = difference.min(axis=1)
    return Locked(swatches[index], index, moved)
