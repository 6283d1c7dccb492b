"""What a model that is assembled of a person's own Stable Diffusion 1.x files is made of. Imports no torch."""

from dataclasses import dataclass
from typing import Literal

from engine.diffusion.stable_layouts import SD1, Sizes
from engine.weight_files import ForeignFile

LATENT = 8  # pixels of a latent, a side
_MOST_WIDTH, _MOST_LEVELS = 4096, 6
_RANGES: dict[str, tuple[float, float]] = {
    "side": (64, 2048), "steps": (1, 100), "guidance": (1.0, 15.0),
    "sketch_threshold": (0.0, 1.0), "reference_threshold": (0.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class StableConfig:
    """The files and how they are used; nothing of them is copied.

    base: a Stable Diffusion 1.x in one piece. lines: a ControlNet for line art. eyes, reference: a CLIP that looks at
    pictures and an IP-Adapter, both or none. prediction: what the base was taught, see `engine.diffusion.sampler`.
    side: pixels of the longer side at which it paints, the rest is enlarged; steps, guidance: by default.
    sketch_threshold, reference_threshold: above them a place is of the figure. sizes: of the base.
    """

    base: ForeignFile
    lines: ForeignFile | None = None
    eyes: ForeignFile | None = None
    reference: ForeignFile | None = None
    prediction: Literal["epsilon", "v"] = "epsilon"
    side: int = 512
    steps: int = 20
    guidance: float = 5.0
    sketch_threshold: float = 0.05
    reference_threshold: float = 0.5
    sizes: Sizes = SD1

    def __post_init__(self) -> None:
        """Raise ValueError for what is no Stable Diffusion, or more than one: a config may be a stranger's."""
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} is {getattr(self, name)}, which is not from {least} to {most}")
        if (self.eyes is None) != (self.reference is None):
            raise ValueError("eyes and reference go together")
        sizes = self.sizes
        levels = [sizes.mults, sizes.vae_mults]
        widths = [sizes.base * max(sizes.mults, default=0), sizes.vae * max(sizes.vae_mults, default=0)]
        widths += [sizes.context, sizes.latent, sizes.blocks, *sizes.text[:1], *sizes.text[2:]]
        if any(not 1 <= len(one) <= _MOST_LEVELS or min(one) < 1 for one in levels) or sizes.attending < 1:
            raise ValueError(f"mults must be from 1 to {_MOST_LEVELS} numbers of at least 1")
        if any(not 1 <= one <= _MOST_WIDTH for one in widths) or not 2 <= sizes.text[1] <= 10**6:
            raise ValueError("sizes are not those of a Stable Diffusion 1.x")

    @property
    def files(self) -> tuple[ForeignFile, ...]:
        """All that it points to."""
        return tuple(one for one in (self.base, self.lines, self.eyes, self.reference) if one is not None)

    @property
    def stride(self) -> int:
        """Pictures must be padded to multiples of this."""
        return LATENT * 2 ** (len(self.sizes.mults) - 1)
