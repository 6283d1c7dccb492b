"""A model assembled of a person's own files of Stable Diffusion 1.x, which are checked and pointed to, never copied."""

import dataclasses
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

from engine import checkpoint, diffusion, model_catalog, model_installing
from engine.architectures.stable_config import StableConfig
from engine.checkpoint import CheckpointInfo
from engine.checkpoint_header import read_header
from engine.diffusion import stable_files
from engine.diffusion.stable_layouts import SD1, Shapes, Sizes
from engine.errors import CheckpointError
from engine.model_catalog import ModelEntry
from engine.request import Progress
from engine.sentences import Sentence
from engine.weight_files import ForeignFile

SIZES = SD1  # of the files that are taken; tests take toys
PICKLED = {".ckpt", ".pt", ".pth", ".bin", ".pkl"}


class Chosen(NamedTuple):
    """The files a person chose. lines: a ControlNet; eyes and reference: a CLIP and an IP-Adapter, both or none."""

    base: Path
    lines: Path | None = None
    eyes: Path | None = None
    reference: Path | None = None


def assemble(
    name: str, chosen: Chosen, prediction: str = "epsilon", sizes: Sizes | None = None
) -> Generator[Progress, None, ModelEntry]:
    """Check the files and install a model of this name that points to them; returns it.

    prediction: what the base was taught, "epsilon" as Stable Diffusion 1.x, or "v". sizes: of the base, None for those
    of Stable Diffusion 1.x. Raises CheckpointError, one sentence, for files that are not what they are chosen for, for
    a name that is taken, and where the model cannot be written; DeviceError where diffusers is missing.
    """
    sizes = sizes or SIZES
    plain = model_installing.file_name(name)
    if not model_installing.is_free(plain):
        raise CheckpointError("There is a model named '{0}' already; choose another name, or delete that one.", plain)
    if (chosen.eyes is None) != (chosen.reference is None):
        raise CheckpointError("A CLIP (--eyes) and an IP-Adapter (--reference) go together: name both or none.")
    diffusion.require_installed()
    _require_fitting(chosen, sizes)
    files: dict[str, ForeignFile | None] = dict.fromkeys(chosen._fields)
    for number, (role, path) in enumerate(zip(chosen._fields, chosen, strict=True)):
        if path is not None:
            yield Progress(Sentence("Reading {0}", path.name), number / len(chosen))
            files[role] = ForeignFile.of(path)
    config = StableConfig(**files, prediction=prediction, sizes=sizes)  # type: ignore[arg-type]
    info = CheckpointInfo(
        architecture="stable",
        config=dataclasses.asdict(config),
        name=name.strip(),
        description=_description(config),
        provenance={role: f"{Path(file.path).name}, SHA-256 {file.sha256}" for role, file in files.items() if file},
        licence="that of the files it points to",
    )
    target = model_installing.place_of(plain)
    checkpoint.save(target, {}, info)
    return model_catalog.find(target)


def _description(config: StableConfig) -> str:
    """Said wherever the model is shown, also before it paints for the first time."""
    parts = ["Stable Diffusion 1.x from your own files, assembled without training: it paints in steps"]
    parts += [" from the references" if config.reference else " without looking at the references"]
    parts += ["; its modes differ by masks alone. "] if config.reference else [". "]
    if config.lines is None:
        parts.append("Without a ControlNet it may leave the lines. ")
    parts.append(
        "It needs 3 to 8 GB of memory, and minutes for a drawing without a graphics card: try 256 to 384 pixels of "
        "working size first."
    )
    return "".join(parts)


def _require_fitting(chosen: Chosen, sizes: Sizes) -> None:
    stable_files.require_sd1(_shapes(chosen.base), chosen.base, sizes)
    if chosen.lines is not None:
        shapes = _shapes(chosen.lines)
        theirs = None
        if stable_files.is_of_diffusers(shapes):
            from engine.diffusion import stable_parts

            theirs = stable_parts.control_shapes(sizes)
        stable_files.require_lines(shapes, chosen.lines, sizes, theirs)
    if chosen.eyes is not None and chosen.reference is not None:
        eyes = stable_files.require_eyes(_shapes(chosen.eyes), chosen.eyes)
        stable_files.require_reference(_shapes(chosen.reference), chosen.reference, eyes, sizes)


def _shapes(path: Path) -> Shapes:
    """What is in a file, by its header alone. Raises CheckpointError, also for weights that are no numbers of ours."""
    if path.suffix.lower() in PICKLED and path.is_file():
        raise CheckpointError(
            "{0} is a pickled model, which is refused because it can run any code on your computer: take the "
            ".safetensors file of the same model, or have a program that you trust save it as .safetensors.",
            path,
        )
    tensors = read_header(path).tensors
    matrices = {name: entry.dtype for name, entry in tensors.items() if len(entry.shape) > 1}
    stable_files.require_floats(matrices, path)
    return {name: entry.shape for name, entry in tensors.items()}
