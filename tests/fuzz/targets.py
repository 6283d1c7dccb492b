"""The readers that are fuzzed, each with small sound files."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image, features

from engine import checkpoint, corrections, images, model_loading, plain_text
from engine.errors import RequestError
from engine.export import palette_files
from engine.palette import Palette, Swatch
from tests import icc_profiles
from tests.fuzz.harness import Target

ROWS, COLUMNS = np.mgrid[0:24, 0:32]
RGB = np.stack((COLUMNS * 8, ROWS * 10, 255 - COLUMNS * 8), axis=-1).astype(np.uint8)
MODES = ("1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16")
PALETTE = Palette((Swatch("skin", (250, 215, 190)), Swatch("塗り", (0, 255, 1)), Swatch("", (7, 8, 9))), "Sylvie")


def names() -> list[str]:
    """Of all targets."""
    return [*_kinds(), *_OTHERS]


def target(name: str) -> Target:
    """The target of a name, with its files made now."""
    if name in _OTHERS:
        make, run = _OTHERS[name]
        return Target(name, make(), run)
    return Target(name, _pictures(name), _read_picture)


def _read_picture(data: bytes) -> object:
    return images.read_bytes(data, "x")


def _kinds() -> list[str]:
    return ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM", *(["AVIF"] if features.check("avif") else [])]


def _pictures(kind: str) -> list[bytes]:
    found = []
    for mode in MODES:
        for options in ({}, {"save_all": True}, {"icc_profile": icc_profiles.wide_rgb()}, {"progressive": True}):
            picture = Image.fromarray((RGB[..., 0].astype(np.uint16)) * 257) if mode == "I;16" else None
            image = picture or Image.fromarray(RGB).convert(mode)
            stream, more = io.BytesIO(), dict[str, Any](options)
            if "save_all" in options:
                more["append_images"] = [image.rotate(180), image]
            try:
                image.save(stream, kind, **more)
            except (OSError, ValueError, KeyError):
                continue
            found.append(stream.getvalue())
    return list(dict.fromkeys(found))


def _tiffs() -> list[bytes]:
    found = []
    for kind, planar, packed, tile in (
        ("u2", "separate", None, None), ("f4", "contig", "zlib", None), ("f2", "contig", None, (16, 16)),
        ("u4", "separate", "zlib", (16, 16)), ("f8", "contig", None, None),
    ):  # fmt: skip
        data = (RGB / 255.0).astype(kind) if kind[0] == "f" else RGB.astype(kind) << 8
        data = np.moveaxis(data, -1, 0) if planar == "separate" else data
        stream = io.BytesIO()
        options: dict[str, Any] = {"photometric": "rgb", "planarconfig": planar, "compression": packed, "tile": tile}
        tifffile.imwrite(stream, np.ascontiguousarray(data), metadata=None, **options)
        found.append(stream.getvalue())
    return found


def _palettes() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for suffix in palette_files.SUFFIXES:
            path = Path(folder) / f"a{suffix}"
            palette_files.write(path, PALETTE)
            found.append(path.read_bytes())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        swatch = {"hue": 0.1, "saturation": 0.5, "brightness": 1.0}
        archive.writestr("Swatches.json", json.dumps([{"name": "a", "swatches": [swatch, None]}]))
    texts = (b"JASC-PAL\r\n0100\r\n1\r\n1 2 3\r\n", b"ba343e\nf6d0b0\n", found[0].decode().encode("utf-16"))
    return [*found, stream.getvalue(), *texts]


def _corrections() -> list[bytes]:
    hint = corrections.Hint(3, 5, (255, 0, 0))
    some = corrections.Corrections((hint,), (((1, 1), (2, 2)),), (((1, 1), (5, 5)),), (((0, 0), (9, 9), (3, 4)),))
    return [json.dumps(corrections.to_values(some)).encode()]


def _read_corrections(data: bytes) -> object:
    try:
        values = plain_text.from_json(data)
    except plain_text.Unreadable as error:
        raise RequestError(str(error)) from error
    return corrections.from_values(values)


def _models() -> list[bytes]:
    from engine.architectures.sga_generator import SGAConfig, SGAGenerator
    from engine.checkpoint import CheckpointInfo

    config = SGAConfig(
        widths=(4, 6, 8), convolutions=(1, 1, 1), reference_convolutions=(1, 1, 1), stem_stride=2, token_level=2,
        fusion_width=8, context_ratio=2, residual_blocks=1, decoder="adding", keys="line", similarity="cosine",
    )  # fmt: skip
    values, weights = json.loads(json.dumps(asdict(config))), SGAGenerator(config).state_dict()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.safetensors"
        checkpoint.save(path, weights, CheckpointInfo("sga", values, "small", attributions=("nobody",)))
        return [path.read_bytes()]


def _through_file(read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def run(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.safetensors"
            path.write_bytes(data)
            return read(path)

    return run


_OTHERS: dict[str, tuple[Callable[[], list[bytes]], Callable[[bytes], object]]] = {
    "TIFF kinds": (_tiffs, _read_picture),
    "palettes": (_palettes, _through_file(palette_files.read)),
    "corrections": (_corrections, _read_corrections),
    "models": (_models, _through_file(model_loading.build)),
}
