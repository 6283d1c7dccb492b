"""What a painting engine learns from: drawn figures before drawn backgrounds, and the pictures of a data folder."""

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from engine.color.compose import fill_under_lines
from trainer.config import DataConfig
from trainer.datasets import VariedSamples
from trainer.pictures import PictureStore
from trainer.scene_samples import SceneSamples

_ROUND = 10  # batches, of which so many as `scenes` says are scenes
_PAPER = 0.92  # in [-1, 1]: where a channel is darker, a picture is drawn on


class PaintingSamples(Dataset[dict[str, Tensor]]):
    """Samples as `SceneSamples` has them, with their number; some batches are of the data folder's pictures instead.

    Those have figures on paper only, and their target's color runs on below the lines as far as it can be guessed.
    """

    def __init__(
        self, store: PictureStore, data: DataConfig, size: int, batch: int, seed: int, *, scenes: int, characters: int
    ) -> None:
        """scenes: of ten batches, how many are scenes; characters: how many are drawn."""
        self.batch, self.scenes = batch, scenes
        self.drawn = SceneSamples(size, batch, seed, data.sigmas, characters=characters)
        self.varied = VariedSamples(store, size, batch, seed, data.sigmas, data.cross_share, True)

    def __len__(self) -> int:
        return len(self.drawn)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        is_scene = index // self.batch % _ROUND < self.scenes
        sample = self.drawn[index] if is_scene else self._picture(index)
        return {**sample, "number": torch.tensor(index)}

    def _picture(self, index: int) -> dict[str, Tensor]:
        sample = dict(self.varied[index])
        pixels = ((sample["target"] + 1.0) * 127.5).round().byte().permute(1, 2, 0).numpy()
        ink = ((sample["line"][0].numpy() + 1.0) / 2.0).astype(np.float32)
        filled = torch.from_numpy(fill_under_lines(np.ascontiguousarray(pixels), ink))
        sample["figure"] = _drawn_on(sample["target"])
        sample["reference_figure"] = _drawn_on(sample["reference"])
        sample["target"] = filled.permute(2, 0, 1).float().div(127.5).sub(1.0)
        return sample


def _drawn_on(picture: Tensor) -> Tensor:
    """1×H×W, 1 where a picture is no white paper."""
    return (picture.amin(dim=0, keepdim=True) < _PAPER).float()
