"""A few kills of each kind; `python -m tests.fuzz.kills --kills 150` does many."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("no fork there", allow_module_level=True)

from tests.fuzz import kills


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", kills.KINDS)
def test_nothing_is_lost_and_nothing_stays(name: str) -> None:
    lost, _, after = kills.kill(kills.KINDS[name], 6)
    assert (lost, after) == (0, 0)
