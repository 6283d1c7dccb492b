"""What a person has put together for a fine-tuning that has not begun."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.finetune.pictures import SheetPicture
from app.finetune.request import FinetuneRequest, Preset, Teach
from engine.options import SIGMA_DEFAULT


@dataclass
class Draft:
    """pictures: all that were chosen, also those left out. folder: where the run is to be. paths: files to learn from.

    title: what the character may be called, of a folder that was chosen. model: the base, None for the default.
    """

    folder: Path
    pictures: list[SheetPicture] = field(default_factory=list)
    paths: tuple[Path, ...] = ()
    title: str = ""
    name: str = ""
    preset: Preset = "quick"
    sigma: float = SIGMA_DEFAULT
    model: str | None = None
    teach: Teach = "matching"

    @property
    def taken(self) -> list[SheetPicture]:
        """The pictures to learn from."""
        return [picture for picture in self.pictures if not picture.why]

    @property
    def request(self) -> FinetuneRequest:
        """All of it, for the command line."""
        return FinetuneRequest(self.paths, self.name, self.preset, self.sigma, self.model, self.teach)
