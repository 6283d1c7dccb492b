"""What a person's file of Stable Diffusion is, told by the names and shapes of its tensors alone, and whether it fits.

diffusers loads a file in which nearly all is missing without an error, the rest at random: so names are compared here.
Nothing is unpickled, copied or fetched.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from engine.diffusion.stable_layouts import (
    EYES,
    EYES_OUT,
    SD1,
    TEXT,
    UNET,
    VAE,
    EyesSizes,
    Shape,
    Shapes,
    Sizes,
    eyes_layout,
    layout,
    lines_layout,
    reference_layout,
)
from engine.errors import CheckpointError
from engine.sentences import Sentence

Kind = Literal[
    "sd1", "sd2", "sdxl", "inpainting", "pix2pix", "controlnet", "ip-adapter", "clip", "lora", "vae", "unet", "unknown"
]

_FIRST, _ASKED = UNET + "input_blocks.0.0.weight", UNET + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
_ASKED_XL = UNET + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"
_FEWEST, _MOST_NAMED = 3, 3  # names of a whole family; of what is missing that are named
_MOST_LAYERS = 100
CONTROL = "control_model."  # before the names of some ControlNets
_DIFFUSERS_CONTROL = "controlnet_cond_embedding.conv_in.weight"
FLOATS = ("F16", "BF16", "F32", "F64")

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
ROLES: dict[Kind, str] = {  # the option of `models assemble` that takes one
    "sd1": "--base",
    "controlnet": "--lines",
    "clip": "--eyes",
    "ip-adapter": "--reference",
}
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
        ("controlnet", (CONTROL, "controlnet_cond_embedding.", "zero_convs.", "input_hint_block.")),
        ("lora", ("lora_unet_", "lora_te_", "unet.up_blocks", "unet.down_blocks", "text_encoder.")),
        ("clip", (EYES, "visual.")),
        ("unet", ("down_blocks.", "up_blocks.", "conv_in.")),
    )
    for kind, beginnings in marks:
        if sum(name.startswith(beginnings) for name in shapes) >= _FEWEST and _FIRST not in shapes:
            return kind
    return None


def require_sd1(shapes: Shapes, name: object, sizes: Sizes = SD1) -> None:
    """Raise CheckpointError, one sentence, for a file that is no whole Stable Diffusion 1.x. name: of the file."""
    kind = tell(shapes)
    wanted = layout(sizes)
    if kind not in ("sd1", "unknown") or (kind == "unknown" and not wanted.keys() & shapes.keys()):
        raise CheckpointError("{0} is {1}; choose a file of Stable Diffusion 1.x in one piece.", name, NAMES[kind])
    beside = [one for one in shapes if not one.startswith((UNET, VAE, TEXT))]
    _require_layout(shapes, wanted, name, [*beside, TEXT + "embeddings.position_ids"])


def require_lines(shapes: Shapes, name: object, sizes: Sizes = SD1, of_diffusers: Shapes | None = None) -> None:
    """The same for a ControlNet that goes with it. of_diffusers: the layout in the names of diffusers, which only
    diffusers knows; without it a file in those names is refused."""
    _require_kind(shapes, name, "controlnet", Sentence("a ControlNet for line art, made for Stable Diffusion 1.x"))
    if is_of_diffusers(shapes) and of_diffusers is not None:
        _require_layout(shapes, of_diffusers, name)
        return
    plain = {one.removeprefix(CONTROL): shape for one, shape in shapes.items()}
    _require_layout(plain, lines_layout(sizes), name)


def is_of_diffusers(shapes: Shapes) -> bool:
    """Whether a ControlNet has the names of diffusers and not those of its authors."""
    return _DIFFUSERS_CONTROL in shapes


def require_eyes(shapes: Shapes, name: object) -> EyesSizes:
    """The same for what looks at the references. Returns its sizes. A part that reads may lie in it, too."""
    what = Sentence("a CLIP that looks at pictures, in the names of transformers (the image encoder of the IP-Adapter)")
    _require_kind(shapes, name, "clip", what)
    sizes = _eyes_of(shapes)
    if sizes is None:
        raise CheckpointError("{0} has other names or sizes than transformers give; choose {1}.", name, what)
    beside = [one for one in shapes if not one.startswith((EYES, EYES_OUT))]
    _require_layout(shapes, eyes_layout(sizes), name, [*beside, EYES + "embeddings.position_ids"])
    return sizes


def require_reference(shapes: Shapes, name: object, eyes: EyesSizes, sizes: Sizes = SD1) -> None:
    """The same for an IP-Adapter that goes with the base and with these eyes."""
    what = Sentence("an IP-Adapter for Stable Diffusion 1.x: ip-adapter_sd15 or ip-adapter-plus_sd15")
    _require_kind(shapes, name, "ip-adapter", what)
    many, layers = prompt_sizes(shapes, sizes)
    if many is None:
        raise CheckpointError("{0} is an IP-Adapter of a kind that Nurie does not know; choose {1}.", name, what)
    key, seen = ("image_proj.proj_in.weight", eyes.width) if layers else ("image_proj.proj.weight", eyes.projected)
    wanted = shapes.get(key, ())
    if len(wanted) == 2 and wanted[1] != seen:
        raise CheckpointError(
            "{0} was made for other eyes: it takes {1} numbers, and the CLIP gives {2}; choose the image encoder that "
            "it was published with.",
            name, wanted[1], seen,
        )  # fmt: skip
    _require_layout(shapes, reference_layout(sizes, eyes, many, layers), name)


def prompt_sizes(shapes: Shapes, sizes: Sizes) -> tuple[int | None, int]:
    """The tokens that an IP-Adapter makes of a picture, None for one that is not known, and the layers of a "plus"."""
    latents, plain = shapes.get("image_proj.latents"), shapes.get("image_proj.proj.weight")
    if latents is not None and len(latents) == 3 and latents[1] > 0:
        numbers = {one.split(".")[2] for one in shapes if one.startswith("image_proj.layers.")}
        return (latents[1], len(numbers)) if 0 < len(numbers) <= _MOST_LAYERS else (None, 0)
    if plain is not None and len(plain) == 2 and plain[0] > 0 and plain[0] % sizes.context == 0:
        return plain[0] // sizes.context, 0
    return None, 0


def _eyes_of(shapes: Shapes) -> EyesSizes | None:
    """Sizes by shapes; what does not fit them is found by comparing the layout."""
    patch = shapes.get(EYES + "embeddings.patch_embedding.weight", ())
    places = shapes.get(EYES + "embeddings.position_embedding.weight", ())
    inner = shapes.get(EYES + "encoder.layers.0.mlp.fc1.weight", ())
    out = shapes.get(EYES_OUT, (1,))
    layers = {one.split(".")[3] for one in shapes if one.startswith(EYES + "encoder.layers.")}
    if len(patch) != 4 or len(places) != 2 or len(inner) != 2 or not 0 < len(layers) <= _MOST_LAYERS:
        return None
    if not out or min(*patch, *places, *inner, *out) < 1:
        return None
    side = round(max(0, places[0] - 1) ** 0.5) * patch[2]
    return EyesSizes(patch[0], inner[0], len(layers), patch[2], side, out[0])


def _require_kind(shapes: Shapes, name: object, wanted: Kind, what: Sentence) -> None:
    kind = tell(shapes)
    if kind != wanted:
        raise CheckpointError("{0} is {1}; choose {2}.", name, NAMES[kind], what)


def _require_layout(shapes: Shapes, wanted: Shapes, name: object, ignored: Iterable[str] = ()) -> None:
    missing = sorted(wanted.keys() - shapes.keys())
    if missing:
        raise CheckpointError(
            "{0} is not whole: {1} of {2} tensors are missing ({3}); get the file again.",
            name, len(missing), len(wanted), _named(missing),
        )  # fmt: skip
    extra = sorted(shapes.keys() - wanted.keys() - set(ignored))
    if extra:
        raise CheckpointError(
            "{0} has {1} tensors that do not belong there ({2}); choose another file.", name, len(extra), _named(extra)
        )
    wrong = sorted(one for one, shape in wanted.items() if shapes[one] != shape)
    if wrong:
        raise CheckpointError(
            "{0} has {1} tensors of another shape than it should ({2}: {3} in the place of {4}); choose another file.",
            name, len(wrong), wrong[0], _shown(shapes[wrong[0]]), _shown(wanted[wrong[0]]),
        )  # fmt: skip


def require_floats(types: Mapping[str, str], name: object) -> None:
    """Raise CheckpointError for weights of eight bits or less. types: as safetensors names them, by the names of what
    has more than one dimension."""
    wrong = sorted(one for one, kind in types.items() if kind not in FLOATS and not one.endswith("position_ids"))
    if wrong:
        raise CheckpointError(
            "{0} holds weights as {1} ({2}); choose a file with weights in fp16, bf16 or fp32.",
            name,
            types[wrong[0]],
            wrong[0],
        )


def _shown(shape: Shape) -> str:
    return "×".join(map(str, shape)) or "1"


def _named(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
