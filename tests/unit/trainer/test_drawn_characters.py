from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from trainer.drawn_characters import Part, character_of, draw
from trainer.drawn_characters.__main__ import main
from trainer.drawn_characters.character import HAIR_STYLES, TOPS
from trainer.drawn_characters.generation import generate
from trainer.drawn_characters.pose import ACTIONS, pose_of, skeleton_of
from trainer.sources import find_sources

SCENERY = {Part.BACKGROUND, Part.SCENE, Part.SCENE_FLOOR, Part.SCENE_LIGHT}


def flat_colors(regions: NDArray[np.int32], flats: NDArray[np.uint8]) -> dict[int, set[tuple[int, ...]]]:
    found: dict[int, set[tuple[int, ...]]] = {}
    for label in np.unique(regions):
        found[int(label)] = {tuple(c) for c in np.unique(flats[regions == label], axis=0)}
    return found


def inked_share_of_borders(line: NDArray[np.uint8], regions: NDArray[np.int32]) -> float:
    """Of all neighbouring pixels with different labels, how many have ink within one pixel."""
    # The light in an eye is painted on top of the drawing and has no outline.
    seen = np.where(regions == Part.EYE_LIGHT, Part.IRIS, regions)
    nearest = cv2.erode(line, np.ones((3, 3), np.uint8))
    inked = total = 0
    for a, b, ink in (
        (seen[:, 1:], seen[:, :-1], nearest[:, 1:]),
        (seen[1:], seen[:-1], nearest[1:]),
    ):
        border = (a != b) & ~np.isin(a, [Part.IRIS, Part.EYE_WHITE]) & ~np.isin(b, [Part.IRIS, Part.EYE_WHITE])
        inked += int((ink[border] < 200).sum())
        total += int(border.sum())
    return inked / max(total, 1)


def test_same_seeds_give_the_same_drawing() -> None:
    first, second = draw(5, 9, 128), draw(5, 9, 128)
    for name in ("line", "flats", "color", "regions"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_other_seeds_give_other_drawings() -> None:
    drawings = [draw(character, pose, 96).color for character in range(4) for pose in range(3)]
    assert len({d.tobytes() for d in drawings}) == len(drawings)


@pytest.mark.parametrize("size", [32, 97, 256])
def test_layers_have_the_size_asked_for(size: int) -> None:
    drawing = draw(1, 2, size)
    assert drawing.line.shape == drawing.regions.shape == (size, size)
    assert drawing.flats.shape == drawing.color.shape == (size, size, 3)
    assert drawing.line.dtype == drawing.flats.dtype == drawing.color.dtype == np.uint8
    assert drawing.regions.dtype == np.int32


@pytest.mark.parametrize("character", range(12))
def test_a_label_has_one_flat_color_in_every_pose(character: int) -> None:
    known: dict[int, set[tuple[int, ...]]] = {}
    for pose in range(6):
        drawing = draw(character, pose, 128)
        for label, colors in flat_colors(drawing.regions, drawing.flats).items():
            assert len(colors) == 1
            assert known.setdefault(label, colors) == colors


def test_borders_of_regions_are_inked() -> None:
    shares = []
    for seed in range(40):
        drawing = draw(seed, seed * 31 + 1)
        shares.append(inked_share_of_borders(drawing.line, drawing.regions))
    assert min(shares) > 0.9
    assert float(np.mean(shares)) > 0.98


def test_color_is_flats_where_there_is_no_ink_and_no_shadow() -> None:
    for seed in range(20):
        drawing = draw(seed, seed + 100)
        far_from_ink = cv2.erode(drawing.line, np.ones((5, 5), np.uint8)) == 255
        paper = far_from_ink & (drawing.regions == Part.BACKGROUND)
        assert np.array_equal(drawing.color[paper], drawing.flats[paper])
        # Shading only ever darkens or, as thin paint, pales a colour; ink is dark in the colour picture too.
        solid = cv2.dilate(drawing.line, np.ones((3, 3), np.uint8)) < 40
        assert drawing.color[solid].max(initial=0) < 140


def test_there_is_a_figure_with_a_face_or_hair_on_every_drawing() -> None:
    for seed in range(40):
        regions = draw(seed, seed * 7 + 3, 160).regions
        assert 0.03 < (regions != Part.BACKGROUND).mean() <= 1.0
        assert np.isin(regions, [Part.SKIN, Part.HAIR, Part.HAT]).any()


def test_a_full_figure_stays_on_the_paper() -> None:
    checked = 0
    for seed in range(150):
        who, pose = character_of(seed), pose_of(seed + 5000)
        if pose.crop != "full" or who.scene != "none" or who.tail != "none" or "bag" in who.extras:
            continue
        regions = draw(seed, seed + 5000, 128).regions
        rim = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
        checked += 1
        assert (rim != Part.BACKGROUND).mean() < 0.05
    assert checked > 50


def test_variety_of_characters_and_poses() -> None:
    people = [character_of(seed) for seed in range(400)]
    assert {p.hair for p in people} == set(HAIR_STYLES)
    assert len(HAIR_STYLES) >= 20
    assert {p.top for p in people} == set(TOPS)
    assert len(TOPS) >= 15
    poses = [pose_of(seed) for seed in range(600)]
    assert {p.action for p in poses} == set(ACTIONS)
    assert {p.crop for p in poses} == {"full", "half", "bust"}
    assert any(abs(p.view) > 150 for p in poses)


def test_limbs_keep_their_length_in_space() -> None:
    who = character_of(3)
    for seed in range(30):
        bones = skeleton_of(who, pose_of(seed))
        for a, b in (("shoulder_r", "elbow_r"), ("hip_l", "knee_l")):
            seen = float(np.hypot(*(bones.at[a] - bones.at[b])))
            assert seen < 0.36, "a limb never looks longer than it is"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 2**40), st.integers(32, 80))
def test_any_seed_can_be_drawn(character: int, pose: int, size: int) -> None:
    drawing = draw(character, pose, size)
    assert drawing.line.min() < 200
    assert drawing.regions.max() <= max(Part)
    assert drawing.regions.min() == 0 or (drawing.regions >= 0).all()


@pytest.mark.parametrize(("character", "pose", "size"), [(-1, 0, 64), (0, -1, 64), (0, 0, 8)])
def test_what_cannot_be_drawn_is_refused(character: int, pose: int, size: int) -> None:
    with pytest.raises(ValueError, match="Seeds must be 0 or more"):
        draw(character, pose, size)


def test_command_line_writes_what_the_trainer_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--output", str(tmp_path), "--characters", "2", "--poses", "3", "--size", "64", "--seed", "4"]
    assert main(arguments) == 0
    assert "drew 6 pictures, kept 0" in capsys.readouterr().out
    sources = find_sources(tmp_path)
    assert len(sources) == 6
    assert len({s.character for s in sources}) == 2
    assert all(s.line is not None and s.line.exists() for s in sources)
    with Image.open(sources[0].color) as color, Image.open(sources[0].line or "") as line:
        assert color.size == line.size == (64, 64)
        assert line.mode == "L"


def test_command_line_goes_on_where_it_stopped(tmp_path: Path) -> None:
    assert generate(tmp_path, 1, 3, 64, 0) == (3, 0)
    missing = tmp_path / "characters" / "drawn_00000" / "01.webp"
    before = missing.read_bytes()
    missing.unlink()
    assert generate(tmp_path, 1, 4, 64, 0) == (2, 2)
    assert missing.read_bytes() == before
    assert not list(tmp_path.rglob("*.part"))


def test_two_processes_draw_the_same_as_one(tmp_path: Path) -> None:
    assert generate(tmp_path / "one", 2, 1, 64, 3) == generate(tmp_path / "two", 2, 1, 64, 3, jobs=2) == (2, 0)
    for path in (tmp_path / "one").rglob("*.webp"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_another_seed_draws_other_people(tmp_path: Path) -> None:
    generate(tmp_path / "a", 1, 1, 64, 0)
    generate(tmp_path / "b", 1, 1, 64, 1)
    name = "characters/drawn_00000/00.webp"
    assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    ("option", "value"), [("--characters", "0"), ("--poses", "0"), ("--size", "7"), ("--jobs", "0"), ("--seed", "-1")]
)
def test_one_bad_option_is_one_sentence(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--output", str(tmp_path), option, value]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"nurie: error: {option} {value}")
    assert error.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    assert main(["--output", str(file), "--characters", "1", "--poses", "1"]) == 2
    assert capsys.readouterr().err.startswith("nurie: error: The folder")
