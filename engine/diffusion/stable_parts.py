"""The networks in a person's files of Stable Diffusion 1.x, brought into memory when they are needed.

Renaming from the published names to those of diffusers is diffusers' own; that nothing is missing is checked here. What
looks at references and what paints are never in memory together: each is some gigabytes.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine import cancellation
from engine.device import free_memory
from engine.diffusion import imported
from engine.diffusion.clip import Eyes, Text, eyes_weights, text_weights
from engine.diffusion.image_prompt import Projection, Resampler, of_asking, of_pictures, prompt_attention
from engine.diffusion.stable_files import prompt_sizes, require_eyes
from engine.diffusion.stable_layouts import HEADS, HINTS, TEXT, UNET, VAE, Sizes, weights_of
from engine.errors import CheckpointError

SCALE = 0.18215  # of the latents of Stable Diffusion 1.x, by which they are about normal
_GROUPS = 32  # of its normalization
_LEVELS = 4  # of each channel in the chart of colors, and as many pixels a side for four levels
_CHART = 16  # pixels of a field of the chart

Weights = Mapping[str, Tensor]


@dataclass(frozen=True)
class StableFiles:
    """Where the parts lie. lines: a ControlNet; eyes, reference: a CLIP and an IP-Adapter, both or none."""

    base: Path
    lines: Path | None = None
    eyes: Path | None = None
    reference: Path | None = None


@dataclass(frozen=True, eq=False)
class Looking:
    """What looks at references. nothing: the tokens of no picture, 1×T×C."""

    eyes: Eyes
    prompt: Projection | Resampler
    nothing: Tensor

    def tokens(self, picture: Tensor) -> Tensor:
        """N×3×H×W in [-1, 1] → N×T×C."""
        return self.prompt(self.eyes(picture))


@dataclass(frozen=True, eq=False)
class PaintingParts:
    """What paints. text: what an empty text says, 1×T×C; colors: a linear map of a latent and 1 to color, (C+1)×3."""

    unet: nn.Module
    control: nn.Module | None
    vae: nn.Module
    text: Tensor
    colors: Tensor

    def encode(self, picture: Tensor) -> Tensor:
        """N×3×H×W in [-1, 1] → N×C×H/8×W/8."""
        return _encoded(self.vae, picture)

    def decode(self, latent: Tensor) -> Tensor:
        """The opposite."""
        vae = cast(Any, self.vae)
        return vae.decode((latent / SCALE).to(vae.dtype), return_dict=False)[0].float().clamp(-1.0, 1.0)

    def preview(self, latent: Tensor) -> Tensor:
        """How a latent looks, N×3×h×w in [-1, 1], without any work to speak of."""
        weight, bias = self.colors[:-1].to(latent.device), self.colors[-1].to(latent.device)
        return (torch.einsum("nchw,cr->nrhw", latent, weight) + bias[:, None, None]).clamp(-1.0, 1.0)


class StableParts:
    """Loads the parts on a device and in a precision, and keeps those of one kind."""

    def __init__(self, files: StableFiles, sizes: Sizes) -> None:
        self.files, self.sizes = files, sizes
        self._kept: tuple[tuple[str, str, torch.dtype], Any] | None = None
        self._lock = threading.RLock()

    def __deepcopy__(self, memo: object) -> "StableParts":
        return StableParts(self.files, self.sizes)

    def looking(self, device: torch.device, dtype: torch.dtype) -> Looking:
        """What looks at references. Raises CheckpointError, and Cancelled within `cancellation.cancellable`."""
        return self._have("looking", device, dtype, self._load_looking)

    def painting(self, device: torch.device, dtype: torch.dtype) -> PaintingParts:
        """What paints. Raises as `looking`."""
        return self._have("painting", device, dtype, self._load_painting)

    def _have(
        self, kind: str, device: torch.device, dtype: torch.dtype, load: Callable[[torch.device, torch.dtype], Any]
    ) -> Any:
        key = (kind, str(device), dtype)
        with self._lock:
            if self._kept is None or self._kept[0] != key:
                self._kept = None  # before the next are loaded: both at once may be more than there is memory
                with torch.inference_mode(mode=False), torch.no_grad():
                    self._kept = (key, load(device, dtype))
            return self._kept[1]

    def _load_looking(self, device: torch.device, dtype: torch.dtype) -> Looking:
        files = self.files
        assert files.eyes is not None and files.reference is not None
        stored = read(files.eyes, ("vision_model.", "visual_projection."), device, dtype)
        sizes = require_eyes({name: tuple(one.shape) for name, one in stored.items()}, files.eyes)
        eyes = _filled(lambda: Eyes(sizes), eyes_weights(stored), files.eyes)
        del stored
        adapter = read(files.reference, ("image_proj.",), device, dtype)
        many, layers = prompt_sizes({name: tuple(one.shape) for name, one in adapter.items()}, self.sizes)
        width = self.sizes.context

        def make() -> Projection | Resampler:
            if layers:
                return Resampler(sizes.width, width, many or 1, layers)
            return Projection(sizes.projected, width, many or 1)

        prompt = _filled(make, of_pictures(adapter), files.reference)
        return Looking(eyes, prompt, prompt.without(eyes(None)))

    def _load_painting(self, device: torch.device, dtype: torch.dtype) -> PaintingParts:
        base, sizes = self.files.base, self.sizes
        _require_memory(weights_of(sizes, self.files.lines is not None) * dtype.itemsize, device)
        text = _filled(lambda: Text(sizes), text_weights(read(base, (TEXT,), device, torch.float32)), base)()
        config = vae_config(sizes)
        # In fp16 the numbers within a VAE of Stable Diffusion may overflow.
        whole = torch.float32 if dtype == torch.float16 else dtype
        renamed = _converted("convert_ldm_vae_checkpoint", read(base, (VAE,), device, whole), config)
        vae = _filled(lambda: imported().AutoencoderKL(**config), renamed, base)
        return PaintingParts(
            self._unet(device, dtype), self._control(device, dtype), vae, text.to(dtype), _fitted(vae, device)
        )

    def _unet(self, device: torch.device, dtype: torch.dtype) -> nn.Module:
        config = unet_config(self.sizes)
        renamed = _converted("convert_ldm_unet_checkpoint", read(self.files.base, (UNET,), device, dtype), config)
        unet = _filled(lambda: imported().UNet2DConditionModel(**config), renamed, self.files.base)
        reference = self.files.reference
        if reference is not None:
            with torch.device("meta"):
                asking = prompt_attention(unet, self.sizes)
            _fill(asking, of_asking(read(reference, ("ip_adapter.",), device, dtype)), reference)
        return unet

    def _control(self, device: torch.device, dtype: torch.dtype) -> nn.Module | None:
        lines = self.files.lines
        if lines is None:
            return None
        config = control_config(self.sizes)
        renamed = _converted("convert_controlnet_checkpoint", read(lines, (), device, dtype), config)
        return _filled(lambda: imported().ControlNetModel(**config), renamed, lines)


def unet_config(sizes: Sizes) -> dict[str, Any]:
    """Of diffusers' UNet. The one of Stable Diffusion 1.x has eight heads at all levels."""
    down, up = (
        tuple("CrossAttn" * (level < sizes.attending) + f"{way}Block2D" for level in levels)
        for way, levels in (("Down", range(len(sizes.mults))), ("Up", reversed(range(len(sizes.mults)))))
    )
    return {**control_config(sizes), "out_channels": sizes.latent, "down_block_types": down, "up_block_types": up}


def control_config(sizes: Sizes) -> dict[str, Any]:
    """Of diffusers' ControlNet."""
    return {
        "in_channels": sizes.latent,
        "block_out_channels": tuple(sizes.base * mult for mult in sizes.mults),
        "layers_per_block": sizes.blocks,
        "down_block_types": tuple(
            "CrossAttn" * (level < sizes.attending) + "DownBlock2D" for level in range(len(sizes.mults))
        ),
        "cross_attention_dim": sizes.context,
        "attention_head_dim": HEADS,
        "norm_num_groups": _GROUPS,
    }


def vae_config(sizes: Sizes) -> dict[str, Any]:
    """Of diffusers' VAE."""
    levels = len(sizes.vae_mults)
    return {
        "latent_channels": sizes.latent,
        "block_out_channels": tuple(sizes.vae * mult for mult in sizes.vae_mults),
        "layers_per_block": sizes.blocks,
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "norm_num_groups": _GROUPS,
    }


def control_shapes(sizes: Sizes) -> dict[str, tuple[int, ...]]:
    """The layout of a ControlNet in the names of diffusers, which is imported for it."""
    with torch.device("meta"):
        network = imported().ControlNetModel(**control_config(sizes), conditioning_embedding_out_channels=HINTS)
    return {name: tuple(one.shape) for name, one in network.state_dict().items()}


def read(path: Path, beginnings: Sequence[str], device: torch.device, dtype: torch.dtype) -> dict[str, Tensor]:
    """The tensors of a safetensors file whose names begin so; none named: all. Raises CheckpointError, Cancelled.

    Each is moved and converted when it is read: all of them twice may be more than there is memory.
    """
    from safetensors import SafetensorError, safe_open

    found = {}
    try:
        with safe_open(path, "pt") as file:
            for name in cast(Collection[str], file.keys()):
                if not beginnings or name.startswith(tuple(beginnings)):
                    cancellation.check()
                    # A copy also where nothing is to be converted: else the file stays open, and may not be replaced.
                    found[name] = file.get_tensor(name).to(device, dtype, copy=True)
    except (OSError, SafetensorError, ValueError) as error:
        raise CheckpointError("The model file {0} cannot be read: {1}.", path, error) from error
    return found


def _require_memory(needed: int, device: torch.device) -> None:
    """Raise MemoryError before gigabytes are read that have no place: on Linux the program would be killed for them."""
    free = free_memory(device.type)
    if free is not None and needed > free:
        raise MemoryError


def _converted(function: str, stored: Weights, config: Mapping[str, Any]) -> dict[str, Tensor]:
    renaming = getattr(imported("diffusers.loaders.single_file_utils"), function)
    return {name: one for name, one in renaming(dict(stored), config).items() if one is not None}


def _filled(make: Callable[[], Any], weights: Weights, path: Path) -> Any:
    """A network without memory of its own that takes weights as they are read."""
    with torch.device("meta"):
        network = make()
    return _fill(network, weights, path)


def _fill(network: nn.Module, weights: Weights, path: Path) -> nn.Module:
    """Raises CheckpointError for weights that are not exactly those of the network."""
    given = {name: one for name, one in weights.items() if not name.endswith("position_ids")}
    try:
        network.load_state_dict(given, strict=True, assign=True)
    except RuntimeError as error:
        raise CheckpointError(
            "{0} does not hold the network that it was taken for ({1}); assemble the model anew.",
            path, str(error).splitlines()[-1].strip(),
        ) from error  # fmt: skip
    network.eval().requires_grad_(False)
    for module in network.modules():
        if not any(module.children()):
            module.register_forward_pre_hook(_check_cancelled)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _check_cancelled(*_: object) -> None:
    cancellation.check()


def _encoded(vae: nn.Module, picture: Tensor) -> Tensor:
    network = cast(Any, vae)
    return network.encode(picture.to(network.dtype)).latent_dist.mean.float() * SCALE


def _fitted(vae: nn.Module, device: torch.device) -> Tensor:
    """The linear map from a latent, and a 1, to its color that fits a chart of 64 colors best: (C+1)×3."""
    levels = torch.linspace(-1.0, 1.0, _LEVELS)
    chart = torch.cartesian_prod(levels, levels, levels).T.reshape(1, 3, 2 * _LEVELS, 2 * _LEVELS)
    shown = chart.repeat_interleave(_CHART, 2).repeat_interleave(_CHART, 3)
    latent = _encoded(vae, shown.to(device)).cpu()
    small = torch.nn.functional.adaptive_avg_pool2d(latent, (2 * _LEVELS, 2 * _LEVELS))
    known = small[0].flatten(1).T
    asked = torch.cat([known, torch.ones(len(known), 1)], dim=1).double()
    return torch.linalg.lstsq(asked, chart[0].flatten(1).T.double(), driver="gelsd").solution.float()
