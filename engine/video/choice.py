"""The swatch of every region of a shot: what each frame says, carried along the links between frames.

Forward and backward messages as in a hidden Markov model (Rabiner, Proc. IEEE 77(2), 1989), on regions that may split
and join: a region hears from all that it may have been, each as loud as the link is likely, and nothing of the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.video.tracking import Links

_TEMPER = 0.8  # of the evidence of one frame: frames that look alike are wrong alike
_KEEPS = 0.9  # of what was certain from one frame to the next
_KNOWN = 25.0  # nats that a key frame or a person outweighs the rest
_TRACK = 0.5  # probability of a link that makes two regions one track
_SETTLES = 1.0  # nats by which a track keeps one swatch against the evidence of its frames
_DOUBT = 1.0  # nats of lead below which a track is in doubt

Table = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What one frame says by itself. likely: count×n float32, probability of each swatch, rows sum to 1. area: count,
    pixels. known: of some regions (numbers from 0) the swatch that is certain. given: of some the swatch that a person
    chose, for the whole track."""

    likely: Table
    area: NDArray[np.int64]
    known: Mapping[int, int] = field(default_factory=dict)
    given: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many regions there are."""
        return len(self.likely)


@dataclass(frozen=True, eq=False)
class Chosen:
    """Of each frame count numbers each. swatch: what its regions take. track: the tracks they are part of. lead: nats
    that their swatch leads by."""

    swatch: list[NDArray[np.int32]]
    track: list[NDArray[np.int32]]
    lead: list[NDArray[np.float32]]


@dataclass(frozen=True)
class Doubt:
    """A track whose swatch is uncertain: where it is largest (frame and region, from 0), how many frames it has, and
    the nats its swatch leads by."""

    track: int
    frame: int
    region: int
    frames: int
    lead: float


def choose(evidence: Sequence[Evidence], links: Sequence[Links | None]) -> Chosen:
    """The swatches of the regions of all frames. links: from each frame to the next, None across a cut."""
    track = tracks([one.count for one in evidence], links)
    evidence = _with_given(evidence, track)
    own = [_logged(one) for one in evidence]
    ahead = _messages(own, links, backward=False)
    back = _messages(own, links, backward=True)
    belief = [a + b + c for a, b, c in zip(own, ahead, back, strict=True)]
    belief = _settled(belief, track, evidence)
    swatch = [one.argmax(axis=1).astype(np.int32) for one in belief]
    return Chosen(swatch, track, [_lead(one) for one in belief])


def tracks(counts: Sequence[int], links: Sequence[Links | None]) -> list[NDArray[np.int32]]:
    """The track of each region of each frame: regions follow each other where each is the other's likeliest."""
    found, following = [np.arange(counts[0], dtype=np.int32)] if counts else [], counts[0] if counts else 0
    for number, link in enumerate(links[: max(0, len(counts) - 1)]):
        own = np.full(counts[number + 1], -1, np.int32)
        if link is not None and len(link.sure):
            for one, other in _mutual(link, counts[number], counts[number + 1]):
                own[other] = found[number][one]
        born = np.flatnonzero(own < 0)
        own[born] = following + np.arange(len(born))
        following += len(born)
        found.append(own)
    return found


def doubts(evidence: Sequence[Evidence], chosen: Chosen, least: float = 0.0) -> list[Doubt]:
    """The tracks in doubt, those that cover most first. least: mean area in pixels of those that are told."""
    frames: dict[int, list[tuple[int, int]]] = {}
    for number, track in enumerate(chosen.track):
        for region, one in enumerate(track.tolist()):
            if chosen.lead[number][region] < _DOUBT:
                frames.setdefault(one, []).append((number, region))
    found = []
    for track, places in frames.items():
        area = [float(evidence[frame].area[region]) for frame, region in places]
        frame, region = places[int(np.argmax(area))]
        lead = min(float(chosen.lead[at][one]) for at, one in places)
        if max(area) >= least:
            found.append((sum(area) * (_DOUBT - lead), Doubt(track, frame, region, len(places), round(lead, 3))))
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])]


def _with_given(evidence: Sequence[Evidence], track: Sequence[NDArray[np.int32]]) -> list[Evidence]:
    """What a person chose is known in all of its track but where a key frame or a nearer choice says otherwise."""
    chosen: dict[int, list[tuple[int, int]]] = {}
    for number, one in enumerate(evidence):
        for region, swatch in one.given.items():
            chosen.setdefault(int(track[number][region]), []).append((number, swatch))
    if not chosen:
        return list(evidence)
    told = []
    for number, one in enumerate(evidence):
        known = {}
        for region, at in enumerate(track[number].tolist()):
            if at in chosen:
                known[region] = min(chosen[at], key=lambda pair: abs(pair[0] - number))[1]
        told.append(replace(one, known={**known, **one.known, **one.given}))
    return told


def _logged(one: Evidence) -> Table:
    logged = _TEMPER * np.log(np.maximum(one.likely, 1e-4))
    for region, swatch in one.known.items():
        logged[region] = -_KNOWN
        logged[region, swatch] = 0.0
    return logged.astype(np.float32)


def _messages(own: Sequence[Table], links: Sequence[Links | None], *, backward: bool) -> list[Table]:
    """What each frame hears from the frames before it, or after it."""
    heard = [np.zeros_like(one) for one in own]
    order = range(len(own) - 1)
    for number in reversed(order) if backward else order:
        link = links[number]
        if link is None or not len(link.sure):
            continue
        source, target = (number + 1, number) if backward else (number, number + 1)
        says, hears = (link.other, link.one) if backward else (link.one, link.other)
        heard[target] = _message(own[source] + heard[source], says, hears, link.sure, len(own[target]))
    return heard


def _message(belief: Table, says: NDArray, hears: NDArray, sure: NDArray[np.float32], count: int) -> Table:
    likely = np.exp(belief - belief.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    odds = sure / np.maximum(1.0 - sure, 1e-3)  # those that claim one region rule each other out
    weight = _KEEPS * odds / (1.0 + np.bincount(hears, odds, count))[hears]
    told = np.zeros((count, belief.shape[1]))
    np.add.at(told, hears, weight[:, None] * likely[says])
    unknown = 1.0 - np.bincount(hears, weight, count)
    return np.log(told + unknown[:, None] / belief.shape[1] + 1e-12).astype(np.float32)


def _settled(belief: list[Table], track: list[NDArray[np.int32]], evidence: Sequence[Evidence]) -> list[Table]:
    """A track whose frames differ by little keeps the swatch that all of it speaks for, so that nothing flickers."""
    count = max((int(one.max()) + 1 for one in track if len(one)), default=0)
    width = belief[0].shape[1] if belief else 0
    total = np.zeros((count, width))
    for number, one in enumerate(track):
        row = belief[number] - belief[number].max(axis=1, keepdims=True)
        np.add.at(total, one, np.maximum(row, -_KNOWN) * np.sqrt(evidence[number].area + 1.0)[:, None])
    best = total.argmax(axis=1) if count else np.zeros(0, np.intp)
    settled = []
    for number, one in enumerate(track):
        row = belief[number].copy()
        free = np.ones(len(row), np.bool_)
        free[list(evidence[number].known)] = False
        row[np.flatnonzero(free), best[one[free]]] += _SETTLES
        settled.append(row)
    return settled


def _mutual(link: Links, count: int, following: int) -> list[tuple[int, int]]:
    forth, back = np.full(count, -1), np.full(following, -1)
    for pair in np.argsort(link.sure, kind="stable"):  # the likeliest comes last and stays
        if link.sure[pair] >= _TRACK:
            forth[link.one[pair]], back[link.other[pair]] = link.other[pair], link.one[pair]
    return [(one, int(other)) for one, other in enumerate(forth) if other >= 0 and back[other] == one]


def _lead(belief: Table) -> NDArray[np.float32]:
    if belief.shape[1] < 2:
        return np.full(len(belief), _KNOWN, np.float32)
    best = np.partition(belief, -2, axis=1)[:, -2:]
    return (best[:, 1] - best[:, 0]).astype(np.float32)
