"""What a package for Debian has beside the program: its description, sums, copyright, change log and manual page."""

import email.utils
import gzip
import hashlib
import os
import re
import shutil
import stat
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = (".sh",)


def write(place: Path, version: str) -> None:
    """Complete a folder that holds what is to be installed, as `dpkg-deb --build` wants it."""
    when = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    doc, manual = place / "usr" / "share" / "doc" / "nurie", place / "usr" / "share" / "man" / "man1"
    for folder in (doc, manual, place / "DEBIAN"):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "linux" / "copyright", doc / "copyright")
    _pack(doc / "changelog.gz", change_log(version, when))
    _pack(manual / "nurie.1.gz", manual_page(version))
    set_modes(place)
    files = sorted(path for path in place.rglob("*") if path.is_file() and not path.is_symlink())
    files = [path for path in files if path.relative_to(place).parts[0] != "DEBIAN"]
    size = sum(path.stat().st_size for path in files) // 1024
    (place / "DEBIAN" / "control").write_text(control(version, size, newest_libc(place)), encoding="utf-8")
    with (place / "DEBIAN" / "md5sums").open("w", encoding="utf-8") as sums:
        for path in files:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
            sums.write(f"{digest}  {path.relative_to(place).as_posix()}\n")
    for name in ("control", "md5sums"):
        (place / "DEBIAN" / name).chmod(0o644)


def control(version: str, size: int, libc: str) -> str:
    """The description that apt reads. size: what is installed, in KiB; libc: the oldest that will do."""
    return (HERE / "linux" / "control").read_text(encoding="utf-8").format(version=version, size=size, libc=libc)


def newest_libc(place: Path) -> str:
    """The version of the C library that the programs and libraries in a folder ask for, such as 2.36."""
    newest = (2, 17)
    for path in place.rglob("*"):
        if path.is_file() and not path.is_symlink() and (".so" in path.name or is_program(path)):
            found = re.findall(rb"GLIBC_(\d+)\.(\d+)", path.read_bytes())
            newest = max(newest, *((int(one), int(other)) for one, other in found), newest)
    return ".".join(map(str, newest))


def change_log(version: str, when: int) -> str:
    """Debian's form of "see CHANGELOG.md". when: seconds since 1970."""
    date = email.utils.formatdate(when)
    what = "What has changed: CHANGELOG.md of the sources."
    return f"nurie ({version}) stable; urgency=medium\n\n  * {what}\n\n -- {who()}  {date}\n"


def who() -> str:
    """The maintainer, as the description names them."""
    lines = (HERE / "linux" / "control").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("Maintainer: ") for line in lines if line.startswith("Maintainer: "))


def manual_page(version: str) -> str:
    """nurie(1), from what the command line says of itself."""
    from app.cli.main import COMMANDS, build_parser

    def plain(text: str) -> str:
        return text.replace("\\", "\\\\").replace("-", "\\-").replace("\n.", "\n\\&.")

    rows = [f'.TH NURIE 1 "" "Nurie {version}" "User Commands"', ".SH NAME", "nurie \\- color line art like pictures"]
    rows += [".SH SYNOPSIS", ".B nurie", "[\\fIFILE\\fR ...]", ".br", ".B nurie", "\\fICOMMAND\\fR ..."]
    rows += [".SH DESCRIPTION", plain(build_parser(()).description or ""), ".SH COMMANDS"]
    for name, summary in COMMANDS.items():
        rows += [".TP", f".B {name}", plain(summary)]
    rows += [".PP", "\\fBnurie\\fR \\fICOMMAND\\fR \\fB\\-\\-help\\fR explains one.", ".SH FILES"]
    rows += [".TP", ".I ~/.local/share/Nurie", "models of your own", ".SH SEE ALSO"]
    rows += ["The guide in the program: menu Help, Guide. Licenses: /opt/nurie/_internal/licenses."]
    return "\n".join(rows) + "\n"


def set_modes(place: Path) -> None:
    """0755 for folders and programs, 0644 for all else, whatever the umask was."""
    for path in (place, *place.rglob("*")):
        if path.is_symlink():
            continue
        program = path.is_dir() or (path.stat().st_mode & stat.S_IXUSR and is_program(path))
        wanted = 0o755 if program else 0o644
        if stat.S_IMODE(path.stat().st_mode) != wanted:
            path.chmod(wanted)


def is_program(path: Path) -> bool:
    """Whether a file is to be run, and not a library or a text that a wheel marks so."""
    if path.suffix in PROGRAMS:
        return True
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF" and ".so" not in path.name


def _pack(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
