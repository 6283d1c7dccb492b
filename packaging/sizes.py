"""How large a build is, package by package, and how large it would be on a system that is not at hand.

    python packaging/sizes.py FOLDER [WHEELS ...]

FOLDER: a build, such as dist/nurie. WHEELS: folders of the wheels of another system, as `pip download --no-deps
--only-binary :all: --platform win_amd64 --python-version 3.12 -d FOLDER …` leaves them. Of a wheel counts what
packaging/contents.py lets in and the build has, too, or what no other system has: libraries of Windows and macOS. The
program file, Python and Nurie's own files are taken over from the build. Sizes are in MB of 1,000,000 bytes.
"""

import re
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import contents

_TAGS = re.compile(r"\.(cp\d+-win_amd64|cpython-\w+(-[\w-]+)?|abi3)\.(pyd|so)$|\.(pyd|so)$")
_LIBRARY = re.compile(r"\.(dll|dylib)$|\.framework/Versions/\w+/\w+$")
_QT_LIBRARY = re.compile(r"^PySide6/(?:.*/)?(?:lib)?(Qt6?\w+)(?:\.so[.\d]*|\.dll|\.framework/.*)$")
_QT_PLUGINS = {"platforms", "styles", "imageformats", "iconengines", "platforminputcontexts", "platformthemes"}
PACKAGES = ("torch", "cv2", "PySide6", "scipy", "numpy", "PIL", "psd_tools", "nvidia", "resources", "nurie")
OTHERS = "Python and others"
ARM64 = 0x0100000C  # of the header of a file for several processors


def main(arguments: Sequence[str]) -> int:
    """Print a table. Returns the exit code."""
    if not arguments:
        sys.stderr.write("usage: sizes.py FOLDER [WHEELS ...]\n")
        return 2
    built = of_build(Path(arguments[0]))
    columns = {Path(arguments[0]).name: built}
    known = {key(name) for name in inside(Path(arguments[0]))}
    for folder in map(Path, arguments[1:]):
        columns[folder.name] = of_wheels(folder, known, built)
    names = sorted(set().union(*columns.values()), key=lambda name: -built[name])
    print("|", " | ".join(["MB", *columns]), "|")
    print("|---" * (len(columns) + 1) + "|")
    for name in names:
        print("|", " | ".join([name, *(f"{one[name] / 1e6:.1f}" for one in columns.values())]), "|")
    print("|", " | ".join(["together", *(f"{one.total() / 1e6:.1f}" for one in columns.values())]), "|")
    return 0


def inside(folder: Path) -> dict[str, int]:
    """The files of a build as they lie in `_internal` → bytes; the program itself as "nurie"."""
    found: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(folder).as_posix()
            found[name.removeprefix("_internal/")] = path.stat().st_size
    return found


def of_build(folder: Path) -> Counter[str]:
    """Package → bytes."""
    sizes = Counter[str]()
    for name, size in inside(folder).items():
        sizes[package(name)] += size
    return sizes


def of_wheels(folder: Path, known: set[str], built: Counter[str]) -> Counter[str]:
    """Package → bytes. known: what the build has, as `key` says it; built: its sizes."""
    sizes = Counter({name: built[name] for name in ("nurie", "resources", OTHERS)})
    for wheel in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for one in archive.infolist():
                if not one.is_dir() and comes_in(one.filename, known):
                    with archive.open(one) as stream:
                        sizes[package(one.filename)] += of_one_processor(stream.read(4096), one.file_size)
    return sizes


def comes_in(name: str, known: set[str]) -> bool:
    """Whether a file of a wheel would be in a build. known: what a build of another system has, as `key` says it."""
    if not contents.is_wanted(name) or contents.is_gpl(name) or ".data/" in name:
        return False
    parts = name.split("/")
    if parts[0] == "PySide6" and "plugins" in parts:
        return parts[-2] in _QT_PLUGINS and bool(_LIBRARY.search(name))
    if _QT_LIBRARY.match(name):
        return key(name) in known
    return key(name) in known or bool(_LIBRARY.search(name))


def key(name: str) -> str:
    """The same for the same module or library on every system."""
    library = _QT_LIBRARY.match(name)
    if library and not _TAGS.search(name.replace(".so.6", "")):
        return "PySide6/lib/" + library.group(1).replace("Qt6", "Qt")
    return _TAGS.sub("", name)


def package(name: str) -> str:
    """What a file is counted to."""
    first = name.partition("/")[0]
    first = {"opencv_python_headless.libs": "cv2", "pillow.libs": "PIL", "licenses": "resources"}.get(first, first)
    first = first.removesuffix(".libs")
    return first if first in PACKAGES else OTHERS


def of_one_processor(start: bytes, size: int) -> int:
    """The bytes that stay of a file of macOS where it holds programs for several processors. start: its beginning."""
    if start[:4] != b"\xca\xfe\xba\xbe":
        return size
    (count,) = struct.unpack(">I", start[4:8])
    for number in range(min(count, 8)):
        processor, _, _, length, _ = struct.unpack(">5I", start[8 + 20 * number : 28 + 20 * number])
        if processor == ARM64:
            return length
    return size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
