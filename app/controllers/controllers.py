"""What a window is given: all that lives longer than it, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from app.controllers.cast import CastController
from app.controllers.coloring import ColoringController
from app.controllers.coloring_service import ColoringService
from app.controllers.corrections import CorrectionController
from app.controllers.dragging import DragController
from app.controllers.drawings import DrawingsController
from app.controllers.finish import FinishController
from app.controllers.projects import ProjectController
from app.controllers.settling import SettlingController
from app.document.document import Document
from app.jobs.runner import JobRunner
from app.settings import Settings
from app.style.theme import ThemeManager


@dataclass(frozen=True, kw_only=True)
class Controllers:
    """The core's. A room with a controller of its own adds it in a subclass; `app.application` makes the whole."""

    settings: Settings
    document: Document
    runner: JobRunner
    themes: ThemeManager
    service: ColoringService
    coloring: ColoringController
    cast: CastController
    settling: SettlingController
    finish: FinishController
    corrections: CorrectionController
    drawings: DrawingsController
    dragging: DragController
    projects: ProjectController
