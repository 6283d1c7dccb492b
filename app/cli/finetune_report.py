"""What `nurie finetune` says: JSON objects, one a line, for programs; a progress bar and sentences for people."""

import dataclasses
import json
import math
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from app.cli import output as report
from app.cli.progress_bar import ProgressBar
from engine import sentences
from engine.sentences import Sentence

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry
    from trainer.fine_tuning_events import Event, Score

WORSE = Sentence("It colors held-out pictures no better than before.")


class Report:
    """Does nothing with what it is told."""

    def __enter__(self) -> "Report":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def busy(self, what: str) -> None:
        """What is being done before the first event."""

    def tell(self, event: "Event") -> None:
        """What happened."""

    def installed(self, entry: "ModelEntry") -> None:
        """The adapted model is one of the models now."""

    def kept_out(self, path: Path) -> None:
        """The adapted model was no better and not installed; it lies at `path`."""

    def failed(self, message: str) -> None:
        """It ended by a mistake, which is told on stderr all the same."""


class JsonReport(Report):
    """One JSON object a line on stdout, flushed, with the key "event"; "templates": see `engine.sentences`."""

    def tell(self, event: "Event") -> None:
        """See `Report.tell`; Finished says nothing, what becomes of the model does."""
        name = _NAMES.get(type(event).__name__)
        if name is not None:
            values = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
            self._say(name, **{key: _plain(value) for key, value in values.items()})

    def installed(self, entry: "ModelEntry") -> None:
        """See `Report.installed`."""
        size = entry.path.stat().st_size
        self._say("installed", name=entry.name, path=str(entry.path), sha256=entry.sha256(), bytes=size)

    def kept_out(self, path: Path) -> None:
        """See `Report.kept_out`."""
        self._say("kept_out", why=WORSE, file=str(path))

    def failed(self, message: str) -> None:
        """See `Report.failed`."""
        self._say("error", message=message)

    def _say(self, event: str, **values: Any) -> None:
        plain = sentences.to_plain({"event": event, **values})
        print(json.dumps(plain, ensure_ascii=True, allow_nan=False), flush=True)


class HumanReport(Report):
    """A progress bar with the time left on stderr; what there is, the verdict and the place of the model on stdout."""

    def __init__(self) -> None:
        self._bar = ProgressBar()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.wipe()

    def busy(self, what: str) -> None:
        """See `Report.busy`."""
        self._bar.show(what, 0.0)

    def tell(self, event: "Event") -> None:
        """See `Report.tell`."""
        from trainer import fine_tuning_events as events

        match event:
            case events.Prepared():
                self._prepared(event)
            case events.Measured():
                self._bar.wipe()
                rate = event.samples_per_second
                print(
                    f"about {duration(event.seconds_needed)} on this computer ({rate:.2g} samples a second)", flush=True
                )
            case events.Progressed():
                state = "paused" if event.paused else f"{duration(event.seconds_left)} left, loss {event.loss:.3f}"
                self._bar.show(f"step {event.step} of {event.steps}, {state}", event.step / event.steps)
            case events.Verdict():
                self._verdict(event)
            case events.Stopped():
                self._bar.wipe()
                print("stopped; run the same command again to go on" if event.resumable else "stopped", flush=True)

    def _prepared(self, event: Any) -> None:
        self._bar.wipe()
        for one in event.skipped:
            report.note(f"{one.path} is left out: {one.why}")
        if event.note:
            report.note(event.note)
        held_out = f", {', '.join(event.held_out)} held out to judge by" if event.held_out else ""
        if event.judged:
            held_out = f", {_count(event.judged, 'picture')} judged by what has learned from others only"
        again = "; going on where it stopped" if event.resumed else ""
        print(f"{_count(event.pictures, 'picture')}, {_count(event.pairs, 'pair')} to learn from{held_out}{again}")

    def _verdict(self, event: Any) -> None:
        self._bar.wipe()
        points = 100.0 * (event.after.region_accuracy - event.before.region_accuracy)
        print(f"before: {_scored(event.before)}\nafter:  {_scored(event.after)}, {points:+.1f} points", flush=True)
        for picture in event.pictures:
            print(f"  {picture.name}: see {picture.before} and {picture.after}")

    def installed(self, entry: "ModelEntry") -> None:
        """See `Report.installed`."""
        size = entry.path.stat().st_size / 1e6
        print(f"installed as '{entry.name}' ({size:.1f} MB): {entry.path}", flush=True)

    def kept_out(self, path: Path) -> None:
        """See `Report.kept_out`."""
        print(f"not installed: {WORSE} To use it all the same: nurie models --install {path}", flush=True)


# What the events are called; what is not named here is said otherwise.
_NAMES = {
    "Prepared": "prepared",
    "Measured": "measured",
    "Progressed": "progress",
    "Sampled": "sample",
    "Verdict": "verdict",
    "Stopped": "stopped",
}


def _plain(value: Any) -> Any:
    """A value of an event as JSON has it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else 0.0
    return value


def _scored(score: "Score") -> str:
    return (
        f"{score.region_accuracy:.1%} of the regions' area in the right color, mean ΔE {score.delta_e:.1f} "
        f"(raw guess {score.guess_accuracy:.1%})"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """A stretch of time for people."""
    if seconds < 90.0:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60.0)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
