"""How well a matching network does on held-out samples: right colors by group, and how far its certainty is true."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.architectures.parts import PartsHead
from engine.color.difference import ciede2000
from engine.color.flats import Flats
from engine.color.swatch_choice import MatchedShares, choose_matched
from engine.color.swatches import WHITE
from engine.palette import Palette, Swatch
from trainer.parts.batches import Match, batch_of

RIGHT = 10.0  # CIEDE2000, as `trainer.metrics` has it
_PAPER_LIGHTNESS, _PAPER_CHROMA, _PAPER_SHARE = 96.0, 3.0, 0.02  # background, which is not scored


@dataclass(frozen=True, eq=False)
class Judged:
    """The regions of one match that count: area; right (of the color chosen); certainty; difference, CIEDE2000."""

    match: Match
    area: NDArray[np.float32]
    right: NDArray[np.bool_]
    certainty: NDArray[np.float32]
    difference: NDArray[np.float32]

    @property
    def accuracy(self) -> float:
        """Share of the area in the right color."""
        return float(self.area[self.right].sum() / max(float(self.area.sum()), 1e-6))


@torch.inference_mode()
def probabilities(head: PartsHead, matches: Sequence[Match], size: int = 8) -> list[NDArray[np.float32]]:
    """R×(P + 1) of each match."""
    head.eval()
    found = []
    for start in range(0, len(matches), size):
        some = matches[start : start + size]
        batch = batch_of(some, None)
        logits = head(batch.drawing, batch.parts, batch.pairs)
        for row, match in zip(logits.softmax(-1).numpy(), some, strict=True):
            known = sum(len(one.area) for one in match.references)
            drawn = row[: len(match.drawing.area)]
            found.append(np.concatenate([drawn[:, :known], drawn[:, -1:]], axis=1))
    return found


def judge(
    match: Match, probability: NDArray[np.float32], calibration: tuple[float, float] = (1.0, 0.0)
) -> Judged | None:
    """What `choose_matched` makes of it; None where no region counts."""
    drawing = match.drawing
    assert drawing.truth is not None
    lab = np.concatenate([np.asarray(one.lab, np.float32) for one in match.references])
    colors, place = np.unique(np.round(lab, 2), axis=0, return_inverse=True)
    place = place.reshape(-1)
    absent = probability[:, -1]
    shares = np.stack([probability[:, :-1][:, place == index].sum(axis=1) for index in range(len(colors))], axis=1)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    guess = match.couples[0].guess.astype(np.float32)
    asked = np.isfinite(guess).all()
    palette = Palette(tuple(Swatch(str(i), tuple(c)) for i, c in enumerate(_rgb(colors).tolist())))
    voted = Flats(_rgb(guess) if asked else np.full((len(shares), 3), WHITE, np.uint8), absent)
    choice = choose_matched(voted, MatchedShares(shares, absent, calibration), palette)
    difference = ciede2000(drawing.truth, colors[choice.swatch])
    paper = (drawing.truth[:, 0] > _PAPER_LIGHTNESS) & (
        np.hypot(drawing.truth[:, 1], drawing.truth[:, 2]) < _PAPER_CHROMA
    )
    counts = ~(paper & (drawing.area > _PAPER_SHARE * drawing.area.sum()))
    if not counts.any():
        return None
    return Judged(
        match,
        drawing.area[counts],
        difference[counts] <= RIGHT,
        choice.certainty[counts],
        difference[counts].astype(np.float32),
    )


def _rgb(lab: NDArray) -> NDArray[np.uint8]:
    import cv2

    pixels = cv2.cvtColor(np.asarray(lab, np.float32)[None], cv2.COLOR_LAB2RGB)[0]
    return np.clip(np.rint(pixels * 255.0), 0, 255).astype(np.uint8)


def by_group(judged: Sequence[Judged]) -> dict[str, float]:
    """The mean accuracy of each group's characters, and "all", the mean of groups."""
    found: dict[str, dict[str, list[float]]] = {}
    for one in judged:
        found.setdefault(one.match.group, {}).setdefault(one.match.name, []).append(one.accuracy)
    means = {group: float(np.mean([np.mean(values) for values in of.values()])) for group, of in sorted(found.items())}
    return {"all": float(np.mean(list(means.values()))), **means}


def calibration_of(judged: Sequence[Judged]) -> tuple[float, float]:
    """Scale and shift of the logit of raw certainties (judged with none) that fit what was right, by areas."""
    area, right, sure = (
        np.concatenate([getattr(one, key) for one in judged]) for key in ("area", "right", "certainty")
    )
    clipped = np.clip(sure, 1e-4, 1.0 - 1e-4)
    logit = torch.from_numpy(np.log(clipped / (1.0 - clipped))).double()
    target = torch.from_numpy(right.astype(np.float64))
    weight = torch.from_numpy(np.sqrt(area).astype(np.float64))
    values = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([values], max_iter=100)

    def step() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logit * values[0] + values[1], target, weight)
        loss.backward()
        return loss

    optimizer.step(step)  # type: ignore[arg-type]
    scale, shift = values.detach().tolist()
    return round(scale, 4), round(shift, 4)
