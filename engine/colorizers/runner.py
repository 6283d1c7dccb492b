"""Running a network on drawings of any size: devices, padding, cancelling, a cache of references, too little memory."""

import copy
import hashlib
import threading
import time
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine import cancellation, device, registry
from engine.architectures.folding import fold_batch_normalization
from engine.architectures.interface import ReferenceNetwork
from engine.checkpoint import CheckpointInfo
from engine.color.compose import fill_under_lines, shrink_ink
from engine.color.figure import outlined
from engine.colorizers.base import BaseColorizer, as_heeded, require_possible
from engine.device import Device
from engine.errors import DeviceError
from engine.line_art.xdog import gray_of, xdog
from engine.options import Sampling
from engine.request import ColorizeRequest, ColorizeResult, Progress, Reference
from engine.sentences import Sentence

CACHED_REFERENCES = 16
STRIP = 4.0  # times as long as wide, or longer
STRIP_SEEN = 128  # pixels of a strip's shorter side at working size, below which figures are not told apart
PAINTED = 0.9  # of the progress, when the network is done

Network = TypeVar("Network", bound=ReferenceNetwork[Any])


class NotNumbers(RuntimeError):
    """A network made something that is no picture."""


@dataclass(frozen=True)
class Attempt:
    """One try at a drawing: where, and at how many pixels of its longer side."""

    where: Device
    working_size: int


class NetworkColorizer(BaseColorizer, Generic[Network]):
    """A `ReferenceNetwork` ready to color; how it paints, `_paint`, is what kinds of engine differ in.

    What the network makes of a reference is kept and handed back to it, and never looked into.
    """

    def __init__(self, network: Network, info: CheckpointInfo, where: Device) -> None:
        """network: a registered architecture in its trained state; it is folded and moved here."""
        self.info = info
        self.device = where
        self.abilities = registry.abilities(info.architecture)
        self._networks = {where.kind: self._prepare(network, where)}
        self._encoded: OrderedDict[bytes, object] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def _prepare(network: Network, where: Device) -> Network:
        fold_batch_normalization(network.eval().requires_grad_(False))
        network.to(where.kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
        for module in network.modules():
            if not any(module.children()):
                module.register_forward_pre_hook(_check_cancelled)
        return network

    @abstractmethod
    def _paint(
        self, network: Network, drawing: "Drawing", references: Sequence[Any], sampling: Sampling
    ) -> Generator[Progress, None, Tensor]:
        """From a drawing and encoded references to a picture of the padded drawing's size, 1×3×H×W in [-1, 1].

        Yields Progress with the share of the painting alone.
        """

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        """Color one drawing: yields Progress, returns the result.

        `should_stop` is asked between any two layers; once it is true, `Cancelled` is raised. When memory runs out, the
        work is tried again at half the working size, at last on the CPU, and where numbers overflow in full precision;
        `ColorizeResult.notes` says so. Raises RequestError for a request that cannot be answered and DeviceError where
        even the last try failed.
        """
        require_possible(request)
        request, notes = as_heeded(request, self.abilities)
        began = time.perf_counter()
        with cancellation.cancellable(should_stop):
            request, settled = self._settled(request)
        guess, ink, attempt, tried = yield from self._tried(request, should_stop)
        yield Progress("Laying the colors under the lines", PAINTED)
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
            (*notes, *settled, *tried, *_shape_notes(request.line_art.size, attempt.working_size)),
            time.perf_counter() - began,
            self._painted_with(request.sampling),
        )

    def _settled(self, request: ColorizeRequest) -> tuple[ColorizeRequest, tuple[str, ...]]:
        """The request with all decided that it leaves to the engine, and what is to be said of it. Raises Cancelled."""
        return request, ()

    def _painted_with(self, sampling: Sampling) -> Sampling | None:
        """See `ColorizeResult.sampling`."""
        return None

    def _tried(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None
    ) -> Generator[Progress, None, tuple[NDArray[np.uint8], NDArray[np.float32], Attempt, tuple[str, ...]]]:
        """The network's picture, the ink it saw, the try that went well, and a note where it was not the first."""
        waiting, notes = list(_attempts(self.device, request.working_size)), tuple[str, ...]()
        while waiting:
            attempt, overflowed = waiting[0], False
            try:
                guess, ink = yield from self._guess(request, attempt, should_stop)
                return guess, ink, attempt, notes
            except NotNumbers as error:
                overflowed = True
                if attempt.where.precision == "fp32":
                    raise DeviceError("This model paints no picture here: choose another model or device.") from error
            except (RuntimeError, MemoryError) as error:
                if not device.is_out_of_memory(error):
                    raise
            # Outside the except block: while the error lives, its traceback keeps every tensor of the failed try.
            self._free_memory()
            if overflowed:
                waiting = [replace(one, where=replace(one.where, precision="fp32")) for one in waiting]
                said = Sentence("Numbers overflowed in {0}; it was painted again in fp32.", attempt.where.precision)
            else:
                del waiting[0]
                said = Sentence(
                    "Memory ran out at {0} pixels on {1}; a smaller try was made.",
                    attempt.working_size,
                    attempt.where.kind,
                )
            notes = (said,)
        raise DeviceError("There is too little memory even for the smallest working size: close other programs.")

    def _guess(
        self, request: ColorizeRequest, attempt: Attempt, should_stop: Callable[[], bool] | None
    ) -> Generator[Progress, None, tuple[NDArray[np.uint8], NDArray[np.float32]]]:
        """The network's picture at working size, and the ink it saw."""
        network = self._network(attempt.where)
        encoded = []
        steps = len(request.references) + 2
        for number, reference in enumerate(request.references):
            yield Progress(Sentence("Looking at {0}", reference.name), number / steps)
            with cancellation.cancellable(should_stop):
                one = self._encode(network, reference, request, attempt)
                encoded.append(network.weighted(one, reference.weight))
        begin = len(request.references) / steps
        yield Progress("Coloring", begin)
        painting = self._painting(network, encoded, request, attempt)
        while True:
            with cancellation.cancellable(should_stop):
                try:
                    step = next(painting)
                except StopIteration as stop:
                    return stop.value
            yield Progress(step.message, begin + (PAINTED - begin) * step.fraction, step.preview)

    def _painting(
        self, network: Network, encoded: Sequence[Any], request: ColorizeRequest, attempt: Attempt
    ) -> Generator[Progress, None, tuple[NDArray[np.uint8], NDArray[np.float32]]]:
        size = fitted_size(request.line_art.size, attempt.working_size)
        ink = shrink_ink(request.line_art.ink, size)
        figure = None if request.figure is None else shrunk_mask(request.figure, size, network.stride)
        drawing = Drawing(pad(to_tensor(ink), network.stride), size, attempt.where, figure)
        picture = yield from self._paint(network, drawing, encoded, request.sampling)
        return drawing.pixels(picture), ink

    def _encode(self, network: Network, reference: Reference, request: ColorizeRequest, attempt: Attempt) -> Any:
        key = _fingerprint(reference, request.sigma, attempt)
        with self._lock:
            if key in self._encoded:
                self._encoded.move_to_end(key)
                return self._encoded[key]
        encoded = self._encode_anew(network, reference, request.sigma, attempt)
        with self._lock:
            self._encoded[key] = encoded
            while len(self._encoded) > CACHED_REFERENCES:
                self._encoded.popitem(last=False)
        return encoded

    def _encode_anew(self, network: Network, reference: Reference, sigma: float, attempt: Attempt) -> Any:
        return _encode(network, reference, sigma, attempt)

    def _network(self, where: Device) -> Network:
        """The network on a device; a second copy is made when the first device proved too small."""
        with self._lock:
            if where.kind not in self._networks:
                source = self._networks[self.device.kind]
                self._networks[where.kind] = copy.deepcopy(source).to(where.kind)
            return self._networks[where.kind]

    def _free_memory(self) -> None:
        with self._lock:
            self._encoded.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


@dataclass(frozen=True)
class Drawing:
    """A drawing as a network sees it. sketch: 1×1×H×W in [-1, 1], padded; size: height and width without padding;
    figure: 1×1×H×W in [0, 1], padded, how likely its figure is there."""

    sketch: Tensor
    size: tuple[int, int]
    where: Device
    figure: Tensor | None = None

    def pixels(self, picture: Tensor) -> NDArray[np.uint8]:
        """A picture 1×3×h×w in [-1, 1] of the padded drawing, at any scale, as h×w×3 uint8 without the padding."""
        scale = picture.shape[2] / self.sketch.shape[2]
        height, width = (max(1, round(side * scale)) for side in self.size)
        return to_pixels(picture[:, :, :height, :width])


def _shape_notes(size: tuple[int, int], working_size: int) -> tuple[str, ...]:
    """That a strip of this height and width was seen too small to tell what is drawn in it."""
    height, width = fitted_size(size, working_size)
    if max(size) < STRIP * min(size) or min(size) < STRIP_SEEN or min(height, width) >= STRIP_SEEN:
        return ()
    return (
        Sentence(
            "The network saw this long drawing at {0}×{1} pixels, which is little; in pieces (--panels auto) or at a "
            "larger working size it is colored better.",
            width,
            height,
        ),
    )


def _attempts(where: Device, working_size: int) -> Iterator[Attempt]:
    """The try asked for, then smaller ones on the same device, then the CPU."""
    sizes = [working_size]
    while sizes[-1] // 2 >= 256:
        sizes.append(sizes[-1] // 2)
    yield from (Attempt(where, size) for size in sizes)
    if where.kind != "cpu":
        yield from (Attempt(device.choose("cpu"), size) for size in sizes)


def fitted_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """(height, width) shrunk so that the longer side is at most `longest`; never enlarged, at least one pixel."""
    factor = min(1.0, longest / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def shrunk(reference: Reference, longest: int) -> NDArray[np.uint8]:
    """The reference's pixels with no side longer than `longest`, white where they do not count, and with an outline
    where white cloth would be lost on white paper."""
    pixels = reference.pixels
    height, width = fitted_size((pixels.shape[0], pixels.shape[1]), longest)
    if reference.mask is not None:
        pixels = np.where(reference.mask[..., None], pixels, np.uint8(255))
    if pixels.shape[:2] != (height, width):
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return pixels if reference.figure is None else outlined(pixels, reference.figure)


def _encode(network: ReferenceNetwork[Any], reference: Reference, sigma: float, attempt: Attempt) -> Any:
    pixels = shrunk(reference, attempt.working_size)
    line = xdog(gray_of(pixels), sigma)
    stride = network.stride
    picture = pad(to_tensor(pixels.astype(np.float32) / 255.0), stride)
    mask = None if reference.mask is None else shrunk_mask(reference.mask, pixels.shape[:2], stride)
    lines = pad(to_tensor(line), stride)
    return compute(network, attempt.where, "encode_reference", picture, lines, mask)


def shrunk_mask(mask: NDArray[np.bool_] | NDArray[np.float32], size: tuple[int, ...], stride: int) -> Tensor:
    """1×1×H×W in [0, 1] at a size of height and width and padded as the picture is; the padding does not count."""
    height, width = size
    small = torch.from_numpy(cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA))
    return F.pad(small, (0, -width % stride, 0, -height % stride))[None, None]


def _fingerprint(reference: Reference, sigma: float, attempt: Attempt) -> bytes:
    """Of all that `_encode` is given."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (reference.pixels, reference.mask, reference.figure, reference.figure_mask):
        digest.update(repr(None if part is None else part.shape).encode())
        if part is not None:
            digest.update(np.ascontiguousarray(part).data)
    digest.update(repr((sigma, attempt)).encode())
    return digest.digest()


@torch.inference_mode()
def compute(network: ReferenceNetwork[Any], where: Device, method: str, *inputs: Any) -> Any:
    """Call one of the network's methods in the device's precision."""
    moved = [
        one.to(where.kind).contiguous(memory_format=torch.channels_last) if isinstance(one, Tensor) else one
        for one in inputs
    ]
    with where.autocast():
        return getattr(network, method)(*moved)


def _check_cancelled(*_: object) -> None:
    cancellation.check()


def to_tensor(array: NDArray[np.float32]) -> Tensor:
    """H×W or H×W×C in [0, 1] → 1×C×H×W in [-1, 1]."""
    planes = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(planes))[None] * 2.0 - 1.0


def pad(picture: Tensor, stride: int) -> Tensor:
    """Paper at the right and at the bottom, up to multiples of the stride."""
    return F.pad(picture, (0, -picture.shape[3] % stride, 0, -picture.shape[2] % stride), value=1.0)


def to_pixels(picture: Tensor) -> NDArray[np.uint8]:
    """1×3×H×W in [-1, 1] → H×W×3 uint8."""
    return ((picture[0].float() + 1.0) * 127.5).round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().cpu().numpy()
