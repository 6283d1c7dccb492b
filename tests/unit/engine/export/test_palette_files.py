"""Palette files: what was written is read back, other programs' files are understood, bad ones get one sentence."""

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NurieError, PictureError, RequestError
from engine.export import palette_files
from engine.palette import Color, Palette, Swatch

channels = st.integers(0, 255)
names = st.text(max_size=40)
swatches = st.lists(st.builds(Swatch, names, st.tuples(channels, channels, channels)), min_size=1, max_size=8)
palettes = st.builds(Palette, swatches.map(tuple), names)
suffixes = st.sampled_from(palette_files.SUFFIXES)

FEW = Palette(
    (Swatch("skin", (250, 215, 190)), Swatch("塗り絵 – été 🎨", (0, 255, 1)), Swatch("", (7, 8, 9))), "Sylvie"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("palettes")


def kept(name: str) -> str:
    """What a name is in a file: no control characters, no white space at its ends."""
    return palette_files._clean(name)


def refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(PictureError) as caught:
        palette_files.read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


@settings(max_examples=80, deadline=None)
@given(palettes, suffixes)
def test_what_was_written_is_read_back(folder: Path, palette: Palette, suffix: str) -> None:
    path = folder / f"file{suffix}"
    palette_files.write(path, palette)
    read = palette_files.read(path)
    assert [swatch.color for swatch in read.swatches] == [swatch.color for swatch in palette.swatches]
    assert [swatch.name for swatch in read.swatches] == [kept(swatch.name) for swatch in palette.swatches]
    assert read.name == (kept(palette.name) or "file" if suffix == ".gpl" else "file")
    palette_files.write(path, read)
    assert palette_files.read(path) == read


@pytest.mark.parametrize("suffix", palette_files.SUFFIXES)
def test_names_in_any_script_survive(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"few{suffix.upper()}"
    palette_files.write(path, FEW)
    assert palette_files.read(path).swatches == FEW.swatches
    long = Palette((Swatch("a\tb\nc" * 200, (1, 2, 3)),))
    palette_files.write(path, long)
    assert palette_files.read(path).swatches[0].name == ("abc" * 200)[:255]


@pytest.mark.parametrize("suffix", palette_files.SUFFIXES)
def test_every_level_survives(tmp_path: Path, suffix: str) -> None:
    palette = Palette(tuple(Swatch("", (level, 255 - level, level // 2)) for level in range(256)))
    palette_files.write(tmp_path / f"all{suffix}", palette)
    assert palette_files.read(tmp_path / f"all{suffix}").swatches == palette.swatches


@settings(max_examples=80, deadline=None)
@given(palettes, suffixes, st.data())
def test_a_file_cut_short(folder: Path, palette: Palette, suffix: str, data: st.DataObject) -> None:
    path = folder / f"short{suffix}"
    palette_files.write(path, palette)
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    try:
        read = palette_files.read(path)
    except PictureError:
        return
    # Text may end anywhere, and an .aco file holds its colors twice; an .ase file says how much there is.
    assert suffix != ".ase"
    colors = [swatch.color for swatch in palette.swatches]
    if suffix == ".aco":
        assert [swatch.color for swatch in read.swatches] == colors
    else:
        whole_lines = len(read.swatches) - 1
        assert [swatch.color for swatch in read.swatches][:whole_lines] == colors[:whole_lines]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([b"", b"GIMP Palette\n", b"ASEF\0\1\0\0", b"\0\1", b"\0\2"]), st.binary(max_size=200))
def test_garbage_is_refused_or_holds_colors(folder: Path, start: bytes, rest: bytes) -> None:
    path = folder / "garbage.ase"
    path.write_bytes(start + rest)
    try:
        assert palette_files.read(path).swatches
    except PictureError as error:
        assert "garbage.ase" in str(error)


def ase(*blocks: bytes) -> bytes:
    return b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks)


def ase_color(name: str, model: bytes, *values: float, more: bytes = b"") -> bytes:
    text = (name + "\0").encode("utf-16-be")
    body = struct.pack(">H", len(text) // 2) + text + model + struct.pack(f">{len(values)}fH", *values, 2) + more
    return struct.pack(">HI", 1, len(body)) + body


def test_ase_of_other_programs(tmp_path: Path) -> None:
    group = "Haut\0".encode("utf-16-be")
    path = tmp_path / "other.ase"
    path.write_bytes(
        ase(
            struct.pack(">HIH", 0xC001, len(group) + 2, len(group) // 2) + group,
            ase_color("rgb", b"RGB ", 1.0, 0.5, 0.0, more=b"their own"),
            struct.pack(">HI", 0xC002, 0),
            ase_color("gray", b"Gray", 0.5),
            ase_color("cmyk", b"CMYK", 0.0, 0.5, 1.0, 0.2),
            ase_color("red", b"LAB ", 0.5429, 80.81, 69.89),
            ase_color("white", b"LAB ", 1.0, 0.0, 0.0),
        )
    )
    read = palette_files.read(path)
    assert read.name == "other"
    assert [swatch.name for swatch in read.swatches] == ["rgb", "gray", "cmyk", "red", "white"]
    expected = [(255, 128, 0), (128, 128, 128), (204, 102, 0), (255, 0, 0), (255, 255, 255)]
    assert near([swatch.color for swatch in read.swatches], expected)


def near(colors: list[Color], expected: list[Color]) -> bool:
    return all(
        abs(a - b) <= 1 for one, two in zip(colors, expected, strict=True) for a, b in zip(one, two, strict=True)
    )


ACO_MODELS = [
    ((0, 65535, 32768, 0, 0), (255, 128, 0)),
    ((1, 21845, 65535, 65535, 0), (0, 255, 0)),
    ((2, 65535, 32768, 0, 52428), (204, 102, 0)),
    ((7, 5429, 8081, 6989, 0), (255, 0, 0)),
    ((7, 2957, 6830, 65536 - 11203, 0), (0, 0, 255)),
    ((8, 5000, 0, 0, 0), (128, 128, 128)),
]


@pytest.mark.parametrize("version", [1, 2])
def test_aco_of_other_programs(tmp_path: Path, version: int) -> None:
    name = struct.pack(">I", 3) + "été"[:2].encode("utf-16-be") + b"\0\0" if version == 2 else b""
    colors = b"".join(struct.pack(">5H", *values) + name for values, _ in ACO_MODELS)
    path = tmp_path / "other.aco"
    path.write_bytes(struct.pack(">HH", version, len(ACO_MODELS)) + colors)
    read = palette_files.read(path)
    assert near([swatch.color for swatch in read.swatches], [color for _, color in ACO_MODELS])
    assert {swatch.name for swatch in read.swatches} == ({"ét"} if version == 2 else {""})


def test_gpl_of_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "old.gpl"
    path.write_bytes(b"GIMP Palette\r\n# no name\r\n\r\n255 0\t0  deep  red \r\n  1   2   3\r\n#0 0 0 gone\r\n")
    assert palette_files.read(path) == Palette((Swatch("deep  red", (255, 0, 0)), Swatch("", (1, 2, 3))), "old")
    path.write_bytes("GIMP Palette\nName: Été\n9 9 9\tgrün\n".encode("latin-1"))
    assert palette_files.read(path) == Palette((Swatch("grün", (9, 9, 9)),), "Été")
    path.write_bytes(b"\xef\xbb\xbfGIMP Palette\nName: A\nColumns: 3\n9 9 9")
    assert palette_files.read(path) == Palette((Swatch("", (9, 9, 9)),), "A")


HAT_AND_FACE = ((186, 52, 62), (246, 208, 176))


@pytest.mark.parametrize(
    ("data", "names", "note"),
    [
        (b"GIMP Palette\n186 52 62\tHat\n; mine\n246 208 176\tFace\n1 2\n", ["Hat", "Face"], "2 lines"),
        (b"GIMP Palette\n300 1 1 no\n186 52 62\tHat\n246 208 176\n", ["Hat", ""], "line 2"),
        (b"GIMP Palette\rName: x\rColumns 6\r#\r186 52 62 Hat\r246 208 176 Face\r", ["Hat", "Face"], None),
        ("\ufeffGIMP Palette\n186 52 62 é\n246 208 176 顔\n".encode("utf-16-le"), ["é", "顔"], None),
        ("\ufeffGIMP Palette\n186 52 62 é\n246 208 176 顔\n".encode("utf-16-be"), ["é", "顔"], None),
        ("GIMP Palette\n186 52 62 é\n246 208 176 顔\n".encode("utf-16-le"), ["é", "顔"], None),
        ("GIMP Palette\n186 52 62\t帽子\n246 208 176\t肌 影\n".encode("cp932"), ["帽子", "肌 影"], "Shift-JIS"),
        ("GIMP Palette\n186 52 62\tforêt\n246 208 176\tgrün\n".encode("latin-1"), ["forêt", "grün"], "Latin-1"),
        ("GIMP Palette\n186 52 62\tforêt\n246 208 176\télan\n".encode("latin-1"), ["forêt", "élan"], "Latin-1"),
        (b"GIMP Palette\nChannels: RGBA\n186 52 62 255 Hat\n246 208 176 9\n", ["Hat", ""], "transparent"),
        (b"GIMP Palette\n186 52 62 255 Hat\n246 208 176 255 Face\n", ["Hat", "Face"], None),
        (b"GIMP Palette\n186 52 62\t255\n246 208 176\t255\n", ["255", "255"], None),
        (b"JASC-PAL\r\n0100\r\n2\r\n186 52 62\r\n246 208 176\r\n", ["", ""], None),
        (b"JASC-PAL\n0100\n2\n186 52 62 255\n246 208 176 0\n\n", ["", ""], None),
        (b"ba343e\nF6D0B0\n", ["", ""], None),
        (b"#ba343e\r\n; a note\r\n#F6D0B0\r\noh\r\n", ["", ""], "line 4"),
    ],
)
def test_texts_of_other_programs(tmp_path: Path, data: bytes, names: list[str], note: str | None) -> None:
    path = tmp_path / "any.name"
    path.write_bytes(data)
    read = palette_files.read(path)
    assert tuple(swatch.color for swatch in read.swatches) == HAT_AND_FACE
    assert [swatch.name for swatch in read.swatches] == names
    assert (note is None) == (read.notes == ())
    assert note is None or note in " ".join(read.notes)


def procreate(*pages: object, name: str = "Swatches.json", packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for page in pages:
            archive.writestr(name, page if isinstance(page, bytes) else json.dumps(page))
    return stream.getvalue()


def test_procreate(tmp_path: Path) -> None:
    path = tmp_path / "a.swatches"
    swatches = [{"hue": 0.0, "saturation": 1, "brightness": 1.0, "alpha": 1, "colorSpace": 0}, None]
    path.write_bytes(procreate([{"name": "Sylvie", "swatches": swatches}]))
    assert palette_files.read(path) == Palette((Swatch("", (255, 0, 0)),), "Sylvie")
    path.write_bytes(procreate({"name": 5, "swatches": swatches * 3}))
    assert palette_files.read(path) == Palette((Swatch("", (255, 0, 0)),) * 3, "a")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (procreate([{"swatches": [{"hue": "red"}]}]), "damaged"),
        (procreate([{"swatches": [{"hue": float("nan"), "saturation": 1, "brightness": 1}]}]), "damaged"),
        (procreate(b"[" * 100_000), "damaged"),
        (procreate(b"{"), "damaged"),
        (procreate(b" " * 9_000_000), "damaged"),
        (procreate([]), "without a color"),
        (procreate([], name="other"), "not a palette"),
        (procreate([])[:40], "damaged"),
    ],
    ids=range(8),
)
def test_bad_procreate(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refused(tmp_path / "bad.swatches", data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n", "not a palette"),
        (b"GIMP Palette\nName: none\n", "without a color"),
        (b"GIMP Palette\n1 2 256 x\n", "without a color"),
        (b"GIMP Palette\n1 2\n", "without a color"),
        (b"GIMP Palette\n\xff\xfe\x00nonsense", "without a color"),
        (b"ASEF", "damaged"),
        (b"ASEF" + struct.pack(">HHI", 1, 0, 0), "without a color"),
        (b"ASEF" + struct.pack(">HHI", 9, 0, 0), "damaged"),
        (b"ASEF" + struct.pack(">HHI", 1, 0, 0xFFFFFFFF), "damaged"),
        (ase(struct.pack(">HI", 0xC001, 0xFFFFFFFF)), "damaged"),
        (ase(ase_color("nan", b"RGB ", float("nan"), 0.0, 0.0)), "damaged"),
        (ase(ase_color("huge", b"LAB ", float("inf"), 0.0, 0.0)), "damaged"),
        (ase(ase_color("ink", b"HKS ", 1.0)), "HKS"),
        (struct.pack(">HH", 1, 0xFFFF), "damaged"),
        (struct.pack(">HHHHHHH", 1, 1, 0, 1, 2, 3, 4) + b"junk", "damaged"),
        (struct.pack(">HHHHHHHI", 2, 1, 0, 1, 2, 3, 4, 0xFFFFFFFF), "damaged"),
        (struct.pack(">HHHHHHH", 1, 1, 3, 1, 2, 3, 4), "number 3"),
        (b"GIMP Palette\n" + b"1 2 3\n" * 10_001, "limit is 10000"),
    ],
)
def test_bad_files(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refused(tmp_path / "bad.gpl", data)


def test_junk_of_many_megabytes_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "junk.gpl"
    with path.open("wb") as stream:
        stream.write(b"GIMP Palette\n")
        stream.truncate(100 << 20)
    with pytest.raises(PictureError, match="too large"):
        palette_files.read(path)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="There is no file"):
        palette_files.read(tmp_path / "none.gpl")
    with pytest.raises(PictureError, match="not a file with a palette"):
        palette_files.read(tmp_path)
    with pytest.raises(PictureError, match="no folder"):
        palette_files.write(tmp_path / "none" / "a.gpl", FEW)


@pytest.mark.parametrize(
    ("file", "palette", "said"),
    [
        ("old.gpl", Palette(()), "no colors"),
        ("old.txt", FEW, r"\.gpl, \.ase or \.aco"),
        ("old.aco", Palette(FEW.swatches * 4000), "10000"),
    ],
)
def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path, file: str, palette: Palette, said: str) -> None:
    path = tmp_path / file
    path.write_bytes(b"the old palette")
    with pytest.raises(NurieError, match=said) as caught:
        palette_files.write(path, palette)
    assert isinstance(caught.value, RequestError if not palette.swatches else PictureError)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(file, b"the old palette")]


@pytest.mark.parametrize("model", [b"HSB ", b"RG\n1", b"\x00\x01\x02\x03", b"\xff\xfe\xfd\xfc", b"    ", b"\x1b[2J"])
def test_a_kind_of_color_is_named_only_where_it_is_a_name(tmp_path: Path, model: bytes) -> None:
    color = b"\x00\x02\x00a\x00\x00" + model + struct.pack(">fffh", 0.1, 0.2, 0.3, 0)
    data = b"ASEF" + struct.pack(">HHI", 1, 0, 1) + struct.pack(">HI", 1, len(color)) + color
    (tmp_path / "a.ase").write_bytes(data)
    with pytest.raises(PictureError) as told:
        palette_files.read(tmp_path / "a.ase")
    words = "of the kind HSB;" if model == b"HSB " else "is damaged"
    assert words in str(told.value) and str(told.value).isprintable()
