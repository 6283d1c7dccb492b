"""`nurie plugin gimp`: the folders of GIMP, and what is put into them; tests/e2e/test_gimp.py tries the real one."""

import os
import sys
from pathlib import Path

import pytest

from app.cli import plugin
from app.cli.main import main
from engine.errors import NurieError


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("GIMP3_DIRECTORY", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(plugin.Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("system", "parts"),
    [
        ("linux", (".config", "GIMP")),
        ("linux", (".var", "app", "org.gimp.GIMP", "config", "GIMP")),
        ("win32", ("AppData", "Roaming", "GIMP")),
        ("darwin", ("Library", "Application Support", "GIMP")),
    ],
)
def test_every_gimp_3_has_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path, system: str, parts: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    root = home.joinpath(*parts)
    for name in ("2.10", "3.0", "3.2", "3.0 backup"):
        (root / name).mkdir(parents=True)
    assert main(["plugin", "gimp", "--install"]) == 0
    for name in ("3.0", "3.2"):
        folder = root / name / "plug-ins" / "nurie"
        assert {"nurie.py", "image.py", "dialog.py", "keeper.py", "coloring.py", "nurie.json"} == {
            one.name for one in folder.iterdir()
        }
        assert os.name == "nt" or os.access(folder / "nurie.py", os.X_OK)
    said = capsys.readouterr().out
    assert "start GIMP again" in said and ("flatpak override" in said) == (".var" in parts)
    assert not (root / "2.10" / "plug-ins").exists() and not (root / "3.0 backup" / "plug-ins").exists()
    assert main(["plugin", "gimp", "--remove"]) == 0
    assert not (root / "3.0" / "plug-ins" / "nurie").exists()


def test_without_gimp_3_it_is_said(home: Path) -> None:
    with pytest.raises(NurieError, match="No GIMP 3 was found"):
        plugin.gimp_folders()
    (home / "snap" / "gimp").mkdir(parents=True)
    if sys.platform == "linux":
        with pytest.raises(NurieError, match="Snap"):
            plugin.gimp_folders()
    (plugin_root(home) / "2.10").mkdir(parents=True)
    with pytest.raises(NurieError, match=r"Only GIMP 2\.10 was found, and the plug-in needs GIMP 3"):
        plugin.gimp_folders()
    assert not (plugin_root(home) / "3.0").exists(), "GIMP itself makes it, and takes over what was set before"


def test_a_folder_can_be_named(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("mine", "other/plug-ins"):
        assert main(["plugin", "gimp", "--install", "--folder", str(home / name)]) == 0
    for name in ("mine", "other"):
        assert (home / name / "plug-ins" / "nurie" / "nurie.py").is_file()
    assert main(["plugin", "gimp", "--install", "--folder", str(home / "GIMP" / "2.10")]) == 2
    assert "needs GIMP 3" in capsys.readouterr().err
    assert not (home / "GIMP").exists()
    monkeypatch.setenv("GIMP3_DIRECTORY", str(home / "named"))
    assert plugin.gimp_folders() == [home / "named"]


def test_a_copy_without_the_plug_in_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plugin, "source", lambda program="krita": home / program)
    for program in ("krita", "gimp"):
        assert main(["plugin", program, "--install", "--folder", str(home / "there")]) == 2
        assert f"no plug-in for {program}" in capsys.readouterr().err


def plugin_root(home: Path) -> Path:
    if sys.platform == "win32":
        return home / "AppData" / "Roaming" / "GIMP"
    return home / "Library" / "Application Support" / "GIMP" if sys.platform == "darwin" else home / ".config" / "GIMP"
