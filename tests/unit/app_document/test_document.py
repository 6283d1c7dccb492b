"""Pages: which is shown, what is told, what is let go of."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.document.page import Page
from app.document.thumbnail import thumbnail_of
from app.project_file.page_codec import PageCodec
from engine.options import LineOptions
from tests.projects import document, drawing, page, reference

pytestmark = pytest.mark.usefixtures("qapp")

SIGNALS = (
    *("drawing_changed", "line_settings_changed", "lines_changed", "references_changed", "finish_settings_changed"),
    *("coloring_changed", "saved", "page_changed", "pages_changed"),
)


def heard(made: Document) -> list[str]:
    told: list[str] = []
    for name in SIGNALS:
        getattr(made, name).connect(lambda name=name: told.append(name))
    return told


def test_it_begins_with_one_empty_page() -> None:
    made = Document()
    assert [one.is_empty for one in made.pages] == [True]
    assert made.is_blank and not made.is_modified


def test_showing_another_page_tells_of_everything_once_all_is_changed() -> None:
    made = document(page(1), page(2))
    told = heard(made)
    seen = []
    made.lines_changed.connect(lambda: seen.append((made.drawing, made.coloring, made.references)))
    made.show_page(2)
    assert told[0] == "page_changed" and set(told) >= set(SIGNALS) - {"pages_changed"}
    two = made.page(2)
    assert seen == [(two.drawing, two.coloring, two.references)]
    told.clear()
    made.show_page(2)
    assert told == []


def test_a_page_that_is_not_shown_changes_quietly() -> None:
    made = document(page(1), page(2))
    told = heard(made)
    coloring = made.pages[0].coloring
    made.change_page(2, coloring=None)
    assert told == ["pages_changed"]
    assert made.page(2).coloring is None and made.coloring is coloring
    made.change_page(99, coloring=None)
    assert told == ["pages_changed"]


def test_another_drawing_has_nothing_of_the_one_before() -> None:
    made = document(page(1))
    told = heard(made)
    made.set_drawing(drawing("new.png"))
    assert made.lines is None and made.coloring is None and made.title == "new.png"
    assert len(made.references) == 1
    assert {"drawing_changed", "lines_changed", "coloring_changed", "pages_changed"} <= set(told)
    assert "references_changed" not in told


def test_taking_out_the_page_that_is_shown_shows_the_next() -> None:
    made = document(page(1), page(2), page(3))
    made.show_page(2)
    gone = made.exchange_pages([2], [])
    assert [(index, one.id) for index, one in gone] == [(1, 2)]
    assert made.page_id == 3
    made.exchange_pages([3], [])
    assert made.page_id == 1
    made.exchange_pages([], gone)
    assert [one.id for one in made.pages] == [1, 2] and made.page_id == 2
    with pytest.raises(ValueError, match="at least one"):
        made.exchange_pages([1, 2], [])


def test_order() -> None:
    made = document(page(1), page(2), page(3))
    made.order_pages([3, 1, 2])
    assert [one.id for one in made.pages] == [3, 1, 2] and made.page_id == 1
    with pytest.raises(ValueError, match="other pages"):
        made.order_pages([3, 1])


def test_a_stored_page_is_shown_when_its_content_comes() -> None:
    one, two = page(1), page(2)
    made = document(one, two)
    stored = PageCodec().pack(two)
    made.store_page(two, stored, thumbnail_of(two))
    kept = made.page(2)
    assert not kept.is_loaded and kept.drawing is None and kept.coloring is None
    assert (kept.name, kept.is_colored, kept.to_check) == (two.name, True, two.to_check)
    assert kept.references == two.references
    wanted: list[int] = []
    made.page_wanted.connect(wanted.append)
    made.show_page(2)
    assert wanted == [2] and made.page_id == 1
    made.fill_page(2, stored, stored.load(kept))
    assert made.page_id == 2 and made.drawing is not None and made.coloring is not None
    assert made.current.coloring_is_current and made.current.lines_are_current


def test_content_that_comes_late_changes_nothing() -> None:
    two = page(2)
    made = document(page(1), two)
    stored = PageCodec().pack(two)
    made.store_page(two, stored, thumbnail_of(two))
    content = stored.load(made.page(2))
    made.show_page(2)
    made.show_page(1)
    made.fill_page(2, stored, content)
    assert made.page_id == 1 and made.page(2).is_loaded
    shown = made.page(2)
    made.fill_page(2, stored, content)
    assert made.page(2) is shown


def test_the_page_that_is_shown_and_one_that_changed_are_not_stored() -> None:
    one, two = page(1), page(2)
    made = document(one, two)
    codec = PageCodec()
    made.store_page(one, codec.pack(one), thumbnail_of(one))
    stored = codec.pack(two)
    made.change_page(2, coloring=None)
    made.store_page(two, stored, thumbnail_of(two))
    assert all(one.is_loaded for one in made.pages)


def test_what_is_current() -> None:
    shown = page(1)
    assert shown.lines_are_current and shown.coloring_is_current
    assert not replace(shown, references=(reference(),)).coloring_is_current
    thicker = LineOptions(sigma=0.5)
    assert replace(shown, line_settings=thicker).lines_are_current  # own ink
    assert not replace(shown, line_settings=thicker).coloring_is_current  # but references are read another way
    assert not replace(shown, line_settings=LineOptions(lines="extract")).lines_are_current
    assert not Page(5).coloring_is_current and Page(5).lines_are_current


def test_thumbnails_show_colors_under_lines(qapp: QApplication) -> None:
    shown = page(1)
    image = thumbnail_of(shown)
    assert shown.coloring is not None
    assert (image.width(), image.height()) == (97, 64)
    assert image.pixelColor(50, 16).lightness() < 60  # a line
    assert image.pixelColor(50, 32) == shown.coloring.view.full.pixelColor(50, 32)
    assert thumbnail_of(Page(7)).isNull()
    assert max(thumbnail_of(shown, 32).size().toTuple()) == 32
