"""The figures of Li et al., "Eliminating Gradient Conflict in Reference-based Line-Art Colorization", ECCV 2022.

Read from the paper; its code: https://github.com/kunkun0w0/SGA. FID: lower is better. SSIM: between the reference and
the original of the sketch, as the paper words it. 40 epochs at 256×256 pixels.
"""

from typing import NamedTuple


class Figures(NamedTuple):
    """FID and SSIM on one of the paper's data sets."""

    fid: float
    ssim: float


DATA_SETS = ("anime", "cat", "dog", "wild")  # 33,323 portraits and 1,000 for testing; AFHQ's classes, 5,000 and 500
# Its table 1, anime alone: stop-gradient, and learned projections W_q and W_k, in SCFT.
_OF_SCFT = {
    "flowing-projected": {"anime": Figures(44.65, 0.788)},
    "flowing": {"anime": Figures(48.04, 0.799)},
    "stopped-projected": {"anime": Figures(38.20, 0.835)},
    "stopped": {"anime": Figures(36.78, 0.841)},
}


def _on_all(*numbers: float) -> dict[str, Figures]:
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return {name: Figures(*pair) for name, pair in zip(DATA_SETS, pairs, strict=True)}


_SGA = _on_all(29.65, 0.912, 34.35, 0.843, 54.76, 0.841, 15.19, 0.831)
# By the names of our tables and rows; a row that is not there is ours alone.
BY_TABLE: dict[str, dict[str, dict[str, Figures]]] = {
    "table1": {  # its table 2
        "spade": _on_all(57.55, 0.681, 36.11, 0.526, 76.57, 0.631, 24.56, 0.573),
        "cocosnet": _on_all(52.06, 0.672, 35.02, 0.511, 68.69, 0.603, 23.10, 0.554),
        "scft": _on_all(44.65, 0.788, 36.33, 0.636, 79.08, 0.683, 24.93, 0.633),
        "unite": _on_all(52.19, 0.676, 33.26, 0.636, 72.38, 0.677, 23.97, 0.592),
        "cmft": _on_all(38.94, 0.873, 37.78, 0.813, 73.18, 0.809, 23.90, 0.822),
        "sga": _SGA,
    },
    "table2": _OF_SCFT,  # its table 1
    "table3": {
        "softmax": _on_all(33.42, 0.861, 34.42, 0.811, 55.08, 0.828, 15.95, 0.809),
        "cross-only": _on_all(31.56, 0.917, 34.26, 0.842, 55.69, 0.839, 16.36, 0.821),
        "full": _SGA,
    },
}
# Which of its tables, and what is different there.
ORIGIN = {
    "table1": "its table 2",
    "table2": "its table 1, which changes SCFT where ours changes SGA",
    "table3": "its table 3, which also has SGA without stop-gradient: FID 36.34, SSIM 0.876 (anime)",
}
# Figure 4, SCFT on anime, total loss: shares of tokens whose gradient agrees with the whole (cosine above 0.935) or
# works against it (below 0), at epoch 40; and at epoch 20 where it is told.
GRADIENT_SHARES = {
    "skip": ("above_0.935", 0.7809, None),
    "query": ("below_0", 0.3057, 0.2281),
    "value": ("above_0.935", 0.5239, None),
    "key": ("below_0", 0.1077, 0.0532),
}


def figures_of(table: str, row: str) -> dict[str, Figures]:
    """The paper's figures by data set for a row of ours; empty where the paper has no such row."""
    return BY_TABLE.get(table, {}).get(row, {})
