"""Published style networks: read from files that are told by their digests, never fetched, never kept in a model."""

import copy
import hashlib
import socket
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from engine import weight_files
from engine.architectures import style_unet
from engine.architectures.published_styles import InceptionStyle, Vgg19Style, denormalized, normalized, reflected
from engine.architectures.style_unet import StyleConfig, StyleUNet
from engine.errors import CheckpointError, TrainingError
from tests.style_engines import small
from trainer.recipes.style import StyleRecipe


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, no file named before, and no way to the network."""
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr(weight_files, "_named", [])
    monkeypatch.setattr(socket, "socket", None)


@pytest.fixture
def vgg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file laid out as the published one, of a far smaller network, that passes for it."""
    monkeypatch.setattr(Vgg19Style, "widths", (2, 3, 0))
    monkeypatch.setattr(Vgg19Style, "shape", (5,))
    torch.manual_seed(0)
    weights = {
        "features.0.weight": torch.randn(2, 3, 3, 3), "features.0.bias": torch.randn(2),
        "features.2.weight": torch.randn(3, 2, 3, 3), "features.2.bias": torch.randn(3),
        "classifier.0.weight": torch.randn(5, 3 * 49), "classifier.0.bias": torch.randn(5),
        "classifier.3.weight": torch.randn(4, 5), "classifier.3.bias": torch.randn(4),
    }  # fmt: skip
    path = tmp_path / "vgg.pth"
    torch.save(weights, path)
    pass_for(path, monkeypatch)
    return path


def pass_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Vgg19Style, "digest", hashlib.sha256(path.read_bytes()).hexdigest()[:8])


def picture(height: int = 40, width: int = 30) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_the_first_fully_connected_layer_by_hand(vgg: Path) -> None:
    weight_files.name(vgg)
    style = Vgg19Style("", normalize=True)
    weights = torch.load(vgg, weights_only=True)
    x = normalized((style.fitted(picture()) + 1) / 2)
    assert x.shape == (1, 3, 224, 224)
    for layer in ("features.0", "features.2"):
        x = nn.functional.conv2d(x, weights[f"{layer}.weight"], weights[f"{layer}.bias"], padding=1).relu()
    x = nn.functional.adaptive_avg_pool2d(nn.functional.max_pool2d(x, 2), 7).flatten(1)
    wanted = nn.functional.linear(x, weights["classifier.0.weight"], weights["classifier.0.bias"])
    assert torch.allclose(style(picture(), None), wanted, atol=1e-5)
    assert not torch.allclose(Vgg19Style("", normalize=False)(picture(), None), wanted, atol=1e-2)


def test_it_is_found_in_the_cache_and_masked_parts_are_paper(vgg: Path, tmp_path: Path) -> None:
    cache = tmp_path / "hub" / "checkpoints"
    cache.mkdir(parents=True)
    vgg.rename(cache / Vgg19Style.names[0])
    style, mask = Vgg19Style("", normalize=True), torch.zeros(1, 1, 40, 30)
    white = torch.ones_like(picture())
    assert torch.equal(style(picture(), mask), style(white, None))


def test_a_model_keeps_nothing_of_it_but_its_digest(vgg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = StyleConfig.m1()
    found = StyleRecipe("style").looking_with(network, str(vgg))
    assert found.style_digest == hashlib.sha256(vgg.read_bytes()).hexdigest()
    config = style_unet.replace(found, width=2, middle=16, bottom=16)
    model = StyleUNet(config, training_parts=True)
    output = model(torch.ones(1, 1, 64, 64), [picture()])
    assert output.isfinite().all()
    assert not [name for name in model.state_dict() if "published" in name]
    assert copy.deepcopy(model).style_network is model.style_network
    assert {id(one) for one in model.parameters()}.isdisjoint(
        id(one)
        for one in model.style_network._network.parameters()  # type: ignore[attr-defined]
    )


def test_files_that_are_not_it_are_refused_in_one_sentence(
    vgg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CheckpointError, match=r"published VGG19 weights, which are not on this computer: put vgg19-"):
        Vgg19Style("", normalize=True)(picture(), None)
    with pytest.raises(CheckpointError, match=r"Inception v3.*inception_v3_google-0cc3c7bd\.pth"):
        InceptionStyle("", normalize=True)(picture(), None)
    recipe, missing = StyleRecipe("style"), tmp_path / "missing.pth"
    with pytest.raises(TrainingError, match="cannot be read"):
        recipe.looking_with(StyleConfig.m1(), str(missing))
    with pytest.raises(TrainingError, match="does not hold the published Inception v3 weights"):
        recipe.looking_with(StyleConfig.m3(), str(vgg))
    with pytest.raises(TrainingError, match="its own encoder: leave out"):
        recipe.looking_with(StyleConfig.own(), str(vgg))
    features = {name: one for name, one in torch.load(vgg, weights_only=True).items() if "features" in name}
    torch.save(features, vgg)
    pass_for(vgg, monkeypatch)
    weight_files.name(vgg)
    with pytest.raises(CheckpointError, match="the whole published network is needed, not its features alone"):
        Vgg19Style("", normalize=True)(picture(), None)
    weight_files.name(tmp_path / "another.pth")
    with pytest.raises(CheckpointError, match="SHA-256 cdcdcdcd"):
        Vgg19Style("cd" * 32, normalize=True)(picture(), None)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 30), (299, 299), (150, 400), (149, 2)])
def test_pictures_are_mirrored_up_to_299_pixels(size: tuple[int, int]) -> None:
    fitted = InceptionStyle("", normalize=True).fitted(picture(*size))
    assert fitted.shape == (1, 3, 299, 299) and fitted.isfinite().all()
    if max(size) <= 299 and min(size) > 1:
        top, left = (299 - size[0]) // 2, (299 - size[1]) // 2
        # What is mirrored more than once need not be in the middle; nothing of the picture is lost.
        assert sorted(set(fitted.flatten().tolist())) == sorted(set(picture(*size).flatten().tolist()))
        assert top >= 0 and left >= 0


def test_reflection_mirrors_at_the_edges() -> None:
    row = torch.tensor([1.0, 2.0, 3.0]).expand(1, 1, 3, 3)
    assert reflected(row, 5)[0, 0, 2].tolist() == [2.0, 1.0, 2.0, 3.0, 2.0]
    both = torch.rand(2, 3, 4, 4)
    assert torch.allclose(denormalized(normalized(both)), both, atol=1e-6)


def test_a_published_map_is_added_as_it_is_where_it_fits() -> None:
    network = StyleUNet(small("m3")).eval()
    assert network.spread is None
    seen: list[Tensor] = []
    network.up[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    line, zero = torch.ones(1, 1, 256, 256), torch.zeros(1, 0, 4)
    one = torch.rand(1, 2048, 8, 8)
    with torch.no_grad():
        for style in (one, torch.zeros_like(one)):
            network.decode(line, [style_unet.EncodedStyle(style, zero, 1.0)])
    assert torch.allclose(seen[0] - seen[1], one, atol=1e-5)
