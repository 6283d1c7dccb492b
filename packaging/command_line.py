"""Writes the tables of options in resources/docs/command_line.md from the program's own parsers.

    python packaging/command_line.py            after an option or its help was changed
    python packaging/command_line.py --check    changes nothing; exit code 1 says that the page is not of these sources

A chapter `## colorize` is of the command of that name. Its table whose first column is `option` is written here, all
other text by hand. The chapter `## experiment` has one table for all experiments, which says whose an option is.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "resources" / "docs" / "command_line.md"
EXPERIMENT = "experiment"
_CHAPTER = re.compile(r"^(?=## )", re.MULTILINE)  # where one begins
_TABLE = re.compile(r"^\| option \|.*\n(?:\|.*\n)+", re.MULTILINE)


def main(arguments: Sequence[str]) -> int:
    """Update or check the page. Returns the exit code."""
    if arguments and list(arguments) != ["--check"]:
        sys.stderr.write("usage: command_line.py [--check]\n")
        return 2
    before = PAGE.read_text(encoding="utf-8")
    now = written(before)
    if now == before:
        return 0
    if arguments:
        sys.stdout.write(f"{PAGE.name} is not of these sources: run packaging/command_line.py.\n")
        return 1
    PAGE.write_text(now, encoding="utf-8", newline="\n")
    return 0


def written(page: str) -> str:
    """The page with the tables of these sources. Raises ValueError, one sentence, for a command without a table."""
    left = _commands(_parser())
    chapters = _CHAPTER.split(page)
    for place, chapter in enumerate(chapters):
        title = chapter.partition("\n")[0].removeprefix("## ")
        command = left.pop(title, None)
        if command is None:
            continue
        table = _of_experiments(command) if title == EXPERIMENT else _of_command(command)
        chapters[place], found = _TABLE.subn(lambda _, table=table: table, chapter)
        if found != 1:
            raise ValueError(f"The chapter {title} needs one table of options, and has {found}.")
    if left:
        raise ValueError(f"These commands have no chapter: {', '.join(left)}.")
    return "".join(chapters)


def _parser() -> argparse.ArgumentParser:
    sys.path.insert(0, str(ROOT))
    from app.cli.main import build_parser

    return build_parser()


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The sub-commands of a parser, by name."""
    return {
        name: command
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, command in action.choices.items()
    }


def _of_command(parser: argparse.ArgumentParser) -> str:
    return "".join(("| option | meaning |\n|---|---|\n", *(f"| {name} | {text} |\n" for name, text in _rows(parser))))


def _of_experiments(parser: argparse.ArgumentParser) -> str:
    """One row an option and meaning: where the meaning differs between experiments, there are several."""
    experiments = _commands(parser)
    owners: dict[tuple[str, str], list[str]] = {}
    for name, one in experiments.items():
        for row in _rows(one):
            owners.setdefault(row, []).append(name)
    order = list(dict.fromkeys(option for option, _ in owners))
    lines = ["| option | meaning | of |\n|---|---|---|\n"]
    for (option, text), names in sorted(owners.items(), key=lambda item: order.index(item[0][0])):
        whose = "all" if len(names) == len(experiments) else ", ".join(names)
        lines.append(f"| {option} | {text} | {whose} |\n")
    return "".join(lines)


def _rows(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Each option but --help, with what it takes, and its help. Bars would end a cell, in code as well."""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction) or action.help == argparse.SUPPRESS:
            continue
        takes = "" if action.nargs == 0 else _values(action)
        name = f"`{action.option_strings[-1]}` {takes}".strip() if action.option_strings else f"`{takes}`"
        text = " ".join((action.help or "").split()) % {**vars(action), "prog": parser.prog}
        needed = " (must be given)" if action.option_strings and action.required else ""
        yield name, text.replace("|", r"\|") + needed


def _values(action: argparse.Action) -> str:
    if action.choices is not None:
        return ", ".join(map(str, action.choices))
    name = action.metavar or action.dest
    assert isinstance(name, str)
    several = " …" if action.nargs == "+" else ""
    return name.replace("|", " or ") + several


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
