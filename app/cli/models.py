"""`nurie models`: the models there are."""

import argparse
import dataclasses
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from app.cli import options
from app.cli import output as report
from app.cli.parser import file
from engine.errors import CheckpointError, RequestError

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry

ASSEMBLED = ("name", "base", "lines", "eyes", "reference", "prediction")  # options that only assembling has


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "List the models that are shipped with Nurie or installed, the default one first; or assemble one of your own "
        "files of Stable Diffusion 1.x, which are checked and pointed to, never copied."
    )
    parser.add_argument("verb", nargs="?", choices=("assemble",), help="make a model of the files that are named")
    verb = parser.add_mutually_exclusive_group()
    verb.add_argument("--install", type=file, metavar="FILE", help="install a model file, then list it")
    verb.add_argument("--delete", metavar="NAME", help="delete an adapted or assembled model")
    verb.add_argument(
        "--tell",
        type=file,
        metavar="FILE",
        help="say what kind of Stable Diffusion file a .safetensors is, by its header alone, and whether it is whole",
    )
    parts = parser.add_argument_group("assemble")
    parts.add_argument("--name", help="assemble: what the model is called")
    parts.add_argument("--base", type=file, metavar="FILE", help="assemble: a Stable Diffusion 1.x in one piece")
    parts.add_argument(
        "--lines",
        type=file,
        metavar="FILE",
        help="assemble: a ControlNet for line art, which shows it the drawing; without it colors may leave the lines",
    )
    parts.add_argument(
        "--eyes", type=file, metavar="FILE", help="assemble: the CLIP that the IP-Adapter sees with (image encoder)"
    )
    parts.add_argument(
        "--reference",
        type=file,
        metavar="FILE",
        help="assemble: an IP-Adapter, which shows it the references; without it colors are its own",
    )
    parts.add_argument(
        "--prediction",
        choices=("epsilon", "v"),
        help="assemble: what the base was taught to predict; epsilon, the default, is that of nearly all 1.x files",
    )
    options.add_json_option(parser)


def run(arguments: Namespace) -> int:
    """List the models, install, delete or assemble one; returns the exit code. Raises CheckpointError."""
    from app import paths
    from engine import model_catalog, model_installing

    paths.announce_models()
    if arguments.verb is not None or any(getattr(arguments, one) is not None for one in ASSEMBLED):
        return _assemble(arguments)
    if arguments.delete is not None:
        return _tell("deleted", model_installing.delete(arguments.delete), arguments)
    if arguments.install is not None:
        return _tell("installed", model_installing.install(arguments.install), arguments)
    if arguments.tell is not None:
        return _tell_kind(arguments)
    entries = model_catalog.installed()
    default = model_catalog.default_name()
    if arguments.json:
        report.print_json({"models": [_described(entry, default) for entry in entries]})
        return 0
    if not entries:
        print(f"No model is installed. Put a .safetensors model into {paths.models()}")
    for entry in entries:
        _print_entry(entry, default)
    return 0


def _tell(verb: str, entry: "ModelEntry", arguments: Namespace) -> int:
    if arguments.json:
        report.print_json({verb: entry.name, "path": str(entry.path)})
    else:
        print(f"{verb} '{entry.name}': {entry.path}")
    return 0


def _assemble(arguments: Namespace) -> int:
    """Make a model of a person's own files. Raises CheckpointError."""
    from app.cli.progress_bar import ProgressBar
    from engine import assembling
    from engine.pipeline import run as run_steps

    if arguments.verb is None:
        raise RequestError("The options of a model's files need the word assemble: nurie models assemble --name …")
    if arguments.install is not None or arguments.delete is not None or arguments.tell is not None:
        raise RequestError("Assembling goes alone, without --install, --delete and --tell.")
    if arguments.name is None or arguments.base is None:
        raise RequestError("To assemble a model, give it a name and a base: nurie models assemble --name N --base FILE")
    chosen = assembling.Chosen(arguments.base, arguments.lines, arguments.eyes, arguments.reference)
    with ProgressBar() as bar:
        entry = run_steps(assembling.assemble(arguments.name, chosen, arguments.prediction or "epsilon"), bar.follow)
    if not arguments.json:
        print(f"assembled '{entry.name}': {entry.path}\n    {entry.description}")
        return 0
    used = {role: str(path) for role, path in chosen._asdict().items() if path is not None}
    report.print_json(
        {"assembled": entry.name, "path": str(entry.path), "files": used, "description": entry.description}
    )
    return 0


def _tell_kind(arguments: Namespace) -> int:
    """Say what a foreign file is. Raises CheckpointError for one that cannot be read, or that is not whole."""
    from engine.checkpoint_header import read_header
    from engine.diffusion import stable_files

    path = arguments.tell
    shapes = {name: entry.shape for name, entry in read_header(path).tensors.items()}
    kind = stable_files.tell(shapes)
    if kind == "sd1":
        stable_files.require_sd1(shapes, path)
    role = stable_files.ROLES.get(kind)
    if arguments.json:
        report.print_json({"path": str(path), "kind": kind, "whole": kind == "sd1", "tensors": len(shapes)})
    elif role is None:
        print(f"{path} is {stable_files.NAMES[kind]}; Nurie cannot use it.")
    else:
        whole = f", whole: {len(shapes)} tensors" if kind == "sd1" else ""
        print(
            f"{path} is {stable_files.NAMES[kind]}{whole}. A model can be assembled with it: models assemble {role} …"
        )
    return 0


def _print_entry(entry: "ModelEntry", default: str | None) -> None:
    title = f" ({entry.title})" if entry.title != entry.name else ""
    print(f"{'*' if entry.name == default else ' '} {entry.name}{title}")
    if entry.damaged:
        print(f"    {'cannot be used' if entry.info else 'damaged'}: {entry.problem}")
        return
    origin = "shipped" if entry.bundled else "installed"
    if entry.info is not None and entry.info.base is not None:
        origin = f"adapted from {entry.info.base.name}, {origin}"
    if entry.kind == "assembled":
        origin = f"assembled, {origin}"
    print(f"    {entry.description or 'no description'}")
    print(f"    {origin}, licence {entry.licence or 'unknown'}, {entry.path}")


def _described(entry: "ModelEntry", default: str | None) -> dict[str, Any]:
    try:
        digest = entry.sha256()
    except CheckpointError:  # no permission to read it; the entry is listed as damaged all the same
        digest = None
    return {
        "name": entry.name,
        "title": entry.title,
        "path": str(entry.path),
        "description": entry.description,
        "licence": entry.licence,
        "attributions": list(entry.info.attributions) if entry.info else [],
        "architecture": entry.info.architecture if entry.info else None,
        "bundled": entry.bundled,
        "kind": entry.kind,
        "base": dataclasses.asdict(entry.info.base) if entry.info and entry.info.base else None,
        "parts": dataclasses.asdict(entry.info.parts) if entry.info and entry.info.parts else None,
        "provenance": entry.info.provenance if entry.info else {},
        "default": entry.name == default,
        "sha256": digest,
        "damaged": entry.damaged,
        "problem": entry.problem or None,
    }
