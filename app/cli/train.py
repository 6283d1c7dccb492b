"""`nurie train`: train a model from folders of color pictures. `python -m trainer` is the same without the window."""

import argparse

from trainer import command
from trainer.command import run

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = command.DESCRIPTION
    command.add_options(parser)
