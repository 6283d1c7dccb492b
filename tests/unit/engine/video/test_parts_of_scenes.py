"""Cuts, flow, links and choices, by themselves and on drawn scenes."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PictureError
from engine.line_art.distance import distance_field
from engine.line_art.regions import find_regions
from engine.video import choice, files, flow, tracking
from engine.video.choice import Evidence
from engine.video.cuts import CutFinder, sketch_of
from engine.video.tracking import Links
from tests.finishing import rooms
from trainer.drawn_characters.scene import Frame, scene


def sketches(frames: list[Frame]) -> list:
    return [sketch_of(np.dstack([frame.line] * 3)) for frame in frames]


def test_a_cut_between_two_characters_is_found_and_none_within_a_scene() -> None:
    shots = [list(scene(seed, 6, 160, "large")) for seed in (3, 4, 9)]
    finder = CutFinder()
    begins = [
        number for number, one in enumerate(sketches([frame for shot in shots for frame in shot])) if finder.begins(one)
    ]
    assert begins == [6, 12]


def test_empty_frames_are_no_cut_but_the_drawing_after_them_is() -> None:
    empty, drawn = np.full((80, 120, 3), 255, np.uint8), np.dstack([rooms(2) * 255] * 3).astype(np.uint8)[:60, :100]
    finder = CutFinder()
    padded = empty.copy()
    padded[: drawn.shape[0], : drawn.shape[1]] = drawn
    assert [finder.begins(sketch_of(one)) for one in (empty, empty, padded, padded)] == [False, False, True, False]


def test_the_distance_field_is_that_of_the_nearest_line() -> None:
    ink = np.ones((40, 80), np.float32)
    ink[20] = 0.0
    field = distance_field(ink)
    assert field[20].max() == 0.0 and np.allclose(field[25], 5 * 8 / 80, atol=0.02) and field.max() == 1.0
    assert (distance_field(np.ones((9, 9), np.float32)) == 1.0).all()


def test_flow_follows_a_shift_and_knows_where_it_does_not() -> None:
    ink = np.pad(rooms(2), ((30, 30), (30, 30)), constant_values=1.0)
    moved = np.roll(ink, (4, 6), (0, 1))
    ahead, closes = flow.flow_between(flow.field_of(ink), flow.field_of(moved))
    lines = (ink < 0.5) & closes
    assert lines.sum() > 0.8 * (ink < 0.5).sum()
    assert np.allclose(np.median(ahead[lines], axis=0), (6, 4), atol=0.7)


@pytest.mark.parametrize("seed", [501, 502])
def test_regions_of_a_drawn_scene_are_found_again(seed: int) -> None:
    """By flow, shape and neighbors alone, without what a network sees."""
    right = total = 0
    frames = list(scene(seed, 4, 256, "small"))
    looks, parts = [], []
    for frame in frames:
        ink = frame.line.astype(np.float32) / 255.0
        regions = find_regions(ink)
        looks.append(tracking.look_at(flow.field_of(ink), regions, None))
        held = np.zeros((regions.count, 64))
        np.add.at(held, (regions.labels.reshape(-1) - 1, frame.parts.reshape(-1)), frame.line.reshape(-1) > 128)
        parts.append(held)
    for number in range(3):
        links = tracking.link(looks[number], looks[number + 1])
        for one, other in choice._mutual(links, looks[number].count, looks[number + 1].count):
            total += 1
            right += parts[number][one].argmax() == parts[number + 1][other].argmax()
    assert total > 40 and right / total >= 0.95


def evidence(*rows: list[float], known: dict[int, int] | None = None) -> Evidence:
    return Evidence(np.array(rows, np.float32), np.full(len(rows), 100, np.int64), known or {})


def straight(count: int, sure: float = 0.95) -> Links:
    number = np.arange(count, dtype=np.int32)
    return Links(number, number, np.full(count, sure, np.float32))


def test_a_track_outvotes_one_frame_and_a_known_swatch_outvotes_the_track() -> None:
    frames = [evidence([0.7, 0.3]), evidence([0.3, 0.7]), evidence([0.7, 0.3]), evidence([0.7, 0.3])]
    chosen = choice.choose(frames, [straight(1)] * 3)
    assert [int(one[0]) for one in chosen.swatch] == [0, 0, 0, 0]
    frames[3] = evidence([0.7, 0.3], known={0: 1})
    assert [int(one[0]) for one in choice.choose(frames, [straight(1)] * 3).swatch] == [1, 1, 1, 1]


def test_a_region_that_splits_hands_its_swatch_to_both_and_nothing_crosses_a_cut() -> None:
    links = Links(np.array([0, 0], np.int32), np.array([0, 1], np.int32), np.array([0.9, 0.9], np.float32))
    frames = [evidence([0.99, 0.01]), evidence([0.5, 0.5], [0.45, 0.55])]
    assert choice.choose(frames, [links]).swatch[1].tolist() == [0, 0]
    assert choice.choose(frames, [None]).swatch[1].tolist()[1] == 1


def test_doubts_are_told_once_a_track_the_largest_first() -> None:
    frames = [
        Evidence(np.array([[0.55, 0.45], [0.52, 0.48]], np.float32), np.array([10, 900]), {}),
        Evidence(np.array([[0.55, 0.45], [0.52, 0.48]], np.float32), np.array([10, 950]), {}),
    ]
    chosen = choice.choose(frames, [straight(2)])
    found = choice.doubts(frames, chosen)
    assert len({one.track for one in found}) == len(found)
    if found:
        assert (found[0].region, found[0].frame) == (1, 1)
    assert all(one.region == 1 for one in choice.doubts(frames, chosen, least=100))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 6))
def test_any_links_give_each_region_a_swatch(seed: int, length: int, width: int) -> None:
    random = np.random.default_rng(seed)
    frames, links = [], []
    for _ in range(length):
        likely = random.random((random.integers(1, 6), width)) + 1e-3
        rows = (likely / likely.sum(axis=1, keepdims=True)).astype(np.float32)
        known = {0: int(random.integers(width))} if random.random() < 0.3 else {}
        frames.append(
            Evidence(
                rows, random.integers(0, 500, len(rows)), known, {len(rows) - 1: 0} if random.random() < 0.3 else {}
            )
        )
    for one, other in itertools.pairwise(frames):
        pairs = random.integers(0, 8)
        ends = [random.integers(0, frame.count, pairs).astype(np.int32) for frame in (one, other)]
        links.append(
            None if random.random() < 0.2 else Links(ends[0], ends[1], random.random(pairs).astype(np.float32))
        )
    chosen = choice.choose(frames, links)
    for frame, swatch, track in zip(frames, chosen.swatch, chosen.track, strict=True):
        known = {**frame.known, **frame.given}  # a person's word is the last
        assert len(swatch) == len(track) == frame.count and swatch.min() >= 0 and swatch.max() < width
        assert all(swatch[region] == wanted for region, wanted in known.items())


def test_frames_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("a10.png", "a9.png", "a1.png", ".hidden.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert [one.name for one in files.open_frames(tmp_path).files] == ["a1.png", "a9.png", "a10.png"]


def test_what_is_no_scene_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.mkv").write_bytes(b"no video")
    (tmp_path / "bad.txt").write_bytes(b"no video")
    for name, words in (
        ("empty", "no pictures"), ("none", "no folder or video"), ("bad.mkv", "cannot be read"), ("bad.txt", "neither"),
    ):  # fmt: skip
        with pytest.raises(PictureError, match=words):
            files.open_frames(tmp_path / name)
