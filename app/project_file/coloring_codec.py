"""Colorings to records and back, whole: the guess and all that finishing found, so that nothing is computed again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from app.document import making
from app.document.page import Page
from app.document.parts import Coloring, Drawing, Lines, ReferenceItem
from app.project_file.arrays import ArrayCodec, Blobs
from app.project_file.blobs import ProjectError
from app.project_file.schema import ArrayRecord, ColoringRecord, LineArtRecord, ReferenceRecord, RegionsRecord
from engine import finishing, pipeline
from engine.color.flats import Flats
from engine.color.shading import Shading
from engine.finishing import Finished
from engine.line_art.regions import RegionMap
from engine.request import ColorizeResult, LineArt, Reference


class PartsCodec(Protocol):
    """What a page's codec knows of parts that colorings have, too."""

    arrays: ArrayCodec

    def reference(self, reference: Reference, blobs: Blobs) -> ReferenceRecord:
        """The record of a reference."""
        ...

    def references(self, records: tuple[ReferenceRecord, ...], blobs: Blobs) -> tuple[ReferenceItem, ...]:
        """The references of records."""
        ...

    def line_art_record(self, art: LineArt, blobs: Blobs) -> LineArtRecord:
        """The record of line art."""
        ...

    def line_art(self, record: LineArtRecord, blobs: Blobs) -> LineArt:
        """The line art of a record."""
        ...


def record(codec: PartsCodec, page: Page, blobs: Blobs) -> ColoringRecord:
    """The record of the page's coloring; what it names is added to `blobs`."""
    coloring, lines = page.coloring, page.lines
    assert coloring is not None
    result, finished, request = coloring.result, coloring.finished, coloring.finished.request
    of_now = lines is not None and lines.line_art is request.line_art
    return ColoringRecord(
        color=codec.arrays.encode(result.color, blobs),
        device=result.device,
        precision=result.precision,
        size=(int(result.working_size[0]), int(result.working_size[1])),
        notes=tuple(result.notes),
        seconds=float(result.seconds),
        references=tuple(codec.reference(reference, blobs) for reference in request.references),
        model=coloring.model,
        sha256=coloring.sha256,
        options=replace(coloring.options, lines=lines.settings) if of_now and lines is not None else coloring.options,
        line_art=None if of_now else codec.line_art_record(request.line_art, blobs),
        regions=_regions_record(codec, coloring, finished, blobs),
        sampling=result.sampling,
        figure=None if request.figure is None else codec.arrays.encode(request.figure > 0.5, blobs),
    )


def coloring(
    codec: PartsCodec, record: ColoringRecord, blobs: Blobs, drawing: Drawing, lines: Lines | None
) -> Coloring:
    """The coloring of a record. lines: the page's of now, whose line art it has if it was made for them.

    Raises NurieError.
    """
    line_art = _line_art(codec, record, blobs, drawing, lines)
    references = tuple(item.reference for item in codec.references(record.references, blobs))
    request = pipeline.request_of(line_art, references, record.options)
    if record.figure is not None:
        figure = codec.arrays.decode(record.figure, blobs)
        _require(figure.shape == line_art.size and figure.dtype == np.bool_)
        request = replace(request, figure=figure.astype(np.float32))
    color = codec.arrays.decode(record.color, blobs)
    _require(color.shape == (*line_art.size, 3) and color.dtype == np.uint8)
    result = ColorizeResult(
        color,
        line_art.layer,
        record.device,
        record.precision,
        record.size,
        record.notes,
        record.seconds,
        record.sampling,
    )
    finished = Finished(request, color, options=record.options.finish.in_force)
    if record.regions is not None:
        finished = _with_regions(codec, record.regions, finished, blobs)
        _require((finished.base is None) == (finished.palette is None))
    return making.coloring_of(result, finished, record.options, (record.model, record.sha256))


def _line_art(
    codec: PartsCodec, record: ColoringRecord, blobs: Blobs, drawing: Drawing, lines: Lines | None
) -> LineArt:
    if record.line_art is not None:
        return codec.line_art(record.line_art, blobs)
    asked = record.options.lines
    if lines is not None and asked.makes_same_lines(lines.settings, extracted=lines.line_art.extracted):
        return lines.line_art
    return making.lines_of(drawing, asked).line_art


def _regions_record(codec: PartsCodec, coloring: Coloring, finished: Finished, blobs: Blobs) -> RegionsRecord | None:
    regions, flats = finished.regions, finished.flats
    if regions is None or flats is None:
        return None

    def encode(array: Any) -> ArrayRecord | None:
        return None if array is None else codec.arrays.encode(array, blobs)

    def always(array: Any) -> ArrayRecord:
        return codec.arrays.encode(array, blobs)

    shading = finished.shading
    return RegionsRecord(
        labels=always(regions.labels),
        count=int(regions.count),
        gap=int(regions.gap),
        simplified=bool(regions.simplified),
        areas=always(regions.areas),
        colors=always(flats.colors),
        confidence=always(flats.confidence),
        swatch=encode(finished.swatch),
        moved=encode(finished.moved),
        hint=encode(finished.hint),
        moves=encode(finished.moves),
        palette=finished.palette,
        base=coloring.base,
        multiply=encode(shading.multiply if shading else None),
        screen=encode(shading.screen if shading else None),
        matcher=finished.matcher,
        leaks=finished.leaks,
    )


def _with_regions(codec: PartsCodec, record: RegionsRecord, finished: Finished, blobs: Blobs) -> Finished:
    size, count = finished.color.shape[:2], record.count

    def decode(one: ArrayRecord | None, shape: tuple[int, ...], dtype: type) -> Any:
        if one is None:
            return None
        array = codec.arrays.decode(one, blobs)
        _require(array.shape == shape and array.dtype == np.dtype(dtype))
        return array

    labels = decode(record.labels, size, np.int32)
    _require(count >= 1 and int(labels.min()) >= 1 and int(labels.max()) <= count)
    areas = decode(record.areas, (count,), np.int64)
    regions = RegionMap(labels, count, record.gap, record.simplified, areas)
    flats = Flats(decode(record.colors, (count, 3), np.uint8), decode(record.confidence, (count,), np.float32))
    swatch = decode(record.swatch, (count,), np.intp)
    if swatch is not None:
        _require(record.palette is not None and int(swatch.max()) < len(record.palette.swatches))
    shading = None
    if record.multiply is not None and record.screen is not None:
        pictures = (decode(one, (*size, 3), np.uint8) for one in (record.multiply, record.screen))
        shading = Shading(*pictures)
    made = Finished(
        request=finished.request,
        color=finished.color,
        regions=regions,
        flats=flats,
        palette=record.palette,
        base=record.base,
        swatch=swatch,
        moved=decode(record.moved, (count,), np.float32),
        shading=shading,
        leaks=record.leaks,
        options=finished.options,
        hint=decode(record.hint, (count,), np.intp),
        moves=decode(record.moves, (count,), np.float32),
        matcher=record.matcher,
    )
    return finishing.reopened(made, finished.color)


def _require(holds: bool) -> None:
    if not holds:
        raise ProjectError("A coloring in the project is damaged; open an older copy of it if there is one.")
