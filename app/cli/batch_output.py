"""How a batch of a folder speaks: in JSON, an object a line on stdout, or to a person on stderr.

The events: note (message) · preparing (step, fraction) · planned (drawings, to_do, before, exists, failed, jobs,
output) · started (number, name) · progress (number, name, step, fraction; of all: done, of, share, seconds,
seconds_left) · finished (number, name, output, width, height, device, seconds, doubts, leaks, notes, thumbnail) ·
skipped (number, name, why: "before" or "exists", output) · failed (number, name, message, before) · paused · resumed ·
stopped (resumable, why) · ended (done, before, exists, failed, waiting, report, problem: why that could not be written,
seconds) · error (message). Where a sentence was made from a template, "templates" says how: by its key the template and
the values, so that a window can say it in another language.
"""

import json
import sys
from collections.abc import Callable
from typing import Any, Protocol

from app.cli import output as report
from app.cli.progress_bar import ProgressBar
from engine import sentences


class Voice(Protocol):
    """Tells what happens in a batch."""

    def say(self, event: dict[str, Any]) -> None:
        """Tell an event."""
        ...

    def fail(self, message: str) -> None:
        """Tell that nothing can be done at all."""
        ...

    def interrupted(self) -> None:
        """Tell that Ctrl+C was pressed."""
        ...

    def close(self) -> None:
        """There is no more to tell."""
        ...


class JsonVoice:
    """JSON lines on stdout, each sent at once."""

    def say(self, event: dict[str, Any]) -> None:
        """Print the event."""
        if event["event"] == "ended":
            event = event | {"peak_memory_bytes": report.peak_memory_bytes()}
        print(json.dumps(sentences.to_plain(event), ensure_ascii=True), flush=True)

    def fail(self, message: str) -> None:
        """Print an error; the sentence goes to stderr, too, as of any command."""
        self.say({"event": "error", "message": message})

    def interrupted(self) -> None:
        """Print that it can go on."""
        self.say({"event": "stopped", "resumable": True, "why": ""})

    def close(self) -> None:
        """Nothing is open."""
        sys.stdout.flush()


class TerminalVoice:
    """A progress bar while it works, and at the end a summary with a line for each drawing that failed."""

    def __init__(self) -> None:
        self._bar = ProgressBar()
        self._failures: list[tuple[str, str]] = []
        self._with_notes = 0
        self._to_do = 0

    def say(self, event: dict[str, Any]) -> None:
        """Tell the event, if a person wants to hear of it."""
        tell: dict[str, Callable[[dict[str, Any]], None]] = {
            "note": lambda event: self._line(f"nurie: note: {event['message']}"),
            "preparing": lambda event: self._bar.show(event["step"], event["fraction"]),
            "planned": self._planned,
            "progress": self._progress,
            "finished": self._finished,
            "failed": self._failed,
            "stopped": self._stopped,
            "ended": self._ended,
        }
        if event["event"] in tell:
            tell[event["event"]](event)

    def fail(self, message: str) -> None:
        """The command line tells errors itself."""
        self._bar.wipe()

    def interrupted(self) -> None:
        """How to go on."""
        self._line("What is colored is kept; the same command goes on from there.")

    def close(self) -> None:
        """Take the bar away."""
        self._bar.wipe()

    def _line(self, text: str) -> None:
        self._bar.wipe()
        report.say(" ".join(text.split()))

    def _planned(self, event: dict[str, Any]) -> None:
        self._to_do = event["to_do"]
        found = f"{_drawings(event['drawings'])} found"
        if event["before"]:
            found += f", {event['before']} colored before"
        if event["exists"]:
            found += f", {event['exists']} left because the picture is there already (--on-exists)"
        self._line(f"{found}; {_drawings(event['to_do'])} to color, {event['jobs']} at a time, into {event['output']}.")

    def _progress(self, event: dict[str, Any]) -> None:
        left = event["seconds_left"]
        time = f", {duration(left)} left" if left is not None else ""
        self._bar.show(f"{event['done']} of {event['of']}{time}: {event['name']}, {event['step']}", event["share"])

    def _finished(self, event: dict[str, Any]) -> None:
        # A line for each of hundreds would hide what matters.
        self._with_notes += bool(event["notes"])

    def _failed(self, event: dict[str, Any]) -> None:
        self._failures.append((event["name"], event["message"]))

    def _stopped(self, event: dict[str, Any]) -> None:
        self._line(f"{event['why'] or 'Stopped.'} What is colored is kept; the same command goes on from there.")

    def _ended(self, event: dict[str, Any]) -> None:
        words = [f"{_drawings(event['done'])} colored in {duration(event['seconds']['total'])}"]
        if event["waiting"]:
            words.append(f"{event['waiting']} not yet")
        if event["failed"]:
            words.append(f"{event['failed']} failed")
        self._line(", ".join(words) + (":" if self._failures else "."))
        for name, message in self._failures:
            self._line(f"{name}: {message}")
        if self._failures:
            self._line("Mend these and give the same command again; --retry-failed tries them as they are.")
        if self._with_notes:
            where = "the report has them" if event["report"] else "--report FILE.html lists them"
            self._line(f"nurie: note: {_drawings(self._with_notes)} with places to look at; {where}.")
        if event["problem"]:
            report.error(event["problem"])
        if event["report"]:
            self._line(f"The report is {event['report']}.")


def duration(seconds: float) -> str:
    """A time as a person says it: 45 s, 3 min, 1 h 20 min."""
    if seconds < 120:
        return f"{round(seconds)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _drawings(count: int) -> str:
    return "1 drawing" if count == 1 else f"{count} drawings"
