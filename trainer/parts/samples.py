"""Cached samples for the network that matches parts: drawings and references of a character as tokens, in one file.

What the frozen backbone sees, where pieces lie and what the colorizer thinks of every pair does not change while the
head learns, so it is computed once: a file of plain numpy arrays for each character.
"""

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from engine.color import flats
from engine.color.dividing import divide
from engine.color.figure import to_lab
from engine.color.swatches import find_swatches, with_paper
from engine.colorizers.reference import ReferenceColorizer
from engine.errors import TrainingError
from engine.line_art.regions import find_regions
from engine.matching import seeing
from engine.matching.prior import part_attention
from engine.matching.seeing import SeenDrawing, SeenReference
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Reference
from trainer.calibration import region_colors

GUESS_SIZE = 256  # pixels on the longer side at which the guess of training samples is made
MOST_TOKENS = 112  # drawings with more regions are rare, and a batch is as wide as its widest

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture of a character to be colored: its colors H×W×3, its ink H×W, 0 ink."""

    color: Pixels
    ink: Floats


@dataclass(eq=False)
class Piece:
    """The tokens of a drawing (truth: R×3 CIELAB, the artist's color; pure: R, share of a region that has it) or of a
    reference (lab, share, swatch, picture, see `seeing`)."""

    features: NDArray
    geometry: Floats
    border: NDArray
    center: Floats
    area: Floats
    truth: Floats | None = None
    pure: Floats | None = None
    lab: Floats | None = None
    share: Floats | None = None
    swatch: NDArray | None = None
    picture: NDArray | None = None


@dataclass(eq=False)
class Couple:
    """One drawing with one reference. attention: R×P. guess: R×3 CIELAB, NaN where the colorizer was not asked."""

    drawing: int
    reference: int
    attention: NDArray
    guess: NDArray


@dataclass(eq=False)
class Samples:
    """All of one character. named: n×3 CIELAB, the color that each of a list of named parts has in it, where that is
    known (`trainer.drawn_characters.Part`)."""

    drawings: list[Piece] = field(default_factory=list)
    references: list[Piece] = field(default_factory=list)
    couples: list[Couple] = field(default_factory=list)
    named: Floats | None = None


@dataclass(frozen=True, eq=False)
class Known:
    """A picture as a reference: itself, what is seen of it, and its piece."""

    shown: Reference
    seen: SeenReference
    piece: Piece


class Maker:
    """Makes samples with a frozen backbone, in evaluation mode, and a colorizer."""

    def __init__(self, backbone: nn.Module, colorizer: ReferenceColorizer, side: int) -> None:
        self.backbone, self.colorizer, self.side = backbone, colorizer, side

    def samples(
        self, drawings: Sequence[Shown], references: Sequence[Pixels], couples: Sequence[tuple[int, int]], sigma: float
    ) -> Samples:
        """couples: number of a drawing, number of a reference; the first of a drawing gives it its guess.

        Raises NurieError where a picture cannot be used.
        """
        made = Samples()
        known = [self.reference(pixels, sigma) for pixels in references]
        made.references = [one.piece for one in known]
        guessed: dict[int, tuple[SeenDrawing, Floats, int]] = {}
        for number, drawing in enumerate(drawings):
            mine = [other for own, other in couples if own == number]
            piece, looked, voted = self.drawing(drawing, known[mine[0]], sigma)
            guessed[number] = looked, voted, mine[0]
            made.drawings.append(piece)
        for own, other in couples:
            looked, voted, asked = guessed[own]
            if len(looked.tokens.ids) > MOST_TOKENS:
                continue
            guess = voted if other == asked else np.full_like(voted, np.nan)
            made.couples.append(Couple(own, other, self.attention(looked, known[other]), guess.astype(np.float16)))
        return made

    def reference(self, pixels: Pixels, sigma: float) -> Known:
        """A picture as a reference."""
        shown = Reference(pixels)
        seen = seeing.see_reference(shown, with_paper(find_swatches([shown])), sigma, self.side)
        features = seeing.features_of(self.backbone, seeing.line_picture(seen.canvas), seen.tokens)
        picture = seeing.features_of(self.backbone, seeing.color_picture(seen.canvas), seen.tokens)
        piece = _piece(
            seen.tokens, features, lab=seen.lab, share=seen.share, swatch=seen.swatch, picture=_half(picture)
        )
        return Known(shown, seen, piece)

    def drawing(self, drawing: Shown, asked: Known, sigma: float) -> tuple[Piece, SeenDrawing, Floats]:
        """A picture as a drawing, with what is seen of it, and the guess for its tokens (R×3 CIELAB) from a reference.

        Regions are as finishing has them. Raises NurieError where it cannot be used.
        """
        request = ColorizeRequest(LineArt(drawing.ink), (asked.shown,), GUESS_SIZE, sigma)
        guess = run(self.colorizer.colorize(request), lambda _: None).color
        regions = divide(find_regions(drawing.ink), guess, drawing.ink)
        looked = seeing.see_drawing(drawing.ink, regions, self.side)
        which = looked.tokens.ids - 1
        voted = to_lab(flats.vote(guess, regions, drawing.ink).colors)[which]
        features = seeing.features_of(self.backbone, seeing.line_picture(looked.canvas), looked.tokens)
        truth, pure = region_colors(drawing.color, regions, drawing.ink)
        return _piece(looked.tokens, features, truth=truth[which], pure=pure[which]), looked, voted

    def attention(self, drawing: SeenDrawing, known: Known) -> NDArray[np.float16]:
        """R×P, see `Couple`. Raises TrainingError where the colorizer compares no line art."""
        drawn, seen = (self.colorizer.see(one.canvas.line) for one in (drawing, known.seen))
        if drawn is None or seen is None:
            raise TrainingError("The colorizer compares no line art, so it has nothing to teach about parts.")
        return part_attention(drawn, drawing.tokens, seen, known.seen.tokens).astype(np.float16)


def save(path: Path, samples: Samples) -> None:
    """Write one file; an older one stays if this fails. Raises TrainingError."""
    arrays: dict[str, NDArray] = {}
    for name, pieces in (("d", samples.drawings), ("r", samples.references)):
        for number, piece in enumerate(pieces):
            arrays |= {f"{name}{number}_{key}": value for key, value in vars(piece).items() if value is not None}
    for couple in samples.couples:
        place = f"c{couple.drawing}_{couple.reference}"
        arrays |= {f"{place}_attention": couple.attention, f"{place}_guess": couple.guess}
    if samples.named is not None:
        arrays["named"] = samples.named
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        temporary.replace(path)
    except OSError as error:
        raise TrainingError(
            "Samples cannot be written to {0} ({1}): give another folder.", path, error.strerror
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def load(path: Path) -> Samples:
    """Read one file of `save`. Raises TrainingError for a damaged one."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        named = arrays.pop("named", None)
        samples = Samples(_pieces(arrays, "d"), _pieces(arrays, "r"), named=named)
        for name, attention in arrays.items():
            if name.startswith("c") and name.endswith("_attention"):
                own, other = name[1:].split("_")[:2]
                couple = Couple(int(own), int(other), attention, arrays[f"c{own}_{other}_guess"])
                samples.couples.append(couple)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise TrainingError("The samples in {0} are damaged; delete the file and prepare them again.", path) from error
    return samples


def _pieces(arrays: dict[str, NDArray], kind: str) -> list[Piece]:
    found: dict[int, dict[str, NDArray]] = {}
    for name, value in arrays.items():
        place, _, key = name.partition("_")
        if place[0] == kind:
            found.setdefault(int(place[1:]), {})[key] = value
    return [Piece(**found[number]) for number in sorted(found)]


def _piece(tokens: seeing.Side, features: Floats, **rest: NDArray) -> Piece:
    return Piece(_half(features), tokens.geometry, tokens.border.astype(np.float16), tokens.center, tokens.area, **rest)


def _half(values: Floats) -> NDArray[np.float16]:
    return np.clip(values, -6e4, 6e4).astype(np.float16)
