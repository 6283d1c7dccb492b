"""Edits of a palette, laid over palettes of other drawings."""

from hypothesis import given
from hypothesis import strategies as st

from engine.color import editing
from engine.palette import Palette, Swatch

RED, BLUE, GREEN = Swatch("red", (200, 60, 60)), Swatch("blue", (60, 80, 190)), Swatch("green", (60, 160, 60))
PALETTE = Palette((RED, BLUE, GREEN), "sheet")
OCHRE = Swatch("trousers", (190, 140, 40))

COLORS = st.tuples(*[st.integers(0, 255)] * 3)
PALETTES = st.lists(COLORS, min_size=1, max_size=6, unique=True).map(
    lambda colors: Palette(tuple(Swatch(f"s{number}", color) for number, color in enumerate(colors)))
)


def shown(edits: editing.Edits, palette: Palette = PALETTE) -> list[Swatch]:
    return list(editing.edited(palette, edits).swatches)


def test_an_edit_means_the_nearest_swatch_where_other_references_moved_it() -> None:
    near, far = Swatch("blue 2", (62, 81, 189)), Swatch("navy", (30, 40, 120))
    edits = ((BLUE, OCHRE),)
    assert shown(edits) == [RED, OCHRE, GREEN]
    assert shown(edits, Palette((near, GREEN))) == [OCHRE, GREEN]
    assert shown(edits, Palette((far, GREEN))) == [far, GREEN]
    assert shown(edits, Palette((near, BLUE))) == [near, OCHRE]  # the very same goes before one that is near


def test_one_edit_changes_one_swatch() -> None:
    twins = Palette((Swatch("a", (60, 80, 191)), Swatch("b", (61, 80, 190))))
    assert shown(((BLUE, OCHRE),), twins).count(OCHRE) == 1


def test_merged_swatches_are_edited_together_and_parted_again() -> None:
    merged = editing.merged(PALETTE, (), RED, BLUE)
    assert shown(merged) == [BLUE, BLUE, GREEN]
    ochre = editing.with_edit(PALETTE, merged, BLUE, OCHRE)
    assert shown(ochre) == [OCHRE, OCHRE, GREEN]
    assert shown(editing.with_edit(PALETTE, ochre, RED, BLUE)) == [BLUE, BLUE, GREEN]
    assert shown(editing.parted(PALETTE, merged, BLUE)) == [RED, BLUE, GREEN]
    all_one = editing.merged(PALETTE, merged, BLUE, GREEN)
    assert shown(all_one) == [GREEN, GREEN, GREEN]
    assert shown(editing.parted(PALETTE, all_one, GREEN)) == [RED, BLUE, GREEN]


def test_a_deleted_swatch_becomes_the_nearest_and_the_last_one_stays() -> None:
    palette = Palette((RED, Swatch("rose", (210, 80, 80)), BLUE))
    edits = editing.without(palette, (), RED)
    assert shown(edits, palette)[0].name == "rose"
    only = Palette((RED,))
    assert editing.without(only, (), RED) == ()


def test_a_color_gives_its_name_unless_a_person_did() -> None:
    assert editing.renamed_for(Swatch("red", (200, 60, 60)), (120, 60, 180), ()).name == "purple"
    assert editing.renamed_for(Swatch("red 2", (200, 60, 60)), (120, 60, 180), ()).name == "purple"
    taken = [Swatch("purple", (110, 50, 170))]
    assert editing.renamed_for(Swatch("red", (200, 60, 60)), (120, 60, 180), taken).name == "purple 2"
    assert editing.renamed_for(Swatch("shirt", (200, 60, 60)), (120, 60, 180), ()) == Swatch("shirt", (120, 60, 180))
    assert editing.renamed_for(Swatch("Paper", (255, 255, 255)), (120, 60, 180), ()).name == "purple"


@given(PALETTES, st.data())
def test_whatever_is_done_the_rows_stay_and_no_edit_leads_back(palette: Palette, data: st.DataObject) -> None:
    edits: editing.Edits = ()
    for _ in range(data.draw(st.integers(0, 5))):
        one, other = (data.draw(st.sampled_from(palette.swatches)) for _ in range(2))
        verb = data.draw(st.integers(0, 3))
        if verb == 0:
            edits = editing.with_edit(palette, edits, one, Swatch("x", data.draw(COLORS)))
        elif verb == 1:
            edits = editing.merged(palette, edits, one, other)
        elif verb == 2:
            edits = editing.without(palette, edits, one)
        else:
            edits = editing.parted(palette, edits, one)
        assert all(base != after for base, after in edits)
        assert len({base for base, _ in edits}) == len(edits) <= len(palette.swatches)
        assert len(editing.edited(palette, edits).swatches) == len(palette.swatches)
        if verb == 1:
            rows = dict(zip(palette.swatches, editing.edited(palette, edits).swatches, strict=True))
            assert rows[one] == rows[other]
