"""What a change of a drawing's palette is for its characters. Without widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.document.character import Character
from app.images import qt_images
from engine.options import FinishOptions
from engine.palette import Swatch

if TYPE_CHECKING:
    from app.document.parts import ReferenceItem

_NEAR = 12  # levels a channel within which a pixel of a thumbnail has the color of a swatch


def with_palette(
    characters: Sequence[Character], cast: Sequence[Character], before: FinishOptions, after: FinishOptions
) -> tuple[Character, ...]:
    """All characters, those of a drawing with what changed in its palette from `before` to `after`.

    A swatch is that character's whose references show most of it, or the one's who has an edit of it already. A loaded
    palette is the first one's; without a palette nobody has one.
    """
    found = {one.id: one for one in cast}
    if len(found) == 1:
        (only,) = found.values()
        found[only.id] = replace(only, palette=after.palette, edits=after.edits, locks=after.locks, pairs=after.pairs)
    else:
        _share_out(found, before, after)
    return tuple(found.get(one.id, one) for one in characters)


def _share_out(found: dict[int, Character], before: FinishOptions, after: FinishOptions) -> None:
    first = next(iter(found))
    if after.palette != before.palette:
        for number, one in found.items():
            found[number] = replace(one, palette=after.palette if number == first else None)
    then, now = dict(before.edits), dict(after.edits)
    for base in dict.fromkeys((*then, *now)):
        if then.get(base) == now.get(base):
            continue
        owner = _owner(list(found.values()), base)
        for number, one in found.items():
            left = tuple(pair for pair in one.edits if pair[0] != base)
            own = ((base, now[base]),) if base in now and number == owner.id else ()
            found[number] = replace(one, edits=(*left, *own))
    for number, one in found.items():
        kept = tuple(lock for lock in one.locks if lock in after.locks)
        new = tuple(lock for lock in after.locks if lock not in before.locks) if number == first else ()
        pairs = tuple(pair for pair in one.pairs if pair in after.pairs)
        asked = tuple(pair for pair in after.pairs if pair not in before.pairs) if number == first else ()
        found[number] = replace(one, locks=(*kept, *new), pairs=(*pairs, *asked))


def _owner(cast: Sequence[Character], swatch: Swatch) -> Character:
    known = next((one for one in cast if any(base == swatch for base, _ in one.edits)), None)
    return known or max(cast, key=lambda one: sum(_share(item, swatch) for item in one.references))


def _share(item: ReferenceItem, swatch: Swatch) -> float:
    """Of a reference's thumbnail the part that has the color of a swatch."""
    import numpy as np

    if item.thumbnail.isNull():
        return 0.0
    pixels = qt_images.from_qimage(item.thumbnail)[0].astype(np.int16)
    near = np.abs(pixels - np.asarray(swatch.color, np.int16)).max(axis=2) <= _NEAR
    return float(near.mean())
