"""A batch on many computers: drawings are handed to the workers of a Dask cluster that somebody started.

The batch stays the only one that names pictures and writes the journal, so of a worker that dies nothing is lost and
nothing is there twice: what it had is handed to another, and what it wrote has no name yet.
"""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import shutil
import time
import warnings
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.batch import cluster_task, pool, references
from app.batch.cluster_task import Answer, Ticket, Wanted
from app.batch.coloring import Made, Order
from app.batch.control import Control
from engine import __version__
from engine.errors import PictureError, RequestError
from engine.export.atomic import atomic_path
from engine.request import Progress
from engine.sentences import Sentence

if TYPE_CHECKING:
    from distributed import Client, Future, Security

    from engine.model_catalog import ModelEntry

Thing = TypeVar("Thing")
Keep = Callable[[Thing, str, Made], None]  # takes the digest of the drawing, too

CONNECT, WORKERS = 10.0, 30.0  # seconds to wait for the scheduler, and for its first worker
_LOOK = 2.0  # seconds between two looks at how many workers there are
_ROUNDS = 4  # in which something is handed out, each until four workers are lost that had it
_AHEAD = 2  # drawings handed out for each that a worker can do at a time
INCOMING = "incoming-"


@dataclass(frozen=True)
class ClusterOptions:
    """Where the scheduler is (tcp://HOST:PORT, tls://HOST:PORT), and the files for TLS: of the authority, of this
    computer's certificate and of its key; None for those that Dask's own settings name."""

    address: str
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


class ClusterLost(RequestError):
    """The scheduler went away in the middle of a batch."""


class HandAgain(Exception):
    """Something was lost with its worker, or so many workers were that the scheduler has given up on it."""


class NotSeen(Exception):
    """A worker wrote a picture that does not show up here."""


@dataclass(frozen=True, eq=False)
class Handed(Generic[Thing]):
    """A thing as it is handed to a worker. drawing, references: digests of the files that it was planned with."""

    thing: Thing
    order: Order
    drawing: str
    references: str


class Cluster:
    """The connection of one batch to a scheduler. As a context manager it lets go at the end.

    neighbors: the most workers that ever were on one computer. workers: the addresses of those that may be handed
    something, None for all.
    """

    def __init__(self, options: ClusterOptions, device: Any) -> None:
        """Raises RequestError where there is no such scheduler, or nobody works for it."""
        self._address, self.device = options.address, device
        self.client = connect(options)
        self._sent = False  # whether workers do not see our files
        self.lost: Counter[object] = Counter()
        self._back = False  # whether pictures are sent back, whatever workers see
        self._held: OrderedDict[str, Future] = OrderedDict()
        self._wanted: dict[Path, Wanted] = {}
        self._room, self._looked = 0, 0.0
        self.neighbors = 1
        self.workers: list[str] | None = None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the scheduler; what was handed out and is not over is taken back."""
        self._held.clear()
        with contextlib.suppress(Exception):  # a scheduler that is gone is let go of, too
            self.client.close(timeout=CONNECT)

    def require(self, models: Iterable[ModelEntry]) -> list[str]:
        """Ask all workers whether they have this Nurie and these models; sentences about those that are left out.

        Raises RequestError where none has, CheckpointError for a model of ours.
        """
        self._wanted = {entry.path: Wanted.of(entry) for entry in models}
        problems = greetings(self.client, list(self._wanted.values()))
        wrong = {worker: problem for worker, problem in problems.items() if problem}
        if problems and len(wrong) == len(problems):
            raise RequestError("{0}", next(iter(wrong.values())))
        if wrong:
            self.workers = [worker for worker in problems if worker not in wrong]
        return [Sentence("A worker is left out: {0}", problem) for problem in dict.fromkeys(wrong.values())]

    @property
    def jobs(self) -> int:
        """How many drawings the workers do at a time."""
        threads: Any = self.client.nthreads()
        if self.workers is not None:
            threads = {worker: count for worker, count in threads.items() if worker in self.workers}
        hosts = Counter(worker.rpartition(":")[0] for worker in threads)
        # As many as ever were: with other numbers of threads, roundings differ, and one who is lost mostly comes back.
        self.neighbors = max([self.neighbors, *hosts.values()])
        return sum(threads.values())

    def run(
        self, things: Iterable[Handed[Thing]], folder: Path, keep: Keep[Thing], control: Control
    ) -> Iterator[pool.Begun[Thing] | pool.Advanced[Thing] | pool.Over[Thing, Made] | None]:
        """Color all; tells what happens as `pool.run` does.

        folder: of the batch, in which workers that see it write. keep: notes a picture that has its name now, called
        before its `Over`. Raises ClusterLost.
        """
        incoming = folder / f"{INCOMING}{secrets.token_hex(6)}"
        incoming.mkdir(parents=True)
        try:
            yield from _Run(self, things, incoming, keep, control).events()
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

    def room(self) -> int:
        """How many drawings may be handed out. Raises ClusterLost."""
        now = time.monotonic()
        if now - self._looked > _LOOK:
            self._looked = now
            self.check()
            with contextlib.suppress(Exception):  # a scheduler that has no time is asked again
                self._room = self.jobs * _AHEAD
        return max(1, self._room)

    def check(self) -> None:
        """Raise ClusterLost where the scheduler is gone for good."""
        if self.client.status in ("closed", "closing"):
            raise ClusterLost("The scheduler at {0} went away.", self._address)

    def result(self, future: Future, what: object, should_stop: Callable[[], bool]) -> Any:
        """What came of it; None once all is to end. Raises what went wrong, ClusterLost, and HandAgain.

        what: was handed out. Dask gives up on it after four lost workers, some of which may not even have begun it.
        """
        from distributed import KilledWorker

        while not should_stop():
            if future.status == "cancelled":
                raise ClusterLost("The scheduler has lost what it was to do; give the same command again.")
            if future.status == "lost":  # the worker ended after its work, before anybody had come for the answer
                raise HandAgain
            try:
                return future.result(timeout=pool.WAIT * 5)
            except TimeoutError:
                self.check()  # its worker died with it, and another is at it
            except KilledWorker:
                self.lost[what] += 1
                if self.lost[what] < _ROUNDS:
                    raise HandAgain from None
                raise PictureError(
                    "Many workers ended while they colored it; perhaps they have too little memory for it."
                ) from None
        return None

    def submit(self, handed: Handed[Any], incoming: Path) -> tuple[str, Future]:
        """Hand a drawing out. Raises OSError where it cannot be read."""
        name, order = secrets.token_hex(8), handed.order
        sent = order.line.read_bytes() if self._sent else None
        drawing = handed.drawing
        wanted = self._wanted[order.model.path]
        order = replace(
            order,
            line=order.line.absolute(),
            sources=order.sources.at([path.absolute() for path in order.sources.files]),
            output=order.output.absolute(),
        )
        ticket = Ticket(
            name,
            order,
            drawing,
            handed.references,
            wanted,
            self.device,
            None if self._back else incoming.absolute(),
            sent,
            self.neighbors,
        )
        blobs = self._blobs(handed) if self._sent else None
        future = self.client.submit(
            cluster_task.color, ticket, blobs, key=f"nurie-{name}", pure=False, workers=self.workers
        )
        return name, future

    def send_files(self) -> None:
        """From now on files are sent: a worker does not see ours."""
        self._sent = True

    def send_back(self) -> None:
        """From now on pictures are sent back: one that was written does not show up here."""
        self._back = True

    def _blobs(self, handed: Handed[Any]) -> Future:
        """The references of a drawing, given to the cluster once. The scheduler keeps how to come by them, so that they
        outlive the worker that has them."""
        if handed.references not in self._held:
            blobs = tuple((path.name, path.read_bytes()) for path in handed.order.sources.files)
            key = f"nurie-references-{secrets.token_hex(8)}"
            self._held[handed.references] = self.client.submit(cluster_task.hold, blobs, key=key, pure=False)
            while len(self._held) > references.KEPT:
                self._held.popitem(last=False)  # it lives on while a drawing that was handed out needs it
        self._held.move_to_end(handed.references)
        return self._held[handed.references]


class _Run(Generic[Thing]):
    """One run over drawings."""

    def __init__(
        self,
        cluster: Cluster,
        things: Iterable[Handed[Thing]],
        incoming: Path,
        keep: Keep[Thing],
        control: Control,
    ) -> None:
        self._cluster, self._incoming, self._keep, self._control = cluster, incoming, keep, control
        self._waiting = iter(things)
        self._at_work: dict[Any, tuple[str, Future, Handed[Thing]]] = {}
        self._ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._drained = False

    def events(self) -> Iterator[pool.Begun[Thing] | pool.Advanced[Thing] | pool.Over[Thing, Made] | None]:
        self._control.begin()
        try:
            while not self._control.is_stopped:
                yield from self._hand_out()
                if self._drained and not self._at_work:
                    return
                try:
                    future = self._ended.get(timeout=pool.WAIT)
                except queue.Empty:
                    self._cluster.room()
                    yield None
                    continue
                yield from self._over(future)
        finally:
            with contextlib.suppress(Exception):  # of a scheduler that is gone
                self._cluster.client.cancel([future for _, future, _ in self._at_work.values()])
            self._at_work.clear()

    def _hand_out(self) -> Iterator[pool.Begun[Thing] | pool.Over[Thing, Made]]:
        while not self._drained and not self._control.is_paused and len(self._at_work) < self._cluster.room():
            handed = next(self._waiting, None)
            if handed is None:
                self._drained = True
                return
            yield pool.Begun(handed.thing)
            yield from self._submit(handed)

    def _submit(self, handed: Handed[Thing]) -> Iterator[pool.Over[Thing, Made]]:
        try:
            name, future = self._cluster.submit(handed, self._incoming)
        except OSError as error:
            yield pool.Over(handed.thing, None, error)
            return
        self._at_work[future.key] = name, future, handed
        future.add_done_callback(self._ended.put)

    def _over(self, future: Future) -> Iterator[pool.Advanced[Thing] | pool.Over[Thing, Made]]:
        name, future, handed = self._at_work.pop(future.key)
        try:
            answer: Answer | None = self._cluster.result(future, handed, lambda: self._control.is_stopped)
            if answer is None:
                return
            if answer.lacks:
                self._cluster.send_files()
                yield from self._submit(handed)
                return
            made = self._take(name, answer, handed)
        except HandAgain:
            yield from self._submit(handed)
        except NotSeen:
            self._cluster.send_back()
            yield from self._submit(handed)
        except ClusterLost:
            raise
        except Exception as error:
            yield pool.Over(handed.thing, None, error)
        else:
            yield pool.Advanced(handed.thing, Progress("Saving", 1.0))
            yield pool.Over(handed.thing, made, None)

    def _take(self, name: str, answer: Answer, handed: Handed[Thing]) -> Made:
        """Give the picture its name. Raises PictureError, and NotSeen."""
        if answer.full:
            raise PictureError(answer.full) from OSError(28, os.strerror(28))
        assert answer.made is not None
        order = handed.order
        written = self._incoming / f"{name}{order.output.suffix}"
        if answer.picture is None and not written.is_file():
            raise NotSeen
        order.output.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(order.output) as temporary:
            if answer.picture is None:
                os.replace(written, temporary)  # noqa: PTH105 (the same folder's disk, so it is a renaming)
            else:
                temporary.write_bytes(answer.picture)
        if order.thumbnail is not None and answer.thumbnail:
            with contextlib.suppress(PictureError), atomic_path(order.thumbnail) as temporary:
                temporary.write_bytes(answer.thumbnail)
        self._keep(handed.thing, handed.drawing, answer.made)
        return answer.made


def connect(options: ClusterOptions) -> Client:
    """A connection to a scheduler that has a worker. Raises RequestError."""
    try:
        from distributed import Client, Security
    except ImportError:
        raise RequestError(
            "A cluster needs distributed, which Nurie itself does without: install it with 'uv sync --extra cluster' "
            "or 'pip install distributed'."
        ) from None
    files = {
        "tls_ca_file": options.authority,
        "tls_client_cert": options.certificate,
        "tls_client_key": options.key,
    }
    named = {name: str(path) for name, path in files.items() if path is not None}
    for path in files.values():
        if path is not None and not path.is_file():
            raise RequestError("There is no file {0} for the connection to the cluster; check its name.", path)
    security = Security(require_encryption=True, **named) if named else None
    _require_certificates(options.address, security or Security())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions that differ; ours are compared by name
            client = Client(options.address, timeout=CONNECT, security=security, set_as_default=False)
    except Exception as error:  # OSError, ValueError for no address, and what its parts make of a stranger's answer
        raise RequestError(
            "No scheduler answers at {0} ({1}); start one with 'dask scheduler', and check the address.",
            options.address,
            str(error).split("\n")[0][:200] or type(error).__name__,
        ) from error
    try:
        client.wait_for_workers(1, timeout=WORKERS)
    except Exception as error:
        client.close(timeout=1)
        raise RequestError(
            "The scheduler at {0} has no workers; start some with 'dask worker {0}' in Nurie's folder.",
            options.address,
        ) from error
    return client


def _require_certificates(address: str, security: Security) -> None:
    """Raise RequestError where files for TLS are missing or hold something else: Dask tells neither well."""
    try:
        found = security.get_connection_args("client").get("ssl_context")
    except OSError as error:
        raise RequestError(
            "The certificate or key for the connection to {0} cannot be used ({1}); check the files.",
            address,
            str(error),
        ) from error
    if found is None and address.startswith("tls://"):
        raise RequestError(
            "The connection to {0} needs certificates: name them with --cluster-ca, --cluster-cert and --cluster-key, "
            "or in the settings of Dask.",
            address,
        )


def greetings(client: Client, wanted: list[Wanted]) -> dict[str, str]:
    """By each worker's address why it cannot help with these models, empty if it can."""
    found: dict[str, str] = {}
    versions: Any = client.run(cluster_task.version, on_error="return")
    for worker, told in versions.items():
        if isinstance(told, Exception):
            found[worker] = Sentence("The worker at {0} has no Nurie; start it in Nurie's folder.", worker)
        elif told != __version__:
            found[worker] = Sentence("The worker at {0} has Nurie {1}, this is {2}.", worker, told, __version__)
    able = [worker for worker in versions if worker not in found]
    if able:
        told_by: Any = client.run(cluster_task.greet, wanted, workers=able, on_error="return")
        for worker, told in told_by.items():
            found[worker] = str(told)
    return found


def remove_leftovers(folder: Path) -> None:
    """Remove what workers wrote for a batch that was killed. folder: of the batch, which this one alone works in."""
    for place in folder.glob(f"{INCOMING}*"):
        shutil.rmtree(place, ignore_errors=True)
