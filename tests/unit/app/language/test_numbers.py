from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from app.language import numbers


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("german")
def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert numbers.decimal(1.25, 2) == "1,25"
    assert numbers.percent(0.1234, 1) == "12,3 %"


def test_numbers_are_rounded() -> None:
    assert numbers.decimal(0.96) == "1"
    assert numbers.percent(0.999) == "100 %"
    assert numbers.percent(0.999, 1) == "99.9 %"
