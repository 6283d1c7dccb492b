"""`nurie plugin`: Nurie inside another painting program."""

import argparse
import json
import os
import shutil
import sys
from argparse import Namespace
from pathlib import Path

from app.cli.parser import file
from engine.errors import NurieError, PictureError

NAME = "nurie"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Install the plug-in for Krita: a docker and Tools › Scripts › Color with Nurie. Switch it on afterwards in "
        "Krita's settings, Python Plugin Manager, and start Krita again."
    )
    parser.add_argument("program", choices=["krita"], metavar="krita", help="the program it is for: krita")
    verb = parser.add_mutually_exclusive_group(required=True)
    verb.add_argument("--install", action="store_true", help="put it into Krita's folder of plug-ins")
    verb.add_argument("--remove", action="store_true", help="take it away again")
    parser.add_argument("--folder", metavar="DIR", type=file, help="Krita's folder of resources, where it is another")


def run(arguments: Namespace) -> int:
    """Install or remove it; returns the exit code. Raises PictureError."""
    target = (arguments.folder or krita_folder()) / "pykrita"
    try:
        if arguments.remove:
            _remove(target)
            print(f"removed from {target}")
        else:
            install(target)
            print(f"installed in {target}; switch 'Color with Nurie' on in Krita's Python Plugin Manager")
    except OSError as error:
        raise PictureError("The folder {0} cannot be written: {1}.", target, error.strerror or error) from error
    return 0


def krita_folder() -> Path:
    """Where Krita looks for what a person added. Raises NurieError where this person has no home."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "krita"
    try:
        home = Path.home()
    except RuntimeError as error:
        raise NurieError("There is no home folder; name Krita's with --folder.") from error
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "krita"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "krita"


def source() -> Path:
    """The folder of the plug-in, in the sources or in a packaged program."""
    from app import paths

    return paths.resources().parent / "packaging" / "krita"


def install(target: Path) -> None:
    """Copy the plug-in and tell it how Nurie is called. Raises OSError, and PictureError where it is not there."""
    found = source()
    if not (found / NAME).is_dir():
        raise PictureError("This copy of Nurie has no plug-in for Krita: get the whole of it.")
    target.mkdir(parents=True, exist_ok=True)
    _remove(target)
    shutil.copytree(found / NAME, target / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(found / f"{NAME}.desktop", target / f"{NAME}.desktop")
    (target / NAME / "nurie.json").write_text(json.dumps({"command": command()}), encoding="utf-8")


def command() -> list[str]:
    """How this very Nurie is called from elsewhere."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve().parents[2] / "main.py")]


def _remove(target: Path) -> None:
    shutil.rmtree(target / NAME, ignore_errors=True)
    (target / f"{NAME}.desktop").unlink(missing_ok=True)
