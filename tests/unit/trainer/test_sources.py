"""Which pictures the trainer finds, and which of them it holds out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import TrainingError
from trainer.sources import Source, find_sources, split


def put(folder: Path, *names: str) -> None:
    """Files that only look like pictures: finding them must not open them."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def names_of(sources: list[Source], folder: Path) -> list[str]:
    return [source.color.relative_to(folder).as_posix() for source in sources]


def test_finds_every_layout_of_drawings(tmp_path: Path) -> None:
    put(tmp_path, "train/a.png", "train/b.webp", "characters/one/01.png", "characters/one/02.png", "val/secret.png")
    put(tmp_path, "sequences/two_run/001.png", "sequences/two_run/line_001.png", "sequences/two_run/002.png")
    put(tmp_path, "pairs/color/c.webp", "pairs/line/c.png", "pairs/color/d.webp", "notes.txt")
    found = dict(zip(names_of(find_sources(tmp_path, 2.0), tmp_path), find_sources(tmp_path, 2.0), strict=True))
    assert len(found) == 8
    assert not any("val" in name or "line" in name for name in found)
    assert found["pairs/color/c.webp"].line == tmp_path / "pairs" / "line" / "c.png"
    assert found["pairs/color/d.webp"].line is None
    assert found["sequences/two_run/001.png"].line == tmp_path / "sequences" / "two_run" / "line_001.png"
    assert found["sequences/two_run/002.png"].line is None
    assert found["characters/one/01.png"].character == found["characters/one/02.png"].character is not None
    assert found["train/a.png"].character is None
    assert {(source.collection, source.share) for source in found.values()} == {(str(tmp_path), 2.0)}


def test_classes_of_photographs_are_no_characters_and_their_validation_set_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg", "train/wild/1.jpg", "val/cat/2.jpg", "val/dog/2.jpg")
    put(tmp_path, "test/cat/3.jpg")
    found = find_sources(tmp_path)
    assert names_of(found, tmp_path) == ["train/cat/1.jpg", "train/dog/1.jpg", "train/wild/1.jpg"]
    assert {source.character for source in found} == {None}
    assert len(find_sources(tmp_path / "val")) == 2  # to evaluate on it, name it


def test_a_flat_folder_with_suffixes_in_any_case(tmp_path: Path) -> None:
    put(tmp_path, "1.PNG", "2.Jpg", "3.jpeg", "4.WEBP", "5.BMP", "6.txt", "7", "readme.md")
    (tmp_path / "folder.png").mkdir()
    assert names_of(find_sources(tmp_path), tmp_path) == ["1.PNG", "2.Jpg", "3.jpeg", "4.WEBP", "5.BMP"]


def test_linked_folders_are_read_once_and_a_circle_ends(tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    put(data, "a.png", "deep/b.png", "val/secret.png")
    put(elsewhere, "c.png")
    (data / "deep" / "back").symlink_to(data)
    (data / "itself").symlink_to(data / "itself")
    (data / "linked").symlink_to(elsewhere)
    (data / "more").symlink_to(data / "val")
    assert names_of(find_sources(data), data) == ["a.png", "deep/b.png", "linked/c.png"]


def test_a_folder_that_may_not_be_read_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "private/b.png")
    (tmp_path / "private").chmod(0)
    try:
        assert "a.png" in names_of(find_sources(tmp_path), tmp_path)  # an administrator reads the other, too
    finally:
        (tmp_path / "private").chmod(0o700)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda path: None, "is not there: give a folder of color pictures"),
        (lambda path: path.write_text("?"), "is a file: give a folder"),
        (lambda path: path.mkdir(), "There are no pictures in"),
        (lambda path: path.symlink_to(path), "cannot be read"),
    ],
    ids=["missing", "a file", "empty", "a link to itself"],
)
def test_what_is_no_folder_of_pictures_is_explained(
    tmp_path: Path, prepare: Callable[[Path], object], message: str
) -> None:
    prepare(tmp_path / "data")
    with pytest.raises(TrainingError, match=message):
        find_sources(tmp_path / "data")


def numbered(count: int) -> list[Source]:
    return [Source(Path(f"/data/{number}.png"), collection="/data") for number in range(count)]


def test_characters_are_held_out_as_a_whole_with_their_clips(tmp_path: Path) -> None:
    for number in range(20):
        put(tmp_path, *(f"characters/c{number}_a/{drawing}.png" for drawing in range(3)))
        put(tmp_path, *(f"sequences/c{number}_a_{clip}/0.png" for clip in ("run", "long_walk")))
    training, held = split(find_sources(tmp_path), 0.3, seed=1)
    sides = [{name.split("/")[1].split("_")[0] for name in names_of(side, tmp_path)} for side in (training, held)]
    assert not sides[0] & sides[1]
    assert len(training) + len(held) == 100
    assert 10 <= len(held) <= 60


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.2, 0.8), st.integers(0, 99))
def test_another_picture_moves_none_across(seed: int, held_out: float, taken: int) -> None:
    everything = numbered(100)
    fewer = everything[:taken] + everything[taken + 1 :]
    for side, side_of_fewer in zip(split(everything, held_out, seed), split(fewer, held_out, seed), strict=True):
        assert [source for source in side if source in fewer] == side_of_fewer


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.0, 1.0, exclude_min=True, exclude_max=True), st.integers(2, 5))
def test_each_side_gets_something_where_there_is_enough(seed: int, held_out: float, count: int) -> None:
    training, held = split(numbered(count), held_out, seed)
    assert training
    assert held
    assert len(training) + len(held) == count


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_the_share_held_out_is_about_the_one_asked_for(seed: int) -> None:
    assert 0.15 < len(split(numbered(1000), 0.2, seed)[1]) / 1000 < 0.25


def test_the_seed_and_not_the_place_of_the_folder_decides() -> None:
    moved = [Source(Path(f"/other/{number}.png"), collection="/other") for number in range(50)]
    held = [source.color.name for source in split(numbered(50), 0.3, 1)[1]]
    assert held == [source.color.name for source in split(moved, 0.3, 1)[1]]
    assert held != [source.color.name for source in split(numbered(50), 0.3, 2)[1]]


def test_a_single_group_is_trained_on_and_nothing_is_held_out_unasked() -> None:
    assert split(numbered(1), 0.99, 1) == (numbered(1), [])
    assert split(numbered(9), 0.0, 1) == (numbered(9), [])


def test_a_file_of_two_data_folders_is_on_one_side(tmp_path: Path) -> None:
    put(tmp_path, *(f"characters/{name}/{drawing}.png" for name in "abcdefgh" for drawing in range(2)))
    both = [*find_sources(tmp_path / "characters"), *find_sources(tmp_path)]
    training, held = ({source.color.parent for source in side} for side in split(both, 0.4, 1))
    assert held
    assert not training & held
