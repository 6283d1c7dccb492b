"""Collects the license texts of every package that is installed beside Nurie, for the folder `licenses` of a build.

    python packaging/licenses.py FOLDER [PACKAGE ...]

PACKAGE: names of distributions; without any all that Nurie needs to run, found from pyproject.toml.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_TEXT = re.compile(r"(?i)^(licen[cs]e|copying|notice|copyright|authors)")


def main(arguments: Sequence[str]) -> int:
    """Write the texts and a list of them. Returns the exit code."""
    if not arguments:
        sys.stderr.write("usage: licenses.py FOLDER [PACKAGE ...]\n")
        return 2
    folder, names = Path(arguments[0]), sorted(arguments[1:]) or needed()
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["What is in this copy of Nurie beside its own sources (LICENSE), and under which license."]
    python = "Python " + sys.version.split()[0]
    rows.append(f"{python}: Python Software Foundation License, https://docs.python.org/3/license.html")
    for name in names:
        found = metadata.distribution(name)
        texts = list(_texts(found))
        for number, text in enumerate(texts):
            (folder / f"{name}-{number}.txt").write_text(text, encoding="utf-8")
        rows.append(f"{name} {found.version}: {told(found)}, {len(texts)} texts")
    (folder / "README.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 0


def needed() -> list[str]:
    """The distributions that Nurie needs to run, with what these need; those that are not installed are left out."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        wanted = [_name(line) for line in tomllib.load(stream)["project"]["dependencies"]]
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        try:
            requirements = metadata.distribution(name).requires or []
        except metadata.PackageNotFoundError:
            continue  # for another system
        found.add(name)
        wanted += [_name(line) for line in requirements if "extra ==" not in line]
    return sorted(found)


def told(found: metadata.Distribution) -> str:
    """What a distribution says its license is."""
    about: Any = found.metadata
    classifiers = [line.rpartition(":: ")[2] for line in about.get_all("Classifier") or () if "License ::" in line]
    short = (about.get("License") or "").strip().split("\n")[0][:80]
    return about.get("License-Expression") or "; ".join(classifiers) or short or "see its texts"


def _texts(found: metadata.Distribution) -> Iterable[str]:
    for file in found.files or ():
        inside = ".dist-info" in str(file) or len(file.parts) <= 2
        if inside and _TEXT.match(file.name) and not file.name.endswith((".py", ".pyc", ".so")):
            path = Path(str(found.locate_file(file)))
            if path.is_file():
                yield path.read_text(encoding="utf-8", errors="replace")


def _name(requirement: str) -> str:
    return re.split(r"[\s<>=!~;\[(]", requirement.strip(), maxsplit=1)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
