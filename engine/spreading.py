"""How far a hint reaches: which other regions take its color too."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.flats import sampled
from engine.line_art.regions import RegionMap

# Chosen on drawings of our own characters and of drawn art in poses other than their reference;
# tests.benchmarks.bench_corrections measures what they do.
LIKENESS = 0.92  # cosine between what the network sees in two regions' lines, from which they are alike
SURE = 0.7  # confidence from which a region follows nobody
SIZES = 2.7  # times the area: alike regions are about as large
SHAPES = 1.8  # times the spread along rows or columns: and of about the same shape
AGREE = 0.3  # share of the probabilities of two regions' swatches that may differ
FOLLOWS = 0.75  # confidence in a region that follows: so many of them are right
_SAME = 3.0  # CIEDE2000 between colors that a person calls the same

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Own:
    """What is known of count regions before any hint.

    seen: count×C unit vectors, what the network's attention compares, see `engine.matching.region_features`. colors:
    count×3 uint8 sRGB, confidence: count float32. areas: count, pixels. spread: count×2, standard deviations along
    columns and rows, in pixels. likely: count×n, the probability of each swatch, rows sum to 1; None where nothing is
    known of them.
    """

    seen: Floats
    colors: NDArray[np.uint8]
    confidence: Floats
    areas: NDArray[np.int64]
    spread: Floats
    likely: Floats | None = None


def followers(sources: Sequence[int], own: Own, fixed: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each of count regions the index in `sources` of the hint that it follows, -1 for none.

    sources: the regions (from 0) that a person gave a color. fixed: count, regions that follow nobody.

    Where the network erred in one region it erred alike in regions like it: the other sleeve, the other hand. So a
    region follows when it had the same color as the hinted one, it was in doubt, the network sees the same in its
    lines, it is about as large and of the same shape, and the references say the same of both: a torso does not become
    trousers because both were cream. Of several such hints it follows the one most like it; one that merely confirms a
    color holds what is like it there.
    """
    following = np.full(len(own.colors), -1, np.intp)
    best = np.full(len(own.colors), LIKENESS, np.float32)
    lab = to_lab(own.colors)
    open_ones = (own.confidence < SURE) & ~fixed
    areas, spread = np.log(np.maximum(own.areas, 1)), np.log(np.maximum(own.spread, 0.5))
    for index, source in enumerate(sources):
        may = open_ones & (ciede2000(lab, lab[source]) <= _SAME)
        may &= np.abs(areas - areas[source]) <= np.log(SIZES)
        may &= (np.abs(spread - spread[source]) <= np.log(SHAPES)).all(axis=1)
        if own.likely is not None:
            may &= np.abs(own.likely - own.likely[source]).sum(axis=1) <= 2.0 * AGREE
        may[source] = False
        likeness = own.seen @ own.seen[source]
        nearer = may & (likeness >= best)
        following[nearer] = index
        best[nearer] = likeness[nearer]
    return following


def spread_of(regions: RegionMap) -> Floats:
    """count×2: the standard deviation of each region's pixels along columns and along rows, in pixels."""
    width = regions.labels.shape[1]
    places = sampled(regions)
    labels = regions.labels.reshape(-1)[places].astype(np.intp) - 1
    total = np.maximum(np.bincount(labels, minlength=regions.count), 1)
    found = []
    for at in np.divmod(places, width)[::-1]:
        middle = np.bincount(labels, at, regions.count) / total
        found.append(np.sqrt(np.bincount(labels, (at - middle[labels]) ** 2, regions.count) / total))
    return np.stack(found, axis=1).astype(np.float32)
