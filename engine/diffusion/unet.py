"""The denoiser: a U-Net of diffusers, opened where the sketch comes in."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine.diffusion import imported
from engine.diffusion.split_attention import Split


class OpenedConvolution(nn.Module):
    """The first convolution of a U-Net, which adds what comes beside the latent to its result.

    diffusers adds maps to its blocks (T2I-Adapter, Mou et al., 2023) but none behind this one.
    """

    def __init__(self, convolution: nn.Module, channels: int) -> None:
        super().__init__()
        self.convolution, self.channels = convolution, channels

    def forward(self, x: Tensor) -> Tensor:
        """N×(channels+width)×h×w → N×width×h×w; without anything beside the latent as before."""
        known = self.convolution(x[:, : self.channels])
        return known if x.shape[1] == self.channels else known + x[:, self.channels :]


def build_unet(
    channels: int, blocks: Sequence[int], looks: Sequence[bool], layers: int, head: int, token_width: int
) -> nn.Module:
    """A U-Net for latents of so many channels. looks: the levels with attention, finest first; the middle has it, too.

    layers: residual blocks of each level; head: channels of a head of attention; token_width: of what is asked.
    """
    down = tuple("CrossAttnDownBlock2D" if one else "DownBlock2D" for one in looks)
    up = tuple("CrossAttnUpBlock2D" if one else "UpBlock2D" for one in reversed(looks))
    groups = max(group for group in (32, 16, 8, 4, 2, 1) if all(width % group == 0 for width in blocks))
    unet = imported().UNet2DConditionModel(
        in_channels=channels,
        out_channels=channels,
        block_out_channels=tuple(blocks),
        layers_per_block=layers,
        down_block_types=down,
        up_block_types=up,
        cross_attention_dim=token_width,
        attention_head_dim=tuple(max(1, width // head) for width in blocks),
        norm_num_groups=groups,
        use_linear_projection=True,
    )
    unet.conv_in = OpenedConvolution(unet.conv_in, channels)
    return unet


def map_shapes(blocks: Sequence[int], looks: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """Channels of each added map, and latent pixels for each of its own: behind the first convolution, then a level
    each. A level with attention takes its map before it halves, another one after."""
    shapes = [(blocks[0], 1)]
    for level, (width, look) in enumerate(zip(blocks, looks, strict=True)):
        halved = level < len(blocks) - 1 and not look
        shapes.append((width, 2 ** (level + halved)))
    return tuple(shapes)


def denoise(unet: nn.Module, latent: Tensor, time: Tensor, maps: Sequence[Tensor], split: Split) -> Tensor:
    """What the network predicts: N×C×h×w. maps: see `map_shapes`; time: N whole numbers from 0 to 999."""
    opened = torch.cat([latent, maps[0].to(latent.dtype)], dim=1)
    return cast(Any, unet)(
        opened,
        time,
        encoder_hidden_states=split.whole.tokens,
        cross_attention_kwargs={"split": split},
        down_intrablock_additional_residuals=list(maps[1:]),
        return_dict=False,
    )[0]
