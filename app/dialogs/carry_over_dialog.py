"""What a correction would change in the project's other drawings, to be chosen before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.controllers.carry_over_work import PageProposals
from app.language import numbers
from app.style.plain_text import plain_tip

SIDE = 170  # logical pixels of a picture


class CarryOverDialog(QDialog):
    """One row per drawing: before, after, and a check box for whether to do it."""

    chosen = Signal(object)  # a list of PageProposals

    def __init__(self, found: Sequence[PageProposals], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Carry Corrections Over"))
        self._found = list(found)
        self.checks = [self._check(one) for one in self._found]
        self.all = QCheckBox(self.tr("&All drawings"), self)
        self.all.setTristate(False)
        self.all.setChecked(True)
        self.all.clicked.connect(self._check_all)
        buttons = QDialogButtonBox(self)
        self.apply: QPushButton = buttons.addButton(self.tr("&Carry Over"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        told = QLabel(
            self.tr(
                "These regions of other drawings match a region that you colored. Choose where to color them, too."
            ),
            self,
        )
        told.setWordWrap(True)
        layout.addWidget(told)
        layout.addWidget(self.all)
        layout.addWidget(self._rows(), 1)
        layout.addWidget(buttons)
        self.resize(520, min(640, 200 + 210 * len(self._found)))
        self._show_state()
        (self.checks[0] if self.checks else self.apply).setFocus()

    def _check(self, one: PageProposals) -> QCheckBox:
        count = len(one.proposals)
        words = self.tr("{0}: one region") if count == 1 else self.tr("{0}: {1} regions")
        box = QCheckBox(words.format(one.name, count), self)
        box.setChecked(True)
        tip = self.tr("At least {0} sure").format(numbers.percent(min(p.confidence for p in one.proposals)))
        box.setToolTip(tip)
        box.toggled.connect(self._show_state)
        return box

    def _rows(self) -> QWidget:
        inner = QWidget(self)
        grid = QGridLayout(inner)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for number, (one, box) in enumerate(zip(self._found, self.checks, strict=True)):
            pictures = QHBoxLayout()
            pictures.setSpacing(10)
            before = self._picture(one.before, self.tr("{0} as it is").format(one.name))
            after = self._picture(one.after, self.tr("{0} as it would be").format(one.name))
            pictures.addWidget(before)
            pictures.addWidget(QLabel("→", inner))
            pictures.addWidget(after)
            pictures.addStretch()
            grid.addWidget(box, 2 * number, 0)
            grid.addLayout(pictures, 2 * number + 1, 0)
        grid.setRowStretch(2 * len(self._found), 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _picture(self, image: QImage, name: str) -> QLabel:
        label = QLabel(self)
        ratio = self.devicePixelRatioF()
        side = round(SIDE * ratio)
        shown = QPixmap.fromImage(image).scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        label.setPixmap(shown)
        label.setAccessibleName(name)
        label.setToolTip(plain_tip(name))
        return label

    def _check_all(self, checked: bool) -> None:
        for box in self.checks:
            box.setChecked(checked)

    def _show_state(self) -> None:
        states = [box.isChecked() for box in self.checks]
        self.all.setChecked(bool(states) and all(states))
        self.apply.setEnabled(any(states))

    def _accept(self) -> None:
        self.chosen.emit([one for one, box in zip(self._found, self.checks, strict=True) if box.isChecked()])
        self.accept()
