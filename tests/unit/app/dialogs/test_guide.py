"""Help › Guide: contents, links, pictures, search, and what is said when the pages are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from app import paths
from app.application import temporary_settings
from app.dialogs import guide_pages
from app.dialogs.error_dialog import ErrorDialog
from app.dialogs.guide import GuideWindow, show_guide
from app.dialogs.guide_view import PICTURE
from tests.fakes import color_picture
from tests.window import write_picture

DOCS = paths.resources() / "docs"
WALL = "\n\n".join(f"Paragraph {number}." for number in range(200))
GUIDE = f"""# The guide

See [the keys](#keys), [the end](#keys-1) and [other](sub/README.md#far-away). ![Picture](picture.png)

{WALL}

## Keys

A needle. [The web](https://example.org/a), [a file](notes.txt), [none](none.md), [odd](odd:thing).

{WALL}

## Keys

{WALL}
"""
OTHER = f"# Others\n\n{WALL}\n\n## It's `far` away!\n\nA NEEDLE and a needle.\n\n{WALL}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "docs"
    (pages / "sub").mkdir(parents=True)
    (pages / "guide.md").write_text(GUIDE, "utf-8")
    (pages / "again.md").write_text("# Again\n\n## One\n\nNothing here. ![](none.png)\n", "utf-8")
    (pages / "sub" / "README.md").write_text(OTHER, "utf-8")
    (pages / "sub" / "first.md").write_text("# First\n\n## Hidden\n", "utf-8")
    (pages / "notes.txt").write_text("notes", "utf-8")
    write_picture(pages / "picture.png", color_picture(1600, 400))
    return pages


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, folder: Path) -> GuideWindow:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    found = show_guide(parent, temporary_settings(tmp_path), folder)
    assert isinstance(found, GuideWindow)
    found.parent_of_test = parent  # type: ignore[attr-defined]  # lives as long
    return found


@pytest.fixture
def opened(qapp: object) -> Iterator[list[str]]:
    """What the system was asked to open."""
    urls: list[str] = []

    class Handler(QObject):
        @Slot(QUrl)
        def take(self, url: QUrl) -> None:
            urls.append(url.toString())

    handler = Handler()
    for scheme in ("https", "file", "odd"):
        QDesktopServices.setUrlHandler(scheme, handler, "take")  # type: ignore[arg-type]  # PySide6 wants a str and says bytes
    yield urls
    for scheme in ("https", "file", "odd"):
        QDesktopServices.unsetUrlHandler(scheme)


def top(window: GuideWindow, at: int) -> QTreeWidgetItem:
    item = window.contents.topLevelItem(at)
    assert item is not None
    return item


def parent_of(window: GuideWindow) -> QWidget:
    parent = window.parentWidget()
    assert parent is not None
    return parent


def lines(item: QTreeWidgetItem) -> list[str]:
    return [child.text(0) for at in range(item.childCount()) if (child := item.child(at)) is not None]


def links(page: guide_pages.Page) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", page.path.read_text("utf-8"))


def at_top(window: GuideWindow, heading: str) -> bool:
    """Whether the view is scrolled to a heading: the line seen first is that, or the one before it."""
    view = window.view
    cursor = QTextCursor(view.document())
    cursor.setPosition(next(one.position for one in guide_pages.headings(view.document()) if one.anchor == heading))
    return 0 <= view.cursorRect(cursor).top() < view.viewport().height() // 4


def test_contents_are_pages_and_chapters(window: GuideWindow) -> None:
    tops = [top(window, at) for at in range(window.contents.topLevelItemCount())]
    assert [item.text(0) for item in tops] == ["The guide", "Again", "Others"]
    assert [lines(item) for item in tops] == [["Keys", "Keys"], ["One"], ["It's far away!", "First"]]
    assert window.contents.currentItem() is tops[0]


def test_a_chapter_of_the_contents_is_shown(window: GuideWindow, folder: Path) -> None:
    item = top(window, 0).child(1)
    window.contents.itemClicked.emit(item, 0)
    assert at_top(window, "keys-1")
    assert window.contents.currentItem() is item


def test_links_lead_to_headings_and_pages_and_back(window: GuideWindow, folder: Path) -> None:
    view = window.view
    assert not window.back.isEnabled()
    for link, page, anchor in (
        ("#keys", "guide.md", "keys"),
        ("#keys-1", "guide.md", "keys-1"),
        ("sub/README.md#its-far-away", "sub/README.md", "its-far-away"),
        ("../again.md", "again.md", "again"),
    ):
        view.anchorClicked.emit(QUrl(link))
        assert view.path == folder / page
        assert at_top(window, anchor), link
    window.back.trigger()
    assert view.path == folder / "sub" / "README.md"
    assert at_top(window, "its-far-away")
    assert window.contents.selectedItems()[0].text(0) == "It's far away!"
    window.forward.trigger()
    assert view.path == folder / "again.md"
    assert not window.forward.isEnabled()


def test_outside_links_are_left_to_the_system(window: GuideWindow, folder: Path, opened: list[str]) -> None:
    for link in ("https://example.org/a", "notes.txt", "odd:thing", "javascript:alert(1)"):
        window.view.anchorClicked.emit(QUrl(link))
    assert opened == ["https://example.org/a", QUrl.fromLocalFile(str(folder / "notes.txt")).toString()]
    assert window.view.path == folder / "guide.md"


def test_nothing_is_opened_by_showing_a_page(opened: list[str], window: GuideWindow) -> None:
    assert opened == []


def test_a_link_to_a_missing_file_says_so(window: GuideWindow) -> None:
    window.view.anchorClicked.emit(QUrl("none.md"))
    (dialog,) = window.findChildren(ErrorDialog)
    assert "none.md" in dialog.label.text()


def test_pictures_are_as_wide_as_there_is_room(window: GuideWindow, qtbot: QtBot) -> None:
    view = window.view

    def width() -> float:
        return view.document().find(PICTURE).charFormat().toImageFormat().width()

    def room() -> int:
        return view.viewport().width() - 2 * round(view.document().documentMargin())

    for size in (1000, 700, 900):
        window.resize(size, 600)
        qtbot.waitUntil(lambda: width() == room())
    window.resize(3000, 600)
    qtbot.waitUntil(lambda: width() == 1600)  # never larger than it is
    assert view.horizontalScrollBar().maximum() == 0


def test_search_goes_through_all_pages(window: GuideWindow, folder: Path) -> None:
    view = window.view
    QTest.keyClicks(window.field, "needle")
    seen = []
    for _ in range(4):
        hit = view.textCursor()
        marked = [one.cursor.selectedText().lower() for one in view.extraSelections()]
        assert marked == ["needle"] * (1 if view.path == folder / "guide.md" else 2)
        assert view.viewport().rect().contains(view.cursorRect(hit).center())
        seen.append((view.path.name if view.path else "", window.found.text()))
        QTest.keyClick(window.field, Qt.Key.Key_Return)
    assert seen == [
        ("guide.md", "1 of 3"),
        ("README.md", "2 of 3"),
        ("README.md", "3 of 3"),
        ("guide.md", "1 of 3"),
    ]
    window.previous_hit.trigger()
    assert window.found.text() == "1 of 3"


def test_typing_alone_never_leaves_the_page(window: GuideWindow, folder: Path) -> None:
    window.view.open(folder / "again.md")
    window.field.setText("needle")
    assert window.view.path == folder / "again.md"
    assert window.found.text() == "3 on other pages"
    window.next_hit.trigger()
    assert (window.view.path, window.found.text()) == (folder / "sub" / "README.md", "2 of 3")
    window.field.setText("no such thing")
    assert window.found.text() == "Nothing found"
    assert not window.next_hit.isEnabled()
    assert not window.view.extraSelections()
    window.find_next()
    window.field.clear()
    assert window.found.text() == ""


def test_the_size_is_remembered_and_there_is_one_window(window: GuideWindow, tmp_path: Path, folder: Path) -> None:
    parent, settings = parent_of(window), temporary_settings(tmp_path)
    assert show_guide(parent, settings, folder) is window
    window.resize(640, 480)
    window.close()
    again = show_guide(parent, settings, folder)
    assert again is not window
    assert (again.width(), again.height()) == (640, 480)
    again.close()


@pytest.mark.parametrize("make", [False, True], ids=["missing", "empty"])
def test_a_folder_without_pages_is_one_sentence(qtbot: QtBot, tmp_path: Path, make: bool) -> None:
    parent, folder = QWidget(), tmp_path / "nothing"
    qtbot.addWidget(parent)
    if make:
        folder.mkdir()
    dialog = show_guide(parent, temporary_settings(tmp_path), folder)
    assert isinstance(dialog, ErrorDialog)
    assert str(folder) in dialog.label.text()
    assert not dialog.details.toPlainText()


def test_damaged_pages_are_shown_as_far_as_they_can_be(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "docs" / "folder.md").mkdir(parents=True)
    (tmp_path / "docs" / "bytes.md").write_bytes(b"no heading \xff\xfe\n")
    (tmp_path / "docs" / "none.md").write_bytes(b"")
    pages = guide_pages.read(tmp_path / "docs")
    assert [page.title for page in pages] == ["bytes", "none"]
    parent = QWidget()
    qtbot.addWidget(parent)
    window = GuideWindow(parent, pages, temporary_settings(tmp_path))
    window.view.open(pages[1].path)


def test_anchors_are_github_s() -> None:
    page = guide_pages.Page(Path("a.md"), "# A `b_c` d\n## C & D\n## Größe, 線画?\n## C & D\n### x-y (z)\n## C & D\n")
    anchors = [heading.anchor for heading in page.headings]
    assert anchors == ["a-b_c-d", "c--d", "größe-線画", "c--d-1", "x-y-z", "c--d-2"]


@pytest.mark.parametrize("page", guide_pages.read(DOCS), ids=lambda page: page.path.stem)
def test_all_links_of_the_pages_that_ship_are_followed(page: guide_pages.Page, qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    window = GuideWindow(parent, [page], temporary_settings(tmp_path))
    missed: list[str] = []
    window.view.missed.connect(missed.append)
    for link in links(page):
        if not link.startswith("http"):
            window.view.open(page.path)
            window.view.follow(QUrl(link))
            anchor = QUrl(link).fragment()
            assert not anchor or at_top(window, anchor), link
    assert not missed
