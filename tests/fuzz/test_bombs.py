"""One small file that states a large picture; `python -m tests.fuzz.bombs` tries every kind at its largest."""

import pytest

from tests.fuzz import bombs


@pytest.mark.parametrize("side", [30_000, 2_500])
def test_a_small_file_costs_little(side: int) -> None:
    found = bombs.cost("PNG 1", (side,))
    assert found.is_fair
    assert found.side == (0 if side == 30_000 else side)
