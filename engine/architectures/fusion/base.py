"""What every fusion is: one signature, so that the encoders, the decoder and the training around it never change."""

from abc import ABC, abstractmethod
from typing import NamedTuple

from torch import Tensor, nn

from engine.architectures.blocks import map_of


class Grid(NamedTuple):
    """Where one reference's tokens stand: size is height and width of the grid.

    places: the index (row by row) of each token on it, int64; None when all places are taken in order. weight: of the
    reference, above 0.
    """

    size: tuple[int, int]
    places: Tensor | None = None
    weight: float = 1.0

    @property
    def tokens(self) -> int:
        """How many there are."""
        return self.size[0] * self.size[1] if self.places is None else self.places.shape[0]


class EncodedReference(NamedTuple):
    """What a fusion needs of one reference: keys N×K×C and values N×K×D.

    size, places, weight: as in `Grid`; spatial fusions need the size.
    """

    keys: Tensor
    values: Tensor
    size: tuple[int, int] | None = None
    places: Tensor | None = None
    weight: float = 1.0


class Layout(NamedTuple):
    """Where tokens stand, for fusions that look at neighbors: the sketch's grid, and that of each reference."""

    sketch: tuple[int, int]
    references: tuple[Grid, ...]


class Fusion(nn.Module, ABC):
    """Brings what references hold to the tokens of a sketch. The constructor takes the width C of all tokens."""

    @abstractmethod
    def forward(
        self,
        x: Tensor,
        y: Tensor,
        keys: Tensor | None = None,
        layout: Layout | None = None,
        *,
        skip: Tensor | None = None,
    ) -> Tensor:
        """Sketch tokens x (N×Q×C) and the tokens y (N×K×C) of all references, one after another → N×Q×C.

        keys: N×K×C, what x is compared with; None for y. layout: where the tokens stand; spatial fusions raise
        ValueError without one that fits, and only SGA heeds the weights of references. skip: N×Q×C, the sketch tokens
        for everything but the comparison; None for x.
        """


def require_layout(layout: Layout | None) -> Layout:
    """The layout, or ValueError where there is none."""
    if layout is None:
        raise ValueError("this fusion looks at neighbors: it needs the layout of its tokens")
    return layout


def split(tokens: Tensor, grids: tuple[Grid, ...]) -> list[Tensor]:
    """The tokens N×K×C of several grids apart. Raises ValueError when the grids have another number of tokens."""
    counts = [grid.tokens for grid in grids]
    if sum(counts) != tokens.shape[1]:
        raise ValueError(f"the layout has places for {sum(counts)} tokens, but there are {tokens.shape[1]}")
    return list(tokens.split(counts, dim=1))


def place(tokens: Tensor, grid: Grid) -> Tensor:
    """The tokens N×K×C of one grid as a map N×C×h×w; places without a token are zero."""
    if grid.places is not None:
        empty = tokens.new_zeros((tokens.shape[0], grid.size[0] * grid.size[1], tokens.shape[2]))
        tokens = empty.index_copy(1, grid.places, tokens)
    return map_of(tokens, grid.size)
