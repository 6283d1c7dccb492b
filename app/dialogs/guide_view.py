"""Shows one page of the guide, with its pictures as wide as there is room, and what was searched for marked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QImage,
    QImageReader,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from app.dialogs import guide_pages
from app.dialogs.guide_pages import Hit

PICTURE = "\ufffc"  # the character that stands for a picture in a text document
MARGIN = 24  # pixels, as the two that follow
ABOVE_HEADING = 22
LINE_DISTANCE = 3
OUTSIDE = ("http", "https", "mailto")


class PageView(QTextBrowser):
    """QTextBrowser with anchors, pictures that fit, and outside links left to the system."""

    shown = Signal(object, str)  # path and anchor
    missed = Signal(str)  # a link to this file, which is not there

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(MARGIN)
        self.anchorClicked.connect(self.follow)
        self.sourceChanged.connect(self._dress)
        self._path: Path | None = None
        self._widths: dict[str, int] = {}  # by file, as they are seen
        self._pictures: dict[str, QImage] = {}  # those that were seen
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._fit_pictures)

    @property
    def path(self) -> Path | None:
        """The page that is shown."""
        return self._path

    def open(self, path: Path, anchor: str = "") -> None:
        """Show a page from its beginning or from a heading."""
        url = QUrl.fromLocalFile(str(path))
        if anchor:
            url.setFragment(anchor)
        self.setSource(url, QTextDocument.ResourceType.MarkdownResource)

    def follow(self, link: QUrl) -> None:
        """Go where a link leads: to a page here, else to the program that the system has for it."""
        url = self._resolved(link)
        if not url.isLocalFile():
            if url.scheme() in OUTSIDE:
                QDesktopServices.openUrl(url)
            return
        path = Path(url.toLocalFile())
        if not path.is_file():
            self.missed.emit(path.name)
        elif path.suffix == ".md":
            self.open(path, url.fragment(QUrl.ComponentFormattingOption.FullyDecoded))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def mark(self, hits: Sequence[Hit], current: Hit | None) -> None:
        """Highlight the places that were found on this page."""
        self.setExtraSelections([self._marked(hit, hit == current) for hit in hits if hit.page == self._path])

    def go_to(self, hit: Hit) -> None:
        """Show a search result with the text around it."""
        if hit.page != self._path:
            self.open(hit.page)
        cursor = QTextCursor(self.document())
        cursor.setPosition(hit.end)
        self.setTextCursor(cursor)
        # Qt scrolls no further than it must, which leaves the place at the very edge.
        bar, off = self.verticalScrollBar(), self.cursorRect(cursor).center().y() - self.viewport().height() // 3
        bar.setValue(bar.value() + off)

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """Qt's; but pictures, read when they come into sight, in the size they are seen in."""
        if type == QTextDocument.ResourceType.ImageResource.value:
            return self._picture(self._resolved(QUrl(name)).toLocalFile())
        return super().loadResource(type, name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures, too, once the size stays."""
        super().resizeEvent(event)
        self._fitting.start()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the colors of links were written into the text when it was read."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._path is not None:
            at = self.verticalScrollBar().value()
            self.reload()
            self.verticalScrollBar().setValue(at)

    def _dress(self, url: QUrl) -> None:
        path = Path(url.toLocalFile())
        self._path = path
        # Also where only the anchor is another: Qt reads a page anew that was changed, as these lines do.
        self._space_lines()
        self._name_headings()
        self._fit_pictures()
        anchor = url.fragment(QUrl.ComponentFormattingOption.FullyDecoded)
        if anchor:
            self.scrollToAnchor(anchor)
        self.shown.emit(path, anchor)

    def _space_lines(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        airy = QTextBlockFormat()
        airy.setLineHeight(LINE_DISTANCE, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        cursor.mergeBlockFormat(airy)

    def _name_headings(self) -> None:
        """Qt's reader of Markdown gives headings no anchors, and little room above."""
        for heading in guide_pages.headings(self.document()):
            cursor = QTextCursor(self.document())
            cursor.setPosition(heading.position)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            named = QTextCharFormat()
            named.setAnchor(True)
            named.setAnchorNames([heading.anchor])
            cursor.mergeCharFormat(named)
            if heading.position:
                apart = QTextBlockFormat()
                apart.setTopMargin(ABOVE_HEADING)
                cursor.mergeBlockFormat(apart)

    def _fit_pictures(self) -> None:
        """Say how large pictures are seen. Qt alone would show them whole, or scale them without smoothing."""
        room = self.viewport().width() - 2 * round(self.document().documentMargin())
        if room <= 0 or self._path is None:
            return
        cursor = self.document().find(PICTURE)
        while not cursor.isNull():
            picture = cursor.charFormat().toImageFormat()
            if picture.isValid():
                self._fit(cursor, picture, room)
            cursor = self.document().find(PICTURE, cursor)

    def _fit(self, cursor: QTextCursor, picture: QTextImageFormat, room: int) -> None:
        url = self._resolved(QUrl(picture.name()))
        file = url.toLocalFile()
        size = QImageReader(file).size()
        if size.isEmpty():
            return
        width = min(room, size.width())
        self._widths[file] = width
        if file in self._pictures:
            self.document().addResource(QTextDocument.ResourceType.ImageResource, url, self._picture(file))
        if round(picture.width()) != width:
            picture.setWidth(width)
            picture.setHeight(size.height() * width / size.width())
            cursor.setCharFormat(picture)

    def _picture(self, file: str) -> QImage:
        """A picture in the size it is seen in; invalid if it cannot be read."""
        reader = QImageReader(file)
        size = reader.size()
        width = round(self._widths.get(file, size.width()) * self.devicePixelRatioF())
        known = self._pictures.get(file)
        if known is not None and known.width() == min(width, size.width()):
            return known
        if width < size.width():
            reader.setScaledSize(QSize(width, max(1, round(size.height() * width / size.width()))))
        self._pictures[file] = reader.read()
        return self._pictures[file]

    def _resolved(self, link: QUrl) -> QUrl:
        """Absolute. While a page is being shown, Qt's `source()` is still the page before."""
        return QUrl.fromLocalFile(str(self._path)).resolved(link)

    def _marked(self, hit: Hit, current: bool) -> QTextEdit.ExtraSelection:
        one = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(hit.start)
        cursor.setPosition(hit.end, QTextCursor.MoveMode.KeepAnchor)
        color = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        if current:
            one.format.setForeground(self.palette().color(QPalette.ColorRole.HighlightedText))  # type: ignore[attr-defined]
        else:
            color.setAlpha(90)
        one.format.setBackground(color)  # type: ignore[attr-defined]
        one.cursor = cursor  # type: ignore[attr-defined]
        return one
