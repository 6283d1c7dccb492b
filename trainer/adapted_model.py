"""What a fine-tuning leaves: an adapted model, and its card in Markdown."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from engine import adaptation
from engine.checkpoint import BaseModel, CheckpointInfo
from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from engine.model_catalog import ADAPTED, ModelEntry
from trainer.config import FineTuneConfig
from trainer.fine_tuning_events import Verdict

_TAUGHT = {
    "matching": "which part of the references a region takes its color from",
    "colors": "the colors of the guess",
}


@dataclass(frozen=True)
class Story:
    """How an adapted model came about. names: of the sheet's pictures; held_out: how many of them it was judged by.
    parts: the file of the matching network, where that was taught."""

    names: tuple[str, ...]
    held_out: int
    steps: int
    seconds: float
    config: FineTuneConfig
    parts: BaseModel | None = None


def describe(name: str, base: ModelEntry, story: Story, verdict: Verdict) -> CheckpointInfo:
    """What the adapted model says about itself. Of the sheet it says how many pictures, and the hash of their names."""
    assert base.info is not None
    whole = BaseModel(base.name, base.sha256()) if base.info.base is None else base.info.base
    return CheckpointInfo(
        architecture=base.info.architecture,
        config=base.info.config,
        name=name,
        description=base.title + ADAPTED,
        provenance={
            "sheet": {
                "pictures": len(story.names),
                "held_out": story.held_out,
                "names_sha256": names_digest(story.names),
            },
            "taught": story.config.teach,
            "preset": story.config.preset,
            "steps": story.steps,
            "seconds": round(story.seconds, 1),
            "seed": story.config.seed,
            "verdict": {"before": _numbers(verdict, "before"), "after": _numbers(verdict, "after")},
        },
        licence=base.info.licence,
        attributions=base.info.attributions,
        base=whole,
        parts=story.parts or base.info.parts,
    )


def write(path: Path, changes: Mapping[str, Tensor], info: CheckpointInfo) -> None:
    """Write the adapted model, and its card beside it with the suffix .md. Raises CheckpointError and TrainingError."""
    adaptation.save(path, changes, info)
    try:
        with atomic_path(path.with_suffix(".md")) as temporary:
            temporary.write_text(card(info), encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The model's card cannot be written: {0}", error) from error


def card(info: CheckpointInfo) -> str:
    """The model card."""
    assert info.base is not None
    story = info.provenance
    before, after = story["verdict"]["before"], story["verdict"]["after"]
    matching = story.get("taught") == "matching"
    judged = (
        f"{story['sheet']['held_out']} of them were judged by, each finished by a network that had learned from others "
        "only; the one here has learned from all."
        if matching and story["sheet"]["held_out"]
        else f"{story['sheet']['held_out']} of them were not learned from, and it was judged by these."
        if story["sheet"]["held_out"]
        else "It was judged by a strong warp of one of them, which proves less than another drawing would."
    )
    rows = "\n".join(
        f"| {title} | {before[key]:.3f} | {after[key]:.3f} |"
        for key, title in (
            ("region_accuracy", "region color accuracy, finished"),
            ("guess_accuracy", "region color accuracy, raw guess"),
            ("delta_e", "mean region ΔE2000, finished"),
        )
    )
    beside = f"\n| beside it | {info.parts.name}, SHA-256 `{info.parts.sha256}` |" if info.parts else ""
    named = "\n".join(f"- {line}" for line in info.attributions)
    return f"""# {info.name}

{info.description} It holds only what changes the base model, and needs that one to be there.

| | |
|---|---|
| base | {info.base.name}, SHA-256 `{info.base.sha256}` |{beside}
| taught | {_TAUGHT[story.get("taught", "colors")]} |
| sheet | {story["sheet"]["pictures"]} pictures, SHA-256 of their names `{story["sheet"]["names_sha256"]}` |
| learned | {story["steps"]} steps ({story["preset"]}), {story["seconds"]:.0f} s, seed {story["seed"]} |
| licence of the base | {info.licence or "unknown"} |

Whoever passes it on also needs the right to pass on what was learned from the sheet's pictures.

{judged}

| | before | after |
|---|---|---|
{rows}

## Attributions of the base

{named or "None."}
"""


def names_digest(names: Sequence[str]) -> str:
    """SHA-256 of the names, sorted, a line each, in hexadecimal."""
    return hashlib.sha256("\n".join(sorted(names)).encode("utf-8", "surrogatepass")).hexdigest()


def _numbers(verdict: Verdict, which: str) -> dict[str, Any]:
    score = verdict.before if which == "before" else verdict.after
    return {
        "region_accuracy": round(score.region_accuracy, 4),
        "delta_e": round(score.delta_e, 2),
        "guess_accuracy": round(score.guess_accuracy, 4),
    }
