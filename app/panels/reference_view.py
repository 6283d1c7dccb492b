"""The reference view: the selected reference seen large, how much it counts, and which parts of it do."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.canvas.reference_canvas import ReferenceCanvas
from app.canvas.tools.mask_tool import SIZE_DEFAULT, SIZE_MAX, SIZE_MIN, Brush
from app.language import numbers
from app.style.plain_text import plain_tip

WEIGHT_MAX, WEIGHT_STEP = 200, 5  # percent
MOST_PANELS = 99


class ReferencePanel(QWidget):
    """Shows a reference; asks for changes by signals."""

    weight_changed = Signal(float)  # from 0 to 2
    panel_chosen = Signal(int)  # the only panel of a page that it is for, 0 for all
    background_refused = Signal()  # the background is to be ignored
    all_wanted = Signal()  # everything counts again
    figure_toggled = Signal(bool)  # the mask of the figure is to be shown and painted, not that of what counts

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = ReferenceCanvas(self)
        self.canvas.empty = self.tr("Select a reference in the strip to see it here.")
        self.brush = Brush()
        self.weight = QSlider(Qt.Orientation.Horizontal, self)
        self.weight.setRange(0, WEIGHT_MAX)
        self.weight.setMinimumWidth(60)  # languages with long words leave it too little to be moved
        self.weight.setSingleStep(WEIGHT_STEP)
        self.weight.setPageStep(5 * WEIGHT_STEP)
        self.weight.setValue(100)
        self.weight.setAccessibleName(self.tr("Weight of this reference, in percent"))
        self.weight.setToolTip(self.tr("How much this reference counts beside the others; 0 % not at all"))
        self.percent = QLabel(self)
        self.percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("200 %") + 4)
        self.panel = QSpinBox(self)
        self.panel.setRange(0, MOST_PANELS)
        self.panel.setSpecialValueText(self.tr("all"))
        self.panel.setAccessibleName(self.tr("Panel of the page that this reference is for"))
        self.panel.setToolTip(
            self.tr("Keep this reference to one panel of a comic page; panels are counted row by row from the left")
        )
        self.background = QPushButton(self.tr("Ignore Background"), self)
        self.background.setToolTip(self.tr("Let the figure stand on white paper, without what is behind it"))
        self.everything = QPushButton(self.tr("Use All"), self)
        self.everything.setToolTip(self.tr("Let every part of this reference count again"))
        self._build_brush()
        self._lay_out()
        self.weight.valueChanged.connect(self._weighed)
        self.panel.valueChanged.connect(self.panel_chosen)
        self.background.clicked.connect(self.background_refused)
        self.everything.clicked.connect(self.all_wanted)
        self.show_reference("", None, masked=False)

    def show_reference(self, name: str, weight: float | None, *, masked: bool, panel: int | None = None) -> None:
        """Show what is known of a reference, without a signal. weight: None where there is none. panel: from 1."""
        self.canvas.setToolTip(plain_tip(name))
        with QSignalBlocker(self.weight):
            self.weight.setValue(round(100 * weight) if weight is not None else 100)
        with QSignalBlocker(self.panel):
            self.panel.setValue(panel or 0)
        self._show_percent()
        for widget in (self.weight, self.panel, self.background, self.masking):
            widget.setEnabled(weight is not None)
        self.everything.setEnabled(masked)

    def show_figures(self, shown: bool) -> None:
        """Show whether a mask of the figure can be painted, for models that heed it."""
        self.of_figure.setVisible(shown)
        if not shown:
            self.of_figure.setChecked(False)

    def show_masking(self, shown: bool) -> None:
        """Show how the mask is painted, while it can be."""
        self.masking.setVisible(shown)

    def _weighed(self, percent: int) -> None:
        self._show_percent()
        self.weight_changed.emit(percent / 100)

    def _show_percent(self) -> None:
        self.percent.setText(numbers.percent(self.weight.value() / 100))

    def _build_brush(self) -> None:
        self.masking = QWidget(self)
        self.ignore = QRadioButton(self.tr("&Ignore"), self.masking)
        self.ignore.setToolTip(self.tr("Parts that are painted over do not count (with Alt they count again)"))
        self.bring_back = QRadioButton(self.tr("&Bring back"), self.masking)
        self.bring_back.setToolTip(self.tr("Parts that are painted over count again (with Alt they do not)"))
        self.by_brush = QRadioButton(self.tr("Br&ush"), self.masking)
        self.by_brush.setToolTip(self.tr("Paint with a round brush"))
        self.by_rectangle = QRadioButton(self.tr("Rec&tangle"), self.masking)
        self.by_rectangle.setToolTip(self.tr("Drag a rectangle"))
        self._groups = []
        for pair in ((self.ignore, self.bring_back), (self.by_brush, self.by_rectangle)):
            group = QButtonGroup(self.masking)
            for button in pair:
                group.addButton(button)
                button.toggled.connect(self._brush_edited)
            self._groups.append(group)
        self.of_figure = QCheckBox(self.tr("&Figure"), self.masking)
        self.of_figure.setToolTip(
            self.tr("Paint where the figure is, for models that paint figure and background apart")
        )
        self.of_figure.toggled.connect(self.figure_toggled)
        self.size_box = QSpinBox(self.masking)
        self.size_box.setRange(SIZE_MIN, SIZE_MAX)
        self.size_box.setValue(SIZE_DEFAULT)
        self.size_box.setSuffix(self.tr(" px"))
        self.size_box.setAccessibleName(self.tr("Size of the brush"))
        self.size_box.setToolTip(self.tr("Size of the brush on the screen"))
        self.size_box.valueChanged.connect(self._brush_edited)
        self.ignore.setChecked(True)
        self.by_brush.setChecked(True)

    def _brush_edited(self) -> None:
        self.brush.ignores = not self.bring_back.isChecked()
        self.brush.rectangle = self.by_rectangle.isChecked()
        self.brush.size = self.size_box.value()
        self.size_box.setEnabled(not self.brush.rectangle)

    def _lay_out(self) -> None:
        brush = QGridLayout(self.masking)
        brush.setContentsMargins(0, 0, 0, 0)
        brush.setSpacing(4)
        brush.addWidget(self.ignore, 0, 0)
        brush.addWidget(self.bring_back, 0, 1)
        brush.addWidget(self.by_brush, 1, 0)
        brush.addWidget(self.by_rectangle, 1, 1)
        brush.addWidget(self.size_box, 0, 2)
        brush.addWidget(self.of_figure, 1, 2)
        brush.setColumnStretch(3, 1)
        keeps = self.masking.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # the reference does not jump when a tool is chosen
        self.masking.setSizePolicy(keeps)
        self.masking.hide()
        weight = QHBoxLayout()
        label = QLabel(self.tr("&Weight"), self)
        label.setBuddy(self.weight)
        for widget in (label, self.weight, self.percent):
            weight.addWidget(widget)
        panel = QLabel(self.tr("&Panel"), self)
        panel.setBuddy(self.panel)
        for widget in (panel, self.panel):
            weight.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.background)
        buttons.addWidget(self.everything)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 10)
        layout.setSpacing(6)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.masking)
        layout.addLayout(weight)
        layout.addLayout(buttons)
