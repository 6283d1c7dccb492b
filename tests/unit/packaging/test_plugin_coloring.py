"""What the plug-ins for Krita and GIMP share, with a Nurie that answers at once."""

import importlib.util
import json
import os
import shlex
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli import plugin
from engine.export.png_set import write_png_set
from engine.layers import Layer, LayerStack
from tests.unit.packaging.test_krita import NURIE

SOURCE = plugin.source("plugin") / "coloring.py"


def loaded(path: Path = SOURCE) -> ModuleType:
    about = importlib.util.spec_from_file_location("plugin_coloring", path)
    assert about is not None and about.loader is not None
    module = importlib.util.module_from_spec(about)
    sys.modules["plugin_coloring"] = module
    about.loader.exec_module(module)
    return module


shared: Any = loaded()


@pytest.fixture
def nurie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "nurie.py").write_text(NURIE)
    monkeypatch.setenv("NURIE", shlex.join([sys.executable, str(tmp_path / "nurie.py")]))
    return tmp_path


def ended(coloring: Any) -> Any:
    coloring._process.wait(60)
    assert not coloring.is_running()
    return coloring


def words(folder: Path, reference: str) -> list[str]:
    return shared.arguments(folder / "a.png", [Path(reference)], folder, by_color=False, shading="cel")


def test_a_call_tells_how_far_it_is_and_what_it_made(nurie: Path) -> None:
    coloring = shared.Coloring(nurie)
    coloring.start(words(nurie, "sheet.png"), "gimp")
    ended(coloring)
    assert (coloring.share, coloring.step, coloring.notes, coloring.error) == (0.5, "Guessing", ["Said."], "")
    found = shared.layers_in(nurie / "layers", (24, 16))
    assert [(one.group, one.name, one.blend, one.opacity, one.is_visible) for one in found] == [
        ("Flats", "red", "normal", 255, True), ("", "Shading", "multiply", 255, True)
    ]  # fmt: skip
    with pytest.raises(shared.CannotColor, match="another size"):
        shared.layers_in(nurie / "layers", (16, 24))


def test_an_error_is_its_sentence(nurie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coloring = shared.Coloring(nurie)
    coloring.start(words(nurie, "bad.png"), "gimp")
    assert ended(coloring).error == "bad.png is not a picture."
    monkeypatch.setenv("NURIE", "/nowhere/nurie")
    with pytest.raises(shared.CannotColor, match="cannot be started"):
        shared.Coloring(nurie).start([], "gimp")
    monkeypatch.delenv("NURIE")
    monkeypatch.setenv("PATH", str(nurie))
    with pytest.raises(shared.CannotColor, match="nurie plugin gimp --install"):
        shared.Coloring(nurie).start([], "gimp")


def test_a_cancel_ends_it_without_an_error(nurie: Path) -> None:
    coloring = shared.Coloring(nurie)
    coloring.start(words(nurie, "wait.png"), "gimp")
    while not coloring.share:
        assert coloring.is_running()
    coloring.cancel()
    coloring.cancel()
    assert ended(coloring).was_cancelled and not coloring.error


@pytest.mark.skipif(os.name == "nt", reason="no shell script there")
def test_where_nurie_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NURIE", raising=False)
    plugin.install_for_gimp(tmp_path)
    module: Any = loaded(tmp_path / "nurie" / "coloring.py")
    assert module.command() == plugin.command()
    settings = tmp_path / "nurie" / "nurie.json"
    on_path = tmp_path / "bin" / "nurie"
    on_path.parent.mkdir()
    on_path.write_text("#!/bin/sh\n")
    on_path.chmod(0o755)
    monkeypatch.setenv("PATH", str(on_path.parent))
    for told in ("[]", "{", '{"command": []}', '{"command": [1]}', json.dumps({"command": ["/moved/away", "main.py"]})):
        settings.write_text(told)
        assert module.command() == [str(on_path)], told
    monkeypatch.setenv("PATH", str(tmp_path))
    assert module.command() == []


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([("Paper", True, False), ("Line art", True, False)], 1),
        ([("Lines", True, False), ("Inks", True, False)], 0),
        ([("Lines", False, False), ("Inks", True, False)], 1),
        ([("Lines", True, False), ("線画", True, True)], 1),
        ([("Lines", True, False), ("Paper", True, True)], 0),
        ([("Sky", True, False), ("Paper", True, True)], 1),
        ([("Sky", False, False), ("Paper", True, False)], 1),
        ([("Sky", False, False)], 0),
        ([("Pinks", True, False), ("outline 2", True, False)], 1),
    ],
)
def test_which_layer_is_the_lines(layers: list[tuple[str, bool, bool]], expected: int) -> None:
    assert shared.guess(layers) == expected


def test_what_was_painted_between_stays_between() -> None:
    before = [(1, None), (None, "Highlights"), (2, None), (3, None), (None, "Shading"), (4, None), (None, "Flats")]
    before = [(own, name) if own else (name, name) for own, name in before]
    after = ["Shading", "Paint", "Flats"]
    kept = [own or name for own, name in shared.renewed([*before, (5, None)], after)]
    assert kept == [1, 2, 3, "Shading", "Paint", 4, "Flats", 5]


NAMES = ["Flats", "Paint", "Shading", "Highlights"]


@given(
    st.lists(st.sampled_from([*NAMES, None]), max_size=9).filter(
        lambda names: len(own := [name for name in names if name]) == len(set(own))
    ),
    st.lists(st.sampled_from(NAMES), unique=True),
)
def test_no_layer_of_the_artist_is_lost_or_changes_places(before: list[str | None], after: list[str]) -> None:
    layers = [(number, name) for number, name in enumerate(before)]
    found = shared.renewed(layers, after)
    assert [name for own, name in found if own is None] == after
    mine = [number for number, name in layers if name is None]
    assert sorted(own for own, _ in found if own is not None) == mine
    if after == [name for name in before if name]:
        assert [own for own, _ in found if own is not None] == mine


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["normal", "multiply", "screen"]), st.integers(0, 255), st.booleans())
def test_a_layer_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, name: str, blend: Any, opacity: int, visible: bool
) -> None:
    folder = tmp_path_factory.mktemp("layers")
    layer = Layer(
        "Shadé 影", np.full((3, 5, 4), 9, np.uint8), blend=blend, opacity=opacity, visible=visible, group="Flats"
    )
    write_png_set(folder, LayerStack((3, 5), (layer,)), {"Comment": name.replace("\0", "")})
    (found,) = shared.layers_in(folder, (5, 3))
    assert (found.name, found.blend, found.opacity, found.is_visible, found.group) == (
        "Shadé 影", blend, opacity, visible, "Flats"
    )  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"not a picture at all, but long enough to be one"])
def test_a_file_that_is_no_layer_is_said(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "01 Flats.png").write_bytes(data)
    with pytest.raises(shared.CannotColor):
        shared.layers_in(tmp_path, (5, 3))


def test_folders_of_ended_runs_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shared.tempfile, "gettempdir", lambda: str(tmp_path))
    for name in ("nurie-gimp-old", "nurie-gimp-new", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lines.png").touch()
    os.utime(tmp_path / "nurie-gimp-old", (0, 0))
    os.utime(tmp_path / "other", (0, 0))
    shared.tidy("nurie-gimp-", 600.0)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["nurie-gimp-new", "other"]
