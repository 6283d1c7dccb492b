"""The main window: docks, menus, tool bar, status bar. No behavior: see `app/window/presenter.py`."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
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
from app.style.theme import Theme
from app.window.actions import Actions

LAYOUT_VERSION = 2  # a saved layout of another version is not restored
START_SIZE = QSize(1280, 800)
LEFT_WIDTH, RIGHT_WIDTH, STRIP_HEIGHT = 240, 280, 168

TOOL_BAR = (
    ("open_drawing", "open_references", "save", "export"),
    ("undo", "redo"),
    ("color",),
    ("show_colored", "show_lines", "show_compare", "show_side_by_side", "show_regions", "show_confidence"),
    ("zoom_out", "zoom_in", "fit", "actual_size"),
)
PAINT_BAR = (
    ("tool_move",),
    ("tool_hint", "tool_pick", "tool_fill"),
    ("tool_split", "tool_merge", "tool_gap"),
    ("tool_remove", "tool_mask"),
)
WITH_TEXT = {"open_drawing", "open_references", "export", "color"}


class MainWindow(QMainWindow):
    """Puts the parts in their places."""

    closing = Signal(object)  # the QCloseEvent

    def __init__(self, actions: Actions, *, has_sample: bool) -> None:
        super().__init__()
        self.actions_table = actions
        self.canvas = CanvasView(self)
        self.empty = EmptyState(self.canvas, has_sample=has_sample)
        self.offer = OfferBar(self)
        self.strip = ReferenceStrip(actions["open_references"], actions["remove_references"], self)
        drawing_actions = [actions[name] for name in ("open_drawing", "remove_drawing", "color_all")]
        self.drawings = DrawingsPanel(drawing_actions, self)
        self.history = HistoryPanel(actions["undo"], actions["redo"], self)
        self.recent = RecentMenu(self)
        self.line_art = LineArtPanel(self)
        self.model = ModelPanel(actions["color"], actions["auto_color"], actions["adapt"], actions["models"], self)
        self.finish = FinishPanel(self)
        palette_actions = [actions[name] for name in ("load_palette", "save_palette", "reset_palette")]
        self.palette_panel = PalettePanel(palette_actions, self)
        self.checks = CheckPanel(self)
        self.layers = LayersPanel(self)
        self.reference_view = ReferencePanel(self)
        self.jobs = JobsPanel(self)
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
        self.resize(START_SIZE)

    def find_least_size(self) -> None:
        """Ask the docks anew what they need: while they were put together it was more than it is now."""
        layout = self.layout()
        assert layout is not None
        layout.activate()

    def set_theme(self, theme: Theme) -> None:
        """Wear the theme in all parts that paint themselves."""
        self.actions_table.set_theme(theme)
        self.canvas.set_theme(theme)
        self.empty.set_theme(theme)
        for part in (self.strip, self.palette_panel, self.checks, self.reference_view, self.jobs):
            part.set_theme(theme)
        self.drawings.set_theme(theme)
        self.history.set_theme(theme)

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

    def showEvent(self, event: QShowEvent) -> None:
        """Clear up when the docks are in their places."""
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
        """Ask whether the window may go."""
        self.closing.emit(event)

    def _build_center(self) -> None:
        over_canvas = QVBoxLayout(self.canvas)
        over_canvas.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignCenter)
        center = QWidget(self)
        layout = QVBoxLayout(center)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.offer)
        layout.addWidget(self.verdict)
        layout.addWidget(self.canvas, 1)
        self.setCentralWidget(center)

    def _build_docks(self) -> None:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        docks = (
            (self.tr("Palette"), "paletteDock", self.palette_panel, left),
            (self.tr("To check"), "checksDock", self.checks, left),
            (self.tr("Line art"), "lineArtDock", self.line_art, right),
            (self.tr("Finish"), "finishDock", self.finish, right),
            (self.tr("Color"), "colorDock", self.model, right),
            (self.tr("References"), "referencesDock", self.strip, bottom),
            (self.tr("Drawings"), "drawingsDock", self.drawings, bottom),
            (self.tr("History"), "historyDock", self.history, left),
            (self.tr("Layers"), "layersDock", self.layers, left),
            (self.tr("Jobs"), "jobsDock", self.jobs, bottom),
            (self.tr("Reference view"), "referenceViewDock", self.reference_view, right),
        )
        self.docks: dict[str, QDockWidget] = {}
        for title, name, widget, area in docks:
            dock = QDockWidget(title, self)
            dock.setObjectName(name)
            dock.setWidget(widget)
            dock.setFeatures(
                QDockWidget.DockWidgetFeature.DockWidgetMovable
                | QDockWidget.DockWidgetFeature.DockWidgetClosable
                | QDockWidget.DockWidgetFeature.DockWidgetFloatable
            )
            self.addDockWidget(area, dock)
            self.docks[name] = dock
        self.tabifyDockWidget(self.docks["checksDock"], self.docks["layersDock"])
        self.tabifyDockWidget(self.docks["layersDock"], self.docks["historyDock"])
        self.docks["checksDock"].raise_()
        self.docks["referenceViewDock"].hide()  # before it gets a tab: Qt would leave a tab bar in the middle else
        self.tabifyDockWidget(self.docks["colorDock"], self.docks["referenceViewDock"])
        below = [self.docks["referencesDock"], self.docks["jobsDock"]]
        self.resizeDocks(below, [3, 2], Qt.Orientation.Horizontal)
        strips = [self.docks["referencesDock"], self.docks["drawingsDock"]]
        self.resizeDocks(strips, [3, 2], Qt.Orientation.Horizontal)
        self.docks["jobsDock"].hide()  # until there is one
        self.jobs.added.connect(self.docks["jobsDock"].show)
        self.docks["jobsDock"].toggleViewAction().toggled.connect(self._make_room_for_jobs)
        sides = [self.docks["paletteDock"], self.docks["lineArtDock"]]
        self.resizeDocks(sides, [LEFT_WIDTH, RIGHT_WIDTH], Qt.Orientation.Horizontal)
        self.resizeDocks([self.docks["referencesDock"]], [STRIP_HEIGHT], Qt.Orientation.Vertical)
        self.resizeDocks([sides[0], self.docks["checksDock"]], [3, 2], Qt.Orientation.Vertical)
        for panel in (self.line_art, self.finish):
            panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.line_art.setMinimumWidth(RIGHT_WIDTH - 30)
        self.palette_panel.setMinimumWidth(LEFT_WIDTH - 35)  # room for the tabs below it

    def _make_room_for_jobs(self, shown: bool) -> None:
        """Qt squeezes the others of the row only when told to: a dock that comes would lie over those of the side."""
        if shown:
            row = [self.docks[name] for name in ("referencesDock", "drawingsDock", "jobsDock")]
            self.resizeDocks(row, [one.width() for one in row], Qt.Orientation.Horizontal)

    def _build_menus(self) -> None:
        menus = (
            (
                self.tr("&File"),
                "new_project open_drawing *recent | open_references open_sample | save save_as "
                "| export export_as batch | quit",
            ),
            (
                self.tr("&Edit"),
                "undo redo | paste_drawing paste_reference copy_result | remove_references remove_drawing",
            ),
            (
                self.tr("&Color"),
                "color color_all auto_color | adapt finetune models | load_palette save_palette reset_palette | cancel",
            ),
            (
                self.tr("&View"),
                "show_colored show_lines show_compare show_side_by_side show_regions show_confidence blink "
                "| zoom_in zoom_out fit actual_size "
                "| turn_left turn_right mirror reset_view pixel_grid | previous_drawing next_drawing "
                "| *theme *language *docks",
            ),
            (
                self.tr("&Tools"),
                "tool_move | tool_hint tool_pick tool_fill | tool_split tool_merge tool_gap | tool_remove | tool_mask "
                "| tool_color | next_doubt carry_over clear_corrections",
            ),
            (self.tr("&Help"), "guide | about"),
        )
        for title, rows in menus:
            menu = self.menuBar().addMenu(title)
            menu.setToolTipsVisible(False)
            for row in rows.split():
                if row == "|":
                    menu.addSeparator()
                elif row == "*recent":
                    menu.addMenu(self.recent)
                elif row == "*theme":
                    self._add_actions(menu.addMenu(self.tr("T&heme")), "theme_system theme_dark theme_light")
                elif row == "*language":
                    self._add_actions(menu.addMenu(self.tr("Languag&e")), "language_system language_en language_ja")
                elif row == "*docks":
                    panels = menu.addMenu(self.tr("&Panels"))
                    for dock in self.docks.values():
                        panels.addAction(dock.toggleViewAction())
                else:
                    menu.addAction(self.actions_table[row])

    def _add_actions(self, menu: QMenu, rows: str) -> None:
        for row in rows.split():
            menu.addAction(self.actions_table[row])

    def _build_tool_bar(self) -> None:
        bar = QToolBar(self.tr("Tools"), self)
        bar.setObjectName("toolBar")
        bar.setIconSize(QSize(20, 20))
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        bar.toggleViewAction().setVisible(False)
        short = {
            "open_drawing": self.tr("Open"),
            "open_references": self.tr("References"),
            "export": self.tr("Export"),
            "color": self.tr("Color"),
        }
        for index, group in enumerate(TOOL_BAR):
            if index:
                bar.addSeparator()
            for name in group:
                action = self.actions_table[name]
                if name in short:
                    action.setIconText(short[name])
                bar.addAction(action)
                button = bar.widgetForAction(action)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(action.text().replace("&", ""))
                if name in WITH_TEXT and isinstance(button, QToolButton):
                    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addToolBar(bar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _build_paint_bar(self) -> None:
        bar = QToolBar(self.tr("Painting tools"), self)
        bar.setObjectName("paintBar")
        bar.setIconSize(QSize(20, 20))
        bar.setMovable(False)
        bar.toggleViewAction().setVisible(False)
        for index, group in enumerate(PAINT_BAR):
            if index:
                bar.addSeparator()
            for name in group:
                action = self.actions_table[name]
                bar.addAction(action)
                button = bar.widgetForAction(action)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(action.text().replace("&", ""))
        bar.addSeparator()
        self.color_button = ColorButton(self.actions_table["tool_color"], bar)
        bar.addWidget(self.color_button)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)
