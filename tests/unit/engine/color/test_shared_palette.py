"""One swatch for a color that several references have."""

from hypothesis import given
from hypothesis import strategies as st

from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.shared_palette import SAME, shared
from engine.palette import Palette, Swatch

colors = st.tuples(*[st.integers(0, 255)] * 3)
palettes = st.lists(
    st.lists(colors, max_size=6, unique=True).map(lambda found: Palette(tuple(Swatch("one", one) for one in found))),
    max_size=4,
)


def test_the_same_hair_is_one_swatch_and_nothing_foreign_comes_in() -> None:
    girl = Palette((Swatch("red", (200, 40, 40)), Swatch("Paper", (255, 255, 255))), "girl")
    again = Palette((Swatch("red 2", (203, 42, 40)), Swatch("blue", (30, 60, 200))), "again")
    first, second = shared([girl, again])
    assert first == girl
    assert second == Palette((Swatch("red", (200, 40, 40)), Swatch("blue", (30, 60, 200))), "again")


def test_two_swatches_of_one_palette_stay_two() -> None:
    one = Palette((Swatch("skin", (240, 200, 180)),))
    close = Palette((Swatch("light", (241, 201, 181)), Swatch("shadow", (238, 197, 177))))
    _, second = shared([one, close])
    assert second.colors().tolist() == [[240, 200, 180], [238, 197, 177]]


@given(palettes)
def test_every_color_stays_what_it_was_to_the_eye(found: list[Palette]) -> None:
    result = shared(found)
    assert len(result) == len(found)
    for before, after in zip(found, result, strict=True):
        assert len(after.swatches) == len(before.swatches)
        assert len({swatch.name for swatch in after.swatches}) == len(after.swatches)
        assert len({swatch.color for swatch in after.swatches}) == len(after.swatches)
        if before.swatches:
            assert ciede2000(to_lab(before.colors()), to_lab(after.colors())).max() <= SAME
