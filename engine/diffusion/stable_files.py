"""What a person's Stable Diffusion file is, told by the names and shapes of its tensors alone, and whether it is whole.

diffusers loads a file in which nearly all is missing without an error, the rest at random: so names are compared here.
Nothing is unpickled, copied or fetched. Names are those of the published files (CompVis, "latent diffusion"), which all
SD 1.x files in one piece share.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.errors import CheckpointError
from engine.sentences import Sentence

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
Kind = Literal[
    "sd1", "sd2", "sdxl", "inpainting", "pix2pix", "controlnet", "ip-adapter", "clip", "lora", "vae", "unet", "unknown"
]

UNET, VAE, TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model.transformer.text_model."
_FIRST, _ASKED = UNET + "input_blocks.0.0.weight", UNET + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
_ASKED_XL = UNET + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"
_FEWEST, _MOST_NAMED = 3, 3  # names of a whole family; of what is missing that are named

NAMES: dict[Kind, Sentence] = {
    "sd1": Sentence("Stable Diffusion 1.x"),
    "sd2": Sentence("Stable Diffusion 2.x"),
    "sdxl": Sentence("Stable Diffusion XL"),
    "inpainting": Sentence("a Stable Diffusion for inpainting"),
    "pix2pix": Sentence("a Stable Diffusion that follows instructions (InstructPix2Pix)"),
    "controlnet": Sentence("a ControlNet"),
    "ip-adapter": Sentence("an IP-Adapter"),
    "clip": Sentence("a CLIP that looks at pictures"),
    "lora": Sentence("a LoRA, which is no model by itself"),
    "vae": Sentence("a VAE alone, without what paints"),
    "unet": Sentence("a UNet alone, in the names of diffusers"),
    "unknown": Sentence("no file of Stable Diffusion that Nurie knows"),
}


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
_BY_CONTEXT: dict[int, Kind] = {768: "sd1", 1024: "sd2", 2048: "sdxl"}  # by the channels of the text


def tell(shapes: Shapes) -> Kind:
    """What a file is, by its tensors' names and shapes."""
    family = _family(shapes)
    if family is not None:
        return family
    if _FIRST not in shapes:
        is_vae = any(name.startswith((VAE, "encoder.down.", "decoder.up.")) for name in shapes)
        return "vae" if is_vae else "unknown"
    inputs = shapes[_FIRST][1:2]
    if inputs in ((9,), (8,)):
        return "inpainting" if inputs == (9,) else "pix2pix"
    asked = shapes.get(_ASKED, shapes.get(_ASKED_XL, ()))
    return _BY_CONTEXT.get(asked[1] if len(asked) > 1 else 0, "unknown")


def _family(shapes: Shapes) -> Kind | None:
    """Of what is told by names alone."""
    marks: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("ip-adapter", ("ip_adapter.", "image_proj.")),
        ("controlnet", ("control_model.", "controlnet_cond_embedding.", "zero_convs.", "input_hint_block.")),
        ("lora", ("lora_unet_", "lora_te_", "unet.up_blocks", "unet.down_blocks", "text_encoder.")),
        ("clip", ("vision_model.", "visual.")),
        ("unet", ("down_blocks.", "up_blocks.", "conv_in.")),
    )
    for kind, beginnings in marks:
        if sum(name.startswith(beginnings) for name in shapes) >= _FEWEST and _FIRST not in shapes:
            return kind
    return None


def require_sd1(shapes: Shapes, name: object, sizes: Sizes = SD1) -> None:
    """Raise CheckpointError, one sentence, for a file that is no whole Stable Diffusion 1.x. name: of the file."""
    kind = tell(shapes)
    if kind not in ("sd1", "unknown"):
        raise CheckpointError("{0} is {1}; choose a file of Stable Diffusion 1.x in one piece.", name, NAMES[kind])
    wanted = layout(sizes)
    if kind == "unknown" and not wanted.keys() & shapes.keys():
        raise CheckpointError("{0} is {1}; choose a file of Stable Diffusion 1.x in one piece.", name, NAMES[kind])
    missing = sorted(wanted.keys() - shapes.keys())
    if missing:
        raise CheckpointError(
            "{0} is not whole: {1} of {2} tensors are missing ({3}); get the file again.",
            name, len(missing), len(wanted), _named(missing),
        )  # fmt: skip
    extra = sorted(one for one in shapes.keys() - wanted.keys() if one.startswith((UNET, VAE, TEXT)))
    extra = [one for one in extra if one != TEXT + "embeddings.position_ids"]
    if extra:
        raise CheckpointError(
            "{0} has {1} tensors that Stable Diffusion 1.x has not ({2}); choose another file.",
            name, len(extra), _named(extra),
        )  # fmt: skip
    wrong = sorted(one for one, shape in wanted.items() if shapes[one] != shape)
    if wrong:
        raise CheckpointError(
            "{0} has {1} tensors of another shape than Stable Diffusion 1.x ({2}); choose another file.",
            name, len(wrong), _named(wrong),
        )  # fmt: skip


def _named(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")


def layout(sizes: Sizes = SD1) -> dict[str, Shape]:
    """The names and shapes of all tensors of a whole file: UNet, VAE and text encoder."""
    return {
        **{UNET + name: shape for name, shape in _unet(sizes)},
        **{VAE + name: shape for name, shape in _vae(sizes)},
        **{TEXT + name: shape for name, shape in _text(sizes)},
    }


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
    number = -1
    for level in reversed(range(len(sizes.mults))):
        for block in range(sizes.blocks + 1):
            number += 1
            yield from _residual(f"output_blocks.{number}.0", width + skips.pop(), base * sizes.mults[level], time)
            width = base * sizes.mults[level]
            attends = level < sizes.attending
            if attends:
                yield from _attention(f"output_blocks.{number}.1", width, sizes.context)
            if level and block == sizes.blocks:
                yield from _affine(f"output_blocks.{number}.{2 if attends else 1}.conv", width, width, 3, 3)
    yield from _affine("out.0", width)
    yield from _affine("out.2", sizes.latent, width, 3, 3)


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
        name = f"encoder.layers.{number}"
        for part in ("k", "v", "q", "out"):
            yield from _affine(f"{name}.self_attn.{part}_proj", width, width)
        for norm in (1, 2):
            yield from _affine(f"{name}.layer_norm{norm}", width)
        yield from _affine(f"{name}.mlp.fc1", 4 * width, width)
        yield from _affine(f"{name}.mlp.fc2", width, 4 * width)
    yield from _affine("final_layer_norm", width)
