"""What the ways of running in `engine.colorizers` ask of the networks they run."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import torch
from torch import Tensor, nn

from engine.diffusion.modes import Active
from engine.options import Sampling
from engine.sentences import Sentence

Encoded = TypeVar("Encoded")  # what a network makes of a reference; nobody else looks inside
State = TypeVar("State")  # where a painting in steps stands; nobody else looks inside

MASK_SHARE = 0.5  # a token of a masked reference counts when at least this share of its pixels does


class LineFeatures(NamedTuple):
    """What a network sees in line art N×1×H×W.

    tokens: N×C×h×w of unit length over C; the attention compares those of the drawing with those of the reference.
    scale: what their dot products are multiplied with before the softmax. stride: pixels for each token.
    """

    tokens: Tensor
    scale: float
    stride: int


class ReferenceNetwork(nn.Module, ABC, Generic[Encoded]):
    """A network that looks at references once and at the drawing then."""

    @property
    @abstractmethod
    def stride(self) -> int:
        """Pictures given to the network are padded to multiples of this."""

    @abstractmethod
    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> Encoded:
        """All that is kept of a reference; it is handed back to `decode` unread.

        picture: N×3×H×W in [-1, 1]. line: its line art, N×1×H×W in [-1, 1]; None only in the training of networks that
        do without. mask: N×1×H×W in [0, 1], 1 where the picture counts, None for everywhere; where nothing would be
        left, all of it counts. A network whose row in the registry heeds no masks is never given one.
        """

    def weighted(self, encoded: Encoded, weight: float) -> Encoded:
        """The same reference, counting `weight` (above 0) beside others; apart from encoding, so that a weight is free.

        As it is, for a network whose row in the registry heeds no weights: it is never given one but 1.
        """
        return encoded

    @abstractmethod
    def decode(self, sketch: Tensor, references: Sequence[Encoded]) -> Tensor:
        """Color a drawing N×1×H×W in [-1, 1] from encoded references of any sizes: N×3×H×W in [-1, 1]."""

    def describe(self, line: Tensor) -> LineFeatures | None:
        """Tokens by which line art N×1×H×W in [-1, 1] finds the like of itself in other line art.

        None for a network that does not compare line art with line art.
        """
        return None

    def forward(self, sketch: Tensor, pictures: Sequence[Tensor], lines: Sequence[Tensor] | None = None) -> Tensor:
        """Color a drawing: sketch N×1×H×W, reference pictures N×3×h×w each → N×3×H×W, all in [-1, 1].

        lines: the references' own line art, N×1×h×w each; None only for networks that do without.
        """
        lines_or_none = lines if lines is not None else [None] * len(pictures)
        encoded = [self.encode_reference(p, line) for p, line in zip(pictures, lines_or_none, strict=True)]
        return self.decode(sketch, encoded)


class SteppedNetwork(ReferenceNetwork[Encoded], Generic[Encoded, State]):
    """A network that paints in steps, as diffusion does, from random numbers that a seed decides."""

    @property
    @abstractmethod
    def steps(self) -> int:
        """The number of steps it takes by default."""

    @abstractmethod
    def begin(self, sketch: Tensor, references: Sequence[Encoded], sampling: Sampling) -> State:
        """The picture before the first step.

        sketch: N×1×H×W in [-1, 1]; sampling: with its number of steps decided. Random numbers are drawn on the CPU by
        a generator of their own, so that a seed paints the same on every device.
        """

    @abstractmethod
    def advance(self, state: State, number: int) -> State:
        """Take step `number`, from 0."""

    @abstractmethod
    def finish(self, state: State) -> Tensor:
        """The picture after the last step, N×3×H×W in [-1, 1]."""

    def preview(self, state: State) -> Tensor | None:
        """How the picture looks by now, N×3×h×w in [-1, 1] of any size; None where that would cost too much."""
        return None

    def decode(self, sketch: Tensor, references: Sequence[Encoded]) -> Tensor:
        """All steps at once, with the network's own settings and seed 0."""
        state = self.begin(sketch, references, Sampling(steps=self.steps))
        for number in range(self.steps):
            state = self.advance(state, number)
        return self.finish(state)


class DividingNetwork(SteppedNetwork[Encoded, State]):
    """A network in steps that paints figure and background apart; its row in the registry heeds "mode"."""

    @abstractmethod
    def divided(self, encoded: Encoded, figure: Tensor, threshold: float | None = None) -> Encoded:
        """The same reference, of which is known where its figure is.

        figure: N×1×H×W in [0, 1], of the size that the reference was encoded at. threshold: from where on it is the
        figure; None: as the network has it.
        """

    @abstractmethod
    def begin(
        self,
        sketch: Tensor,
        references: Sequence[Encoded],
        sampling: Sampling,
        figure: Tensor | None = None,
        active: Active = Active(),
    ) -> State:
        """See `SteppedNetwork.begin`. figure: N×1×H×W in [0, 1], how likely the drawing's figure is there; active: of
        the mode that was decided."""


class PointingNetwork(DividingNetwork[Encoded, State]):
    """A network whose weights lie in files of others and come into memory when they are needed.

    Its row in the registry points to files.
    """

    @property
    @abstractmethod
    def looks(self) -> bool:
        """Whether it looks at references at all."""

    @abstractmethod
    def require_files(self) -> None:
        """Raise CheckpointError, one sentence, where a file is gone or another one; reads all of them once."""

    @abstractmethod
    def lacks(self) -> tuple[Sentence, ...]:
        """What it cannot do because of files that were not given, a sentence each."""

    @abstractmethod
    def needs(self, size: tuple[int, int], precision: str) -> Sentence:
        """What it takes to paint a drawing of this height and width, said before it begins."""


def masked_tokens(mask: Tensor, token_stride: int) -> Tensor | None:
    """The places (row by row, int64) of the tokens that a mask 1×1×H×W leaves; None where it would leave none.

    token_stride: pixels for each token along a side.
    """
    kept = torch.nn.functional.avg_pool2d(mask, token_stride).flatten() >= MASK_SHARE
    return kept.nonzero().flatten() if kept.any() else None
