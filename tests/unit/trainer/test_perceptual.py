"""Perceptual and style loss, and which weights the network behind them has."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import TrainingError
from trainer import perceptual
from trainer.perceptual import PerceptualNetwork, gram_matrices, load, perceptual_loss, style_loss

SEEDED = f"seeded-{perceptual.SEED}"


@pytest.fixture(scope="module")
def network() -> PerceptualNetwork:
    return load("seeded")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """Torch hub's cache, empty, in a place of its own."""
    before = torch.hub.get_dir()
    torch.hub.set_dir(tmp_path)
    (tmp_path / "checkpoints").mkdir()
    yield tmp_path / "checkpoints"
    torch.hub.set_dir(before)


def write_published(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Tensor]:
    """Stand-in for the published file: the first convolutions and something behind them, with its digest known."""
    numbers = torch.Generator().manual_seed(3)
    weights = {key: torch.randn(value.shape, generator=numbers) for key, value in load("seeded").state_dict().items()}
    torch.save({**weights, "classifier.0.bias": torch.zeros(5)}, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(perceptual, "PUBLISHED_DIGEST", digest[:8])
    return weights


def picture(seed: int = 0, size: int = 64, batch: int = 2) -> Tensor:
    numbers = torch.Generator().manual_seed(seed)
    coarse = torch.rand(batch, 3, size // 8, size // 8, generator=numbers) * 2.0 - 1.0
    return torch.nn.functional.interpolate(coarse, scale_factor=8)


def test_features_have_the_shapes_of_relu1_2_and_relu2_2(network: PerceptualNetwork) -> None:
    first, second = network(picture(size=40))
    assert first.shape == (2, 64, 40, 40)
    assert second.shape == (2, 128, 20, 20)
    assert min(first.min(), second.min()) == 0.0
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert sum(parameter.numel() for parameter in network.parameters()) == 260_160


def test_every_channel_of_the_seeded_network_answers_and_none_shouts(network: PerceptualNetwork) -> None:
    for features in network(picture(seed=5, size=128)):
        peaks = features.amax(dim=(0, 2, 3))
        assert peaks.min() > 0.1
        assert 0.2 < features.square().mean().sqrt() < 5.0


def test_the_seeded_network_is_always_the_same() -> None:
    torch.manual_seed(1)
    one = load("seeded")
    torch.manual_seed(2)
    state = torch.get_rng_state()
    two = load("seeded")
    assert one.name == two.name == SEEDED
    assert torch.equal(torch.get_rng_state(), state)
    for key, value in one.state_dict().items():
        assert torch.equal(value, two.state_dict()[key])
    # The very numbers of today: losses written down in a table stay comparable.
    known = [value.flatten()[:2].tolist() for key, value in one.state_dict().items() if key.endswith("weight")]
    expected = [[0.133847, -0.272563], [-0.042941, 0.034573], [0.004781, -0.047534], [-0.046317, -0.018398]]
    assert known == [pytest.approx(pair, abs=1e-6) for pair in expected]


def test_equal_pictures_have_no_loss_and_others_have(network: PerceptualNetwork) -> None:
    one, two = network(picture(seed=1)), network(picture(seed=2))
    assert perceptual_loss(one, one) == 0.0
    assert style_loss(one, one) == 0.0
    assert perceptual_loss(one, two) > 0.01
    assert style_loss(one, two) > 1e-5


def test_losses_are_those_of_their_equations(network: PerceptualNetwork) -> None:
    one, two = network(picture(seed=1)), network(picture(seed=2))
    by_hand = sum((a - b).abs().mean() for a, b in zip(one, two, strict=True))
    torch.testing.assert_close(perceptual_loss(one, two), by_hand)
    features = one[1]
    matrix = features[1].flatten(1) @ features[1].flatten(1).T / features[1].numel()
    torch.testing.assert_close(gram_matrices(features)[1], matrix)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_gradients_are_those_of_autograd(layout: torch.memory_format) -> None:
    numbers = torch.Generator().manual_seed(4)
    one, other = (torch.randn(2, 3, 4, 5, generator=numbers).to(memory_format=layout) for _ in range(2))
    one.requires_grad_()
    rows, rows_wanted = one.flatten(2), other.flatten(2)
    grams = (rows @ rows.transpose(1, 2) - rows_wanted @ rows_wanted.transpose(1, 2)) / 60.0
    expected = torch.autograd.grad((one - other).abs().mean() + 7.0 * grams.abs().mean(), one)[0]
    found = torch.autograd.grad(perceptual_loss([one], [other]) + 7.0 * style_loss([one], [other]), one)[0]
    torch.testing.assert_close(found, expected)


def test_style_does_not_care_where_things_are(network: PerceptualNetwork) -> None:
    figure = torch.ones(1, 3, 96, 96)
    figure[..., 30:50, 26:56] = picture(seed=6, size=32, batch=1)[..., :20, :30]
    moved = figure.roll((16, 12), dims=(2, 3))  # paper all around: the border sees the same
    other = figure.flip(1)
    one, shifted, recolored = (network(pictures) for pictures in (figure, moved, other))
    assert style_loss(shifted, one) < 0.01 * style_loss(recolored, one)
    assert perceptual_loss(shifted, one) > perceptual_loss(recolored, one)


def test_blur_weighs_more_than_a_tone_that_is_off_by_as_much(network: PerceptualNetwork) -> None:
    target = picture(seed=7, size=64)
    blurred = torch.nn.functional.avg_pool2d(target, 5, 1, 2, count_include_pad=False)
    toned = target + (blurred - target).abs().mean()
    wanted = network(target)
    assert perceptual_loss(network(blurred), wanted) > perceptual_loss(network(toned), wanted)


def test_auto_without_files_is_the_seeded_network(cache: Path) -> None:
    assert load("auto").name == SEEDED
    assert list(cache.iterdir()) == []


def test_published_weights_are_found_by_auto_and_by_name(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = write_published(cache / perceptual.PUBLISHED, monkeypatch)
    (tmp_path / "mine.pth").write_bytes((cache / perceptual.PUBLISHED).read_bytes())
    for choice in ("auto", "download", str(tmp_path / "mine.pth")):
        found = load(choice)
        assert found.name == "vgg19-imagenet"
        assert torch.equal(found.state_dict()["features.7.weight"], weights["features.7.weight"])
    assert load("seeded").name == SEEDED


def test_other_bytes_than_the_published_ones_are_refused(cache: Path, tmp_path: Path) -> None:
    for path, choice in (
        (cache / perceptual.PUBLISHED, "auto"),
        (cache / perceptual.PUBLISHED, "download"),
        (tmp_path / "x.pth", str(tmp_path / "x.pth")),
    ):
        path.write_bytes(b"half a download")
        with pytest.raises(TrainingError, match="does not hold torchvision's VGG19 weights"):
            load(choice)


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    for name in ("none.pth", "none.safetensors"):
        with pytest.raises(TrainingError, match=f"{name} cannot be read: No such file"):
            load(str(tmp_path / name))


def test_safetensors_with_the_four_convolutions_do_and_others_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "vgg.safetensors"
    weights = {key: value.half() + 0.5 for key, value in load("seeded").state_dict().items()}
    save_file({**weights, "more": torch.zeros(1)}, file)
    found = load(str(file))
    assert found.name == "weights-" + hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    assert torch.equal(found.state_dict()["features.0.bias"], weights["features.0.bias"].float())
    del weights["features.5.bias"]
    save_file(weights, file)
    with pytest.raises(TrainingError, match="does not hold the first convolutions"):
        load(str(file))
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(TrainingError, match="cannot be read"):
        load(str(file))


def test_a_download_that_fails_says_what_to_do(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise URLError("no route to host")

    monkeypatch.setattr(torch.hub, "download_url_to_file", unreachable)
    with pytest.raises(TrainingError, match=r"no route to host.*put vgg19-dcbb9e9d.pth into .*seeded"):
        load("download")
