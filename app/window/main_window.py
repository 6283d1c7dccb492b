"""The main window: docks, menus, tool bar, status bar. What stands where: `app/window/layout.py`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar, cast

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent, QStatusTipEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QSizePolicy,
    QTabBar,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.canvas.empty_state import EmptyState
from app.canvas.view import CanvasView
from app.panels.check_panel import CheckPanel
from app.panels.color_button import ColorButton
from app.panels.drawings_panel import DrawingsPanel
from app.panels.finish_panel import FinishPanel
from app.panels.history_panel import HistoryPanel
from app.panels.jobs_panel import JobsPanel
from app.panels.layers_panel import LayersPanel
from app.panels.line_art_panel import LineArtPanel
from app.panels.model_panel import ModelPanel
from app.panels.offer_bar import OfferBar
from app.panels.palette_panel import PalettePanel
from app.panels.recent_menu import RecentMenu
from app.panels.reference_strip import ReferenceStrip
from app.panels.reference_view import ReferencePanel
from app.panels.status import StatusBar
from app.panels.verdict_bar import VerdictBar
from app.settings import Settings
from app.style.theme import Theme, Themed
from app.window import layout
from app.window.actions import Actions

LAYOUT_VERSION = 2  # a saved layout of another version is not restored
START_SIZE = QSize(1280, 800)
START_SHARE = 0.8  # of a large screen
FRAME = QSize(16, 48)  # that a window manager may add around

Panel = TypeVar("Panel", bound=QWidget)


class MainWindow(QMainWindow):
    """Puts the parts in their places."""

    closing = Signal(object)  # the QCloseEvent

    def __init__(self, actions: Actions, *, has_sample: bool) -> None:
        super().__init__()
        self.actions_table = actions
        self.canvas = CanvasView(self)
        self.empty = EmptyState(self.canvas, has_sample=has_sample)
        self.offer = OfferBar(self)
        self._panels = {row.name: row.make(actions, self) for row in sorted(layout.DOCKS, key=lambda row: row.tab)}
        self.strip = self.panel(ReferenceStrip)
        self.drawings = self.panel(DrawingsPanel)
        self.history = self.panel(HistoryPanel)
        self.line_art = self.panel(LineArtPanel)
        self.model = self.panel(ModelPanel)
        self.finish = self.panel(FinishPanel)
        self.palette_panel = self.panel(PalettePanel)
        self.checks = self.panel(CheckPanel)
        self.layers = self.panel(LayersPanel)
        self.reference_view = self.panel(ReferencePanel)
        self.jobs = self.panel(JobsPanel)
        self.recent = RecentMenu(self)
        self.verdict = VerdictBar(self)
        self.status = StatusBar(actions["cancel"], self)
        self.setStatusBar(self.status)
        self._build_center()
        self._build_docks()
        self._build_menus()
        self._build_tool_bar()
        self._build_paint_bar()
        for action in actions.all():
            if action.objectName() != "remove_references":
                self.addAction(action)
        self._tidying = QTimer(self, singleShot=True, interval=0)
        self._tidying.timeout.connect(self.hide_stray_tab_bars)
        self.find_least_size()
        self._take_start_size()

    def _take_start_size(self) -> None:
        """As large as is good, or all of a screen that is not larger."""
        size, fits = start_size(self.screen().availableSize())
        self.resize(size)
        if not fits:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def panel(self, kind: type[Panel]) -> Panel:
        """The panel of this class."""
        return next(panel for panel in self._panels.values() if isinstance(panel, kind))

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """Canvas and panels, in the same order in every window."""
        return self.canvas, *self._panels.values()

    def tool_bar_buttons(self, name: str) -> list[QToolButton]:
        """The buttons of an action in the tool bars."""
        bars = self.findChildren(QToolBar)
        found = [bar.widgetForAction(self.actions_table[name]) for bar in bars]
        return [button for button in found if isinstance(button, QToolButton)]

    def find_least_size(self) -> None:
        """Ask the docks anew what they need: while they were put together it was more than it is now."""
        box = self.layout()
        assert box is not None
        box.activate()

    def set_theme(self, theme: Theme) -> None:
        """Hand the theme to the actions, for their icons, and to every part that paints itself."""
        self.actions_table.set_theme(theme)
        for part in self.findChildren(QWidget):
            if hasattr(part, "set_theme"):  # isinstance(part, Themed) takes longer than all of theirs
                cast(Themed, part).set_theme(theme)

    def show_check_count(self, count: int) -> None:
        """Say in the title how many places there are to check."""
        title = self.tr("To check")
        self.docks["checksDock"].setWindowTitle(f"{title} ({count})" if count else title)

    def restore(self, settings: Settings) -> None:
        """Go where the window was when it was closed last."""
        if not settings.geometry.isEmpty():
            self.restoreGeometry(settings.geometry)
        if not settings.layout.isEmpty():
            self.restoreState(settings.layout, LAYOUT_VERSION)

    def remember(self, settings: Settings) -> None:
        """Note where the window is."""
        settings.geometry = self.saveGeometry()
        settings.layout = self.saveState(LAYOUT_VERSION)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QStatusTipEvent):
            self.status.show_tip(event.tip())
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tidying.start()

    def hide_stray_tab_bars(self) -> None:
        """Hide the tab bars under no dock: Qt 6.11 leaves some behind when docks with tabs are arranged or restored."""
        places = [dock.geometry() for dock in self.docks.values() if dock.isVisible() and not dock.isFloating()]
        corners = {(place.x(), place.y() + place.height()) for place in places}
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if self.rect().intersects(bar.geometry()) and (bar.x(), bar.y()) not in corners:
                bar.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def _build_center(self) -> None:
        over_canvas = QVBoxLayout(self.canvas)
        over_canvas.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignCenter)
        center = QWidget(self)
        box = QVBoxLayout(center)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.offer)
        box.addWidget(self.verdict)
        box.addWidget(self.canvas, 1)
        self.setCentralWidget(center)

    def _build_docks(self) -> None:
        self.setCorner(Qt.Corner.BottomRightCorner, layout.RIGHT)
        # Strips are wide and lists are patient: what stands at the right needs its height more.
        self.setCorner(Qt.Corner.BottomLeftCorner, layout.BOTTOM)
        self.docks: dict[str, QDockWidget] = {}
        for row in layout.DOCKS:
            dock = QDockWidget(_translated(row.title), self)
            dock.setObjectName(row.name)
            dock.setWidget(self._panels[row.name])
            dock.setFeatures(
                QDockWidget.DockWidgetFeature.DockWidgetMovable
                | QDockWidget.DockWidgetFeature.DockWidgetClosable
                | QDockWidget.DockWidgetFeature.DockWidgetFloatable
            )
            self.addDockWidget(row.area, dock)
            self.docks[row.name] = dock
        self.docks["referenceViewDock"].hide()  # before it gets a tab: Qt would leave a stray tab bar
        for names in layout.TABBED:
            docks = [self.docks[name] for name in names]
            for before, after in pairwise(docks):
                self.tabifyDockWidget(before, after)
            docks[0].raise_()
        self._size_docks()
        self.jobs.added.connect(self.docks["jobsDock"].show)
        self.docks["jobsDock"].toggleViewAction().toggled.connect(self._make_room_for_jobs)

    def _size_docks(self) -> None:
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._share("referencesDock jobsDock", (3, 2), across)
        self._share("referencesDock drawingsDock", (3, 2), across)
        self.docks["jobsDock"].hide()  # until there is one
        self._share("paletteDock lineArtDock", (layout.LEFT_WIDTH, layout.RIGHT_WIDTH), across)
        self._share("referencesDock", (layout.STRIP_HEIGHT,), down)
        self._share("paletteDock checksDock", (3, 2), down)
        for panel in (self.line_art, self.finish):
            panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.line_art.setMinimumWidth(layout.RIGHT_WIDTH - 30)
        self.palette_panel.setMinimumWidth(layout.LEFT_WIDTH - 35)  # room for the tabs below it

    def _share(self, names: str, sizes: Sequence[int], direction: Qt.Orientation) -> None:
        self.resizeDocks([self.docks[name] for name in names.split()], sizes, direction)

    def _make_room_for_jobs(self, shown: bool) -> None:
        """Qt makes the others of a row smaller only when it is told to; a dock that comes would lie over the side."""
        if shown:
            row = [self.docks[name] for name in ("referencesDock", "drawingsDock", "jobsDock")]
            self.resizeDocks(row, [one.width() for one in row], Qt.Orientation.Horizontal)

    def _build_menus(self) -> None:
        for title, rows in layout.MENUS:
            menu = self.menuBar().addMenu(_translated(title))
            menu.setToolTipsVisible(False)
            for row in rows.split():
                if row == "|":
                    menu.addSeparator()
                elif row == "*recent":
                    menu.addMenu(self.recent)
                elif row == "*docks":
                    panels = menu.addMenu(self.tr("&Panels"))
                    for dock in self.docks.values():
                        panels.addAction(dock.toggleViewAction())
                elif row in layout.SUBMENUS:
                    name, below = layout.SUBMENUS[row]
                    menu.addMenu(_translated(name)).addActions(self.actions_table.some(below))
                else:
                    menu.addAction(self.actions_table[row])

    def _build_tool_bar(self) -> None:
        for name, text in layout.WITH_TEXT.items():
            self.actions_table[name].setIconText(_translated(text))
        bar = self._bar(self.tr("Tools"), "toolBar", layout.TOOL_BAR)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for name in layout.WITH_TEXT:
            button = bar.widgetForAction(self.actions_table[name])
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addToolBar(bar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _build_paint_bar(self) -> None:
        bar = self._bar(self.tr("Painting tools"), "paintBar", layout.PAINT_BAR)
        bar.addSeparator()
        self.color_button = ColorButton(self.actions_table["tool_color"], bar)
        bar.addWidget(self.color_button)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)

    def _bar(self, title: str, name: str, rows: str) -> QToolBar:
        bar = QToolBar(title, self)
        bar.setObjectName(name)
        bar.setIconSize(QSize(20, 20))
        bar.setMovable(False)
        bar.toggleViewAction().setVisible(False)
        for row in rows.split():
            if row == "|":
                bar.addSeparator()
                continue
            action = self.actions_table[row]
            bar.addAction(action)
            button = bar.widgetForAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.text().replace("&", ""))
        return bar


def start_size(screen: QSize) -> tuple[QSize, bool]:
    """How large a window is at the first start on a screen, and whether what it likes best fits on it."""
    room = screen - FRAME
    wanted = (room * START_SHARE).expandedTo(START_SIZE)
    return wanted.boundedTo(room), wanted == wanted.boundedTo(room)


def _translated(text: str) -> str:
    return QCoreApplication.translate("MainWindow", text)
