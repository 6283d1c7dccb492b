"""Help › Guide: the pages that come with the program, in a window beside the drawing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction, QHideEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app import paths
from app.dialogs import guide_pages
from app.dialogs.error_dialog import show_error
from app.dialogs.front import to_front
from app.dialogs.guide_pages import Hit, Page
from app.dialogs.guide_view import PageView
from app.settings import Settings
from app.style.plain_text import plain_tip

START_SIZE = QSize(1000, 680)
CONTENTS_WIDTH = 270
_PLACE = Qt.ItemDataRole.UserRole  # of an item of the contents: path and anchor


class GuideWindow(QDialog):
    """Contents, one page, and a field that searches all of them."""

    def __init__(self, parent: QWidget | None, pages: list[Page], settings: Settings) -> None:
        """pages: at least one, the first is shown."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Guide"))
        self._pages, self._settings = pages, settings
        self._hits: list[Hit] = []
        self._current: Hit | None = None
        self.contents = QTreeWidget(self)
        self.contents.setHeaderHidden(True)
        self.contents.setAccessibleName(self.tr("Contents"))
        self.view = PageView(self)
        self.view.setAccessibleName(self.tr("Page"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Search all pages"))
        self.field.setAccessibleName(self.tr("Search all pages"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(260)
        self.found = QLabel(self)
        self.found.setObjectName("mutedText")
        self.found.setTextFormat(Qt.TextFormat.PlainText)
        self._build()
        self._fill_contents()
        self.view.shown.connect(self._show_place)
        self.view.missed.connect(self._say_missing)
        self.contents.itemActivated.connect(self._open_item)
        self.contents.itemClicked.connect(self._open_item)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self.find_next)
        self.resize(START_SIZE)
        if not settings.guide_geometry.isEmpty():
            self.restoreGeometry(settings.guide_geometry)
        self.view.open(pages[0].path)
        self.field.setFocus()

    def find_next(self) -> None:
        """Go to the next place that was found, on the next pages, too, and round again."""
        self._step(1)

    def find_previous(self) -> None:
        """Go to the place before."""
        self._step(-1)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the size."""
        self._settings.guide_geometry = self.saveGeometry()
        super().hideEvent(event)

    def _build(self) -> None:
        key, arrow = QKeySequence.StandardKey, Qt.ArrowType
        self.back = self._action(self.tr("Back"), key.Back)
        self.forward = self._action(self.tr("Forward"), key.Forward)
        self.previous_hit = self._action(self.tr("Previous hit"), key.FindPrevious)
        self.next_hit = self._action(self.tr("Next hit"), key.FindNext)
        self.back.triggered.connect(self.view.backward)
        self.forward.triggered.connect(self.view.forward)
        self.view.backwardAvailable.connect(self.back.setEnabled)
        self.view.forwardAvailable.connect(self.forward.setEnabled)
        self.next_hit.triggered.connect(self.find_next)
        self.previous_hit.triggered.connect(self.find_previous)
        for action in (self.back, self.forward, self.previous_hit, self.next_hit):
            action.setEnabled(False)
        search = QAction(self)
        search.setShortcut(key.Find)
        search.triggered.connect(self._start_search)
        self.addAction(search)
        bar = QHBoxLayout()
        bar.addWidget(self._button(self.back, arrow.LeftArrow))
        bar.addWidget(self._button(self.forward, arrow.RightArrow))
        bar.addStretch(1)
        bar.addWidget(self.found)
        bar.addWidget(self.field)
        bar.addWidget(self._button(self.previous_hit, arrow.UpArrow))
        bar.addWidget(self._button(self.next_hit, arrow.DownArrow))
        split = QSplitter(self)
        split.addWidget(self.contents)
        split.addWidget(self.view)
        split.setStretchFactor(1, 1)
        split.setSizes([CONTENTS_WIDTH, START_SIZE.width() - CONTENTS_WIDTH])
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(split, 1)

    def _action(self, text: str, key: QKeySequence.StandardKey) -> QAction:
        action = QAction(text, self)
        action.setShortcuts(key)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(plain_tip(f"{text} ({keys})" if keys else text))
        self.addAction(action)
        return action

    def _button(self, action: QAction, arrow: Qt.ArrowType) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setArrowType(arrow)  # in the color of the theme, as Qt's own icons are not
        button.setAutoRaise(True)
        button.setAccessibleName(action.text())
        return button

    def _fill_contents(self) -> None:
        """Pages with their chapters; of a folder of pages the first, with the others below it."""
        folder = self._pages[0].path.parent
        parents: dict[Path, QTreeWidgetItem] = {}
        for page in self._pages:
            below = parents.get(page.path.parent)
            item = QTreeWidgetItem([page.title])
            item.setData(0, _PLACE, (page.path, ""))
            if below is not None:
                below.addChild(item)
                continue
            self.contents.addTopLevelItem(item)
            if page.path.parent != folder:
                parents[page.path.parent] = item
            for chapter in page.chapters:
                line = QTreeWidgetItem(item, [chapter.text])
                line.setData(0, _PLACE, (page.path, chapter.anchor))

    def _open_item(self, item: QTreeWidgetItem) -> None:
        path, anchor = item.data(0, _PLACE)
        self.view.open(path, anchor)

    def _show_place(self, path: Path, anchor: str) -> None:
        """Choose in the contents what is shown."""
        items = {item.data(0, _PLACE): item for item in self._items()}
        item = items.get((path, anchor)) or items.get((path, ""))
        if item is not None:
            item.setExpanded(True)
            self.contents.setCurrentItem(item)
        else:  # a page that is linked to and not listed, as a model's card
            self.contents.setCurrentItem(None)  # type: ignore[arg-type]  # Qt's null pointer
        self.found.setText(self._count())
        self.view.mark(self._hits, self._current)

    def _items(self) -> list[QTreeWidgetItem]:
        found = self.contents.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        return list(found)

    def _start_search(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _search(self, words: str) -> None:
        """Mark what is found, and go there if it is on this page; Enter goes on to the others."""
        self._hits, self._current = guide_pages.find(self._pages, words), None
        for action in (self.previous_hit, self.next_hit):
            action.setEnabled(bool(self._hits))
        first = self._hits[self._first_from_here()] if self._hits else None
        if first is not None and first.page == self.view.path:
            self._go(first)
        else:
            self.found.setText(self._count())
            self.view.mark(self._hits, None)

    def _first_from_here(self) -> int:
        """The first hit on this page, or on the next that has one."""
        order = [page.path for page in self._pages]
        here = order.index(self.view.path) if self.view.path in order else 0
        return next((at for at, hit in enumerate(self._hits) if order.index(hit.page) >= here), 0)

    def _step(self, step: int) -> None:
        if self._hits:
            at = self._hits.index(self._current) + step if self._current in self._hits else self._first_from_here()
            self._go(self._hits[at % len(self._hits)])

    def _go(self, hit: Hit) -> None:
        self._current = hit
        self.view.go_to(hit)
        self.view.mark(self._hits, hit)
        self.found.setText(self._count())

    def _count(self) -> str:
        if self._current is not None:
            at = self._hits.index(self._current) + 1
            return self.tr("{number} of {count}").format(number=at, count=len(self._hits))
        if self._hits:
            return self.tr("{count} on other pages").format(count=len(self._hits))
        return self.tr("Nothing found") if len(self.field.text().strip()) >= guide_pages.LEAST_LETTERS else ""

    def _say_missing(self, name: str) -> None:
        show_error(self, self.tr("The file {name} does not come with the program.").format(name=name))


def show_guide(parent: QWidget, settings: Settings, folder: Path | None = None) -> QDialog:
    """Show the guide, or the window of it that is open. Says so in one sentence where its pages are missing."""
    for window in parent.findChildren(GuideWindow):
        if window.isVisible():
            to_front(window)
            return window
    folder = folder or paths.resources() / "docs"
    pages = guide_pages.read(folder)
    if not pages:
        sentence = QCoreApplication.translate(
            "GuideWindow",
            "There are no pages of the guide in {folder}: install Nurie anew.",
        )
        return show_error(parent, sentence.format(folder=folder))
    window = GuideWindow(parent, pages, settings)
    window.show()
    return window
