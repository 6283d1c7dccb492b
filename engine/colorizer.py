"""The colorizer: loads a model once, keeps encoded references, colours drawings step by step."""

import copy
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine import cancellation, checkpoint, device, matching, model_catalog
from engine.architectures.folding import fold_batch_normalization
from engine.architectures.interface import EncodedReference, LineFeatures, ReferenceColorizer
from engine.color.compose import fill_under_lines, shrink_ink
from engine.color.palette import Palette
from engine.color.swatch_choice import MatchedShares
from engine.device import Device
from engine.errors import CheckpointError, DeviceError, RequestError
from engine.line_art.regions import RegionMap
from engine.line_art.xdog import gray_of, xdog
from engine.matching.matcher import Matcher
from engine.request import (
    WORKING_SIZE_DEFAULT,
    ColorizeRequest,
    ColorizeResult,
    DeviceChoice,
    Progress,
    Reference,
)

Result = TypeVar("Result")

WORKING_SIZE_MIN, WORKING_SIZE_MAX = 64, 2048
CACHED_REFERENCES = 16


class Colorizer:
    """A model ready to colour. `colorize` may be called from several threads at once."""

    def __init__(
        self,
        network: ReferenceColorizer,
        info: checkpoint.CheckpointInfo,
        where: Device,
        matcher: Matcher | None = None,
    ) -> None:
        """network: a registered architecture in its trained state; it is folded and moved here.

        matcher: matches regions with parts of references for `match_parts`; None: flats go by attention alone.
        """
        self._matcher = matcher
        self.info = info
        self.device = where
        self._networks = {where.kind: self._prepare(network, where)}
        self._encoded: OrderedDict[bytes, EncodedReference] = OrderedDict()
        self._seen: OrderedDict[bytes, LineFeatures | None] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path, device_choice: DeviceChoice = "auto") -> "Colorizer":
        """Load a model file, and the matcher that lies beside the models. Raises CheckpointError and DeviceError."""
        where = device.choose(device_choice)
        info, network = checkpoint.build(path)
        if not isinstance(network, ReferenceColorizer):
            raise CheckpointError(f"{path.name} is not a model that colors drawings: choose another one.")
        beside = model_catalog.matcher()
        return cls(network, info, where, None if beside is None else Matcher.load(beside))

    @staticmethod
    def _prepare(network: ReferenceColorizer, where: Device) -> ReferenceColorizer:
        fold_batch_normalization(network.eval().requires_grad_(False))
        network.to(where.kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
        for module in network.modules():
            if not any(module.children()):
                module.register_forward_pre_hook(_check_cancelled)
        return network

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        """Colour one drawing: yields Progress, returns the result.

        `should_stop` is asked between any two layers; once it is true, `Cancelled` is raised. When memory runs out, the
        work is tried again at half the working size, at last on the CPU; `ColorizeResult.notes` says so. Raises
        RequestError for a request that cannot be answered and DeviceError where even the smallest try failed.
        """
        _check(request)
        began = time.perf_counter()
        notes: tuple[str, ...] = ()
        for attempt in _attempts(self.device, request.working_size):
            try:
                guess, ink = yield from self._guess(request, attempt, should_stop)
                break
            except (RuntimeError, MemoryError) as error:
                if not device.is_out_of_memory(error):
                    raise
            # Outside the except block: while the error lives, its traceback keeps every tensor of the failed try.
            self._free_memory()
            notes = (
                f"Memory ran out at {attempt.working_size} pixels on {attempt.where.kind}; a smaller try was made.",
            )
        else:
            raise DeviceError("There is too little memory even for the smallest working size: close other programs.")
        yield Progress("Laying the colors under the lines", 0.9)
        with cancellation.cancellable(should_stop):
            height, width = request.line_art.size
            filled = fill_under_lines(guess, ink)
            color = np.asarray(cv2.resize(filled, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
        yield Progress("Done", 1.0)
        return ColorizeResult(
            color,
            request.line_art.layer,
            attempt.where.kind,
            attempt.where.precision,
            (guess.shape[0], guess.shape[1]),
            notes,
            time.perf_counter() - began,
        )

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> NDArray[np.float32] | None:
        """How much of each region's attention rests on each swatch, see `matching.swatch_masses`.

        On the CPU, and at 512 pixels at most: only the sketch encoder runs. Raises RequestError without a reference,
        and Cancelled within `cancellation.cancellable`.
        """
        _check(request)
        longest = min(request.working_size, WORKING_SIZE_DEFAULT)
        ink = shrink_ink(request.line_art.ink, fitted_size(request.line_art.size, longest))
        references = [(one, xdog(gray_of(_shrunk(one, longest)), request.sigma)) for one in request.heeded]
        return matching.swatch_masses(ink, regions, references, palette, self._described)

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32] | None:
        """What the network sees in the lines of each region: count×C unit vectors, see `matching.region_features`.

        None where it compares no line art. On the CPU, as `match`. Raises Cancelled.
        """
        longest = min(request.working_size, WORKING_SIZE_DEFAULT)
        ink = shrink_ink(request.line_art.ink, fitted_size(request.line_art.size, longest))
        seen = self._described(ink)
        return None if seen is None else matching.region_features(ink, regions, seen)

    def match_parts(
        self, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8]
    ) -> MatchedShares | None:
        """The swatch of each region by the parts of the references that it matches, see `engine.matching.matcher`.

        voted: count×3 uint8, the color that the guess gives each region. None without a matcher. On the CPU. Raises
        RequestError without a reference, and Cancelled within `cancellation.cancellable`.
        """
        _check(request)
        if self._matcher is None:
            return None
        ink, sigma = request.line_art.ink, request.sigma
        return self._matcher.match(ink, regions, request.heeded, palette, voted, sigma, self._described)

    def see(self, line: NDArray[np.float32]) -> LineFeatures | None:
        """The tokens of h×w line art in [0, 1] as it stands; None where the network compares no line art."""
        return self._described(line)

    def _described(self, line: NDArray[np.float32]) -> LineFeatures | None:
        """The tokens of h×w line art, computed on the CPU; the last ones are kept."""
        key = hashlib.blake2b(repr(line.shape).encode() + np.ascontiguousarray(line).tobytes()).digest()
        with self._lock:
            if key in self._seen:
                self._seen.move_to_end(key)
                return self._seen[key]
        where = device.choose("cpu")
        network = self._network(where)
        seen = _compute(network, where, "describe", _pad(_to_tensor(line), network.stride))
        with self._lock:
            self._seen[key] = seen
            while len(self._seen) > CACHED_REFERENCES:
                self._seen.popitem(last=False)
        return seen

    def _guess(
        self, request: ColorizeRequest, attempt: "_Attempt", should_stop: Callable[[], bool] | None
    ) -> Generator[Progress, None, tuple[NDArray[np.uint8], NDArray[np.float32]]]:
        """The network's picture at working size, and the ink it saw."""
        network = self._network(attempt.where)
        encoded = []
        steps = len(request.heeded) + 2
        for number, reference in enumerate(request.heeded):
            yield Progress(f"Looking at {reference.name}", number / steps)
            with cancellation.cancellable(should_stop):
                one = self._encode(network, reference, request, attempt)
                encoded.append(one._replace(weight=reference.weight))
        yield Progress("Coloring", len(request.heeded) / steps)
        with cancellation.cancellable(should_stop):
            size = fitted_size(request.line_art.size, attempt.working_size)
            ink = shrink_ink(request.line_art.ink, size)
            sketch = _pad(_to_tensor(ink), network.stride)
            picture = _compute(network, attempt.where, "decode", sketch, encoded)
            return _to_pixels(picture[:, :, : size[0], : size[1]]), ink

    def _encode(
        self, network: ReferenceColorizer, reference: Reference, request: ColorizeRequest, attempt: "_Attempt"
    ) -> EncodedReference:
        key = _fingerprint(reference, request.sigma, attempt)
        with self._lock:
            if key in self._encoded:
                self._encoded.move_to_end(key)
                return self._encoded[key]
        encoded = _encode(network, reference, request.sigma, attempt)
        with self._lock:
            self._encoded[key] = encoded
            while len(self._encoded) > CACHED_REFERENCES:
                self._encoded.popitem(last=False)
        return encoded

    def _network(self, where: Device) -> ReferenceColorizer:
        """The network on a device; a second copy is made when the first device proved too small."""
        with self._lock:
            if where.kind not in self._networks:
                source = self._networks[self.device.kind]
                self._networks[where.kind] = copy.deepcopy(source).to(where.kind)
            return self._networks[where.kind]

    def _free_memory(self) -> None:
        with self._lock:
            self._encoded.clear()
            self._seen.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


@dataclass(frozen=True)
class _Attempt:
    where: Device
    working_size: int


def _attempts(where: Device, working_size: int) -> Iterator[_Attempt]:
    """The try asked for, then smaller ones on the same device, then the CPU."""
    sizes = [working_size]
    while sizes[-1] // 2 >= 256:
        sizes.append(sizes[-1] // 2)
    yield from (_Attempt(where, size) for size in sizes)
    if where.kind != "cpu":
        yield from (_Attempt(device.choose("cpu"), size) for size in sizes)


def _check(request: ColorizeRequest) -> None:
    if not request.references:
        raise RequestError("There is no reference to take colors from: add at least one color picture.")
    if not request.heeded:
        raise RequestError("All references are switched off by a weight of 0: give one of them more.")
    if not WORKING_SIZE_MIN <= request.working_size <= WORKING_SIZE_MAX:
        raise RequestError(f"The working size must be between {WORKING_SIZE_MIN} and {WORKING_SIZE_MAX} pixels.")
    if min(request.line_art.size) < 1:
        raise RequestError("The drawing has no pixels: choose another picture.")


def fitted_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """(height, width) shrunk so that the longer side is at most `longest`; never enlarged, at least one pixel."""
    factor = min(1.0, longest / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _shrunk(reference: Reference, longest: int) -> NDArray[np.uint8]:
    """The reference's pixels with no side longer than `longest`, white where they do not count."""
    pixels = reference.pixels
    height, width = fitted_size((pixels.shape[0], pixels.shape[1]), longest)
    if reference.mask is not None:
        pixels = np.where(reference.mask[..., None], pixels, np.uint8(255))
    if pixels.shape[:2] != (height, width):
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return pixels


def _encode(network: ReferenceColorizer, reference: Reference, sigma: float, attempt: _Attempt) -> EncodedReference:
    pixels = _shrunk(reference, attempt.working_size)
    height, width = pixels.shape[:2]
    line = xdog(gray_of(pixels), sigma)
    stride = network.stride
    picture = _pad(_to_tensor(pixels.astype(np.float32) / 255.0), stride)
    encoded = _compute(network, attempt.where, "encode_reference", picture, _pad(_to_tensor(line), stride))
    if reference.mask is None:
        return encoded
    mask = torch.from_numpy(
        cv2.resize(reference.mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    )
    # Tokens stand in rows over the padded picture; the padding does not count.
    padded = F.pad(mask, (0, -width % stride, 0, -height % stride))
    kept = F.avg_pool2d(padded[None, None], network.token_stride).flatten() >= matching.MASK_SHARE
    if not kept.any():
        return encoded
    places = kept.nonzero().flatten().to(encoded.keys.device)
    return encoded._replace(keys=encoded.keys[:, places], values=encoded.values[:, places], places=places)


def _fingerprint(reference: Reference, sigma: float, attempt: _Attempt) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in (reference.pixels, reference.mask):
        if part is not None:
            digest.update(repr(part.shape).encode())
            digest.update(np.ascontiguousarray(part).data)
    digest.update(repr((sigma, attempt)).encode())
    return digest.digest()


@torch.inference_mode()
def _compute(network: ReferenceColorizer, where: Device, method: str, *inputs: Any) -> Any:
    """Call one of the network's methods in the device's precision."""
    moved = [
        one.to(where.kind).contiguous(memory_format=torch.channels_last) if isinstance(one, Tensor) else one
        for one in inputs
    ]
    with where.autocast():
        return getattr(network, method)(*moved)


def _check_cancelled(*_: object) -> None:
    cancellation.check()


def _to_tensor(array: NDArray[np.float32]) -> Tensor:
    """H×W or H×W×C in [0, 1] → 1×C×H×W in [-1, 1]."""
    planes = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(planes))[None] * 2.0 - 1.0


def _pad(picture: Tensor, stride: int) -> Tensor:
    """Paper at the right and at the bottom, up to multiples of the stride."""
    return F.pad(picture, (0, -picture.shape[3] % stride, 0, -picture.shape[2] % stride), value=1.0)


def _to_pixels(picture: Tensor) -> NDArray[np.uint8]:
    """1×3×H×W in [-1, 1] → H×W×3 uint8."""
    return ((picture[0].float() + 1.0) * 127.5).round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().cpu().numpy()


def run(steps: Generator[Progress, None, Result], on_progress: Callable[[Progress], None]) -> Result:
    """Run a coloring, or its finishing, to its end, handing every Progress on."""
    while True:
        try:
            on_progress(next(steps))
        except StopIteration as stop:
            return stop.value
