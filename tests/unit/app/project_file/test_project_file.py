"""Projects on the disk: nothing is lost, nothing is written or encoded twice, pages are decoded when they are shown."""

import hashlib
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from app.document.making import lines_of
from app.document.page import Page, Snapshot
from app.document.parts import Drawing
from app.project_file import arrays
from app.project_file import file as project_file
from app.project_file.page_codec import PageCodec
from engine.color.shading import Shading
from engine.corrections import Corrections, Hint
from engine.finishing import Finished
from engine.options import FinishOptions, LineOptions
from engine.palette import Palette, Swatch
from engine.pipeline import run
from engine.request import ColorizeResult, LineArt, Reference
from tests.projects import page, read, read_whole, reference, same, write

pytestmark = pytest.mark.usefixtures("qapp")

SEA, SUN = Swatch("sea", (10, 90, 200)), Swatch("sun", (250, 220, 40))


def rich_page(number: int) -> Page:
    """With all that a page can have."""
    made = page(number, FinishOptions(shading="soft", gap=3, edits=((SEA, SUN),)))
    assert made.drawing is not None and made.lines is not None and made.coloring is not None
    hints = Corrections((Hint(3, 4, (1, 2, 3)),), gaps=(((1, 1), (5, 9)),))
    settings = replace(made.finish_settings, palette=Palette((SEA,), "Mine"), corrections=hints)
    random = np.random.default_rng(number)
    size = made.drawing.picture.pixels.shape[:2]
    ink = random.random(size).astype(np.float32)
    flats = random.integers(0, 255, (*size, 4), np.uint8)
    alpha = random.integers(0, 255, size, np.uint8)
    picture = replace(made.drawing.picture, alpha=alpha, icc_profile=b"a profile")
    drawing = replace(made.drawing, picture=picture, line_art=LineArt(ink, outline=1 - ink, flats=flats))
    lines = lines_of(drawing, LineOptions(lines="ink"))
    finished = made.coloring.finished
    finished = replace(finished, request=replace(finished.request, line_art=lines.line_art))
    coloring = replace(made.coloring, finished=finished)
    made = replace(made, drawing=drawing, lines=lines, coloring=coloring, finish_settings=settings)
    return replace(made, title="Cover", save_path=Path("/art/out.png"), saved=(coloring, lines))


def test_all_of_a_page_comes_back(tmp_path: Path) -> None:
    before = rich_page(1)
    write(tmp_path / "a.nurie", (before,))
    after = read_whole(tmp_path / "a.nurie")[0]
    assert before.drawing and before.drawing.line_art and after.drawing and after.drawing.line_art
    for name in ("pixels", "alpha"):
        assert same(getattr(after.drawing.picture, name), getattr(before.drawing.picture, name))
    for name in ("icc_profile", "dpi", "name"):
        assert getattr(after.drawing.picture, name) == getattr(before.drawing.picture, name)
    assert (after.drawing.path, after.drawing.kind) == (tmp_path / "page 1.png", before.drawing.kind)
    for name in ("ink", "outline", "flats"):
        assert same(getattr(after.drawing.line_art, name), getattr(before.drawing.line_art, name))
    assert (after.save_path, after.suggested_path) == (None, tmp_path / "out.png")
    for name in ("title", "line_settings", "finish_settings", "is_saved"):
        assert getattr(after, name) == getattr(before, name)
    (was,), (now,) = before.references, after.references
    assert same(now.reference.pixels, was.reference.pixels) and same(now.reference.mask, was.reference.mask)
    assert (now.reference.name, now.reference.weight) == (was.reference.name, was.reference.weight)


def test_a_coloring_comes_back_without_network_or_finishing(tmp_path: Path) -> None:
    before = page(1)
    assert before.coloring is not None
    layers = np.random.default_rng(1).integers(0, 255, (2, *before.coloring.finished.color.shape), np.uint8)
    finished = replace(before.coloring.finished, shading=Shading(*layers))
    before = replace(before, coloring=replace(before.coloring, finished=finished))
    write(tmp_path / "a.nurie", (before,))
    after = read_whole(tmp_path / "a.nurie")[0]
    was, now = before.coloring, after.coloring
    assert was and now and was.finished.regions and now.finished.regions
    assert after.coloring_is_current and after.lines_are_current
    for name in ("color", "swatch", "moved", "hint"):
        assert same(getattr(now.finished, name), getattr(was.finished, name)), name
    for name in ("labels", "areas"):
        assert same(getattr(now.finished.regions, name), getattr(was.finished.regions, name)), name
    assert was.finished.flats and now.finished.flats and was.finished.shading and now.finished.shading
    assert same(now.finished.flats.confidence, was.finished.flats.confidence)
    assert same(now.finished.shading.multiply, was.finished.shading.multiply)
    assert (now.finished.palette, now.finished.leaks) == (was.finished.palette, was.finished.leaks)
    assert vars(now.finished.options) == vars(was.finished.options)
    for name in ("base", "shares", "checks", "settings", "model", "sha256"):
        assert getattr(now, name) == getattr(was, name), name
    assert same(now.result.color, was.result.color) and same(now.result.layer, was.result.layer)
    assert now.text == was.text


def test_a_guess_alone_comes_back(tmp_path: Path) -> None:
    before = page(1, FinishOptions(flats=False))
    write(tmp_path / "a.nurie", (before,))
    after = read_whole(tmp_path / "a.nurie")[0]
    assert before.coloring and after.coloring and after.coloring.finished.regions is None
    assert after.coloring.view.full == before.coloring.view.full


def test_a_coloring_older_than_its_lines_keeps_those_it_was_made_for(tmp_path: Path) -> None:
    before = page(1)
    other = page(1)
    write(tmp_path / "a.nurie", (replace(before, lines=other.lines),))
    after = read_whole(tmp_path / "a.nurie")[0]
    assert after.coloring is not None and not after.coloring_is_current
    request = after.coloring.finished.request
    assert before.lines is not None and same(request.line_art.ink, before.lines.line_art.ink)


def test_every_field_has_its_place() -> None:
    """A new field of these must be given one in the records, or it would be lost when a project is saved."""
    names = {one: {field.name for field in fields(one)} for one in (Reference, LineArt, Drawing)}
    assert names[Reference] - {"chips"} == {
        "pixels",
        "mask",
        "name",
        "weight",
        "figure",
        "whole",
        "panel",
        "figure_mask",
    }, "chips are found"
    assert names[LineArt] == {"ink", "extracted", "soft", "outline", "flats", "own", "rough", "notes"}
    assert names[Drawing] == {"picture", "kind", "view", "path", "line_art"}
    derived = {"request", "color", "options", "stages", "own"}
    kept = {"regions", "flats", "palette", "swatch", "moved", "shading", "leaks", "hint", "base", "moves", "matcher"}
    assert {field.name for field in fields(Finished)} == derived | kept
    results = {"color", "layer", "device", "precision", "working_size", "notes", "seconds", "sampling"}
    assert {field.name for field in fields(ColorizeResult)} == results


def test_equal_projects_are_equal_files_however_they_came_about(tmp_path: Path) -> None:
    first = write(tmp_path / "a.nurie", (rich_page(1), page(2)))
    assert write(tmp_path / "b.nurie", (rich_page(1), page(2))) == first
    project = read(tmp_path / "a.nurie")
    assert write(tmp_path / "c.nurie", project.pages, project.codec) == first  # one page was never decoded
    assert write(tmp_path / "d.nurie", read_whole(tmp_path / "a.nurie")) == first


def test_each_picture_lies_there_once(tmp_path: Path) -> None:
    item = reference()
    write(tmp_path / "a.nurie", (page(1, item=item), page(2, item=item), page(3, item=reference())))
    with zipfile.ZipFile(tmp_path / "a.nurie") as file:
        names = file.namelist()
        assert len(names) == len(set(names))
        blobs = [name for name in names if name != "project.json"]
        for name in blobs:
            assert hashlib.sha256(file.read(name)).hexdigest() == Path(name).stem
        text = file.read("project.json").decode()
    assert text.count('"sheet.png"') > 3 and len(blobs) < 40
    loaded = read_whole(tmp_path / "a.nurie")
    assert loaded[0].references == loaded[1].references == loaded[2].references


def test_saving_again_encodes_nothing_and_lets_memory_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, codec = (page(1), page(2)), PageCodec()
    first = write(tmp_path / "a.nurie", pages, codec)
    assert all(not isinstance(blob.place, bytes) for blob in codec.store.all())
    monkeypatch.setattr(arrays, "_packed", lambda _array: pytest.fail("encoded again"))
    assert write(tmp_path / "a.nurie", pages, codec) == first
    assert write(tmp_path / "b.nurie", pages, codec) == first


def test_only_the_page_that_was_shown_is_decoded(tmp_path: Path) -> None:
    write(tmp_path / "a.nurie", (page(1), page(2), page(3)), shown=2)
    project = read(tmp_path / "a.nurie")
    assert [one.is_loaded for one in project.pages] == [False, True, False]
    assert project.page_id == project.pages[1].id
    assert project.pages[0].thumbnail is not None and project.pages[0].thumbnail.width() == 97
    assert [one.name for one in project.pages] == ["page 1.png", "page 2.png", "page 3.png"]
    assert all(one.is_colored for one in project.pages)


def test_pages_that_are_not_decoded_survive_saving_over_their_own_file(tmp_path: Path) -> None:
    path = tmp_path / "a.nurie"
    write(path, (page(1), page(2), page(3)))
    project = read(path)
    removed = project.pages[2]
    write(path, project.pages[:2], project.codec)
    assert read_whole(path)[1].coloring is not None
    assert removed.stored is not None and project.pages[1].stored is not None
    assert removed.stored.load(removed).coloring is not None  # as undo would want it
    assert project.pages[1].stored.load(project.pages[1]).coloring is not None


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nurie"
    before = write(path, (page(1),))
    monkeypatch.setattr(project_file.zipfile.ZipFile, "writestr", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(Exception, match="full"):
        write(path, (page(2),))
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_the_empty_project_and_one_with_references_only(tmp_path: Path) -> None:
    write(tmp_path / "a.nurie", (Page(0),))
    assert read(tmp_path / "a.nurie").pages[0].is_empty
    write(tmp_path / "b.nurie", (Page(0, references=(reference(),)),))
    (only,) = read(tmp_path / "b.nurie").pages
    assert only.is_empty and [item.reference.name for item in only.references] == ["sheet.png"]


def test_an_adapted_model_travels(tmp_path: Path) -> None:
    model = tmp_path / "mine.safetensors"
    model.write_bytes(b"weights")
    codec = PageCodec()
    run(
        project_file.write(tmp_path / "a.nurie", Snapshot((page(1),), 1, "mine", {"mine": model}), codec),
        lambda _: None,
    )
    model.unlink()
    project = read(tmp_path / "a.nurie")
    assert (project.model, project.model_data) == ("mine", b"weights")
    run(project_file.write(tmp_path / "b.nurie", Snapshot((page(1),), 1, "plain"), codec), lambda _: None)
    assert (read(tmp_path / "b.nurie").model, read(tmp_path / "b.nurie").model_data) == ("plain", None)
