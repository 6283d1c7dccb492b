"""A stand-in for `nurie batch --json --control`, told what to do by words on stdin.

"finish" ends it as a batch of three drawings one of which failed, "crash" at once. Its arguments are written to the
file that the first of them names. "watch" is what a watched folder says.
"""

import json
import os
import sys
from pathlib import Path


def say(event: str, **more: object) -> None:
    print(json.dumps({"event": event, **more}), flush=True)


def main(record: str, *arguments: str) -> int:
    with Path(record).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(arguments) + "\n")
    say("planned", drawings=3, to_do=3, before=0, exists=0, failed=0, jobs=2, output="out")
    say("started", number=1, name="a.png")
    say(
        "progress", number=1, name="a.png", step="Coloring", fraction=0.5, done=0, of=3, share=0.2, seconds=1.0,
        seconds_left=50.0,
    )  # fmt: skip
    for line in sys.stdin:
        word = line.strip()
        if word == "crash":
            os.abort()
        if word == "finish":
            say("finished", number=1, name="a.png", output="out/a.png", notes=[], thumbnail=None)
            say("finished", number=2, name="b.png", output="out/b.png", notes=[], thumbnail=None)
            say("failed", number=3, name="c.png", message="c.png is damaged.", before=False)
            say("ended", done=2, before=0, exists=0, failed=1, waiting=0, report="report.html")
            return 1
        if word == "watch":  # as `nurie watch` once it has done what there was
            say("finished", number=1, name="a.png", output="out/a.png", notes=[], thumbnail=None)
            say("failed", number=2, name="b.png", message="b.png is damaged.", before=False)
            say("watching", folder="in")
            continue
        if word == "stop" and "watch" in arguments:
            return 0
        if word == "stop":
            break
        say("paused" if word == "pause" else "resumed")
    say("stopped", resumable=True, why="")
    say("ended", done=0, before=0, exists=0, failed=0, waiting=3, report=None)
    return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
