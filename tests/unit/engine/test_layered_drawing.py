"""Layered files of other programs: what they show, which layers they have, and those a person chooses."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from psd_tools import PSDImage
from psd_tools.constants import BlendMode, ColorMode, Tag

from engine import layered_drawing
from engine.errors import PictureError
from engine.export import formats
from engine.layers import Layer, LayerStack
from tests import layered
from tests.layered import GREEN, HEIGHT, RED, WIDTH, filled, strokes

WHITE = (255, 255, 255, 255)
SUFFIXES = (".psd", ".ora")


def ink_rows(pixels: np.ndarray) -> set[int]:
    """Rows with dark pixels in the middle."""
    return set(np.flatnonzero(pixels[:, WIDTH // 2].max(axis=1) < 100).tolist())


def base() -> np.ndarray:
    """A red shape on white."""
    pixels = filled(WHITE)
    pixels[15:55, 20:65] = RED
    return pixels


def two_lines(path: Path) -> Path:
    """The drawing in two folders, over colors."""
    if path.suffix == ".ora":
        stack = (
            '<stack name="Head"><layer name="Line" src="h.png"/></stack>'
            '<stack name="Body"><layer name="Line" src="b.png"/></stack>'
            '<layer name="Base" src="c.png"/>'
        )
        merged = base()
        merged[10:13], merged[40:43] = (0, 0, 0, 255), (0, 0, 0, 255)
        pictures = {"h.png": strokes([10]), "b.png": strokes([40]), "c.png": base(), "mergedimage.png": merged}
        return layered.ora(path, stack, {name: layered.png(pixels) for name, pixels in pictures.items()})

    def make(document: PSDImage, add: Any) -> None:
        add("Base", base())
        add("Line", strokes([40]), document.create_group(name="Body"))
        add("Line", strokes([10]), document.create_group(name="Head"))

    return layered.psd(path, make)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_file_is_shown_as_its_program_shows_it(tmp_path: Path, suffix: str) -> None:
    picture, line_art = layered_drawing.read(two_lines(tmp_path / f"a{suffix}"))
    assert line_art is None
    assert ink_rows(picture.pixels) == {10, 11, 12, 40, 41, 42}
    assert tuple(picture.pixels[25, 40]) == RED[:3] and picture.alpha is None


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["Line"], {10, 11, 12, 40, 41, 42}),
        (["Head/Line"], {10, 11, 12}),
        (["body"], {40, 41, 42}),
        (["Body/Line", "Head/Line"], {10, 11, 12, 40, 41, 42}),
    ],
)
def test_layers_are_chosen_by_name_folder_or_both(
    tmp_path: Path, suffix: str, names: list[str], rows: set[int]
) -> None:
    picture, line_art = layered_drawing.read(two_lines(tmp_path / f"a{suffix}"), names)
    assert line_art is None
    assert ink_rows(picture.pixels) == rows
    assert tuple(picture.pixels[25, 40]) == (255, 255, 255)
    assert picture.alpha is not None and picture.alpha[25, 40] == 0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_lines_by_name_come_before_lines_extracted_from_colors(tmp_path: Path, suffix: str) -> None:
    path = two_lines(tmp_path / f"a{suffix}")
    picture, _ = layered_drawing.read(path, guess=True)
    assert ink_rows(picture.pixels) == {10, 11, 12, 40, 41, 42} and tuple(picture.pixels[25, 40]) == (255, 255, 255)
    assert "Body/Line, Head/Line" in picture.notes[-1] and "--line-layer" in picture.notes[-1]
    found = layered_drawing.guess_layers(path)
    assert (found.lines, found.colors, found.named) == (("Body/Line", "Head/Line"), ("Base",), True)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_colors_are_chosen_and_what_is_not_there_is_named(tmp_path: Path, suffix: str) -> None:
    path = two_lines(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(layered_drawing.read_reference(path, ["base"]).pixels, base()[..., :3])
    with pytest.raises(PictureError, match=r'no layer "Inks"; it has Head/Line, Body/Line, Base\.'):
        layered_drawing.read(path, ["Inks"])


def test_what_is_clipped_masked_or_blended_is_shown(tmp_path: Path) -> None:
    def make(document: PSDImage, add: Any) -> None:
        add("Paper", filled(WHITE))
        half = filled(RED)
        half[:, 40:] = 0
        add("Color", half)
        add("Shade", filled((0, 0, 0, 128))).clipping = True
        glow = add("Glow", filled((128, 128, 128, 255)))
        glow.blend_mode = BlendMode.OVERLAY

    path = layered.psd(tmp_path / "a.psd", make)
    expected = layered_drawing.read(path)[0].pixels
    assert abs(int(expected[5, 5, 0]) - RED[0] // 2) < 4 and expected[5, 60].min() >= 254
    # The merged picture was never made: the layers are put together, to the same.
    layered.with_merged(path, np.full((HEIGHT, WIDTH, 3), 255, np.uint8))
    assert np.abs(layered_drawing.read(path)[0].pixels.astype(int) - expected).max() <= 1
    # A chosen layer brings what is clipped to it.
    alone = layered_drawing.read_reference(path, ["Color"])
    assert abs(int(alone.pixels[5, 5, 0]) - RED[0] // 2) < 4 and alone.alpha is not None and alone.alpha[5, 60] == 0


def test_hidden_layers_are_not_shown_unless_chosen(tmp_path: Path) -> None:
    def make(document: PSDImage, add: Any) -> None:
        add("Paper", filled(WHITE))
        group = document.create_group(name="Old")
        add("ink", strokes([30]), group)
        group.visible = False
        add("ink", strokes([10]))

    path = layered.psd(tmp_path / "a.psd", make)
    assert ink_rows(layered_drawing.read(path)[0].pixels) == {10, 11, 12}
    assert ink_rows(layered_drawing.read(path, ["ink"])[0].pixels) == {10, 11, 12}
    assert ink_rows(layered_drawing.read(path, ["Old/ink"])[0].pixels) == {30, 31, 32}
    assert layered_drawing.guess_layers(path).lines == ("ink",)


def plane(value: int, kind: str = "u1") -> bytes:
    return np.full((HEIGHT, WIDTH), value, kind).tobytes()


@pytest.mark.parametrize(
    ("mode", "depth", "planes", "data", "expected"),
    [
        (ColorMode.GRAYSCALE, 8, [plane(77)], b"", (77, 77, 77)),
        (ColorMode.GRAYSCALE, 16, [plane(40000, ">u2")], b"", (156, 156, 156)),
        (ColorMode.DUOTONE, 8, [plane(77)], b"any", (77, 77, 77)),
        (ColorMode.RGB, 16, [plane(one, ">u2") for one in (65535, 32768, 0)], b"", (255, 128, 0)),
        (ColorMode.RGB, 32, [np.full((HEIGHT, WIDTH), v, ">f4").tobytes() for v in (1, 0.2159, 0)], b"", (255, 128, 0)),
        (ColorMode.CMYK, 8, [plane(0), plane(255), plane(255), plane(255)], b"", (0, 255, 255)),
        (ColorMode.CMYK, 8, [plane(255), plane(0), plane(0), plane(0)], b"", (0, 255, 255)),  # as psd-tools writes it
        (ColorMode.LAB, 8, [plane(255), plane(128), plane(128)], b"", (255, 255, 255)),
        (ColorMode.INDEXED, 8, [plane(200)], bytes(range(256)) + bytes(256) + bytes([7] * 256), (200, 0, 7)),
        (ColorMode.BITMAP, 1, [bytes(HEIGHT * WIDTH // 8)], b"", (255, 255, 255)),
        (ColorMode.BITMAP, 1, [b"\xff" * (HEIGHT * WIDTH // 8)], b"", (0, 0, 0)),
    ],
)
def test_every_kind_of_color_is_read(
    tmp_path: Path, mode: ColorMode, depth: int, planes: list[bytes], data: bytes, expected: tuple[int, int, int]
) -> None:
    path = layered.plain_psd(tmp_path / "a.psd", mode, depth, planes, data)
    for picture in (layered_drawing.read(path)[0], layered_drawing.read_reference(path)):
        assert np.abs(picture.pixels.astype(int) - expected).max() <= 1
        assert picture.pixels.shape == (HEIGHT, WIDTH, 3)


def test_spot_colors_are_refused_by_name(tmp_path: Path) -> None:
    path = layered.plain_psd(tmp_path / "a.psd", ColorMode.MULTICHANNEL, 8, [plane(1), plane(2)])
    with pytest.raises(PictureError, match="spot colors only, which cannot be read by Nurie yet"):
        layered_drawing.read(path)


def test_openraster_without_a_merged_picture_is_put_together(tmp_path: Path) -> None:
    stack = (
        '<layer name="vector" src="v.svg"/><layer name="glow" src="glow.png" composite-op="svg:overlay"/>'
        '<stack name="half" opacity="0.5"><layer name="dot" src="dot.png" x="10.4" y="-3,6"/></stack>'
        '<layer name="hidden" src="glow.png" visibility="hidden"/><layer name="paper" src="paper.png"/>'
    )
    files = {
        "v.svg": b"<svg/>",
        "glow.png": layered.png(filled((128, 128, 128, 255))),
        "dot.png": layered.png(np.full((20, 20, 4), RED, np.uint8)),
        "paper.png": layered.png(np.full((HEIGHT, WIDTH), 255 * 257, np.uint16)),
    }
    picture, _ = layered_drawing.read(layered.ora(tmp_path / "a.ora", stack, files))
    assert picture.alpha is None and picture.pixels[50, 50].min() >= 254
    assert np.abs(picture.pixels[5, 15].astype(int) - (np.array(RED[:3]) + 255) // 2).max() <= 2
    dots = np.argwhere(picture.pixels[..., 1] < 200)
    assert (dots.min(axis=0) == (0, 10)).all() and (dots.max(axis=0) == (15, 29)).all()
    said = " ".join(picture.notes)
    assert "no merged picture" in said and '"vector" was left out' in said and "rounded" in said


def test_a_merged_picture_is_enough(tmp_path: Path) -> None:
    stack = '<layer name="v" src="v.svg" composite-op="krita:unheard-of" x="1.5"/>'
    path = layered.ora(tmp_path / "a.ora", stack, {"v.svg": b"", "mergedimage.png": layered.png(filled(GREEN))})
    picture, _ = layered_drawing.read(path)
    assert (picture.pixels == GREEN[:3]).all() and picture.notes == ()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_nurie_wrote_is_a_drawing_with_flats(tmp_path: Path, suffix: str) -> None:
    layers = (
        Layer("Paper", filled(WHITE)),
        Layer("Flats", filled(RED)),
        Layer("Line", strokes([10]), blend="multiply"),
    )
    path = tmp_path / f"a{suffix}"
    formats.write_layers(path, LayerStack((HEIGHT, WIDTH), layers), {})
    _, line_art = layered_drawing.read(path)
    assert line_art is not None and line_art.flats is not None and tuple(line_art.flats[5, 5]) == RED
    assert layered_drawing.layers_of(path) == ()


def test_a_mark_that_another_program_dropped(tmp_path: Path) -> None:
    """Layers just as Nurie lays them are its own; one more, or another order, is not."""
    names = {"line": "Line", "flats": "Flats", "paper": "Paper"}
    files = {"line.png": strokes([10]), "flats.png": filled(RED), "paper.png": filled(WHITE)}
    data = {name: layered.png(pixels) for name, pixels in files.items()} | {"mergedimage.png": layered.png(filled(RED))}
    rows = [f'<layer name="{names[one]}" src="{one}.png"/>' for one in names]
    own = layered.ora(tmp_path / "own.ora", "".join(rows), data)
    assert layered_drawing.read(own)[1] is not None
    for index, other in enumerate(
        (
            [rows[0], *rows],
            [f'<stack name="A">{rows[0]}</stack>', *rows[1:]],
            ['<layer name="inks" src="line.png"/>', *rows],
            rows[::-1],
            rows[:2],
        )
    ):
        path = layered.ora(tmp_path / f"{index}.ora", "".join(other), data)
        assert layered_drawing.read(path)[1] is None
        assert layered_drawing.layers_of(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_layers_an_artist_added_to_nuries_do_not_refuse_it(tmp_path: Path, suffix: str) -> None:
    layers = (
        Layer("Paper", filled(WHITE)),
        Layer("Flats", filled(RED)),
        Layer("Line", strokes([10]), blend="multiply"),
    )
    path = tmp_path / f"a{suffix}"
    formats.write_layers(path, LayerStack((HEIGHT, WIDTH), (*layers, Layer("Glow", filled(GREEN)))), {})
    if suffix == ".psd":
        document = PSDImage.open(path)
        document[3].blend_mode = BlendMode.OVERLAY
        document.save(path)
    else:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        page = parts["stack.xml"].replace(b'composite-op="svg:src-over"', b'composite-op="svg:overlay"', 1)
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in (parts | {"stack.xml": page}).items():
                archive.writestr(name, data)
    _, line_art = layered_drawing.read(path)
    assert line_art is not None and line_art.flats is not None and tuple(line_art.flats[5, 5]) == RED


def test_layers_that_hold_lines_are_guessed_where_names_say_nothing(tmp_path: Path) -> None:
    def make(document: PSDImage, add: Any) -> None:
        add("Ebene 1", filled(WHITE))
        add("Ebene 2", filled(GREEN))
        add("Ebene 3", strokes([20, 30]))
        add("Ebene 4", strokes([50], (0, 0, 0, 20)))

    path = layered.psd(tmp_path / "a.psd", make)
    assert [one.kind for one in layered_drawing.layers_of(path)] == ["other", "colors", "lines", "other"]
    found = layered_drawing.guess_layers(path)
    assert (found.lines, found.colors, found.named) == (("Ebene 3",), ("Ebene 2",), False)
    # Without a name nobody is told that there is one: the color picture is what it is.
    assert layered_drawing.read(path, guess=True)[0].notes == ()


def test_a_fill_opacity_refuses_nothing(tmp_path: Path) -> None:
    def make(document: PSDImage, add: Any) -> None:
        add("Paper", filled(WHITE))
        layer = add("Line", strokes([20]))
        layer.name = "線画"
        layer._record.tagged_blocks.set_data(Tag.BLEND_FILL_OPACITY, 128)

    picture, _ = layered_drawing.read(layered.psd(tmp_path / "a.psd", make), ["線画"])
    assert 100 < picture.pixels[21, 40, 0] < 160
