"""`nurie watch`: a folder into which any program saves line art; it comes out colored a moment later."""

import argparse
import sys
from argparse import Namespace
from typing import Any

from app.batch.control import Control
from app.cli import batch
from app.cli import output as report
from app.cli.batch_output import JsonVoice, Voice


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Watch a folder: line art that any program saves into it is colored into another folder a moment later, with "
        "the folder's references, settings and palette as `batch` has them. A drawing that is saved again is colored "
        "anew, and corrections beside it (page.corrections.json by page.png) are kept. Half-written files are waited "
        "for. A picture that was painted over since is left alone, see --on-exists. Ctrl+C ends it; started again it "
        "does what has changed meanwhile."
    )
    batch.add_folder_options(parser)


def run(arguments: Namespace) -> int:
    """Watch until Ctrl+C, or until stdin says so; returns the exit code. Raises NurieError."""
    from app.batch.watching import Watch

    control = Control()
    voice: Voice = JsonVoice() if arguments.json else LineVoice()
    watch = Watch(batch.run_options(arguments), voice.say, control)
    if arguments.control:
        control.listen_in_background(sys.stdin)
    with batch.told_by(voice), batch.gentle_interrupt(control):
        return watch.run()


class LineVoice:
    """One line on stderr for each drawing that is over."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def say(self, event: dict[str, Any]) -> None:
        """Tell the event, if a person wants to hear of it."""
        name = event.get("name", "")
        match event["event"]:
            case "watching" if not self._said:
                self._once(f"nurie: watching {event['folder']}; Ctrl+C ends it")
            case "finished":
                to_check = f", {event['doubts']} to check" if event["doubts"] else ""
                self._line(f"{name} → {event['output']}{to_check}")
            case "skipped" if event["why"] == "exists":
                self._once(f"{name}: {event['output']} is there already or was changed by hand; it is left as it is")
            case "failed" if not event["before"]:
                self._line(f"{name}: {event['message']}")
            case "note":
                self._once(f"nurie: note: {event['message']}")

    def fail(self, message: str) -> None:
        """The command line tells errors itself."""

    def interrupted(self) -> None:
        """There is nothing to add."""

    def close(self) -> None:
        """Nothing is open."""

    def _once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._line(text)

    def _line(self, text: str) -> None:
        report.say(" ".join(text.split()))
