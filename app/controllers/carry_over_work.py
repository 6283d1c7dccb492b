"""Looking for the regions of other drawings to which corrections can be carried over: the work of a job. No widgets."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app.images import qt_images
from engine.request import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.document.page import Page
    from engine.carrying import Proposal
    from engine.colorizer import Colorizer
    from engine.finishing import Finished

translate = QCoreApplication.translate

SIDE = 220  # pixels of a thumbnail's longer side


@dataclass(frozen=True, eq=False)
class PageProposals:
    """What could be carried over to one page, with pictures of the page as it is and as it would be."""

    page_id: int
    name: str
    proposals: tuple[Proposal, ...]
    before: QImage
    after: QImage


def find(
    colorizer: Colorizer, source: Finished, pages: Sequence[Page]
) -> Generator[Progress, None, list[PageProposals]]:
    """The pages with something to propose; pages without colored flats have nothing. Raises NurieError, Cancelled."""
    from engine import carrying

    found = []
    for number, page in enumerate(pages):
        yield Progress(translate("Jobs", "Looking at {0}…").format(page.name), number / max(1, len(pages)))
        coloring = page.stored.load(page).coloring if page.stored is not None else page.coloring
        if coloring is None or coloring.finished.flats is None:
            continue
        finished = coloring.finished
        proposals = carrying.carry(colorizer, source, finished)
        if proposals:
            before, after = _pictures(finished, proposals)
            found.append(PageProposals(page.id, page.name, tuple(proposals), before, after))
    return found


def _pictures(finished: Finished, proposals: Sequence[Proposal]) -> tuple[QImage, QImage]:
    from dataclasses import replace

    from engine.color import flats

    assert finished.flats is not None and finished.regions is not None
    colors = finished.flats.colors.copy()
    for proposal in proposals:
        colors[proposal.label - 1] = proposal.color
    after = flats.paint(replace(finished.flats, colors=colors), finished.regions)
    return _small(finished.color, finished), _small(after, finished)


def _small(color: NDArray[np.uint8], finished: Finished) -> QImage:
    from engine.color.compose import lay_under_ink

    return qt_images.thumbnail(lay_under_ink(color, finished.request.line_art.layer), SIDE)
