from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.document.parts import ReferenceItem
from app.finetune import pictures
from app.images import qt_images
from app.images.incoming import BytesSource, FileSource, ImageSource
from engine import images
from engine.errors import PictureError
from engine.request import Reference
from tests.fakes import line_drawing
from tests.finetuning import figure
from tests.window import write_picture

Value = TypeVar("Value")


def run(steps: Generator[Any, None, Value]) -> Value:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def test_files_folders_and_references_become_pictures(sheets: list[Path], tmp_path: Path) -> None:
    item = ReferenceItem(Reference(figure(9), name="ref.png"), QImage())
    (sheets[0].parent / "notes.txt").write_text("no picture")
    sources = [
        FileSource(sheets[0].parent),
        item,
        BytesSource(write_picture(tmp_path / "x.png", figure(8)).read_bytes(), "pasted"),
        ImageSource(qt_images.to_qimage(figure(7)), "shot"),
    ]
    found = run(pictures.read(sources))
    assert [one.name for one in found] == ["mio 0.png", "mio 1.png", "mio 2.png", "ref.png", "pasted", "shot"]
    for one in found:
        assert one.pixels is not None
        assert one.thumbnail is not None
        assert one.why == ""


def test_what_teaches_nothing_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"nothing")
    write_picture(tmp_path / "tiny.png", figure(1, 32))
    write_picture(tmp_path / "white.png", np.full((200, 200, 3), 255, np.uint8))
    write_picture(tmp_path / "lines.png", line_drawing(200, 200))
    paths = [tmp_path / name for name in ("broken.png", "tiny.png", "white.png", "missing.png", "lines.png")]
    found = run(pictures.read([FileSource(path) for path in paths]))
    assert [one.name for one in found] == [path.name for path in paths]
    for one, word in zip(found, ("broken.png", "tiny", "nothing drawn", "no file", "line art"), strict=True):
        assert word in one.why
        assert one.pixels is None


def test_several_figures_on_one_sheet_are_cut_apart(tmp_path: Path) -> None:
    sheet = np.full((300, 700, 3), 255, np.uint8)
    sheet[60:240, 40:220] = figure(1, 180)
    sheet[60:240, 460:640] = figure(2, 180)
    found = run(pictures.read([FileSource(write_picture(tmp_path / "sheet.png", sheet))]))
    assert [one.name for one in found] == ["sheet.png (1)", "sheet.png (2)"]


def test_the_same_picture_is_taken_once(sheets: list[Path], tmp_path: Path) -> None:
    copy = write_picture(tmp_path / "copy.png", figure(0))
    read = run(pictures.read([FileSource(path) for path in (sheets[0], copy, sheets[1])]))
    compared = run(pictures.compare(read))
    assert [bool(one.why) for one in compared] == [False, True, False]
    assert "mio 0.png" in compared[1].why
    # Without the first the copy has no reason to be left out any more.
    assert [one.why for one in run(pictures.compare(compared[1:]))] == ["", ""]
    assert run(pictures.compare(())) == ()


def test_pictures_are_written_with_their_names(sheets: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "run" / "pictures"
    folder.mkdir(parents=True)
    (folder / "old.png").touch()
    item = ReferenceItem(Reference(figure(9), name="a/b: 5.png"), QImage())
    read = run(pictures.read([FileSource(sheets[0]), item, FileSource(sheets[0])]))
    written = run(pictures.write(read, folder))
    assert sorted(folder.iterdir()) == sorted(written)
    assert [path.name for path in written] == ["mio 0.png", "b_ 5.png", "mio 0 2.png"]
    np.testing.assert_array_equal(images.read(written[0]).pixels, figure(0))
    np.testing.assert_array_equal(images.read(written[1]).pixels, figure(9))


def test_a_folder_that_cannot_be_made_is_a_sentence(sheets: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    read = run(pictures.read([FileSource(sheets[0])]))
    with pytest.raises(PictureError, match="cannot be made"):
        run(pictures.write(read, tmp_path / "file" / "pictures"))


def test_thicker_lines_have_more_ink(sheets: list[Path]) -> None:
    read = run(pictures.read([FileSource(sheets[0])]))
    thin, thick = (run(pictures.line_pairs(read, sigma))[0] for sigma in (0.3, 0.5))
    ink = [255.0 - qt_images.view_of(lines).mean() for lines, _ in (thin, thick)]
    assert 0.0 < ink[0] < ink[1]
    assert thin[0].size() == thin[1].size()


def test_pictures_that_are_not_there_yet_are_none(sheets: list[Path], tmp_path: Path) -> None:
    loaded = run(pictures.load([sheets[0], tmp_path / "missing.png"]))
    assert loaded[0] is not None
    assert loaded[1] is None


def test_a_folder_of_too_many_is_not_read_whole(sheets: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FOLDER_MAX", 2)
    found = run(pictures.read([FileSource(sheets[0].parent)]))
    assert len([one for one in found if not one.why]) == 2
    (told,) = [one for one in found if one.why]
    assert told.name == "sheet"
    assert "first 2" in told.why
