"""What the pictures of a batch are called."""

from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from app.batch import names

part = st.text(st.sampled_from("abAB.- 1é塗ß"), min_size=1, max_size=4).filter(
    lambda text: text.strip(". ") == text and "/" not in text
)
suffixes = st.sampled_from([".png", ".jpg", ".TIF", ".psd"])
drawings = st.builds(
    lambda folders, stem, end: "/".join([*folders, stem + end]), st.lists(part, max_size=2), part, suffixes
)


@given(st.lists(drawings, unique=True, max_size=12), st.sampled_from([".png", ".ora"]))
def test_every_drawing_has_a_place_of_its_own_in_its_own_folder(found: list[str], suffix: str) -> None:
    made = names.mirrored(found, suffix)
    assert len({names.key(name) for name in made}) == len(found)
    for drawing, picture in zip(found, made, strict=True):
        before, after = PurePosixPath(drawing), PurePosixPath(picture)
        assert after.parent == before.parent
        assert after.suffix == suffix
        assert after.stem == before.stem or after.stem.startswith(f"{before.stem}-")


@given(st.lists(drawings, unique=True, min_size=1, max_size=12), st.data())
def test_names_of_before_are_kept_whatever_is_added(found: list[str], data: st.DataObject) -> None:
    first = data.draw(st.lists(st.sampled_from(found), unique=True))
    before = dict(zip(first, names.mirrored(first, ".png"), strict=True))
    made = dict(zip(found, names.mirrored(found, ".png", before), strict=True))
    assert {name: made[name] for name in first} == before
    assert len({names.key(name) for name in made.values()}) == len(found)


@given(st.lists(drawings, unique=True, max_size=8), st.dictionaries(drawings, drawings, max_size=8))
def test_a_damaged_memory_never_makes_two_pictures_one(found: list[str], before: dict[str, str]) -> None:
    made = names.mirrored(found, ".png", before)
    assert len({names.key(name) for name in made}) == len(found)


def test_numbers() -> None:
    assert names.mirrored(["a.png", "A.jpg", "b/a.tif"], ".png") == ["a.png", "A-2.png", "b/a.png"]
    taken = {"a.png", "a-2.png"}
    assert names.numbered("a.png", taken.__contains__) == "a-3.png"
    assert names.numbered("b.png", taken.__contains__) == "b.png"
