"""`python -m trainer`: train a model from folders of pictures, as `trainer.command` explains."""

import argparse
import sys
from typing import NoReturn

from engine.errors import NurieError
from trainer import command


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"nurie: error: {' '.join(message.split())} (options: {self.prog} --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done or stopped in time, 2 for an error, 130 for Ctrl+C)."""
    parser = _Parser(prog="python -m trainer", description=command.DESCRIPTION, allow_abbrev=False)
    command.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        return command.run(options)
    except NurieError as error:
        message = " ".join(str(error).split())
    except OSError as error:
        message = f"The system refused: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}."
    except KeyboardInterrupt:
        print("nurie: stopped", file=sys.stderr)
        return command.INTERRUPTED
    print(f"nurie: error: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
