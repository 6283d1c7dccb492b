"""Files of others, told apart by names and shapes. The published counts are facts of Stable Diffusion 1.5."""

import json
import math
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli.main import main
from engine.diffusion import stable_files
from engine.diffusion.stable_files import Kind, require_sd1, tell
from engine.diffusion.stable_layouts import (
    EYES,
    EYES_OUT,
    SD1,
    TEXT,
    UNET,
    VAE,
    EyesSizes,
    Shapes,
    Sizes,
    eyes_layout,
    layout,
    lines_layout,
    reference_layout,
)
from engine.errors import CheckpointError

TOY = Sizes(base=32, mults=(1, 2), attending=1, blocks=1, context=24, vae=16, vae_mults=(1, 2), text=(24, 99, 7, 2))
ASKED = UNET + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
ASKED_XL = UNET + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"
FIRST = UNET + "input_blocks.0.0.weight"


@pytest.mark.parametrize(
    ("part", "tensors", "weights"), [(UNET, 686, 859_520_964), (VAE, 248, 83_653_863), (TEXT, 196, 123_060_480)]
)
def test_the_layout_has_the_published_sizes(part: str, tensors: int, weights: int) -> None:
    own = {name: shape for name, shape in layout().items() if name.startswith(part)}
    assert len(own) == tensors and sum(map(math.prod, own.values())) == weights


@pytest.mark.parametrize(
    ("shapes", "weights"),
    [
        (lines_layout(), 361_279_120),  # every ControlNet for Stable Diffusion 1.5
        (eyes_layout(EyesSizes()), 632_076_800),  # ViT-H/14 with its projection
        (reference_layout(SD1, EyesSizes(), 4, 0), 22_319_616),  # ip-adapter_sd15: 44.6 MB in fp16
        (reference_layout(SD1, EyesSizes(), 16, 4), 49_087_488),  # ip-adapter-plus_sd15: 98.2 MB in fp16
    ],
    ids=["lines", "eyes", "plain", "plus"],
)
def test_what_goes_with_it_has_the_published_sizes(shapes: Shapes, weights: int) -> None:
    assert sum(map(math.prod, shapes.values())) == weights


def changed(**shapes: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    names = {"asked": ASKED, "first": FIRST}
    return layout(SD1) | {names[name]: shape for name, shape in shapes.items()}


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        (layout(), "sd1"),
        (changed(asked=(320, 1024)), "sd2"),
        ({FIRST: (320, 4, 3, 3), ASKED_XL: (640, 2048)}, "sdxl"),
        (changed(first=(320, 9, 3, 3)), "inpainting"),
        (changed(first=(320, 8, 3, 3)), "pix2pix"),
        ({f"control_model.zero_convs.{n}.0.weight": (320, 320, 1, 1) for n in range(12)}, "controlnet"),
        ({f"controlnet_cond_embedding.blocks.{n}.weight": (16, 16, 3, 3) for n in range(6)}, "controlnet"),
        ({f"ip_adapter.{n}.to_k_ip.weight": (320, 768) for n in range(1, 33, 2)}, "ip-adapter"),
        ({f"vision_model.encoder.layers.{n}.mlp.fc1.weight": (5120, 1280) for n in range(32)}, "clip"),
        ({f"lora_unet_down_blocks_{n}.lora_down.weight": (4, 320) for n in range(9)}, "lora"),
        ({f"down_blocks.{n}.resnets.0.conv1.weight": (320, 320, 3, 3) for n in range(4)}, "unet"),
        ({name.removeprefix(VAE): shape for name, shape in layout().items() if name.startswith(VAE)}, "vae"),
        ({"weight": (1,)}, "unknown"),
        ({}, "unknown"),
    ],
)  # fmt: skip
def test_a_file_is_told_by_its_names_and_shapes(shapes: Shapes, kind: Kind) -> None:
    assert tell(shapes) == kind
    assert stable_files.NAMES[kind]
    if kind != "sd1":
        with pytest.raises(CheckpointError, match=r"x\.safetensors is .*; choose a file of Stable Diffusion 1\.x"):
            require_sd1(shapes, "x.safetensors")


def test_a_whole_file_is_taken_of_any_size() -> None:
    for sizes in (SD1, TOY):
        require_sd1({**layout(sizes), TEXT + "embeddings.position_ids": (1, 77), "other.key": (3,)}, "x", sizes)


def test_what_is_missing_extra_or_of_another_shape_is_named() -> None:
    whole = layout()
    first = sorted(whole)[:5]
    half = {name: shape for name, shape in whole.items() if name not in first}
    with pytest.raises(CheckpointError, match=f"5 of 1130 tensors are missing \\({first[0]}, {first[1]}, {first[2]} …"):
        require_sd1(half, "x")
    with pytest.raises(CheckpointError, match="1128 of 1130 tensors are missing"):
        require_sd1({name: whole[name] for name in (FIRST, ASKED)}, "x")
    with pytest.raises(CheckpointError, match="1 tensors that do not belong"):
        require_sd1({**whole, UNET + "label_emb.0.0.weight": (1280, 2816)}, "x")
    with pytest.raises(CheckpointError, match="1 tensors of another shape"):
        require_sd1({**whole, UNET + "out.2.bias": (5,)}, "x")


def write(path: Path, shapes: Shapes) -> Path:
    """A file whose header says this; its bytes are a hole, so that it stays small."""
    position, header = 0, {}
    for name, shape in shapes.items():
        end = position + math.prod(shape) * 2
        header[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [position, end]}
        position = end
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + position)
    return path


def test_the_command_line_says_what_a_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vae = {name.removeprefix(VAE): shape for name, shape in layout(TOY).items() if name.startswith(VAE)}
    path = write(tmp_path / "vae.safetensors", vae)
    assert main(["models", "--tell", str(path)]) == 0
    assert "a VAE alone, without what paints" in capsys.readouterr().out
    assert main(["models", "--tell", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["whole"], told["tensors"]) == ("vae", False, len(vae))
    half = {name: layout()[name] for name in (FIRST, ASKED)}
    assert main(["models", "--tell", str(write(tmp_path / "half.safetensors", half))]) == 2
    error = capsys.readouterr().err
    assert "is not whole: 1128 of 1130 tensors are missing" in error and error.count("\n") == 1
    (tmp_path / "old.ckpt").write_bytes(b"PK\x03\x04" + bytes(40))
    assert main(["models", "--tell", str(tmp_path / "old.ckpt")]) == 2
    assert "is a pickled model, which is refused" in capsys.readouterr().err


def test_a_whole_file_is_told_from_its_header_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "sd15.safetensors", layout())  # two gigabytes, nearly all of them a hole
    if path.stat().st_blocks * 512 > 10_000_000:
        pytest.skip("files have no holes here")
    assert main(["models", "--tell", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["whole"], told["tensors"]) == ("sd1", True, 1130)


def test_what_goes_with_it_is_told_and_taken_in_all_published_names() -> None:
    lines = lines_layout()
    for beginning in ("", stable_files.CONTROL):
        shapes = {beginning + name: shape for name, shape in lines.items()}
        assert tell(shapes) == "controlnet"
        stable_files.require_lines(shapes, "x")
    eyes = {**eyes_layout(EyesSizes()), EYES + "embeddings.position_ids": (1, 257), "text_model.x.weight": (3,)}
    assert tell(eyes) == "clip" and stable_files.require_eyes(eyes, "x") == EyesSizes()
    for many, layers in ((4, 0), (16, 4)):
        shapes = reference_layout(SD1, EyesSizes(), many, layers)
        assert tell(shapes) == "ip-adapter" and stable_files.prompt_sizes(shapes, SD1) == (many, layers)
        stable_files.require_reference(shapes, "x", EyesSizes())


LINES, LOOKING, ADAPTER = lines_layout(), eyes_layout(EyesSizes()), reference_layout(SD1, EyesSizes(), 4, 0)


def without(shapes: Shapes, *names: str) -> Shapes:
    return {name: shape for name, shape in shapes.items() if name not in names}


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (without(LINES, "middle_block_out.0.bias"), "not whole: 1 of 340 tensors are missing .middle_block_out.0.bias"),
        ({**LINES, "label_emb.0.0.weight": (3, 4)}, "has 1 tensors that do not belong there"),
        ({**LINES, "input_hint_block.0.weight": (16, 4, 3, 3)}, "16×4×3×3 in the place of 16×3×3×3"),
        (layout(), "is Stable Diffusion 1.x; choose a ControlNet for line art"),
        (ADAPTER, "is an IP-Adapter; choose a ControlNet"),
        ({"a.weight": (3,)}, "is no file of Stable Diffusion that Nurie knows; choose a ControlNet"),
    ],
)
def test_a_controlnet_that_does_not_fit_is_refused(shapes: Shapes, sentence: str) -> None:
    with pytest.raises(CheckpointError, match=sentence):
        stable_files.require_lines(shapes, "x.safetensors")


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (without(LOOKING, EYES_OUT), f"1 of 520 tensors are missing .{EYES_OUT}"),
        (without(LOOKING, EYES + "encoder.layers.7.mlp.fc1.bias"), "1 of 520 tensors are missing"),
        ({**LOOKING, EYES + "more.weight": (3,)}, "do not belong there"),
        ({**LOOKING, EYES + "post_layernorm.bias": (3,)}, "3 in the place of 1280"),
        (
            {f"visual.transformer.resblocks.{n}.ln_1.weight": (1280,) for n in range(32)},
            "other names or sizes than transf",
        ),
        (LINES, "is a ControlNet; choose a CLIP"),
    ],
)
def test_eyes_that_do_not_fit_are_refused(shapes: Shapes, sentence: str) -> None:
    with pytest.raises(CheckpointError, match=sentence):
        stable_files.require_eyes(shapes, "x.safetensors")


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (without(ADAPTER, "ip_adapter.31.to_v_ip.weight"), "1 of 36 tensors are missing .ip_adapter.31.to_v_ip.weight"),
        ({**ADAPTER, "ip_adapter.33.to_v_ip.weight": (3, 3)}, "do not belong there"),
        ({**ADAPTER, "ip_adapter.1.to_k_ip.weight": (320, 2048)}, "320×2048 in the place of 320×768"),
        (reference_layout(SD1, EyesSizes(projected=1280), 4, 0), "made for other eyes: it takes 1280 numbers"),
        (without(ADAPTER, "image_proj.proj.weight"), "of a kind that Nurie does not know"),
        (LOOKING, "is a CLIP that looks at pictures; choose an IP-Adapter"),
    ],
)
def test_an_adapter_that_does_not_fit_is_refused(shapes: Shapes, sentence: str) -> None:
    with pytest.raises(CheckpointError, match=sentence):
        stable_files.require_reference(shapes, "x.safetensors", EyesSizes())


@pytest.mark.parametrize("kind", ["F8_E4M3", "I8", "U8"])
def test_weights_of_eight_bits_are_refused(kind: str) -> None:
    stable_files.require_floats({"a": "F16", "b": "BF16", "c.position_ids": "I64"}, "x")
    with pytest.raises(CheckpointError, match=f"holds weights as {kind} .b.; choose"):
        stable_files.require_floats({"a": "F16", "b": kind}, "x")


KNOWN = [*sorted(ADAPTER)[:8], "image_proj.latents", "image_proj.layers.", "image_proj.layers.0.0.norm1.weight"]
KNOWN += [
    *sorted(LOOKING)[:4],
    *sorted(LOOKING)[-8:],
    EYES + "encoder.layers.",
    EYES + "encoder.layers.0.mlp.fc1.weight",
]
KNOWN += [*sorted(LINES)[:6], stable_files.CONTROL + "x", FIRST, ASKED, ASKED_XL, UNET + "out.2.bias", "down_blocks.0"]
SHAPES = st.lists(st.sampled_from([0, 1, 3, 14, 257, 320, 768, 1280, 2**40]), max_size=5).map(tuple)


@given(st.dictionaries(st.sampled_from(KNOWN) | st.text(max_size=9), SHAPES, max_size=24))
@settings(max_examples=300, deadline=None)
def test_whatever_is_in_a_file_one_sentence_says_why_not(shapes: dict[str, tuple[int, ...]]) -> None:
    assert tell(shapes) in stable_files.NAMES
    for require in (require_sd1, stable_files.require_lines, stable_files.require_eyes):
        with pytest.raises(CheckpointError):
            require(shapes, "x")
    with pytest.raises(CheckpointError):
        stable_files.require_reference(shapes, "x", EyesSizes())


@pytest.mark.parametrize("name", ["embeddings.patch_embedding.weight", "embeddings.position_embedding.weight"])
def test_eyes_of_no_size_are_refused(name: str) -> None:
    shapes = {**LOOKING, EYES + name: tuple(0 for _ in LOOKING[EYES + name])}
    with pytest.raises(CheckpointError, match="other names or sizes"):
        stable_files.require_eyes(shapes, "x")
