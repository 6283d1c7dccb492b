"""What a person changed in a palette, laid over the palette of any drawing of the same character. Pure functions."""

from collections.abc import Sequence
from dataclasses import replace

from engine.color import names
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.locking import lock
from engine.color.shared_palette import SAME
from engine.color.swatches import PAPER
from engine.palette import Color, Palette, Swatch

Edits = tuple[tuple[Swatch, Swatch], ...]


def edited(palette: Palette, edits: Edits) -> Palette:
    """The palette with the edits of its swatches.

    A swatch that was edited in another drawing need not be quite the same here, where there are other references, too:
    what is in `edits` and not in the palette means the nearest swatch within a CIEDE2000 of `SAME`.
    """
    wanted = dict(edits)
    swatches = list(palette.swatches)
    there = set(swatches)
    missing = [base for base in wanted if base not in there]
    free = [index for index, one in enumerate(swatches) if one not in wanted]
    after = [wanted.get(one, one) for one in swatches]
    if missing and free:
        known, given = Palette(tuple(missing)).colors(), palette.colors()[free]
        difference = ciede2000(to_lab(known)[:, None], to_lab(given)[None])
        for row, base in enumerate(missing):
            column = int(difference[row].argmin())
            if difference[row, column] <= SAME:
                after[free[column]] = wanted[base]
                difference[:, column] = SAME + 1.0
    return replace(palette, swatches=tuple(after))


def with_edit(base: Palette, edits: Edits, swatch: Swatch, after: Swatch) -> Edits:
    """The edits by which swatch `swatch` of `base` becomes `after`, and with it all that are one with it by now."""
    shown = edited(base, edits)
    before = next((now for one, now in zip(base.swatches, shown.swatches, strict=True) if one == swatch), swatch)
    result = dict(edits)
    for one, now in zip(base.swatches, shown.swatches, strict=True):
        if one == swatch or now == before:
            result.pop(one, None)
            if one != after:
                result[one] = after
    return tuple(result.items())


def merged(base: Palette, edits: Edits, swatch: Swatch, into: Swatch) -> Edits:
    """The edits by which `swatch`, and all that are one with it, become one with `into`; both are of `base`."""
    shown = edited(base, edits)
    target = next((now for one, now in zip(base.swatches, shown.swatches, strict=True) if one == into), into)
    return with_edit(base, edits, swatch, target)


def parted(base: Palette, edits: Edits, swatch: Swatch) -> Edits:
    """The edits without what made other swatches of `base` one with `swatch`: each is itself again."""
    shown = edited(base, edits)
    now = next((after for one, after in zip(base.swatches, shown.swatches, strict=True) if one == swatch), swatch)
    group = [one for one, after in zip(base.swatches, shown.swatches, strict=True) if after == now]
    keeper = next((one for one in group if one.color == now.color), group[0] if group else swatch)
    return tuple(pair for pair in edits if pair[0] not in group or pair[0] == keeper)


def without(base: Palette, edits: Edits, swatch: Swatch) -> Edits:
    """The edits by which `swatch` of `base` is gone: it becomes one with the nearest that is left, by CIEDE2000.

    The last one stays.
    """
    shown = edited(base, edits)
    now = next((after for one, after in zip(base.swatches, shown.swatches, strict=True) if one == swatch), swatch)
    left = tuple(dict.fromkeys(one for one in shown.swatches if one != now))
    if not left:
        return edits
    nearest = left[int(lock(Palette((now,)).colors(), Palette(left)).swatch[0])]
    return with_edit(base, edits, swatch, nearest)


def renamed_for(swatch: Swatch, color: Color, others: Sequence[Swatch]) -> Swatch:
    """The swatch in another color: an automatic name becomes that of the new color, one that a person gave stays.

    others: those beside it, none of which it is called like.
    """
    word, space, number = swatch.name.rpartition(" ")
    plain = word if space and number.isdigit() else swatch.name
    if plain not in (names.name_of(swatch.color), PAPER):
        return Swatch(swatch.name, color)
    taken = [one.name for one in others if one != swatch]
    wanted, count = names.name_of(color), 1
    name = wanted
    while name in taken:
        count += 1
        name = f"{wanted} {count}"
    return Swatch(name, color)
