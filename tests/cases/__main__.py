"""`python -m tests.cases --folder FOLDER [--only 04] [--keep DIR]`: what each case asks and whether it holds.

FOLDER holds one folder for each case, `NN-name`, with its input files.
"""

import argparse
import os
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # read when Qt starts

from tests.cases.cases import CASES
from tests.cases.running import Finding


def _verdict(findings: list[Finding]) -> str:
    held = sum(finding.holds for finding in findings)
    return "holds" if held == len(findings) else "partly" if held else "does not"


def run_case(number: str, folder: Path, kept: Path) -> list[Finding]:
    """Run one case; what it breaks in itself is a finding, too."""
    places = sorted(folder.glob(f"{number}-*"))
    if not places:
        return [Finding("its folder", False, "not there")]
    out = kept / number
    out.mkdir(parents=True, exist_ok=True)
    try:
        return CASES[number](places[0], out)
    except Exception as error:
        return [Finding("the check itself", False, f"{type(error).__name__}: {error}")]


def main() -> int:
    """Run and print; 1 where anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.cases", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument(
        "--only", action="append", choices=sorted(CASES), metavar="NN", help="a case's number; may be given again"
    )
    parser.add_argument("--keep", type=Path, help="where the pictures are kept (default: nowhere)")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="PIL")
    held = True
    with tempfile.TemporaryDirectory(prefix="cases-") as scratch:
        for number in options.only or sorted(CASES):
            findings = run_case(number, options.folder.resolve(), (options.keep or Path(scratch)).resolve())
            held = held and all(finding.holds for finding in findings)
            print(f"{number}  {_verdict(findings)}")
            for finding in findings:
                print(f"      {'+' if finding.holds else '-'} {finding.asked}: {finding.measured}", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
