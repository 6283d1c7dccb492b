"""`python -m tests.fuzz --seconds 3600 [--only NAME] [--seed N]`: a table of what mutants of each kind did."""

import argparse
import sys

from tests.fuzz.harness import fuzz
from tests.fuzz.targets import names, target


def main() -> int:
    """Fuzz and print; 1 where there was a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for all of them together")
    parser.add_argument("--only", help="one of them, by name")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chosen = [name for name in names() if options.only in (None, name)]
    faults: list[str] = []
    print(f"{'kind':12} {'mutants':>8} {'taken':>7} {'refused':>8} {'faults':>6} {'slowest s':>9} {'most MB':>8}")
    for name in chosen:
        tally = fuzz(target(name), seconds=options.seconds / len(chosen), seed=options.seed)
        numbers = f"{tally.mutants:8} {tally.taken:7} {sum(tally.refusals.values()):8} {len(tally.faults):6}"
        print(f"{name:12} {numbers} {tally.slowest:9.2f} {tally.most_bytes >> 20:8}", flush=True)
        faults += tally.faults
    print("\n".join(faults[:50]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
