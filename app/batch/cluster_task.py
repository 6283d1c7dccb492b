"""What a worker of a cluster does of a batch: one drawing, with a model and references that it keeps.

It believes a path only where what lies there has the digest that was asked for; else it asks for the bytes. It writes
into a folder of the one that sent it where it sees that folder, and never under a picture's own name: a worker that was
taken for dead may still be at work, so only the batch itself gives names.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch import references
from app.batch.coloring import Made, ModelCache, Order, Worker, load_psd_tools
from app.batch.disk import is_full
from app.batch.references import ReferenceCache
from engine import __version__, file_names
from engine.errors import CheckpointError, NurieError, RequestError

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry
    from engine.pipeline import LoadedModel

Blobs = tuple[tuple[str, bytes], ...]  # name and content of files


@dataclass(frozen=True)
class Wanted:
    """A model as it must be: its name, or its file, and the digests of it and of the file that matches parts."""

    name: str
    file: str
    sha256: str
    parts: str

    @classmethod
    def of(cls, entry: ModelEntry) -> Wanted:
        """The model of a catalogue's entry. Raises CheckpointError."""
        return cls(entry.name, str(entry.path), entry.sha256(), entry.parts_sha256())


@dataclass(frozen=True, eq=False)
class Ticket:
    """One drawing to color. order: with the sender's paths. drawing, references: digests of the files. model: of the
    order. incoming: the folder to write into where it is seen, None to send the picture back. sent: the drawing's
    bytes, None to look for the file. neighbors: workers on the same computer."""

    id: str
    order: Order
    drawing: str
    references: str
    model: Wanted
    device: Any
    incoming: Path | None
    sent: bytes | None = None
    neighbors: int = 1


@dataclass(frozen=True, eq=False)
class Answer:
    """What came of a ticket. lacks: nothing, the files were not seen and must be sent. picture: its bytes, None where
    it lies in the ticket's folder. full: nothing, the disk is full; the sentence."""

    made: Made | None = None
    picture: bytes | None = None
    thumbnail: bytes = b""
    lacks: bool = False
    full: str = ""


@dataclass
class _Kept:
    """What this process keeps between drawings. Changed under its lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    network: threading.Lock = field(default_factory=threading.Lock)
    models: dict[Any, ModelCache] = field(default_factory=dict)
    loaded: dict[tuple[Any, Path], tuple[str, str]] = field(default_factory=dict)
    shelf: ReferenceCache = field(default_factory=ReferenceCache)
    studied: dict[references.Sources, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    folder: tempfile.TemporaryDirectory[str] | None = None
    threads: int = 0


_KEPT = _Kept()


def greet(wanted: Sequence[Wanted]) -> str:
    """Why this worker cannot help with these models, empty if it can."""
    try:
        for one in wanted:
            entry_of(one)
    except NurieError as error:
        return str(error)
    return ""


def version() -> str:
    """The version of Nurie that this worker has."""
    return __version__


def hold(blobs: Blobs) -> Blobs:
    """Files that tickets need; the cluster hands them on from worker to worker."""
    return blobs


def color(ticket: Ticket, blobs: Blobs | None = None) -> Answer:
    """Color the drawing of a ticket. blobs: its references, None to look for the files.

    Raises NurieError, and Cancelled where the cluster no longer wants it.
    """
    use_threads(ticket.neighbors)
    with tempfile.TemporaryDirectory(prefix="nurie-", dir=own_folder()) as place:
        order = _found(ticket, blobs, Path(place))
        if order is None:
            return Answer(lacks=True)
        shared = ticket.incoming if ticket.incoming is not None and sees(ticket.incoming) else None
        output = (shared or Path(place)) / f"{ticket.id}{ticket.order.output.suffix}"
        thumbnail = None if order.thumbnail is None else Path(place) / f"{ticket.id}-small.jpg"
        load_psd_tools([order.line, output])
        worker = _worker(ticket, order)
        try:
            made = worker.color(replace(order, output=output, thumbnail=thumbnail), lambda _: None, is_unwanted())
        except NurieError as error:
            if is_full(error):
                return Answer(full=str(error))
            raise
        small = b""
        if thumbnail is not None:
            with contextlib.suppress(OSError):
                small = thumbnail.read_bytes()
        return Answer(made, output.read_bytes() if shared is None else None, small)


def sees(folder: Path) -> bool:
    """Whether it lies on a disk of this computer, too: its name is a random one."""
    return folder.is_dir()


def _found(ticket: Ticket, blobs: Blobs | None, place: Path) -> Order | None:
    """The order with paths of this computer; None where its files are not seen here and were not sent."""
    order = ticket.order
    line = order.line
    if ticket.sent is not None:
        line = place / order.line.name
        line.write_bytes(ticket.sent)
    elif _digest((line,)) != ticket.drawing:
        return None
    own = order.sources
    seen = _digest(own.files)
    if not seen or seen + own.numbers != ticket.references:
        if blobs is None:
            return None
        own = own.at(_unpacked(ticket.references, blobs))
    return replace(order, line=line, sources=own, model=entry_of(ticket.model))


def _unpacked(digest: str, blobs: Blobs) -> tuple[Path, ...]:
    """Files that were sent, in a folder of their digest: so the same ones are read once."""
    folder = Path(own_folder()) / f"references-{digest}"
    with _KEPT.lock:
        paths = []
        for number, (name, content) in enumerate(blobs):
            if not file_names.is_inside(name) or Path(name).name != name:
                raise RequestError("{0} is no name of a file", name)
            path = folder / str(number) / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            paths.append(path)
    return tuple(paths)


def _digest(paths: Sequence[Path]) -> str:
    """Of the files' contents as `references.digest_of`, remembered by size and time; empty where one is missing."""
    key = []
    try:
        for path in paths:
            status = path.stat()
            key.append((str(path), status.st_size, status.st_mtime_ns))
        known = hashlib.blake2b(repr(key).encode("utf-8", "surrogateescape")).hexdigest()
        found = _KEPT.digests.get(known)
        if found is None:
            found = references.digest_of(paths)
            with _KEPT.lock:
                if len(_KEPT.digests) > 1000:
                    _KEPT.digests.clear()
                _KEPT.digests[known] = found
    except OSError:
        return ""
    return found


def entry_of(wanted: Wanted) -> ModelEntry:
    """The model of that digest on this computer. Raises CheckpointError."""
    from engine import model_catalog

    candidates = model_catalog.installed()
    for name in (wanted.name, wanted.file):
        with contextlib.suppress(CheckpointError):
            candidates.insert(0, model_catalog.find(name))
    for entry in candidates:
        if not entry.damaged and entry.sha256() == wanted.sha256:
            if entry.parts_sha256() != wanted.parts:
                raise CheckpointError(
                    "The worker on {0} has another file that matches parts; give it the same Nurie.",
                    socket.gethostname(),
                )
            return entry
    raise CheckpointError(
        "The worker on {0} does not have the model '{1}' as it is here; install the same file there.",
        socket.gethostname(),
        wanted.name,
    )


def _worker(ticket: Ticket, order: Order) -> Worker:
    """What colors, with what is kept; what changed in its place is loaded anew."""
    with _KEPT.lock:
        _require_fresh(ticket.device, order.model.path, ticket.model)
        if _KEPT.studied.setdefault(order.sources, ticket.references) != ticket.references:
            _KEPT.shelf, _KEPT.studied = ReferenceCache(), {order.sources: ticket.references}
        return Worker(_models(ticket.device), _KEPT.shelf, _KEPT.network)


def _models(device: Any) -> ModelCache:
    return _KEPT.models.setdefault(device, ModelCache(device))


def _require_fresh(device: Any, path: Path, wanted: Wanted) -> None:
    """Forget loaded models where the file was replaced. Asked under the lock."""
    where, digests = (device, path), (wanted.sha256, wanted.parts)
    if _KEPT.loaded.setdefault(where, digests) != digests:
        _KEPT.models.pop(device, None)
        _KEPT.loaded = {where: digests}


@contextlib.contextmanager
def in_network(device: Any, entry: ModelEntry, wanted: Wanted) -> Iterator[Callable[[], LoadedModel]]:
    """Gives what loads a model or finds it loaded; nobody else of this process is in the network meanwhile."""
    with _KEPT.network:
        with _KEPT.lock:
            _require_fresh(device, entry.path, wanted)
            models = _models(device)
        yield lambda: models.take(entry)


def own_folder() -> str:
    """A folder of this process, which goes with it."""
    with _KEPT.lock:
        if _KEPT.folder is None:
            _KEPT.folder = tempfile.TemporaryDirectory(prefix="nurie-worker-", ignore_cleanup_errors=True)
        return _KEPT.folder.name


def use_threads(neighbors: int) -> None:
    """As many threads as this process has cores to itself: workers are started with one, whatever the computer has."""
    threads = max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    threads = max(1, threads // max(1, neighbors))
    with _KEPT.lock:
        if _KEPT.threads != threads:
            import torch

            torch.set_num_threads(threads)
            _KEPT.threads = threads


def is_unwanted() -> Callable[[], bool]:
    """For the work: whether the scheduler has taken back what this thread does."""
    try:
        from dask.context import thread_state

        tasks, key = thread_state.execution_state["worker"].state.tasks, thread_state.key
    except (ImportError, AttributeError, KeyError):  # not on a worker, or one of another make: it ends as it must
        return lambda: False
    return lambda: getattr(tasks.get(key), "state", "executing") == "cancelled"
