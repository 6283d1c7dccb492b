"""The parser that reports a mistake on one line. Imports little, because `--version` and `--help` wait for it."""

import argparse
import sys
from pathlib import Path
from typing import Any, NoReturn


class Mistake(SystemExit):
    """A mistake of use, told on stderr already. sentence: what was told."""

    def __init__(self, sentence: str) -> None:
        super().__init__(2)
        self.sentence = sentence


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, `nurie: error: …`, and exit code 2."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        super().__init__(*arguments, **options)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the options are explained."""
        message = " ".join(message.split())
        self._print_message(f"nurie: error: {message} (options: {self.prog} --help)\n", sys.stderr)
        raise Mistake(message)

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse writes straight to the stream and would lose a closed pipe's error; `main` wants to see it.
        stream = file if file is not None else sys.stderr
        if message and stream is not None:
            stream.write(message)


def file(text: str) -> Path:
    """A file name; a file whose name differs in composed letters alone is meant, too.

    An empty one, as an unset variable of a shell script gives, would otherwise mean the folder."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("a file name is empty")
    from engine import file_names

    return file_names.found(Path(text))
