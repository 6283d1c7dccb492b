"""The regions of a drawing as a person corrected them: a correction changes the regions that it touches, and no others.

Corrections that touch regions in common make a group, whose regions are cut anew together; all others stay as they
were found, with their votes and their swatches. Each region that comes of it is judged as if it alone had been cut out
of the regions that were found, so that no further correction elsewhere changes its mind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine import cancellation
from engine.color.dividing import divide
from engine.color.flats import Flats, vote
from engine.color.swatch_choice import Choice
from engine.corrections import Corrections, Shape, Stroke
from engine.line_art import region_edits
from engine.line_art.extent import seen_area
from engine.line_art.regions import RegionMap, labels_at_edge, line_width, paper_of, regions_between

_AROUND = 2.0  # gaps: so far around its regions a part of a drawing is looked at when gaps in it are closed
_OWN_SHARE, _SHARE = 0.5, 0.05  # of a region of the new cut, and of one of before: less is a sliver along their border

Labels = NDArray[np.int32]
Mask = NDArray[np.bool_]
Box = tuple[slice, slice]
_Edit = tuple[str, Stroke | Shape]


@dataclass(frozen=True, eq=False)
class Piece:
    """The regions of one group of corrections.

    edits: the group. box: of the picture. labels: of the box, 1 … count on its regions, 0 elsewhere. touched: the
    labels that were there before. parents: count, for each region which of these it mostly was. areas: count, pixels
    of paper. voted, choice: see `engine.finishing.Stages`; their rows are the regions of this piece alone.
    """

    edits: Corrections
    box: Box
    labels: Labels
    touched: NDArray[np.intp]
    parents: NDArray[np.intp]
    areas: NDArray[np.int64]
    voted: Flats
    choice: Choice | None = None


@dataclass(frozen=True, eq=False)
class Cut:
    """All regions after the corrections. source: count, for each region its row where the regions as they were found
    and those of all pieces stand one after another."""

    regions: RegionMap
    source: NDArray[np.intp]


def pieces(
    found: RegionMap,
    ink: NDArray[np.float32],
    guess: NDArray[np.uint8],
    corrections: Corrections,
    known: Sequence[Piece] = (),
) -> tuple[Piece, ...]:
    """The pieces that corrections make of the regions of a drawing.

    found: its regions without any correction; ink: H×W float32 in [0, 1], 0 ink; guess: H×W×3 uint8 sRGB. known: pieces
    of the same regions, of which those are taken over that are still wanted. Raises Cancelled.
    """
    paper: Mask | None = None
    result = []
    for edits, touched in _groups(found, corrections):
        cancellation.check()
        before = next((piece for piece in known if piece.edits == edits), None)
        if before is None:
            paper = paper_of(ink) > 0 if paper is None else paper
            before = _piece(found, ink, paper, guess, edits, touched)
        result.append(before)
    return tuple(result)


def assembled(found: RegionMap, parts: Sequence[Piece]) -> Cut:
    """The regions as they were found, with these pieces in their places. What is not theirs keeps its number unless a
    region before it went."""
    if not parts:
        return Cut(found, np.arange(found.count))
    labels, count = found.labels.copy(), found.count
    source = np.append(0, np.arange(1, count + 1))  # by label; from 1 on
    at = count
    for piece in parts:
        number = np.zeros(len(piece.areas) + 1, np.int32)
        free = set(piece.touched.tolist())
        # The largest region of each that was there keeps its number.
        for row in np.argsort(-piece.areas, kind="stable").tolist():
            parent = int(piece.parents[row])
            if parent in free:
                free.discard(parent)
                number[row + 1] = parent
            else:
                count += 1
                number[row + 1] = count
        grown = np.zeros(count + 1, np.intp)
        grown[: len(source)] = source
        grown[list(free)] = 0
        grown[number[1:]] = at + 1 + np.arange(len(piece.areas))
        source = grown
        at += len(piece.areas)
        own = piece.labels > 0
        labels[piece.box][own] = number[piece.labels[own]]
    kept = np.flatnonzero(source)
    number = np.zeros(count + 1, np.int32)
    number[kept] = np.arange(1, len(kept) + 1)
    areas = np.concatenate([found.areas, *(piece.areas for piece in parts)])
    source = source[kept] - 1
    return Cut(replace(found, labels=number[labels], count=len(kept), areas=areas[source]), source)


def gathered_flats(source: NDArray[np.intp], found: Flats, parts: Sequence[Piece]) -> Flats:
    """The votes of the regions of a cut."""
    if not parts:
        return found
    votes = [found, *(piece.voted for piece in parts)]
    return Flats(*(np.concatenate([getattr(one, name) for one in votes])[source] for name in ("colors", "confidence")))


def gathered_choice(source: NDArray[np.intp], found: Choice, parts: Sequence[Piece]) -> Choice:
    """The swatches of the regions of a cut; every piece has its choice."""
    if not parts:
        return found
    choices = [found, *(piece.choice for piece in parts if piece.choice is not None)]
    return _rows(_together(choices), source)


def chosen(
    found: RegionMap, voted: Flats, parts: Sequence[Piece], choose: Callable[[RegionMap, Flats], Choice]
) -> tuple[Piece, ...]:
    """The pieces with their swatches. choose: asks the network about all regions of a map, given their votes."""
    return tuple(
        replace(piece, choice=_choice(found, voted, piece, choose))
        if piece.choice is None and len(piece.areas)
        else piece
        for piece in parts
    )


def _choice(found: RegionMap, voted: Flats, piece: Piece, choose: Callable[[RegionMap, Flats], Choice]) -> Choice:
    before, rows = found.labels[piece.box], []
    size_before = np.bincount(before.reshape(-1), minlength=found.count + 1)
    for row in range(len(piece.areas)):
        cancellation.check()
        own = piece.labels == row + 1
        labels, counts = np.unique(before[own], return_counts=True)
        alone = Piece(
            piece.edits,
            piece.box,
            own.astype(np.int32),
            labels[(counts == size_before[labels]) & np.isin(labels, piece.touched)].astype(np.intp),
            piece.parents[row : row + 1],
            piece.areas[row : row + 1],
            Flats(piece.voted.colors[row : row + 1], piece.voted.confidence[row : row + 1]),
        )
        cut = assembled(found, [alone])
        whole = choose(cut.regions, gathered_flats(cut.source, voted, [alone]))
        rows.append(_rows(whole, np.flatnonzero(cut.source >= found.count)))
    return _together(rows)


def _together(choices: Sequence[Choice]) -> Choice:
    """The rows of several choices one after another."""
    known = [one.likely for one in choices if one.likely is not None]
    likely = np.concatenate(known) if len(known) == len(choices) else None

    def rows(name: str) -> NDArray:
        return np.concatenate([getattr(one, name) for one in choices])

    columns = {name: rows(name) for name in ("swatch", "colors", "moved", "certainty")}
    return replace(choices[0], **columns, likely=likely)


def shape_mask(shape: Shape, size: tuple[int, int], corner: tuple[int, int] = (0, 0)) -> Mask:
    """What a drawn region covers of a part of a picture: H×W bool. size: of the part; corner: its first x, y."""
    points = _moved(shape.points, *corner)
    return region_edits.drawn([points], size, shape.width) if shape.width else region_edits.filled(points, size)


def _rows(choice: Choice, row: NDArray[np.intp]) -> Choice:
    """These rows of a choice."""
    columns = {name: getattr(choice, name)[row] for name in ("swatch", "colors", "moved", "certainty")}
    return replace(choice, **columns, likely=None if choice.likely is None else choice.likely[row])


def _groups(found: RegionMap, corrections: Corrections) -> list[tuple[Corrections, NDArray[np.intp]]]:
    """The corrections in groups that touch no region in common, and the labels that each touches."""
    groups: list[tuple[set[int], list[_Edit]]] = []
    kinds = ("gaps", "splits", "merges", "shapes")
    edits: list[_Edit] = [(kind, one) for kind in kinds for one in getattr(corrections, kind)]
    for edit in edits:
        labels = _touched(found.labels, edit)
        joined = [group for group in groups if group[0] & labels]
        merged = [one for group in joined for one in group[1]]
        groups = [group for group in groups if group not in joined]
        groups.append((labels.union(*(group[0] for group in joined)), [*merged, edit]))
    order = {id(one): number for number, (_, one) in enumerate(edits)}
    result = []
    for labels, members in sorted(groups, key=lambda group: min(group[0])):
        members.sort(key=lambda edit: order[id(edit[1])])
        of_kind = {kind: tuple(one for name, one in members if name == kind) for kind in kinds}
        result.append((Corrections(**of_kind), np.asarray(sorted(labels), np.intp)))  # type: ignore[arg-type]
    return result


def _touched(labels: Labels, edit: _Edit) -> set[int]:
    kind, one = edit
    points = one.points if isinstance(one, Shape) else one
    if kind == "merges" or (isinstance(one, Shape) and not one.across):
        places = points if kind == "merges" else points[:1]
        return {int(labels[y, x]) for x, y in places}
    around = (one.width if isinstance(one, Shape) else 0) // 2 + 4
    columns, rows = zip(*points, strict=True)
    left, top = max(0, min(columns) - around), max(0, min(rows) - around)
    box = slice(top, max(rows) + around + 1), slice(left, max(columns) + around + 1)
    part = labels[box]
    if isinstance(one, Shape):
        mask = shape_mask(one, part.shape, (left, top))
    else:
        mask = region_edits.drawn([_moved(one, left, top)], part.shape)
    return set(np.unique(part[mask]).tolist()) or {int(labels[points[0][1], points[0][0]])}


def _piece(
    found: RegionMap,
    ink: NDArray[np.float32],
    paper: Mask,
    guess: NDArray[np.uint8],
    edits: Corrections,
    touched: NDArray[np.intp],
) -> Piece:
    labels = found.labels
    for number in range(len(edits.gaps)):
        labels = _with_gap(replace(found, labels=labels), ink, paper, guess, edits.gaps[: number + 1])
    box = _box(found.labels, touched)
    inside = np.isin(found.labels[box], touched)
    left, top = box[1].start, box[0].start
    walls = region_edits.drawn([_moved(gap, left, top) for gap in edits.gaps], inside.shape)
    bounds = paper[box] & ~walls
    part = replace(found, labels=labels[box].copy(), count=int(labels.max()))
    part = part.relabeled(part.labels, part.count, bounds)
    for stroke in edits.splits:
        part = region_edits.cut(part, region_edits.drawn([_moved(stroke, left, top)], inside.shape), bounds)
    for pair in edits.merges:
        (x, y), (other_x, other_y) = _moved(pair, left, top)
        part = replace(part, labels=_joined(part.labels, int(part.labels[y, x]), int(part.labels[other_y, other_x])))
    for shape in edits.shapes:
        mask = shape_mask(shape, inside.shape, (left, top)) & inside
        ((x, y),) = _moved(shape.points[:1], left, top)
        if not shape.across:
            mask &= part.labels == part.labels[y, x]
        count = int(part.labels.max()) + 1
        part = replace(part, labels=np.where(mask, count, part.labels).astype(np.int32), count=count)
    own = np.zeros(int(part.labels.max()) + 1, np.int32)
    there = np.unique(part.labels[inside])
    own[there] = np.arange(1, len(there) + 1)
    local = np.where(inside, own[part.labels], 0).astype(np.int32)
    areas = np.bincount(local[bounds], minlength=len(there) + 1)[1:].astype(np.int64)
    local, areas, touched = _changed(local, areas, found.labels, box, touched)
    parents = _parents(local, found.labels[box], len(areas))
    voted = _voted(local, len(areas), found, guess[box], ink[box])
    return Piece(edits, box, local, touched, parents, areas, voted)


def _changed(
    local: Labels, areas: NDArray[np.int64], before: Labels, box: Box, touched: NDArray[np.intp]
) -> tuple[Labels, NDArray[np.int64], NDArray[np.intp]]:
    """Local labels, their areas and the labels touched, without those regions that are as they were."""
    own = local > 0
    keys, counts = np.unique(local[own].astype(np.int64) << 32 | before[box][own], return_counts=True)
    whole, whole_before = np.bincount(local.reshape(-1)), np.bincount(before[box].reshape(-1))
    same = (counts == whole[keys >> 32]) & (counts == whole_before[keys & 0xFFFFFFFF])
    gone = np.zeros(len(whole), np.bool_)
    gone[keys[same] >> 32] = True
    number = np.cumsum(~gone).astype(np.int32) - 1
    number[gone] = 0
    left = np.setdiff1d(touched, keys[same] & 0xFFFFFFFF)
    return number[local], areas[~gone[1:]], left


def _voted(local: Labels, count: int, found: RegionMap, guess: NDArray[np.uint8], ink: NDArray[np.float32]) -> Flats:
    """The vote of each region by itself: what is beside it must not change the sums by a rounding."""
    colors, confidence = np.zeros((count, 3), np.uint8), np.zeros(count, np.float32)
    for row, box in enumerate(ndimage.find_objects(local, count)):
        labels = np.where(local[box] == row + 1, 1, 2).astype(np.int32)
        areas = np.bincount(labels.reshape(-1), minlength=3)[1:].astype(np.int64)
        regions = int(labels.max())
        flats = vote(guess[box], replace(found, labels=labels, count=regions, areas=areas[:regions]), ink[box])
        colors[row], confidence[row] = flats.colors[0], flats.confidence[0]
    return Flats(colors, confidence)


def _with_gap(
    regions: RegionMap, ink: NDArray[np.float32], paper: Mask, guess: NDArray[np.uint8], gaps: Sequence[Stroke]
) -> Labels:
    """Labels of the picture with the regions that the last of these strokes touches cut anew, all being lines."""
    height, width = regions.labels.shape
    touched = np.asarray(sorted(_touched(regions.labels, ("gaps", gaps[-1]))), np.intp)
    margin = round(_AROUND * regions.gap) + 8
    rows, columns = _box(regions.labels, touched)
    box = (
        slice(max(0, rows.start - margin), min(height, rows.stop + margin)),
        slice(max(0, columns.start - margin), min(width, columns.stop + margin)),
    )
    before = regions.labels[box]
    walls = region_edits.drawn([_moved(gap, box[1].start, box[0].start) for gap in gaps], before.shape)
    bounds = (paper[box] & ~walls).astype(np.uint8)
    lines = np.where(walls, ink.min(), ink[box]).astype(np.float32)
    anew = regions_between(bounds, lines, regions.gap, line_width(paper.astype(np.uint8)), seen_area(ink.shape)).labels
    inside = np.isin(before, touched)
    part_of = _without_slivers(anew, before, inside)
    if part_of is None:
        return regions.labels
    labels, first = regions.labels.copy(), int(regions.labels.max()) + 1
    there, place = np.unique(part_of[inside], return_inverse=True)
    labels[box][inside] = first + place
    if not np.isin(labels_at_edge(regions.labels), touched).any():
        return labels
    closed = np.where(region_edits.drawn(gaps, ink.shape), ink.min(), ink)
    of_now = replace(regions, labels=labels, count=first + len(there) - 1)
    return divide(of_now, guess, closed, np.arange(first, first + len(there))).labels


def _without_slivers(anew: Labels, before: Labels, inside: Mask) -> Labels | None:
    """The new regions inside, where what they only just touch belongs to the nearest other; None for no such region.

    The borders over open paper are not quite the same in two cuts.
    """
    whole = np.bincount(anew.reshape(-1)).astype(np.float64)
    kept = np.bincount(anew[inside], minlength=len(whole))
    pairs = anew[inside].astype(np.int64) << 32 | before[inside]
    keys, counts = np.unique(pairs, return_counts=True)
    of_before = np.bincount(before[inside])
    large = np.zeros(len(whole), np.bool_)
    np.logical_or.at(large, keys >> 32, counts >= _SHARE * of_before[keys & 0xFFFFFFFF])
    large |= kept >= _OWN_SHARE * np.maximum(whole, 1.0)
    good = inside & large[anew]
    if not good.any():
        return None
    empty = (~good).astype(np.uint8)
    nearest = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)[1]
    of_pixel = np.append(np.int32(0), anew[good])
    return of_pixel[np.asarray(nearest, np.int32)]


def _parents(local: Labels, before: Labels, count: int) -> NDArray[np.intp]:
    own = local > 0
    keys, counts = np.unique(local[own].astype(np.int64) << 32 | before[own], return_counts=True)
    order = np.lexsort((counts, keys >> 32))
    parents = np.zeros(count, np.intp)
    parents[(keys[order] >> 32) - 1] = keys[order] & 0xFFFFFFFF  # of each the largest comes last, and stays
    return parents


def _joined(labels: Labels, one: int, other: int) -> Labels:
    return labels if one == other else np.where(labels == max(one, other), min(one, other), labels).astype(np.int32)


def _box(labels: Labels, chosen_labels: NDArray[np.intp]) -> Box:
    """The smallest box around some regions."""
    boxes = ndimage.find_objects(np.where(np.isin(labels, chosen_labels), 1, 0).astype(np.int32))
    rows, columns = boxes[0]
    return rows, columns


def _moved(points: Stroke, left: int, top: int) -> Stroke:
    return tuple((x - left, y - top) for x, y in points)
