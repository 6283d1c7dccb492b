"""What a fine-tuning in a child process says, as the values of `trainer.fine_tuning_events` where the window shows all
of them. See `nurie finetune --json`."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.fine_tuning_events import JudgedPicture, Measured, Prepared, Progressed, Sampled, Skipped, Stopped

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Score:
    """Share of the regions that have the right color, in [0, 1], and the mean difference of colors (CIEDE2000)."""

    region_accuracy: float
    delta_e: float


@dataclass(frozen=True)
class Verdict:
    """How held-out pictures come out before and after."""

    before: Score
    after: Score
    better: bool
    pictures: tuple[JudgedPicture, ...]


@dataclass(frozen=True)
class Installed:
    """The adapted model is one of the models now."""

    name: str
    path: Path
    bytes: int


@dataclass(frozen=True)
class KeptOut:
    """The adapted model is no better and was not installed. file: it can be installed all the same."""

    why: str
    file: Path


Event = Prepared | Measured | Progressed | Sampled | Verdict | Installed | KeptOut | Stopped


def parse(event: Mapping[str, Any]) -> Event | None:
    """The event as a value; None for one that is not known here or lacks something, which the log tells."""
    make = _MAKERS.get(str(event.get("event")))
    if make is None:
        return None
    try:
        return make(event)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("A fine-tuning said %r, which lacks something: %s", event, error)
        return None


def _prepared(event: Mapping[str, Any]) -> Prepared:
    return Prepared(
        int(event["pictures"]),
        int(event["pairs"]),
        tuple(str(one) for one in event["held_out"]),
        tuple(Skipped(Path(one["path"]), str(one["why"])) for one in event["skipped"]),
        int(event["disk_bytes"]),
        bool(event.get("resumed", False)),
        str(event.get("note", "")),
        int(event.get("judged", 0)),
    )


def _measured(event: Mapping[str, Any]) -> Measured:
    return Measured(_number(event["samples_per_second"]), _number(event["seconds_needed"]))


def _progressed(event: Mapping[str, Any]) -> Progressed:
    return Progressed(
        int(event["step"]),
        int(event["steps"]),
        _number(event["seconds"]),
        _number(event["seconds_left"]),
        _number(event["loss"]),
        bool(event.get("paused", False)),
    )


def _sampled(event: Mapping[str, Any]) -> Sampled:
    return Sampled(int(event["step"]), Path(event["before"]), Path(event["after"]), Path(event["truth"]))


def _score(value: Mapping[str, Any]) -> Score:
    return Score(_number(value["region_accuracy"]), _number(value["delta_e"]))


def _verdict(event: Mapping[str, Any]) -> Verdict:
    pictures = tuple(
        JudgedPicture(str(one["name"]), Path(one["before"]), Path(one["after"]), Path(one["truth"]))
        for one in event["pictures"]
    )
    return Verdict(_score(event["before"]), _score(event["after"]), bool(event["better"]), pictures)


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Event]] = {
    "prepared": _prepared,
    "measured": _measured,
    "progress": _progressed,
    "sample": _sampled,
    "verdict": _verdict,
    "installed": lambda event: Installed(str(event["name"]), Path(event["path"]), int(event["bytes"])),
    "kept_out": lambda event: KeptOut(str(event["why"]), Path(event["file"])),
    "stopped": lambda event: Stopped(bool(event["resumable"])),
}
