"""What a command tells another program that called it: how far it is, an event a line."""

import json
from collections.abc import Callable

from engine.request import Progress

_STEP = 0.002  # of the whole; no more than a window can show


def progress_events() -> Callable[[Progress], None]:
    """Takes steps of the engine and prints them."""
    last = [-1.0]

    def tell(progress: Progress) -> None:
        if abs(progress.fraction - last[0]) >= _STEP:
            last[0] = progress.fraction
            event = {"event": "progress", "step": progress.message, "share": round(progress.fraction, 4)}
            print(json.dumps(event), flush=True)

    return tell
