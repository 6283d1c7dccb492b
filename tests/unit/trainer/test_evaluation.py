"""Which drawing is colored from which reference, the measuring of a whole folder, the Inception weights, the sheet."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import nn
from torchvision.models.inception import InceptionA

from engine.errors import NurieError, RequestError
from engine.request import ColorizeRequest, Progress
from tests.fakes import FakeColorizer
from trainer import contact_sheet, evaluation, inception
from trainer.evaluation import Drawing, Plan, Shelf, make_plan, pairs


def draw(path: Path, seed: int, size: tuple[int, int] = (48, 64)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    color = tuple(int(value) for value in np.random.default_rng(seed).integers(30, 220, 3))
    image = Image.new("RGB", size, "white")
    image.paste("black", (8, 8, size[0] - 8, size[1] - 8))
    image.paste(color, (11, 11, size[0] - 11, size[1] - 11))
    image.save(path)


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    """Three characters with 3, 2 and 1 drawings."""
    for seed, name in enumerate(["ann/01", "ann/02", "ann/03", "bob/a", "bob/b", "cem/only"]):
        draw(tmp_path / "cast" / "characters" / f"{name}.png", seed)
    (tmp_path / "cast" / "characters" / "ann" / "line_02.png").write_bytes(b"a line layer is no drawing")
    return tmp_path / "cast"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(5):
        draw(tmp_path / "flat" / f"{seed}.png", seed)
    return tmp_path / "flat"


def chosen(plan: Plan, shelf: Shelf | None = None) -> list[tuple[str, str] | None]:
    found = pairs(plan, shelf or Shelf(), 64)
    return [(plan.name_of(p.target.path), plan.name_of(p.source)) if p else None for p in found]


@pytest.mark.parametrize("inside", ["", "characters"])
def test_cross_pose_colors_each_drawing_from_the_first(cast: Path, inside: str) -> None:
    plan = make_plan(cast / inside, "cross-pose")
    start = "" if inside else "characters/"
    expected = [("ann/02", "ann/01"), ("ann/03", "ann/01"), ("bob/b", "bob/a")]
    assert chosen(plan) == [(f"{start}{target}.png", f"{start}{source}.png") for target, source in expected]


def test_a_broken_first_drawing_is_replaced_by_the_next(cast: Path) -> None:
    first = cast / "characters" / "ann" / "01.png"
    first.write_bytes(b"broken")
    shelf = Shelf()
    found = chosen(make_plan(cast / "characters", "cross-pose"), shelf)
    assert found == [None, ("ann/03.png", "ann/02.png"), ("bob/b.png", "bob/a.png")]
    assert list(shelf.skipped) == [first]


def test_limit_and_seed_choose_the_targets(folder: Path) -> None:
    plans = [make_plan(folder, "warp", seed, 2) for seed in range(12)]
    assert all(len(plan.targets) == 2 for plan in plans)
    assert len({plan.targets for plan in plans}) > 3
    assert make_plan(folder, "warp", 3, 2).targets == plans[3].targets
    assert make_plan(folder, "warp", 3, 99).targets == (0, 1, 2, 3, 4)


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=2, max_size=14), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_shuffled_references_are_never_the_drawings_own(characters: list[str], seed: int) -> None:
    drawings = tuple(Drawing(Path(str(number)), name or None) for number, name in enumerate(characters))
    plan = Plan("shuffled", Path(), drawings, tuple(range(len(drawings))), seed)
    candidates = evaluation._shuffled_candidates(plan)
    first = [next(candidates(number)) for number in plan.targets]
    assert sorted(first) == list(plan.targets)
    assert all(number not in list(candidates(number)) for number in plan.targets)
    largest = max(characters.count(name) if name else 1 for name in characters)
    if 2 * largest <= len(characters):
        assert all(drawings[a].character is None or drawings[a].character != drawings[b].character
                   for a, b in enumerate(first))  # fmt: skip


def test_shuffling_depends_on_the_seed_and_skips_broken_references(folder: Path, cast: Path) -> None:
    assert len({tuple(chosen(make_plan(folder, "shuffled", seed))) for seed in range(8)}) > 3
    assert chosen(make_plan(folder, "shuffled", 2)) == chosen(make_plan(folder, "shuffled", 2))
    (folder / "3.png").write_bytes(b"broken")
    shelf = Shelf()
    found = chosen(make_plan(folder, "shuffled", 2), shelf)
    assert found.count(None) == 1
    assert all(pair[0] != pair[1] and "3.png" not in pair for pair in found if pair)
    for target, source in filter(None, chosen(make_plan(cast, "shuffled"))):
        assert Path(target).parent != Path(source).parent


def test_class_folders_are_no_characters(folder: Path) -> None:
    for number in range(3):
        (folder / f"{number}.png").rename((folder / "cat").mkdir(exist_ok=True) or folder / "cat" / f"{number}.png")
    assert {drawing.character for drawing in make_plan(folder, "shuffled").drawings} == {None}


def test_a_warp_is_another_picture_of_the_same_colors(folder: Path) -> None:
    plan = make_plan(folder, "warp", 5)
    first, again = ([p for p in pairs(plan, Shelf(), 64) if p] for _ in range(2))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.reference.pixels, two.reference.pixels)
        assert one.reference.pixels.shape == one.picture.pixels.shape
        assert (one.reference.pixels != one.picture.pixels).mean() > 0.05
        fill = one.picture.pixels[32, 24].astype(int)
        assert (np.abs(one.reference.pixels - fill).max(axis=2) < 3).sum() > 100
    assert (first[0].reference.pixels != next(pairs(make_plan(folder, "warp", 6), Shelf(), 64)).reference.pixels).any()  # type: ignore[union-attr]


def test_a_warped_reference_is_no_larger_than_the_working_size() -> None:
    pixels = np.full((300, 90, 3), 255, np.uint8)
    assert evaluation.warped_reference(pixels, 100, np.random.default_rng(0)).shape == (100, 30, 3)


@pytest.mark.parametrize(
    ("make", "protocol", "said"),
    [
        (lambda folder: folder / "nowhere", "warp", "not there"),
        (lambda folder: folder / "0.png", "warp", "is a file"),
        (lambda folder: (folder / "empty").mkdir() or folder / "empty", "cross-pose", "no pictures"),
        (lambda folder: folder, "cross-pose", "No character"),
        (lambda folder: draw(folder / "one" / "x.png", 1) or folder / "one", "shuffled", "only one picture"),
    ],
)
def test_folders_that_do_not_serve(folder: Path, make: Callable[[Path], Path], protocol: str, said: str) -> None:
    with pytest.raises(NurieError, match=said) as error:
        make_plan(make(folder), protocol)  # type: ignore[arg-type]
    assert "\n" not in str(error.value)


def test_a_folder_is_measured(cast: Path) -> None:
    (cast / "characters" / "bob" / "b.png").write_bytes(b"broken")
    Image.new("RGB", (30, 30), "white").save(cast / "characters" / "ann" / "04.png")
    steps: list[Progress] = []
    colorizer, shelf = FakeColorizer(), Shelf()
    found = list(evaluation.evaluate(make_plan(cast, "cross-pose"), colorizer, 64, shelf, steps.append))
    assert [one.pair.target.path.name for one in found] == ["02.png", "03.png"]
    assert {path.name for path in shelf.skipped} == {"04.png", "b.png"}
    assert steps[-1].fraction == 1.0
    requests: list[ColorizeRequest] = colorizer.requests
    assert all(request.line_art.extracted and request.working_size == 64 for request in requests)
    # Boxes side by side are taken for panels, each of which is colored by itself.
    assert all(
        0 < side <= most for request in requests for side, most in zip(request.line_art.size, (64, 48), strict=True)
    )
    assert found[0].scores.accuracy in (0.0, 1.0)
    assert np.isnan(found[0].scores.palette)


def test_a_perfect_colorizer_scores_perfectly() -> None:
    target = np.full((200, 300, 3), 255, np.uint8)
    target[40:160, 40:260] = 0
    target[44:156, 44:256] = (200, 120, 60)
    scores = evaluation.score(target, target, target)
    assert (scores.accuracy, scores.difference, scores.tinted, scores.palette) == (1.0, 0.0, 0.0, 1.0)


def test_means_leave_out_what_was_not_measured() -> None:
    nan = float("nan")
    one = evaluation.Scores(1.0, 2.0, nan, 0.5, 0.5, nan, 10.0, nan)
    two = evaluation.Scores(0.5, 4.0, 0.2, 0.7, 0.5, nan, 20.0, nan)
    means = evaluation.means([one, two])
    assert (means["accuracy"], means["difference"], means["tinted"], means["psnr"]) == (0.75, 3.0, 0.2, 15.0)
    assert np.isnan(means["palette"])
    assert np.isnan(list(evaluation.means([]).values())).all()


def test_without_inception_weights_there_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(RequestError, match="FID needs published Inception weights"):
        inception.find_weights()
    other = tmp_path / "other.pth"
    with pytest.raises(RequestError, match="cannot be read"):
        inception.find_weights(other)
    other.write_bytes(b"something else")
    with pytest.raises(RequestError, match="does not hold published"):
        inception.find_weights(other)
    monkeypatch.setattr(inception, "FID_DIGEST", hashlib.sha256(b"something else").hexdigest()[:8])
    assert inception.find_weights(other) == other
    with pytest.raises(RequestError, match="cannot be used"):
        inception.load_network(other, published=True)
    cached = tmp_path / "checkpoints" / inception.HUB_NAMES[1]
    cached.parent.mkdir()
    cached.write_bytes(b"something else")
    assert inception.find_weights() == cached


def test_the_published_network_pools_otherwise() -> None:
    """The pooling branch gets averages that leave out the border's padding; all others get what they always got."""
    torch.manual_seed(0)
    block = InceptionA(3, 4).eval()
    picture = torch.rand(1, 3, 6, 5)
    with torch.no_grad():
        before = block(picture)
        pooled = F.avg_pool2d(picture, 3, 1, 1, count_include_pad=False)
        expected = block.branch_pool(pooled)
        inception._replace_pooling(block, lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))
        block(picture)
        after = block(picture)
    torch.testing.assert_close(after[:, -4:], expected)
    torch.testing.assert_close(after[:, :-4], before[:, :-4])
    assert not torch.allclose(after[:, -4:], before[:, -4:])


class MeanColor(nn.Module):
    """Stands in for Inception: the mean of each channel."""

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return pictures.mean(dim=(2, 3))


def test_the_distance_of_two_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inception, "FEATURES", 3)
    monkeypatch.setattr(inception, "load_network", lambda *_: MeanColor())
    weights = tmp_path / "w.pth"
    weights.write_bytes(b"")
    rng = np.random.default_rng(0)
    pictures = [np.full((20, 30, 3), rng.integers(40, 200, 3), np.uint8) for _ in range(4)]
    same, shifted = inception.FrechetDistance(weights), inception.FrechetDistance(weights)
    assert np.isnan(same.value())
    for picture in pictures:
        same.add(picture, picture)
        shifted.add(picture + np.uint8(51), picture)
    assert same.value() == pytest.approx(0.0, abs=1e-6)
    assert shifted.value() == pytest.approx(3 * (51 / 127.5) ** 2, rel=1e-3)  # equal spread: the means alone count


def test_rows_and_sheets() -> None:
    tall, gray = np.zeros((900, 300, 3), np.uint8), np.full((10, 20), 255, np.uint8)
    row = contact_sheet.row([tall, gray, tall, tall], "name  0.75")
    assert row.shape[0] < 360
    assert row.shape[1] == 4 * 328 + 8
    assert contact_sheet.row([gray], "")[8:18].max() == 255
    pages = list(contact_sheet.sheets([row] * 7, max_height=1100))
    assert [len(page) // len(row) for page in pages] == [3, 3, 1]
    assert len(list(contact_sheet.sheets([row] * 40))) == 1
    assert list(contact_sheet.sheets([])) == []
