"""The log of a run: log.csv, and TensorBoard's files beside it where they are asked for."""

import contextlib
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from trainer.progress import TrainProgress

FILE, FOLDER = "log.csv", "tensorboard"
_MEASURES = ("step", "pictures", "size", "learning_rate", "rate", "waiting", "seconds")
LOSSES = ("total", "l1", "perceptual", "style", "adversarial", "discriminator")
COLUMNS = _MEASURES + LOSSES


class RunLog:
    """Appends a line for each report to log.csv, which any spreadsheet opens; a context manager.

    Columns: COLUMNS, with other losses where a recipe has others; the cell of a loss that does not take part is empty.
    Every line is on its way to the disk before the next step begins.
    """

    def __init__(
        self, folder: Path, kind: Literal["csv", "tensorboard"], start_step: int, losses: Sequence[str] = LOSSES
    ) -> None:
        """Open the log of a run that stands at `start_step`.

        Lines of later steps, which an interrupted slice wrote after its last checkpoint, are taken out. Columns that an
        older log has beyond ours stay, empty from now on. Raises TrainingError where the log cannot be written, and
        where TensorBoard's package is missing.
        """
        self._path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._columns = _make_ready(self._path, start_step, (*_MEASURES, *losses))
            self._board = _open_board(folder / FOLDER, start_step) if kind == "tensorboard" else None
            self._losses = tuple(losses)
            self._file = self._path.open("a", encoding="utf-8", newline="")
        except PictureError as error:
            raise TrainingError(str(error)) from error
        except (OSError, csv.Error) as error:
            raise _failure(self._path, error) from error

    def write(self, progress: TrainProgress) -> None:
        """Add a line. Raises TrainingError where that fails, such as when the disk is full."""
        values = {name: getattr(progress, name) for name in _MEASURES}
        values |= {name: progress.losses[name] for name in self._losses if name in progress.losses}
        try:
            csv.DictWriter(self._file, self._columns, restval="", lineterminator="\n").writerow(
                {name: _rounded(value) for name, value in values.items()}
            )
            self._file.flush()
            if self._board is not None:
                for name, value in values.items():
                    if name != "step":
                        self._board.add_scalar(f"loss/{name}" if name in self._losses else name, value, progress.step)
                self._board.flush()
        except OSError as error:
            raise _failure(self._path, error) from error

    def close(self) -> None:
        """Close the files. What could not be written has been told by `write`."""
        for file in (self._file, self._board):
            if file is not None:
                with contextlib.suppress(OSError):
                    file.close()

    def __enter__(self) -> "RunLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _make_ready(path: Path, start_step: int, ours: Sequence[str]) -> Sequence[str]:
    """Bring an older log to our columns and to `start_step`, or begin a new one; returns its columns."""
    header, rows = _read(path) if path.exists() else ([], [])
    columns = [*ours, *(name for name in header if name not in ours)]
    kept = [row for row in rows if _step_of(row) <= start_step]
    # Rewritten even where no line goes: the last one may have been cut off without its line break.
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return columns


def _read(path: Path) -> tuple[list[str], list[Mapping[str, str]]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        lines = list(csv.reader(file))
    if not lines or "step" not in lines[0]:
        return [], []
    header = lines[0]
    return header, [dict(zip(header, line, strict=True)) for line in lines[1:] if len(line) == len(header)]


def _step_of(row: Mapping[str, str]) -> float:
    """The step of a line; infinity where it is none, so that the line goes."""
    text = row["step"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else float("inf")


def _rounded(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.7g}"


def _open_board(folder: Path, start_step: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise TrainingError('The package tensorboard is not installed: install it, or set log = "csv".') from error
    # TensorBoard hides what an interrupted slice wrote from this step on.
    return SummaryWriter(str(folder), purge_step=start_step + 1)


def _failure(path: Path, error: Exception) -> TrainingError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return TrainingError(
        "The log {0} cannot be written ({1}): see to that and run the same command again to go on.",
        path,
        reason.rstrip("."),
    )
