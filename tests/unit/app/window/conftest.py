"""A program for each test of its controller."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.application import Nurie
from tests.fakes import FakeColorizer
from tests.window import program


@pytest.fixture
def fake() -> FakeColorizer:
    return FakeColorizer()


@pytest.fixture
def nurie(qapp: QApplication, tmp_path: Path, fake: FakeColorizer) -> Iterator[Nurie]:
    with program(qapp, tmp_path, fake) as running:
        yield running
