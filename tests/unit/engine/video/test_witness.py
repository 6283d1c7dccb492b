"""A second model that is heard beside the first: it turns what is in doubt, and what is certain stays."""

from pathlib import Path

import numpy as np
import pytest

from engine.pipeline import LoadedModel, run
from engine.video import files, witness
from engine.video.scene import color_scene
from engine.video.scene_request import SceneRequest
from engine.video.witness import Witness
from engine.video.work_folder import WorkFolder
from tests.fakes import FakeModel
from tests.unit.engine.video.scenes import COLORS, Painter, colors_in, key, walking, write_frames

STEPS = (0, 2, 4)


def told(folder: Path, painter: Painter, second: Painter | None, work: str = "out") -> list[list[tuple[int, ...]]]:
    """The colors of the rooms in each frame, each frame for itself."""
    source = files.open_frames(folder / "in")
    request = SceneRequest(source, (key(0, None),), folder / work, cuts=(1, 2))
    entry = FakeModel()
    heard = None
    if second is not None:
        heard = Witness(entry, lambda: LoadedModel(second, entry, 0.0))  # type: ignore[arg-type]
    with WorkFolder(folder / work) as kept:
        model = LoadedModel(painter, entry, 0.0)  # type: ignore[arg-type]
        run(color_scene(entry, lambda: model, request, kept, second=heard))  # type: ignore[arg-type]
    return [colors_in(folder / work / f"shot_{number}.png", step) for number, step in enumerate(STEPS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_frames(tmp_path / "in", [walking(step) for step in STEPS])
    return tmp_path


def test_a_frame_that_the_model_gets_wrong_is_put_right(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    painter = Painter(wrong=(2,))
    assert told(folder, painter, None)[1] != COLORS
    monkeypatch.setattr(witness, "_PAINTED", 3.0)
    assert told(folder, painter, Painter()) == [COLORS] * 3


def test_what_it_said_is_kept_and_not_asked_again(folder: Path) -> None:
    second = Painter()
    first = told(folder, Painter(), second)
    assert second.asked == 3 and told(folder, Painter(stop_after=0), Painter(stop_after=0)) == first
    (folder / "out" / ".nurie-scene" / "witness_000001.npz").write_bytes(b"no opinion")
    again = Painter()
    assert told(folder, Painter(stop_after=0), again) == first and again.asked == 1


def test_an_opinion_is_probabilities_and_rules_nothing_out() -> None:
    likely = np.array([[0.7, 0.3], [0.9999, 0.0001]], np.float32)
    against = np.log(np.array([[1e-9, 1.0]] * 2, np.float32))
    heard = witness.heard(likely, against)
    assert np.allclose(heard.sum(axis=1), 1.0, atol=1e-5) and heard[0, 1] > 0.5
    assert heard[1, 0] > 0.9 > heard[0, 0] > 0.0
    neither = np.log(np.full((2, 2), 0.5, np.float32))
    assert np.allclose(witness.heard(likely, neither), likely, atol=1e-4)
