"""`nurie models`: the models there are."""

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from app.commands import options, report
from engine.errors import CheckpointError

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry


def add_parser(commands: Any) -> None:
    """Add the sub-command to argparse's `commands`."""
    parser = commands.add_parser(
        "models",
        help="list the models there are",
        description="List the models that are shipped with Nurie or installed, the default one first.",
    )
    options.add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """List the models; returns the exit code."""
    from app import paths
    from engine import model_catalog

    paths.announce_models()
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


def _print_entry(entry: "ModelEntry", default: str | None) -> None:
    title = f" ({entry.title})" if entry.title != entry.name else ""
    print(f"{'*' if entry.name == default else ' '} {entry.name}{title}")
    if entry.damaged:
        print(f"    damaged: {entry.problem}")
        return
    origin = "shipped" if entry.bundled else "installed"
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
        "default": entry.name == default,
        "sha256": digest,
        "damaged": entry.damaged,
        "problem": entry.problem or None,
    }
