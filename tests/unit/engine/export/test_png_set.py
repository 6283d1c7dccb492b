"""A folder of PNG files: what is in it, what the files are called, and what cannot be written."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine import images
from engine.errors import PictureError
from engine.export.png_set import write_png_set
from engine.layers import Layer, LayerStack, clean_name, flatten, on_canvas
from tests import icc_profiles, layer_stacks
from tests.layer_stacks import noise

STACK = LayerStack(
    (20, 30),
    (
        Layer("Paper", noise(20, 30, alpha=255)),
        Layer("塗り", noise(9, 9, 1), -4, 15, "multiply", 120, True, "色"),
        Layer("線画", noise(20, 30, 2), visible=False),
        Layer("", np.zeros((0, 0, 4), np.uint8)),
    ),
)


@settings(max_examples=25, deadline=None)
@given(stack=layer_stacks.stacks())
def test_every_layer_stands_at_canvas_size(tmp_path_factory: pytest.TempPathFactory, stack: LayerStack) -> None:
    *layers, merged = write_png_set(tmp_path_factory.mktemp("set") / "new" / "folder", stack, {})
    for path, layer in zip(layers, stack.layers, strict=True):
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(image), on_canvas(layer, stack.size))
    assert np.array_equal(images.read(merged).pixels, flatten(stack))
    assert sorted(merged.parent.iterdir()) == sorted([*layers, merged])


def test_names_and_what_a_png_cannot_hold(tmp_path: Path) -> None:
    paths = write_png_set(tmp_path, STACK, {"Software": "Nurie"})
    assert [path.name for path in paths] == ["01 Paper.png", "02 塗り.png", "03 線画.png", "04.png", "merged.png"]
    with Image.open(paths[1]) as image:
        image.load()
        about = {key: image.info[key] for key in ("Software", "Layer", "Blend mode", "Opacity", "Visible", "Group")}
        assert list(about.values()) == ["Nurie", "塗り", "multiply", "120", "yes", "色"]
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.02)
    with Image.open(paths[2]) as image:
        image.load()
        assert image.info["Visible"] == "no"
        assert "Group" not in image.info


def test_the_profile_goes_into_every_file(tmp_path: Path) -> None:
    wide = replace(STACK, icc_profile=icc_profiles.wide_rgb())
    for path in write_png_set(tmp_path, wide, {}):
        with Image.open(path) as image:
            assert image.info["icc_profile"] == wide.icc_profile


tricky = st.sampled_from(
    ["CON", "nul.txt", "a/b\\c", "..", ".", "a.", " a ", 'x:*?"<>|', "線/画", "\u202egnp.exe", "a" * 400, "😀" * 90]
)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(tricky | st.text(max_size=9).map(clean_name), min_size=1, max_size=4))
def test_any_name_makes_a_safe_one(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    folder = tmp_path_factory.mktemp("set")
    paths = write_png_set(folder, LayerStack((1, 1), tuple(Layer(name, noise(1, 1)) for name in names)), {})
    assert len({path.name.casefold() for path in paths}) == len(names) + 1
    for path in paths:
        assert path.parent == folder
        assert path.exists()
        assert not set(path.name) & set('/\\:*?"<>|\u202e')
        assert len(path.name.encode()) <= 255
        assert not path.stem.endswith((" ", "."))
        assert path.name == "merged.png" or path.name[:2].isdigit()


def test_more_than_ninety_nine_layers_stay_in_order(tmp_path: Path) -> None:
    paths = write_png_set(tmp_path, LayerStack((1, 1), (Layer("a", noise(1, 1)),) * 100), {})
    assert [path.name for path in paths[:2]] == ["001 a.png", "002 a.png"]
    assert sorted(paths) == paths


def test_old_files_are_replaced_and_others_left(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "merged.png").write_bytes(b"old")
    write_png_set(tmp_path, STACK, {})
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert np.array_equal(images.read(tmp_path / "merged.png").pixels, flatten(STACK))


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(PictureError, match="Cannot make the folder"):
            write_png_set(folder, STACK, {})
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_leaves_whole_files_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = os.fsync
    files: list[int] = []

    def full_after_three(number: int) -> None:
        files.append(number)
        if len(files) > 3:
            raise OSError(28, "no space")
        synced(number)

    monkeypatch.setattr(os, "fsync", full_after_three)
    with pytest.raises(PictureError, match="disk is full"):
        write_png_set(tmp_path, STACK, {})
    assert [path.name for path in tmp_path.iterdir()]
    for path in tmp_path.iterdir():
        images.read(path)
