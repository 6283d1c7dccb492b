"""Files written in one piece: what a killed process leaves half-written goes with the next save."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import PictureError
from engine.export.atomic import atomic_path, remove_leftovers

WRITER = """
import sys
from pathlib import Path
from engine.export.atomic import atomic_path
with atomic_path(Path(sys.argv[1])) as temporary:
    temporary.write_bytes(b"half")
    print(temporary, flush=True)
    sys.stdin.read()
"""


def writing(target: Path) -> tuple["subprocess.Popen[str]", Path]:
    """A process in the middle of writing, and its temporary file."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    return child, Path(child.stdout.readline().strip())


def test_the_next_save_removes_what_a_killed_process_left(tmp_path: Path) -> None:
    child, temporary = writing(tmp_path / "a.png")
    try:
        with atomic_path(tmp_path / "b.psd") as other:
            other.write_bytes(b"b")
        assert temporary.exists(), "it is being written"
    finally:
        child.kill()
        child.communicate()
    os.utime(temporary, (2**33, 2**33))  # a clock that went back
    (tmp_path / ".nurie-my.png").write_bytes(b"mine")
    with atomic_path(tmp_path / "b.psd") as other:
        other.write_bytes(b"c")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".nurie-my.png", "b.psd"]


def test_what_is_being_written_stays(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "a.png") as first, atomic_path(tmp_path / "b.png") as second:
        remove_leftovers(tmp_path)
        first.write_bytes(b"a")
        second.write_bytes(b"b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png"]


def test_links_and_folders_of_such_a_name_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / ".nurie-0123456789ab.png").symlink_to(tmp_path / "mine")
    (tmp_path / ".nurie-ba9876543210.png").mkdir()
    remove_leftovers(tmp_path)
    remove_leftovers(tmp_path / "nowhere")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_name_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no file can have"), atomic_path(tmp_path / "a\0b.png"):
        pass
