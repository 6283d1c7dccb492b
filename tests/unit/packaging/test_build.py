"""What goes into a build: license texts of all that is needed, icons, and descriptions that name what is there."""

import configparser
import gzip
import hashlib
import json
import os
import runpy
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
PACKAGING = ROOT / "packaging"


def script(name: str) -> dict[str, Any]:
    return runpy.run_path(str(PACKAGING / f"{name}.py"))


def test_every_package_that_is_needed_has_a_license(tmp_path: Path) -> None:
    licenses = script("licenses")
    names = licenses["needed"]()
    assert {"torch", "numpy", "psd-tools", "scipy", "safetensors", "pyside6-essentials", "shiboken6"} <= set(names)
    assert not {"matplotlib", "distributed", "pytest", "av"} & set(names), "what extras need is not in a build"
    for name in names:
        found = licenses["metadata"].distribution(name)
        assert licenses["texts"](name) or not licenses["has_files"](found), f"{name} has no license text"
    chosen = ["numpy", "pillow", "psd-tools", "pyside6-essentials"]
    assert licenses["main"]([str(tmp_path), *chosen]) == 0
    told = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for name in chosen:
        (line,) = [line for line in told.splitlines() if line.startswith(f"{name} ")]
        assert (tmp_path / line.rpartition(", ")[2]).stat().st_size > 500, line
    assert "PSF" in told and "PYTHON SOFTWARE FOUNDATION" in (tmp_path / "Python.txt").read_text(encoding="utf-8")
    of_qt = (tmp_path / "pyside6-essentials.txt").read_text(encoding="utf-8")
    for part in ("_internal/PySide6/Qt", "GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE", "HarfBuzz"):
        assert part.casefold() in of_qt.casefold(), part
    assert licenses["main"]([]) == 2


def test_the_owner_of_a_file_is_known(tmp_path: Path) -> None:
    licenses = script("licenses")
    stray = tmp_path / "libstray.so.1"
    stray.write_bytes(b"")
    owned, strays = licenses["owners"]([Path(json.__file__), Path(Image.__file__), Path(__file__), stray])
    assert owned == {"pillow"} and strays == {stray.resolve()}
    with pytest.raises(licenses["NoTextError"], match=r"libstray\.so\.1"):
        licenses["write"](tmp_path / "licenses", [Path(Image.__file__), stray])


@pytest.mark.skipif(sys.platform == "win32", reason="paths of macOS")
def test_what_another_program_left_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    paths = [Path("/usr/lib/libSystem.dylib"), Path("/System/Library/A"), Path("/usr/local/lib/libpng.dylib")]
    licenses = script("licenses")
    found = licenses["_packages"](paths)
    assert found == {licenses["SYSTEM"]: ["A", "libSystem.dylib"], "/usr/local/lib": ["libpng.dylib"]}


def test_requirements_of_extras_are_followed_where_they_are_asked_for() -> None:
    licenses = script("licenses")
    assert licenses["_extras"]("cuda-toolkit[cublas,nv-rtc]==13.2; sys_platform == 'linux'") == {"cublas", "nv-rtc"}
    assert licenses["_extras"]('tifffile>=2025; extra == "all[x]"') == set()
    assert licenses["_name"]("PySide6-Essentials>=6.8,<7") == "pyside6-essentials"


WANTED = (
    "torch/lib/libtorch_cpu.so",
    "torch/lib/torch_cpu.dll",
    "torch/bin/torch_shm_manager",
    "PySide6/Qt/lib/libQt6Gui.so.6",
    "PySide6/Qt/lib/QtGui.framework/Versions/A/QtGui",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/plugins/platforms/qwindows.dll",
    "PySide6/Qt/translations/qtbase_ja.qm",
    "resources/models/nurie-compact.safetensors",
    "resources/models/nurie-parts.json",
    "resources/experiments/table1.md",
    "resources/translations/nurie_ja.qm",
    "torch-2.15.0.dist-info/METADATA",
    "libcrypto.so.3",
)
UNWANTED = (
    "torch/include/ATen/ATen.h",
    "torch/bin/protoc",
    "torch/test/List_test",
    "torch/lib/torch_cpu.lib",
    "torch/lib/libtorchbind_test.so",
    "PySide6/Qt/lib/libQt6Network.so.6",
    "PySide6/Qt/lib/QtNetwork.framework/Versions/A/QtNetwork",
    "libQt6Network.so.6",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/tls/libqopensslbackend.so",
    "PySide6/opengl32sw.dll",
    "PySide6/Qt/translations/qtbase_de.qm",
    "resources/experiments/nurie-painter.safetensors",
    "resources/translations/nurie_ja.ts",
    "torch-2.15.0.dist-info/licenses/LICENSE",
    "numpy/tests/data.csv",
)


@pytest.mark.parametrize("name", WANTED)
def test_what_comes_in(name: str) -> None:
    contents = script("contents")
    assert contents["is_wanted"](name) and not contents["is_gpl"](name)


@pytest.mark.parametrize("name", UNWANTED)
def test_what_stays_out(name: str) -> None:
    assert not script("contents")["is_wanted"](name)


def test_libraries_of_the_system_and_under_the_gpl_are_known() -> None:
    contents = script("contents")
    for name in ("libstdc++.so.6", "libX11.so.6", "libxcb.so.1", "libfontconfig.so.1", "libgtk-3.so.0.2406.32"):
        assert not contents["is_brought_along"](name), name
    for name in ("libxcb-cursor.so.0.0.0", "libssl.so.3", "libxkbcommon-x11.so.0"):
        assert contents["is_brought_along"](name), name
    gpl = ("cv2/.dylibs/libx265.215.dylib", "libreadline.so.8", "python3.11/lib-dynload/readline.cpython-311.so")
    assert all(map(contents["is_gpl"], gpl)) and not contents["is_gpl"]("libavcodec-57aca189.so.62")


def test_sizes_of_a_build_and_of_wheels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))
    built = {
        "nurie": 1_000_000,
        "_internal/scipy/ndimage/_nd_image.cpython-311-x86_64-linux-gnu.so": 400_000,
        "_internal/scipy.libs/libopenblas-1234.so": 500_000,
        "_internal/PySide6/Qt/lib/libQt6Gui.so.6": 700_000,
        "_internal/PySide6/QtGui.abi3.so": 100_000,
        "_internal/libpython3.11.so.1.0": 300_000,
    }
    for name, size in built.items():
        path = tmp_path / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    # For Intel's processors and Apple's: 300,000 bytes are of the second.
    of_two = struct.pack(">4sI10I", b"\xca\xfe\xba\xbe", 2, 0x01000007, 3, 64, 1, 0, 0x0100000C, 0, 64, 300_000, 0)
    wheels = {
        "scipy-1-win_amd64.whl": {
            "scipy/ndimage/_nd_image.cp312-win_amd64.pyd": bytes(600_000),
            "scipy/stats/_stats.cp312-win_amd64.pyd": bytes(800_000),
            "scipy.libs/libopenblas-9876.dll": bytes(200_000),
            "scipy/ndimage/_filters.py": bytes(90_000),
            "cv2/.dylibs/libx264.164.dylib": bytes(900_000),
        },
        "PySide6_Essentials-6.whl": {
            "PySide6/Qt6Gui.dll": bytes(800_000),
            "PySide6/Qt6Quick.dll": bytes(900_000),
            "PySide6/Qt6Designer.dll": bytes(900_000),
            "PySide6/plugins/platforms/qwindows.dll": bytes(100_000),
            "PySide6/QtGui.pyd": of_two + bytes(1_000_000),
        },
    }
    (tmp_path / "win").mkdir()
    for wheel, files in wheels.items():
        with zipfile.ZipFile(tmp_path / "win" / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    sizes = script("sizes")
    assert sizes["main"]([str(tmp_path / "dist"), str(tmp_path / "win")]) == 0
    rows = [row.strip("| ").split(" | ") for row in capsys.readouterr().out.splitlines()]
    table = {row[0]: row[1:] for row in rows if not row[0].startswith("-")}
    assert table["MB"] == ["dist", "win"]
    assert table["scipy"] == ["0.9", "0.8"] and table["PySide6"] == ["0.8", "1.2"]
    assert table["nurie"] == ["1.0", "1.0"] and table["Python and others"] == ["0.3", "0.3"]
    assert table["together"] == ["3.0", "3.3"]
    assert sizes["main"]([]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files")
def test_a_package_for_debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    program, library = tmp_path / "opt" / "nurie" / "nurie", tmp_path / "opt" / "nurie" / "_internal" / "libx.so"
    library.parent.mkdir(parents=True)
    program.write_bytes(b"\x7fELF GLIBC_2.34 GLIBC_2.9 ")
    library.write_bytes(b"\x7fELF GLIBC_2.36 GLIBC_PRIVATE")
    program.chmod(0o775)
    library.chmod(0o700)
    script("debian")["write"](tmp_path, "1.2")
    assert program.stat().st_mode & 0o777 == 0o755 and library.stat().st_mode & 0o777 == 0o644
    control = (tmp_path / "DEBIAN" / "control").read_text(encoding="utf-8")
    assert "\nVersion: 1.2\n" in control and "libc6 (>= 2.36)," in control and control.endswith("\n")
    sums = (tmp_path / "DEBIAN" / "md5sums").read_text(encoding="utf-8")
    assert f"{hashlib.md5(program.read_bytes()).hexdigest()}  opt/nurie/nurie\n" in sums and "DEBIAN" not in sums
    doc = tmp_path / "usr" / "share" / "doc" / "nurie"
    assert "Apache-2.0" in (doc / "copyright").read_text(encoding="utf-8")
    change = gzip.decompress((doc / "changelog.gz").read_bytes()).decode()
    assert change.startswith("nurie (1.2) ") and change.endswith("Tue, 14 Nov 2023 22:13:20 -0000\n")
    page = gzip.decompress((tmp_path / "usr/share/man/man1/nurie.1.gz").read_bytes()).decode()
    assert page.startswith(".TH NURIE 1") and ".B colorize\n" in page


@pytest.mark.skipif(sys.platform != "linux", reason="menus of Linux")
def test_the_unpacked_program_gets_into_the_menu_and_out(tmp_path: Path) -> None:
    folder, data = tmp_path / "my $programs" / "nurie", tmp_path / "data"
    share = folder / "share"
    for source, target in (("nurie.desktop", "applications"), ("nurie.xml", "mime/packages")):
        (share / target).mkdir(parents=True)
        shutil.copyfile(PACKAGING / "linux" / source, share / target / source)
    icon = share / "icons" / "hicolor" / "48x48" / "apps" / "nurie.png"
    icon.parent.mkdir(parents=True)
    icon.write_bytes(b"icon")
    shutil.copy2(PACKAGING / "linux" / "add_to_menu.sh", folder)
    neighbor = data / "icons" / "hicolor" / "48x48" / "apps" / "other.png"
    neighbor.parent.mkdir(parents=True)
    neighbor.write_bytes(b"other")
    environment = {"PATH": "/usr/bin:/bin", "XDG_DATA_HOME": str(data)}
    run = ["sh", str(folder / "add_to_menu.sh")]
    subprocess.run(run, env=environment, check=True, capture_output=True)
    entry = (data / "applications" / "nurie.desktop").read_text(encoding="utf-8")
    assert f'\nExec="{tmp_path}/my \\\\$programs/nurie/nurie" %F\n' in entry and "Name=Nurie\n" in entry
    assert (data / "icons/hicolor/48x48/apps/nurie.png").read_bytes() == b"icon"
    assert (data / "mime/packages/nurie.xml").is_file()
    subprocess.run([*run, "--remove"], env=environment, check=True, capture_output=True)
    left = [path.name for path in data.rglob("nurie*")]
    assert left == [] and neighbor.exists() and (folder / "share").is_dir()


def test_no_gpl_is_needed() -> None:
    licenses = script("licenses")
    from importlib import metadata

    for name in licenses["needed"]():
        told = licenses["told"](metadata.distribution(name))
        assert "GPL" not in told.replace("LGPL", "") or "LGPL" in told or "OR" in told, f"{name}: {told}"


def test_icons_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PySide6.QtSvg")
    build = script("build")
    monkeypatch.setitem(build["icons"].__globals__, "BUILT", tmp_path)
    build["icons"]()
    with Image.open(tmp_path / "nurie.ico") as icon:
        assert icon.size == (256, 256)
    with Image.open(tmp_path / "nurie-64.png") as icon:
        low, high = icon.convert("RGBA").getchannel("A").getextrema()
        assert (low, high) == (0, 255), "drawn, and transparent around it"
    assert (tmp_path / "nurie.icns").stat().st_size > 1000


def test_checksums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = script("build")
    monkeypatch.setitem(build["checksums"].__globals__, "DIST", tmp_path)
    (tmp_path / "a.deb").write_bytes(b"abc")
    build["checksums"]()
    build["checksums"]()
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.deb\n"
    assert (tmp_path / "sha256sums.txt").read_text() == expected


def test_menu_entry_and_kind_of_file() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(PACKAGING / "linux" / "nurie.desktop", encoding="utf-8")
    about = entry["Desktop Entry"]
    assert about["Exec"].split() == ["nurie", "%F"] and about["Icon"] == "nurie"
    root = ET.parse(PACKAGING / "linux" / "nurie.xml").getroot()
    kinds = [one.get("type") for one in root if one.get("type")]
    assert kinds and all(f"{kind};" in about["MimeType"] for kind in kinds)


@pytest.mark.skipif(sys.platform == "win32", reason="one system is enough")
def test_the_spec_names_what_is_there() -> None:
    text = (PACKAGING / "nurie.spec").read_text()
    compile(text, "nurie.spec", "exec")
    for name in ("main.py", "resources", "packaging/krita", "packaging/gimp", "packaging/plugin", "LICENSE"):
        assert name.split("/")[-1] in text and (ROOT / name).exists()
    workflow = (ROOT / ".github" / "workflows" / "installers.yml").read_text()
    assert "--self-test" in workflow and "packaging/build.py --checksums" in workflow


@pytest.mark.parametrize("before", ["", "/home/me/lib"])
def test_what_the_packaged_program_starts_finds_its_own_libraries(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/opt/nurie/_internal:{before}".rstrip(":"))
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    monkeypatch.setenv("PYINSTALLER_RESET_ENVIRONMENT", "")
    script("library_path")
    assert os.environ.get("LD_LIBRARY_PATH", "") == before and "LD_LIBRARY_PATH_ORIG" not in os.environ
    assert os.environ["PYINSTALLER_RESET_ENVIRONMENT"] == "1", "but Nurie itself finds ours"
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    monkeypatch.delenv("PYINSTALLER_RESET_ENVIRONMENT")
    script("library_path")
    assert "PYINSTALLER_RESET_ENVIRONMENT" not in os.environ, "on other systems nothing is done"
