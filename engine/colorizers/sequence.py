"""Sequences for engines that color one drawing at a time."""

from collections.abc import Callable, Generator

from engine.colorizer import Colorizer
from engine.request import ColorizeResult, Progress, SequenceRequest


def frame_by_frame(
    colorizer: Colorizer, request: SequenceRequest, should_stop: Callable[[], bool] | None = None
) -> Generator[Progress, None, tuple[ColorizeResult, ...]]:
    """Color each frame by itself, see `SequenceRequest.frame`; frames know of each other only through key frames."""
    results, count = [], len(request.frames)
    for number in range(count):
        steps = colorizer.colorize(request.frame(number), should_stop)
        while True:
            try:
                step = next(steps)
            except StopIteration as stop:
                results.append(stop.value)
                break
            yield Progress(step.message, (number + step.fraction) / count, step.preview)
    return tuple(results)
