"""Every setting of the walk of a drawing, once: its name, range, default and meaning. Nothing heavy is imported.

Whoever stores, hashes, sends, asks for or prints settings goes over the fields, by `settings_of`, `plain` and
`with_values`. So a new field here arrives everywhere: on the command line, in a `nurie.toml`, in projects, in the
journal of a batch, in `--json` and in what a picture says of how it was made.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from engine.corrections import Corrections
from engine.errors import RequestError
from engine.option_fields import check_ranges, setting, settings_of
from engine.palette import Color, Palette, Swatch

LineMode = Literal["auto", "ink", "extract", "untouched"]
ShadingMode = Literal["off", "soft", "cel"]
Surface = Literal["auto", "flat", "soft"]
Content = Literal["all", "flats", "lines"]
Shadows = Literal["own", "base"]
PanelMode = Literal["auto", "off"]
SheetMode = Literal["auto", "off"]
PaintingMode = Literal["auto", "vanilla", "bg2fig", "fig2fig"]

SIGMA_MIN, SIGMA_MAX, SIGMA_DEFAULT = 0.30, 0.50, 0.40
WORKING_SIZE_MIN, WORKING_SIZE_MAX, WORKING_SIZE_DEFAULT = 64, 2048, 512
GAP_MAX = 64
LONGER_SIDE_MIN, LONGER_SIDE_MAX = 16, 30_000
SEED_MAX, STEPS_MAX, GUIDANCE_MAX, SKETCH_GUIDANCE_MAX = 2**63 - 1, 100, 15.0, 5.0
DESPECKLE_MAX = 64

Group = TypeVar("Group")


@dataclass(frozen=True)
class LineOptions:
    """How line art is made of a drawing. Raises RequestError for what is out of range."""

    lines: LineMode = setting(
        "auto",
        "line art (ink), or a color picture to extract line art from (extract); auto, the default, looks; untouched: "
        "the picture as it is, nothing cleaned",
    )
    sigma: float = setting(SIGMA_DEFAULT, "thickness of extracted lines", SIGMA_MIN, SIGMA_MAX, "pixels")
    soft: bool = setting(False, "soft extracted lines, as a pencil draws them")
    levels: tuple[int, int] = setting(
        (0, 255), "clean the lines of a scan: gray levels of black ink and of white paper", 0, 255
    )
    despeckle: int = setting(0, "remove dots of up to so many pixels; lines stay whole", 0, DESPECKLE_MAX, "pixels")

    def __post_init__(self) -> None:
        check_ranges(self)
        if self.levels[0] >= self.levels[1]:
            raise RequestError("levels are black and white from 0 to 255, as in [20, 230]")

    def makes_same_lines(self, made: LineOptions, *, extracted: bool) -> bool:
        """Whether lines made with `made` are those of these options: sigma does not touch the artist's own ink."""
        return self == made if extracted else replace(self, sigma=made.sigma, soft=made.soft) == made


@dataclass(frozen=True)
class ColorOptions:
    """How the network is asked. Raises RequestError for what is out of range."""

    size: int = setting(
        WORKING_SIZE_DEFAULT,
        "longer side at which the network looks at the drawing; the result always has the drawing's size",
        WORKING_SIZE_MIN,
        WORKING_SIZE_MAX,
        "pixels",
    )
    panels: PanelMode = setting(
        "auto",
        "panels of a comic page and pictures of a strip: each colored by itself where they are sure (auto), or all as "
        "one picture (off)",
    )
    sheet: SheetMode = setting(
        "auto",
        "a reference that is a sheet is cut into its figures, without bands, color chips, frames and lettering (auto), "
        "or taken as one picture (off)",
    )

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True)
class LayerOptions:
    """What is taken of layered files, see `engine.export.layer_names.select`; with nothing named, what they show."""

    line_layers: tuple[str, ...] = setting(
        (), "layer of a layered drawing that is its line art: a name, a folder, or FOLDER/NAME; may be given again"
    )
    reference_layers: tuple[str, ...] = setting(
        (), "layer of layered references that has the colors, named in the same way; may be given again"
    )


@dataclass(frozen=True)
class Sampling:
    """How an engine that paints in steps is to draw; engines of one step heed none of it (`Abilities.sampling`).

    None: as the model has it. Raises RequestError for what is out of range.
    """

    seed: int = setting(0, "which of its random numbers a painting engine draws", 0, SEED_MAX)
    steps: int | None = setting(None, "how many steps a painting engine takes; else the model's own", 1, STEPS_MAX)
    guidance: float | None = setting(
        None, "how strictly a painting engine keeps to the references; else the model's own", 1.0, GUIDANCE_MAX
    )
    mode: PaintingMode = setting(
        "auto",
        "which parts of the references a painting engine looks at: all of them for all of the drawing (vanilla), the "
        "figure for the figure where the reference has a busy background (bg2fig), figure for figure and background "
        "for background (fig2fig); auto, the default, looks",
    )
    sketch_guidance: float | None = setting(
        None, "how strictly a painting engine keeps to the lines; else the model's own", 1.0, SKETCH_GUIDANCE_MAX
    )
    strength: float = setting(1.0, "how far a painting engine heeds the references", 0.0, 1.0)

    def __post_init__(self) -> None:
        check_ranges(self)

    def only(self, heeded: Collection[str]) -> Sampling:
        """With the defaults for all that is not heeded."""
        default = Sampling()
        return replace(self, **{one: getattr(default, one) for one in settings_of(self) if one not in heeded})

    def beyond(self, heeded: Collection[str]) -> tuple[str, ...]:
        """The names of what is asked for and not heeded."""
        default = Sampling()
        return tuple(
            one for one in settings_of(self) if one not in heeded and getattr(self, one) != getattr(default, one)
        )


@dataclass(frozen=True)
class FinishOptions:
    """What is made of the network's guess.

    flats: one color for each region, else the guess as it is. locked: each region takes a swatch of `palette`, or of
    the references' own where that is None. recolor: swatches, called by name or "#rrggbb", and their new colors.
    edits: swatches a person changed, by what they were; they outlive a coloring. Two that became one are merged.
    locks: swatches, as edited, that a person wants to stay. pairs: shadows and their bases as a person wants them,
    where `shadows` is "base"; a swatch with itself is no shadow. corrections: of regions and their
    colors, in pixels of the drawing with which they go. What needs flats is remembered without them: see `in_force`.
    """

    flats: bool = setting(True, "one color for each region, or the guess as it is")
    locked: bool = setting(True, "regions take the swatches of a palette only")
    shading: ShadingMode = setting("off", "light and shade over the flats")
    gap: int | None = setting(
        None,
        "close gaps in the lines of up to so many pixels; else by the thickness of the lines",
        0,
        GAP_MAX,
        "pixels",
    )
    surface: Surface = setting(
        "auto", "one even color a region (flat), or moving in it as the guess does (soft); auto: as the references"
    )
    shadows: Shadows = setting(
        "own",
        "a material's shadow in the references is a color of its own (own), or its regions take the base and the "
        "shadow is laid over it where shading is on (base)",
    )
    palette: Palette | None = None
    recolor: tuple[tuple[str, Color], ...] = ()
    edits: tuple[tuple[Swatch, Swatch], ...] = ()
    locks: tuple[Swatch, ...] = ()
    pairs: tuple[tuple[Swatch, Swatch], ...] = ()
    corrections: Corrections = Corrections()

    def __post_init__(self) -> None:
        check_ranges(self)
        if self.palette is not None and not self.palette.swatches:
            raise RequestError("The palette has no colors; add a swatch to it first.")

    @property
    def in_force(self) -> FinishOptions:
        """What holds: without flats there is no palette, shading or correction, unlocked there is no palette."""
        if not self.flats:
            return FinishOptions(flats=False, locked=False, gap=self.gap)
        return self if self.locked else replace(self, palette=None, recolor=(), edits=(), locks=(), pairs=())

    def require_consistent(self) -> None:
        """Raise RequestError where something was asked for that cannot be without something else."""
        if self.recolor and not (self.flats and self.locked):
            raise RequestError("Only swatches can be recolored: leave --flats on and --palette at lock or a file.")
        if not self.flats and (self.palette is not None or self.corrections or self.shading != "off"):
            raise RequestError("A palette, shading and corrections need flats: leave them on.")

    def needs_finishing(self, before: FinishOptions) -> bool:
        """Whether a coloring finished as `before` must be finished anew; repainting is enough for edits."""
        return self._of_finishing != before._of_finishing

    def looks_like(self, before: FinishOptions) -> bool:
        """Whether a coloring finished as `before` looks as these options ask for."""
        now, then = self.in_force, before.in_force
        return now.edits == then.edits and now._of_finishing == then._of_finishing

    @property
    def _of_finishing(self) -> FinishOptions:
        """Without what makes no other regions. What was found right says only who follows no further hint."""
        corrections = replace(self.corrections, right=())
        pairs = self.pairs if self.shadows == "base" else ()
        return replace(self, edits=(), locks=(), pairs=pairs, corrections=corrections)


@dataclass(frozen=True)
class ExportOptions:
    """What of a finished coloring is written. No part of `Options`: it changes nothing of how the coloring is made."""

    content: Content = setting("all", "what is written: everything, the flat colors alone (flats), or the lines alone")
    paper: bool = setting(True, "white paper below it all; off: nothing, so that it is transparent")
    swatch_layers: bool = setting(False, "one layer for each swatch, in a group")
    longer_side: int | None = setting(
        None,
        "longer side of the picture that is written; else the drawing's own",
        LONGER_SIDE_MIN,
        LONGER_SIDE_MAX,
        "pixels",
    )

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True)
class Options:
    """The settings of one walk."""

    lines: LineOptions = LineOptions()
    color: ColorOptions = ColorOptions()
    sampling: Sampling = Sampling()
    finish: FinishOptions = FinishOptions()
    layers: LayerOptions = LayerOptions()


def groups(options: Options) -> Iterator[tuple[str, Any]]:
    """The groups of an `Options` by name."""
    for one in dataclasses.fields(options):
        yield one.name, getattr(options, one.name)


def plain(options: Options) -> dict[str, Any]:
    """All settings by name, as they are in force. A name stands in one group only."""
    parts = (part for _, part in groups(replace(options, finish=options.finish.in_force)))
    return {name: getattr(part, name) for part in parts for name in settings_of(part)}


def defaults(options: Options) -> dict[str, Any]:
    """The defaults of all settings by name."""
    parts = (part for _, part in groups(options))
    return {
        one.name: one.default for part in parts for one in dataclasses.fields(part) if one.name in settings_of(part)
    }


def with_values(options: Options, values: Mapping[str, Any]) -> Options:
    """The options with other values for some settings, by name. Raises RequestError for what is out of range."""
    changed = {
        group: replace(part, **own)
        for group, part in groups(options)
        if (own := {name: value for name, value in values.items() if name in settings_of(part)})
    }
    return replace(options, **changed)
