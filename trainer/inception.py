"""The Fréchet Inception distance, with published weights that lie on this computer; nothing is ever downloaded.

Heusel et al.: "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", NeurIPS 2017. The
distance itself is torchmetrics'. Its own Inception would need another package, so the features come from torchvision's
inception_v3 with either of two weight files, which are told from all others by their digests:

- the network of 2015-12-05 that FID is published with (`pt_inception-2015-12-05-6726825d.pth`): torchvision's layers
  with another pooling in five kinds of blocks. Its numbers can be compared with published ones.
- torchvision's own (`inception_v3_google-0cc3c7bd.pth`): good for ordering models among themselves only.

Pictures are squeezed to 299×299 (bilinear, averaged when they shrink), as is the custom, and scaled to [-1, 1].
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.errors import RequestError
from engine.weight_files import first_line, sha256_of
from trainer import extras

if TYPE_CHECKING:
    from torchvision.models import Inception3

FID_DIGEST, TORCHVISION_DIGEST = "6726825d", "0cc3c7bd"  # first digits of SHA-256
HUB_NAMES = (
    "pt_inception-2015-12-05-6726825d.pth",
    "weights-inception-2015-12-05-6726825d.pth",
    "inception_v3_google-0cc3c7bd.pth",
)
SIDE, FEATURES = 299, 2048


def find_weights(named: Path | None = None) -> Path:
    """The file `named`, or published Inception weights in torch hub's cache.

    Raises RequestError with the reason when there are none or the file is not one of the two published ones.
    """
    if named is None:
        cache = Path(torch.hub.get_dir()) / "checkpoints"
        found = [cache / name for name in HUB_NAMES if (cache / name).is_file()]
        if not found:
            raise RequestError(
                "FID needs published Inception weights and there are none in {0}; "
                "get {1} and name it with --inception.",
                cache,
                HUB_NAMES[0],
            )
        named = found[0]
    if sha256_of(named, "Inception", RequestError)[:8] not in (FID_DIGEST, TORCHVISION_DIGEST):
        raise RequestError(
            "{0} does not hold published Inception weights; name {1} or {2}.", named, HUB_NAMES[0], HUB_NAMES[2]
        )
    return named


class FrechetDistance:
    """Collects pictures, and tells at the end how far the colorings are from the drawings as a whole."""

    def __init__(self, weights: Path, device: str = "cpu") -> None:
        """weights: of `find_weights`. Raises RequestError when they do not fit, or the extra is missing."""
        extras.require("torchmetrics", "torchvision")
        from torchmetrics.image.fid import FrechetInceptionDistance

        self.published = sha256_of(weights, "Inception", RequestError)[:8] == FID_DIGEST
        network = load_network(weights, self.published)
        self._device = device
        self._distance = FrechetInceptionDistance(feature=_Features(network)).to(device)

    def add(self, output: NDArray[np.uint8], target: NDArray[np.uint8]) -> None:
        """Add a coloring and a drawing, H×W×3 uint8 each."""
        for pixels, real in ((output, False), (target, True)):
            self._distance.update(to_input(pixels).to(self._device), real=real)

    def value(self) -> float:
        """The distance, 0 when both sets look the same. NaN for fewer than two pictures."""
        if int(self._distance.fake_features_num_samples) < 2:  # type: ignore[arg-type]
            return float("nan")
        return max(0.0, float(self._distance.compute()))  # rounding may leave a hair less than nothing


def to_input(pixels: NDArray[np.uint8]) -> Tensor:
    """H×W×3 uint8 → 1×3×299×299 float32 in [-1, 1]."""
    planes = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))[None].float()
    return F.interpolate(planes, (SIDE, SIDE), mode="bilinear", align_corners=False, antialias=True) / 127.5 - 1.0


class _Features(nn.Module):
    """1×3×299×299 in [-1, 1] → 1×2048, the last average pooling."""

    def __init__(self, network: "Inception3") -> None:
        super().__init__()
        self.num_features = FEATURES
        self.network = network

    @torch.inference_mode()
    def forward(self, pictures: Tensor) -> Tensor:
        return self.network(pictures)


def load_network(weights: Path, published: bool) -> "Inception3":
    """inception_v3 without its classifier, ready for features. published: the FID network of 2015.

    Raises RequestError when the file does not fit.
    """
    from torchvision.models import Inception3

    network = Inception3(
        num_classes=1008 if published else 1000,
        aux_logits=not published,
        transform_input=False,
        init_weights=False,
        dropout=0.0,
    )
    try:
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    except Exception as error:  # a damaged file fails in many ways
        raise RequestError("The Inception weights {0} cannot be used: {1}", weights, first_line(error)) from error
    if published:
        _pool_as_in_2015(network)
    network.fc = nn.Identity()  # type: ignore[assignment]
    return network.eval().requires_grad_(False)


def _pool_as_in_2015(network: "Inception3") -> None:
    """The pooling branches of the FID network: averages that leave the border's padding out, at last a maximum."""
    for name in ("5b", "5c", "5d", "6b", "6c", "6d", "6e", "7b"):
        _replace_pooling(getattr(network, f"Mixed_{name}"), lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))
    _replace_pooling(network.Mixed_7c, lambda x: F.max_pool2d(x, 3, 1, 1))


def _replace_pooling(block: nn.Module, pool: Any) -> None:
    """Give `block.branch_pool` what `pool` makes of the block's input, in place of torchvision's own average."""
    seen: list[Tensor] = []
    block.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    branch = block.branch_pool
    assert isinstance(branch, nn.Module)
    branch.register_forward_pre_hook(lambda _, inputs: (pool(seen.pop()),))
