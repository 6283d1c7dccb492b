"""Attention of 16,384 tokens (1024×1024 at 1/8) in row blocks against the whole map.

Run: `uv run python -m tests.benchmarks.bench_attention`. Targets: extra memory at most a tenth of the naive map's, time
at most 2.5 times the naive. Each form runs in its own process, which reports its own peak memory.
"""

import multiprocessing
import resource
import sys
import time

TOKENS, WIDTH, ROUNDS = 16_384, 128, 3


def measure(naive: bool) -> tuple[float, float]:
    """Best seconds of a few rounds, and extra peak memory in bytes."""
    import torch

    from engine.architectures.fusion.attention import attend

    torch.manual_seed(0)
    q, k, v = (torch.randn(1, TOKENS, WIDTH) for _ in range(3))
    limit = TOKENS**2 if naive else 0
    unit = 1 if sys.platform == "darwin" else 1024
    with torch.inference_mode():
        attend(q[:, :64], k[:, :64], v[:, :64], whole_map_limit=limit)
        before, best = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, float("inf")
        for _ in range(ROUNDS):
            began = time.perf_counter()
            attend(q, k, v, whole_map_limit=limit)
            best = min(best, time.perf_counter() - began)
    return best, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit


def main() -> None:
    """Print both forms and the ratios."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        (naive_time, naive_memory), (blocked_time, blocked_memory) = pool.map(measure, [True, False], chunksize=1)
    map_size = TOKENS**2 * 4
    print(f"naive    {naive_time:6.2f} s  {naive_memory / 2**20:7.0f} MiB extra (the map: {map_size / 2**20:.0f})")
    print(f"blocked  {blocked_time:6.2f} s  {blocked_memory / 2**20:7.0f} MiB extra")
    print(
        f"memory {blocked_memory / map_size:.3f} of the naive map (target: 0.1), "
        f"time {blocked_time / naive_time:.2f} times naive (target: 2.5)"
    )


if __name__ == "__main__":
    main()
