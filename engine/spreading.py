"""How far a hint reaches: which other regions take its color too."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.color.difference import ciede2000
from engine.color.figure import to_lab

# Chosen on drawings of our own characters in poses other than their reference; tests.benchmarks.bench_corrections
# measures what they do.
LIKENESS = 0.92  # cosine between what the network sees in two regions' lines, from which they are alike
SURE = 0.9  # confidence from which a region follows nobody
SIZES = 2.7  # times the area: alike regions are about as large
FOLLOWS = 0.65  # confidence in a region that follows: so many of them are right
_SAME = 3.0  # CIEDE2000 between colors that a person calls the same


def followers(
    sources: Sequence[int],
    seen: NDArray[np.float32],
    colors: NDArray[np.uint8],
    confidence: NDArray[np.float32],
    areas: NDArray[np.int64],
    fixed: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """For each of count regions the index in `sources` of the hint that it follows, -1 for none.

    sources: the regions (from 0) that a person gave a color. seen: count×C unit vectors, what the network's attention
    compares, see `engine.matching.region_features`. colors: count×3 uint8 sRGB, confidence: count float32, both from
    before the hints; areas: count, pixels. fixed: count, regions that follow nobody.

    Where the network erred in one region it erred alike in regions like it. So a region follows when it had the same
    color as the hinted one, it was in doubt, the network sees the same in its lines, and it is about as large. Of
    several such hints it follows the one most like it; one that merely confirms a color holds what is like it there.
    """
    following = np.full(len(colors), -1, np.intp)
    best = np.full(len(colors), LIKENESS, np.float32)
    lab = to_lab(colors)
    open_ones = (confidence < SURE) & ~fixed
    for index, source in enumerate(sources):
        size = np.maximum(areas, 1) / max(1, int(areas[source]))
        may = open_ones & (size <= SIZES) & (size >= 1.0 / SIZES) & (ciede2000(lab, lab[source]) <= _SAME)
        may[source] = False
        likeness = seen @ seen[source]
        nearer = may & (likeness >= best)
        following[nearer] = index
        best[nearer] = likeness[nearer]
    return following
