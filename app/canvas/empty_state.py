"""What stands on the canvas while there is no drawing: what to do, and two ways to begin."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.style import icons
from app.style.theme import Theme

ICON_SIZE = 56


class EmptyState(QWidget):
    """Icon, a sentence, and buttons."""

    open_requested = Signal()
    sample_requested = Signal()

    def __init__(self, parent: QWidget, *, has_sample: bool) -> None:
        super().__init__(parent)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("Drop line art here"), alignment=Qt.AlignmentFlag.AlignCenter)
        title.setObjectName("emptyTitle")
        text = QLabel(
            self.tr("Then drop one or more color pictures onto the strip below.\nNurie takes the colors from them."),
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        text.setObjectName("emptyText")
        text.setWordWrap(True)
        text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self.open_button = QPushButton(self.tr("Open drawing…"))
        self.open_button.setToolTip(self.tr("Choose a line-art file (Ctrl+O)"))
        self.open_button.clicked.connect(self.open_requested)
        self.sample_button = QPushButton(self.tr("Try the sample"))
        self.sample_button.setToolTip(self.tr("Load a drawing and a reference that come with Nurie"))
        self.sample_button.clicked.connect(self.sample_requested)
        self.sample_button.setVisible(has_sample)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        for widget in (self._icon, title, text):
            layout.addWidget(widget)
        layout.addSpacing(6)
        layout.addLayout(buttons)

    def set_theme(self, theme: Theme) -> None:
        color = theme.color("canvas_text")
        self._icon.setPixmap(icons.pixmap("drop", ICON_SIZE, color, self.devicePixelRatioF()))
