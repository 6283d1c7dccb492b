"""`nurie palette`: finding, listing and converting palettes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.cli import palette as command
from engine.color import swatches
from engine.export import palette_files
from engine.palette import Palette, Swatch
from tests import sheets
from tests.unit.app.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[4]
Nurie = Callable[..., Run]
MIXED = Palette((Swatch("塗り絵", (1, 2, 3)), Swatch("red", (255, 0, 0))), "mine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """two.png (three quarters red, a quarter blue), green.png and mixed.gpl."""
    two = Image.new("RGB", (80, 80), (200, 40, 20))
    two.paste((20, 60, 180), (0, 0, 40, 40))
    two.save(tmp_path / "two.png")
    Image.new("RGB", (30, 30), (20, 130, 40)).save(tmp_path / "green.png")
    palette_files.write(tmp_path / "mixed.gpl", MIXED)
    return tmp_path


def test_the_colors_are_listed(nurie: Nurie, folder: Path) -> None:
    assert nurie("palette", folder / "two.png") == Run(0, "#c82814   75.00%  red\n#143cb4   25.00%  blue\n", "")
    listed = nurie("palette", folder / "mixed.gpl")
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.splitlines()[1] == "#ff0000  red"


@pytest.mark.parametrize("suffix", palette_files.SUFFIXES)
def test_the_colors_of_pictures_are_written(nurie: Nurie, folder: Path, suffix: str) -> None:
    output = folder / f"out{suffix}"
    assert nurie("palette", folder / "two.png", folder / "green.png", "--output", output) == Run(0, "", "")
    read = palette_files.read(output)
    assert {(swatch.name, swatch.color) for swatch in read.swatches} == {
        ("red", (200, 40, 20)), ("blue", (20, 60, 180)), ("green", (20, 130, 40))
    }  # fmt: skip
    assert read.swatches[0].name == "green"


def test_the_limit(nurie: Nurie, folder: Path) -> None:
    assert nurie("palette", folder / "two.png", "--limit", "1").out.splitlines() == ["#c82814  100.00%  red"]


def test_json(nurie: Nurie, folder: Path) -> None:
    output = folder / "out.aco"
    said = nurie("palette", folder / "two.png", "--output", output, "--json").json
    assert said["output"] == str(output)
    assert said["name"] == "two.png"
    assert said["swatches"] == [
        {"name": "red", "color": "#c82814", "share": 0.75}, {"name": "blue", "color": "#143cb4", "share": 0.25}
    ]  # fmt: skip
    assert said["seconds"] > 0
    listed = nurie("palette", folder / "mixed.gpl", "--json").json
    assert (listed["output"], listed["name"]) == (None, "mine")
    assert listed["swatches"][0] == {"name": "塗り絵", "color": "#010203", "share": None}


@pytest.mark.parametrize("suffix", [".ase", ".ACO", ".gpl"])
def test_a_palette_is_converted(nurie: Nurie, folder: Path, suffix: str) -> None:
    output = folder / f"converted{suffix}"
    assert nurie("palette", folder / "mixed.gpl", "--output", output) == Run(0, "", "")
    assert palette_files.read(output).swatches == MIXED.swatches


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["palette"], "FILE"),
        (["palette", "two.png", "--limit", "0"], "1 to 256"),
        (["palette", "two.png", "--limit", "many"], "1 to 256"),
        (["palette", "mixed.gpl", "--limit", "3"], "--limit is for pictures"),
        (["palette", "mixed.gpl", "two.png"], "name it alone"),
        (["palette", "two.png", "--output", "out.png"], ".gpl, .ase or .aco"),
        (["palette", "two.png", "--output", "no/out.gpl"], "no folder"),
        (["palette", "mixed.gpl", "--output", "./mixed.gpl"], "overwrite"),
        (["palette", "none.png"], "no file"),
        (["palette", "none.ase"], "no file"),
        (["palette", "bad.aco"], "not a palette"),
        (["palette", "bad.png"], "bad.png"),
    ],
)
def test_a_mistake_is_one_line(
    nurie: Nurie, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    (folder / "bad.aco").write_bytes(b"junk")
    (folder / "bad.png").write_bytes(b"\x89PNG junk")
    monkeypatch.chdir(folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert said in nurie(*arguments).error
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_the_command_repeats_is_the_engines() -> None:
    assert command.LIMIT_DEFAULT == swatches.LIMIT_DEFAULT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pal", "JASC-PAL\r\n0100\r\n2\r\n255 0 0\r\n1 2 3\r\n"),
        ("a.hex", "ff0000\n010203\n"),
        ("A.HEX", "ff0000\n010203"),
    ],
)
def test_palettes_that_are_only_read_are_listed(nurie: Nurie, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(content.encode())
    listed = nurie("palette", tmp_path / name)
    assert (listed.code, listed.err) == (0, "")
    assert [line[:7] for line in listed.out.splitlines()] == ["#ff0000", "#010203"]


def test_what_a_palette_file_has_besides_colors_is_told(nurie: Nurie, tmp_path: Path) -> None:
    (tmp_path / "own.gpl").write_text("GIMP Palette\n255 0 0\tred\n; mine\n")
    listed = nurie("palette", tmp_path / "own.gpl")
    assert (listed.code, listed.out) == (0, "#ff0000  red\n")
    assert listed.err == "nurie: note: own.gpl: A line that is no color was left out: line 3.\n"


def test_neither_torch_nor_qt_is_imported(folder: Path) -> None:
    code = (
        "import sys; from app.cli.main import main;"
        f"code = main(['palette', {str(folder / 'two.png')!r}, '--output', {str(folder / 'out.ase')!r}]);"
        "heavy = {'torch', 'PySide6'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else code)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert (folder / "out.ase").exists()


def test_a_sheet_gives_the_colors_of_its_figures(nurie: Nurie, tmp_path: Path) -> None:
    made = sheets.in_row(sheets.plain((620, 1000)), [sheets.simple(), sheets.simple()], top=110, space=80)
    Image.fromarray(sheets.with_band(made).pixels).save(tmp_path / "sheet.png")
    cut = nurie("palette", tmp_path / "sheet.png")
    assert cut.code == 0 and "#ff5ac8" not in cut.out and "#ba343e" in cut.out
    assert cut.err.count("\n") == 1 and "cut into its 2 figures" in cut.err and "--sheet off" in cut.err
    whole = nurie("palette", tmp_path / "sheet.png", "--sheet", "off")
    assert whole.code == 0 and "#ff5ac8" in whole.out and not whole.err
