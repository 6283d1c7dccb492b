"""Names of colors: what a person would look for in a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.color.names import name_of, unique

channels = st.integers(0, 255)


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ((0, 0, 0), "black"),
        ((255, 255, 255), "white"),
        ((128, 128, 128), "gray"),
        ((255, 0, 0), "red"),
        ((139, 0, 0), "dark red"),
        ((255, 165, 0), "orange"),
        ((255, 215, 0), "yellow"),
        ((128, 128, 0), "olive"),
        ((0, 100, 0), "dark green"),
        ((0, 255, 0), "green"),
        ((64, 224, 208), "light turquoise"),
        ((0, 0, 255), "blue"),
        ((20, 60, 180), "blue"),
        ((0, 0, 128), "dark blue"),
        ((128, 0, 128), "dark purple"),
        ((255, 0, 255), "magenta"),
        ((255, 192, 203), "light pink"),
        ((255, 220, 196), "pale peach"),  # skin
        ((139, 69, 19), "brown"),
        ((88, 34, 4), "dark brown"),  # hair
        ((210, 180, 140), "beige"),
        ((112, 128, 144), "blue gray"),
    ],
)
def test_well_known_colors(color: tuple[int, int, int], name: str) -> None:
    assert name_of(color) == name


@given(st.tuples(channels, channels, channels))
def test_every_color_has_a_plain_name(color: tuple[int, int, int]) -> None:
    name = name_of(color)
    assert name == " ".join(name.split())
    assert name.replace(" ", "").isalpha()
    assert name.islower()


@given(channels)
def test_grays_are_never_called_a_color(level: int) -> None:
    assert name_of((level, level, level)).split()[-1] in ("black", "gray", "white")


def test_the_second_of_a_name_is_numbered() -> None:
    assert unique(["red", "blue", "red", "red"]) == ["red", "blue", "red 2", "red 3"]
