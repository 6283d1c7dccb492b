"""Where and how precisely a network computes."""

from dataclasses import dataclass
from pathlib import Path

import torch

from engine.errors import DeviceError
from engine.request import DeviceChoice


@dataclass(frozen=True)
class Device:
    """A torch device ("cpu", "cuda", "mps") and the precision its matrix products have ("bf16", "fp16", "fp32")."""

    kind: str
    precision: str

    def autocast(self) -> torch.autocast:
        """The autocast context of this precision."""
        dtype = torch.float16 if self.precision == "fp16" else torch.bfloat16
        return torch.autocast(self.kind, dtype, enabled=self.precision != "fp32")


def choose(choice: DeviceChoice = "auto") -> Device:
    """The device asked for, or with "auto" the fastest there is: CUDA, then MPS, then the CPU.

    Raises DeviceError where the chosen one is not there.
    """
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if choice == "auto":
        choice = "cuda" if cuda else "mps" if mps else "cpu"
    if choice == "cuda" and not cuda:
        raise DeviceError("There is no CUDA graphics card that can be used here: choose the device auto or cpu.")
    if choice == "mps" and not mps:
        raise DeviceError("Apple's Metal (mps) is not available on this computer: choose the device auto or cpu.")
    return Device(choice, _precision(choice))


def _precision(kind: str) -> str:
    if kind == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    # Without AMX, bf16 on a CPU is emulated or gains nothing; on Metal autocast is young, and fp32 is fast enough.
    return "bf16" if kind == "cpu" and _has_amx() else "fp32"


def _has_amx() -> bool:
    capabilities = getattr(torch.cpu, "get_capabilities", None)
    return bool(capabilities is not None and capabilities().get("amx_bf16", False))


def is_out_of_memory(error: BaseException) -> bool:
    """True for the several ways in which torch and numpy say that memory ran out."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    said = ("out of memory", "can't allocate memory", "not enough memory")  # the last is said on Windows
    return isinstance(error, RuntimeError) and any(words in text for words in said)


def free_memory(kind: str) -> int | None:
    """Bytes that may still be taken on a device, None where that is not known."""
    if kind == "cuda":
        return int(torch.cuda.mem_get_info()[0])
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
