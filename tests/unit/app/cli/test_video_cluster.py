"""A scene whose shots are colored by the workers of a scheduler: the same frames as on one computer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.batch import cluster_scene
from engine.video import scene
from tests.unit.app.cli.conftest import Run
from tests.unit.engine.video.scenes import Painter, key, walking, write_frames

Nurie = Callable[..., Run]


@pytest.fixture
def video(nurie: Nurie, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Color a scene of two shots, of six frames, two of which are equal."""
    write_frames(tmp_path / "in", [walking(step) for step in (0, 2, 2, 4, 0, 2)])
    Image.fromarray(key(0).reference.pixels).save(tmp_path / "key.png")
    monkeypatch.setattr("engine.model_loading.load_colorizer", lambda path, device="auto": Painter())

    def run(out: str, *more: object) -> Run:
        words = ["--reference", f"{tmp_path / 'key.png'}@0", "--output", tmp_path / out, "--cuts", "4", "--json"]
        return nurie("video", tmp_path / "in", *words, *more)

    return run


def pictures(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


@pytest.mark.parametrize("seen", [True, False])
def test_the_same_as_on_one_computer(
    video: Callable[..., Run],
    address: str,
    tmp_path: Path,
    seen: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = video("one").json
    if not seen:
        monkeypatch.setattr("app.batch.cluster_task.sees", lambda _: False)
    told = video("two", "--cluster", address).json
    assert pictures(tmp_path / "two") == pictures(tmp_path / "one") and len(pictures(tmp_path / "one")) == 6
    assert (told["colored"], told["shots"], told["notes"]) == (alone["colored"], [0, 4], alone["notes"])
    again = video("two", "--cluster", address).json
    assert again["colored"] == 0


def test_a_frame_that_has_changed_is_told(
    video: Callable[..., Run],
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = scene.frames_to_color

    def change(*some: object, **more: object) -> object:
        found = yield from real(*some, **more)  # type: ignore[arg-type]
        write_frames(tmp_path / "in", [walking(step) for step in (1, 3, 3, 5, 1, 3)])
        return found

    monkeypatch.setattr(cluster_scene.scene, "frames_to_color", change)
    run = video("out", "--cluster", address)
    assert run.code == 2 and "has changed since the scene was looked at" in run.err
