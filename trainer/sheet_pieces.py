"""A character sheet → samples for the network that matches parts: pairs of its pictures, and their warps.

What the frozen backbone sees in a picture is computed once. Drawing i depends on the seed and i alone, as batch i does,
so a run that stops and goes on sees the same.
"""

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import NurieError, TrainingError
from trainer.parts import pictures as parts_pictures
from trainer.parts.batches import Batch, Match, batch_of
from trainer.parts.samples import MOST_TOKENS, Couple, Known, Maker, Piece

Pixels = NDArray[np.uint8]

DRAWINGS = 36  # varied pictures in all, as far as every picture gets two
PARTS = 100  # of a reference, the largest ones: a batch is as wide as its widest
FELLOWS = 4  # other pictures, at most, that a drawing is matched with
_OWN = 0.15  # share of the samples matched with the picture that they are a warp of
_TOGETHER = 0.7  # share of the others matched with two other pictures at once; drawings are with all, later
_RECOLORED = 0.2  # share in other colors: few, since these colors are to be known again
_FEWEST_REGIONS = 3


@dataclass(frozen=True, eq=False)
class SheetDrawing:
    """A varied picture as a drawing. picture: its number on the sheet; asked: the one that its guess is from; couples:
    with which pictures it is matched, its own among them."""

    picture: int
    asked: int
    piece: Piece
    couples: Mapping[int, Couple]


class SheetPieces:
    """The pictures of a sheet as references, and varied as drawings; filled drawing by drawing."""

    def __init__(
        self, pictures: Sequence[Pixels], maker: Maker, sigma: float, seed: int, read: Callable[[Piece], Piece]
    ) -> None:
        """pictures: H×W×3 uint8 each. sigma: of the XDoG of references. read: makes what learns of what is seen, the
        same for all steps."""
        self.maker, self.sigma, self.seed, self.read = maker, sigma, seed, read
        self.pictures = [parts_pictures.fitted(picture) for picture in pictures]
        self.total = max(2, round(DRAWINGS / len(pictures))) * len(pictures)
        self.drawings: list[SheetDrawing] = []
        self._known: dict[int, Known] = {}
        self._parts: dict[int, Piece] = {}
        self._next = 0

    @property
    def is_full(self) -> bool:
        """Whether all drawings are made."""
        return self._next >= self.total

    @property
    def made(self) -> int:
        """How many of `total` drawings were tried so far."""
        return self._next

    def make_next(self) -> None:
        """Make one more drawing; one that cannot be used is left out. Raises TrainingError where none is left in the
        end."""
        number, self._next = self._next, self._next + 1
        count = len(self.pictures)
        own, turn = number % count, number // count
        rng = np.random.default_rng((self.seed, number))
        others = [(own + 1 + place) % count for place in range(count - 1)]
        askable = others if len(others) > 1 else [*others, own]  # so that some remain whichever picture is left out
        asked = askable[turn % len(askable)]
        shown = parts_pictures.varied(parts_pictures.Drawn(self.pictures[own]), rng)
        with contextlib.suppress(NurieError):
            piece, looked, voted = self.maker.drawing(shown, self._reference(asked), self.sigma)
            if _FEWEST_REGIONS <= len(piece.area) <= MOST_TOKENS:
                guess = voted.astype(np.float16)
                matched = [own, *sorted(rng.permutation(others)[:FELLOWS].tolist())]
                couples = {
                    other: Couple(own, other, self.maker.attention(looked, self._reference(other))[:, :PARTS], guess)
                    for other in matched
                }
                self.drawings.append(SheetDrawing(own, asked, self.read(piece), couples))
        if self.is_full and not self.drawings:
            raise TrainingError(
                "No picture has few enough closed regions to learn from: adapt with simpler or cleaner drawings."
            )

    def draws(self, without: Collection[int], batch: int, recolored: float = _RECOLORED) -> Callable[[int], Batch]:
        """What gives batch number i. without: pictures that are not learned from, neither as drawing nor as reference,
        nor by a guess made from them."""
        banned = set(without)
        chosen = [one for one in self.drawings if not banned & {one.picture, one.asked}]
        if not chosen:
            raise TrainingError("The pictures that are left show too little to learn from: add further ones.")

        def draw(number: int) -> Batch:
            rng = np.random.default_rng((self.seed, number, 1))
            matches = [self._match(chosen[int(rng.integers(len(chosen)))], banned, rng) for _ in range(batch)]
            return batch_of(matches, rng, recolored)

        return draw

    def _match(self, drawing: SheetDrawing, banned: set[int], rng: np.random.Generator) -> Match:
        others = [other for other in drawing.couples if other != drawing.picture and other not in banned]
        if not others or rng.random() < _OWN:
            chosen = [drawing.picture]
        else:
            some = 2 if rng.random() < _TOGETHER else 1
            chosen = rng.permutation(others)[:some].tolist()
        references = tuple(self._parts[other] for other in chosen)
        return Match(drawing.piece, references, tuple(drawing.couples[other] for other in chosen), "sheet", "sheet")

    def _reference(self, number: int) -> Known:
        if number not in self._known:
            known = self.maker.reference(self.pictures[number], self.sigma)
            self._known[number], self._parts[number] = known, _largest(self.read(known.piece))
        return self._known[number]


def _largest(piece: Piece) -> Piece:
    """The largest parts of a reference; a maker sorts them by area."""
    some = {name: value[:PARTS] for name, value in vars(piece).items() if value is not None}
    return Piece(**{**some, "border": some["border"][:, :PARTS]})
