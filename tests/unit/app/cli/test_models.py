"""`nurie models`."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from tests.unit.app.cli.conftest import Run

Nurie = Callable[..., Run]


def test_models_are_listed(nurie: Nurie, models: Path) -> None:
    (models / "bad.safetensors").write_bytes(b"PK\x03\x04" + bytes(40))
    run = nurie("models")
    assert (run.code, run.err) == (0, "")
    assert "  tiny (Tiny)\n    For tests.\n    installed, licence CC0-1.0," in run.out.replace("* ", "  ")
    assert "  bad\n    damaged: " in run.out


def test_models_as_json(nurie: Nurie, models: Path) -> None:
    run = nurie("models", "--json")
    path = models / "tiny.safetensors"
    assert run.code == 0
    assert run.json == {
        "models": [
            {
                "name": "tiny",
                "title": "Tiny",
                "path": str(path),
                "description": "For tests.",
                "licence": "CC0-1.0",
                "attributions": [],
                "architecture": "sga",
                "bundled": False,
                "kind": "whole",
                "base": None,
                "parts": None,
                "provenance": {},
                "default": True,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "damaged": False,
                "problem": None,
            }
        ]
    }


def test_a_damaged_model_is_listed_in_json_too(nurie: Nurie, models: Path) -> None:
    (models / "bad.safetensors").write_text("text")
    bad = next(entry for entry in nurie("models", "--json").json["models"] if entry["name"] == "bad")
    assert bad["damaged"]
    assert "text file" in bad["problem"]
    assert bad["architecture"] is None


def test_no_model_says_where_to_put_one(nurie: Nurie, models: Path) -> None:
    (models / "tiny.safetensors").unlink()
    run = nurie("models")
    assert run.code == 0
    assert str(models) in run.out
    assert nurie("models", "--json").json == {"models": []}
