"""The network that matches a drawing's regions with the parts of references, ready to be asked."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine import cancellation
from engine.architectures.folding import fold_batch_normalization
from engine.architectures.interface import LineFeatures
from engine.architectures.parts import PartsMatcher, Tokens, pair_features
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.swatch_choice import MatchedShares
from engine.line_art.regions import RegionMap
from engine.matching import seeing
from engine.matching.prior import part_attention
from engine.matching.seeing import SeenDrawing, SeenReference
from engine.matching.tokens import Side
from engine.palette import Palette
from engine.request import Reference

CACHED = 32  # references, with what the backbone sees in them
MOST_PARTS = 768  # of all references together: the largest of each in turn

Floats = NDArray[np.float32]
See = Callable[[Floats], LineFeatures | None]


class Matcher:
    """A parts network on the CPU. May be asked from several threads at once."""

    def __init__(self, network: PartsMatcher, sha256: str = "") -> None:
        """network: in its trained state; it is folded here. sha256: of its file, by which colorings name it."""
        self.config, self.sha256 = network.config, sha256
        fold_batch_normalization(network.eval().requires_grad_(False))
        network.backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        for module in network.modules():
            if not any(module.children()):
                module.register_forward_pre_hook(lambda *_: cancellation.check())
        self._network = network
        self._references: OrderedDict[bytes, tuple[SeenReference, Floats, Floats | None]] = OrderedDict()
        self._lock = threading.Lock()

    def match(
        self,
        ink: Floats,
        regions: RegionMap,
        references: Sequence[Reference],
        palette: Palette,
        voted: NDArray[np.uint8] | None,
        sigma: float,
        see: See,
    ) -> MatchedShares:
        """What the references say of each region's swatch.

        ink: H×W float32 in [0, 1]; references: at least one, of weights above 0; voted: count×3 uint8, the color that
        the guess gives each region, None for no guess; see: the colorizer's tokens of line art. Raises Cancelled.

        Regions beyond the 768 largest get no share. Parts of all references are tokens beside each other; a
        reference's weight is the odds of each of its parts.
        """
        drawing = seeing.see_drawing(ink, regions, self.config.side)
        features = self._features(seeing.line_picture(drawing.canvas), drawing.tokens)
        known = [self._reference(one, palette, sigma) for one in references]
        chosen = _chosen([len(seen.swatch) for seen, _, _ in known])
        attention = _attention(drawing, known, chosen, see)
        lab = np.concatenate([seen.lab[:some] for (seen, _, _), some in zip(known, chosen, strict=True)])
        difference = np.full((len(drawing.tokens.ids), len(lab)), -1.0, np.float32)
        if voted is not None:
            guess = to_lab(voted)[drawing.tokens.ids - 1]
            difference = ciede2000(guess[:, None], lab[None]).astype(np.float32)
        cancellation.check()
        with torch.inference_mode():
            pairs = pair_features(
                None if attention is None else torch.from_numpy(attention), torch.from_numpy(difference)
            )
            weights = [one.weight for one in references]
            logits = self._network.head(
                _tokens(drawing.tokens, features), self._parts(known, chosen, weights), pairs[None]
            )
            probability = logits[0].softmax(-1).numpy()
        swatch = np.concatenate([seen.swatch[:some] for (seen, _, _), some in zip(known, chosen, strict=True)])
        return self._shares(probability, drawing, swatch, regions.count, len(palette.swatches))

    def _shares(
        self, probability: Floats, drawing: SeenDrawing, swatch: NDArray[np.intp], regions: int, swatches: int
    ) -> MatchedShares:
        shares, absent = np.zeros((regions, swatches), np.float32), np.zeros(regions, np.float32)
        place = drawing.tokens.ids - 1
        for number in np.unique(swatch):
            shares[place, number] = probability[:, :-1][:, swatch == number].sum(axis=1)
        shares[place] /= np.maximum(shares[place].sum(axis=1, keepdims=True), 1e-9)
        absent[place] = probability[:, -1]
        return MatchedShares(shares, absent, (self.config.calibration[0], self.config.calibration[1]), self.sha256)

    def _features(self, picture: Tensor, tokens: Side) -> Floats:
        return seeing.features_of(self._network.backbone, picture, tokens)

    def _reference(
        self, reference: Reference, palette: Palette, sigma: float
    ) -> tuple[SeenReference, Floats, Floats | None]:
        """A reference with the features of its line art, and of its colors where the network wants them."""
        key = _fingerprint(reference, palette, sigma)
        with self._lock:
            if key in self._references:
                self._references.move_to_end(key)
                return self._references[key]
        cancellation.check()
        seen = seeing.see_reference(reference, palette, sigma, self.config.side)
        features = self._features(seeing.line_picture(seen.canvas), seen.tokens)
        colors = self._features(seeing.color_picture(seen.canvas), seen.tokens) if self.config.picture else None
        with self._lock:
            self._references[key] = seen, features, colors
            while len(self._references) > CACHED:
                self._references.popitem(last=False)
        return seen, features, colors

    def _parts(
        self,
        known: Sequence[tuple[SeenReference, Floats, Floats | None]],
        chosen: Sequence[int],
        weights: Sequence[float],
    ) -> Tokens:
        """The parts of all references as tokens of one side."""
        total = sum(chosen)
        border = np.zeros((total, total), np.float32)
        columns: dict[str, list[NDArray]] = {}
        at = 0
        for number, ((seen, features, colors), some) in enumerate(zip(known, chosen, strict=True)):
            own = slice(at, at + some)
            border[own, own] = seen.tokens.border[:some, :some]
            row = {
                "features": features, "geometry": seen.tokens.geometry, "center": seen.tokens.center,
                "colors": seeing.color_features(seen.lab, seen.share),
                "picture": np.zeros_like(features) if colors is None else colors,
            }  # fmt: skip
            for name, values in row.items():
                columns.setdefault(name, []).append(values[:some])
            columns.setdefault("source", []).append(np.full(some, number))
            columns.setdefault("emphasis", []).append(np.full(some, np.log(weights[number]), np.float32))
            at += some
        whole = {name: torch.from_numpy(np.concatenate(values))[None] for name, values in columns.items()}
        center = whole.pop("center")
        return Tokens(
            border=torch.from_numpy(border)[None],
            distance=torch.cdist(center, center),
            here=torch.ones(1, total, dtype=torch.bool),
            **whole,
        )


def of(network: nn.Module, sha256: str) -> Matcher | None:
    """The matcher that a network is, None for one of another kind. sha256: of its file."""
    return Matcher(network, sha256) if isinstance(network, PartsMatcher) else None


def _chosen(counts: Sequence[int]) -> list[int]:
    """How many parts of each reference are taken: all, or so many of the largest that the total is bounded."""
    left, chosen = MOST_PARTS, [0] * len(counts)
    order = sorted(range(len(counts)), key=lambda number: counts[number])
    for place, number in enumerate(order):
        chosen[number] = min(counts[number], max(1, left // (len(order) - place)))
        left -= chosen[number]
    return chosen


def _attention(
    drawing: SeenDrawing,
    known: Sequence[tuple[SeenReference, Floats, Floats | None]],
    chosen: Sequence[int],
    see: See,
) -> Floats | None:
    """R×P, the colorizer's attention, shared evenly among the references; None where it compares no line art."""
    drawn = see(drawing.canvas.line)
    if drawn is None:
        return None
    shares = []
    for (seen, _, _), some in zip(known, chosen, strict=True):
        cancellation.check()
        tokens = see(seen.canvas.line)
        assert tokens is not None
        shares.append(part_attention(drawn, drawing.tokens, tokens, seen.tokens)[:, :some] / len(known))
    return np.concatenate(shares, axis=1).astype(np.float32)


def _tokens(side: Side, features: Floats) -> Tokens:
    center = torch.from_numpy(side.center)[None]
    return Tokens(
        torch.from_numpy(features)[None],
        torch.from_numpy(side.geometry)[None],
        torch.from_numpy(side.border)[None],
        torch.cdist(center, center),
        torch.ones(1, len(side.ids), dtype=torch.bool),
    )


def _fingerprint(reference: Reference, palette: Palette, sigma: float) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in (reference.pixels, reference.mask, palette.colors()):
        digest.update(b"-" if part is None else repr(part.shape).encode())
        if part is not None:
            digest.update(np.ascontiguousarray(part).data)
    digest.update(repr(sigma).encode())
    return digest.digest()
