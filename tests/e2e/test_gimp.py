"""The plug-in in a real GIMP 3, without a window and, for its undo, in one. tests/e2e/gimp_driver runs inside GIMP."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.cli import plugin

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"
DRIVER = Path(__file__).with_name("gimp_driver") / "driver.py"

pytestmark = pytest.mark.skipif(
    shutil.which("gimp-console-3.0") is None or os.environ.get("NURIE_GIMP") != "1",
    reason="needs GIMP 3, and NURIE_GIMP=1: it takes a minute",
)

# A Nurie that answers at once, and keeps the lines it was given under the name that stands in the file "keep".
FAKE = """
import json, shutil, sys
from pathlib import Path
from PIL import Image
from PIL.PngImagePlugin import PngInfo
words, here = sys.argv[1:], Path(__file__).parent
if "bad.png" in " ".join(words):
    print("nurie: error: bad.png is not a picture.", file=sys.stderr)
    sys.exit(2)
shutil.copyfile(words[1], here / ((here / "keep").read_text() + ".png") if (here / "keep").exists() else here / "x.png")
with Image.open(words[1]) as lines:
    size = lines.size
where = Path(words[words.index("--layers") + 1])
where.mkdir()
layers = [("Paper", "normal", ""), ("Flats", "normal", "")]
if "--swatch-layers" in words:
    layers[1:] = [("red", "normal", "Flats"), ("blue", "normal", "Flats")]
if words[words.index("--shading") + 1] != "off":
    layers += [("Shading", "multiply", ""), ("Highlights", "screen", "")]
for number, (name, blend, group) in enumerate([*layers, ("Line", "multiply", "")]):
    text = PngInfo()
    about = {"Layer": name, "Blend mode": blend, "Opacity": "255", "Visible": "yes"}
    for key, value in (about | ({"Group": group} if group else {})).items():
        text.add_itxt(key, value)
    Image.new("RGBA", size, (200, 10, 20, 255)).save(where / f"{number:02} {name}.png", pnginfo=text)
print(json.dumps({"event": "progress", "step": "Guessing", "share": 0.5}), flush=True)
print(json.dumps({"event": "ended", "notes": ["Said."]}), flush=True)
"""


@contextmanager
def screen() -> Iterator[str]:
    """An X display of its own, with its name."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1300x900x24"], pass_fds=(write,), stderr=subprocess.DEVNULL
    )
    try:
        yield ":" + os.read(read, 20).decode().strip()
    finally:
        server.terminate()
        server.wait()
        os.close(read)
        os.close(write)


def environment(place: Path, steps: str, *, fake: bool, **more: str) -> dict[str, str]:
    """A home with the plug-in."""
    settings = place / "home" / ".config" / "GIMP" / "3.0"
    plugin.install_for_gimp(settings / "plug-ins")
    (settings / "gimprc").write_text("(show-welcome-dialog no)\n(check-updates no)\n")
    shutil.copyfile(SAMPLES / "sylvie_line.png", place / "line.png")
    shutil.copyfile(SAMPLES / "sylvie_reference.png", place / "reference.png")
    (place / "fake.py").write_text(FAKE)
    found = os.environ | {
        "HOME": str(place / "home"), "NURIE_GIMP_TEST": str(place), "NURIE_GIMP_STEPS": steps, "OMP_NUM_THREADS": "1",
        "XDG_RUNTIME_DIR": str(place / "home"), **more,
    }  # fmt: skip
    if fake:
        found["NURIE"] = shlex.join([sys.executable, str(place / "fake.py")])
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "PYTHONPATH", "GIMP3_DIRECTORY"):
        found.pop(name, None)
    return found


def words(program: str) -> list[str]:
    batch = f"import runpy; runpy.run_path({str(DRIVER)!r})"
    return [program, "--no-splash", "--batch-interpreter=python-fu-eval", "-b", batch, "--quit"]


def told(place: Path, steps: str, *, fake: bool = True) -> Any:
    with (place / "gimp.log").open("wb") as log:
        subprocess.run(
            words("gimp-console-3.0"), env=environment(place, steps, fake=fake), stdout=log, stderr=log, timeout=280,
            check=False,
        )  # fmt: skip
    found = json.loads((place / "told.json").read_text())
    for step in found.values():
        assert "error" not in step or not step["error"], step["error"]
    return found


def test_what_was_painted_is_kept(tmp_path: Path) -> None:
    found = told(tmp_path, "painted")["painted"]
    assert not any(found[name] for name in ("first", "second", "third", "fourth")), found
    nurie = ["Nurie", "normal", [["Highlights", "screen"], ["Shading", "multiply"], ["Flats", "normal"]]]
    assert found["after first"] == [["Drawing", "normal", [["Line art", "normal"], nurie]], ["Paper", "normal"]]
    # The copy lay over the highlights, which are no more, and Mine under them.
    second = ["Changed by hand", "Mine", "Shading", ["Flats", ["blue", "red"]]]
    assert found["after second"] == ["Above", ["Drawing", ["Line art", ["Nurie", second]]], "Paper"]
    third = ["Changed by hand", "Mine", "Deep", "Flats"]
    after_fourth = ["Above", ["Nurie #1", ["Flats #1"]], ["Drawing", ["Line art", ["Nurie", third]]], "Paper"]
    assert found["two drawings"] == after_fourth
    assert found["after third"] == ["Above", ["Drawing", ["Line art", ["Nurie", third]]], "Paper"]


def test_images_of_every_kind(tmp_path: Path) -> None:
    found = told(tmp_path, "kinds")["kinds"]
    for name in ("u16", "linear", "half", "gray", "indexed"):
        assert found[name] == ["", True, [200, 10, 20, 255]], name
    expected = np.zeros((90, 120), np.uint8)
    expected[20:25, 10:50] = 255
    for name in ("u16", "linear", "half", "gray", "indexed", "hidden"):
        with Image.open(tmp_path / f"{name}.png") as picture:
            pixels = np.asarray(picture.convert("RGBA"))
        assert np.array_equal(pixels[..., 3], expected), name
        assert not pixels[expected == 255, :3].any(), name
    assert found["hidden"] == ["", False, 30.0, [200, 10, 20, 255]], (
        "as it was, and all of the image, not the selection"
    )
    with Image.open(tmp_path / "masked.png") as picture:
        assert found["masked"] == "" and not np.asarray(picture.convert("RGBA"))[..., 3].any()
    expected[80:90, 100:120] = 255
    with Image.open(tmp_path / "group.png") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGBA"))[..., 3], expected)
    assert found["group"] == ["", [["Drawing", ["more", "Line art"]], ["Nurie", ["Flats"]], "Paper"]]
    assert found["opaque"] == ["", [["Nurie", "multiply", [["Flats", "normal"]]], ["Paper", "normal"]]]


def test_what_cannot_be_done_is_one_sentence(tmp_path: Path) -> None:
    found = told(tmp_path, "refused")["refused"]
    assert found.pop("same") and found.pop("colored") == ""
    parts = {
        "no reference": "There is no reference", "nothing wanted": "No layer is wanted", "no layer": "no layer “Gone”",
        "bad picture": "bad.png is not a picture.", "elsewhere": "no layer of this image", "empty": "no layer to color",
        "own": "what Nurie made", "floating": "floating selection",
    }  # fmt: skip
    assert set(found) == set(parts)
    for name, part in parts.items():
        assert part in found[name] and "\n" not in found[name].strip(), found[name]


def test_what_is_seen_is_what_nurie_writes(tmp_path: Path) -> None:
    found = told(tmp_path, "real", fake=False)["real"]
    assert [name if isinstance(name, str) else name[0] for name in found["tree"][0][1]] == [
        "Highlights", "Shading", "Paint", "Flats"
    ]  # fmt: skip
    command = [
        *plugin.command(), "colorize", "line.png", "--reference", "reference.png", "--shading", "soft", "--output",
        "direct.png",
    ]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    with Image.open(tmp_path / "direct.png") as direct, Image.open(tmp_path / "real.png") as seen:
        difference = np.asarray(direct.convert("RGB")).astype(int) - np.asarray(seen.convert("RGB"))
    assert abs(difference).max() <= 1


@pytest.mark.skipif(not all(map(shutil.which, ("Xvfb", "xdotool"))), reason="needs a screen and a keyboard")
def test_one_undo_takes_it_back(tmp_path: Path) -> None:
    with screen() as display, (tmp_path / "gimp.log").open("wb") as log:
        settings = environment(tmp_path, "undone", fake=True, DISPLAY=display)
        process = subprocess.Popen(words("gimp-3.0"), env=settings, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 200
            while not (tmp_path / "undo now").exists() and process.poll() is None and time.monotonic() < end:
                time.sleep(0.2)
            find = ["xdotool", "search", "--onlyvisible", "--name", "Untitled"]
            window = subprocess.run(find, env=settings, capture_output=True, text=True, check=True).stdout.split()[0]
            for word in (["windowfocus", window], ["key", "ctrl+z"]):
                subprocess.run(["xdotool", *word], env=settings, check=True)
            process.wait(60)
        finally:
            process.kill()
            process.wait()
    assert json.loads((tmp_path / "told.json").read_text()) == {
        "undone": {"error": "", "colored": True, "undone": True}
    }
