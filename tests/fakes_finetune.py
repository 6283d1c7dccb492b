"""A stand-in for the command line's `finetune`: says the same events and obeys the same words, and learns nothing.

Run as a script by a `ChildProcess`; its first argument says, as JSON, how it behaves.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the script itself gets along without Qt and starts at once
    from app.finetune.run import MakeChild

BEFORE, AFTER = 0.612, 0.804


def make_child(**behavior: Any) -> MakeChild:
    """What makes children that behave so.

    steps, delay (seconds a step), better, crash_at, error_at (a step), error (a sentence), hold_at (waits at that step
    until it is told something), skipped (pictures), note (there is nothing to hold out), measure_error (a sentence),
    seconds_needed.
    """
    program = [sys.executable, "-S", str(Path(__file__).resolve()), json.dumps(behavior)]

    from app.jobs.child_process import ChildProcess

    return lambda parent: ChildProcess(parent, program)


class _Child:
    def __init__(self, behavior: dict[str, Any], arguments: argparse.Namespace) -> None:
        self.behavior, self.arguments = behavior, arguments
        self.words: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.paused = False
        threading.Thread(target=self._listen, daemon=True).start()

    def run(self) -> int:
        behavior, arguments = self.behavior, self.arguments
        missing = [path for path in arguments.sheets if not path.is_file()]
        if missing:
            sys.stderr.write(f"reading\nnurie: error: There is no file {missing[0]}; check its name and folder.\n")
            return 2
        arguments.run.mkdir(parents=True, exist_ok=True)
        checkpoint = arguments.run / "checkpoint"
        resumed = checkpoint.exists()
        say(
            "prepared",
            pictures=len(arguments.sheets),
            pairs=24,
            held_out=[arguments.sheets[0].name] if "note" not in behavior else [],
            note=behavior.get("note", ""),
            skipped=behavior.get("skipped", []),
            disk_bytes=12_400_000,
            resumed=resumed,
        )
        if arguments.measure:
            return self._measure()
        say("measured", samples_per_second=9.5, seconds_needed=70.0)
        return self._train(int(checkpoint.read_text()) if resumed else 0, checkpoint)

    def _measure(self) -> int:
        if "measure_error" in self.behavior:
            sys.stderr.write(self.behavior["measure_error"])
            return 2
        say("measured", samples_per_second=9.5, seconds_needed=self.behavior.get("seconds_needed", 70.0))
        return 0

    def _train(self, start: int, checkpoint: Path) -> int:
        behavior, steps = self.behavior, self.behavior.get("steps", 4)
        for step in range(start + 1, steps + 1):
            word = self._obey(step)
            if word in ("cancel", "closed"):
                say("stopped", resumable=step > 1)
                return 0
            if word == "stop":
                break
            if step == behavior.get("crash_at") and start < step - 1:
                os.abort()
            if step == behavior.get("error_at"):
                say("error", message=behavior["error"])
                return 2
            time.sleep(behavior.get("delay", 0.0))
            checkpoint.write_text(str(step))
            self._say_progress(step)
            if step % 10 == 1:
                say("sample", step=step, **self._pictures())
        return self._judge()

    def _obey(self, step: int) -> str:
        """The word that ends it, or nothing. Waits while it is paused or held."""
        holds = step == self.behavior.get("hold_at")
        while True:
            try:
                word = self.words.get(timeout=0.01 if holds or self.paused else 0)
            except queue.Empty:
                if not holds and not self.paused:
                    return ""
                continue
            if word in ("stop", "cancel", "closed"):
                return word
            self.paused = word == "pause"
            self._say_progress(step - 1)

    def _say_progress(self, step: int) -> None:
        steps = self.behavior.get("steps", 4)
        say(
            "progress",
            step=step,
            steps=steps,
            seconds=0.5 * step,
            seconds_left=0.5 * (steps - step) + 2.0,
            loss=0.02 + 0.3 / (1 + step),
            paused=self.paused,
        )

    def _judge(self) -> int:
        better = self.behavior.get("better", True)
        after = AFTER if better else BEFORE - 0.05
        say(
            "verdict",
            before={"region_accuracy": BEFORE, "delta_e": 14.2},
            after={"region_accuracy": after, "delta_e": 9.1 if better else 15.0},
            better=better,
            pictures=[{"name": path.name, **self._pictures(path)} for path in self.arguments.sheets[:2]],
        )
        # Installed ones lie where the catalogue looks for them, which lists this one as damaged.
        folder = Path(os.environ["NURIE_MODELS"]) if better and "NURIE_MODELS" in os.environ else self.arguments.run
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.arguments.name}.safetensors"
        file.write_bytes(b"delta")
        if better:
            say("installed", name=self.arguments.name, path=str(file), sha256="0" * 64, bytes=5)
        else:
            say("kept_out", why="Fewer regions got the right color than before.", file=str(file))
        return 0

    def _pictures(self, sheet: Path | None = None) -> dict[str, str]:
        source = sheet or self.arguments.sheets[0]
        found: dict[str, str] = {}
        for name in ("before", "after", "truth"):
            target = self.arguments.run / f"{source.stem}-{name}{source.suffix}"
            shutil.copyfile(source, target)
            found[name] = str(target)
        return found

    def _listen(self) -> None:
        for line in sys.stdin:
            self.words.put(line.strip())
        self.words.put("closed")


def say(event: str, **values: Any) -> None:
    print(json.dumps({"event": event, **values}), flush=True)


def main() -> int:
    behavior = json.loads(sys.argv[1])
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["finetune"])
    parser.add_argument("sheets", nargs="+", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--preset", choices=["quick", "thorough"], default="quick")
    parser.add_argument("--teach")
    parser.add_argument("--sigma", type=float)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--model")
    for flag in ("--control", "--json", "--measure"):
        parser.add_argument(flag, action="store_true")
    child = _Child(behavior, parser.parse_args(sys.argv[2:]))
    return child.run()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the listening thread may hold stdin's lock
