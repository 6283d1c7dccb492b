"""Each fuzzer for a moment; `python -m tests.fuzz.NAME --seconds N` does it for long."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("no alarm there", allow_module_level=True)

from tests.fuzz import projects, texts

SECONDS = 2.0


@pytest.mark.usefixtures("qapp")
def test_projects() -> None:
    outcome = projects.fuzz(SECONDS)
    assert not outcome.faults, str(outcome)
    assert outcome.refused


@pytest.mark.parametrize("kind", texts.KINDS)
def test_texts(kind: str) -> None:
    outcome = texts.fuzz(kind, SECONDS / 4)
    assert not outcome.faults, str(outcome)
