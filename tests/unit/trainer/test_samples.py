"""From picture files to samples: decoding, keeping, replacing, and both protocols."""

import logging
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engine.errors import TrainingError
from tests.drawings import draw, write_drawings
from trainer.config import DataConfig
from trainer.datasets import PaperSamples, VariedSamples, make_samples, open_pictures
from trainer.pictures import Decoded, PictureStore, read
from trainer.sources import Source, find_sources

KEYS = {"line": 1, "target": 3, "reference": 3, "reference_line": 1}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Every layout the trainer knows, and one file that is no picture."""
    folder = tmp_path / "data"
    places = ["train/a.png", "train/b.webp", "characters/one/01.png", "characters/one/02.png", "val/secret.png"]
    write_drawings(folder, [*places, "sequences/two/001.png", "sequences/two/002.png", "pairs/color/c.png"])
    for place in ("pairs/line/c.png", "sequences/two/line_001.png"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / place), np.full((90, 70), 200, np.uint8))
    (folder / "train" / "broken.png").write_bytes(b"not a picture")
    return folder


def config(*folders: Path, protocol: str = "paper", **settings: object) -> DataConfig:
    return DataConfig(tuple(map(str, folders)), protocol=protocol, **settings)  # type: ignore[arg-type]


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


def pixels_of(path: Path) -> NDArray[np.uint8]:
    decoded = read(Source(path), 384)
    assert decoded is not None
    return decoded.color


@pytest.mark.parametrize("protocol", ["paper", "varied"])
def test_samples_have_the_right_shapes_and_range_and_depend_on_their_number_alone(data: Path, protocol: str) -> None:
    settings = config(data, protocol=protocol)
    store = open_pictures(settings, seed=3, side=64)
    samples = make_samples(settings, store, 64, 4, 3)
    fresh = make_samples(settings, open_pictures(config(data, protocol=protocol, memory=0.0), 3, 64), 64, 4, 3)
    bare = make_samples(settings, store, 64, 4, 3, reference_line=False)
    for index in range(12):
        sample = samples[index]
        assert sample.keys() == KEYS.keys()
        for key, channels in KEYS.items():
            assert sample[key].dtype == torch.float32
            assert sample[key].shape[0] == channels
            assert max(sample[key].shape[1:]) == 64
            assert -1.0 <= sample[key].min() <= sample[key].max() <= 1.0
            assert sample[key].shape[1:] == samples[index // 4 * 4][key].shape[1:]
        assert sample["line"].shape[1:] == sample["target"].shape[1:]
        assert sample["reference"].shape[1:] == sample["reference_line"].shape[1:]
        assert same(sample, fresh[index])  # whether pictures are kept or read anew
        assert same({key: sample[key] for key in KEYS if key != "reference_line"}, bare[index])
    assert not torch.equal(samples[0]["target"], samples[1]["target"])
    other = make_samples(settings, store, 64, 4, 4)
    assert not any(same(samples[index], other[index]) for index in range(4))
    assert same(pickle.loads(pickle.dumps(samples))[5], samples[5])  # as for a worker that is not forked


def test_varied_samples_have_several_shapes_and_paper_samples_are_square(data: Path) -> None:
    shapes = {}
    for protocol in ("paper", "varied"):
        settings = config(data, protocol=protocol)
        samples = make_samples(settings, open_pictures(settings, 1, 32), 32, 1, 1)
        shapes[protocol] = {samples[index]["reference"].shape for index in range(30)}
    assert shapes["paper"] == {(3, 32, 32)}
    assert len(shapes["varied"]) == 4


def test_what_cannot_be_read_is_named_and_left_out(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    cut = (data / "train" / "a.png").read_bytes()
    (data / "train" / "cut.png").write_bytes(cut[: len(cut) // 2])
    (data / "train" / "empty.jpg").write_bytes(b"")
    with caplog.at_level(logging.WARNING):
        store = open_pictures(config(data), 1, 64)
    assert [path.name for path in store.skipped] == ["broken.png", "cut.png", "empty.jpg"]
    assert len(store) == 7
    assert len(caplog.messages) == 1
    assert "3 pictures cannot be read" in caplog.messages[0]
    assert "broken.png" in caplog.messages[0]


def test_folders_with_nothing_to_learn_from_are_explained(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"?")
    with pytest.raises(TrainingError, match="None of the pictures can be read: give"):
        open_pictures(config(tmp_path), 1, 64)
    with pytest.raises(TrainingError, match="name a folder"):
        open_pictures(config(), 1, 64)
    with pytest.raises(TrainingError, match="leave out the shares"):
        open_pictures(config(tmp_path, tmp_path, shares=(1.0, 2.0)), 1, 64)


def test_one_picture_is_enough(tmp_path: Path) -> None:
    write_drawings(tmp_path, ["only.png"])
    for protocol in ("paper", "varied"):
        settings = config(tmp_path, protocol=protocol, held_out=0.5)
        samples = make_samples(settings, open_pictures(settings, 1, 32), 32, 1, 1)
        assert not torch.equal(samples[0]["target"], samples[1]["target"])
        assert not torch.equal(samples[0]["target"], samples[0]["reference"])


def test_what_is_held_out_is_not_among_the_pictures(tmp_path: Path) -> None:
    write_drawings(tmp_path, [f"{number}.png" for number in range(12)])
    sizes = {len(open_pictures(config(tmp_path, held_out=0.5), seed, 32)) for seed in range(6)}
    assert 0 < min(sizes) < max(sizes) < 12


@pytest.mark.parametrize("suffix", ["png", "webp"])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_paper(tmp_path: Path, suffix: str, mode: str) -> None:
    pixels = np.zeros((40, 30, 4), np.uint8)
    pixels[10:30, 5:25] = (60, 60, 60, 255)
    pixels[0:5] = (200, 0, 0, 0)  # a color that nobody sees
    path = tmp_path / f"x.{suffix}"
    Image.fromarray(pixels).convert(mode).save(path, lossless=True)
    color = pixels_of(path).astype(int)
    assert (color[:9] == 255).all()
    assert np.abs(color[12:28, 8:22] - 60).max() <= 3


def test_opaque_files_are_read_as_opencv_reads_them(tmp_path: Path) -> None:
    picture = draw(3)
    for name, image in {
        "opaque.png": np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]),
        "deep.png": picture.astype(np.uint16) * 257,
        "gray.png": picture[..., 0],
        "photo.jpg": picture,
        "photo.webp": picture,
        "old.bmp": picture,
    }.items():
        cv2.imwrite(str(tmp_path / name), image)
        expected = cv2.cvtColor(np.asarray(cv2.imread(str(tmp_path / name), cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB)
        assert np.array_equal(pixels_of(tmp_path / name), expected), name


def test_photographs_stand_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[274] = 6  # a quarter turn
    Image.fromarray(draw(1)).save(tmp_path / "x.jpg", exif=turned)
    assert pixels_of(tmp_path / "x.jpg").shape == (70, 90, 3)


def test_large_pictures_are_shrunk_and_a_line_layer_with_them(tmp_path: Path) -> None:
    write_drawings(tmp_path, ["pairs/color/a.png"])
    lines = np.zeros((90, 70, 4), np.uint8)
    lines[40:50, 10:60, 3] = 255  # black ink on nothing
    (tmp_path / "pairs" / "line").mkdir()
    cv2.imwrite(str(tmp_path / "pairs" / "line" / "a.png"), lines)
    picture = PictureStore(find_sources(tmp_path), 45, 1.0).picture(0)
    assert picture.color.shape == (45, 35, 3)
    assert picture.line is not None
    assert picture.line.shape == (45, 35)
    assert picture.line[5, 5] == 255
    assert picture.line[22, 15] == 0


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"gone bad")])
def test_a_file_that_vanishes_or_breaks_is_replaced(
    tmp_path: Path, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(damage)
    write_drawings(tmp_path, ["a.png", "b.png", "c.png"])
    store = PictureStore(find_sources(tmp_path), 90, 0.0)
    first, last = store.picture(0).color, store.picture(2).color
    damage(tmp_path / "b.png")
    for _ in range(2):
        assert np.array_equal(store.picture(1).color, last)
    damage(tmp_path / "c.png")
    assert np.array_equal(store.picture(1).color, first)
    assert len(caplog.messages) == 1
    assert "b.png" in caplog.messages[0]
    damage(tmp_path / "a.png")
    with pytest.raises(TrainingError, match="any more"):
        store.picture(1)


def test_what_is_kept_needs_no_file(tmp_path: Path) -> None:
    write_drawings(tmp_path, ["a.png", "b.png"])
    one_picture = 90 * 70 * 3 / 2**30
    store = PictureStore(find_sources(tmp_path), 90, 1.5 * one_picture)
    kept = store.picture(0).color
    for name in ("a.png", "b.png"):
        (tmp_path / name).unlink()
    assert np.array_equal(store.picture(0).color, kept)
    assert np.array_equal(store.picture(1).color, kept)  # there was room for one


class Recording(PictureStore):
    """Pictures without files that remember which were asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[int] = []

    def __len__(self) -> int:
        return self.count

    def picture(self, number: int) -> Decoded:
        self.asked.append(number)
        return Decoded(np.full((8, 8, 3), 255, np.uint8))


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 20), st.integers(0, 10**6), st.integers(0, 3))
def test_an_epoch_shows_every_picture_once(count: int, seed: int, epoch: int) -> None:
    store = Recording(count)
    samples = PaperSamples(store, 8, seed, (0.4,), False)
    for index in range(epoch * count, (epoch + 1) * count):
        samples[index]
    assert sorted(store.asked) == list(range(count))


def test_epochs_differ_in_their_order() -> None:
    store = Recording(30)
    samples = PaperSamples(store, 8, 1, (0.4,), False)
    for index in range(60):
        samples[index]
    assert store.asked[:30] != store.asked[30:]


@pytest.mark.parametrize("shape", [(60, 30), (30, 60), (200, 100), (1, 40)])
def test_paper_samples_never_squash_a_picture(tmp_path: Path, shape: tuple[int, int]) -> None:
    cv2.imwrite(str(tmp_path / "x.png"), np.zeros((*shape, 3), np.uint8))
    sample = make_samples(config(tmp_path), open_pictures(config(tmp_path), 1, 64), 64, 1, 1)[0]
    for key in ("line", "target"):
        drawn = (sample[key] < 0).all(dim=0)
        expected = [max(1, round(64 * side / max(shape))) for side in shape]
        assert [int(drawn.any(dim=axis).sum()) for axis in (1, 0)] == expected
        assert drawn.sum() == expected[0] * expected[1]


def test_paper_samples_show_line_art_in_place_and_the_target_bent(tmp_path: Path) -> None:
    write_drawings(tmp_path, ["a.png"])
    samples = make_samples(config(tmp_path), open_pictures(config(tmp_path), 1, 96), 96, 1, 1)
    for index in range(5):
        sample = samples[index]
        ink, paper = sample["line"] < 0, (sample["target"] == 1).all(dim=0)
        assert 0.02 < ink.float().mean() < 0.4
        assert not (ink & paper).any()  # the lines are those of the target
        assert sample["target"][:, 0, 0].tolist() == sample["reference"][:, 0, 0].tolist() == [1.0, 1.0, 1.0]
        color, bent = (sample[key].flatten(1).mean(dim=1) for key in ("target", "reference"))
        assert (color - bent).abs().max() < 0.35  # the same colors, in other places
        assert (sample["target"] - sample["reference"]).abs().mean() > 0.01


def test_each_folder_gets_its_share_of_the_samples(data: Path) -> None:
    settings = config(data, data / "train", protocol="varied", shares=(1.0, 3.0))
    samples = make_samples(settings, open_pictures(settings, 0, 32), 32, 16, 0)
    assert isinstance(samples, VariedSamples)
    assert samples.picture_weights[:-2].sum() == pytest.approx(0.25)
    assert samples.picture_weights[-2:] == pytest.approx([0.375, 0.375])
    assert samples.group_weights.sum() == pytest.approx(1.0)  # the second folder has no characters
    assert sorted(len(group) for group in samples.groups) == [2, 2]
