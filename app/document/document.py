"""The document: drawing, lines, references, finishing, coloring. Says what changed; does nothing by itself.

Setters are the only way to change it, and they are called on the GUI thread only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.parts import (
    Coloring,
    Drawing,
    FinishSettings,
    Lines,
    LineSettings,
    Overlay,
    OverlayKind,
    ReferenceItem,
)
from engine.request import ColorizeRequest


class Document(QObject):
    """One drawing with what belongs to it."""

    drawing_changed = Signal()
    line_settings_changed = Signal()
    lines_changed = Signal()
    references_changed = Signal()
    finish_settings_changed = Signal()
    coloring_changed = Signal()
    overlays_changed = Signal()
    saved = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        line_settings: LineSettings | None = None,
        finish_settings: FinishSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self._line_settings = line_settings or LineSettings()
        self._lines: Lines | None = None
        self._references: tuple[ReferenceItem, ...] = ()
        self._finish_settings = finish_settings or FinishSettings()
        self._coloring: Coloring | None = None
        self._overlays: dict[OverlayKind, Overlay] = {}
        self._saved: tuple[Coloring, Lines] | None = None
        self._save_path: Path | None = None

    @property
    def drawing(self) -> Drawing | None:
        """The picture to color."""
        return self._drawing

    @property
    def line_settings(self) -> LineSettings:
        """How its lines are made."""
        return self._line_settings

    @property
    def lines(self) -> Lines | None:
        """Its line art; None until it is computed, or while a person is asked how."""
        return self._lines

    @property
    def references(self) -> tuple[ReferenceItem, ...]:
        """Where the colors come from, in the order of the strip."""
        return self._references

    @property
    def finish_settings(self) -> FinishSettings:
        """What is to be made of the network's guess."""
        return self._finish_settings

    @property
    def overlays(self) -> Mapping[OverlayKind, Overlay]:
        """What was made of the coloring to look at; one may be older than the coloring of now."""
        return self._overlays

    @property
    def coloring(self) -> Coloring | None:
        """The last result for this drawing. It may be older than the lines and references of now."""
        return self._coloring

    @property
    def save_path(self) -> Path | None:
        """Where this drawing's result was saved last."""
        return self._save_path

    @property
    def is_saved(self) -> bool:
        """Whether the result lies in a file as it is (also when there is none)."""
        return self._coloring is None or self._saved == (self._coloring, self._lines)

    @property
    def title(self) -> str:
        """Name of the drawing, empty where there is none."""
        return self._drawing.picture.name if self._drawing else ""

    def set_drawing(self, drawing: Drawing | None) -> None:
        """Begin with another drawing. Lines, result and file of the one before go; references stay."""
        self._drawing = drawing
        self._save_path = None
        self.set_lines(None)
        self.set_coloring(None)
        self.drawing_changed.emit()

    def set_line_settings(self, settings: LineSettings) -> None:
        """Make lines in another way from now on."""
        if settings != self._line_settings:
            self._line_settings = settings
            self.line_settings_changed.emit()

    def set_lines(self, lines: Lines | None) -> None:
        """New line art of the drawing."""
        if lines is not self._lines:
            self._lines = lines
            self.lines_changed.emit()

    def set_references(self, references: Sequence[ReferenceItem]) -> None:
        """Other references, or the same in another order."""
        if tuple(references) != self._references:
            self._references = tuple(references)
            self.references_changed.emit()

    def set_finish_settings(self, settings: FinishSettings) -> None:
        """Finish in another way from now on."""
        if settings != self._finish_settings:
            self._finish_settings = settings
            self.finish_settings_changed.emit()

    def set_coloring(self, coloring: Coloring | None) -> None:
        """A new result. Without regions there is nothing to lay over it."""
        if coloring is self._coloring:
            return
        self._coloring = coloring
        if coloring is None or coloring.finished.regions is None:
            self._overlays = {}
        self.coloring_changed.emit()

    def set_overlay(self, overlay: Overlay) -> None:
        """Another picture to look at in place of the colors."""
        self._overlays[overlay.kind] = overlay
        self.overlays_changed.emit()

    def mark_saved(self, coloring: Coloring, lines: Lines, path: Path) -> None:
        """These colors under these lines now lie in this file."""
        self._saved = coloring, lines
        self._save_path = path
        self.saved.emit()

    def request(self) -> ColorizeRequest | None:
        """A snapshot of all that a coloring needs; None while something is missing."""
        if self._lines is None or not self._references:
            return None
        references = tuple(item.reference for item in self._references)
        return ColorizeRequest(self._lines.line_art, references, sigma=self._line_settings.sigma)
