"""What splitting a painting by region brings: the ablation of arXiv 2502.19937 on a trained model.

Drawn characters that no training has seen stand before drawn backgrounds; the reference has the same character in
another pose before another one. All true colors and masks are known. Each row is the same network with the same seeds,
and less or more of its parts switched on.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine import device, model_loading
from engine.architectures.split_diffusion import SplitColorizer
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.colorizers.runner import pad, to_pixels, to_tensor
from engine.diffusion.modes import Active
from engine.errors import TrainingError
from engine.export.png import write_png
from engine.line_art.xdog import gray_of, xdog
from engine.options import Sampling
from engine.request import DeviceChoice, Progress
from trainer import contact_sheet, metrics
from trainer.experiments.report import write_text
from trainer.experiments.runner import Hooks
from trainer.scene_samples import HELD_OUT, Painting, Scene, SceneSamples

NAME = "split"
ROWS: Mapping[str, tuple[str, Active]] = {
    "plain": ("no split (Vanilla)", Active()),
    "split": ("split", Active(split=True)),
    "lora": ("split + LoRA", Active(split=True, figure_lora=True, background_lora=True)),
    "recovery": (
        "split + LoRA + recovery (Fig2Fig)",
        Active(split=True, figure_lora=True, background_lora=True, recovery=True),
    ),
}
TRUTH = "truth"  # what the paintings should become: it has colors that both parts of a reference share, too
_LABELS = {**{name: label for name, (label, _) in ROWS.items()}, TRUTH: "the true painting"}
MEASURES = ("figure", "background", "difference", "entanglement", "tinted", "spread")
_TITLES = {
    "figure": "figure: region accuracy", "background": "background: region accuracy", "difference": "ΔE",
    "entanglement": "entanglement", "tinted": "tinted paper", "spread": "ΔE of two seeds",
}  # fmt: skip
_COMMON = 0.02  # share of a part of the reference that makes a color a swatch of it
_LINES = 160  # gray of ink, up to which a pixel is of a line
_SIGMA, _TILE, _SHOWN = 0.4, 200, 12

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class SplitRun:
    """What to measure. limit: so many scenes, and a third as many figures on paper; size: pixels on a side."""

    model: Path
    output: Path
    limit: int = 24
    size: int = 256
    steps: int | None = None
    seed: int = 1
    device: DeviceChoice = "auto"


@dataclass(frozen=True)
class SplitRow:
    """Means over the scenes; NaN where a measure had nothing to go by.

    figure, background: share of their regions' area in the right color. difference: mean CIEDE2000 of all regions.
    entanglement: share of the background nearer to a color of the reference's figure than to any of its background.
    tinted: share of white paper, on drawings without a background. spread: mean CIEDE2000 of regions between two seeds.
    """

    name: str
    figure: float
    background: float
    difference: float
    entanglement: float
    tinted: float
    spread: float


def run(config: SplitRun, hooks: Hooks, command: str) -> dict[str, Any]:
    """Paint and measure; writes split.csv, split.md and split.png. Returns plain values, for `--json`.

    Raises TrainingError for a model that splits nothing, CheckpointError for one that cannot be read.
    """
    info, network = model_loading.build(config.model)
    if not isinstance(network, SplitColorizer):
        raise TrainingError("The model {0} does not paint figure and background apart.", info.name)
    where = device.choose(config.device)
    network.eval().requires_grad_(False).to(where.kind)

    def paint(scene: Scene, active: Active, seed: int) -> Pixels:
        return painted(network, where, scene, active, Sampling(seed=seed, steps=config.steps or network.steps))

    scenes = _scenes(config, config.limit, 1.0)
    papers = _scenes(config, max(1, config.limit // 3), 0.0)
    rows: list[SplitRow] = []
    shown = [[_shown(scene.drawing.line), scene.reference.color, scene.drawing.color] for scene in scenes[:_SHOWN]]
    for number, (name, (label, active)) in enumerate(ROWS.items()):
        scores: list[dict[str, float]] = []
        for count, scene in enumerate([*scenes, *papers]):
            if hooks.should_stop():
                return _value(rows, [], command)
            fraction = (number + count / (len(scenes) + len(papers))) / len(ROWS)
            message = f"{label}: {count + 1} of {len(scenes) + len(papers)}"
            hooks.on_progress(Progress(message, fraction))
            picture = paint(scene, active, config.seed)
            is_scene = count < len(scenes)
            again = paint(scene, active, config.seed + 1) if is_scene and count % 3 == 0 else None
            scores.append(measured(scene, picture, again) if is_scene else on_paper(scene, picture))
            if count < min(_SHOWN, len(scenes)):
                shown[count].append(picture)
        rows.append(SplitRow(name, **_means(scores)))
        hooks.say(f"{label}: done")
    true = [measured(one, _true(one)) for one in scenes] + [on_paper(one, _true(one)) for one in papers]
    rows.append(SplitRow(TRUTH, **_means(true)))
    return _value(rows, _write(config, rows, shown, command), command)


def painted(network: SplitColorizer, where: device.Device, scene: Scene, active: Active, sampling: Sampling) -> Pixels:
    """A scene's drawing, painted from its reference and laid under its lines, H×W×3."""
    drawing, reference = scene.drawing, scene.reference
    stride, height, width = network.stride, *drawing.line.shape
    line = xdog(gray_of(reference.color), _SIGMA)
    inputs = [pad(to_tensor(one.astype(np.float32) / 255.0), stride) for one in (drawing.line, reference.color)]
    masks = [_mask(one, stride) for one in (drawing.figure, reference.figure)]
    with torch.inference_mode(), where.autocast():
        sketch, picture, seen = (one.to(where.kind) for one in (*inputs, pad(to_tensor(line), stride)))
        encoded = network.encode_reference(picture, seen)
        if active.split:
            encoded = network.divided(encoded, masks[1].to(where.kind))
        state = network.begin(sketch, [encoded], sampling, masks[0].to(where.kind), active)
        for number in range(sampling.steps or network.steps):
            state = network.advance(state, number)
        color = to_pixels(network.finish(state))[:height, :width]
    return np.rint(color * (drawing.line[..., None] / 255.0)).astype(np.uint8)


def _mask(mask: Pixels, stride: int) -> torch.Tensor:
    """1×1×H×W in [0, 1], padded with nothing."""
    high, wide = -mask.shape[0] % stride, -mask.shape[1] % stride
    return torch.nn.functional.pad(torch.from_numpy(mask.astype(np.float32) / 255.0), (0, wide, 0, high))[None, None]


def measured(scene: Scene, picture: Pixels, again: Pixels | None = None) -> dict[str, float]:
    """The measures of a painted scene; again: with another seed."""
    drawing = scene.drawing
    wanted = _true(scene)
    regions = metrics.find_regions(metrics.fit(wanted))
    is_figure = _in_figure(drawing, regions)
    colors = metrics.region_colors(metrics.fit(picture), regions)
    difference = ciede2000(regions.colors, colors)
    scores = {"difference": _weighted(difference, regions, np.ones_like(is_figure))}
    for name, chosen in (("figure", is_figure), ("background", ~is_figure)):
        scores[name] = _weighted((difference <= metrics.RIGHT_DIFFERENCE).astype(np.float64), regions, chosen)
    scores["entanglement"] = entanglement(scene, picture)
    if again is not None:
        other = metrics.region_colors(metrics.fit(again), regions)
        scores["spread"] = _weighted(ciede2000(colors, other), regions, np.ones_like(is_figure))
    return scores


def on_paper(scene: Scene, picture: Pixels) -> dict[str, float]:
    """How much of the paper of a figure without a background is tinted."""
    wanted = metrics.fit(_true(scene))
    return {"tinted": metrics.tinted_paper(metrics.fit(picture), wanted, metrics.find_regions(wanted))}


def entanglement(scene: Scene, picture: Pixels) -> float:
    """Share of the background's pixels (lines left out) that are nearer to a swatch of the reference's figure than to
    any of its background. NaN where the reference has but one of both."""
    reference, drawing = scene.reference, scene.drawing
    inside = reference.figure > 127
    free = xdog(gray_of(reference.color), _SIGMA) > 0.5
    figure, behind = (swatches(reference.color[part & free]) for part in (inside, ~inside))
    seen = picture[(drawing.figure < 128) & (drawing.line > _LINES)]
    if not len(figure) or not len(behind) or not len(seen):
        return float("nan")
    lab = to_lab(np.ascontiguousarray(seen[:: max(1, len(seen) // 4000)]))
    nearest = [ciede2000(lab[:, None], colors[None]).min(axis=1) for colors in (figure, behind)]
    return float(np.mean(nearest[0] < nearest[1]))


def swatches(pixels: Pixels) -> NDArray[np.float32]:
    """k×3 (L, a, b): the means of the 32-level bins that hold at least 2 % of N×3 pixels."""
    if not len(pixels):
        return np.zeros((0, 3), np.float32)
    codes = (pixels // 32).astype(np.int64) @ np.array([64, 8, 1])
    counts = np.bincount(codes, minlength=512)
    lab = to_lab(np.ascontiguousarray(pixels)).reshape(-1, 3)
    sums = np.stack([np.bincount(codes, lab[:, axis], 512) for axis in range(3)], axis=1)
    common = counts >= max(1.0, _COMMON * len(pixels))
    return (sums[common] / counts[common, None]).astype(np.float32)


def _true(scene: Scene) -> Pixels:
    """What the drawing should become, laid under its lines."""
    return np.rint(scene.drawing.under * (scene.drawing.line[..., None] / 255.0)).astype(np.uint8)


def _in_figure(drawing: Painting, regions: metrics.Regions) -> NDArray[np.bool_]:
    """n bool: regions that are mostly of the figure."""
    mask = metrics.fit(np.repeat(drawing.figure[..., None], 3, axis=2))[..., 0].reshape(-1)
    starts, ends = regions.bounds[:-1], regions.bounds[1:]
    shares = [mask[regions.pixels[a:b]].mean() > 127 for a, b in zip(starts, ends, strict=True)]
    return np.array(shares, bool)


def _weighted(values: NDArray[Any], regions: metrics.Regions, chosen: NDArray[np.bool_]) -> float:
    areas = regions.areas[chosen].astype(np.float64)
    return float(np.average(values[chosen], weights=areas)) if areas.size else float("nan")


def _scenes(config: SplitRun, count: int, share: float) -> list[Scene]:
    """Of characters that no training draws. All are square, so that a sheet can show them."""
    samples = SceneSamples(config.size, 1, config.seed, characters=400, first=HELD_OUT, scene_share=share, square=True)
    return [samples.scene(number) for number in range(count)]


def _means(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    means = {}
    for name in MEASURES:
        values = [one[name] for one in scores if name in one and np.isfinite(one[name])]
        means[name] = float(np.mean(values)) if values else float("nan")
    return means


def _shown(line: Pixels) -> Pixels:
    return np.repeat(line[..., None], 3, axis=2)


def _value(rows: Sequence[SplitRow], files: Sequence[Path], command: str) -> dict[str, Any]:
    return {
        "experiment": NAME,
        "finished": len(rows) > len(ROWS),
        "rows": [asdict(row) for row in rows],
        "files": [str(path) for path in files],
        "summary": [f"{_LABELS[row.name]}: {_told(row, lambda name: name)}" for row in rows],
        "command": command,
    }


def _told(row: SplitRow, title: Callable[[str], str]) -> str:
    return ", ".join(f"{title(name)} {getattr(row, name):.3f}" for name in MEASURES)


def _write(config: SplitRun, rows: Sequence[SplitRow], shown: Sequence[Sequence[Pixels]], command: str) -> list[Path]:
    folder = config.output
    folder.mkdir(parents=True, exist_ok=True)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["row", *MEASURES])
    writer.writerows([row.name, *(f"{getattr(row, name):.4f}" for name in MEASURES)] for row in rows)
    write_text(folder / f"{NAME}.csv", stream.getvalue())
    write_text(folder / f"{NAME}.md", as_markdown(config, rows, command))
    sheet = [contact_sheet.row(pictures, f"scene {number}", _TILE) for number, pictures in enumerate(shown)]
    write_png(folder / f"{NAME}.png", np.concatenate(sheet))
    return [folder / f"{NAME}{ending}" for ending in (".csv", ".md", ".png")]


def as_markdown(config: SplitRun, rows: Sequence[SplitRow], command: str) -> str:
    """The table with what it takes to read it, and to make it again."""
    lines = [
        "# split: figure and background painted apart",
        "",
        f"`{command}`: {config.limit} drawn scenes of characters that no training draws at {config.size} pixels, and "
        f"{max(1, config.limit // 3)} figures on paper; seed {config.seed}. Masks are the true ones. The sheet shows "
        "line art, reference, what it should become, and the rows in their order.",
        "",
        "| | " + " | ".join(_TITLES[name] for name in MEASURES) + " |",
        "|---|" + "---|" * len(MEASURES),
    ]
    for row in rows:
        lines.append(f"| {_LABELS[row.name]} | " + " | ".join(f"{getattr(row, n):.3f}" for n in MEASURES) + " |")
    return "\n".join(lines) + "\n"
