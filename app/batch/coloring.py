"""One drawing of a batch from its file to its picture. Several threads do this at once, each for its own drawing."""

import contextlib
import dataclasses
import hashlib
import importlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch import thumbnails
from app.batch.journal import Entry
from app.batch.references import ReferenceCache, Sources
from engine import pipeline
from engine.corrections import to_values
from engine.errors import Cancelled, PictureError
from engine.options import Options, defaults, plain
from engine.request import Progress

if TYPE_CHECKING:
    from engine.export.formats import Quality
    from engine.model_catalog import ModelEntry

MODELS_KEPT = 2
PLACES = 20  # of doubts, and of leaks, that are noted for each drawing
NETWORK_SHARE, FINISHED_SHARE = 0.5, 0.9  # of a drawing's progress

Place = dict[str, Any]
OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be colored. quality: of a JPEG or WebP. thumbnail: where to put a small picture of line art and result
    side by side, None for none."""

    line: Path
    sources: Sources
    output: Path
    options: Options
    model: "ModelEntry"
    quality: "Quality" = 95
    thumbnail: Path | None = None


@dataclass(frozen=True)
class Made:
    """A picture that was written. seconds: of reading, the network, finishing, writing. doubts, leaks: how many;
    doubtful_places, leak_places: the worst, with x, y and a text."""

    width: int
    height: int
    device: str
    seconds: dict[str, float]
    doubts: int = 0
    leaks: int = 0
    doubtful_places: tuple[Place, ...] = ()
    leak_places: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()

    def entry(self, name: str, **fields: Any) -> Entry:
        """What a journal and a report tell of it. fields: the entry's others."""
        told = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "seconds"}
        return Entry(name, seconds=round(sum(self.seconds.values()), 3), **told, **fields)


class ModelCache:
    """Loads models when they are needed and keeps the last ones. Asked by one thread at a time."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._loaded: OrderedDict[Path, pipeline.LoadedModel] = OrderedDict()
        self.seconds = 0.0

    def take(self, entry: "ModelEntry") -> pipeline.LoadedModel:
        """The loaded model. Raises CheckpointError and DeviceError."""
        if entry.path not in self._loaded:
            while len(self._loaded) >= MODELS_KEPT:
                self._loaded.popitem(last=False)
            self._loaded[entry.path] = pipeline.load_model(entry, self._device)
            self.seconds += self._loaded[entry.path].seconds
        self._loaded.move_to_end(entry.path)
        return self._loaded[entry.path]


class Worker:
    """Colors drawings.

    Pictures are read, finished and written in parallel, but only one is in the network at a time: that already uses
    every core or the whole GPU, two at once would only need twice the memory.
    """

    def __init__(
        self,
        models: ModelCache,
        references: ReferenceCache,
        network: contextlib.AbstractContextManager[Any] | None = None,
    ) -> None:
        """network: held while a drawing is in it; of all workers that share `models`."""
        self._models = models
        self._references = references
        self._network = network or threading.Lock()

    def color(self, order: Order, on_progress: OnProgress, should_stop: ShouldStop) -> Made:
        """Color one drawing. Raises NurieError, and Cancelled once `should_stop` says so."""
        pipeline.require_heeded(order.options.sampling, order.model)
        began = time.perf_counter()
        on_progress(Progress("Reading", 0.0))
        layers = order.options.layers
        references = self._references.take(order.sources, layers.reference_layers)
        picture, drawn = pipeline.read_drawing(
            order.line, layers.line_layers, guess=order.options.lines.lines != "extract"
        )
        line_art = pipeline.prepare_lines(picture, drawn, order.options.lines)
        request = pipeline.request_of(line_art, references, order.options)
        if should_stop():
            raise Cancelled
        read = time.perf_counter()
        with self._network:
            model = self._models.take(order.model)
            start = time.perf_counter()
            steps = pipeline.color(model.colorizer, request, should_stop)
            result = pipeline.run(pipeline.part(steps, 0.0, NETWORK_SHARE), on_progress)
        inferred = time.perf_counter()
        ending = pipeline.finish(model.colorizer, request, result, order.options, should_stop)
        finished = pipeline.run(pipeline.part(ending, NETWORK_SHARE, FINISHED_SHARE), on_progress)
        ended = time.perf_counter()
        on_progress(Progress("Saving", FINISHED_SHARE))
        made = model.made(result, finished, order.options, picture)
        pipeline.write_result(pipeline.Outputs(order.output, quality=order.quality), made)
        from engine import inspection, leaks

        if order.thumbnail is not None:
            with contextlib.suppress(PictureError):  # the picture itself is written
                thumbnails.write(order.thumbnail, line_art, finished.color)
        height, width = finished.color.shape[:2]
        doubts, ran = inspection.doubts(finished), inspection.ran(finished)
        return Made(
            width=width,
            height=height,
            device=result.device,
            seconds={
                "read": round(read - began, 4),
                "infer": round(inferred - start, 4),
                "finish": round(ended - inferred, 4),
                "export": round(time.perf_counter() - ended, 4),
            },
            doubts=len(doubts),
            leaks=len(ran),
            doubtful_places=tuple(_place(one.x, one.y, f"{one.swatch}?") for one in doubts[:PLACES]),
            leak_places=tuple(_place(one.x, one.y, leaks.describe(one)) for one in ran[:PLACES]),
            notes=(*pipeline.notes_of(picture), *result.notes, *inspection.notes(finished)),
        )


def load_psd_tools(paths: Iterable[Path]) -> None:
    """Import psd-tools if one of the files is a PSD, before threads do it: its modules import one another, and two
    threads that begin at different ends find them half made. Where it is missing each file will say so."""
    if any(path.suffix.lower() in (".psd", ".psb") for path in paths):
        with contextlib.suppress(ImportError):
            importlib.import_module("psd_tools")


def settings_digest(order: Order, references: str, sha256: str, parts: str | None) -> str:
    """Hexadecimal digest of all that a picture depends on but its drawing. references: digest of their files.
    sha256: of the model. parts: of the file that matches parts beside it, empty for none; None for the digest of before
    there were such files."""
    finish, settings = order.options.finish.in_force, plain(order.options)
    value: dict[str, Any] = {group: [settings.pop(name) for name in names] for group, names in _OF_0_1.items()}
    # A setting that 0.1.0 did not have counts where it is not as it always was: so journals of then still hold.
    newer = {name: value for name, value in settings.items() if value != defaults(order.options)[name]}
    if newer:
        value["newer"] = newer
    if finish.corrections:
        value["corrections"] = to_values(finish.corrections)
    if parts is not None and finish.flats and finish.locked:
        value["parts"] = parts
    value |= {
        "palette": [swatch.color for swatch in finish.palette.swatches] if finish.palette else None,
        "recolor": finish.recolor,
        "references": references,
        "model": sha256,
        "format": [order.output.suffix.lower(), order.quality],
    }
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).hexdigest()


# The settings there were in 0.1.0, in the order in which their digest was made.
_OF_0_1 = {
    "lines": ("lines", "sigma", "soft", "size", "levels", "despeckle"),
    "finish": ("flats", "locked", "shading", "gap"),
}


def _place(x: int, y: int, text: str) -> Place:
    return {"x": x, "y": y, "text": text}
