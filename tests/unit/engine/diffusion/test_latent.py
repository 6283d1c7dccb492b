"""Latents, and the sizes that a painting goes through."""

import pytest
import torch

from engine.diffusion.latent import Latent, LatentKind
from engine.diffusion.sizes import at_size, fitted, shrunk


@pytest.mark.parametrize(("kind", "channels"), [("pixels", 3), ("lines", 3), ("vae", 4)])
def test_a_picture_comes_back_at_its_size(kind: LatentKind, channels: int) -> None:
    torch.manual_seed(0)
    latent = Latent(kind, channels).eval()
    color, line = torch.rand(2, 3, 16, 24) * 2.0 - 1.0, torch.ones(2, 1, 16, 24)
    with torch.no_grad():
        small = latent.encode(color)
        assert small.shape == (2, channels, 4, 6)
        back = latent.decode(small, line)
        assert back.shape == color.shape and back.abs().max() <= 1.0
        assert latent.preview(small).shape == (2, 3, 4, 6)


@pytest.mark.parametrize("kind", ["pixels", "lines"])
def test_an_even_color_is_kept_from_the_first_day(kind: LatentKind) -> None:
    latent = Latent(kind).eval()
    color = torch.tensor([1.0, -0.2, 0.4])[None, :, None, None].expand(1, 3, 16, 16)
    with torch.no_grad():
        back = latent.decode(latent.encode(color), torch.ones(1, 1, 16, 16))
    torch.testing.assert_close(back, color.contiguous(), atol=1e-3, rtol=1e-3)


def test_a_vae_is_drawn_from_in_training() -> None:
    latent = Latent("vae", 4)
    color = torch.zeros(1, 3, 16, 16)
    assert torch.equal(latent.encode(color), latent.encode(color, torch.zeros(1, 4, 4, 4)))
    assert not torch.equal(latent.encode(color), latent.encode(color, torch.ones(1, 4, 4, 4)))


def test_lines_of_a_large_drawing_stay_dark() -> None:
    sketch = torch.ones(1, 1, 512, 256)
    sketch[:, :, 200:202] = -1.0
    small, size = shrunk(sketch, 64, 32)
    assert small.shape == (1, 1, 64, 32) and size == (64, 32)
    # Of 8 rows 2 are ink: their mean is 0.5.
    assert float(small[:, :, 24:26].min()) < 0.3
    same, size = shrunk(sketch, 512, 32)
    assert same is sketch and size == (512, 256)


def test_what_does_not_fit_is_padded_with_paper() -> None:
    small, size = shrunk(-torch.ones(1, 1, 96, 320), 160, 32)
    assert size == (48, 160) and small.shape == (1, 1, 64, 160)
    assert (small[:, :, 48:] == 1.0).all() and (small[:, :, :48] == -1.0).all()
    figure = at_size(torch.ones(1, 1, 96, 320), size, small.shape[2:], 0.0)
    assert figure.shape == small.shape and figure[:, :, :48].all() and not figure[:, :, 48:].any()


def test_a_large_reference_is_looked_at_smaller() -> None:
    picture = torch.rand(1, 3, 96, 512)
    assert fitted(picture, 256, 32).shape == (1, 3, 64, 256)
    assert fitted(picture, 512, 32) is picture
