"""The log of a run: what it holds, going on after an interruption, and disks that are full."""

import csv
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from engine.errors import TrainingError
from trainer import run_log
from trainer.progress import TrainProgress
from trainer.run_log import COLUMNS, RunLog


def at(step: int, **losses: float) -> TrainProgress:
    return TrainProgress(
        step=step, pictures=4 * step, total=400, size=64, losses=losses or {"total": 1 / step, "l1": 0.5 / step},
        learning_rate=1e-4, rate=3.25, waiting=0.125, seconds=1.5 * step,
    )  # fmt: skip


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "log.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def steps(folder: Path) -> list[str]:
    return [row["step"] for row in rows(folder)]


def write(folder: Path, start: int, *wanted: int) -> None:
    with RunLog(folder, "csv", start) as log:
        for step in wanted:
            log.write(at(step))


def test_a_line_holds_the_report_and_is_there_at_once(tmp_path: Path) -> None:
    with RunLog(tmp_path / "run", "csv", 0) as log:
        log.write(at(3, total=0.75, discriminator=0.5))
        (row,) = rows(tmp_path / "run")
    assert tuple(row) == COLUMNS
    assert COLUMNS[:7] == ("step", "pictures", "size", "learning_rate", "rate", "waiting", "seconds")
    assert row == dict.fromkeys(COLUMNS, "") | {
        "step": "3", "pictures": "12", "size": "64", "learning_rate": "0.0001", "rate": "3.25", "waiting": "0.125",
        "seconds": "4.5", "total": "0.75", "discriminator": "0.5",
    }  # fmt: skip


def test_what_came_after_the_last_checkpoint_is_dropped(tmp_path: Path) -> None:
    write(tmp_path, 0, 5, 10, 15, 20)
    write(tmp_path, 12, 15)
    assert steps(tmp_path) == ["5", "10", "15"]
    write(tmp_path, 15)
    assert steps(tmp_path) == ["5", "10", "15"]
    write(tmp_path, 0, 1)
    assert steps(tmp_path) == ["1"]


def test_a_line_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
    write(tmp_path, 0, 5, 10)
    with (tmp_path / "log.csv").open("a") as file:
        file.write("12,48,64,0.00")
    write(tmp_path, 20, 21)
    assert steps(tmp_path) == ["5", "10", "21"]


def test_other_columns_of_an_older_log_are_brought_to_ours(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("step,loss,pictures\n5,0.5,20\n10,0.25,40\nx,1,1\n")
    write(tmp_path, 5, 6)
    first, second = rows(tmp_path)
    assert tuple(first) == (*COLUMNS, "loss")
    assert (first["step"], first["pictures"], first["loss"], first["total"]) == ("5", "20", "0.5", "")
    assert (second["step"], second["loss"], second["total"]) == ("6", "", "0.1666667")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\0", b"a,b\n1,2\n"])
def test_a_file_that_is_no_log_makes_room_for_one(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(content)
    write(tmp_path, 3, 4)
    assert steps(tmp_path) == ["4"]


def test_a_log_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "log.csv").mkdir()
    with pytest.raises(TrainingError, match=r"log\.csv"):
        RunLog(tmp_path, "csv", 0)
    (tmp_path / "file").touch()
    with pytest.raises(TrainingError, match="cannot be written"):
        RunLog(tmp_path / "file", "csv", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on files there")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    import resource

    with RunLog(tmp_path, "csv", 0) as log:
        log.write(at(1))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = (tmp_path / "log.csv").stat().st_size
        # The system refuses to write beyond this, as a full disk does.
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, before[1]))
        try:
            with pytest.raises(TrainingError, match=r"log\.csv cannot be written .*run the same command again"):
                log.write(at(2))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    write(tmp_path, 1, 2)
    assert steps(tmp_path) == ["1", "2"]


class Board:
    """In the place of TensorBoard's writer, whose package need not be there."""

    made: ClassVar[list["Board"]] = []

    def __init__(self, folder: str, purge_step: int) -> None:
        self.folder, self.purge_step = folder, purge_step
        self.scalars: dict[str, tuple[float, int]] = {}
        self.closed = False
        self.made.append(self)

    def add_scalar(self, name: str, value: float, step: int) -> None:
        self.scalars[name] = (value, step)

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def tensorboard(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put something in the place of torch.utils.tensorboard."""
    return lambda module: monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)


def test_tensorboard_gets_the_numbers_beside_the_csv(tensorboard: Callable[[Any], None], tmp_path: Path) -> None:
    module = types.ModuleType("torch.utils.tensorboard")
    module.__dict__["SummaryWriter"] = Board
    tensorboard(module)
    with RunLog(tmp_path, "tensorboard", 7) as log:
        log.write(at(8))
    board = Board.made.pop()
    assert (Path(board.folder), board.purge_step, board.closed) == (tmp_path / "tensorboard", 8, True)
    assert board.scalars["loss/total"] == (0.125, 8)
    assert board.scalars["rate"] == (3.25, 8)
    assert steps(tmp_path) == ["8"]


def test_without_the_package_of_tensorboard_one_is_told(tensorboard: Callable[[Any], None], tmp_path: Path) -> None:
    tensorboard(None)  # Python's way to say that an import fails
    with pytest.raises(TrainingError, match='install it, or set log = "csv"'):
        RunLog(tmp_path, "tensorboard", 0)


def test_the_columns_are_those_of_a_report() -> None:
    assert set(run_log.COLUMNS) - set(run_log.LOSSES) == set(TrainProgress.__dataclass_fields__) - {"total", "losses"}
