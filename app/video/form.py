"""Which scene, colored from what, written where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app import paths
from app.language import format_names
from app.style.plain_text import plain_tip
from app.video.wish import SceneKey, SceneWish
from engine.export import formats
from engine.video import kinds

_OPENED = " ".join(f"*{suffix}" for suffix in kinds.OPENED)
_COLORED, _SAMPLE = "_colored", "nurie_scene"


class SceneForm(QWidget):
    """Says by `scene_changed` that another scene is named, by `changed` that anything is."""

    scene_changed = Signal(str)
    changed = Signal()

    def __init__(self, base: SceneWish, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = base
        self._keys: list[SceneKey] = list(base.keys)
        self.scene = self._edit(base.scene, self.tr("Scene"), self.tr("A folder of frames, or a video"))
        self.output = self._edit(base.output, self.tr("Write to"), self.tr("A folder, or the name of a video"))
        self.format = QComboBox(self)
        self.format.setAccessibleName(self.tr("Format"))
        for one in formats.WRITTEN:
            self.format.addItem(self.tr("Pictures: {0}").format(format_names.name_of(one)), one.id)
        for suffix, name in kinds.written().items():
            self.format.addItem(self.tr("Video: {0} ({1})").format(name, suffix), suffix)
        self.format.setCurrentIndex(max(0, self.format.findData(base.format)))
        self.by_swatch = QCheckBox(self.tr("One &layer for each color"), self)
        self.by_swatch.setChecked(base.by_swatch)
        self.keys = QListWidget(self)
        self.keys.setAccessibleName(self.tr("Colors from"))
        self.place = QSpinBox(self)
        self.place.setRange(-1, 999_999)
        self.place.setSpecialValueText(self.tr("a sheet for all"))
        self.place.setPrefix(self.tr("frame "))
        self.place.setAccessibleName(self.tr("Which frame it is"))
        self._lay_out()
        self.scene.editingFinished.connect(self._scene_named)
        for signal in (self.output.textChanged, self.by_swatch.toggled):
            signal.connect(lambda *_: self.changed.emit())
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.keys.currentRowChanged.connect(self._show_place)
        self.place.valueChanged.connect(self._place_chosen)
        self._show_keys(0)

    def wish(self) -> SceneWish:
        """What is asked for."""
        return replace(
            self._base,
            scene=self.scene.text().strip(),
            output=self.output.text().strip(),
            keys=tuple(self._keys),
            format=self.format.currentData(),
            by_swatch=self.by_swatch.isChecked() and not self.format.currentData().startswith("."),
            answers=(),
        )

    def missing(self) -> str:
        """The first thing that is missing, as a sentence; empty if nothing is."""
        if not self.scene.text().strip():
            return self.tr("Choose a folder of frames or a video, or drop one here.")
        if not self._keys:
            return self.tr("Add a colored frame or a character sheet: drop it on its frame below, or here.")
        return "" if self.output.text().strip() else self.tr("Choose where to write.")

    def use_scene(self, path: str) -> None:
        """Take this folder or video, and suggest a place for what is made of it."""
        before = self._suggested(self.scene.text().strip())
        self.scene.setText(path)
        if self.output.text().strip() in ("", before):
            self.output.setText(self._suggested(path))
        self.scene_changed.emit(path)
        self.changed.emit()

    def use_sample(self) -> None:
        """Take the scene that ships, with its key frame, and a place in the person's pictures."""
        sample = paths.sample_scene()
        if sample is not None:
            pictures = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or ".")
            place = pictures if pictures.is_absolute() and pictures.is_dir() else Path.home()  # not every home has one
            self._keys = [SceneKey(str(sample[1]), 0)]
            self._show_keys(0)
            kind = self.format.currentData()
            self.output.setText(str(place / _SAMPLE) + (kind if kind.startswith(".") else ""))
            self.use_scene(str(sample[0]))

    def add_key(self, path: str, frame: int | None) -> None:
        """Take colors from this picture; an older key of that frame goes."""
        self._keys = [one for one in self._keys if frame is None or one.frame != frame]
        self._keys = [one for one in self._keys if one.path != path or one.frame is None != (frame is None)]
        self._keys.append(SceneKey(path, frame))
        self._show_keys(len(self._keys) - 1)
        self.changed.emit()

    def frames(self) -> tuple[int, ...]:
        """The numbers of the key frames."""
        return tuple(one.frame for one in self._keys if one.frame is not None)

    def show_count(self, count: int | None) -> None:
        """How many frames the scene has."""
        self.place.setMaximum(999_999 if count is None else max(0, count - 1))

    def _edit(self, text: str, name: str, hint: str) -> QLineEdit:
        edit = QLineEdit(text, self)
        edit.setAccessibleName(name)
        edit.setPlaceholderText(hint)
        return edit

    def _lay_out(self) -> None:
        grid = QGridLayout()
        folder, video, where = (
            self._button(words) for words in (self.tr("&Folder…"), self.tr("&Video…"), self.tr("Choo&se…"))
        )
        for row, (words, widgets) in enumerate(
            ((self.tr("Scene"), (self.scene, folder, video)), (self.tr("Write to"), (self.output, self.format, where)))
        ):
            line = QHBoxLayout()
            for widget in widgets:
                line.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
            grid.addWidget(QLabel(words, self), row, 0)
            grid.addLayout(line, row, 1)
        grid.setColumnStretch(1, 1)
        self.sample = self._button(self.tr("&Try the Sample"))
        self.sample.setToolTip(plain_tip(self.tr("Twelve frames that come with the program, the first one in color")))
        self.sample.setVisible(paths.sample_scene() is not None)
        line = QHBoxLayout()
        line.addWidget(self.by_swatch, 1)
        line.addWidget(self.sample)
        grid.addLayout(line, 2, 1)
        add, remove = self._button(self.tr("&Add…")), self._button(self.tr("R&emove"))
        self.remove = remove
        buttons = QHBoxLayout()
        for widget in (add, remove, self.place):
            buttons.addWidget(widget)
        keys = QVBoxLayout()
        keys.addWidget(QLabel(self.tr("Colors from"), self))
        keys.addWidget(self.keys)
        keys.addLayout(buttons)
        self.keys.setMaximumHeight(76)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid, 3)
        layout.addLayout(keys, 2)
        folder.clicked.connect(self._ask_folder)
        video.clicked.connect(self._ask_video)
        where.clicked.connect(self._ask_output)
        self.sample.clicked.connect(self.use_sample)
        add.clicked.connect(self._ask_keys)
        remove.clicked.connect(self._remove_key)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        return button

    def _suggested(self, scene: str) -> str:
        if not scene:
            return ""
        path, kind = Path(scene), self.format.currentData()
        return str(path.with_name(path.stem + _COLORED + (kind if kind.startswith(".") else "")))

    def _scene_named(self) -> None:
        if self.scene.isModified():
            self.scene.setModified(False)
            self.use_scene(self.scene.text().strip())

    def _format_chosen(self) -> None:
        kind, output = self.format.currentData(), self.output.text().strip()
        self.by_swatch.setEnabled(kind in [one.id for one in formats.WRITTEN if one.layered])
        if output:
            path = Path(output)
            bare = path.with_suffix("") if kinds.is_video(path) else path
            self.output.setText(str(bare) + (kind if kind.startswith(".") else ""))
        self.changed.emit()

    def _ask_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Folder of Frames"), self.scene.text())
        if path:
            self.use_scene(path)

    def _ask_video(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Video"), self.scene.text(), self.tr("Videos ({0})").format(_OPENED)
        )
        if path:
            self.use_scene(path)

    def _ask_output(self) -> None:
        if self.format.currentData().startswith("."):
            path, _ = QFileDialog.getSaveFileName(self, self.tr("Write to"), self.output.text())
        else:
            path = QFileDialog.getExistingDirectory(self, self.tr("Write to"), self.output.text())
        if path:
            self.output.setText(path)

    def _ask_keys(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Colors from"), self.scene.text(), self.tr("Pictures ({0})").format(formats.PATTERNS)
        )
        for path in chosen:
            self.add_key(path, None)

    def _remove_key(self) -> None:
        row = self.keys.currentRow()
        if 0 <= row < len(self._keys):
            del self._keys[row]
            self._show_keys(min(row, len(self._keys) - 1))
            self.changed.emit()

    def _show_keys(self, row: int) -> None:
        self.keys.blockSignals(True)
        self.keys.clear()
        for key in self._keys:
            where = self.tr("sheet") if key.frame is None else self.tr("frame {0}").format(key.frame)
            item = QListWidgetItem(f"{Path(key.path).name} · {where}")
            item.setToolTip(plain_tip(key.path))
            self.keys.addItem(item)
        self.keys.setCurrentRow(row)
        self.keys.blockSignals(False)
        self._show_place(row)

    def _show_place(self, row: int) -> None:
        is_one = 0 <= row < len(self._keys)
        self.remove.setEnabled(is_one)
        frame = self._keys[row].frame if is_one else None
        self.place.blockSignals(True)
        self.place.setValue(-1 if frame is None else frame)
        self.place.blockSignals(False)
        self.place.setEnabled(is_one)

    def _place_chosen(self, value: int) -> None:
        row = self.keys.currentRow()
        if 0 <= row < len(self._keys):
            self._keys[row] = replace(self._keys[row], frame=value if value >= 0 else None)
            self._show_keys(row)
            self.changed.emit()
