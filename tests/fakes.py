"""Stand-ins for what is slow: a colorizer that answers at once, and small pictures to feed it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.colorizer import Abilities
from engine.colorizers.base import BaseColorizer
from engine.errors import Cancelled
from engine.line_art.regions import RegionMap
from engine.palette import Palette
from engine.request import ColorizeRequest, ColorizeResult, Progress


@dataclass
class FakeColorizer(BaseColorizer):
    """Paints everything in the mean color of the references. Deterministic, instant, counts what it was asked.

    gate: when given, the work waits after its first step until the gate is open or it is told to stop.
    failure: raised instead of answering.
    """

    gate: threading.Event | None = None
    failure: Exception | None = None
    steps: int = 4
    requests: list[ColorizeRequest] = field(default_factory=list)
    matches: int = 0
    cancelled: int = 0
    started: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def load(cls, _path: Path, _device: str = "auto") -> FakeColorizer:
        return cls()

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        self.requests.append(request)
        self.started.set()
        try:
            for step in range(self.steps):
                yield Progress(f"Step {step + 1} of {self.steps}", step / self.steps)
                self._wait(should_stop)
            if self.failure is not None:
                raise self.failure
            return self._answer(request)
        except (Cancelled, GeneratorExit):
            self.cancelled += 1
            raise

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> None:
        """It compares no line art: regions take the nearest swatch."""
        self.matches += 1

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> None:
        """Nothing: no region is like another, so hints do not spread."""

    def _wait(self, should_stop: Callable[[], bool] | None) -> None:
        while True:
            if should_stop is not None and should_stop():
                raise Cancelled
            if self.gate is None or self.gate.wait(0.005):
                return

    def _answer(self, request: ColorizeRequest) -> ColorizeResult:
        mean = np.mean([reference.pixels.reshape(-1, 3).mean(axis=0) for reference in request.references], axis=0)
        height, width = request.line_art.size
        color = np.empty((height, width, 3), np.uint8)
        color[...] = np.round(mean)
        return ColorizeResult(color, request.line_art.layer, "cpu", "fp32", (height, width), seconds=0.01)


PAINTS_IN_ONE_PASS = Abilities(adapting=True)


@dataclass(frozen=True)
class FakeModel:
    """A model of the catalogue."""

    name: str = "fake"
    path: Path = Path("fake.safetensors")
    title: str = "Fake"
    description: str = "Paints everything in one color."
    licence: str = "CC0-1.0"
    problem: str = ""
    abilities: Abilities = PAINTS_IN_ONE_PASS

    def sha256(self) -> str:
        """A stand-in for the digest."""
        return "0" * 64


def line_drawing(width: int = 96, height: int = 64) -> NDArray[np.uint8]:
    """Black lines on white, H×W×3."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[height // 4, width // 8 : -width // 8] = 0
    pixels[-height // 4, width // 8 : -width // 8] = 0
    pixels[height // 4 : -height // 4, width // 4] = 0
    pixels[height // 4 : -height // 4, -width // 4] = 0
    return pixels


def color_picture(width: int = 80, height: int = 80, color: tuple[int, int, int] = (200, 60, 60)) -> NDArray[np.uint8]:
    """Three flat areas of color with hard borders, H×W×3."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[...] = color
    pixels[: height // 2, : width // 2] = (60, 120, 200)
    pixels[height // 2 :, width // 2 :] = (240, 200, 80)
    return pixels
