"""Collects the license texts of what a build holds beside Nurie's own sources, for its folder `licenses`.

    python packaging/licenses.py FOLDER [PACKAGE ...]

PACKAGE: names of distributions; without any all that Nurie needs to run, found from pyproject.toml. A build asks for
the owners of the files that it holds instead (`write`), so that nothing comes in without a text.
"""

import re
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "packaging" / "license_texts"  # texts that the wheels of these lack
LACKING = {
    "pyside6-essentials": ("qt_and_pyside.txt", "LGPL-3.0.txt", "GPL-3.0.txt", "parts_of_qt.txt"),
    "shiboken6": ("qt_and_pyside.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
}
TOLD = {
    "pyinstaller": "GPL-2.0-or-later with an exception for programs that it makes (the small one that starts Nurie)",
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
}
SYSTEM = "Windows or macOS"
_TEXT = re.compile(r"(?i)^(licen[cs]e|copying|notice|copyright|authors|eula)")


class NoTextError(Exception):
    """Something would come into a build without its license."""


def main(arguments: Sequence[str]) -> int:
    """Write the texts of distributions and a list of them. Returns the exit code."""
    if not arguments:
        sys.stderr.write("usage: licenses.py FOLDER [PACKAGE ...]\n")
        return 2
    _write(Path(arguments[0]), sorted(arguments[1:]) or needed(), ())
    return 0


def write(folder: Path, sources: Iterable[Path]) -> None:
    """The texts of all that these installed files belong to: distributions, Python, and libraries of the system.

    Raises NoTextError where a file belongs to nobody, or its owner has no text.
    """
    owned, strays = owners(sources)
    _write(folder, sorted(owned), strays)


def owners(sources: Iterable[Path]) -> tuple[set[str], set[Path]]:
    """(names of the distributions that these files belong to, files of none: libraries of the system).

    Nurie's own files and Python's belong to neither.
    """
    owned, strays = set[str](), set[Path]()
    for source in sources:
        name = _owner(source)
        if name:
            owned.add(name)
        elif is_stray(source):
            strays.add(source.resolve())
    return owned, strays


def is_stray(source: Path) -> bool:
    """Whether a file belongs to no distribution, nor to Python or Nurie: a library of the system."""
    homes = (ROOT, Path(sys.base_prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve())
    return _owner(source) is None and not any(source.resolve().is_relative_to(home) for home in homes)


def _owner(source: Path) -> str | None:
    files = _files()
    return files.get(source.absolute()) or files.get(source.resolve())


@cache
def _files() -> dict[Path, str]:
    return {path: _normal(found.metadata["Name"]) for found in metadata.distributions() for path in _located(found)}


def needed() -> list[str]:
    """The distributions that Nurie needs to run, with what these need; those that are not installed are left out."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        wanted = [(_name(line), _extras(line)) for line in tomllib.load(stream)["project"]["dependencies"]]
    found, seen = set[str](), set[tuple[str, frozenset[str]]]()
    while wanted:
        name, extras = wanted.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            requirements = metadata.distribution(name).requires or []
        except metadata.PackageNotFoundError:
            continue  # for another system
        found.add(name)
        for line in requirements:
            extra = re.search(r"extra\s*==\s*[\"']([^\"']+)", line)
            if extra is None or _normal(extra.group(1)) in extras:
                wanted.append((_name(line), _extras(line)))
    return sorted(found)


def told(found: metadata.Distribution) -> str:
    """What a distribution says its license is."""
    about: Any = found.metadata
    classifiers = [line.rpartition(":: ")[2] for line in about.get_all("Classifier") or () if "License ::" in line]
    short = (about.get("License") or "").strip().split("\n")[0][:80]
    return about.get("License-Expression") or "; ".join(classifiers) or short or "see its texts"


def texts(name: str) -> dict[str, str]:
    """The license texts of a distribution, each once: where it lies there → the text."""
    found = metadata.distribution(name)
    chosen: dict[str, str] = {}
    for path in _located(found):
        file = path.relative_to(Path(str(found.locate_file(""))).absolute())
        inside = ".dist-info" in file.parts[0] or len(file.parts) <= 3
        if inside and _TEXT.match(file.name) and file.suffix not in (".py", ".pyc", ".so", ".pyi") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            if text not in chosen.values():
                chosen[file.as_posix()] = text
    for own in LACKING.get(name, ()):
        chosen[own] = (OURS / own).read_text(encoding="utf-8")
    return chosen


def has_files(found: metadata.Distribution) -> bool:
    """Whether a distribution is more than a list of others."""
    return any(".dist-info" not in str(file) for file in found.files or ())


def _write(folder: Path, names: Sequence[str], strays: Iterable[Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.txt"):
        old.unlink()
    rows = ["What is in this copy of Nurie beside its own sources (LICENSE), and under which license.", ""]
    rows.append("Nurie's models and samples: the cards in resources/models, and resources/samples/LICENSES.md.")
    _write_parts(folder / "Python.txt", {"LICENSE.txt": _of_python()})
    rows.append(f"Python {sys.version.split()[0]}: PSF-2.0, Python.txt")
    for name in names:
        found, parts = metadata.distribution(name), texts(name)
        if not parts and has_files(found):
            raise NoTextError(f"{name} has no license text: add one to packaging/license_texts and to LACKING.")
        _write_parts(folder / f"{name}.txt", parts)
        rows.append(f"{name} {found.version}: {TOLD.get(name) or told(found)}, {name}.txt")
    for package, libraries in sorted(_packages(strays).items()):
        text = Path("/usr/share/doc") / package / "copyright"
        if text.is_file():
            _write_parts(folder / f"{package}.txt", {str(text): text.read_text(encoding="utf-8", errors="replace")})
        elif package != SYSTEM:
            raise NoTextError(f"{', '.join(libraries)} came from {package}, where no license text is.")
        rows.append(f"{', '.join(libraries)}: of the system it was built on, {package}{'.txt' * text.is_file()}")
    (folder / "README.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _write_parts(path: Path, parts: dict[str, str]) -> None:
    line = "=" * 80
    path.write_text("\n".join(f"{line}\n{name}\n{line}\n{text}\n" for name, text in parts.items()), encoding="utf-8")


def _of_python() -> str:
    for folder in (sysconfig.get_path("stdlib"), sys.base_prefix):
        for name in ("LICENSE.txt", "LICENSE"):
            if (Path(folder) / name).is_file():
                return (Path(folder) / name).read_text(encoding="utf-8", errors="replace")
    raise NoTextError("This Python has no LICENSE.txt: build with another one.")


def _packages(strays: Iterable[Path]) -> dict[str, list[str]]:
    """Of files that belong to nobody: the package that owns them (Debian), `SYSTEM` for those of Windows and macOS
    themselves, and else their folder."""
    found: dict[str, list[str]] = {}
    for path in sorted(strays):
        parts = tuple(part.lower() for part in path.parts[1:3])
        own = (
            parts[:1] == ("windows",)
            if sys.platform == "win32"
            else parts[:1] == ("system",) or parts == ("usr", "lib")
        )
        package = SYSTEM if own and sys.platform != "linux" else str(path.parent)
        # The packages of a system with one /usr still name the old places.
        for place in (str(path), str(path).removeprefix("/usr")) if sys.platform == "linux" else ():
            asked = subprocess.run(["dpkg", "-S", place], capture_output=True, text=True, check=False)
            if asked.returncode == 0:
                package = asked.stdout.split(":")[0]
                break
        found.setdefault(package, []).append(path.name)
    return found


@cache
def _located(found: metadata.Distribution) -> tuple[Path, ...]:
    return tuple(Path(str(found.locate_file(file))).absolute() for file in found.files or ())


def _name(requirement: str) -> str:
    return _normal(re.split(r"[\s<>=!~;\[(]", requirement.strip(), maxsplit=1)[0])


def _extras(requirement: str) -> frozenset[str]:
    named = re.match(r"[^;\[]*\[([^\]]*)\]", requirement)
    return frozenset(_normal(one.strip()) for one in named.group(1).split(",")) if named else frozenset()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
