"""A scene is colored: frames by themselves, then the swatches of all of them together, then each is written.

What a frame needs of others is small and lies on the disk, so memory does not grow with the number of frames.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation, inspection, pipeline
from engine.color import flats as flat_colors
from engine.color.flats import Flats
from engine.color.locking import lock
from engine.color.shared_palette import with_colors
from engine.color.swatches import find_swatches, with_paper
from engine.corrections import Corrections
from engine.errors import PictureError, RequestError
from engine.finishing import Finished
from engine.images import Picture
from engine.line_art.regions import RegionMap
from engine.pipeline import LoadedModel, Made
from engine.request import ColorizeResult, LineArt, Progress
from engine.sentences import Sentence
from engine.video import choice, cuts, flow, tracking, witness
from engine.video.choice import Chosen, Evidence
from engine.video.frames import Looked, Reader, digest, key_digest, same_size, stamp, writing
from engine.video.scene_request import KeyFrame, SceneDoubt, SceneRequest, SceneResult
from engine.video.tracking import Links
from engine.video.witness import Witness
from engine.video.work_folder import FrameState, WorkFolder

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry

_LOOK, _COLOR = 0.06, 0.86  # where the first look and the coloring end, of all the time
_KEYS = 2  # nearest key frames that a frame is colored from
_MOVED = 12.0  # CIEDE2000 from a key frame's color to its swatch within which it is certain
_ON_ITS_FRAME, _DARKER = 0.3, 24  # share of a drawing's lines that its colored picture has; gray levels of a line
_LEAST_DOUBT = 5e-4  # of the picture, of doubts that are told

ShouldStop = Callable[[], bool]


def color_scene(
    entry: ModelEntry,
    load: Callable[[], LoadedModel],
    request: SceneRequest,
    work: WorkFolder,
    should_stop: ShouldStop | None = None,
    second: Witness | None = None,
) -> Generator[Progress, None, SceneResult]:
    """Color all frames and write them. load: loads the model of `entry`; called only where a frame is not known yet.

    second: who is heard beside it.
    Raises NurieError, and Cancelled; what is known by then is kept in `work`.
    """
    return (yield from _Scene(entry, load, request, work, should_stop, second).steps())


def frames_to_color(
    entry: ModelEntry, request: SceneRequest, work: WorkFolder, should_stop: ShouldStop | None = None
) -> Generator[Progress, None, tuple[Looked, tuple[tuple[int, ...], ...]]]:
    """The first look at a scene, and of each shot the frames that are not known yet, for `color_frames`.

    Raises NurieError, and Cancelled.
    """
    scene = _Scene(entry, _nothing, request, work, should_stop)
    looked = yield from scene.look()
    return looked, scene.unknown(looked)


def color_frames(
    entry: ModelEntry,
    load: Callable[[], LoadedModel],
    request: SceneRequest,
    work: WorkFolder,
    looked: Looked,
    numbers: Sequence[int],
    should_stop: ShouldStop | None = None,
) -> Generator[Progress, None, tuple[str, ...]]:
    """Color these frames, each by itself, and keep them in `work`; the notes. looked: of the whole scene; numbers: in
    their order. Raises NurieError, also for a frame that is another one by now, and Cancelled."""
    return (yield from _Scene(entry, load, request, work, should_stop).color_some(looked, numbers))


def _nothing() -> LoadedModel:
    raise AssertionError("nothing is colored here")


class _Scene:
    """One run over a scene."""

    def __init__(
        self,
        entry: ModelEntry,
        load: Callable[[], LoadedModel],
        request: SceneRequest,
        work: WorkFolder,
        should_stop: ShouldStop | None,
        second: Witness | None = None,
    ) -> None:
        self.witness = second
        self.second = None if second is None else functools.cache(second.load)
        self.entry, self.request, self.work, self.should_stop = entry, request, work, should_stop
        self.colorizer = functools.cache(lambda: load().colorizer)
        finish, keys = request.options.finish, request.keys
        self.given = finish.palette or with_paper(find_swatches([key.reference for key in keys]))
        # Colors hold from frame to frame by the palette; how a guess moves inside a region does not.
        finish = replace(finish, flats=True, locked=True, palette=self.given, surface="flat", shading="off")
        # A frame is no comic page, whatever is drawn in it.
        color = replace(request.options.color, panels="off")
        self.options = replace(request.options, color=color, finish=replace(finish, corrections=Corrections()))
        hinted = (hint.color for one in request.corrections.values() for hint in one.hints)
        self.palette = with_colors(self.given, hinted)
        parts = self.options.lines, self.options.color, self.options.sampling, finish.gap, self.given.swatches
        self.base = digest(*map(repr, parts), entry.sha256(), [key_digest(key) for key in keys])
        self.notes: list[str] = []
        self.colored = 0

    def steps(self) -> Generator[Progress, None, SceneResult]:
        looked = yield from self.look()
        keys = [self._frame_key(looked, number) for number in range(looked.count)]
        evidence, links = yield from self._color(looked, keys)
        yield Progress("Following the regions", _COLOR)
        chosen = choice.choose(evidence, links)
        found = choice.doubts(evidence, chosen, _LEAST_DOUBT * looked.size[0] * looked.size[1])
        doubts = yield from self._write(looked, keys, chosen, found)
        yield Progress("Done", 1.0)
        notes = tuple(dict.fromkeys(self.notes))
        return SceneResult(looked.count, self.colored, looked.shots, doubts, self.palette, notes)

    def _check(self) -> None:
        with cancellation.cancellable(self.should_stop):
            cancellation.check()

    def look(self) -> Generator[Progress, None, Looked]:
        """Count the frames, tell equal ones, find the cuts."""
        source, wanted = self.request.source, self.request.cuts
        key = digest(stamp(source), wanted)
        known = Looked.of(self.work.looked(), key)
        if known is not None:
            return known
        digests: list[str] = []
        begins, finder, size = {0}, cuts.CutFinder(), None
        for number, (picture, _) in enumerate(source.frames(line_layers=self.options.layers.line_layers)):
            self._check()
            size = same_size(picture, size)
            digests.append(digest(picture.pixels, picture.alpha))
            if wanted == "auto" and finder.begins(cuts.sketch_of(picture.pixels)):
                begins.add(number)
            yield Progress("Looking at the frames", _LOOK * min(1.0, number / (source.count or number + 1)))
        if size is None:
            raise PictureError("There are no frames in {0}.", source.path.name)
        if isinstance(wanted, tuple):
            begins |= {one for one in wanted if one < len(digests)}
        looked = Looked(digests, size, tuple(sorted(begins)))
        self.work.save_looked({"key": key, "digests": digests, "size": size, "shots": looked.shots})
        return looked

    def _frame_key(self, looked: Looked, number: int) -> str:
        """A digest of all that a frame's own evidence depends on."""
        used = [self.request.keys.index(key) for key in self._keys_of(looked, number)]
        corrections = replace(self.request.corrections.get(number, Corrections()), hints=())
        own = self._own_key(number) is not None and number
        return digest(self.base, looked.digests[number], used, own, repr(corrections))

    def unknown(self, looked: Looked) -> tuple[tuple[int, ...], ...]:
        """The frames of each shot that are not known yet; one that is equal to the frame before is as that one."""
        keys = [self._frame_key(looked, number) for number in range(looked.count)]
        own = [number for number, key in enumerate(keys) if number == 0 or keys[number - 1] != key]
        missing = [number for number in own if self.work.load(number, keys[number]) is None]
        shots = (range(first, looked.shot_of(first)[1]) for first in looked.shots)
        return tuple(some for shot in shots if (some := tuple(one for one in missing if one in shot)))

    def color_some(self, looked: Looked, numbers: Sequence[int]) -> Generator[Progress, None, tuple[str, ...]]:
        """Color these frames by themselves and keep them; the notes."""
        reader = Reader(self.request)
        for place, number in enumerate(numbers):
            self._check()
            picture, _ = reader.get(number)
            if digest(picture.pixels, picture.alpha) != looked.digests[number]:
                raise PictureError("Frame {0} has changed since the scene was looked at; color it again.", number)
            share = place / len(numbers), (place + 1) / len(numbers)
            key = self._frame_key(looked, number)
            self.work.save(number, (yield from pipeline.part(self._frame(looked, number, key, reader), *share)))
        return tuple(dict.fromkeys(self.notes))

    def _color(
        self, looked: Looked, keys: Sequence[str]
    ) -> Generator[Progress, None, tuple[list[Evidence], list[Links | None]]]:
        """What each frame says by itself, and how its regions go on in the next."""
        evidence: list[Evidence] = []
        links: list[Links | None] = []
        reader, state = Reader(self.request), None
        step = (_COLOR - _LOOK) / looked.count
        told = np.zeros((0, 0), np.float32)
        for number, key in enumerate(keys):
            self._check()
            before = state
            if state is None or state.key != key:
                state = self.work.load(number, key)
            if state is None:
                begin = _LOOK + step * number
                state = yield from pipeline.part(self._frame(looked, number, key, reader), begin, begin + step)
                self.work.save(number, state)
                self.colored += 1
            if before is not state:
                told = self._heard(looked, number, state, reader)
            likely, given = _widened(told, len(self.palette.swatches)), self._given(number, state.regions)
            evidence.append(Evidence(likely, state.regions.areas, state.known, given))
            if before is not None:
                links.append(None if number in looked.shots else self._links(number - 1, before, state))
        return evidence, links

    def _heard(self, looked: Looked, number: int, state: FrameState, reader: Reader) -> NDArray[np.float32]:
        """count×n: how likely each swatch is by what the frame says, and by what a witness does."""
        if self.witness is None or self.second is None:
            return state.likely
        key = digest(state.key, *self.witness.digest_parts())
        opinion = self.work.load_opinion(number, key, (state.likely.shape[0], state.likely.shape[1]))
        if opinion is None:
            references = tuple(one.reference for one in self._in_order(looked, number))
            request = pipeline.request_of(reader.get(number)[1], references, self.options)
            opinion = witness.opinion(self.second(), request, state.regions, self.given, self.should_stop)
            self.work.save_opinion(number, key, opinion)
        return witness.heard(state.likely, opinion)

    def _frame(self, looked: Looked, number: int, key: str, reader: Reader) -> Generator[Progress, None, FrameState]:
        """Color one frame by itself."""
        _, line_art = reader.get(number)
        references = tuple(one.reference for one in self._keys_of(looked, number))
        request = pipeline.request_of(line_art, references, self.options)
        yield Progress("Loading the model", 0.0)
        colorizer, stop, share = self.colorizer(), self.should_stop, pipeline.NETWORK_SHARE
        result = yield from pipeline.part(pipeline.color(colorizer, request, stop), 0.0, share)
        corrections = replace(self.request.corrections.get(number, Corrections()), hints=())
        options = replace(self.options, finish=replace(self.options.finish, corrections=corrections))
        finished = yield from pipeline.part(pipeline.finish(colorizer, request, result, options, stop), share, 1.0)
        regions = finished.regions
        assert regions is not None
        with cancellation.cancellable(stop):
            seen = colorizer.describe(request, regions)
        if seen is not None:
            seen = seen.astype(np.float16).astype(np.float32)  # as it is kept: a scene gone on with comes out the same
        own = self._own_key(number)
        known = {} if own is None else self._known(own, line_art, regions, looked.size)
        likely, field = _likely(finished, len(self.given.swatches)), flow.field_of(line_art.ink)
        return FrameState(
            key, regions, likely, seen, known, field, result.device, result.precision, result.working_size
        )

    def _keys_of(self, looked: Looked, number: int) -> list[KeyFrame]:
        """The references of a frame: itself where it is one, the nearest key frames of its shot, and the sheets."""
        first, after = looked.shot_of(number)
        sheets = [key for key in self.request.keys if key.number is None]
        placed = [(key.number, key) for key in self.request.keys if key.number is not None]
        near = [pair for pair in placed if first <= pair[0] < after]
        if not near and not sheets:
            near = placed
            self.notes.append(Sentence("The shot from frame {0} has no key frame: another shot's colors it.", first))
        near.sort(key=lambda pair: abs(pair[0] - number))
        return [*(key for _, key in near[:_KEYS]), *sheets]

    def _in_order(self, looked: Looked, number: int) -> list[KeyFrame]:
        """The same in the order of time, as a network of scenes expects them; sheets at the end."""
        return sorted(self._keys_of(looked, number), key=lambda key: np.inf if key.number is None else key.number)

    def _own_key(self, number: int) -> KeyFrame | None:
        return next((key for key in self.request.keys if key.number == number), None)

    def _known(self, key: KeyFrame, line_art: LineArt, regions: RegionMap, size: tuple[int, int]) -> dict[int, int]:
        """The swatches that a key frame's own picture gives its regions."""
        pixels, name = key.reference.pixels, key.reference.name
        if abs(pixels.shape[0] * size[1] - pixels.shape[1] * size[0]) > 0.01 * pixels.shape[0] * size[1]:
            self.notes.append(
                Sentence("{0} has another shape than frame {1}: it is used as a sheet.", name, key.number)
            )
            return {}
        if pixels.shape[:2] != size:
            pixels = np.asarray(cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        if not _lies_on(pixels, line_art):
            self.notes.append(
                Sentence("{0} is another drawing than frame {1}: it is used as a sheet.", name, key.number)
            )
            return {}
        voted = flat_colors.vote(pixels, regions, line_art.ink)
        locked = lock(voted.colors, self.palette)
        return {region: int(locked.swatch[region]) for region in np.flatnonzero(locked.moved <= _MOVED).tolist()}

    def _given(self, number: int, regions: RegionMap) -> dict[int, int]:
        """The swatches that a person gave regions of a frame."""
        colors = [one.color for one in self.palette.swatches]
        height, width = regions.labels.shape
        found = {}
        for hint in self.request.corrections.get(number, Corrections()).hints:
            if not (0 <= hint.x < width and 0 <= hint.y < height):
                raise RequestError("The correction at {0}, {1} lies outside frame {2}.", hint.x, hint.y, number)
            found[int(regions.labels[hint.y, hint.x]) - 1] = colors.index(hint.color)
        return found

    def _links(self, number: int, before: FrameState, state: FrameState) -> Links:
        """How the regions of frame `number` go on in the next."""
        if before is state:
            return tracking.same(state.regions.count)
        key, counts = digest(before.key, state.key), (before.regions.count, state.regions.count)
        links = self.work.load_links(number, key, *counts)
        if links is None:
            looks = [tracking.look_at(one.field, one.regions, one.seen) for one in (before, state)]
            with cancellation.cancellable(self.should_stop):
                links = tracking.link(*looks)
            self.work.save_links(number, key, links)
        return links

    def _write(
        self, looked: Looked, keys: Sequence[str], chosen: Chosen, found: Sequence[choice.Doubt]
    ) -> Generator[Progress, None, tuple[SceneDoubt, ...]]:
        """Write all frames in their order; the doubts, with their places."""
        places: dict[int, SceneDoubt] = {}
        reader, state = Reader(self.request), None
        with writing(self.request, looked.size, self.notes) as add:
            for number, key in enumerate(keys):
                self._check()
                if state is None or state.key != key:
                    state = self.work.load(number, key)
                if state is None:
                    raise PictureError("What was known of frame {0} is gone: color the scene again.", number)
                picture, line_art = reader.get(number)
                name = self.request.source.name(number)
                add(name, self._made(picture, line_art, state, chosen.swatch[number], chosen.lead[number]))
                for rank, one in enumerate(found):
                    if one.frame == number:
                        x, y = inspection.places(state.regions, np.array([one.region]))[0]
                        swatch = self.palette.swatches[int(chosen.swatch[number][one.region])].name
                        places[rank] = SceneDoubt(number, name, x, y, one.track, one.frames, swatch, one.lead)
                yield Progress("Writing the frames", _COLOR + (1.0 - _COLOR) * (number + 1) / looked.count)
        return tuple(places[rank] for rank in sorted(places))

    def _made(
        self, picture: Picture, line_art: LineArt, state: FrameState, swatch: NDArray[np.int32], lead: NDArray
    ) -> Made:
        """A frame as the walk of a drawing makes one."""
        regions = state.regions
        flats = Flats(self.palette.colors()[swatch], (1.0 - np.exp(-lead)).astype(np.float32))
        color = flat_colors.paint(flats, regions)
        references = tuple(key.reference for key in self.request.keys)
        request, options = pipeline.request_of(line_art, references, self.options), self.options
        finished = Finished(
            request, color, regions, flats, self.palette, swatch.astype(np.intp), options=options.finish
        )
        result = ColorizeResult(color, line_art.layer, state.device, state.precision, state.looked)
        return Made(result, finished, options, self.entry.name, self.entry.sha256(), picture)


def _widened(likely: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """For a palette that got further swatches, which no network knows of."""
    return np.pad(likely, ((0, 0), (0, max(0, count - likely.shape[1]))))


def _likely(finished: Finished, count: int) -> NDArray[np.float32]:
    """The probability of each of `count` swatches; where only the best is known, the rest is shared by the others."""
    stages = finished.stages
    if stages is not None and stages.choice is not None and stages.choice.likely is not None:
        return stages.choice.likely[:, :count]
    assert finished.swatch is not None and finished.flats is not None
    sure = np.clip(finished.flats.confidence, 0.05, 0.95)[:, None]
    likely = np.repeat((1.0 - sure) / max(1, count - 1), count, axis=1)
    likely[np.arange(len(sure)), finished.swatch] = sure[:, 0]
    return (likely / likely.sum(axis=1, keepdims=True)).astype(np.float32)


def _lies_on(pixels: NDArray[np.uint8], line_art: LineArt) -> bool:
    """Whether a colored picture is of this very drawing: darker where its lines are than beside them."""
    lines = line_art.ink < 0.5
    if lines.sum() < 20:
        return True
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    around = np.asarray(cv2.dilate(gray, np.ones((7, 7), np.uint8)), np.int16)
    return float(((around - gray)[lines] > _DARKER).mean()) > _ON_ITS_FRAME
