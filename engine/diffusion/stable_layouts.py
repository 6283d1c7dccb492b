"""The names and shapes of the tensors of Stable Diffusion 1.x and of what is published to go with it.

Names are those of the published files: of CompVis' "latent diffusion" in a file in one piece and in a ControlNet by its
authors, of transformers in a CLIP, and of its authors in an IP-Adapter.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]

UNET, VAE, TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model.transformer.text_model."
HINTS = (16, 32, 96, 256)  # channels on the way from a ControlNet's picture to its latents
EYES, EYES_OUT = "vision_model.", "visual_projection.weight"
HEADS = 8  # of each attention of a UNet


@dataclass(frozen=True)
class Sizes:
    """Of a network in one piece; the defaults are those of Stable Diffusion 1.x as published.

    base, mults: channels of the UNet's levels; attending: levels with attention; blocks: of a level; context: channels
    of the text. vae, vae_mults: channels of the VAE. text: width, words, positions and layers of the text encoder.
    """

    base: int = 320
    mults: tuple[int, ...] = (1, 2, 4, 4)
    attending: int = 3
    blocks: int = 2
    context: int = 768
    latent: int = 4
    vae: int = 128
    vae_mults: tuple[int, ...] = (1, 2, 4, 4)
    text: tuple[int, int, int, int] = (768, 49408, 77, 12)


SD1 = Sizes()


@dataclass(frozen=True)
class EyesSizes:
    """Of a CLIP that looks at pictures. width, inner: channels of its layers and of their MLPs; patch, side: pixels of
    a token and of a picture; projected: numbers that a picture becomes. Defaults: those of ViT-H/14."""

    width: int = 1280
    inner: int = 5120
    layers: int = 32
    patch: int = 14
    side: int = 224
    projected: int = 1024


def layout(sizes: Sizes = SD1) -> dict[str, Shape]:
    """The names and shapes of all tensors of a whole file: UNet, VAE and text encoder."""
    return {
        **{UNET + name: shape for name, shape in _unet(sizes)},
        **{VAE + name: shape for name, shape in _vae(sizes)},
        **{TEXT + name: shape for name, shape in _text(sizes)},
    }


def lines_layout(sizes: Sizes = SD1) -> dict[str, Shape]:
    """Of a ControlNet in the names of its authors."""
    return dict(_lines(sizes))


def eyes_layout(sizes: EyesSizes) -> dict[str, Shape]:
    """Of a CLIP's part that looks at pictures, in the names of transformers."""
    return dict(_eyes(sizes))


def weights_of(sizes: Sizes, with_lines: bool) -> int:
    """How many numbers are in memory while it paints."""
    count = sum(prod(one) for name, one in layout(sizes).items() if name.startswith((UNET, VAE)))
    return count + (sum(map(prod, lines_layout(sizes).values())) if with_lines else 0)


def reference_layout(sizes: Sizes, eyes: EyesSizes, many: int, layers: int) -> dict[str, Shape]:
    """Of an IP-Adapter. many: tokens that a picture becomes; layers: of what looks at all that the eyes see (a "plus"
    adapter), 0 where only the eyes' last word counts."""
    projection = _resampler(sizes.context, eyes.width, many, layers) if layers else _projection(sizes, eyes, many)
    return dict(projection) | {
        f"ip_adapter.{2 * number + 1}.to_{part}_ip.weight": (width, sizes.context)
        for number, width in enumerate(asking(sizes))
        for part in ("k", "v")
    }


def asking(sizes: Sizes) -> list[int]:
    """Channels of each attention to the text, in the order of an IP-Adapter: on the way down, on the way up, middle."""
    widths = [sizes.base * mult for mult in sizes.mults]
    down = [width for width in widths[: sizes.attending] for _ in range(sizes.blocks)]
    up = [width for width in reversed(widths[: sizes.attending]) for _ in range(sizes.blocks + 1)]
    return [*down, *up, widths[-1]]


Tensors = Iterator[tuple[str, Shape]]


def _affine(name: str, out: int, *rest: int) -> Tensors:
    yield f"{name}.weight", (out, *rest)
    yield f"{name}.bias", (out,)


def _residual(name: str, before: int, after: int, time: int) -> Tensors:
    yield from _affine(f"{name}.in_layers.0", before)
    yield from _affine(f"{name}.in_layers.2", after, before, 3, 3)
    yield from _affine(f"{name}.emb_layers.1", after, time)
    yield from _affine(f"{name}.out_layers.0", after)
    yield from _affine(f"{name}.out_layers.3", after, after, 3, 3)
    if before != after:
        yield from _affine(f"{name}.skip_connection", after, before, 1, 1)


def _attention(name: str, width: int, context: int) -> Tensors:
    yield from _affine(f"{name}.norm", width)
    yield from _affine(f"{name}.proj_in", width, width, 1, 1)
    block = f"{name}.transformer_blocks.0"
    for number, asked in ((1, width), (2, context)):
        yield f"{block}.attn{number}.to_q.weight", (width, width)
        yield f"{block}.attn{number}.to_k.weight", (width, asked)
        yield f"{block}.attn{number}.to_v.weight", (width, asked)
        yield from _affine(f"{block}.attn{number}.to_out.0", width, width)
    yield from _affine(f"{block}.ff.net.0.proj", 8 * width, width)
    yield from _affine(f"{block}.ff.net.2", width, 4 * width)
    for number in (1, 2, 3):
        yield from _affine(f"{block}.norm{number}", width)
    yield from _affine(f"{name}.proj_out", width, width, 1, 1)


def _unet(sizes: Sizes) -> Tensors:
    skips = yield from _halving(sizes)
    width, number = skips[-1], -1
    for level in reversed(range(len(sizes.mults))):
        for block in range(sizes.blocks + 1):
            number += 1
            own = sizes.base * sizes.mults[level]
            yield from _residual(f"output_blocks.{number}.0", width + skips.pop(), own, 4 * sizes.base)
            width = own
            attends = level < sizes.attending
            if attends:
                yield from _attention(f"output_blocks.{number}.1", width, sizes.context)
            if level and block == sizes.blocks:
                yield from _affine(f"output_blocks.{number}.{2 if attends else 1}.conv", width, width, 3, 3)
    yield from _affine("out.0", width)
    yield from _affine("out.2", sizes.latent, width, 3, 3)


def _halving(sizes: Sizes) -> Generator[tuple[str, Shape], None, list[int]]:
    """The first half of a UNet, up to its middle, which a ControlNet has, too. Returns the channels of its skips."""
    base, time = sizes.base, 4 * sizes.base
    yield from _affine("time_embed.0", time, base)
    yield from _affine("time_embed.2", time, time)
    yield from _affine("input_blocks.0.0", base, sizes.latent, 3, 3)
    skips, width, number = [base], base, 0
    for level, mult in enumerate(sizes.mults):
        for _ in range(sizes.blocks):
            number += 1
            yield from _residual(f"input_blocks.{number}.0", width, base * mult, time)
            width = base * mult
            if level < sizes.attending:
                yield from _attention(f"input_blocks.{number}.1", width, sizes.context)
            skips.append(width)
        if level < len(sizes.mults) - 1:
            number += 1
            yield from _affine(f"input_blocks.{number}.0.op", width, width, 3, 3)
            skips.append(width)
    yield from _residual("middle_block.0", width, width, time)
    yield from _attention("middle_block.1", width, sizes.context)
    yield from _residual("middle_block.2", width, width, time)
    return skips


def _vae(sizes: Sizes) -> Tensors:
    widths, latent = [sizes.vae * mult for mult in sizes.vae_mults], sizes.latent
    yield from _affine("encoder.conv_in", widths[0], 3, 3, 3)
    width = widths[0]
    for level, own in enumerate(widths):
        for block in range(sizes.blocks):
            yield from _vae_block(f"encoder.down.{level}.block.{block}", width, own)
            width = own
        if level < len(widths) - 1:
            yield from _affine(f"encoder.down.{level}.downsample.conv", own, own, 3, 3)
    yield from _vae_ends("encoder", width, 2 * latent, widths[-1])
    yield from _affine("decoder.conv_in", widths[-1], latent, 3, 3)
    width = widths[-1]
    for level in reversed(range(len(widths))):
        for block in range(sizes.blocks + 1):
            yield from _vae_block(f"decoder.up.{level}.block.{block}", width, widths[level])
            width = widths[level]
        if level:
            yield from _affine(f"decoder.up.{level}.upsample.conv", width, width, 3, 3)
    yield from _vae_ends("decoder", width, 3, widths[-1])
    yield from _affine("quant_conv", 2 * latent, 2 * latent, 1, 1)
    yield from _affine("post_quant_conv", latent, latent, 1, 1)


def _vae_block(name: str, before: int, after: int) -> Tensors:
    yield from _affine(f"{name}.norm1", before)
    yield from _affine(f"{name}.conv1", after, before, 3, 3)
    yield from _affine(f"{name}.norm2", after)
    yield from _affine(f"{name}.conv2", after, after, 3, 3)
    if before != after:
        yield from _affine(f"{name}.nin_shortcut", after, before, 1, 1)


def _vae_ends(name: str, width: int, out: int, middle: int) -> Tensors:
    for number in (1, 2):
        yield from _vae_block(f"{name}.mid.block_{number}", middle, middle)
    yield from _affine(f"{name}.mid.attn_1.norm", middle)
    for part in ("q", "k", "v", "proj_out"):
        yield from _affine(f"{name}.mid.attn_1.{part}", middle, middle, 1, 1)
    yield from _affine(f"{name}.norm_out", width)
    yield from _affine(f"{name}.conv_out", out, width, 3, 3)


def _text(sizes: Sizes) -> Tensors:
    width, words, positions, layers = sizes.text
    yield "embeddings.token_embedding.weight", (words, width)
    yield "embeddings.position_embedding.weight", (positions, width)
    for number in range(layers):
        yield from _clip_layer(f"encoder.layers.{number}", width, 4 * width)
    yield from _affine("final_layer_norm", width)


def _clip_layer(name: str, width: int, inner: int) -> Tensors:
    for part in ("k", "v", "q", "out"):
        yield from _affine(f"{name}.self_attn.{part}_proj", width, width)
    for norm in (1, 2):
        yield from _affine(f"{name}.layer_norm{norm}", width)
    yield from _affine(f"{name}.mlp.fc1", inner, width)
    yield from _affine(f"{name}.mlp.fc2", width, inner)


def _lines(sizes: Sizes) -> Tensors:
    yield from _affine("input_hint_block.0", HINTS[0], 3, 3, 3)
    number = 0
    for before, after in pairwise(HINTS):
        yield from _affine(f"input_hint_block.{number + 2}", before, before, 3, 3)
        number += 4
        yield from _affine(f"input_hint_block.{number}", after, before, 3, 3)
    yield from _affine(f"input_hint_block.{number + 2}", sizes.base, HINTS[-1], 3, 3)
    skips = yield from _halving(sizes)
    for number, width in enumerate(skips):
        yield from _affine(f"zero_convs.{number}.0", width, width, 1, 1)
    yield from _affine("middle_block_out.0", skips[-1], skips[-1], 1, 1)


def _eyes(sizes: EyesSizes) -> Tensors:
    width = sizes.width
    yield EYES + "embeddings.class_embedding", (width,)
    yield EYES + "embeddings.patch_embedding.weight", (width, 3, sizes.patch, sizes.patch)
    yield EYES + "embeddings.position_embedding.weight", ((sizes.side // sizes.patch) ** 2 + 1, width)
    yield from _affine(EYES + "pre_layrnorm", width)
    for number in range(sizes.layers):
        yield from _clip_layer(f"{EYES}encoder.layers.{number}", width, sizes.inner)
    yield from _affine(EYES + "post_layernorm", width)
    yield EYES_OUT, (sizes.projected, width)


def _projection(sizes: Sizes, eyes: EyesSizes, many: int) -> Tensors:
    yield from _affine("image_proj.proj", many * sizes.context, eyes.projected)
    yield from _affine("image_proj.norm", sizes.context)


def _resampler(width: int, seen: int, many: int, layers: int) -> Tensors:
    yield "image_proj.latents", (1, many, width)
    yield from _affine("image_proj.proj_in", width, seen)
    for number in range(layers):
        name = f"image_proj.layers.{number}"
        yield from _affine(f"{name}.0.norm1", width)
        yield from _affine(f"{name}.0.norm2", width)
        yield f"{name}.0.to_q.weight", (width, width)
        yield f"{name}.0.to_kv.weight", (2 * width, width)
        yield f"{name}.0.to_out.weight", (width, width)
        yield from _affine(f"{name}.1.0", width)
        yield f"{name}.1.1.weight", (4 * width, width)
        yield f"{name}.1.3.weight", (width, 4 * width)
    yield from _affine("image_proj.proj_out", width, width)
    yield from _affine("image_proj.norm_out", width)
