"""All actions in one table: what a menu says, the shortcut, the tool tip, the icon, and when it is enabled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from app.style import icons
from app.style.theme import Theme
from app.window import finetune_actions, project_actions, tool_actions
from app.window.action_spec import ActionSpec, State

translate = QCoreApplication.translate


def table() -> tuple[ActionSpec, ...]:
    """All actions, in the current language."""
    return (
        ActionSpec(
            "open_drawing",
            translate("Actions", "&Open…"),
            translate("Actions", "Open a project, or add drawings to this one"),
            "Ctrl+O",
            icon="open",
        ),
        ActionSpec(
            "open_references",
            translate("Actions", "Add Re&ferences…"),
            translate("Actions", "Choose color pictures to take colors from"),
            "Ctrl+R",
            icon="reference",
        ),
        ActionSpec(
            "open_sample",
            translate("Actions", "Try the Sa&mple"),
            translate("Actions", "Load a drawing and a reference that come with Nurie"),
            icon="sample",
            when=lambda state: state.has_sample,
        ),
        *project_actions.rows(),
        ActionSpec(
            "batch",
            translate("Actions", "&Batch Export…"),
            translate("Actions", "Color a folder of drawings into another folder"),
            "Ctrl+Shift+B",
        ),
        ActionSpec(
            "scene",
            translate("Actions", "&Color a Scene…"),
            translate("Actions", "Color the frames of an animation from a few colored ones"),
            "Ctrl+Alt+V",
        ),
        ActionSpec("quit", translate("Actions", "&Quit"), translate("Actions", "Close Nurie"), "Ctrl+Q"),
        ActionSpec(
            "paste_drawing",
            translate("Actions", "&Paste as Drawing"),
            translate("Actions", "Take the picture on the clipboard as the drawing"),
            "Ctrl+V",
            icon="paste",
        ),
        ActionSpec(
            "paste_reference",
            translate("Actions", "Paste as R&eference"),
            translate("Actions", "Take colors from the picture on the clipboard"),
            "Ctrl+Shift+V",
        ),
        ActionSpec(
            "copy_result",
            translate("Actions", "&Copy Picture"),
            translate("Actions", "Copy the colored picture to the clipboard"),
            "Ctrl+C",
            icon="copy",
            when=lambda state: state.has_result,
            why=translate("Actions", "Color a drawing first."),
        ),
        ActionSpec(
            "remove_references",
            translate("Actions", "Re&move Reference"),
            translate("Actions", "Take no more colors from the selected references"),
            "Del",
            icon="remove",
            when=lambda state: state.has_selected_references,
        ),
        ActionSpec(
            "use_whole",
            translate("Actions", "Use as One P&icture"),
            translate("Actions", "Take the selected sheets as they are, instead of cutting them into their figures"),
            when=lambda state: state.has_selected_sheets,
            why=translate("Actions", "Select a reference that is a sheet of several figures first."),
            checkable=True,
        ),
        ActionSpec(
            "color",
            translate("Actions", "&Color Now"),
            translate("Actions", "Color the drawing from the references"),
            "Ctrl+Return",
            icon="color",
            when=lambda state: state.has_lines and state.has_references,
            why=translate("Actions", "Open a drawing and add a reference first."),
        ),
        ActionSpec(
            "auto_color",
            translate("Actions", "Color &Automatically"),
            translate("Actions", "Color whenever the drawing, the references or the lines change"),
            checkable=True,
        ),
        ActionSpec(
            "load_palette",
            translate("Actions", "&Load Palette…"),
            translate("Actions", "Lock the colors to a palette from a file (.gpl, .ase, .aco)"),
            icon="palette_load",
        ),
        ActionSpec(
            "save_palette",
            translate("Actions", "Sa&ve Palette…"),
            translate("Actions", "Save the palette for other programs (.gpl, .ase, .aco)"),
            icon="palette_save",
            when=lambda state: state.has_palette,
            why=translate("Actions", "Color a drawing with its palette locked first."),
        ),
        ActionSpec(
            "reset_palette",
            translate("Actions", "Palette &From References"),
            translate("Actions", "Go back to the colors of the references, without edits"),
            icon="palette_reset",
            when=lambda state: state.has_own_palette,
            why=translate("Actions", "These are the references' own colors."),
        ),
        ActionSpec(
            "cancel",
            translate("Actions", "&Stop"),
            translate("Actions", "Stop what is being done"),
            "Esc",
            icon="cancel",
            when=lambda state: state.is_busy,
        ),
        ActionSpec(
            "show_colored",
            translate("Actions", "C&olors"),
            translate("Actions", "Show the colored picture"),
            "1",
            icon="colored",
            when=lambda state: state.has_drawing,
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "show_lines",
            translate("Actions", "Line&s"),
            translate("Actions", "Show the lines alone"),
            "2",
            icon="lines",
            when=lambda state: state.has_drawing,
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "show_compare",
            translate("Actions", "&Compare"),
            translate("Actions", "Show lines and colors side by side, with a divider to drag"),
            "3",
            icon="compare",
            when=lambda state: state.has_drawing,
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "show_regions",
            translate("Actions", "&Regions"),
            translate("Actions", "Show which areas between the lines are one region"),
            "4",
            icon="regions",
            when=lambda state: state.has_regions,
            why=translate("Actions", "Color a drawing with flats on first."),
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "show_confidence",
            translate("Actions", "Co&nfidence"),
            translate("Actions", "Show how sure the color of each region is"),
            "5",
            icon="confidence",
            when=lambda state: state.has_regions,
            why=translate("Actions", "Color a drawing with flats on first."),
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "show_figure",
            translate("Actions", "Figure"),
            translate("Actions", "Show what is taken for the figure, for models that paint it apart; K corrects it"),
            "8",
            icon="figure",
            when=lambda state: state.has_lines,
            checkable=True,
            group="mode",
        ),
        ActionSpec(
            "find_figure",
            translate("Actions", "Find Figure Ane&w"),
            translate("Actions", "Forget the mask of the drawing's figure that was painted, and look for it"),
            when=lambda state: state.has_lines,
        ),
        ActionSpec(
            "fit",
            translate("Actions", "&Fit"),
            translate("Actions", "Show the whole drawing"),
            "Ctrl+0",
            icon="fit",
            when=lambda state: state.has_drawing,
        ),
        ActionSpec(
            "actual_size",
            translate("Actions", "&Actual Size"),
            translate("Actions", "One pixel of the drawing on one pixel of the screen"),
            "Ctrl+1",
            icon="actual_size",
            when=lambda state: state.has_drawing,
        ),
        ActionSpec(
            "zoom_in",
            translate("Actions", "Zoom &In"),
            translate("Actions", "Nearer"),
            "Ctrl++",
            icon="zoom_in",
            when=lambda state: state.has_drawing,
        ),
        ActionSpec(
            "zoom_out",
            translate("Actions", "Zoom O&ut"),
            translate("Actions", "Farther"),
            "Ctrl+-",
            icon="zoom_out",
            when=lambda state: state.has_drawing,
        ),
        ActionSpec(
            "theme_system",
            translate("Actions", "As the &System"),
            translate("Actions", "Dark or light as the system is"),
            checkable=True,
            group="theme",
        ),
        ActionSpec(
            "theme_dark",
            translate("Actions", "&Dark"),
            translate("Actions", "Dark theme"),
            checkable=True,
            group="theme",
        ),
        ActionSpec(
            "theme_light",
            translate("Actions", "&Light"),
            translate("Actions", "Light theme"),
            checkable=True,
            group="theme",
        ),
        ActionSpec(
            "language_system",
            translate("Actions", "As the &System"),
            translate("Actions", "The system's language, or English where Nurie does not speak it"),
            checkable=True,
            group="language",
        ),
        # Each language by its own name, so that it is found by those who read no other.
        ActionSpec("language_en", "&English", "English", checkable=True, group="language"),
        ActionSpec("language_ja", "日本語(&J)", "日本語", checkable=True, group="language"),
        *tool_actions.views(),
        *tool_actions.tools(),
        *finetune_actions.rows(),
        ActionSpec(
            "guide",
            translate("Actions", "&Guide"),
            translate("Actions", "Everything Nurie can do, in a window beside the drawing"),
            "Shift+F1",
        ),
        ActionSpec(
            "shortcuts",
            translate("Actions", "&Keyboard Shortcuts…"),
            translate("Actions", "All keys, and other ones for what you do most"),
            "F1",
        ),
        ActionSpec(
            "preferences",
            translate("Actions", "Preferences…"),
            translate("Actions", "Language, theme, folders, and how things are done"),
            "Ctrl+K",
        ),
        ActionSpec("about", translate("Actions", "&About Nurie"), translate("Actions", "Version and licenses")),
    )


# Keys that mean the same; QKeySequence knows only one plus.
PORTABLE = QKeySequence.SequenceFormat.PortableText
MORE_SHORTCUTS = {
    "zoom_in": ("Ctrl+=",),
    "color": ("F5", "Ctrl+Enter"),
    "next_check": ("F3",),
    "redo": ("Ctrl+Y",),
    "preferences": ("Ctrl+,",),
}


class Actions(QObject):
    """The actions, by id."""

    def __init__(self, parent: QObject | None = None, shortcuts: Mapping[str, Sequence[str]] | None = None) -> None:
        """shortcuts: keys that a person chose, by the ids of actions."""
        super().__init__(parent)
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._specs = table()
        for spec in self._specs:
            self._actions[spec.id] = self._make(spec)
        self.update(State())
        self.use_shortcuts(shortcuts or {})

    def use_shortcuts(self, chosen: Mapping[str, Sequence[str]]) -> None:
        """Give these actions these keys, and all others those they come with."""
        for spec in self._specs:
            keys = chosen.get(spec.id, default_keys(spec))
            action = self._actions[spec.id]
            action.setShortcuts([QKeySequence(key, PORTABLE) for key in keys])
            action.setToolTip(_tool_tip(spec, action, self._state))

    @property
    def specs(self) -> tuple[ActionSpec, ...]:
        """The rows they were made of."""
        return self._specs

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def some(self, names: str) -> list[QAction]:
        """Those whose ids these are, with spaces between them."""
        return [self._actions[name] for name in names.split()]

    def all(self) -> list[QAction]:
        """Every action."""
        return list(self._actions.values())

    def update(self, state: State) -> None:
        """Enable what can be done now."""
        self._state = state
        for spec in self._specs:
            enabled = spec.when(state)
            action = self._actions[spec.id]
            if action.isEnabled() != enabled or callable(spec.why):
                action.setEnabled(enabled)
                action.setToolTip(_tool_tip(spec, action, state))

    def set_theme(self, theme: Theme) -> None:
        for spec in self._specs:
            if spec.icon:
                icon = icons.themed(spec.icon, theme.color("text"), theme.color("disabled"))
                self._actions[spec.id].setIcon(icon)

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setStatusTip(spec.tip)
        action.setCheckable(spec.checkable)
        action.setObjectName(spec.id)
        if spec.group:
            group = self._groups.setdefault(spec.group, QActionGroup(self))
            group.addAction(action)
        return action


def default_keys(spec: ActionSpec) -> list[str]:
    """The keys an action comes with."""
    return [text for text in (spec.shortcut, *MORE_SHORTCUTS.get(spec.id, ())) if text]


def _tool_tip(spec: ActionSpec, action: QAction, state: State) -> str:
    """What it does and its key; while it is disabled also what is missing."""
    shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = f"{spec.tip} ({shown})" if shown else spec.tip
    why = spec.why(state) if callable(spec.why) else spec.why
    return tip if action.isEnabled() or not why else f"{tip}\n{why}"
