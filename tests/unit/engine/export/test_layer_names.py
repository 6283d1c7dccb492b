"""What layers are likely to hold, by their names."""

import pytest

from engine.export.layer_names import ListedLayer, guess, kind_of_name


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "lines",
            "line|Lines|LINE ART|lineart_final|Line-Art 2|LineArt copy|inks|Ink|線画|主線|清書|髪の主線|Head line",
        ),
        ("sketch", "sketch|Rough|line sketch|ラフ|下描き"),
        ("colors", "Flats|base colors|Colour|下塗り|肌の色"),
        (None, "Pink|guidelines|speed lines|Layer 1|Think|背景|headline|Sinking|"),
    ],
)
def test_names(kind: str | None, names: str) -> None:
    for name in names.split("|"):
        assert kind_of_name(name) == kind, name


def test_inks_come_before_the_sketch_under_them() -> None:
    rough = ListedLayer(0, "sketch", kind="sketch", named=True)
    inks = ListedLayer(1, "inks", ("A",), kind="lines", named=True)
    hidden = ListedLayer(2, "line", kind="lines", named=True, visible=False)
    held = ListedLayer(3, "Layer 3", kind="lines")
    assert guess([rough, inks, hidden, held]).lines == ("A/inks",)
    assert guess([rough, hidden, held]).lines == ("sketch",)
    assert guess([held]).lines == ("Layer 3",) and not guess([held]).named
    assert guess([]).lines == ()
