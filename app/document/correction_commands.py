"""The steps of the history that correct a coloring, one class a verb."""

from collections.abc import Mapping
from typing import Any

from app.document.document import Document
from app.document.steps import ChangeFinish, ChangeReferences, DocumentCommand
from engine.options import FinishOptions


class AddHint(ChangeFinish):
    """A region has this color, and what is like it follows."""


class FillRegion(ChangeFinish):
    """A region alone has this color."""


class SplitRegions(ChangeFinish):
    """Regions are cut along a stroke."""


class MergeRegions(ChangeFinish):
    """Two regions are one."""


class CloseGap(ChangeFinish):
    """A stroke bounds regions as lines do."""


class RemoveCorrection(ChangeFinish):
    """One correction goes."""


class ClearCorrections(ChangeFinish):
    """All corrections of a drawing go."""


class MaskReference(ChangeReferences):
    """A part of a reference does not count."""


class ClearBackground(ChangeReferences):
    """The figure of a reference stands on white paper."""


class WeighReference(ChangeReferences):
    """A reference counts more or less than the others."""


class CarryOver(DocumentCommand):
    """Corrections of another page, for a page that is not shown and need not be in memory."""

    def __init__(self, document: Document, text: str, page_id: int, after: FinishOptions) -> None:
        before = {"finish_settings": document.page(page_id).finish_settings}
        super().__init__(document, text, before, {"finish_settings": after}, page_id=page_id)

    def is_idle(self) -> bool:
        """Whether nothing changes, or the page is gone."""
        return self.document.find_page(self.page_id) is None or self.before == self.after

    def _apply(self, fields: Mapping[str, Any]) -> None:
        # Several pages change at once; the one that is shown stays.
        self.document.change_page(self.page_id, **fields)
