"""What a batch is asked for, as the window notes it and hands it to the command line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch.plan import BatchOptions, OnExists
from engine import pipeline, plain_text, typed_values
from engine.export import formats
from engine.option_fields import settings_of
from engine.options import Options, groups

if TYPE_CHECKING:
    from engine.export.formats import Quality

LOCK, OFF = "lock", "off"


@dataclass(frozen=True)
class BatchRequest:
    """One batch from a folder to a folder. quality: of JPEG and WebP, None for a WebP without loss. palette: "lock",
    "off" or a file. model: None for the default. report: a file, empty for none. watch: it goes on with what is saved
    into the folder later."""

    folder: str
    output: str
    references: tuple[str, ...] = ()
    format: str = "png"
    quality: int | None = None
    on_exists: OnExists = "skip"
    recursive: bool = False
    pattern: str = "*"
    shared_palette: bool = True
    palette: str = LOCK
    options: Options = Options()
    model: str | None = None
    report: str = ""
    watch: bool = False

    @property
    def written_quality(self) -> Quality:
        """The quality its pictures are written with."""
        kind = formats.by_id(self.format)
        return self.quality or ("lossless" if kind.lossy and kind.lossless else formats.QUALITY_DEFAULT)

    def arguments(self, *, retry_failed: bool = False) -> list[str]:
        """The command line that does it and tells of it in JSON."""
        # In one word with its option: nothing in it can be taken for another one.
        words = ["watch" if self.watch else "batch", "--json", "--control", f"--request={self.to_json()}"]
        return [*words, "--retry-failed"] if retry_failed and not self.watch else words

    def batch_options(self) -> BatchOptions:
        """The same for the batch. Raises PictureError for a palette file that cannot be read."""
        return BatchOptions(
            folder=Path(self.folder),
            output=Path(self.output),
            options=replace(self.options, finish=pipeline.with_palette(self.options.finish, self.palette)),
            references=tuple(Path(name) for name in self.references),
            model=self.model,
            format=self.format,
            on_exists=self.on_exists,
            recursive=self.recursive,
            pattern=self.pattern,
        )

    def with_files(self, references: tuple[Path, ...], palette: Path | None) -> BatchRequest:
        """The request with these files for references and palette; None or empty keeps its own."""
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
        return typed_values.to_dataclass(BatchRequest, _of_now(plain_text.from_json(text, plain_text.OWN)))
    except (ValueError, typed_values.Misfit):
        return None


def _of_now(values: Any) -> Any:
    """0.1.0 had the settings beside the rest."""
    if not isinstance(values, dict) or "options" in values:
        return values
    options = {
        group: {name: values.pop(name) for name in settings_of(part) if name in values}
        for group, part in groups(Options())
    }
    return values | {"options": options}
