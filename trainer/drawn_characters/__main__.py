"""Draw characters in many poses into a data folder: `python -m trainer.drawn_characters --output DIR`.

With --scenes N it draws scenes of them, which `nurie train --preset keyframe-compact` learns from.
"""

import argparse
import sys
from pathlib import Path

from engine.errors import NurieError
from trainer.drawn_characters.generation import generate, generate_scenes


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 for an error, 130 for Ctrl+C)."""
    options = _parser().parse_args(arguments)
    try:
        common = options.size, options.seed, options.jobs
        if options.scenes:
            drawn, kept = generate_scenes(options.output, options.scenes, options.poses, *common)
        else:
            drawn, kept = generate(options.output, options.characters, options.poses, *common, options.washed)
    except NurieError as error:
        print(f"nurie: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("nurie: stopped; run the same command again to draw what is missing", file=sys.stderr)
        return 130
    print(f"drew {drawn} pictures, kept {kept} that were there already, in {options.output}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer.drawn_characters", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="data folder; its characters/ is filled")
    parser.add_argument("--characters", type=int, default=100, help="how many characters (default 100)")
    parser.add_argument("--poses", type=int, default=8, help="drawings, or frames, of each (default 8)")
    parser.add_argument("--scenes", type=int, default=0, help="draw so many scenes into folders of frames instead")
    parser.add_argument("--size", type=int, default=320, help="side in pixels (default 320)")
    parser.add_argument("--seed", type=int, default=0, help="another seed draws other characters")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    parser.add_argument("--washed", action="store_true", help="as ink and watercolor, mostly creatures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
