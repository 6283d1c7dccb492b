"""Changes good files by their structure and reads them: nothing but our own errors may come of it, fast and small."""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import NurieError

SECONDS_MAX = 20
MEMORY_MAX = 1 << 30  # bytes, more than before the file was read
INTERESTING = [
    b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"../", b"[" * 5000, b"\xed\xa0\x80",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0, 1, 2**31, -(2**63), 10**400, 1e308, "", "../x", "/etc/passwd", "a\0b", "\ud800", "x" * 5000,
    "<img src='x'>", [], {}, [[]], [[[[[[[[1]]]]]]]],
]  # fmt: skip

Target = Callable[[bytes, Path], object]


@dataclass
class Outcome:
    """What came of it: how many files, how many were taken, refused; and the bad ones by what they did."""

    mutants: int = 0
    taken: int = 0
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        words = f"{self.mutants} files: {self.taken} taken, {self.refused} refused, {self.faults.total()} faults"
        return "\n".join([words, *(f"{count} × {what}" for what, count in self.faults.most_common())])


def changed(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0 if data:
                place = min(place, len(data) - 1)
                data = data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
            case 1:
                data = data[:place]
            case 2:
                data = data[:place] + chance.choice(INTERESTING) + data[place:]
            case 3:
                some = chance.choice(INTERESTING)
                data = data[:place] + some + data[place + len(some) :]
            case 4:
                data = data[:place] + data[place + chance.randrange(1, 64) :]
            case 5:
                data = data[:place] + data[max(0, place - chance.randrange(1, 256)) :]
            case _:
                numbers = list(re.finditer(rb"\d+", data))
                if numbers:
                    one = chance.choice(numbers)
                    number = str(chance.choice([-1, 0, 2**31, 2**64, 10 ** chance.randrange(1, 500)])).encode()
                    data = data[: one.start()] + number + data[one.end() :]
    return data


def changed_values(values: Any, chance: random.Random) -> Any:
    """The plain values of a JSON file with one of them another."""
    values = json.loads(json.dumps(values))
    nodes: list[tuple[Any, Any]] = []
    level: list[Any] = [values]
    while level:
        one = level.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        nodes += [(one, key) for key, _ in pairs]
        level += [value for _, value in pairs]
    if not nodes:
        return chance.choice(VALUES)
    holder, key = chance.choice(nodes)
    match chance.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice(["", "x", "path", "version", "\ud800"])] = chance.choice(VALUES)
        case 2:
            other, name = chance.choice(nodes)
            with contextlib.suppress(KeyError, IndexError):
                holder[key] = json.loads(json.dumps(other[name]))
        case _:
            holder[key] = chance.choice(VALUES)
    return values


def run(target: Target, mutants: Callable[[random.Random], bytes], seconds: float, seed: int = 0) -> Outcome:
    """Read files for so long. What they wrote outside the folder they were given counts as a fault."""
    outcome, chance, end = Outcome(), random.Random(seed), time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as place:
        while time.monotonic() < end or outcome.mutants < 20:
            outside = Path(place) / "outside"
            folder = outside / "folder"
            folder.mkdir(parents=True, exist_ok=True)
            data = mutants(chance)
            fault = _one(target, data, folder, outcome)
            if {path.name for path in outside.iterdir()} != {"folder"}:
                fault = "wrote outside"
            if fault:
                outcome.faults[fault] += 1
                kept = Path(tempfile.gettempdir()) / f"nurie-fuzz-{seed}-{outcome.mutants}"
                kept.write_bytes(data)
                print(f"{kept}: {fault}", file=sys.stderr)
            outcome.mutants += 1
    return outcome


def _one(target: Target, data: bytes, folder: Path, outcome: Outcome) -> str:
    before = _peak()
    try:
        with _alarm():
            target(data, folder)
        outcome.taken += 1
    except NurieError:
        outcome.refused += 1
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}: {str(error)[:80]}"
    return "more than 1 GB" if _peak() - before > MEMORY_MAX else ""


class TooSlow(Exception):
    """It took more time than any small file may."""


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS_MAX)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _peak() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(fuzz: Callable[[float, int], Outcome], argv: Sequence[str] | None = None) -> int:
    """`python -m tests.fuzz.NAME --seconds N --seed S`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    outcome = fuzz(options.seconds, options.seed)
    print(outcome)
    return 1 if outcome.faults else 0
