"""What is said where memory runs out, and how much there is."""

import sys
from pathlib import Path

import pytest
import torch

from engine import device


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes."),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp] data. DefaultCPUAllocator: not enough memory: you tried 9 bytes."
        ),
    ],
)
def test_all_ways_to_say_it_are_known(error: Exception) -> None:
    assert device.is_out_of_memory(error)


@pytest.mark.parametrize("error", [RuntimeError("mat1 and mat2 shapes cannot be multiplied"), OSError("out of memory")])
def test_other_errors_are_others(error: Exception) -> None:
    assert not device.is_out_of_memory(error)


def test_free_memory_is_known_on_linux_and_else_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    free = device.free_memory("cpu")
    assert (free is not None and 2**20 < free < 2**50) if sys.platform == "linux" else free is None
    for text in ("", "MemAvailable:\n", "MemAvailable: many kB\n", "MemFree: 3 kB\n"):
        monkeypatch.setattr(Path, "read_text", lambda *_args, text=text, **_named: text)
        assert device.free_memory("cpu") is None
