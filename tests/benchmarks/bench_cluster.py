"""A batch on a scheduler with two workers, all real processes: bytes, lost workers, throughput.

    uv run python -m tests.benchmarks.bench_cluster [--kills 60] [--drawings 60] [--side 160]

Prints, in one run: whether the pictures are those of one computer; what is lost or there twice when a worker is killed
at random moments; seconds of two batches of half the drawings side by side (two computers by themselves) over those of
one batch on two workers; CPU seconds a drawing of worker, scheduler and sender.
"""

import argparse
import filecmp
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image, ImageOps

from tests import cluster

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "resources" / "samples"


def drawings(folder: Path, count: int, side: int) -> None:
    folder.mkdir(parents=True)
    lines = [Image.open(SAMPLES / f"{name}_line.png").convert("L") for name in ("sylvie", "waving")]
    for number in range(count):
        picture = lines[number % 2]
        picture = ImageOps.mirror(picture) if number // 2 % 2 else picture
        cut = number // 4 * 7 % (picture.width // 4)
        picture = picture.crop((cut, 0, picture.width - cut // 2, picture.height))
        picture.thumbnail((side, side))
        picture.save(folder / f"{number:04}.png")


def batch(folder: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    reference = SAMPLES / "sylvie_reference.png"
    words = [sys.executable, str(ROOT / "main.py"), "batch", str(folder), "--output", str(out), "--json", "--jobs", "1"]
    log = out.with_suffix(".log").open("wb")
    settings = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen([*words, "--reference", str(reference), *more], stdout=log, stderr=log, env=settings)


def said(out: Path) -> list[dict]:
    lines = out.with_suffix(".log").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def same(one: Path, other: Path) -> str:
    names = sorted(path.name for path in one.glob("*.png"))
    equal, _, _ = filecmp.cmpfiles(one, other, names, shallow=False)
    extra = {path.name for path in other.glob("*.png")} - set(names)
    return f"{len(equal)} of {len(names)} pictures the same bytes, {len(extra)} too many"


def alone_cpu(place: Path, count: int, folder: Path) -> float:
    """CPU seconds of a batch of the first drawings of a folder on one computer."""
    some = place / f"first{count}"
    some.mkdir()
    for path in sorted(folder.iterdir())[:count]:
        (some / path.name).write_bytes(path.read_bytes())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert batch(some, place / f"alone{count}").wait() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def throughput(place: Path, processes: cluster.Processes, count: int) -> None:
    halves = [place / "half1", place / "half2"]
    for half in halves:
        half.mkdir()
    for number, path in enumerate(sorted((place / "in").iterdir())):
        (halves[number % 2] / path.name).write_bytes(path.read_bytes())
    spent = [alone_cpu(place, number, halves[0]) for number in (2, count // 2)]
    each = (spent[1] - spent[0]) / (count // 2 - 2)
    alone = [batch(half, place / f"alone-{half.name}") for half in halves]
    for one in alone:
        assert one.wait() == 0
    ends = [said(place / f"alone-{half.name}")[-1]["seconds"]["total"] for half in halves]
    run = batch(place / "in", place / "warm", "--cluster", processes.address)  # each loads its model
    assert run.wait() == 0
    pids = [one.pid for one in processes.workers]
    before, scheduler = [cpu(one) for one in pids], cpu(processes.scheduler)
    run = batch(place / "in", place / "timed", "--cluster", processes.address)
    assert run.wait() == 0
    together = said(place / "timed")[-1]["seconds"]["total"]
    worker = sum(cpu(one) for one in pids) - sum(before)
    print(f"by CPU seconds: alone {each:.3f} a drawing, ratio {each / (worker / count):.2f}")
    print(f"two computers alone {max(ends):.1f} s, two workers {together:.1f} s: ratio {max(ends) / together:.2f}")
    spent = f"worker {worker / count:.3f}, scheduler {(cpu(processes.scheduler) - scheduler) / count:.4f}"
    print(f"CPU seconds a drawing: {spent}; pictures: {same(place / 'one', place / 'timed')}")


def kills(place: Path, processes: cluster.Processes, wanted: int, rng: random.Random) -> None:
    run, killed, rounds = None, 0, 0
    over = threading.Event()
    while killed < wanted:
        out = place / f"killed{rounds}"
        run = batch(place / "in", out, "--cluster", processes.address)
        while run.poll() is None and killed < wanted:
            over.wait(rng.uniform(0.5, 12.0))
            victim = processes.workers.pop(rng.randrange(len(processes.workers)))
            victim.kill()
            victim.wait()
            killed += 1
            processes.add()
        code = run.wait()
        events = said(out)
        finished = [one["name"] for one in events if one["event"] == "finished"]
        failed = [one["message"] for one in events if one["event"] == "failed"]
        noted = (out / ".nurie-batch" / "journal.jsonl").read_text().count("\n")
        twice = len(finished) - len(set(finished))
        print(f"round {rounds}: {killed} kills so far, exit {code}, {len(finished)} finished, {twice} twice, ", end="")
        print(f"{noted} noted, {len(failed)} failed; {same(place / 'one', out)}", *set(failed), flush=True)
        rounds += 1


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("kills", 60), ("drawings", 60), ("side", 160), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        drawings(place / "in", asked.drawings, asked.side)
        assert batch(place / "in", place / "one").wait() == 0
        start = time.perf_counter()
        with cluster.started(place, 2) as processes:
            throughput(place, processes, asked.drawings)
            kills(place, processes, asked.kills, random.Random(asked.seed))
        print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
