"""What a batch is asked for, as the window notes it and the command line takes it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.plan import Format, OnExists, Wish
from engine import typed_values
from engine.request import SIGMA_DEFAULT, WORKING_SIZE_DEFAULT, LineMode

if TYPE_CHECKING:
    from engine.color.shading import ShadingMode

QUALITY_DEFAULT = 95  # as `engine.export.flat_formats` has it, which imports numpy
LOCK, OFF = "lock", "off"


@dataclass(frozen=True)
class BatchRequest:
    """One batch from a folder to a folder. quality: of JPEG and WebP, None for a
    WebP without loss. palette: "lock", "off" or a file. gap: None for automatic. model: None for
    the default. report: a file, empty for none."""

    folder: str
    output: str
    references: tuple[str, ...] = ()
    format: Format = "png"
    quality: int | None = None
    on_exists: OnExists = "skip"
    recursive: bool = False
    pattern: str = "*"
    shared_palette: bool = True
    palette: str = LOCK
    lines: LineMode = "auto"
    sigma: float = SIGMA_DEFAULT
    soft: bool = False
    levels: tuple[int, int] = (0, 255)
    despeckle: int = 0
    flats: bool = True
    shading: str = "off"
    gap: int | None = None
    model: str | None = None
    report: str = ""

    def arguments(self, *, retry_failed: bool = False) -> list[str]:
        """The command line that does it and tells of it in JSON."""
        # Values stand in one word with their option: a name may begin with a dash.
        words = ["batch", "--json", "--control", f"--output={self.output}"]
        words += [f"--reference={name}" for name in self.references]
        words += [f"--format={self.format}", f"--on-exists={self.on_exists}", f"--pattern={self.pattern}"]
        words += [f"--palette={self.palette}", f"--lines={self.lines}", f"--sigma={self.sigma}"]
        words += [f"--levels={self.levels[0]},{self.levels[1]}", f"--despeckle={self.despeckle}"]
        words += [f"--flats={'on' if self.flats else 'off'}", f"--shading={self.shading}"]
        if self.format == "jpg" or (self.format == "webp" and self.quality is not None):
            words.append(f"--quality={self.quality or QUALITY_DEFAULT}")
        elif self.format == "webp":
            words.append("--quality=lossless")
        words += [f"--gap={self.gap}"] if self.gap is not None else []
        words += [f"--model={self.model}"] if self.model is not None else []
        words += [f"--report={self.report}"] if self.report else []
        flags = {
            "--soft": self.soft,
            "--recursive": self.recursive,
            "--separate-palettes": not self.shared_palette,
            "--retry-failed": retry_failed,
        }
        words += [name for name, wanted in flags.items() if wanted]
        return [*words, "--", self.folder]

    def wish(self) -> Wish:
        """The same for a look at what there is to do. Raises RequestError."""
        from engine.finishing import FinishOptions
        from engine.pipeline import Settings

        shading: ShadingMode = "soft" if self.shading == "soft" else "cel" if self.shading == "cel" else "off"
        finish = FinishOptions(
            self.flats, self.flats and self.palette != OFF, None, shading if self.flats else "off", self.gap
        )
        return Wish(
            folder=Path(self.folder),
            output=Path(self.output),
            settings=Settings(
                self.lines, self.sigma, self.soft, WORKING_SIZE_DEFAULT, finish, (), self.levels, self.despeckle
            ),
            references=tuple(Path(name) for name in self.references),
            model=self.model,
            format=self.format,
            on_exists=self.on_exists,
            recursive=self.recursive,
            pattern=self.pattern,
        )

    def with_files(self, references: tuple[Path, ...], palette: Path | None) -> BatchRequest:
        """The request with files for references and palette; where there are none, those of before."""
        return replace(
            self,
            references=tuple(str(path) for path in references) or self.references,
            palette=self.palette if palette is None else str(palette),
        )

    def to_json(self) -> str:
        """As one line of text, for `from_json`."""
        return json.dumps(asdict(self))


def from_json(text: str) -> BatchRequest | None:
    """What `to_json` made; None for what cannot be understood, such as a newer program's."""
    try:
        return typed_values.to_dataclass(BatchRequest, json.loads(text))
    except (ValueError, RecursionError, typed_values.Misfit):
        return None
