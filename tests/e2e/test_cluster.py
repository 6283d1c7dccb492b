"""A batch on a scheduler and workers that are true processes, one of which is killed."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import cluster
from tests.e2e.test_batch import COUNT, ROOT, place  # noqa: F401 (a fixture)

pytest.importorskip("distributed")


def test_a_worker_is_killed_and_nothing_is_lost(place: Path, tmp_path: Path) -> None:  # noqa: F811
    words = [sys.executable, str(ROOT / "main.py"), "batch", str(place / "in"), "--recursive", "--json"]
    words += ["--reference", str(place / "reference.png"), "--model", str(place / "tiny.safetensors")]
    settings = os.environ | {"OMP_NUM_THREADS": "1"}
    alone = subprocess.run([*words, "--output", str(tmp_path / "one")], env=settings, capture_output=True, check=True)
    assert alone.stdout.count(b'"finished"') == COUNT
    with cluster.started(tmp_path, 2) as processes:
        both = [*words, "--output", str(tmp_path / "two"), "--cluster", processes.address]
        run = subprocess.Popen(both, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert run.stdout is not None
        events = []
        for line in run.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "finished" and len(processes.workers) == 2:
                processes.workers[0].kill()
                processes.add()
        assert run.wait() == 0, run.stderr and run.stderr.read()
    names = [one["name"] for one in events if one["event"] == "finished"]
    assert len(names) == len(set(names)) == COUNT
    pictures = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.png")]
    assert len(pictures) == COUNT
    for picture in pictures:
        assert (tmp_path / "one" / picture).read_bytes() == (tmp_path / "two" / picture).read_bytes()
    with contextlib.closing(run.stdout):
        assert (tmp_path / "two" / ".nurie-batch" / "journal.jsonl").read_text().count("\n") == COUNT
