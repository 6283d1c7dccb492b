"""`nurie train`: train a model from folders of color pictures. `python -m trainer` is the same without the window."""

from typing import Any

from trainer import command


def add_parser(commands: Any) -> None:
    """Add the sub-command to argparse's `commands`."""
    parser = commands.add_parser(
        "train", help="train a model from folders of color pictures", description=command.DESCRIPTION
    )
    command.add_options(parser)
    parser.set_defaults(run=command.run)
