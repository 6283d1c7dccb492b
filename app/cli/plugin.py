"""`nurie plugin`: Nurie inside another painting program."""

import argparse
import json
import os
import re
import shutil
import sys
from argparse import Namespace
from pathlib import Path

from app.cli.parser import file
from engine.errors import NurieError, PictureError

NAME = "nurie"
_VERSION = re.compile(r"3\.\d+")  # a folder of settings of a GIMP that can run the plug-in
_NO_GIMP = (
    "No GIMP 3 was found: install it, start it once, and call this again; or name its folder of settings with "
    "--folder, as it stands in GIMP under Edit, Preferences, Folders."
)
_OLD_GIMP = "Only GIMP {0} was found, and the plug-in needs GIMP 3: install that, start it once, and call this again."
_SNAP = (
    "This GIMP comes from Snap, which lets it start no other program: install GIMP from its own site, from your system "
    "or as Flatpak."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Install the plug-in for Krita (a docker and Tools › Scripts › Color with Nurie; switch it on afterwards in "
        "Krita's settings, Python Plugin Manager) or for GIMP 3 (Filters › Color with Nurie). Start the program again "
        "afterwards."
    )
    parser.add_argument(
        "program", choices=["krita", "gimp"], metavar="krita|gimp", help="the program it is for: krita, gimp"
    )
    verb = parser.add_mutually_exclusive_group(required=True)
    verb.add_argument("--install", action="store_true", help="put it into the program's folder of plug-ins")
    verb.add_argument("--remove", action="store_true", help="take it away again")
    parser.add_argument(
        "--folder",
        metavar="DIR",
        type=file,
        help="the folder, where it is another: Krita's of resources, or GIMP's of settings (…/GIMP/3.0)",
    )


def run(arguments: Namespace) -> int:
    """Install or remove it; returns the exit code. Raises NurieError."""
    is_krita = arguments.program == "krita"
    if is_krita:
        targets = [(arguments.folder or krita_folder()) / "pykrita"]
    else:
        folders = [_checked(arguments.folder)] if arguments.folder else gimp_folders()
        targets = [folder / "plug-ins" for folder in folders]
    for target in targets:
        try:
            if arguments.remove:
                _remove(target)
                print(f"removed from {target}")
            elif is_krita:
                install(target)
                print(f"installed in {target}; switch 'Color with Nurie' on in Krita's Python Plugin Manager")
            else:
                install_for_gimp(target)
                print(f"installed in {target}; start GIMP again and open Filters, Color with Nurie")
                if "org.gimp.GIMP" in str(target):
                    print(
                        "a GIMP of Flatpak must be allowed to start Nurie: flatpak override --user "
                        "--talk-name=org.freedesktop.Flatpak org.gimp.GIMP"
                    )
        except OSError as error:
            raise PictureError("The folder {0} cannot be written: {1}.", target, error.strerror or error) from error
    return 0


def krita_folder() -> Path:
    """Where Krita looks for what a person added. Raises NurieError where this person has no home."""
    return _kept_by_programs("Krita", "XDG_DATA_HOME", Path(".local", "share")) / "krita"


def gimp_folders() -> list[Path]:
    """The folders of settings of every GIMP 3 that this person has started. Raises NurieError where there is none.

    Not made here: a GIMP that finds its folder takes nothing over from the version before.
    """
    if os.environ.get("GIMP3_DIRECTORY"):
        return [Path(os.environ["GIMP3_DIRECTORY"])]
    home = _home("GIMP")
    roots = [_kept_by_programs("GIMP", "XDG_CONFIG_HOME", Path(".config")) / "GIMP"]
    if sys.platform not in ("win32", "darwin"):
        roots.append(home / ".var" / "app" / "org.gimp.GIMP" / "config" / "GIMP")
    versions = sorted(one for root in roots if root.is_dir() for one in root.iterdir() if one.is_dir())
    found = [one for one in versions if _VERSION.fullmatch(one.name)]
    if found:
        return found
    if versions:
        raise NurieError(_OLD_GIMP, versions[-1].name)
    raise NurieError(_SNAP if (home / "snap" / "gimp").is_dir() else _NO_GIMP)


def _checked(folder: Path) -> Path:
    """A folder a person named as GIMP's. Raises NurieError for that of another GIMP."""
    if re.fullmatch(r"2\.\d+", folder.name):
        raise NurieError(_OLD_GIMP, folder.name)
    return folder.parent if folder.name == "plug-ins" else folder


def _kept_by_programs(program: str, named: str, usual: Path) -> Path:
    """Where programs keep a person's files. named, usual: of Linux, the variable that names the place, and where below
    the home it is without."""
    if sys.platform == "win32" and os.environ.get("APPDATA"):
        return Path(os.environ["APPDATA"])
    home = _home(program)
    if sys.platform == "win32":
        return home / "AppData" / "Roaming"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(os.environ.get(named) or home / usual)


def _home(program: str) -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise NurieError("There is no home folder; name that of {0} with --folder.", program) from error


def source(program: str = "krita") -> Path:
    """The folder of a plug-in, or of what they share ("plugin"), in the sources or in a packaged program."""
    from app import paths

    return paths.resources().parent / "packaging" / program


def install(target: Path) -> None:
    """Copy the plug-in for Krita and tell it how Nurie is called. Raises OSError, and PictureError where it is not
    there."""
    _copy("krita", target)
    shutil.copyfile(source() / f"{NAME}.desktop", target / f"{NAME}.desktop")


def install_for_gimp(target: Path) -> None:
    """The same for GIMP, which runs only what is marked as a program."""
    _copy("gimp", target)
    (target / NAME / f"{NAME}.py").chmod(0o755)


def _copy(program: str, target: Path) -> None:
    shared = source("plugin") / "coloring.py"
    if not (source(program) / NAME).is_dir() or not shared.is_file():
        raise PictureError("This copy of Nurie has no plug-in for {0}: get the whole of it.", program)
    target.mkdir(parents=True, exist_ok=True)
    _remove(target)
    shutil.copytree(source(program) / NAME, target / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(shared, target / NAME / shared.name)
    (target / NAME / "nurie.json").write_text(json.dumps({"command": command()}), encoding="utf-8")


def command() -> list[str]:
    """How this very Nurie is called from elsewhere."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve().parents[2] / "main.py")]


def _remove(target: Path) -> None:
    shutil.rmtree(target / NAME, ignore_errors=True)
    (target / f"{NAME}.desktop").unlink(missing_ok=True)
