"""What goes into a build: license texts of all that is needed, icons, and descriptions that name what is there."""

import configparser
import runpy
import sys
import xml.etree.ElementTree as ET
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
    assert {"torch", "numpy", "psd-tools", "scipy", "safetensors"} <= set(names)
    assert not {"matplotlib", "distributed", "pytest"} & set(names), "what extras need is not in a build"
    chosen = ["numpy", "pillow", "psd-tools", "safetensors"]
    assert licenses["main"]([str(tmp_path), *chosen]) == 0
    told = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for name in chosen:
        (line,) = [line for line in told.splitlines() if line.startswith(f"{name} ")]
        assert "see its texts" not in line or "0 texts" not in line, line
    assert "Python Software Foundation" in told and len(list(tmp_path.glob("numpy-*.txt"))) >= 1
    assert licenses["main"]([]) == 2


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
    control = (PACKAGING / "linux" / "control").read_text().format(version="1.2", size=3)
    assert "Version: 1.2\n" in control and control.endswith("\n")


@pytest.mark.skipif(sys.platform == "win32", reason="one system is enough")
def test_the_spec_names_what_is_there() -> None:
    text = (PACKAGING / "nurie.spec").read_text()
    compile(text, "nurie.spec", "exec")
    for name in ("main.py", "resources", "packaging/krita", "packaging/gimp", "packaging/plugin", "LICENSE"):
        assert name.split("/")[-1] in text and (ROOT / name).exists()
    workflow = (ROOT / ".github" / "workflows" / "installers.yml").read_text()
    assert "--self-test" in workflow and "packaging/build.py --checksums" in workflow
