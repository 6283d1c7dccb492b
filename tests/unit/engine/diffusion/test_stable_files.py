"""Files of others, told apart by names and shapes. The published counts are facts of Stable Diffusion 1.5."""

import json
import math
import struct
from pathlib import Path

import pytest

from engine.diffusion import stable_files
from engine.diffusion.stable_files import SD1, TEXT, UNET, VAE, Kind, Shapes, Sizes, layout, require_sd1, tell
from engine.errors import CheckpointError
from main import main

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
    with pytest.raises(CheckpointError, match="1 tensors that Stable Diffusion"):
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
