"""What the colorizer asks of every network that colours line art from references."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor, nn


class EncodedReference(NamedTuple):
    """What the fusion needs of one reference: keys N×K×C and values N×K×D, a token each `token_stride` pixels.

    size: height and width of the grid the tokens stand on, in rows; places: where on it each of the K tokens stands
    (int64, K; None for all of them in order), so that some may be left out. Spatial fusions need the size.
    weight: above 0, how much the attention heeds this reference beside others.
    """

    keys: Tensor
    values: Tensor
    size: tuple[int, int] | None = None
    places: Tensor | None = None
    weight: float = 1.0


class LineFeatures(NamedTuple):
    """What a network sees in line art N×1×H×W.

    tokens: N×C×h×w of unit length over C; the attention compares those of the drawing with those of the reference.
    scale: what their dot products are multiplied with before the softmax. stride: pixels for each token.
    """

    tokens: Tensor
    scale: float
    stride: int


class ReferenceColorizer(nn.Module, ABC):
    """A network that looks at references once and at the drawing then."""

    @property
    @abstractmethod
    def stride(self) -> int:
        """Pictures given to the network are padded to multiples of this."""

    @property
    @abstractmethod
    def token_stride(self) -> int:
        """Pixels of a reference, along one side, for each of its tokens."""

    @abstractmethod
    def encode_reference(self, picture: Tensor, line: Tensor) -> EncodedReference:
        """picture: N×3×H×W in [-1, 1]; line: its line art, N×1×H×W in [-1, 1]."""

    @abstractmethod
    def decode(self, sketch: Tensor, references: Sequence[EncodedReference]) -> Tensor:
        """Colour a drawing N×1×H×W in [-1, 1] from one or more references of any sizes: N×3×H×W in [-1, 1]."""

    def describe(self, line: Tensor) -> LineFeatures | None:
        """Tokens by which line art N×1×H×W in [-1, 1] finds the like of itself in other line art.

        None for a network that does not compare line art with line art.
        """
        return None
