"""Where a training run stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainProgress:
    """Where a run stands.

    step: optimizer steps taken; pictures of total seen; size: pixels on a side; learning_rate: of the generator.
    losses: means since the last report, weighted, by name: "total", and those of the recipe. rate: pictures per second;
    waiting: share of the time spent waiting for samples; seconds: of training, over all slices.
    """

    step: int
    pictures: int
    total: int
    size: int
    losses: dict[str, float]
    learning_rate: float
    rate: float
    waiting: float
    seconds: float
