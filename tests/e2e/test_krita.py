"""The plug-in in a real Krita, on a screen of its own: the docker is used as an artist would."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import plugin
from tests.foreign_psd import GROUP, GROUP_END, Foreign, written

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"
DRIVER = Path(__file__).with_name("krita_driver")
EMPTY = np.zeros((0, 0, 4), np.uint8)

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("krita", "Xvfb"))) or os.environ.get("NURIE_KRITA") != "1",
    reason="needs Krita and Xvfb, and NURIE_KRITA=1: it takes a minute",
)


def prepare(place: Path) -> None:
    """A home with the plug-in and the driver switched on, and a drawing whose lines are the lowest in a folder."""
    resources = place / "home" / ".local" / "share" / "krita"
    plugin.install(resources / "pykrita")
    shutil.copytree(DRIVER, resources / "pykrita" / "driver")
    entry = "[Desktop Entry]\nType=Service\nServiceTypes=Krita/PythonPlugin\nX-KDE-Library=driver\nName=driver\n"
    (resources / "pykrita" / "driver.desktop").write_text(entry)
    (place / "home" / ".config").mkdir()
    (place / "home" / ".config" / "kritarc").write_text("[python]\nenable_nurie=true\nenable_driver=true\n")
    with Image.open(SAMPLES / "sylvie_line.png") as image:
        gray = np.asarray(image.convert("L"))
    ink = np.zeros((*gray.shape, 4), np.uint8)
    ink[..., 3] = 255 - gray
    paper = np.full((*gray.shape, 4), (246, 240, 228, 255), np.uint8)
    found = [
        Foreign("Paper", paper), Foreign("</Layer group>", EMPTY, kind=GROUP_END), Foreign("Lineart", ink),
        Foreign("Drawing", EMPTY, kind=GROUP, blend=b"pass"),
    ]  # fmt: skip
    (place / "work.psd").write_bytes(written(gray.shape, found, np.dstack([gray] * 3)))
    shutil.copyfile(SAMPLES / "sylvie_reference.png", place / "reference.png")


@pytest.mark.parametrize("depth", ["", "U16"])
def test_the_docker_colors_under_the_lines(tmp_path: Path, depth: str) -> None:
    prepare(tmp_path)
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1500x1000x24"], pass_fds=(write,), stderr=subprocess.DEVNULL
    )
    try:
        display = os.read(read, 20).decode().strip()
        settings = os.environ | {
            "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb", "HOME": str(tmp_path / "home"), "OMP_NUM_THREADS": "1",
            "NURIE_KRITA_TEST": str(tmp_path), "NURIE_KRITA_DEPTH": depth, "XDG_RUNTIME_DIR": str(tmp_path / "home"),
        }  # fmt: skip
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "PYTHONPATH"):
            settings.pop(name, None)
        log = (tmp_path / "krita.log").open("wb")
        subprocess.run(["krita", "--nosplash"], env=settings, stdout=log, stderr=log, timeout=280, check=False)
    finally:
        screen.terminate()
        screen.wait()
        os.close(read)
        os.close(write)
    told = json.loads((tmp_path / "told.json").read_text())
    assert "error" not in told, told["error"]
    assert "no reference" in told["without"]
    assert told["before"] == [[0, "Paper", "normal", 200], [0, "Drawing", "normal", 255], [1, "Lineart", "normal", 200]]
    drawing = [layer[1] for layer in told["first"]]
    assert drawing == ["Paper", "Drawing", "Nurie", "Flats", "Paint", "Shading", "Highlights", "Lineart"]
    assert [layer[2] for layer in told["first"]][5:7] == ["multiply", "screen"]
    assert told["message"].startswith("Colored."), told["message"]
    assert max(told["seen"]) > 50, "progress was shown"
    second = [layer[:2] for layer in told["second"]]
    assert [layer[1] for layer in second].count("Nurie") == 1
    assert [1 + 1, "My own"] in second and [0, "Sparkle"] in second
    assert sum(depth == 3 for depth, _ in second) > 3, "a layer for each color"
    assert told["cancelled"].startswith("Cancelled") and told["third"] == told["second"]
    fourth = [layer[1] for layer in told["fourth"]]
    assert fourth[3:6] == ["Flats", "Deep", "Paint"] and fourth.count("Flats") == 1, fourth
    with Image.open(tmp_path / "out.png") as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    assert (np.ptp(pixels, axis=2) > 60).mean() > 0.1, "colors are seen"
    assert pixels.min() < 90, "and the lines over them"


def test_installing_and_removing(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "main.py"), "plugin", "krita", "--folder", str(tmp_path)]
    subprocess.run([*words, "--install"], check=True)
    subprocess.run([*words, "--remove"], check=True)
    assert not list((tmp_path / "pykrita").iterdir())
