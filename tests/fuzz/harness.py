"""Mutants of sound files, and what they cost: exceptions that are not ours, seconds and memory.

By hand: `python -m tests.fuzz --seconds 3600`, or `--only tiff`. Peak memory is read where Linux tells it.
"""

import random
import struct
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import NurieError

SECONDS, BYTES = 20.0, 2**30  # that a file under 1 MB may cost
SMALL = 2**20

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@dataclass(frozen=True)
class Target:
    """A reader of files and sound files for it. run: takes the bytes; raises NurieError for what it refuses."""

    name: str
    seeds: Sequence[bytes]
    run: Callable[[bytes], object]


@dataclass
class Tally:
    """What came of a target's mutants. faults: one line each, with the seed and number that make the mutant again."""

    mutants: int = 0
    taken: int = 0
    slowest: float = 0.0
    most_bytes: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def mutant(seeds: Sequence[bytes], seed: int, number: int) -> bytes:
    """A file that is changed in a few places; the same for the same numbers."""
    chance = random.Random(f"{seed}/{number}")
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        if not data:
            break
        # Headers say sizes, and most of a file is not its header.
        place = chance.randrange(min(len(data), chance.choice((64, 256, len(data)))))
        kind = chance.randrange(7)
        if kind == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        elif kind == 2:
            layout = chance.choice(("<I", ">I", "<H", ">H"))
            size = struct.calcsize(layout)
            value = chance.choice(_NUMBERS) & (256**size - 1)
            data[place : place + size] = struct.pack(layout, value)
        elif kind == 3:
            del data[place:]
        elif kind == 4:
            del data[place : place + chance.randrange(1, 64)]
        elif kind == 5:
            data[place:place] = data[place : place + chance.randrange(1, 64)] * chance.randrange(1, 9)
        else:
            other = chance.choice(seeds)
            start = chance.randrange(len(other))
            data[place : place + 32] = other[start : start + 32]
    return bytes(data)


def fuzz(target: Target, *, mutants: int | None = None, seconds: float | None = None, seed: int = 0) -> Tally:
    """Run a target on so many mutants, or for so long."""
    tally, end = Tally(), time.monotonic() + (seconds if seconds is not None else 1e9)
    while (mutants is None or tally.mutants < mutants) and time.monotonic() < end:
        data = mutant(target.seeds, seed, tally.mutants)
        _try(target, data, f"{target.name} {seed}/{tally.mutants}", tally)
        tally.mutants += 1
    return tally


def _try(target: Target, data: bytes, label: str, tally: Tally) -> None:
    before, start = _reset_peak(), time.perf_counter()
    try:
        target.run(data)
        tally.taken += 1
    except NurieError as error:
        message = str(error)
        tally.refusals[type(error).__name__] += 1
        if "\n" in message or len(message) > 1000:
            tally.faults.append(f"{label}: a message of {len(message)} letters")
    except Exception as error:
        tally.faults.append(f"{label}: {error!r}"[:300])
    seconds, taken = time.perf_counter() - start, _peak() - before
    tally.slowest, tally.most_bytes = max(tally.slowest, seconds), max(tally.most_bytes, taken)
    if len(data) < SMALL and seconds > SECONDS:
        tally.faults.append(f"{label}: {seconds:.0f} s")
    if len(data) < SMALL and taken > BYTES:
        tally.faults.append(f"{label}: {taken >> 20} MB")


def _reset_peak() -> int:
    """Let the highest memory be counted anew from now on; returns the memory now, 0 where it is not told."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0
    return _peak()


def _peak() -> int:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)
