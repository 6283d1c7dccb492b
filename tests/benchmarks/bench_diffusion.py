"""Painting in steps: `python -m tests.benchmarks.bench_diffusion [model.safetensors]`, a shipped form by default.

Seconds of a step at 128, 256 and 512 pixels, of the first preview, of a whole painting, and until a painting that is
told to stop has stopped; peak memory above the loaded model. Targets on two idle cores without AMX: 256 pixels, 15
steps with guidance in at most 8 s; stopped in at most 0.3 s. First
come the CPU seconds that importing diffusers takes beyond torch.
"""

import contextlib
import resource
import sys
import time
from pathlib import Path

import numpy as np

SIDES = (128, 256, 512)
STEPS, GUIDANCE = 15, 2.0
TARGET_SECONDS, TARGET_STOP = 8.0, 0.3


def imported() -> float:
    """CPU seconds of the library beyond torch."""
    import torch  # noqa: F401

    from engine import diffusion

    began = time.process_time()
    for name in ("UNet2DConditionModel", "DPMSolverMultistepScheduler"):
        getattr(diffusion.imported(), name)
    return time.process_time() - began


def colorizer(path: str | None):  # noqa: ANN201
    """A model from a file, or an untaught one of the form that ships."""
    from engine import device, model_loading
    from engine.architectures.split_config import SplitConfig
    from engine.architectures.split_diffusion import SplitColorizer
    from engine.checkpoint import CheckpointInfo

    if path is not None:
        return model_loading.load_colorizer(Path(path), "cpu")
    return model_loading.colorizer_of(
        SplitColorizer(SplitConfig.tiny()), CheckpointInfo("split", {}, "untaught"), device.choose("cpu")
    )


def measure(one, side: int) -> tuple[float, float, float, float]:  # noqa: ANN001
    """Seconds of a step, of the first preview, of all, and until it stops."""
    from engine.errors import Cancelled
    from engine.options import Sampling
    from engine.request import ColorizeRequest, LineArt, Reference
    from trainer.scene_samples import SceneSamples

    scene = SceneSamples(side, 1, 1, characters=2, scene_share=1.0, square=True).scene(0)
    line = LineArt(scene.drawing.line.astype(np.float32) / 255.0)
    sampling = Sampling(steps=STEPS, guidance=GUIDANCE)
    request = ColorizeRequest(line, (Reference(scene.reference.color),), side, sampling=sampling)
    began = time.perf_counter()
    times = [time.perf_counter() - began for step in one.colorize(request) if step.preview is not None]
    total = time.perf_counter() - began
    wanted = times[0] + 0.4 * (times[-1] - times[0])  # when a person presses Esc
    began = time.perf_counter()
    with contextlib.suppress(Cancelled):
        for _ in one.colorize(request, lambda: time.perf_counter() - began > wanted):
            pass
    stopped = time.perf_counter() - began - wanted
    return (times[-1] - times[0]) / (len(times) - 1), times[0], total, stopped


def main() -> None:
    """Measure and print."""
    print(f"diffusers: {imported():.1f} CPU seconds beyond torch")
    one = colorizer(sys.argv[1] if len(sys.argv) > 1 else None)
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for side in SIDES:
        step, preview, total, stopped = measure(one, side)
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - loaded) / 1024
        verdict = "" if side != 256 else f" (target {TARGET_SECONDS:.0f} s, stopped {TARGET_STOP} s)"
        print(
            f"{side} px: {step:.3f} s a step, first preview {preview:.2f} s, {STEPS} steps {total:.1f} s, "
            f"stopped after {stopped * 1000:.1f} ms, {peak:.0f} MiB more{verdict}"
        )


if __name__ == "__main__":
    main()
