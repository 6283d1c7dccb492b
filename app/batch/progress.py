"""How far a batch is and how long it still takes."""

from typing import Any

from app.batch.control import Control

_ENOUGH = 0.5  # drawings; before that there is no telling how long the others take


class Progresses:
    """Adds up what is done of all drawings in work."""

    def __init__(self, total: int, control: Control) -> None:
        self._total = total
        self._control = control
        self._over = self._colored = 0
        self._parts: dict[str, float] = {}

    def advance(self, name: str, fraction: float) -> dict[str, Any]:
        """A drawing is done by this share. Returns how all stands: drawings over (done) of all (of), the share, seconds
        at work, seconds left (None while there is no telling)."""
        self._parts[name] = fraction
        in_work = sum(self._parts.values())
        share, seconds = self._over + in_work, self._control.seconds()
        # Drawings that fail do so at once, and tell nothing of how long the others take.
        measure = self._colored + in_work
        left = seconds / measure * (self._total - share) if measure >= _ENOUGH else None
        return {
            "done": self._over,
            "of": self._total,
            "share": round(share / max(1, self._total), 4),
            "seconds": round(seconds, 1),
            "seconds_left": None if left is None else round(left, 1),
        }

    def end(self, name: str, colored: bool) -> None:
        """A drawing is over."""
        self._parts.pop(name, None)
        self._over += 1
        self._colored += colored
