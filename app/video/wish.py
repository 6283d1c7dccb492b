"""What a person wants of a scene, as the dialog asks for it and as the command line is told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine import typed_values
from engine.corrections import Corrections, Hint
from engine.errors import NurieError
from engine.palette import Color

_NEAREST = 2  # key frames that a frame is colored from


@dataclass(frozen=True)
class SceneKey:
    """A colored picture; frame: which frame of the scene it is, None for a sheet."""

    path: str
    frame: int | None = None


@dataclass(frozen=True)
class Answer:
    """A color that a person gave a place of a frame."""

    frame: int
    x: int
    y: int
    color: Color


@dataclass(frozen=True)
class SceneWish:
    """A scene to be colored. format: an id of `engine.export.formats`, or the ending of a video."""

    scene: str
    keys: tuple[SceneKey, ...] = ()
    output: str = ""
    format: str = "png"
    by_swatch: bool = False
    answers: tuple[Answer, ...] = ()
    model: str | None = None

    @property
    def is_video(self) -> bool:
        """Whether a video is written and not a folder of pictures."""
        return self.format.startswith(".")

    def answered(self, answer: Answer) -> SceneWish:
        """With a further answer, which takes the place of an older one to the same question."""
        others = [one for one in self.answers if (one.frame, one.x, one.y) != (answer.frame, answer.x, answer.y)]
        return replace(self, answers=(*others, answer))

    def key_paths(self, frame: int, shots: tuple[int, ...] = ()) -> tuple[Path, ...]:
        """What a frame takes colors from: the key frames nearest to it and the sheets.

        shots: the frames that begin one, where known; a key of another shot counts only where its own has none.
        """

        def shot(number: int) -> int:
            return sum(begin <= number for begin in shots)

        placed = [(one.frame, one.path) for one in self.keys if one.frame is not None]
        sheets = [one.path for one in self.keys if one.frame is None]
        own = [key for key in placed if shot(key[0]) == shot(frame)]
        near = sorted(own or ([] if sheets else placed), key=lambda key: abs(key[0] - frame))
        return tuple(Path(path) for path in (*(path for _, path in near[:_NEAREST]), *sheets))

    def corrections(self) -> dict[str, Any]:
        """The answers as the file of corrections that the command line reads."""
        found: dict[str, Any] = {}
        for frame in sorted({one.frame for one in self.answers}):
            hints = tuple(Hint(one.x, one.y, one.color) for one in self.answers if one.frame == frame)
            found[str(frame)] = {"hints": [asdict(one) for one in Corrections(hints=hints).hints]}
        return found

    def arguments(self, corrections: Path | None) -> list[str]:
        """The command line of the child. corrections: the file they were written to."""
        words = ["video", self.scene, "--output", self.output, "--control"]
        for key in self.keys:
            words += ["--reference", key.path if key.frame is None else f"{key.path}@{key.frame}"]
        if not self.is_video:
            words += ["--format", self.format]
        if self.by_swatch:
            words.append("--swatch-layers")
        if self.model:
            words += ["--model", self.model]
        if corrections is not None:
            words += ["--corrections", str(corrections)]
        return words

    def to_json(self) -> str:
        """For the settings."""
        return json.dumps(asdict(self))


def from_json(text: str) -> SceneWish | None:
    """A wish of `to_json`, None for anything else."""
    try:
        return typed_values.to_dataclass(SceneWish, json.loads(text))
    except (ValueError, RecursionError, typed_values.Misfit, NurieError):
        return None
