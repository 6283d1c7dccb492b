"""Builds Nurie as a program that needs no Python: a folder, and on Linux a .tar.gz and a .deb of it.

    python packaging/build.py [--no-archives | --checksums]

Needs PyInstaller, and dpkg-deb for the .deb. Everything lands in `dist`; `sha256sums.txt` there has the digests. The
installer for Windows is made of the folder by packaging/windows/nurie.iss, the disk image for macOS by hdiutil; see
.github/workflows/installers.yml.
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


def main(arguments: Sequence[str]) -> int:
    """Build. Returns the exit code."""
    if "--checksums" in arguments:
        checksums()
        return 0
    sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]
    import licenses

    from engine import __version__

    if BUILT.exists():
        shutil.rmtree(BUILT)
    licenses.main([str(BUILT / "licenses")])
    icons()
    words = ["--noconfirm", "--distpath", str(DIST), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run([sys.executable, "-m", "PyInstaller", *words, str(ROOT / "packaging" / "nurie.spec")], check=True)
    if sys.platform == "linux" and "--no-archives" not in arguments:
        name = f"nurie-{__version__}-linux-x86_64"
        with tarfile.open(DIST / f"{name}.tar.gz", "w:gz", compresslevel=6) as archive:
            archive.add(DIST / "nurie", "nurie")
        if shutil.which("dpkg-deb"):
            deb(__version__)
    checksums()
    return 0


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


def deb(version: str) -> None:
    """The same folder as a package for Debian and Ubuntu, with a menu entry, the kind of file, and icons."""
    place = BUILT / "deb"
    share = place / "usr" / "share"
    shutil.copytree(DIST / "nurie", place / "opt" / "nurie", symlinks=True)
    (place / "usr" / "bin").mkdir(parents=True)
    (place / "usr" / "bin" / "nurie").symlink_to("/opt/nurie/nurie")
    for source, target in (
        (ROOT / "packaging" / "linux" / "nurie.desktop", share / "applications" / "nurie.desktop"),
        (ROOT / "packaging" / "linux" / "nurie.xml", share / "mime" / "packages" / "nurie.xml"),
        (ICON, share / "icons" / "hicolor" / "scalable" / "apps" / "nurie.svg"),
        (ROOT / "LICENSE", share / "doc" / "nurie" / "copyright"),
        *((BUILT / f"nurie-{one}.png", share / f"icons/hicolor/{one}x{one}/apps/nurie.png") for one in _SIDES),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) // 1024
    control = (ROOT / "packaging" / "linux" / "control").read_text(encoding="utf-8")
    (place / "DEBIAN").mkdir()
    (place / "DEBIAN" / "control").write_text(control.format(version=version, size=size), encoding="utf-8")
    package = DIST / f"nurie_{version}_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(place), str(package)], check=True)


def checksums() -> None:
    """The SHA-256 of every archive in `dist`."""
    rows = []
    for path in sorted(DIST.iterdir()):
        if path.is_file() and path.name != "sha256sums.txt":
            with path.open("rb") as stream:
                rows.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {path.name}\n")
    (DIST / "sha256sums.txt").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
