"""A short run of every fuzzer: no exception but ours, no file that costs a gigabyte or many seconds.

NURIE_FUZZ_SECONDS=600 makes it a longer one, for each kind.
"""

import os

import pytest

from tests.fuzz.harness import fuzz
from tests.fuzz.targets import names, target

MUTANTS = 120


@pytest.mark.parametrize("name", names())
def test_mutants_are_taken_or_refused(name: str) -> None:
    seconds = os.environ.get("NURIE_FUZZ_SECONDS")
    budget = {"seconds": float(seconds)} if seconds else {"mutants": MUTANTS}
    tally = fuzz(target(name), seed=1, **budget)  # type: ignore[arg-type]
    assert tally.faults == []
    assert tally.taken
    assert tally.refusals
