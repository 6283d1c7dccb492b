"""Layers added to PSD files of other programs: what was there stays byte for byte."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from psd_tools import PSDImage

from engine.errors import PictureError
from engine.export import psd_into
from engine.export.psd_into import GROUP, Place
from engine.layered_drawing import read_for_layers
from engine.layers import Layer, LayerStack
from tests.foreign_psd import GROUP as FOLDER
from tests.foreign_psd import GROUP_END, Foreign, written
from tests.layer_stacks import noise

SIZE = (12, 16)
EMPTY = np.zeros((0, 0, 4), np.uint8)
COLORS = LayerStack(SIZE, (Layer("Flats", noise(*SIZE, 7)), Layer("red", noise(4, 4, 8), 2, 2, group="Swatches")))


def resource(key: int, data: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HH", key, 0) + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)


@st.composite
def layers(draw: st.DrawFn, depth: int = 0) -> list[Foreign]:
    """Some layers, from the bottom to the top, with groups."""
    found: list[Foreign] = []
    for number in range(draw(st.integers(0 if depth else 1, 3))):
        seed = draw(st.integers(0, 99))
        blocks = draw(
            st.lists(st.tuples(st.sampled_from([b"zzzz", b"levl", b"abcd"]), st.binary(max_size=9)), max_size=2)
        )
        if depth < 2 and draw(st.booleans()) and draw(st.booleans()):
            found.append(Foreign("</Layer group>", EMPTY, kind=GROUP_END))
            found += draw(layers(depth + 1))
            found.append(Foreign(f"folder {number}", EMPTY, kind=FOLDER, blend=b"pass"))
            continue
        shape = draw(st.sampled_from([(0, 0), (3, 5), SIZE]))
        even = tuple((key, data + bytes(len(data) % 2)) for key, data in blocks)
        found.append(
            Foreign(
                draw(st.sampled_from(["ink", "色", "sky", ""])), noise(*shape, seed), seed % 5, -1,
                draw(st.sampled_from([b"norm", b"mul ", b"lddg"])), bool(found) and draw(st.booleans()),
                draw(st.booleans()), draw(st.booleans()), blocks=even, packing=draw(st.integers(0, 3)),
            )
        )  # fmt: skip
    return found


@settings(max_examples=60, deadline=None)
@given(foreign=layers(), below=st.booleans(), alpha=st.booleans(), data=st.data())
def test_foreign_bytes_stay(
    tmp_path_factory: pytest.TempPathFactory, foreign: list[Foreign], below: bool, alpha: bool, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("into")
    by_layer = resource(1026, b"\1\2" * len(foreign)) + resource(1072, b"\1" * len(foreign))
    resources = resource(1005, bytes(16)) + by_layer + resource(4000, b"plug-in")
    after = struct.pack(">I", 0) + b"8BIMqqqq" + struct.pack(">I", 4) + b"abcd"
    source, one, two = folder / "a.psd", folder / "b.psd", folder / "c.psd"
    merged = noise(*SIZE, 3)[..., : 4 if alpha else 3]
    source.write_bytes(written(SIZE, foreign, merged, resources=resources, after=after, alpha=alpha))
    count = sum(1 for item in PSDImage.open(source).descendants() if not item.is_group())
    lines = frozenset(data.draw(st.sets(st.integers(0, count - 1)))) if count else frozenset()
    psd_into.write_into(one, source, COLORS, Place(lines, below), None)
    before, now = (psd_into._parsed(path.read_bytes(), "") for path in (source, one))
    own = [entry for entry in now.entries if entry in before.entries]
    assert own == list(before.entries) and len(now.entries) == len(before.entries) + 6
    assert (now.head, now.after, now.merged, now.negative) == (
        before.head,
        before.after,
        before.merged,
        before.negative,
    )
    places = [entry in before.entries for entry in now.entries]
    cut = places.index(False)
    assert not any(places[cut : cut + 6]) and cut + 6 <= len(places)
    for key, size in ((1026, 2), (1072, 1)):
        found = PSDImage.open(one)._record.image_resources[key]
        data_of = found.data if isinstance(found.data, bytes) else b""
        assert not data_of or len(data_of) == size * len(now.entries)
    document = PSDImage.open(one)
    ours: list[Any] = [item for item in document.descendants() if item.name == GROUP]
    assert len(ours) == 1 and [item.name for item in ours[0]] == ["Flats", "Swatches"]
    identities = [item.layer_id for item in document.descendants()]
    assert len(set(identities)) == len(identities)
    psd_into.write_into(two, one, COLORS, Place(frozenset(), below=False), None)
    again = psd_into._parsed(two.read_bytes(), "")
    assert [entry for entry in again.entries if entry in before.entries] == list(before.entries)
    assert len(again.entries) == len(now.entries) and again.after == before.after


def drawn() -> tuple[bytes, np.ndarray]:
    """Ink on its own layer over a sky, in a folder."""
    ink = np.zeros((*SIZE, 4), np.uint8)
    ink[5:7, 2:14, 3] = 255
    sky = np.full((*SIZE, 4), 255, np.uint8)
    merged = np.full((*SIZE, 3), 255, np.uint8)
    merged[5:7, 2:14] = 0
    found = [
        Foreign("sky", sky), Foreign("</Layer group>", EMPTY, kind=GROUP_END), Foreign("Lineart", ink),
        Foreign("shine", noise(3, 3), clipped=True), Foreign("page", EMPTY, kind=FOLDER, blend=b"pass"),
    ]  # fmt: skip
    return written(SIZE, found, merged), merged


def test_it_lies_under_the_lines_and_a_second_time_replaces(tmp_path: Path) -> None:
    data, merged = drawn()
    source = tmp_path / "a.psd"
    source.write_bytes(data)
    picture, place, base = read_for_layers(source)
    assert place.below and picture.alpha is not None and "Lineart" in picture.notes[-2]
    assert np.array_equal(base, merged)
    psd_into.write_into(tmp_path / "b.psd", source, COLORS, place, base)
    document = PSDImage.open(tmp_path / "b.psd")
    assert [item.name for item in document] == ["sky", "page"]
    assert [item.name for item in document[1]] == [GROUP, "Lineart", "shine"]  # type: ignore[attr-defined]
    shown = document.topil()
    assert shown is not None and np.asarray(shown)[5:7, 2:14].max() == 0, "the lines are seen over the colors"
    assert np.asarray(shown).min(axis=2)[0].min() < 255
    again = read_for_layers(tmp_path / "b.psd")
    assert np.array_equal(again[0].pixels, picture.pixels) and again[1].below
    psd_into.write_into(tmp_path / "c.psd", tmp_path / "b.psd", COLORS, again[1], base)
    assert (tmp_path / "c.psd").read_bytes() == (tmp_path / "b.psd").read_bytes()


@pytest.mark.parametrize("packing", [0, 1, 2, 3])
def test_lines_are_read_however_they_are_packed(tmp_path: Path, packing: int) -> None:
    ink = np.zeros((*SIZE, 4), np.uint8)
    ink[5:7, 2:14, 3] = noise(2, 12, 5)[..., 0]
    found = [Foreign("sky", noise(*SIZE, 1), packing=packing), Foreign("Lineart", ink, packing=packing)]
    data = written(SIZE, found, noise(*SIZE, 3)[..., :3]).replace(b"8BIMnorm\xc8", b"8BIMnorm\xff")
    (tmp_path / "a.psd").write_bytes(data)
    picture, place, base = read_for_layers(tmp_path / "a.psd")
    assert place.below and picture.alpha is not None and np.array_equal(picture.alpha, ink[..., 3])
    psd_into.write_into(tmp_path / "b.psd", tmp_path / "a.psd", COLORS, place, base)
    before, now = (psd_into._parsed((tmp_path / name).read_bytes(), "") for name in ("a.psd", "b.psd"))
    assert [entry for entry in now.entries if entry in before.entries] == list(before.entries)


@pytest.mark.parametrize(
    ("over", "hides"),
    [
        ({}, True), ({"blend": b"mul "}, False), ({"visible": False}, False), ({"clipped": True}, False),
        ({"left": 1}, False), ({"mask": True}, False),
    ],
)  # fmt: skip
def test_a_layer_that_hides_the_colors_is_said(tmp_path: Path, over: dict[str, Any], hides: bool) -> None:
    ink = np.zeros((*SIZE, 4), np.uint8)
    ink[5:7, 2:14, 3] = 255
    lid = Foreign("Saturation", np.full((*SIZE, 4), 255, np.uint8), **over)
    found = [lid, Foreign("Lineart", ink), lid]
    # Foreign layers have an opacity of 200; the whole file's are opaque here.
    data = written(SIZE, found, noise(*SIZE, 3)[..., :3]).replace(
        b"8BIM" + lid.blend + b"\xc8", b"8BIM" + lid.blend + b"\xff"
    )
    (tmp_path / "a.psd").write_bytes(data)
    notes = " ".join(read_for_layers(tmp_path / "a.psd")[0].notes)
    assert ("The layer Saturation lies over all" in notes) == hides


def test_a_file_without_layers_gets_its_picture_as_one(tmp_path: Path) -> None:
    merged = np.full((*SIZE, 3), 255, np.uint8)
    merged[5:7, 2:14] = 0
    (tmp_path / "a.psd").write_bytes(written(SIZE, [], merged))
    picture, place, base = read_for_layers(tmp_path / "a.psd")
    assert not place.below and np.array_equal(picture.pixels, merged)
    psd_into.write_into(tmp_path / "b.psd", tmp_path / "a.psd", COLORS, place, base)
    document = PSDImage.open(tmp_path / "b.psd")
    assert [item.name for item in document] == ["Background", GROUP]
    assert document[1].blend_mode.name == "MULTIPLY"
    assert np.array_equal(np.asarray(document[0].topil())[..., :3], merged)


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        (4, 2, "a.psd is a PSB"), (4, 9, "no PSD"), (22, 16, "16 bits a channel"), (22, 1, "1 bits"),
        (24, 4, "color mode CMYK"), (24, 1, "color mode Grayscale"), (24, 77, "color mode 77"), (12, 1, "color mode"),
    ],
)  # fmt: skip
def test_other_kinds_are_told_apart_before_anything_is_colored(tmp_path: Path, at: int, value: int, said: str) -> None:
    data = bytearray(drawn()[0])
    data[at : at + 2] = value.to_bytes(2, "big")
    # What follows the header is of that kind, too, or of a program that writes it wrongly.
    (tmp_path / "a.psd").write_bytes(data[:40])
    with pytest.raises(PictureError, match=said):
        read_for_layers(tmp_path / "a.psd")
    (tmp_path / "a.psd").write_bytes(data)
    with pytest.raises(PictureError, match=said):
        psd_into.write_into(tmp_path / "b.psd", tmp_path / "a.psd", COLORS, Place(frozenset(), True), None)
    assert not (tmp_path / "b.psd").exists()


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 1500), byte=st.integers(0, 255), at=st.integers(0, 1500))
def test_damaged_files_are_one_sentence(tmp_path_factory: pytest.TempPathFactory, cut: int, byte: int, at: int) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    data = bytearray(drawn()[0])
    data[at % len(data)] = byte
    (folder / "a.psd").write_bytes(bytes(data[: max(4, len(data) - cut)]))
    try:
        _, place, base = read_for_layers(folder / "a.psd")
        psd_into.write_into(folder / "b.psd", folder / "a.psd", COLORS, place, base)
    except PictureError:
        assert not (folder / "b.psd").exists()


def test_bytes_of_an_image_are_no_psd(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (3, 3)).save(stream, "PNG")
    (tmp_path / "a.psd").write_bytes(stream.getvalue())
    with pytest.raises(PictureError):
        read_for_layers(tmp_path / "a.psd")
