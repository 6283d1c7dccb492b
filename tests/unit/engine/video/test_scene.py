"""A scene from its frames to its pictures."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from engine.corrections import Corrections, Hint
from engine.errors import PictureError, RequestError
from engine.images import read
from engine.request import Reference
from engine.video import files
from engine.video.scene_request import KeyFrame, SceneRequest
from tests.finishing import BLUE, RED, SKIN
from tests.unit.engine.video.scenes import (
    COLORS,
    SIZE,
    Painter,
    colored,
    colors_in,
    key,
    painted,
    walking,
    write_frames,
)

STEPS = (0, 2, 4, 6, 8, 10)


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    return write_frames(tmp_path / "in", [walking(step) for step in STEPS])


def test_a_frame_that_the_network_gets_wrong_keeps_the_colors_of_its_neighbors(frames: Path, tmp_path: Path) -> None:
    result = colored(frames, tmp_path / "out", Painter(wrong=(4,)), [key(0)])
    assert (result.frames, result.colored, result.shots) == (6, 6, (0,))
    for number, step in enumerate(STEPS):
        assert colors_in(tmp_path / "out" / f"shot_{number}.png", step) == COLORS, number


def test_the_lines_are_those_that_went_in(frames: Path, tmp_path: Path) -> None:
    colored(frames, tmp_path / "out", Painter(), [key(0)])
    drawn, out = (np.asarray(Image.open(tmp_path / one / "shot_3.png").convert("L")) for one in ("in", "out"))
    assert (out[drawn == 0] == 0).all()


def test_equal_frames_are_colored_once(tmp_path: Path) -> None:
    folder = write_frames(tmp_path / "in", [walking(step) for step in (0, 0, 2, 2, 4, 4)])
    painter = Painter()
    result = colored(folder, tmp_path / "out", painter, [key(0, None)])
    assert (painter.asked, result.colored) == (3, 3)
    assert (tmp_path / "out/shot_0.png").read_bytes() == (tmp_path / "out/shot_1.png").read_bytes()


def test_a_stopped_scene_goes_on_to_the_same_bytes(frames: Path, tmp_path: Path) -> None:
    colored(frames, tmp_path / "whole", Painter(wrong=(4,)), [key(0)])
    with pytest.raises(KeyboardInterrupt):
        colored(frames, tmp_path / "out", Painter(wrong=(4,), stop_after=3), [key(0)])
    painter = Painter(wrong=(4,))
    result = colored(frames, tmp_path / "out", painter, [key(0)])
    assert (painter.asked, result.colored) == (3, 3)
    for number in range(6):
        name = f"shot_{number}.png"
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_what_is_known_is_made_anew_when_it_was_made_otherwise_or_is_damaged(frames: Path, tmp_path: Path) -> None:
    colored(frames, tmp_path / "out", Painter(), [key(0)])
    again = Painter()
    colored(frames, tmp_path / "out", again, [key(0)])
    assert again.asked == 0
    work = tmp_path / "out/.nurie-scene"
    (work / "000002.npz").write_bytes((work / "000002.npz").read_bytes()[:-40])
    (work / "links_000004.npz").write_bytes(b"PK")
    colored(frames, tmp_path / "out", again, [key(0)])
    assert again.asked == 1
    other = Painter()
    colored(frames, tmp_path / "out", other, [key(2, 1)])
    assert other.asked == 6


def test_one_correction_recolors_the_track_without_the_network(frames: Path, tmp_path: Path) -> None:
    colored(frames, tmp_path / "out", Painter(), [key(0, None)])
    painter, green = Painter(), (20, 160, 60)
    middle = Hint(4 + 10 + 20, 40, green)
    result = colored(frames, tmp_path / "out", painter, [key(0, None)], corrections={2: Corrections(hints=(middle,))})
    assert painter.asked == 0 and green in [swatch.color for swatch in result.palette.swatches]
    for number, step in enumerate(STEPS):
        assert colors_in(tmp_path / "out" / f"shot_{number}.png", step) == [green, BLUE, SKIN], number


def test_a_correction_does_not_cross_a_cut(frames: Path, tmp_path: Path) -> None:
    green = (20, 160, 60)
    corrections = {1: Corrections(hints=(Hint(2 + 10 + 20, 40, green),))}
    result = colored(frames, tmp_path / "out", Painter(), [key(0, None)], corrections=corrections, cuts=(3,))
    assert result.shots == (0, 3)
    assert colors_in(tmp_path / "out/shot_2.png", 4)[0] == green
    assert colors_in(tmp_path / "out/shot_3.png", 6)[0] == RED


def test_a_shot_without_a_key_frame_is_told(frames: Path, tmp_path: Path) -> None:
    result = colored(frames, tmp_path / "out", Painter(), [key(0)], cuts=(3,))
    assert any("The shot from frame 3 has no key frame" in note for note in result.notes)


def test_a_key_of_another_drawing_serves_as_a_sheet(frames: Path, tmp_path: Path) -> None:
    other = KeyFrame(Reference(painted(30), name="other.png"), 0)
    result = colored(frames, tmp_path / "out", Painter(), [other])
    assert any("other.png is another drawing than frame 0" in note for note in result.notes)


def test_doubts_say_where(frames: Path, tmp_path: Path) -> None:
    result = colored(frames, tmp_path / "out", Painter(wrong=STEPS[::2]), [key(0, None)])
    for doubt in result.doubts:
        assert doubt.name == f"shot_{doubt.frame}" and 0 <= doubt.x < SIZE[1] and 0 <= doubt.y < SIZE[0]


@pytest.mark.parametrize("suffix", [".mkv", ".mov"])
def test_a_video_has_the_colors_of_the_pictures(frames: Path, tmp_path: Path, suffix: str) -> None:
    colored(frames, tmp_path / "out", Painter(), [key(0)])
    colored(frames, tmp_path / f"scene{suffix}", Painter(), [key(0)])
    source = files.open_frames(tmp_path / f"scene{suffix}")
    read_back = [picture.pixels for picture, _ in source.frames()]
    assert len(read_back) == 6 and source.rate == 24
    for number, pixels in enumerate(read_back):
        assert np.array_equal(pixels, read(tmp_path / "out" / f"shot_{number}.png").pixels)
    # The same scene from the video as from the folder.
    colored(tmp_path / f"scene{suffix}", tmp_path / "again", Painter(), [key(0)])
    assert len(list((tmp_path / "again").glob("*.png"))) == 6


def test_frames_of_two_sizes_are_refused_by_name(frames: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(frames / "shot_9.png"), np.full((10, 10), 255, np.uint8))
    with pytest.raises(PictureError, match=r"shot_9\.png is 10×10 pixels"):
        colored(frames, tmp_path / "out", Painter(), [key(0)])


def test_what_is_not_there_is_refused(frames: Path, tmp_path: Path) -> None:
    source, sheet = files.open_frames(frames), key(0, None)
    for more, words in (
        ({"keys": ()}, "no reference"),
        ({"keys": (key(0, 6),)}, "no frame 6"),
        ({"keys": (key(0, 1), key(2, 1))}, "Two references"),
        ({"keys": (sheet,), "cuts": (9,)}, "no frame 9"),
        ({"keys": (sheet,), "corrections": {7: Corrections()}}, "no frame 7"),
        ({"keys": (sheet,), "output": tmp_path / "a.avi"}, "written as .mkv, .mov"),
    ):
        with pytest.raises(RequestError, match=words):
            SceneRequest(**{"source": source, "output": tmp_path / "out", **more})  # type: ignore[arg-type]


def test_two_at_once_in_one_place_are_refused(frames: Path, tmp_path: Path) -> None:
    from engine.video.work_folder import WorkFolder

    with WorkFolder(tmp_path / "out"), pytest.raises(RequestError, match="is being colored already"):
        colored(frames, tmp_path / "out", Painter(), [key(0)])
