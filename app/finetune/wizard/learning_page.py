"""The second page: what it will learn from, how thick the lines are, how thoroughly, and how long that takes here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from app.finetune import models, pictures
from app.finetune.controller import FinetuneController
from app.finetune.draft import Draft
from app.finetune.models import Catalogue
from app.finetune.run import what_helps
from app.finetune.wizard.picture_box import PictureView
from app.jobs.job import Lane
from app.jobs.long_run import duration
from app.language import engine_words
from app.panels.sigma_controls import STEPS, sigma_controls
from app.style.plain_text import plain_tip
from trainer.fine_tuning_events import Measured, Prepared

translate = QCoreApplication.translate

SHOWN_PAIRS = 4
LEAST = QSize(110, 120)
MEGABYTE = 1_000_000
FEW = 3  # pictures; of fewer the verdict says little


class LearningPage(QWizardPage):
    """Pairs of line art and picture, sigma, name, preset, and what a few real steps say about the time."""

    def __init__(
        self, controller: FinetuneController, draft: Draft, begin: Callable[[], bool], parent: QWidget | None = None
    ) -> None:
        """begin: starts the training, and says whether that was possible."""
        super().__init__(parent)
        self._controller, self._draft, self._begin = controller, draft, begin
        self._disk = ""
        self._catalogue: Catalogue | None = None
        self._measured_for: object = None
        self.measuring = controller.new_measuring()
        self.measuring.prepared.connect(self._prepared)
        self.measuring.measured.connect(self._measured)
        self.measuring.failed.connect(self._not_measured)
        self.setTitle(self.tr("What it will learn from"))
        self.setSubTitle(
            self.tr("Lines are extracted from each picture; from them it learns to find the colors again.")
        )
        self.setCommitPage(True)
        self.setButtonText(QWizard.WizardButton.CommitButton, self.tr("&Train"))
        self.pairs = [
            (PictureView(self.tr("Lines"), LEAST, self), PictureView(self.tr("Picture"), LEAST, self))
            for _ in range(SHOWN_PAIRS)
        ]
        self.slider, self.spin = sigma_controls(
            self.tr("Line thickness"),
            self.tr("Line thickness, number"),
            self.tr("Make the lines as thick as those of your drawings (σ); larger is thicker"),
            self,
        )
        self._make_choices()
        self._lay_out()
        self.slider.valueChanged.connect(self._slid)
        self.spin.valueChanged.connect(self._spun)
        self.slider.sliderReleased.connect(self._measure)
        self.name.textChanged.connect(self._named)
        self.quick.toggled.connect(self._preset_chosen)
        self.matching.toggled.connect(self._taught_chosen)

    def _make_choices(self) -> None:
        self.name = QLineEdit(self)
        self.name.setToolTip(self.tr("What the adapted model is called"))
        self.name.setMaxLength(60)
        self.name_problem = QLabel(self)
        self.name_problem.setObjectName("problemText")
        self.name_problem.hide()
        self.quick = QRadioButton(self.tr("&Quick"), self)
        self.quick.setToolTip(self.tr("One to three minutes on most computers"))
        self.thorough = QRadioButton(self.tr("T&horough"), self)
        self.thorough.setToolTip(self.tr("Several times as long; for a character drawn often"))
        self._presets = QButtonGroup(self)
        self._presets.addButton(self.quick)
        self._presets.addButton(self.thorough)
        self.matching = QRadioButton(self.tr("&Which color belongs where"), self)
        self.matching.setToolTip(
            self.tr("Which part of the pictures a region takes its color from; this is what helps")
        )
        self.colors = QRadioButton(self.tr("&Colors of the guess"), self)
        self.colors.setToolTip(self.tr("The colors that are seen with flats off; seldom helps"))
        self._taught = QButtonGroup(self)
        self._taught.addButton(self.matching)
        self._taught.addButton(self.colors)
        self.expected = QLabel(self)
        self.time = QLabel(self)
        self.sheet = QLabel(self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problemText")
        for label in (self.expected, self.time, self.sheet, self.problem):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)

    def initializePage(self) -> None:
        """Show the pairs, write what has no file, then measure."""
        draft = self._draft
        choices = self.quick, self.thorough, self.matching, self.colors
        blockers = [QSignalBlocker(widget) for widget in (self.slider, self.spin, self.name, *choices)]
        self.slider.setValue(round(draft.sigma * STEPS))
        self.spin.setValue(draft.sigma)
        self.name.setText(draft.name)
        self.quick.setChecked(draft.preset == "quick")
        self.thorough.setChecked(draft.preset == "thorough")
        self.matching.setChecked(draft.teach == "matching")
        self.colors.setChecked(draft.teach == "colors")
        del blockers
        draft.paths = ()
        self._measured_for = None
        self.problem.clear()
        self.sheet.clear()
        self.time.setText(self.tr("Preparing…"))
        self._show_expected()
        self._catalogue = None
        self._show_pairs()
        self._controller.look_up(self._looked_up, self)
        steps = pictures.write(draft.taken, draft.folder / "pictures")
        self._controller.work(steps, self._written, on_failed=lambda error: self._not_measured(str(error)), owner=self)
        self.completeChanged.emit()

    def cleanupPage(self) -> None:
        """Back to the pictures: nothing needs to be measured now."""
        self.measuring.stop()
        self._measured_for = None

    def isComplete(self) -> bool:
        """Whether it may begin. The time need not be known for that."""
        return bool(self._draft.paths) and self._catalogue is not None and not self.name_problem.text()

    def validatePage(self) -> bool:
        """Begin; the wizard goes on where that is possible."""
        self.measuring.stop()
        return self._begin()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        for column, (lines, picture) in enumerate(self.pairs):
            grid.addWidget(lines, 0, column)
            grid.addWidget(picture, 1, column)
        thickness = QHBoxLayout()
        thickness.addWidget(self.slider, 1)
        thickness.addWidget(self.spin)
        presets = QHBoxLayout()
        presets.setSpacing(14)
        presets.addWidget(self.quick)
        presets.addWidget(self.thorough)
        presets.addStretch()
        taught = QHBoxLayout()
        taught.setSpacing(14)
        taught.addWidget(self.matching)
        taught.addWidget(self.colors)
        taught.addStretch()
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        thickness_label, name_label = QLabel(self.tr("Line thic&kness"), self), QLabel(self.tr("&Name"), self)
        thickness_label.setBuddy(self.slider)
        name_label.setBuddy(self.name)
        form.addRow(thickness_label, thickness)
        names = QVBoxLayout()
        names.setSpacing(3)
        names.addWidget(self.name)
        names.addWidget(self.name_problem)
        form.addRow(name_label, names)
        form.addRow(QLabel(self.tr("Teach"), self), taught)
        form.addRow("", self.expected)
        form.addRow(QLabel(self.tr("Training"), self), presets)
        form.addRow(QLabel(self.tr("Takes"), self), self.time)
        form.addRow(QLabel(self.tr("Pictures"), self), self.sheet)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(grid, 1)
        layout.addLayout(form)
        layout.addWidget(self.problem)

    def _looked_up(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._draft.model = catalogue.base
        if not self._draft.name:
            self.name.setText(
                catalogue.free(self._controller.model_name(self._draft.title or self._draft.taken[0].name))
            )
        self._named(self.name.text())
        self._measure()

    def _written(self, paths: tuple[Path, ...]) -> None:
        self._draft.paths = paths
        self.completeChanged.emit()
        self._measure()

    def _slid(self, value: int) -> None:
        with QSignalBlocker(self.spin):
            self.spin.setValue(value / STEPS)
        self._draft.sigma = value / STEPS
        self._show_pairs()
        if not self.slider.isSliderDown():
            self._measure()

    def _spun(self, value: float) -> None:
        self.slider.setValue(round(value * STEPS))

    def _named(self, text: str) -> None:
        name = models.file_name(text)
        self._draft.name = name
        problem = ""
        if not name:
            problem = self.tr("Give it a name with letters or digits.")
        elif self._catalogue is not None and not self._catalogue.is_free(name):
            problem = self.tr("There is a model of this name; choose another.")
        self.name_problem.setText(problem)
        self.name_problem.setVisible(bool(problem))
        self.completeChanged.emit()

    def _preset_chosen(self) -> None:
        self._draft.preset = "quick" if self.quick.isChecked() else "thorough"
        self._measure()

    def _taught_chosen(self) -> None:
        self._draft.teach = "matching" if self.matching.isChecked() else "colors"
        self._show_expected()
        self._measure()

    def _show_expected(self) -> None:
        """What measurements say of it, before it begins; they stand in the page of measurements."""
        if self._draft.teach == "colors":
            measured = self.tr("Where it was measured, this gained less than three points on average.")
            text = f"{measured} {what_helps()}"
        elif len(self._draft.taken) < FEW:
            text = self.tr(
                "With so few pictures it can learn little, and little is known of how it will do: three to eight in "
                "different poses are best."
            )
        else:
            measured = self.tr(
                "Measured on characters that Nurie did badly: one to two points more of the regions right on average, "
                "the most in watercolors. Where it is no better, it is not kept."
            )
            text = f"{measured} {what_helps()}"
        self.expected.setText(text)

    def _show_pairs(self) -> None:
        steps = pictures.line_pairs(self._draft.taken[:SHOWN_PAIRS], self._draft.sigma)
        self._controller.work(steps, self._pairs_made, key="finetune-pairs", lane=Lane.LINES, owner=self)

    def _pairs_made(self, made: tuple[tuple[QImage, QImage], ...]) -> None:
        for index, (lines, picture) in enumerate(self.pairs):
            is_there = index < len(made)
            lines.setVisible(is_there)
            picture.setVisible(is_there)
            if is_there:
                lines.show_image(made[index][0])
                picture.show_image(made[index][1])

    def _measure(self) -> None:
        """Ask how long it takes; once for each choice, the name changes nothing."""
        request = replace(self._draft.request, name="measure")
        if not request.sheets or self._catalogue is None or request == self._measured_for:
            return
        self._measured_for = request
        self.problem.clear()
        self.time.setText(self.tr("Measuring with a few real steps…"))
        self.measuring.start(request, self._draft.folder)

    def _prepared(self, prepared: Prepared) -> None:
        note = engine_words.said(prepared.note)
        self.sheet.setText("\n".join(part for part in (pictures_text(prepared), note) if part))
        reasons = "\n".join(f"{one.path.name}: {engine_words.said(one.why)}" for one in prepared.skipped)
        self.sheet.setToolTip(plain_tip(reasons))
        self.problem.setText(reasons)
        self._disk = self.tr("{0} MB on disk").format(max(round(prepared.disk_bytes / MEGABYTE), 1))

    def _measured(self, measured: Measured) -> None:
        time = self.tr("About {0} on this machine").format(duration(measured.seconds_needed))
        self.time.setText(", ".join(part for part in (time, self._disk) if part))

    def _not_measured(self, sentence: str) -> None:
        self.time.setText(self.tr("Not known"))
        self.problem.setText(sentence)


def pictures_text(prepared: Prepared) -> str:
    """How many pictures are learned from, and how many only judged by."""
    held_out = len(prepared.held_out)
    text = translate("LearningPage", "{0} to learn from").format(max(prepared.pictures - held_out, 0))
    if held_out:
        text += translate("LearningPage", ", {0} held out to judge the result by").format(held_out)
    if prepared.judged:
        text += translate("LearningPage", ", {0} of them judged by what has learned from others only").format(
            prepared.judged
        )
    if prepared.skipped:
        text += translate("LearningPage", ", {0} left out").format(len(prepared.skipped))
    return text
