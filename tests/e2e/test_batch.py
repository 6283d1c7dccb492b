"""A batch in a true process: killed, and gone on with; its end when nobody listens any more."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import checkpoint
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.checkpoint import CheckpointInfo

ROOT = Path(__file__).resolve().parents[2]
COUNT = 12


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model, a reference, and `COUNT` drawings in two folders of `in`."""
    folder = tmp_path_factory.mktemp("batch")
    config = replace(SGAConfig.compact(), widths=(2, 4, 4, 4, 4), fusion_width=8, residual_blocks=1)
    info = CheckpointInfo("sga", asdict(config), "Tiny", licence="CC0-1.0")
    checkpoint.save(folder / "tiny.safetensors", SGAGenerator(config).state_dict(), info)
    values = np.random.default_rng(5).integers(0, 255, (9, 7, 3), np.uint8)
    Image.fromarray(values).resize((70, 90)).save(folder / "reference.png")
    for number in range(COUNT):
        target = folder / "in" / ("one" if number % 2 else "two") / f"{number}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        line = Image.new("L", (300, 200), 255)
        line.paste(0, (30 + number, 30, 250, 34))
        line.save(target)
    return folder


def begin(place: Path, output: str, *more: str) -> "subprocess.Popen[str]":
    environment = os.environ | {"NURIE_MODELS": str(place), "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, ROOT / "main.py", "batch", "in", "--reference", "reference.png", "--output", output,
         "--recursive", "--model", "tiny", "--device", "cpu", "--json", "--jobs", "2", *more],
        cwd=place, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8",
    )  # fmt: skip


def wait_for(process: "subprocess.Popen[str]", event: str, count: int) -> list[dict[str, Any]]:
    """What was said until the event came that often."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(json.loads(line))
        if sum(one["event"] == event for one in said) == count:
            break
    return said


def finish(process: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    out, err = process.communicate(timeout=120)
    assert err == ""
    return [json.loads(line) for line in out.splitlines()]


def pictures(folder: Path) -> dict[str, bytes]:
    """Name and content of each picture, all of them whole."""
    found = {}
    for path in folder.rglob("*.png"):
        if not path.name.startswith("."):
            with Image.open(path) as image:
                image.load()
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_a_killed_batch_goes_on_where_it_was(place: Path) -> None:
    process = begin(place, "killed")
    wait_for(process, "finished", 4)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    before = pictures(place / "killed")
    assert 4 <= len(before) < COUNT
    said = finish(begin(place, "killed"))
    again = {one["name"] for one in said if one["event"] == "finished"}
    after = pictures(place / "killed")
    assert len(after) == COUNT
    # Of the pictures that were written when the kill came, some may not be in the journal: they are left as they are.
    assert not again & set(before)
    assert {name: after[name] for name in before} == before
    whole = finish(begin(place, "whole"))
    assert whole[-1]["done"] == COUNT
    assert pictures(place / "whole") == after, "the same, bit for bit, as in one go"


def test_the_end_of_stdin_ends_it(place: Path) -> None:
    process = begin(place, "closed", "--control")
    wait_for(process, "finished", 2)
    said = finish(process)  # closes stdin
    assert process.returncode == 130
    assert [one["event"] for one in said][-2:] == ["stopped", "ended"]
    assert said[-1]["waiting"] > 0
    assert len(pictures(place / "closed")) == COUNT - said[-1]["waiting"]
