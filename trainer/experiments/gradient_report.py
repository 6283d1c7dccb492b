"""What the gradient experiment leaves: CSV, JSON, histograms of the last measurement and shares over the run."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from trainer.experiments import charts, scoring
from trainer.experiments.gradient_parts import PARTS
from trainer.experiments.paper_figures import GRADIENT_SHARES

SYMBOLS = {"skip": "g_skip", "query": "g_Q", "value": "g_V", "key": "g_K"}
_COLUMNS = ("below_0", "above_0.935", "mean", "tokens", "undefined")
Measured = Sequence[Mapping[str, Any]]


def write(folder: Path, facts: Mapping[str, Any], measured: Measured) -> dict[str, Any]:
    """Write gradients_FUSION.json, .csv, .png and gradients_FUSION_over_training.png; returns what the command tells.

    measured: by step, as `gradients.run` keeps them. Raises TrainingError when a file cannot be written.
    """
    name = f"gradients_{facts['fusion']}"
    paths = [folder / f"{name}{ending}" for ending in (".json", ".csv", ".png", "_over_training.png")]
    shares = GRADIENT_SHARES.items()
    late = {part: {share: value} for part, (share, value, _) in shares}
    early = {part: {share: value} for part, (share, _, value) in shares if value is not None}
    value = {**facts, "paper_scft_epoch_40_anime": late, "paper_scft_epoch_20_anime": early, "measured": list(measured)}
    scoring.write_json(paths[0], value)
    _write_csv(paths[1], measured)
    _draw_histograms(paths[2], facts, measured[-1])
    _draw_shares(paths[3], facts, measured)
    return {
        "experiment": "gradients",
        **facts,
        "measured": [_brief(one) for one in measured],
        "files": [str(path) for path in paths],
        "summary": _summary(facts, measured[-1]),
    }


def _brief(one: Mapping[str, Any]) -> dict[str, Any]:
    losses = {
        loss: {part: {key: found[part][key] for key in _COLUMNS} for part in PARTS}
        for loss, found in one["losses"].items()
    }
    return {"step": one["step"], "epoch": one["epoch"], "losses": losses}


def _write_csv(path: Path, measured: Measured) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["step", "epoch", "loss", "part", *_COLUMNS])
    for one in measured:
        for loss, found in one["losses"].items():
            for part in PARTS:
                values = [found[part][key] for key in _COLUMNS]
                writer.writerow([one["step"], f"{one['epoch']:.4g}", loss, SYMBOLS[part], *values])
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(stream.getvalue(), encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The table cannot be written: {0}", error) from error


def _draw_histograms(path: Path, facts: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    losses = one["losses"]
    with charts.figure(path, len(losses), len(PARTS), (13.0, 0.9 + 2.1 * len(losses))) as (drawn, axes):
        drawn.suptitle(
            f"{facts['label']} after {one['step']} steps (epoch {one['epoch']:.2g}): "
            "cosine of each part with the whole gradient, share of tokens",
            fontsize=12,
        )
        for row, (loss, found) in enumerate(losses.items()):
            for column, part in enumerate(PARTS):
                _draw_histogram(axes[row, column], found[part])
                axes[0, column].set_title(SYMBOLS[part], fontsize=12)
            axes[row, 0].set_ylabel(loss)


def _draw_histogram(axis: Any, found: Mapping[str, Any]) -> None:
    counts = np.asarray(found["histogram"], np.float64)
    shares = counts / max(1.0, counts.sum())
    edges = np.linspace(-1.0, 1.0, len(shares) + 1)
    middle = len(shares) // 2
    axis.stairs(shares[:middle], edges[: middle + 1], fill=True, color=charts.WARNING)
    axis.stairs(shares[middle:], edges[middle:], fill=True, color=charts.BEST)
    axis.set_xlim(-1.0, 1.0)
    axis.spines[["top", "right"]].set_visible(False)
    text = "no gradient" if found["mean"] is None else "\n".join(
        [f"{_percent(found['below_0'])} below 0", f"{_percent(found['above_0.935'])} above 0.935"]
    )  # fmt: skip
    axis.text(0.03, 0.95, text, transform=axis.transAxes, va="top", fontsize=9)


def _draw_shares(path: Path, facts: Mapping[str, Any], measured: Measured) -> None:
    steps = [one["step"] for one in measured]
    with charts.figure(path, 1, 2, (11.0, 4.2)) as (drawn, axes):
        drawn.suptitle(f"{facts['label']}, total loss", fontsize=12)
        titles = {"below_0": "share of tokens below 0", "above_0.935": "share of tokens above 0.935"}
        for axis, (key, title) in zip(axes[0], titles.items(), strict=True):
            for part in PARTS:
                shares = [one["losses"]["total"][part][key] for one in measured]
                axis.plot(steps, [np.nan if s is None else s for s in shares], marker="o", label=SYMBOLS[part])
            axis.set_title(title, fontsize=10)
            axis.set_xlabel("steps")
            axis.set_xticks(steps)
            axis.set_ylim(-0.02, 1.02)
            axis.spines[["top", "right"]].set_visible(False)
        axes[0, 0].legend(frameon=False)


def _summary(facts: Mapping[str, Any], one: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{facts['label']} after {one['step']} steps (epoch {one['epoch']:.3g}), total loss",
        f"{'':8}{'below 0':>12}{'above 0.935':>14}   in the paper (SCFT, anime, epoch 40)",
    ]
    for part in PARTS:
        found, (key, share, early) = one["losses"]["total"][part], GRADIENT_SHARES[part]
        told = f"{_percent(share)} {'below 0' if key == 'below_0' else 'above 0.935'}"
        told += "" if early is None else f" ({_percent(early)} at epoch 20)"
        lines.append(f"{SYMBOLS[part]:8}{_percent(found['below_0']):>12}{_percent(found['above_0.935']):>14}   {told}")
    return lines


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"
