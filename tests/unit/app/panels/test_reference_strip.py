from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.document.parts import ReferenceItem
from app.images import qt_images
from app.images.incoming import FileSource, Incoming
from app.panels.reference_strip import ReferenceStrip
from engine.request import Reference
from tests.window import OwnDrop, drag_row, drop, urls


def item(name: str, width: int = 60, height: int = 80) -> ReferenceItem:
    pixels = np.full((height, width, 3), 120, np.uint8)
    return ReferenceItem(Reference(pixels, name=name), qt_images.to_qimage(pixels))


@pytest.fixture
def strip(qtbot: QtBot) -> ReferenceStrip:
    add, remove = QAction("Add"), QAction("Remove")
    made = ReferenceStrip(add, remove)
    add.setParent(made)
    remove.setParent(made)
    qtbot.addWidget(made)
    made.resize(700, 150)
    made.show()
    return made


def test_shows_thumbnails_with_names(strip: ReferenceStrip) -> None:
    strip.show_items([item("a"), item("b")])
    assert strip.list.count() == 2
    assert strip.list.item(0).toolTip().startswith("a\n60 × 80")
    assert strip.list.item(1).data(Qt.ItemDataRole.AccessibleTextRole) == "b"


def test_files_dropped_arrive(strip: ReferenceStrip, tmp_path: Path) -> None:
    taken: list[Incoming] = []
    strip.dropped.connect(taken.append)
    drop(strip.list.viewport(), urls(tmp_path / "x.png", tmp_path / "y.png"))
    assert taken == [Incoming((FileSource(tmp_path / "x.png"), FileSource(tmp_path / "y.png")))]


@pytest.mark.parametrize(
    ("selected", "target", "right_half", "expected"),
    [([0], 2, True, "bcad"), ([3], 0, False, "dabc"), ([0, 2], 3, True, "bdac"), ([1], 1, False, "abcd")],
)
def test_dragging_reorders(
    strip: ReferenceStrip,
    monkeypatch: pytest.MonkeyPatch,
    selected: list[int],
    target: int,
    right_half: bool,
    expected: str,
) -> None:
    items = [item(letter) for letter in "abcd"]
    strip.show_items(items)
    for row in selected:
        strip.list.item(row).setSelected(True)
    orders: list[str] = []
    strip.reordered.connect(lambda order: orders.append("".join(one.reference.name for one in order)))
    rect = strip.list.visualItemRect(strip.list.item(target))
    place = rect.center() + QPoint(10 if right_half else -10, 0)

    def let_go(mime: QMimeData) -> None:
        strip.list.dropEvent(OwnDrop(place, strip.list, mime))

    drags = drag_row(monkeypatch, strip.list, selected[-1], let_go)
    assert len(drags) == 1
    assert orders == ([] if expected == "abcd" else [expected])


def test_ctrl_arrows_stop_at_the_ends(strip: ReferenceStrip, qtbot: QtBot) -> None:
    strip.show_items([item("a"), item("b")])
    strip.list.setCurrentRow(1)
    qtbot.keyClick(strip.list, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert [one.reference.name for one in strip.list.references()] == ["a", "b"]


def test_selection_follows_a_reference_when_the_strip_is_shown_anew(strip: ReferenceStrip) -> None:
    a, b = item("a"), item("b")
    strip.show_items([a, b])
    strip.list.setCurrentRow(0)
    strip.show_items([b, a])
    assert strip.selected == [a]


def test_wide_pictures_do_not_take_the_whole_strip(strip: ReferenceStrip) -> None:
    strip.show_items([item("wide", 4000, 100), item("b")])
    assert strip.list.visualItemRect(strip.list.item(0)).width() <= 2 * strip.list.viewport().height() + 10
