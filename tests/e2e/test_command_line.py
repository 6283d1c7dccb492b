"""The command line in true processes, with a true network: tiny and untrained, its colours mean nothing."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import checkpoint, model_loading
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.checkpoint import CheckpointInfo

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiny.safetensors, line.png (150×100, a drawing) and reference.png."""
    folder = tmp_path_factory.mktemp("塗り絵 place")
    config = replace(SGAConfig.compact(), widths=(2, 4, 4, 4, 4), fusion_width=8, residual_blocks=1)
    info = CheckpointInfo("sga", asdict(config), "Tiny", licence="CC0-1.0")
    checkpoint.save(folder / "tiny.safetensors", SGAGenerator(config).state_dict(), info)
    line = Image.new("L", (150, 100), 255)
    line.paste(0, (30, 30, 120, 33))
    line.save(folder / "line.png")
    values = np.random.default_rng(5).integers(0, 255, (9, 7, 3), np.uint8)
    Image.fromarray(values).resize((70, 90)).save(folder / "reference.png")
    return folder


def nurie(place: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"NURIE_MODELS": str(place), "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.run(
        [sys.executable, ROOT / "main.py", *arguments],
        cwd=place, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_a_drawing_is_colored(place: Path) -> None:
    run = nurie(
        place, "colorize", "line.png", "--reference", "reference.png", "--reference", "reference.png",
        "--output", "出力.png", "--model", "tiny", "--device", "cpu", "--json",
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    value = json.loads(run.stdout)
    assert (value["output"], value["width"], value["height"], value["device"]) == ("出力.png", 150, 100, "cpu")
    digest = hashlib.sha256((place / "tiny.safetensors").read_bytes()).hexdigest()
    assert value["model"] == {"name": "tiny", "sha256": digest}
    assert value["seconds"]["load"] > 0.1, "importing torch counts"
    assert value["seconds"]["infer"] > 0.0
    assert value["peak_memory_bytes"] > 50 * 2**20
    with Image.open(place / "出力.png") as image:
        assert image.size == (150, 100)
        assert image.getpixel((60, 31)) == (0, 0, 0), "the ink is laid over the colors"


def test_a_batch_goes_on_after_a_bad_row(place: Path) -> None:
    rows = ["line,reference,output", "line.png,reference.png,b1.png", "gone.png,reference.png,b2.png"]
    rows.append("line.png,reference.png;line.png,b3.png")
    (place / "pairs.csv").write_text("\n".join(rows), encoding="utf-8")
    run = nurie(place, "batch", "--manifest", "pairs.csv", "--model", "tiny.safetensors", "--json", "--jobs", "3")
    assert run.returncode == 1
    assert run.stderr.startswith("row 3: ")
    assert [line.split(":")[0] for line in run.stderr.splitlines()] == ["row 3", "nurie"]  # the other is a note
    value = json.loads(run.stdout)
    assert (value["done"], value["failed"]) == (2, 1)
    assert (place / "b1.png").exists()
    assert (place / "b3.png").exists()


def test_weights_that_do_not_fit_their_config(place: Path, tmp_path: Path) -> None:
    info, state = model_loading.load(place / "tiny.safetensors")
    state.popitem()
    checkpoint.save(tmp_path / "bad.safetensors", state, info)
    run = nurie(
        place, "colorize", "line.png", "--reference", "reference.png", "--output", "bad.png",
        "--model", str(tmp_path / "bad.safetensors"),
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("nurie: error: The weights in ")
    assert run.stderr.count("\n") == 1
    assert not (place / "bad.png").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal to a child")
def test_ctrl_c_in_a_batch_leaves_whole_pictures_only(place: Path, tmp_path: Path) -> None:
    rows = ["line,reference,output", *(f"{place / 'line.png'},{place / 'reference.png'},{i}.png" for i in range(3000))]
    (tmp_path / "pairs.csv").write_text("\n".join(rows), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "batch", "--manifest", tmp_path / "pairs.csv", "--model", "tiny", "--json"],
        env=os.environ | {"NURIE_MODELS": str(place)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        limit = time.monotonic() + 60
        while not (tmp_path / "2.png").exists() and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (130, "", "nurie: stopped\n")
    written = {path.name for path in tmp_path.iterdir()} - {"pairs.csv"}
    assert 3 <= len(written) < 3000
    for name in written:
        with Image.open(tmp_path / name) as image:
            image.load()
