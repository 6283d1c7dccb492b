"""Ties the panels of finishing to their controller: settings, palette, what to check, and the modes of the canvas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from app.canvas.content import ViewMode
from app.controllers.controllers import Controllers
from app.dialogs.save_dialog import SaveDialog
from app.document.parts import OVERLAY_KINDS
from app.language import engine_words
from app.panels.palette_panel import Entry
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.export import formats

if TYPE_CHECKING:
    from engine.palette import Palette, Swatch


def _entries(
    base: Palette, palette: Palette, shares: Sequence[float], locks: Sequence[Swatch], bases: Mapping[Swatch, Swatch]
) -> list[Entry]:
    """A row for each swatch that is seen; those that became one are one row, called by the one that kept its color."""
    groups: dict[Swatch, list[int]] = {}
    for index, swatch in enumerate(palette.swatches):
        groups.setdefault(swatch, []).append(index)
    shown = dict(zip(base.swatches, palette.swatches, strict=True))
    entries = []
    for swatch, group in groups.items():
        first = next((index for index in group if base.swatches[index].color == swatch.color), group[0])
        share = sum(shares[index] for index in group)
        lit = bases.get(base.swatches[first])
        name = engine_words.color_name(shown.get(lit, lit).name) if lit is not None else ""
        entries.append(Entry(base.swatches[first], swatch, share, len(group), swatch in locks, name))
    return entries


class FinishPresenter(QObject):
    """Owns nothing; connects window, controller and settings."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window = window
        self._controller = controllers.finish
        self._document = controllers.document
        self._settings = controllers.settings
        actions = window.actions_table
        for mode in ViewMode:
            actions[f"show_{mode.value}"].triggered.connect(partial(self.show_mode, mode))
        actions["load_palette"].triggered.connect(self._ask_palette)
        actions["save_palette"].triggered.connect(self._ask_palette_file)
        actions["reset_palette"].triggered.connect(self._controller.use_reference_palette)
        window.finish.changed.connect(self._controller.set_settings)
        panel = window.palette_panel
        panel.edited.connect(self._controller.edit_swatch)
        panel.merged.connect(self._controller.merge_swatches)
        panel.parted.connect(self._controller.part_swatch)
        panel.deleted.connect(self._controller.delete_swatch)
        panel.locked.connect(self._controller.lock_swatch)
        panel.paired.connect(self._controller.pair_swatch)
        self._document.finish_settings_changed.connect(self._show_settings)
        self._document.finish_settings_changed.connect(self._show_palette)
        self._document.coloring_changed.connect(self._show_coloring)
        self._show_settings()
        self._show_coloring()

    def show_mode(self, mode: ViewMode) -> None:
        """Show colors, lines, both, or an overlay, which is made when it is first asked for."""
        self._window.actions_table[f"show_{mode.value}"].setChecked(True)
        self._window.canvas.set_mode(mode)
        self._controller.show_overlay(next((kind for kind in OVERLAY_KINDS if kind == mode.value), None))

    def _show_settings(self) -> None:
        self._window.finish.show_settings(self._document.finish_settings)

    def _show_coloring(self) -> None:
        coloring = self._document.coloring
        regions = coloring.finished.regions if coloring else None
        self._window.finish.show_used_gap(regions.gap if regions is not None else None)
        self._show_palette()
        if coloring is not None and regions is None and self._window.canvas.mode.value in OVERLAY_KINDS:
            self.show_mode(ViewMode.COLORED)

    def _show_palette(self) -> None:
        base, palette, coloring = self._controller.base, self._controller.palette, self._document.coloring
        if base is None or palette is None:
            entries = []
        else:
            shares = coloring.shares if coloring else (0.0,) * len(base.swatches)
            entries = _entries(base, palette, shares, self._document.finish_settings.locks, self._controller.bases)
        settings = self._document.finish_settings
        if settings.flats and settings.locked:
            empty = self.tr("The swatches of a coloring are listed here.")
        else:
            empty = self.tr("The colors are free: lock them to a palette to edit its swatches.")
        self._window.palette_panel.show_entries(entries, empty)

    def _ask_palette(self) -> None:
        palettes, files = self.tr("Palettes"), self.tr("All files")
        filters = f"{palettes} ({formats.PALETTE_PATTERNS});;{files} (*)"
        dialog = QFileDialog(self._window, self.tr("Load a palette"), str(self._settings.open_folder), filters)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._controller.load_palette(Path(name)))
        dialog.open()

    def _ask_palette_file(self) -> None:
        palette = self._controller.palette
        name = Path(palette.name if palette else "").stem or self.tr("palette")
        folder = self._settings.save_folder or self._settings.open_folder
        kinds = (
            (self.tr("GIMP palette"), ".gpl"),
            (self.tr("Adobe Swatch Exchange"), ".ase"),
            (self.tr("Adobe Color"), ".aco"),
        )
        dialog = SaveDialog(self._window, self.tr("Save the palette"), folder / f"{name}.gpl", kinds)
        dialog.fileSelected.connect(lambda chosen: self._controller.save_palette(Path(chosen)))
        dialog.open()
