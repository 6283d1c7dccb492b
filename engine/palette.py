"""Palettes: named colors, plain values. Colors are sRGB, 8 bits a channel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # settings name swatches and are read on the way to a --help, where numpy would cost more than that
    import numpy as np
    from numpy.typing import NDArray

Color = tuple[int, int, int]


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
    """Swatches in the order they are shown, the name of the whole, and what of its file was left out or guessed."""

    swatches: tuple[Swatch, ...]
    name: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)

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
