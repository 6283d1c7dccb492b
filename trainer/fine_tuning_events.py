"""What a fine-tuning tells while it runs, and what a person may want of it. Imports nothing that takes long."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path


class Wish(Enum):
    """GO on; PAUSE until that changes; STOP: end training and judge what there is; CANCEL: note where it is, end."""

    GO = auto()
    PAUSE = auto()
    STOP = auto()
    CANCEL = auto()


Wishes = Callable[[], Wish]


@dataclass(frozen=True)
class Skipped:
    """A picture that is left out, and the sentence why."""

    path: Path
    why: str


@dataclass(frozen=True)
class Prepared:
    """What there is to learn from.

    pairs: ordered pairs of pictures. held_out: names of the pictures that are only judged by; none where there are too
    few, a warp of a picture stands for them then. judged: how many pictures are judged by cross-validation, each by
    what has learned from others only. disk_bytes: what the run's folder takes at most. resumed: an earlier slice goes
    on. note: what the judgement cannot prove, empty where it can.
    """

    pictures: int
    pairs: int
    held_out: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    disk_bytes: int
    resumed: bool
    note: str = ""
    judged: int = 0


@dataclass(frozen=True)
class Measured:
    """How fast this computer is, by a few real steps; seconds_needed: from now to the verdict."""

    samples_per_second: float
    seconds_needed: float


@dataclass(frozen=True)
class Progressed:
    """step of steps; seconds: of training so far, over all slices; seconds_left: to the verdict; loss: smoothed."""

    step: int
    steps: int
    seconds: float
    seconds_left: float
    loss: float
    paused: bool = False

    @property
    def fraction(self) -> float:
        """Share of the time that is over, in [0, 1]; the verdict at the end takes some too."""
        return min(max(self.seconds / max(self.seconds + self.seconds_left, 1e-6), 0.0), 1.0)


@dataclass(frozen=True)
class Sampled:
    """A held-out picture as the guess of the base has it, as it is guessed now, and as it is: PNG files."""

    step: int
    before: Path
    after: Path
    truth: Path


@dataclass(frozen=True)
class Score:
    """Of finished colorings: region color accuracy in [0, 1] and mean CIEDE2000 of the regions; guess_accuracy: of the
    raw guesses."""

    region_accuracy: float
    delta_e: float
    guess_accuracy: float


@dataclass(frozen=True)
class JudgedPicture:
    """A held-out picture, finished by the base, by the adapted model, and as it is: PNG files."""

    name: str
    before: Path
    after: Path
    truth: Path


@dataclass(frozen=True)
class Verdict:
    """The judgement by pictures not learned from. better: see `is_better` of `trainer.sheet_judge` for colors, and of
    `trainer.matching_judge`."""

    before: Score
    after: Score
    better: bool
    pictures: tuple[JudgedPicture, ...]


@dataclass(frozen=True)
class Finished:
    """The adapted model as a file in the run's folder, judged."""

    path: Path
    verdict: Verdict


@dataclass(frozen=True)
class Stopped:
    """It ended before the verdict; resumable: the same run can go on."""

    resumable: bool


Event = Prepared | Measured | Progressed | Sampled | Verdict | Finished | Stopped
