"""Builds Nurie as a program that needs no Python: a folder, and on Linux a .tar.gz and a .deb of it.

    python packaging/build.py [--no-archives | --archives | --checksums]

--no-archives: the folder alone; --archives: of the folder that is there. Needs PyInstaller, and dpkg-deb for the .deb.
Everything lands in `dist`; `sha256sums.txt` there has the digests. The installer for Windows is made of the folder by
packaging/windows/nurie.iss, the disk image for macOS by hdiutil; see .github/workflows/installers.yml.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILT, DIST = ROOT / "build" / "packaging", ROOT / "dist"
ICON = ROOT / "resources" / "icons" / "nurie.svg"
_SIDES = (16, 24, 32, 48, 64, 128, 256)
# Large symbol tables that nothing reads at run time. Not those of other wheels, which were moved about.
_STRIPPED = ("torch/lib/lib*.so", "libpython*.so*")


def main(arguments: Sequence[str]) -> int:
    """Build. Returns the exit code."""
    if "--checksums" not in arguments:
        if "--archives" not in arguments:
            folder()
        if sys.platform == "linux" and "--no-archives" not in arguments:
            archives()
    checksums()
    return 0


def folder() -> None:
    """The program in `dist/nurie`."""
    if BUILT.exists():
        shutil.rmtree(BUILT)
    BUILT.mkdir(parents=True)
    icons()
    words = ["--noconfirm", "--distpath", str(DIST), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run([sys.executable, "-m", "PyInstaller", *words, str(ROOT / "packaging" / "nurie.spec")], check=True)
    if sys.platform == "linux":
        if shutil.which("strip"):
            inside = DIST / "nurie" / "_internal"
            for path in (path for pattern in _STRIPPED for path in inside.glob(pattern) if not path.is_symlink()):
                subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)
        _menu_entry(DIST / "nurie" / "share")
        shutil.copy2(ROOT / "packaging" / "linux" / "add_to_menu.sh", DIST / "nurie" / "add_to_menu.sh")


def archives() -> None:
    """The folder as a .tar.gz, and as a package for Debian where dpkg-deb is."""
    sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]
    import debian

    from engine import __version__

    with tarfile.open(DIST / f"nurie-{__version__}-linux-x86_64.tar.gz", "w:gz", compresslevel=6) as archive:
        archive.add(DIST / "nurie", "nurie", filter=_of_nobody)
    if shutil.which("dpkg-deb"):
        place = BUILT / "deb"
        if place.exists():
            shutil.rmtree(place)
        share = place / "usr" / "share"
        opt = place / "opt" / "nurie"
        # Hard links where they are possible: gigabytes otherwise.
        shutil.copytree(DIST / "nurie", opt, symlinks=True, copy_function=_linked)
        shutil.rmtree(opt / "share")
        (opt / "add_to_menu.sh").unlink()
        (place / "usr" / "bin").mkdir(parents=True)
        (place / "usr" / "bin" / "nurie").symlink_to("/opt/nurie/nurie")
        _menu_entry(share)
        debian.write(place, __version__)
        package = str(DIST / f"nurie_{__version__}_amd64.deb")
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(place), package], check=True)


def icons() -> None:
    """The icon as Windows and macOS want it, and in sizes for Linux."""
    import io

    from PIL import Image
    from PySide6.QtCore import QBuffer, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer, pictures = QSvgRenderer(str(ICON)), []
    for side in (*_SIDES, 512):
        image = QImage(side, side, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.ReadWrite)
        image.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
        pictures.append(Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGBA"))
        pictures[-1].save(BUILT / f"nurie-{side}.png")
    pictures[-1].save(BUILT / "nurie.ico", sizes=[(side, side) for side in _SIDES])
    pictures[-1].save(BUILT / "nurie.icns")


def checksums() -> None:
    """The SHA-256 of every archive in `dist`."""
    rows = []
    for path in sorted(DIST.iterdir()):
        if path.is_file() and path.name != "sha256sums.txt":
            with path.open("rb") as stream:
                rows.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {path.name}\n")
    (DIST / "sha256sums.txt").write_text("".join(rows), encoding="utf-8")


def _menu_entry(share: Path) -> None:
    """The entry of the menu, the kind of file and the icons, as they lie in /usr/share."""
    for source, target in (
        (ROOT / "packaging" / "linux" / "nurie.desktop", share / "applications" / "nurie.desktop"),
        (ROOT / "packaging" / "linux" / "nurie.xml", share / "mime" / "packages" / "nurie.xml"),
        (ICON, share / "icons" / "hicolor" / "scalable" / "apps" / "nurie.svg"),
        *((BUILT / f"nurie-{one}.png", share / f"icons/hicolor/{one}x{one}/apps/nurie.png") for one in _SIDES),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def _linked(source: str, target: str) -> None:
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
