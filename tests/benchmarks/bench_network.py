"""The compact and the style network against the paper's: one 256×256 picture with one reference, network only, on the
CPU.

Run: `uv run python -m tests.benchmarks.bench_network`. Target: compact at least 10 times faster.
"""

import time

import torch
from torch import nn

from engine.architectures.folding import fold_batch_normalization
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.architectures.style_unet import StyleConfig, StyleUNet

ROUNDS, TARGET = 25, 10.0


def main() -> None:
    """Take turns, so that noise falls on both alike, and compare the best times."""
    networks: dict[str, nn.Module] = {
        "paper": SGAGenerator(SGAConfig.paper()),
        "compact": SGAGenerator(SGAConfig.compact()),
        "style": StyleUNet(StyleConfig.own()),
    }
    for network in networks.values():
        fold_batch_normalization(network.eval()).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    best = {(name, dtype): float("inf") for name in networks for dtype in ("fp32", "bf16")}
    line, picture = torch.randn(1, 1, 256, 256), torch.randn(1, 3, 256, 256)
    with torch.inference_mode():
        for _ in range(ROUNDS):
            for name, dtype in list(best):
                with torch.autocast("cpu", torch.bfloat16, enabled=dtype == "bf16"):
                    began = time.perf_counter()
                    networks[name](line, [picture], [line])
                    best[name, dtype] = min(best[name, dtype], time.perf_counter() - began)
    for (name, dtype), seconds in best.items():
        weights = sum(parameter.numel() for parameter in networks[name].parameters()) / 1e6
        print(f"{name:8} {dtype}  {weights:5.1f} M weights  {seconds * 1000:7.1f} ms")
    ratio = best["paper", "fp32"] / best["compact", "fp32"]
    print(f"fp32: compact is {ratio:.1f} times faster than paper (target: {TARGET:.0f})")


if __name__ == "__main__":
    main()
