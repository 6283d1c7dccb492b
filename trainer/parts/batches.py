"""Batches for the network that matches parts: couples of a drawing and one or several references, varied anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.architectures.parts import PAIR, Tokens, pair_features
from engine.color.difference import ciede2000
from engine.matching.seeing import color_features
from trainer.drawn_characters import Part
from trainer.parts import KINDS
from trainer.parts.samples import MOST_TOKENS, Couple, Piece, Samples

RIGHT, NEAREST, NEAR = 8.0, 14.0, 1.5  # CIEDE2000: of a right part; of the best one at most; what is as good as it
RECOLORED, _NO_GUESS, _NO_ATTENTION, _NO_PICTURE, _SEVERAL = 0.6, 0.25, 0.05, 0.3, 0.3  # shares of samples
_ABSENT = 0.5  # weight of a region that no reference shows
_JITTER = np.array([0.03] * 4 + [0.009] + [0.03] * 5 + [0.015, 0.0, 0.03, 0.03], np.float32)  # of the geometry
_SHIFT = 0.05
_NAMED = 5.0  # CIEDE2000 up to which a color may be that of a named part
NAMES = len(Part)

Floats = NDArray[np.float32]
Generator = np.random.Generator


@dataclass(frozen=True, eq=False)
class Match:
    """A drawing and the references it is matched with; each couple's drawing is this one. named: see `Samples`.
    without: which of `KINDS` are kept from the network: what the backbone sees of line art ("features") and of
    the colored references ("picture"), the colorizer's attention, its guess."""

    drawing: Piece
    references: tuple[Piece, ...]
    couples: tuple[Couple, ...]
    group: str
    name: str
    named: Floats | None = None
    without: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Tokens of both sides, by which batches are sorted."""
        return len(self.drawing.area) + sum(len(one.area) for one in self.references)


class Batch(NamedTuple):
    """right: B×R×(P + 1), 1 for the right parts, or for the last column where no part is right. weight: B×R.

    names: of drawing and of references B×N×NAMES, 1 for each name that a token's color may have in this character; none
    where that is not known.
    """

    drawing: Tokens
    parts: Tokens
    pairs: Tensor
    right: Tensor
    weight: Tensor
    names: tuple[Tensor, Tensor]


def matches_of(samples: Samples, group: str, name: str) -> list[Match]:
    """One for each couple; those of one drawing may be joined later."""
    found = []
    for couple in samples.couples:
        drawing, reference = samples.drawings[couple.drawing], samples.references[couple.reference]
        if 3 <= len(drawing.area) <= MOST_TOKENS and len(reference.area) >= 2:
            found.append(Match(drawing, (reference,), (couple,), group, name, samples.named))
    return found


def joined(match: Match, others: Sequence[Match], most: int = 3) -> Match:
    """The same drawing with further references."""
    more = [one for one in others if one.drawing is match.drawing and one is not match][: most - 1]
    return replace(
        match,
        references=match.references + tuple(one.references[0] for one in more),
        couples=match.couples + tuple(one.couples[0] for one in more),
    )


def batch_of(matches: Sequence[Match], rng: Generator | None, recolored: float = RECOLORED) -> Batch:
    """rng: of the variations; None for none of them. recolored: share of the samples in other colors."""
    rows = [_varied(match, rng, recolored) for match in matches]
    most = max(len(row.geometry[0]) for row in rows), max(len(row.geometry[1]) for row in rows)
    drawing = _tokens([match.drawing for match in matches], [row.geometry[0] for row in rows], most[0])
    parts = _parts(matches, rows, most[1])
    pairs = torch.zeros(len(rows), *most, PAIR)
    right, weight = torch.zeros(len(rows), most[0], most[1] + 1), torch.zeros(len(rows), most[0])
    names = torch.zeros(len(rows), most[0], NAMES), torch.zeros(len(rows), most[1], NAMES)
    for number, (match, row) in enumerate(zip(matches, rows, strict=True)):
        drawn, known = row.right.shape
        if "features" in match.without:
            drawing.features[number] = parts.features[number] = 0.0
        if match.named is not None:
            names[0][number, :drawn] = torch.from_numpy(_names(_given(match.drawing.truth), match.named))
            lab = np.concatenate([_given(one.lab) for one in match.references])
            names[1][number, :known] = torch.from_numpy(_names(lab, match.named))
        pairs[number, :drawn, :known] = row.pairs
        right[number, :drawn, :known] = torch.from_numpy(row.right)
        right[number, :drawn, -1] = torch.from_numpy(row.absent)
        weight[number, :drawn] = torch.from_numpy(row.weight)
    return Batch(drawing, parts, pairs, right, weight, names)


class _Row(NamedTuple):
    geometry: tuple[Floats, Floats]
    colors: Floats
    picture: bool
    pairs: Tensor
    right: Floats
    absent: Floats
    weight: Floats


def _varied(match: Match, rng: Generator | None, recolored: float) -> _Row:
    drawing, references = match.drawing, match.references
    assert drawing.truth is not None and drawing.pure is not None
    lab = np.concatenate([_given(one.lab) for one in references])
    share = np.concatenate([_given(one.share) for one in references])
    geometry = drawing.geometry, np.concatenate([one.geometry for one in references])
    guess, attention = match.couples[0].guess.astype(np.float32), _attention(match)
    seen = {kind: kind not in match.without for kind in KINDS}
    difference = _difference(guess, lab) if seen["guess"] and np.isfinite(guess).all() else None
    picture, colors = seen["picture"], lab
    if rng is not None:
        geometry = _jittered(geometry[0], rng), _jittered(geometry[1], rng)
        colors = _recolored(lab, rng) if rng.random() < recolored else lab
        picture = rng.random() >= _NO_PICTURE and seen["picture"]
        attention = None if rng.random() < _NO_ATTENTION else attention
        if difference is not None:
            difference = None if rng.random() < _NO_GUESS else _spoiled(difference, rng)
    if not seen["attention"]:
        attention = None
    pairs = pair_features(
        None if attention is None else torch.from_numpy(attention),
        torch.from_numpy(
            np.full((len(drawing.area), len(lab)), -1.0, np.float32) if difference is None else difference
        ),
    )
    distance = _difference(drawing.truth, lab)
    nearest = distance.min(axis=1)
    right = (distance <= RIGHT) | ((distance <= nearest[:, None] + NEAR) & (nearest[:, None] <= NEAREST))
    absent = nearest > NEAREST
    weight = np.sqrt(drawing.area) * np.clip(drawing.pure, 0.3, 1.0) * np.where(absent, _ABSENT, 1.0)
    weight = (weight / max(float(weight.sum()), 1e-6)).astype(np.float32)
    return _Row(
        geometry, color_features(colors, share), picture, pairs,
        right.astype(np.float32), absent.astype(np.float32), weight,
    )  # fmt: skip


def _names(lab: Floats, named: Floats) -> Floats:
    """K×3 CIELAB → K×NAMES."""
    return (ciede2000(lab[:, None], named[None]) <= _NAMED).astype(np.float32)


def _given(values: NDArray | None) -> Floats:
    assert values is not None
    return np.asarray(values, np.float32)


def _attention(match: Match) -> Floats:
    """R×P over the parts of all references, which share it evenly."""
    shares = [couple.attention.astype(np.float32) / len(match.couples) for couple in match.couples]
    return np.concatenate(shares, axis=1, dtype=np.float32)


def _difference(lab: Floats, parts: Floats) -> Floats:
    return ciede2000(lab[:, None], parts[None]).astype(np.float32)


def _spoiled(difference: Floats, rng: Generator) -> Floats:
    """A guess that is worse than that of drawings like those the colorizer knows: some regions get another's."""
    swapped = rng.random(len(difference)) < rng.uniform(0.0, 0.8)
    difference = difference.copy()
    difference[swapped] = difference[rng.integers(0, len(difference), int(swapped.sum()))]
    stretched = difference * np.exp(rng.normal(0.0, 0.15, (len(difference), 1))) + rng.uniform(0.0, 6.0)
    return np.maximum(stretched, 0.0).astype(np.float32)


def _recolored(lab: Floats, rng: Generator) -> Floats:
    turn, chroma = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(0.5, 1.4)
    cosine, sine = np.cos(turn), np.sin(turn)
    a, b = lab[:, 1], lab[:, 2]
    light = 100.0 * (lab[:, 0] / 100.0).clip(0.0, 1.0) ** rng.uniform(0.6, 1.6)
    turned = [light, chroma * (cosine * a - sine * b), chroma * (sine * a + cosine * b)]
    return np.stack(turned, axis=1).astype(np.float32)


def _jittered(geometry: Floats, rng: Generator) -> Floats:
    noise = rng.normal(0.0, 1.0, geometry.shape).astype(np.float32) * _JITTER
    noise[:, :2] += rng.normal(0.0, _SHIFT, 2).astype(np.float32)
    return np.asarray(geometry + noise, np.float32)


def _tokens(pieces: Sequence[Piece], geometry: Sequence[Floats], most: int) -> Tokens:
    """One piece a row."""
    features = torch.zeros(len(pieces), most, pieces[0].features.shape[1])
    shapes = torch.zeros(len(pieces), most, geometry[0].shape[1])
    border, center = torch.zeros(len(pieces), most, most), torch.zeros(len(pieces), most, 2)
    here = torch.zeros(len(pieces), most, dtype=torch.bool)
    for number, (piece, own) in enumerate(zip(pieces, geometry, strict=True)):
        count = len(piece.area)
        features[number, :count] = torch.from_numpy(piece.features)
        shapes[number, :count] = torch.from_numpy(own)
        border[number, :count, :count] = torch.from_numpy(piece.border)
        center[number, :count] = torch.from_numpy(piece.center)
        here[number, :count] = True
    return Tokens(features, shapes, border, torch.cdist(center, center), here)


def _parts(matches: Sequence[Match], rows: Sequence[_Row], most: int) -> Tokens:
    whole = [_whole(match.references) for match in matches]
    tokens = _tokens(whole, [row.geometry[1] for row in rows], most)
    colors = torch.zeros(len(rows), most, rows[0].colors.shape[1])
    picture = torch.zeros_like(tokens.features)
    source = torch.zeros(len(rows), most, dtype=torch.long)
    for number, (match, row, piece) in enumerate(zip(matches, rows, whole, strict=True)):
        count = len(piece.area)
        colors[number, :count] = torch.from_numpy(row.colors)
        if row.picture and piece.picture is not None:
            picture[number, :count] = torch.from_numpy(piece.picture)
        owners = [index for index, one in enumerate(match.references) for _ in one.area]
        source[number, :count] = torch.tensor(owners)
    return tokens._replace(colors=colors, picture=picture, source=source)


def _whole(references: Sequence[Piece]) -> Piece:
    """The pieces of several references beside each other."""
    if len(references) == 1:
        return references[0]
    counts = [len(one.area) for one in references]
    border = np.zeros((sum(counts), sum(counts)), np.float16)
    at = 0
    for count, one in zip(counts, references, strict=True):
        border[at : at + count, at : at + count] = one.border
        at += count
    pictures = [one.picture for one in references if one.picture is not None]
    return Piece(
        np.concatenate([one.features for one in references]),
        np.concatenate([one.geometry for one in references]),
        border,
        np.concatenate([one.center for one in references]),
        np.concatenate([one.area for one in references]),
        picture=np.concatenate(pictures) if len(pictures) == len(references) else None,
    )


class Draws:
    """Which matches make up batch number i of a run: depends on the seed and on i alone."""

    def __init__(self, matches: Sequence[Match], shares: dict[str, float], batch: int, seed: int) -> None:
        """shares: how often each group is drawn; groups that are not named, never."""
        self.matches = [match for match in matches if shares.get(match.group, 0.0) > 0.0]
        counts: dict[str, int] = {}
        for match in self.matches:
            counts[match.group] = counts.get(match.group, 0) + 1
        weights = np.array([shares[match.group] / counts[match.group] for match in self.matches])
        self._places = np.cumsum(weights / weights.sum())
        self._fellows: dict[int, list[Match]] = {}
        for match in self.matches:
            self._fellows.setdefault(id(match.drawing), []).append(match)
        self.batch, self.seed = batch, seed

    def __call__(self, number: int, part: slice = slice(None)) -> Batch:
        """Batches of eight numbers in a row share what was drawn, sorted by size, so that little is padding.

        part: of the batch, where several processes share it.
        """
        pool, place = divmod(number, 8)
        rng = np.random.default_rng((self.seed, pool))
        chosen = np.searchsorted(self._places, rng.random(self.batch * 8)).clip(max=len(self.matches) - 1)
        matches = [self.matches[index] for index in chosen]
        several = rng.random(len(matches)) < _SEVERAL
        matches = [
            joined(match, self._fellows[id(match.drawing)]) if wanted else match
            for match, wanted in zip(matches, several, strict=True)
        ]
        matches.sort(key=lambda match: match.size)
        start = int(rng.permutation(8)[place]) * self.batch
        rng = np.random.default_rng((self.seed, number, 1, *([part.start] if part.start else [])))
        return batch_of(matches[start : start + self.batch][part], rng)
