"""The command line: find the command, run it, and turn everything that can go wrong into one line and an exit code.

0 done · 1 a batch with failed rows · 2 a mistake of use or a bad file · 70 a bug of ours · 130 stopped with Ctrl+C.
Nothing heavy is imported here: `--help` answers at once.
"""

import argparse
import atexit
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from app.cli import output as report
from app.cli.parser import Mistake, Parser, file
from engine import __version__, errors
from engine.errors import Cancelled, NurieError

COMMANDS = {
    "colorize": "color a drawing from reference pictures",
    "lineart": "extract line art from a color picture",
    "palette": "find the colors of reference pictures, or convert a palette",
    "batch": "color many drawings",
    "watch": "color what is saved into a folder",
    "video": "color the frames of a scene",
    "models": "list the models there are, install, assemble or delete one",
    "plugin": "put Nurie into another painting program",
    "evaluate": "measure how well a model colors the drawings of a folder",
    "train": "train a model from folders of color pictures",
    "finetune": "adapt a model to one character",
    "experiment": "repeat the comparisons of the paper on your own pictures",
}  # each a module beside this one, with `add_options` and `run`
BUG, STOPPED = 70, 130
_RARELY = 100_000, 20, 20  # new objects, and rounds, between two collections of garbage
_HARDLY = 1_000_000, 20, 20  # the same of a command that is over by then
ONE_DRAWING = ("colorize", "lineart", "palette")  # over so soon that what is imported counts; they import in one thread
ONE_OBJECT = ("colorize", "lineart", "palette", "models", "evaluate")  # what --json prints; the others print lines


def main(argv: Sequence[str]) -> int:
    """Run the program with the arguments `argv` (without the program's name); returns the exit code."""
    _prepare_streams()
    try:
        code = _dispatch(list(argv))
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        return code
    except SystemExit as end:
        if isinstance(end, Mistake):
            _tell_in_json(argv, end.sentence)
        return end.code if isinstance(end.code, int) else 0
    except (KeyboardInterrupt, Cancelled):
        report.say("nurie: stopped")
        return STOPPED
    except Exception as error:
        return _failure(error, argv)


def run_alone(argv: Sequence[str]) -> NoReturn:
    """`main` as a process, which ends with it.

    What was registered for the end is done, always. Then Python takes all apart that was imported, torch above all,
    which is a fifth of a short command and of no use: so the garbage collector is told not to look through it, and a
    command of `ONE_DRAWING`, which has no thread left, ends there, as the children of `multiprocessing` do.
    """
    command = argv[0] if argv else ""
    if command in ONE_DRAWING:
        from engine import late_imports

        late_imports.put_off()
        gc.set_threshold(*_HARDLY)
        # Threads of torch that wait for each other would keep a core busy with it, beside other programs for seconds.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    code = main(argv)
    if command in COMMANDS:
        gc.freeze()
    if command in ONE_DRAWING:
        atexit._run_exitfuncs()
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        except (OSError, ValueError):
            sys.exit(code)  # Python says of a stream what is to be said
        os._exit(code)
    sys.exit(code)


def _tell_in_json(argv: Sequence[str], sentence: object) -> None:
    """The same sentence as on stderr, for a script that reads one JSON object of stdout."""
    if "--json" in argv and argv[0] in ONE_OBJECT:
        try:
            report.print_json({"error": report.one_line(sentence)})
            sys.stdout.flush()
        except BrokenPipeError:
            _silence_stdout()


def build_parser(described: Sequence[str] = tuple(COMMANDS)) -> Parser:
    """The parser of everything: the window's options and all sub-commands.

    described: the commands whose own options are wanted. The others are listed only: to describe one imports its
    module and all settings, which takes longer than the rest of `--help`.
    """
    parser = Parser(
        prog="nurie",
        usage="nurie [FILE ...]\n       nurie COMMAND ... (nurie COMMAND --help explains it)",
        description="Color line art from reference pictures. Without a command the window opens, on the files if any "
        "are named. Nothing leaves your computer.",
    )
    _add_window_options(parser)
    commands = parser.add_subparsers(title="commands", prog="nurie", metavar="COMMAND", parser_class=Parser)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary)
        if name in described:
            module = importlib.import_module(f"app.cli.{name}")
            module.add_options(command)
            command.set_defaults(run=module.run)
    return parser


def _add_window_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", action="version", version=f"nurie {__version__}")
    parser.add_argument(
        "--self-test",
        type=file,
        metavar="SHOT.png",
        help="open the window on the sample, color it, save a screenshot and the picture, and leave",
    )


def _dispatch(argv: list[str]) -> int:
    if argv and argv[0] in COMMANDS:
        # Importing torch makes hundreds of thousands of objects that stay: looking through them again and again is a
        # fifteenth of a short command.
        if gc.get_threshold()[0] < _RARELY[0]:
            gc.set_threshold(*_RARELY)
        arguments = build_parser(argv[:1]).parse_args(argv)
        from app import paths

        paths.announce_models()
        return arguments.run(arguments)
    if "-h" in argv or "--help" in argv:
        build_parser(()).print_help()
        return 0
    parser = Parser(prog="nurie", add_help=False)
    _add_window_options(parser)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args(argv)
    _require_no_typo(parser, arguments.files)
    return _open_window(arguments.files, arguments.self_test)


def _require_no_typo(parser: argparse.ArgumentParser, named: list[str]) -> None:
    """A lone word that is neither a command nor a file is a mistyped command, not a picture to open."""
    if named and not Path(named[0]).suffix and os.sep not in named[0] and not Path(named[0]).exists():
        import difflib

        near = difflib.get_close_matches(named[0], COMMANDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the commands are {', '.join(COMMANDS)}"
        parser.error(f"there is no command and no file '{named[0]}'; {hint}")


def _open_window(named: list[str], self_test: Path | None) -> int:
    # Thousands of classes and functions are made here, and none of them ever goes: no need to look through them.
    gc.disable()
    try:
        from app import application
    except ImportError as error:
        of_qt = (error.name or "").startswith(("PySide6", "shiboken6")) or "cannot open shared object" in str(error)
        if not of_qt:
            raise
        raise NurieError(
            f"The window cannot open because a part of Qt is missing ({error}); "
            "install the system packages that the README names, or use the command line."
        ) from error
    finally:
        gc.freeze()
        gc.enable()
    if self_test is not None:
        from app.cli.self_test import run_self_test

        return run_self_test(application.make_application(), self_test)
    return application.run(named)


def _prepare_streams() -> None:
    """Make a console that cannot show a character show its code instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _silence_stdout() -> None:
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError, AttributeError):
        sys.stdout = io.StringIO()


def _failure(error: Exception, argv: Sequence[str]) -> int:
    """Say on one line what went wrong; returns the exit code."""
    if isinstance(error, BrokenPipeError):
        # The reader of our output, such as `head`, has left: it has what it wanted. Python would complain at exit when
        # it flushes the closed pipe, so give it another place to flush to.
        _silence_stdout()
        return 0
    message = errors.expected(error)
    if message is not None:
        report.error(message)
        _tell_in_json(argv, message)
        return 2
    if os.environ.get("NURIE_DEBUG"):
        import traceback

        traceback.print_exc()
    report.error(
        f"This is a bug in Nurie, please report it: {type(error).__name__}: {error} "
        "(with NURIE_DEBUG=1 in the environment it says where)."
    )
    return BUG
