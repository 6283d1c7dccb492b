"""The jobs panel: long runs, one above the other, each with how far it is and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.jobs.long_run import RunRow, RunState, Verb, time_left
from app.language import engine_words
from app.style import icons
from app.style.plain_text import plain_tip
from app.style.theme import Theme

ICONS = {
    Verb.PAUSE: "pause",
    Verb.RESUME: "resume",
    Verb.KEEP: "keep",
    Verb.CANCEL: "cancel",
    Verb.OPEN: "open",
    Verb.REMOVE: "remove",
}
ICON_SIZE = 16
BAR_STEPS = 1000
WIDTH_MIN = 270  # pixels


class JobsPanel(QScrollArea):
    """Lists runs, the newest first."""

    added = Signal()  # a run is listed that was not

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[RunRow, RunView] = {}
        self._theme: Theme | None = None
        self.setObjectName("jobsPanel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(WIDTH_MIN)
        self.setAccessibleName(self.tr("Jobs"))
        self.empty = QLabel(self.tr("Nothing long is going on. Fine-tunings and batches show here how far they are."))
        self.empty.setObjectName("mutedText")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QWidget(self)
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(10, 4, 10, 8)
        self._layout.setSpacing(6)
        self._layout.addWidget(self.empty)
        self._layout.addStretch()
        self.setWidget(inside)

    @property
    def rows(self) -> list[RunRow]:
        """The runs listed, the newest first."""
        return list(reversed(self._rows))

    def view(self, row: RunRow) -> RunView:
        """The widget of a run."""
        return self._rows[row]

    def add(self, row: RunRow) -> None:
        """List this run, above the others. One that is listed already stays where it is."""
        if row in self._rows:
            return
        view = RunView(row, self.widget())
        if self._theme is not None:
            view.set_theme(self._theme)
        self._rows[row] = view
        self._layout.insertWidget(0, view)
        view.show()  # else only at the next turn of the event loop
        self.empty.hide()
        self.added.emit()

    def remove(self, row: RunRow) -> None:
        """List this run no longer."""
        view = self._rows.pop(row, None)
        if view is None:
            return
        self._layout.removeWidget(view)
        view.hide()
        view.deleteLater()
        self.empty.setVisible(not self._rows)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for view in self._rows.values():
            view.set_theme(theme)


class RunView(QFrame):
    """One run. Space pauses and goes on, Enter opens, Delete cancels or takes off the list."""

    def __init__(self, row: RunRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.setObjectName("runView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = QLabel(row.title, self)
        self.title.setObjectName("runTitle")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setMinimumWidth(1)
        self.message = QLabel(self)
        self.message.setObjectName("mutedText")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(row.title))
        self.buttons = {verb: self._button(verb, *words) for verb, words in self._words().items()}
        below = QHBoxLayout()
        below.setSpacing(2)
        below.addWidget(self.message, 1)
        for button in self.buttons.values():
            below.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.bar)
        layout.addLayout(below)
        row.changed.connect(self._show)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        for verb, button in self.buttons.items():
            button.setIcon(icons.themed(ICONS[verb], theme.color("text"), theme.color("disabled")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        meanings = {
            Qt.Key.Key_Space: (Verb.PAUSE, Verb.RESUME),
            Qt.Key.Key_Return: (Verb.OPEN,),
            Qt.Key.Key_Enter: (Verb.OPEN,),
            Qt.Key.Key_Delete: (Verb.CANCEL, Verb.REMOVE),
        }
        wanted = [verb for verb in meanings.get(Qt.Key(event.key()), ()) if verb in self.row.verbs]
        if wanted:
            self.row.ask(wanted[0])
        else:
            super().keyPressEvent(event)

    def _words(self) -> dict[Verb, tuple[str, str]]:
        """What each button is called, and its tool tip."""
        return {
            Verb.PAUSE: (self.tr("Pause"), self.tr("Pause (Space)")),
            Verb.RESUME: (self.tr("Go on"), self.tr("Go on (Space)")),
            Verb.KEEP: (self.tr("Stop and keep"), self.tr("Stop now and keep what there is")),
            Verb.CANCEL: (self.tr("Cancel"), self.tr("Cancel (Del)")),
            Verb.OPEN: (self.tr("Open"), self.tr("Open (Enter)")),
            Verb.REMOVE: (self.tr("Remove"), self.tr("Take it off the list (Del)")),
        }

    def _button(self, verb: Verb, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.tr("{0}: {1}").format(name, self.row.title))
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.row.ask(verb))
        return button

    def _show(self) -> None:
        row = self.row
        self.title.setToolTip(plain_tip(row.title))
        left = time_left(row.seconds_left) if row.state == RunState.RUNNING else ""
        self.message.setText(" · ".join(part for part in (engine_words.said(row.message), left) if part))
        self.setAccessibleName(row.title)
        self.setAccessibleDescription(self.message.text())
        self.bar.setVisible(not row.is_over)
        # Without a measure the bar runs to and fro, but only while something is done.
        is_measured = row.fraction is not None or row.state not in (RunState.RUNNING, RunState.ENDING)
        self.bar.setRange(0, BAR_STEPS if is_measured else 0)
        if is_measured:
            self.bar.setValue(round(BAR_STEPS * (row.fraction or 0.0)))
        lost = self.tr("Give it up, with all that was done so far (Del)")
        remove = lost if row.state == RunState.INTERRUPTED else self._words()[Verb.REMOVE][1]
        self.buttons[Verb.REMOVE].setToolTip(remove)
        for verb, button in self.buttons.items():
            if button.hasFocus() and verb not in row.verbs:
                self.setFocus()  # else the next button would have it, and Space pressed twice would do another thing
            button.setVisible(verb in row.verbs)
