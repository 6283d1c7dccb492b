"""The copy for a crash: whole, cheap to bring up to date, and nobody else's while its program runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.document.page import Page, Snapshot
from app.project_file import arrays, recovery
from app.project_file.page_codec import PageCodec
from app.project_file.recovery import RecoveryFolder, left_behind
from engine.errors import NurieError
from engine.pipeline import run
from tests.projects import page, read, write

pytestmark = pytest.mark.usefixtures("qapp")


def keep(folder: RecoveryFolder, pages: tuple[Page, ...], codec: PageCodec, path: Path | None = None) -> None:
    run(folder.write(Snapshot(pages, pages[0].id), codec, "Girl", path), lambda _: None)


def claimed(root: Path) -> RecoveryFolder:
    folder = RecoveryFolder.claim(root)
    assert folder is not None
    return folder


def recovered(folder: RecoveryFolder) -> tuple[Page, ...]:
    return run(folder.read(), lambda _: None).pages


def test_a_copy_comes_back(tmp_path: Path) -> None:
    folder = claimed(tmp_path)
    keep(folder, (page(1), page(2)), PageCodec(), Path("/art/girl.nurie"))
    folder.release(keep=True)
    (found,) = left_behind(tmp_path)
    about = found.about
    assert about is not None and (about.name, about.path) == ("Girl", Path("/art/girl.nurie"))
    again = write(tmp_path / "again.nurie", recovered(found))
    assert again == write(tmp_path / "straight.nurie", (page(1), page(2)))
    found.release()
    assert not found.folder.exists()


def test_only_what_is_new_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, codec, one = claimed(tmp_path), PageCodec(), page(1)
    keep(folder, (one,), codec)
    written = {file.name: file.stat().st_mtime_ns for file in (folder.folder / "blobs").iterdir()}
    keep(folder, (one, page(2)), codec)
    now = {file.name: file.stat().st_mtime_ns for file in (folder.folder / "blobs").iterdir()}
    assert written.items() < now.items()
    keep(folder, (one,), codec)
    assert {file.name for file in (folder.folder / "blobs").iterdir()} == set(written)
    monkeypatch.setattr(arrays, "_packed", lambda _array: pytest.fail("encoded again"))
    keep(folder, (one,), codec)
    folder.release()


def test_what_lies_in_the_persons_file_is_not_copied(tmp_path: Path) -> None:
    path, codec, pages = tmp_path / "girl.nurie", PageCodec(), (page(1), page(2))
    write(path, pages, codec)
    folder = claimed(tmp_path / "recovery")
    keep(folder, pages, codec, path)
    assert list((folder.folder / "blobs").iterdir()) == []
    keep(folder, (*pages, page(3)), codec, path)
    assert 0 < len(list((folder.folder / "blobs").iterdir())) < 12
    assert [one.is_colored for one in recovered(folder)] == [True, True, True]
    content = path.read_bytes()
    folder.clear()
    assert path.read_bytes() == content
    folder.release()


def test_a_project_saved_from_a_copy_needs_the_copy_no_longer(tmp_path: Path) -> None:
    folder = claimed(tmp_path / "recovery")
    keep(folder, (page(1), page(2)), PageCodec())
    project = run(folder.read(), lambda _: None)
    unseen = project.pages[1]
    write(tmp_path / "a.nurie", project.pages[:1], project.codec)
    folder.release()
    assert not any(isinstance(blob.place, Path) for blob in project.codec.store.all())
    assert unseen.stored is not None and unseen.stored.load(unseen).coloring is not None
    assert len(read(tmp_path / "a.nurie").pages) == 1


def test_a_program_that_runs_keeps_its_copy(tmp_path: Path) -> None:
    ours = claimed(tmp_path)
    keep(ours, (page(1),), PageCodec())
    assert left_behind(tmp_path) == []
    code = (
        "import sys; from pathlib import Path; from app.project_file.recovery import left_behind, RecoveryFolder\n"
        "root = Path(sys.argv[1]); assert left_behind(root) == []\n"
        "theirs = RecoveryFolder.claim(root); print(theirs.folder.name, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        assert len(name) == 32 and left_behind(tmp_path) == []
        assert (tmp_path / name / recovery.LOCK).exists()
        other.kill()
    assert left_behind(tmp_path) == []  # there was nothing in it
    assert not (tmp_path / name).exists()
    assert ours.about is not None
    ours.release()


def test_half_a_copy_is_none(tmp_path: Path) -> None:
    folder = claimed(tmp_path)
    keep(folder, (page(1),), PageCodec())
    (folder.folder / "project.json").unlink()
    folder.release(keep=True)
    assert left_behind(tmp_path) == [] and list(tmp_path.iterdir()) == []


def test_a_damaged_copy_says_so(tmp_path: Path) -> None:
    folder = claimed(tmp_path)
    keep(folder, (page(1),), PageCodec())
    for file in (folder.folder / "blobs").iterdir():
        file.write_bytes(b"x")
    with pytest.raises(NurieError, match="damaged"):
        recovered(folder)
    folder.release()


def test_no_folder_to_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert RecoveryFolder.claim(tmp_path / "file") is None
    assert left_behind(tmp_path / "nowhere") == []
