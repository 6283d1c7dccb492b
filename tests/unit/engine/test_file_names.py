"""Names of files: composed letters and not, and paths that lead out of their folder."""

import unicodedata
from pathlib import Path

import pytest

from app.batch import drawings
from app.cli.manifest import read_manifest
from app.finetune import pictures
from engine import file_names
from engine.export import formats


@pytest.mark.parametrize(("typed", "on_disk"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_name_finds_its_file_however_its_letters_are_composed(tmp_path: Path, typed: str, on_disk: str) -> None:
    name = "ページ/é.png"
    there = tmp_path / unicodedata.normalize(on_disk, name)  # type: ignore[arg-type]
    there.parent.mkdir()
    there.write_bytes(b"")
    asked = tmp_path / unicodedata.normalize(typed, name)  # type: ignore[arg-type]
    assert file_names.found(asked).samefile(there)
    missing = asked.with_name("ü.png")
    assert file_names.found(missing).name == "ü.png"


def test_patterns_and_manifests_go_by_meaning(tmp_path: Path) -> None:
    mac = tmp_path / unicodedata.normalize("NFD", "ページ01.png")
    mac.write_bytes(b"")
    assert drawings.find(tmp_path, pattern="ページ*").names == (mac.name,)
    manifest = tmp_path / "pairs.csv"
    manifest.write_text("line,reference,output\nページ01.png,ページ01.png,out.png\n", encoding="utf-8")
    (row,) = read_manifest(manifest)
    assert (row.line, row.sources.references) == (mac, (mac,))


def test_one_key_for_one_file() -> None:
    assert file_names.key("É.PNG") == file_names.key(unicodedata.normalize("NFD", "é.png"))


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/..", "/a", "a//b", "a/./b", "\0", "x" * 300, "\ud800"])
def test_names_that_lead_elsewhere(name: str) -> None:
    assert not file_names.is_inside(name)


@pytest.mark.parametrize("name", ["a", "a/b.png", "...", "塗り/b\n", "caf\udce9.png"])
def test_names_that_stay(name: str) -> None:
    assert file_names.is_inside(name)


def test_every_door_takes_the_same_kinds_of_file() -> None:
    """What a batch, a dialog and a fine-tuning call a picture."""
    kinds = {pattern.removeprefix("*") for pattern in formats.PATTERNS.split()}
    assert kinds == set(formats.OPENED) == set(pictures.SUFFIXES)
