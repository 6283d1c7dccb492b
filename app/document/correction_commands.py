"""The steps of the history that correct a coloring, one class a verb."""

from app.document.commands import ChangeFinish, ChangeReferences


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


class WeighReference(ChangeReferences):
    """A reference counts more or less than the others."""
