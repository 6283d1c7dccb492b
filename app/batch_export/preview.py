"""What a batch will do, before it begins: how many drawings, what they will be called, and what is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.language.engine_words import said
from app.style.plain_text import plain_tip

if TYPE_CHECKING:
    from app.batch.plan import Plan, Task

SHOWN = 200  # drawings listed; problems come first
TOLD = 20  # files in a tool tip


class BatchPreview(QWidget):
    """A sentence and a list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.can_begin = False
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.list = QTreeWidget(self)
        self.list.setObjectName("batchList")
        self.list.setColumnCount(3)
        self.list.setHeaderLabels([self.tr("Drawing"), self.tr("Picture"), self.tr("References")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.list.setAccessibleName(self.tr("What will be made"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.sentence)
        layout.addWidget(self.list, 1)

    def show_hint(self, sentence: str) -> None:
        """What to do first."""
        self._say(sentence, "mutedText")
        self.can_begin = False

    def show_problem(self, sentence: str) -> None:
        """Why nothing can be done."""
        self._say(said(sentence), "problemText")
        self.list.clear()
        self.can_begin = False

    def show_plan(self, plan: Plan, *, has_references: bool) -> None:
        """has_references: drawings without a reference of their own have some all the same, which are no files yet."""

        def problem_of(task: Task) -> str:
            return "" if has_references and not task.place.sources.files else task.problem

        problems = [task for task in plan.tasks if problem_of(task)]
        if not plan.tasks:  # of a folder that is to be watched; of others that is a problem
            self.can_begin = True
            self._say(self.tr("No drawing yet; what is saved into the folder is colored."), "")
            self.list.clear()
            return
        self.can_begin = len(problems) < len(plan.tasks)
        self._say("\n".join([self._summary(plan, len(problems)), *map(said, plan.notes)]), "")
        if not self.can_begin:
            self._say(said(problem_of(plan.tasks[0])), "problemText")
        self.list.clear()
        self.list.setColumnHidden(2, False)
        others = [task for task in plan.tasks if not problem_of(task)]
        items = []
        for task in [*problems, *others][:SHOWN]:
            picture = said(problem_of(task)) or task.output.relative_to(plan.asked.output).as_posix()
            sources = task.place.sources
            names = [path.name for path in sources.references]
            names += [self.tr("panel {0}: {1}").format(number, path.name) for number, path in sources.panels]
            if has_references and not names:
                names = [self.tr("those of the window")]
            item = QTreeWidgetItem([task.name, picture, ", ".join(names)])
            item.setToolTip(0, plain_tip(str(task.line)))
            item.setToolTip(1, plain_tip(picture))
            item.setToolTip(2, plain_tip("\n".join(map(str, sources.files[:TOLD])) or names[0] if names else ""))
            items.append(item)
        more = len(plan.tasks) - len(items)
        if more > 0:
            items.append(QTreeWidgetItem([self.tr("and {0} more").format(more)]))
        self.list.addTopLevelItems(items)

    def show_pages(self, rows: Sequence[tuple[str, str]], colored: int) -> None:
        """Drawings of the project, each with its file or why there is none; so many can be written."""
        self.can_begin = colored > 0
        if colored:
            self._say(self.tr("{0} of {1} drawings are colored").format(colored, len(rows)), "")
        else:
            self._say(self.tr("No drawing of the project is colored yet."), "problemText")
        self.list.clear()
        self.list.setColumnHidden(2, True)
        self.list.addTopLevelItems([QTreeWidgetItem(list(row)) for row in rows])

    def _summary(self, plan: Plan, problems: int) -> str:
        words = [self.tr("{0} drawings").format(len(plan.tasks))]
        existing = plan.existing
        if existing:
            choices = {
                "skip": self.tr("{0} are there already and are left"),
                "overwrite": self.tr("{0} are there already and are replaced"),
                "number": self.tr("{0} are there already, the new ones are numbered"),
            }
            words.append(choices[plan.asked.on_exists].format(existing))
        if problems:
            words.append(self.tr("{0} cannot be colored").format(problems))
        return " · ".join(words)

    def _say(self, sentence: str, name: str) -> None:
        self.sentence.setObjectName(name)
        self.sentence.style().unpolish(self.sentence)  # the style goes by the name
        self.sentence.style().polish(self.sentence)
        self.sentence.setText(sentence)
