"""The pages of the guide: what there is, their headings with the anchors that links name, and where a word stands."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument

FIRST = "guide.md"
INDEX = "README.md"  # of a folder: its other pages stand below it
LEAST_LETTERS = 2  # a single letter would be found everywhere


@dataclass(frozen=True)
class Heading:
    """One heading. anchor: what follows # in a link to it. position: where it stands in the shown text."""

    level: int
    text: str
    anchor: str
    position: int


@dataclass(frozen=True)
class Hit:
    """A place where a word was found, as positions of the shown text of `page`."""

    page: Path
    start: int
    end: int


class _Text(QTextDocument):
    """The text alone: reading the pictures as well would take long, and they are not shown."""

    def loadResource(self, type: int, name: QUrl | str) -> QImage:
        """See Qt."""
        return QImage(1, 1, QImage.Format.Format_Mono)


class Page:
    """One Markdown file, as the window shows it."""

    def __init__(self, path: Path, markdown: str) -> None:
        self.path = path
        self._markdown = markdown

    @cached_property
    def document(self) -> QTextDocument:
        """Made as QTextBrowser makes its own, so that positions are the same in both."""
        document = _Text()
        document.setMarkdown(self._markdown)
        return document

    @cached_property
    def headings(self) -> list[Heading]:
        """All headings, in order."""
        return headings(self.document)

    @property
    def title(self) -> str:
        """The first heading, or the name of the file."""
        return next((heading.text for heading in self.headings if heading.level == 1), self.path.stem)

    @property
    def chapters(self) -> list[Heading]:
        """The headings of the second level."""
        return [heading for heading in self.headings if heading.level == 2]

    def find(self, words: str) -> list[Hit]:
        """Every place of `words`, large or small letters alike."""
        hits, cursor = [], self.document.find(words)
        while not cursor.isNull():
            hits.append(Hit(self.path, cursor.selectionStart(), cursor.selectionEnd()))
            cursor = self.document.find(words, cursor)
        return hits


def read(folder: Path) -> list[Page]:
    """The pages of a folder: the guide, the others by name, then each folder below it, its index first.

    What cannot be read is left out; no page at all where there is no folder.
    """
    pages = []
    for path in sorted(folder.rglob("*.md"), key=lambda path: _place(path.relative_to(folder))):
        try:
            pages.append(Page(path, path.read_text(encoding="utf-8", errors="replace")))
        except OSError:
            continue
    return pages


def find(pages: list[Page], words: str) -> list[Hit]:
    """Every place of `words` in all pages, page after page; none for less than two letters."""
    return [hit for page in pages for hit in page.find(words)] if len(words.strip()) >= LEAST_LETTERS else []


def headings(document: QTextDocument) -> list[Heading]:
    """The headings of a document, with the anchors that GitHub gives them: in small letters, without punctuation,
    hyphens for spaces, a number behind an anchor that was there already."""
    found, seen, block = [], Counter[str](), document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        if level:
            anchor = re.sub(r"[^\w\- ]", "", block.text().strip().lower()).replace(" ", "-")
            seen[anchor] += 1
            number = seen[anchor] - 1
            found.append(Heading(level, block.text(), f"{anchor}-{number}" if number else anchor, block.position()))
        block = block.next()
    return found


def _place(path: Path) -> tuple[str, bool, str]:
    return (path.parent.as_posix() if path.parent != Path() else "", path.name not in (FIRST, INDEX), path.name)
